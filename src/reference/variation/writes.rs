//! Answers to writes.

use chrono::{DateTime, Utc};
use hyper::StatusCode;
use hyper::header::{self, HeaderValue};
use serde_json::{Map, Value, json};

use super::Variation;
use super::hrefs::path_of;
use crate::reference::behaviour::Behaviour;
use crate::reference::dates;
use crate::reference::document::{Field, Presence};
use crate::reference::http::{Answer, Content};
use crate::reference::problem::Refusal;
use crate::reference::store::AlertConfig;
use crate::reference::world::World;

/// The answer to a POST that made something, or began to.
pub(crate) fn made(world: &World, mut answer: Answer) -> Answer {
    let behaviour = &world.behaviour;
    match answer.status {
        StatusCode::ACCEPTED if behaviour.takes(Variation::AcceptedSaysLittle) => answer.content = empty(),
        StatusCode::CREATED if behaviour.takes(Variation::CreatedSaysLittle) => answer.content = Content::Nothing,
        StatusCode::CREATED if behaviour.takes(Variation::CreatedHasNoLocation) => answer.headers.clear(),
        _ => {}
    }
    if behaviour.takes(Variation::LocationIsPath) {
        for (_, value) in answer.headers.iter_mut().filter(|(name, _)| *name == header::LOCATION) {
            let path = value.to_str().map(path_of).unwrap_or_default();
            *value = HeaderValue::from_str(&path).unwrap_or_else(|_| value.clone());
        }
    }
    answer
}

/// The answer to a PUT or PATCH.
pub(crate) fn changed(world: &World, answer: Answer) -> Answer {
    match &world.behaviour {
        behaviour if behaviour.takes(Variation::UpdatedIs204) => Answer::gone(),
        behaviour if behaviour.takes(Variation::UpdatedIsEmpty) => Answer { content: empty(), ..answer },
        _ => answer,
    }
}

/// The answer to a DELETE of `entity`.
pub(crate) fn removed(world: &World, entity: Value) -> Answer {
    match &world.behaviour {
        behaviour if behaviour.takes(Variation::DeleteIs200) => Answer { content: empty(), ..Answer::entity(entity) },
        behaviour if behaviour.takes(Variation::DeleteIs202) => {
            Answer { content: empty(), status: StatusCode::ACCEPTED, ..Answer::entity(entity) }
        }
        behaviour if behaviour.takes(Variation::DeleteTells) => Answer::entity(entity),
        _ => Answer::gone(),
    }
}

/// What a POST sets of what no update may change: nothing, most often.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chosen {
    id: Option<String>,
    created: Option<DateTime<Utc>>,
}

impl Chosen {
    /// Takes out of `sent` what may be set. What is no good value of it stays, and will be refused.
    pub(crate) fn take(behaviour: &Behaviour, sent: &mut Map<String, Value>, taken: impl Fn(&str) -> bool) -> Self {
        if !behaviour.takes(Variation::SetOnCreate) {
            return Self::default();
        }
        let text = |name: &str| sent.get(name).and_then(Value::as_str);
        let is_id = |id: &&str| id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !taken(id);
        let chosen = Self {
            id: text("id").filter(is_id).map(str::to_owned),
            created: text("created").and_then(dates::parse).map(dates::to_second),
        };
        if chosen.id.is_some() {
            sent.remove("id");
        }
        if chosen.created.is_some() {
            sent.remove("created");
        }
        chosen
    }

    /// The document with what was chosen.
    pub(crate) fn over(self, config: AlertConfig) -> AlertConfig {
        AlertConfig { id: self.id.unwrap_or(config.id), created: self.created.unwrap_or(config.created), ..config }
    }
}

fn empty() -> Content {
    Content::Entity(json!({}))
}

/// Refuses a replacement that leaves fields out, where it must name all: those without any default may be absent.
pub(crate) fn check_complete(
    behaviour: &Behaviour,
    fields: &[Field],
    sent: &Map<String, Value>,
) -> Result<(), Refusal> {
    let missing = fields.iter().find(|field| field.presence != Presence::Optional && !sent.contains_key(field.name));
    match missing.filter(|_| behaviour.takes(Variation::PutIsComplete)) {
        Some(field) => Err(Refusal::field(field.name, "is required")),
        None => Ok(()),
    }
}
