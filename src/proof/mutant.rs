//! Mutants: a recorded response with one thing altered.

use std::sync::Arc;

use serde_json::Value;

use crate::exchange::{Exchange, Response};

use super::operator::Operator;
use super::places::{Step, at_mut};
use super::{body, head};

/// A response with one thing altered.
#[derive(Clone, Debug)]
pub(super) struct Mutant {
    pub(super) operator: Operator,
    /// What is altered: a status, a header, or a place of the body.
    pub(super) place: String,
    pub(super) change: Change,
}

/// What is altered. The response is made only when it is needed: bodies are large.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Head { status: u16, headers: Vec<(String, String)> },
    Body(Vec<u8>),
    Place { whole: Arc<Value>, layout: Layout, path: Vec<Step>, new: New },
}

/// What stands at a place of a body instead.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum New {
    Value(Value),
    /// Nothing.
    Nothing,
    /// The same value under another name.
    Name(String),
}

/// How a body is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    Compact,
    Pretty,
}

impl Layout {
    pub(super) fn of(body: &[u8]) -> Self {
        if body.trim_ascii().contains(&b'\n') { Self::Pretty } else { Self::Compact }
    }

    pub(super) fn written(self, value: &Value) -> Vec<u8> {
        match self {
            Self::Compact => value.to_string().into_bytes(),
            Self::Pretty => format!("{value:#}").into_bytes(),
        }
    }
}

impl Mutant {
    /// Whether the status or a header is altered.
    pub(super) fn is_of_head(&self) -> bool {
        matches!(self.change, Change::Head { .. })
    }

    /// The response, altered.
    pub(super) fn of(&self, response: &Response) -> Response {
        match &self.change {
            Change::Head { status, headers } => {
                Response { status: *status, headers: headers.clone(), ..response.clone() }
            }
            Change::Body(body) => with_body(response, body.clone()),
            Change::Place { whole, layout, path, new } => {
                let mut altered = Value::clone(whole);
                put(&mut altered, path, new);
                with_body(response, layout.written(&altered))
            }
        }
    }
}

fn with_body(response: &Response, body: Vec<u8>) -> Response {
    let headers = response.headers.clone();
    Response { status: response.status, headers, body, cut: response.cut, trailing: response.trailing.clone() }
}

/// Puts something in the place of what stands there.
fn put(whole: &mut Value, path: &[Step], new: &New) {
    let (value, name) = match new {
        New::Value(value) => {
            if let Some(old) = at_mut(whole, path) {
                old.clone_from(value);
            }
            return;
        }
        New::Nothing => (None, path.split_last()),
        New::Name(other) => (Some(other), path.split_last()),
    };
    let Some((Step::Member(name), parent)) = name else { return };
    let Some(members) = at_mut(whole, parent).and_then(Value::as_object_mut) else { return };
    let kept = std::mem::take(members).into_iter().filter_map(|(key, inner)| match value {
        _ if key != *name => Some((key, inner)),
        Some(other) => Some((other.clone(), inner)),
        None => None,
    });
    *members = kept.collect();
}

/// The mutant of a request that got no response: it is answered.
pub(super) fn answered() -> Mutant {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    let change = Change::Head { status: 200, headers };
    Mutant { operator: Operator::SilenceAnswered, place: "status 200".to_owned(), change }
}

/// All mutants of a response. `other` is the body of another response of the run, `sent` a document that the test has
/// sent before.
pub(super) fn mutants(exchange: &Exchange, other: &[u8], sent: Option<&Value>) -> Vec<Mutant> {
    let mut mutants = head::mutants(&exchange.response);
    mutants.extend(body::mutants(&exchange.response, other, sent));
    mutants
}
