//! The form of an answer: envelope, order of members, white space, headers.

use chrono::{DateTime, Utc};
use fastrand::Rng;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::{Map, Value, json};

use super::http::{Answer, Call, Content, Outcome};
use super::wire::Postscript;
use super::world::World;

/// The media type of every body.
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Makes the answer that is sent. For HEAD it is the whole one: the HTTP library sends its head alone.
pub(crate) fn response(
    world: &World,
    call: &Call,
    outcome: Outcome,
    _postscript: &Postscript,
) -> Response<Full<Bytes>> {
    let answer = outcome.unwrap_or_else(|refusal| Answer {
        status: refusal.status,
        content: Content::Error(refusal.document(&world.behaviour)),
        headers: refusal.headers,
    });
    let text =
        enveloped(call, answer.status, answer.content).map(|value| text(call, &shuffled(value, &mut world.order())));
    let mut response = Response::new(Full::new(Bytes::from(text.clone().unwrap_or_default())));
    *response.status_mut() = answer.status;
    let headers = response.headers_mut();
    headers.insert(header::DATE, http_date(world.now()));
    if text.is_some() {
        headers.insert(header::CONTENT_TYPE, JSON);
    }
    for (name, value) in answer.headers {
        headers.append(name, value);
    }
    response
}

/// What is told, in an envelope if one is asked for: a list has its status added, all else is put into one.
fn enveloped(call: &Call, status: StatusCode, content: Content) -> Option<Value> {
    let on = call.query.is_on("envelope");
    match content {
        Content::Nothing => None,
        Content::Entity(value) | Content::Error(value) if on => {
            Some(json!({ "status": status.as_u16(), "content": value }))
        }
        Content::List(Value::Object(mut list)) if on => {
            list.insert("status".to_owned(), status.as_u16().into());
            Some(Value::Object(list))
        }
        Content::Entity(value) | Content::Error(value) | Content::List(value) => Some(value),
    }
}

/// The same value with the members of every object in a random order: nobody is to depend on one.
fn shuffled(value: Value, order: &mut Rng) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> = members.into_iter().collect();
            order.shuffle(&mut members);
            Value::Object(
                members.into_iter().map(|(name, value)| (name, shuffled(value, order))).collect::<Map<_, _>>(),
            )
        }
        Value::Array(items) => Value::Array(items.into_iter().map(|item| shuffled(item, order)).collect()),
        plain => plain,
    }
}

/// The text: compact, or spaced if asked for.
fn text(call: &Call, value: &Value) -> String {
    if call.query.is_on("pretty") { format!("{value:#}") } else { value.to_string() }
}

/// A date as HTTP headers hold it (RFC 9110, section 5.6.7).
fn http_date(now: DateTime<Utc>) -> HeaderValue {
    let text = now.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}
