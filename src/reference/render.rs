//! The form of an answer: envelope, order of members, white space, headers.

use chrono::{DateTime, Utc};
use fastrand::Rng;
use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use hyper::{Method, Response, StatusCode};
use serde_json::{Map, Value, json};

use super::disguise::disguised;
use super::fault::Fault;
use super::freedom;
use super::http::{Answer, Call, Content, Outcome};
use super::wire::Postscript;
use super::world::World;

/// Makes the answer that is sent. For HEAD it is the whole one: the HTTP library sends its head alone.
pub(crate) fn response(world: &World, call: &Call, outcome: Outcome, postscript: &Postscript) -> Response<Bytes> {
    let answer = outcome.unwrap_or_else(|refusal| Answer {
        status: refusal.status,
        content: Content::Error(refusal.document(&world.behaviour)),
        headers: refusal.headers,
    });
    let status = status(world, call, &answer);
    let body = body(world, call, status, answer.content);
    if call.method == Method::HEAD && world.behaviour.shows(Fault::HeadSendsBody) {
        postscript.set(body.as_deref().unwrap_or_default().as_bytes());
    }
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.extend(HeaderValue::from_str(&http_date(world.now())).map(|date| (header::DATE, date)));
    for (name, value) in answer.headers {
        headers.append(name, value);
    }
    if let Some(body) = body {
        headers.insert(header::CONTENT_TYPE, media_type(world));
        *response.body_mut() = Bytes::from(body);
    }
    response
}

fn status(world: &World, call: &Call, answer: &Answer) -> StatusCode {
    let entity = matches!(answer.content, Content::Entity(_)) && answer.status == StatusCode::OK;
    let spoiled = world.behaviour.shows(Fault::EntityIs202) && call.method == Method::GET;
    if entity && spoiled { StatusCode::ACCEPTED } else { answer.status }
}

/// The media type of every body.
fn media_type(world: &World) -> HeaderValue {
    let text = world.behaviour.shows(Fault::TextMediaType);
    HeaderValue::from_static(if text { "text/plain" } else { "application/json" })
}

/// The body, if there is one.
fn body(world: &World, call: &Call, status: StatusCode, content: Content) -> Option<String> {
    if status == StatusCode::METHOD_NOT_ALLOWED && world.behaviour.shows(Fault::EmptyError) {
        return None;
    }
    let is_entity = matches!(content, Content::Entity(_));
    let form = if is_spaced(world, call, &content) { Form::Spaced } else { Form::Compact };
    let value = enveloped(world, call, status, freedom::told(world, call, content))?;
    let value = without_group(world, form, disguised(world, value));
    let value = shuffled(value, &mut world.order());
    let text = freedom::write(&world.behaviour, &value, form.write(&value));
    let twice = is_entity && world.behaviour.shows(Fault::DuplicateMembers);
    Some(if twice { text.replacen('{', "{\"links\":[],", 1) } else { text })
}

/// What is told, in an envelope if one is asked for: a list has its status added, all else is put into one.
fn enveloped(world: &World, call: &Call, status: StatusCode, content: Content) -> Option<Value> {
    if !asks_for_envelope(world, call, &content) {
        return match content {
            Content::Entity(value) | Content::Error(value) | Content::List(value) => Some(value),
            Content::Nothing => None,
        };
    }
    let told = if world.behaviour.shows(Fault::EnvelopeSays200) { StatusCode::OK } else { status };
    match content {
        Content::Nothing => None,
        Content::List(Value::Object(mut list)) if !world.behaviour.shows(Fault::EnvelopeAroundList) => {
            list.insert("status".to_owned(), told.as_u16().into());
            Some(Value::Object(list))
        }
        Content::Entity(value) | Content::Error(value) | Content::List(value) => Some(envelope(world, told, value)),
    }
}

fn asks_for_envelope(world: &World, call: &Call, content: &Content) -> bool {
    if matches!(content, Content::Error(_)) && world.behaviour.shows(Fault::EnvelopeNotOnErrors) {
        return false;
    }
    let present = world.behaviour.shows(Fault::EnvelopeByPresence) && call.query.get("envelope").is_some();
    call.query.is_on("envelope") || present
}

fn envelope(world: &World, status: StatusCode, mut content: Value) -> Value {
    if let Some(entity) = content.as_object_mut().filter(|_| world.behaviour.shows(Fault::EnvelopeLosesLinks)) {
        entity.remove("links");
    }
    if world.behaviour.shows(Fault::EnvelopeWithHeaders) {
        return json!({ "status": status.as_u16(), "headers": {}, "content": content });
    }
    json!({ "status": status.as_u16(), "content": content })
}

/// The same value with the members of every object in a random order: nobody is to depend on one.
fn shuffled(value: Value, order: &mut Rng) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> = members.into_iter().collect();
            order.shuffle(&mut members);
            let members = members.into_iter().map(|(name, value)| (name, shuffled(value, order)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(|item| shuffled(item, order)).collect()),
        plain => plain,
    }
}

/// How white space is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Compact,
    Spaced,
}

impl Form {
    fn write(self, value: &Value) -> String {
        match self {
            Self::Compact => value.to_string(),
            Self::Spaced => format!("{value:#}"),
        }
    }
}

fn is_spaced(world: &World, call: &Call, content: &Content) -> bool {
    let behaviour = &world.behaviour;
    let kept = matches!(content, Content::Error(_)) && behaviour.shows(Fault::PrettyNotOnErrors);
    let asked = call.query.is_on("pretty") && !behaviour.shows(Fault::PrettyIgnored) && !kept;
    asked || behaviour.shows(Fault::PrettyByDefault)
}

/// White space changes nothing of the value.
fn without_group(world: &World, form: Form, mut value: Value) -> Value {
    let lost = form == Form::Spaced && world.behaviour.shows(Fault::PrettyLosesGroup);
    if let Some(members) = value.as_object_mut().filter(|_| lost) {
        members.remove("groupId");
    }
    value
}

/// A date as HTTP headers hold it (RFC 9110, section 5.6.7).
pub(crate) fn http_date(now: DateTime<Utc>) -> String {
    now.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
