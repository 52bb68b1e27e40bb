//! Refusals, and the document that tells a client about one.

use hyper::StatusCode;
use hyper::header::{HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::behaviour::Behaviour;
use super::fault::Fault;

/// Why a request is not done.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    /// The status of the answer.
    pub(crate) status: StatusCode,
    /// What went wrong, for a person.
    pub(crate) detail: String,
    /// Headers that the status asks for.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

impl Refusal {
    /// A refusal with this status.
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), headers: Vec::new() }
    }

    /// 400.
    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// 404 for a kind of thing.
    pub(crate) fn not_found(kind: &str, id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("No {kind} with the identifier {id:?} exists."))
    }

    /// This refusal with one more header; a value that no header can hold is left out.
    pub(crate) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// The error document.
    pub(crate) fn document(&self, behaviour: &Behaviour) -> Value {
        let code = self.status.as_u16();
        let error = if behaviour.shows(Fault::ErrorIsText) { json!(code.to_string()) } else { json!(code) };
        let reason = if behaviour.shows(Fault::OwnReason) { "Oops" } else { reason(self.status) };
        let detail = match behaviour {
            _ if behaviour.shows(Fault::DetailEmpty) => "",
            _ if behaviour.shows(Fault::DetailIsReason) => reason,
            _ => &self.detail,
        };
        json!({ "error": error, "reason": reason, "detail": detail })
    }
}

/// The phrase of a status (RFC 9110, section 15).
fn reason(status: StatusCode) -> &'static str {
    match status {
        // The table of the HTTP library still has the older phrase.
        StatusCode::PAYLOAD_TOO_LARGE => "Content Too Large",
        status => status.canonical_reason().unwrap_or("Error"),
    }
}
