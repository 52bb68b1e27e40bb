//! Alert configurations: documents that are created, replaced, changed and removed.

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use super::{Exchange, fields, path};
use crate::reference::document::{self, Field, Kind, Presence};
use crate::reference::http::{Answer, Outcome, Verb};
use crate::reference::problem::Refusal;
use crate::reference::store::{AlertConfig, Group, Taken};
use crate::reference::world::World;
use crate::reference::{dates, links, page};

/// What a client may set.
const FIELDS: &[Field] = &[
    Field { name: "name", kind: Kind::Text, presence: Presence::Required },
    Field {
        name: "eventTypeName",
        kind: Kind::OneOf(&["HOST_DOWN", "HOST_UP", "PRIMARY_ELECTED", "USER_LOGIN"]),
        presence: Presence::Required,
    },
    Field { name: "enabled", kind: Kind::Flag, presence: Presence::DefaultFlag(true) },
    Field { name: "note", kind: Kind::Text, presence: Presence::Optional },
    Field { name: "activeFrom", kind: Kind::Date, presence: Presence::Optional },
    Field { name: "notification", kind: Kind::Object(NOTIFICATION), presence: Presence::Required },
];
const NOTIFICATION: &[Field] = &[
    Field { name: "email", kind: Kind::Email, presence: Presence::Required },
    Field { name: "delayMin", kind: Kind::Whole(0, 1440), presence: Presence::DefaultWhole(0) },
];
/// What no client may set.
const UNMODIFIABLE: [&str; 5] = ["id", "groupId", "created", "updated", "links"];

/// Lists the documents, or creates one.
pub(super) fn list_or_create(exchange: &Exchange<'_>, group: &Group) -> Outcome {
    if exchange.admitted.verb == Verb::Post {
        return create(exchange, group);
    }
    let configs = exchange.world.store.alert_configs();
    let members = configs.of(&group.id).map(|config| (shown(config), own_path(group, &config.id))).collect();
    page::answer(exchange.world, exchange.call, &path(group, "/alertConfigs"), members)
}

/// Reads, replaces, changes or removes one document.
pub(super) fn one(exchange: &Exchange<'_>, group: &Group, id: &str) -> Outcome {
    let mut configs = exchange.world.store.alert_configs();
    let stored = configs.get(&group.id, id).ok_or_else(|| Refusal::not_found("alert configuration", id))?;
    let settings = match exchange.admitted.verb {
        Verb::Put => replaced(exchange, group, stored)?,
        Verb::Patch => changed(exchange, group, stored)?,
        Verb::Delete => {
            configs.remove(&group.id, id);
            return Ok(Answer::gone());
        }
        Verb::Get | Verb::Post => return Ok(Answer::entity(whole(exchange.world, group, stored))),
    };
    let config = AlertConfig { settings, updated: dates::to_second(exchange.world.now()), ..stored.clone() };
    configs.put(config.clone()).map_err(|Taken| taken(&config))?;
    Ok(Answer::entity(whole(exchange.world, group, &config)))
}

fn create(exchange: &Exchange<'_>, group: &Group) -> Outcome {
    let world = exchange.world;
    let mut sent = exchange.sent.object()?;
    document::take_unmodifiable(&mut sent, &UNMODIFIABLE, &fields(json!({ "groupId": group.id })))?;
    let settings = document::accept(FIELDS, &sent)?;
    let now = dates::to_second(world.now());
    let config =
        AlertConfig { id: world.store.fresh_id(), group: group.id.clone(), created: now, updated: now, settings };
    world.store.alert_configs().put(config.clone()).map_err(|Taken| taken(&config))?;
    let url = world.base.url(&own_path(group, &config.id));
    Ok(Answer::made(StatusCode::CREATED, whole(world, group, &config), &url))
}

/// PUT: what is left out goes back to its default, or away.
fn replaced(exchange: &Exchange<'_>, group: &Group, stored: &AlertConfig) -> Result<Map<String, Value>, Refusal> {
    document::accept(FIELDS, &sent_update(exchange, group, stored)?)
}

/// PATCH: what is left out stays.
fn changed(exchange: &Exchange<'_>, group: &Group, stored: &AlertConfig) -> Result<Map<String, Value>, Refusal> {
    let sent = sent_update(exchange, group, stored)?;
    document::accept(FIELDS, &document::patched(&stored.settings, sent))
}

/// The settings that an update sends.
fn sent_update(exchange: &Exchange<'_>, group: &Group, stored: &AlertConfig) -> Result<Map<String, Value>, Refusal> {
    let mut sent = exchange.sent.object()?;
    let current = fields(whole(exchange.world, group, stored));
    document::take_unmodifiable(&mut sent, &UNMODIFIABLE, &current)?;
    Ok(sent)
}

fn taken(config: &AlertConfig) -> Refusal {
    let name = config.settings["name"].as_str().unwrap_or_default();
    let detail = format!("The field name must be unique in the group, and {name:?} is taken.");
    Refusal::new(StatusCode::CONFLICT, detail)
}

fn whole(world: &World, group: &Group, config: &AlertConfig) -> Value {
    links::whole(world, shown(config), &own_path(group, &config.id), &[("group", path(group, ""))])
}

fn shown(config: &AlertConfig) -> Map<String, Value> {
    let mut shown = fields(json!({
        "id": config.id,
        "groupId": config.group,
        "created": dates::write(config.created),
        "updated": dates::write(config.updated),
    }));
    shown.extend(config.settings.clone());
    shown
}

fn own_path(group: &Group, id: &str) -> String {
    path(group, &format!("/alertConfigs/{id}"))
}
