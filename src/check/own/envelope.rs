//! Envelopes and error documents against the status of their answer.

use serde_json::Value;

use crate::check::list::is_list;
use crate::check::number;
use crate::check::outcome::{Outcome, Trouble};
use crate::check::show;
use crate::verdict::Location;

/// An entity asked for with an envelope comes with exactly `status` and `content`.
pub(super) fn of_entity(body: &Value) -> Outcome {
    let Some(members) = body.as_object().filter(|members| !members.is_empty()) else { return Ok(()) };
    if is_list(body) || is_list(&body["content"]) {
        return Ok(());
    }
    if let Some(missing) = ["status", "content"].into_iter().find(|name| !members.contains_key(*name)) {
        return Err(Trouble::broken_at(
            Location::root(),
            format!("an envelope was asked for, and the body has no member {missing}"),
        ));
    }
    let more: Vec<&str> =
        members.keys().map(String::as_str).filter(|name| !["status", "content"].contains(name)).collect();
    if more.is_empty() {
        return Ok(());
    }
    let more = show::cut(&more.join(", "), 80);
    Err(Trouble::broken_at(Location::root(), format!("the envelope has members beside status and content: {more}")))
}

/// A list asked for with an envelope comes with `status` beside its own fields.
pub(super) fn of_list(body: &Value) -> Outcome {
    if is_list(&body["content"]) && body.get("results").is_none() {
        return Err(Trouble::broken_at(
            Location::root(),
            "the list came inside an envelope, expected `status` beside its own fields",
        ));
    }
    if is_list(body) && body.get("status").is_none() {
        return Err(Trouble::broken_at(
            Location::root(),
            "an envelope was asked for, and the list has no member status",
        ));
    }
    Ok(())
}

/// An error asked for with an envelope tells its status in it.
pub(super) fn of_error(body: &Value) -> Outcome {
    let Some(members) = body.as_object() else { return Ok(()) };
    let missing = ["status", "content"].into_iter().find(|name| !members.contains_key(*name));
    missing.map_or(Ok(()), |missing| {
        Err(Trouble::broken_at(
            Location::root(),
            format!("an envelope was asked for, and the error has no member {missing}"),
        ))
    })
}

/// The `status` of an envelope is that of its answer, as a number.
pub(super) fn status(body: &Value, status: u16) -> Outcome {
    let is_envelope = body.get("content").is_some() || is_list(body);
    match body.get("status").filter(|_| is_envelope) {
        Some(told) if !is_number(told, status) => Err(Trouble::broken_at(
            Location::member("status"),
            format!("$.status is {}, expected {status}", show::value(told)),
        )),
        _ => Ok(()),
    }
}

/// The `error` of an error document is the status of its answer, as a number.
pub(super) fn error(body: &Value, status: u16) -> Outcome {
    match body.get("error") {
        Some(told) if !is_number(told, status) => Err(Trouble::broken_at(
            Location::member("error"),
            format!("$.error is {}, expected {status}", show::value(told)),
        )),
        _ => Ok(()),
    }
}

fn is_number(value: &Value, status: u16) -> bool {
    number::whole(value) == Some(status.into())
}
