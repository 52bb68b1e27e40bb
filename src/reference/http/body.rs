//! Bodies of requests: read within bounds, and understood as JSON objects.

use std::time::Duration;

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::StatusCode;
use hyper::body::{Body, Bytes, Incoming};
use hyper::header;
use serde_json::{Map, Value};

use super::{Call, Verb};
use crate::reference::behaviour::Behaviour;
use crate::reference::fault::Fault;
use crate::reference::problem::Refusal;
use crate::reference::variation::Variation;

/// Most bytes of a body.
const LONGEST: usize = 256 * 1024;
/// The time that sending a body may take.
const WITHIN: Duration = Duration::from_secs(20);

/// What a request sent as its body; looked into only by those who need it.
pub(crate) struct Sent {
    content_type: Option<String>,
    pub(crate) bytes: Bytes,
}

/// Reads the body of a call that may be done.
pub(super) async fn read(call: &Call, incoming: Incoming) -> Result<Sent, Refusal> {
    let bytes = if matches!(call.verb(), Some(Verb::Post | Verb::Put | Verb::Patch)) {
        collect(incoming).await?
    } else {
        discard(call, incoming).await
    };
    let content_type = call.has(&header::CONTENT_TYPE).then(|| call.header(&header::CONTENT_TYPE).join(", "));
    Ok(Sent { content_type, bytes })
}

/// Takes a body off the connection that nobody looks into, so that the client gets to see the answer. One that waits to be asked
/// for its body is not asked; one too long is cut off with the connection.
pub(super) async fn discard(call: &Call, incoming: Incoming) -> Bytes {
    if call.has(&header::EXPECT) || incoming.is_end_stream() {
        return Bytes::new();
    }
    // How it ends is all the same.
    collect(incoming).await.unwrap_or_default()
}

async fn collect(incoming: Incoming) -> Result<Bytes, Refusal> {
    match tokio::time::timeout(WITHIN, Limited::new(incoming, LONGEST).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let detail = format!("A body may have at most {LONGEST} bytes.");
            Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, detail))
        }
        Ok(Err(_)) => Err(Refusal::bad_request("The body could not be read.")),
        Err(_) => Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, "The body did not arrive in time.")),
    }
}

impl Sent {
    /// The JSON object in the body.
    pub(crate) fn object(&self, behaviour: &Behaviour) -> Result<Map<String, Value>, Refusal> {
        self.check_content_type(behaviour)?;
        self.check_fragile(behaviour)?;
        match self.parsed(behaviour) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) => Err(Refusal::bad_request("The body must be a JSON object.")),
            Err(error) => Err(Refusal::new(malformed(behaviour), format!("The body is not JSON: {error}."))),
        }
    }

    /// The JSON objects in the body: several in an array, or one by itself.
    pub(crate) fn objects(&self, behaviour: &Behaviour) -> Result<Vec<Map<String, Value>>, Refusal> {
        self.check_content_type(behaviour)?;
        match self.parsed(behaviour) {
            Ok(Value::Array(items)) => items.into_iter().map(|item| object_of(item).ok_or_else(no_object)).collect(),
            Ok(value) => Ok(vec![object_of(value).ok_or_else(no_object)?]),
            Err(error) => Err(Refusal::new(malformed(behaviour), format!("The body is not JSON: {error}."))),
        }
    }

    /// The JSON value in the body; where a fault is lenient, the value that it takes it for.
    fn parsed(&self, behaviour: &Behaviour) -> serde_json::Result<Value> {
        if self.bytes.is_empty() && behaviour.shows(Fault::EmptyBodyIsObject) {
            return Ok(Value::Object(Map::new()));
        }
        let mut values = serde_json::Deserializer::from_slice(&self.bytes).into_iter();
        match values.next() {
            Some(Ok(value)) if behaviour.shows(Fault::TrailingTextIgnored) => Ok(value),
            Some(Ok(Value::Array(items))) if behaviour.shows(Fault::ArrayUnwrapped) => {
                Ok(items.into_iter().next().unwrap_or_default())
            }
            _ => serde_json::from_slice(&self.bytes),
        }
    }

    /// The JSON object in the body, whatever its label says.
    pub(crate) fn of_any_type(&self) -> Option<Map<String, Value>> {
        serde_json::from_slice(&self.bytes).ok()
    }

    /// The first JSON object of the array in the body.
    pub(crate) fn first_of_array(&self) -> Option<Map<String, Value>> {
        serde_json::from_slice::<Vec<Map<String, Value>>>(&self.bytes).ok()?.into_iter().next()
    }

    /// Refuses nothing; a fault fails over values that are odd but right.
    fn check_fragile(&self, behaviour: &Behaviour) -> Result<(), Refusal> {
        let holds = |text: &str| String::from_utf8_lossy(&self.bytes).contains(text);
        let fails = (behaviour.shows(Fault::NullByteFails) && holds("\\u0000"))
            || (behaviour.shows(Fault::HugeNumberFails) && holds("e999999"));
        if fails {
            return Err(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "The body could not be stored."));
        }
        Ok(())
    }

    fn check_content_type(&self, behaviour: &Behaviour) -> Result<(), Refusal> {
        let sent = self.content_type.as_deref();
        let holds = |text: &str| sent.is_some_and(|sent| sent.contains(text));
        let refused = (behaviour.shows(Fault::CharsetRefused) && holds(";"))
            || (behaviour.shows(Fault::CapitalCharsetRefused) && holds("UTF-8"));
        let taken = behaviour.shows(Fault::AnyMediaType) || (behaviour.shows(Fault::AnyTextType) && holds("text/"));
        if taken || (sent.is_some_and(is_json) && !refused) {
            return Ok(());
        }
        let detail = "The body must be sent with the header Content-Type: application/json.";
        Err(Refusal::new(unsupported(behaviour), detail))
    }
}

fn object_of(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

fn no_object() -> Refusal {
    Refusal::bad_request("The body must hold JSON objects.")
}

/// The status for what is labelled otherwise.
fn unsupported(behaviour: &Behaviour) -> StatusCode {
    let unregistered = StatusCode::from_u16(499).ok().filter(|_| behaviour.shows(Fault::UnregisteredStatus));
    let usual = behaviour.takes(Variation::OtherTypeIs400).then_some(StatusCode::BAD_REQUEST);
    unregistered.or(usual).unwrap_or(StatusCode::UNSUPPORTED_MEDIA_TYPE)
}

/// The status for what is no JSON.
fn malformed(behaviour: &Behaviour) -> StatusCode {
    if behaviour.shows(Fault::MalformedIs422) { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::BAD_REQUEST }
}

/// Whether a media type is JSON in UTF-8; other parameters mean nothing (RFC 8259, section 11).
fn is_json(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let json = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    json && parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(content_type: Option<&str>, text: &str) -> Sent {
        Sent { content_type: content_type.map(str::to_owned), bytes: Bytes::copy_from_slice(text.as_bytes()) }
    }

    #[test]
    fn json_is_known_by_its_media_type() {
        for good in ["application/json", "Application/JSON ; charset=UTF-8", "application/json;charset=\"utf-8\"; x=y"]
        {
            assert!(is_json(good), "{good}");
        }
        for bad in
            ["", "text/plain", "application/jsonx", "application/json;charset=latin1", "text/json, application/json"]
        {
            assert!(!is_json(bad), "{bad}");
        }
    }

    #[test]
    fn another_media_type_is_refused_before_the_body_is_read() {
        for content_type in [None, Some("text/plain")] {
            assert_eq!(sent(content_type, "{").object(&Behaviour::default()).unwrap_err().status.as_u16(), 415);
        }
    }

    #[test]
    fn what_is_no_json_object_is_a_bad_request() {
        for text in ["", "{", "[]", "null", "{} {}", "{\"a\":1,}", "{\"a\":\"\u{1}\"}"] {
            assert_eq!(
                sent(Some("application/json"), text).object(&Behaviour::default()).unwrap_err().status.as_u16(),
                400,
                "{text}"
            );
        }
        assert!(
            sent(Some("application/json"), " {\"a\": 1} ").object(&Behaviour::default()).unwrap().contains_key("a")
        );
    }
}
