//! Envelopes: a status in a list, and a layer around all else.

use hyper::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::fault::Fault;
use super::http::{Call, Content};
use super::world::World;

/// What is told, in an envelope if one is asked for: a list has its status added, all else is put into one.
pub(crate) fn enveloped(world: &World, call: &Call, status: StatusCode, content: Content) -> Option<Value> {
    let wanted = is_wanted(world, call, status, &content);
    match content {
        Content::Nothing => None,
        Content::List(Value::Object(list)) if wanted && !world.behaviour.shows(Fault::EnvelopeAroundList) => {
            Some(with_status(world, told(world, status, Told::List), list))
        }
        Content::Error(value, _) if wanted => Some(around_error(world, told(world, status, Told::Other), value)),
        Content::Entity(value) | Content::List(value) if wanted => {
            let of = if call.method == Method::PUT { Told::Replaced } else { Told::Other };
            Some(around(world, &told(world, status, of), value))
        }
        Content::Entity(value) | Content::Error(value, _) | Content::List(value) => Some(value),
    }
}

/// Whether an envelope is asked for.
fn is_wanted(world: &World, call: &Call, status: StatusCode, content: &Content) -> bool {
    let behaviour = &world.behaviour;
    let present = call.query.get("envelope").is_some();
    let asked = call.query.is_on("envelope") || (present && behaviour.shows(Fault::EnvelopeByPresence));
    let created = status == StatusCode::CREATED;
    match content {
        Content::Error(..) if behaviour.shows(Fault::EnvelopeNotOnErrors) => false,
        Content::Error(..) if status == StatusCode::UNAUTHORIZED && behaviour.shows(Fault::EnvelopeNotOn401) => false,
        Content::Error(..) if status == StatusCode::CONFLICT && behaviour.shows(Fault::EnvelopeNotOnConflict) => false,
        Content::Error(..) => asked || behaviour.shows(Fault::EnvelopeOnErrorsAlways),
        Content::Entity(_) if created && behaviour.shows(Fault::EnvelopeNotOnCreated) => false,
        Content::Entity(_) if call.method == Method::PUT && behaviour.shows(Fault::EnvelopeNotOnReplaced) => false,
        Content::Entity(_) if is_start(call, status) && behaviour.shows(Fault::EnvelopeNotOnAccepted) => false,
        Content::Entity(_) => asked || (created && behaviour.shows(Fault::EnvelopeOfCreatedAlways)),
        Content::List(list) if list["totalCount"] == 0 && behaviour.shows(Fault::EnvelopeNotOnEmpty) => false,
        Content::List(_) => asked || (present && behaviour.shows(Fault::EnvelopeOfListsByPresence)),
        Content::Nothing => false,
    }
}

/// Whether this is the answer to starting something that goes on.
fn is_start(call: &Call, status: StatusCode) -> bool {
    call.method == Method::POST && status == StatusCode::ACCEPTED
}

/// What a status is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    List,
    Replaced,
    Other,
}

/// The status as an envelope tells it: the code as a number.
fn told(world: &World, status: StatusCode, of: Told) -> Value {
    let (behaviour, code) = (&world.behaviour, status.as_u16());
    match of {
        _ if behaviour.shows(Fault::EnvelopeSays200) => json!(200),
        _ if behaviour.shows(Fault::EnvelopeStatusIsText) => json!(code.to_string()),
        Told::List if behaviour.shows(Fault::EnvelopeOfListSays0) => json!(0),
        Told::Replaced if behaviour.shows(Fault::EnvelopeOfReplacedSays201) => json!(201),
        Told::Other if code == 201 && behaviour.shows(Fault::EnvelopeOfCreatedSays200) => json!(200),
        Told::Other if code == 202 && behaviour.shows(Fault::EnvelopeOfAcceptedSays200) => json!(200),
        _ => json!(code),
    }
}

fn with_status(world: &World, status: Value, mut list: Map<String, Value>) -> Value {
    if world.behaviour.shows(Fault::EnvelopeListAddsCount) {
        let count = list["results"].as_array().map_or(0, Vec::len);
        list.insert("count".to_owned(), count.into());
    }
    if world.behaviour.shows(Fault::EnvelopeListLosesTotal) {
        list.remove("totalCount");
    }
    list.insert("status".to_owned(), status);
    Value::Object(list)
}

fn around_error(world: &World, status: Value, mut error: Value) -> Value {
    let behaviour = &world.behaviour;
    if behaviour.shows(Fault::EnvelopeFlatOnErrors) {
        error["status"] = status;
        return error;
    }
    if let Some(document) = error.as_object_mut().filter(|_| behaviour.shows(Fault::EnvelopeLosesDetail)) {
        document.remove("detail");
    }
    if behaviour.shows(Fault::ErrorIsTextInEnvelope) {
        error["error"] = error["error"].to_string().into();
    }
    if behaviour.shows(Fault::ReasonShortInEnvelope) {
        error["reason"] = "Error".into();
    }
    json!({ "status": status, "content": error })
}

fn around(world: &World, status: &Value, mut content: Value) -> Value {
    let behaviour = &world.behaviour;
    if let Some(entity) = content.as_object_mut() {
        if behaviour.shows(Fault::EnvelopeLosesLinks) {
            entity.remove("links");
        }
        if behaviour.shows(Fault::EnvelopeDropsFlags) {
            entity.retain(|_, value| !value.is_boolean());
        }
        if let Some(links) = entity.get_mut("links").filter(|_| behaviour.shows(Fault::EnvelopeAsMember)) {
            *links = json!([links[0]]);
        }
    }
    if behaviour.shows(Fault::EnvelopeWithHeaders) {
        return json!({ "status": status, "headers": {}, "content": content });
    }
    if behaviour.shows(Fault::EnvelopeOfRootCalledBody) && content.get("apiVersion").is_some() {
        return json!({ "status": status, "body": content });
    }
    json!({ "status": status, "content": content })
}
