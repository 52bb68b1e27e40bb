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
    /// The part of the request that is invalid, if the detail is about one.
    pub(crate) invalid: Option<Invalid>,
    /// Headers that the status asks for.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

/// A part of a request that is invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invalid {
    pub(crate) part: Part,
    /// Its name; of a field, the way to it with dots.
    pub(crate) name: String,
    /// What is wrong with it: `is unknown`.
    pub(crate) trouble: String,
}

/// What of a request is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Field,
    UnmodifiableField,
    QueryParameter,
}

impl Invalid {
    /// What went wrong, with the name written so.
    pub(crate) fn told(&self, name: &str) -> String {
        let part = match self.part {
            Part::Field | Part::UnmodifiableField => "field",
            Part::QueryParameter => "query parameter",
        };
        format!("The {part} {name} {}.", self.trouble)
    }
}

impl Refusal {
    /// A refusal with this status.
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), invalid: None, headers: Vec::new() }
    }

    /// 400.
    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// 400 for a field of the document that was sent.
    pub(crate) fn field(name: impl Into<String>, trouble: impl Into<String>) -> Self {
        Self::invalid(Invalid { part: Part::Field, name: name.into(), trouble: trouble.into() })
    }

    /// 400 for a field that no client may change.
    pub(crate) fn unmodifiable(name: impl Into<String>) -> Self {
        Self::invalid(Invalid {
            part: Part::UnmodifiableField,
            name: name.into(),
            trouble: "cannot be modified".into(),
        })
    }

    /// 400 for a parameter of the query.
    pub(crate) fn parameter(name: impl Into<String>, trouble: impl Into<String>) -> Self {
        Self::invalid(Invalid { part: Part::QueryParameter, name: name.into(), trouble: trouble.into() })
    }

    fn invalid(invalid: Invalid) -> Self {
        let detail = invalid.told(&invalid.name);
        Self { invalid: Some(invalid), ..Self::bad_request(detail) }
    }

    /// 404 for a kind of thing.
    pub(crate) fn not_found(kind: &str, id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("No {kind} with the identifier {id:?} exists."))
    }

    /// This refusal with another status.
    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
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
        let mut document = json!({
            "error": self.error(behaviour),
            "reason": self.reason(behaviour),
            "detail": self.told(behaviour),
        });
        if self.status == StatusCode::NOT_FOUND && behaviour.shows(Fault::ErrorWithCode) {
            document["errorCode"] = "RESOURCE_NOT_FOUND".into();
        }
        if self.status == StatusCode::NOT_FOUND && behaviour.shows(Fault::NullInErrors) {
            document["parameters"] = Value::Null;
        }
        match self.status {
            StatusCode::CONFLICT if behaviour.shows(Fault::ConflictIsList) => json!([document]),
            StatusCode::UNAUTHORIZED if behaviour.shows(Fault::DetailMissingOn401) => {
                json!({ "error": document["error"], "reason": document["reason"] })
            }
            _ => document,
        }
    }

    /// The status code.
    fn error(&self, behaviour: &Behaviour) -> Value {
        let code = self.status.as_u16();
        match behaviour {
            _ if behaviour.shows(Fault::ErrorIsText) => json!(code.to_string()),
            _ if behaviour.shows(Fault::ErrorIsName) && code == 404 => json!("NOT_FOUND"),
            _ if behaviour.shows(Fault::ErrorIsAlways400) => json!(400),
            _ => json!(code),
        }
    }

    /// The phrase of the status.
    fn reason(&self, behaviour: &Behaviour) -> String {
        let reason = reason(self.status);
        match behaviour {
            _ if behaviour.shows(Fault::OwnReason) => "Oops".to_owned(),
            _ if behaviour.shows(Fault::ReasonOfAnother) && self.status == StatusCode::UNAUTHORIZED => {
                "Forbidden".to_owned()
            }
            _ if behaviour.shows(Fault::ReasonWithCode) => format!("{} {reason}", self.status.as_u16()),
            _ if behaviour.shows(Fault::ReasonInLowerCase) && self.status == StatusCode::BAD_REQUEST => {
                reason.to_lowercase()
            }
            _ => reason.to_owned(),
        }
    }

    /// Whether a field of the document is invalid.
    fn is_of_field(&self) -> bool {
        self.invalid.as_ref().is_some_and(|invalid| invalid.part != Part::QueryParameter)
    }

    /// What went wrong.
    fn told(&self, behaviour: &Behaviour) -> Value {
        let missing = self.status == StatusCode::NOT_FOUND;
        let repeated =
            behaviour.shows(Fault::DetailIsReason) || (missing && behaviour.shows(Fault::DetailIsReasonOnMissing));
        let empty = behaviour.shows(Fault::DetailEmpty) || (missing && behaviour.shows(Fault::DetailEmptyOnMissing));
        match behaviour {
            _ if empty => json!(""),
            _ if repeated => json!(self.reason(behaviour)),
            _ if behaviour.shows(Fault::DetailIsList) && self.is_of_field() => json!([self.detail]),
            _ => json!(self.detail),
        }
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
