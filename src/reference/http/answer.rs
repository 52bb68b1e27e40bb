//! Answers before they take a form.

use hyper::StatusCode;
use hyper::header::{self, HeaderName, HeaderValue};
use serde_json::Value;

use crate::reference::problem::{Invalid, Refusal};

/// What became of a call.
pub(crate) type Outcome = Result<Answer, Refusal>;

/// What an answer holds; this decides what an envelope adds.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Entity(Value),
    List(Value),
    /// The document of an error, and the part of the request that it is about.
    Error(Value, Option<Invalid>),
    Nothing,
}

/// A status, headers and what is told.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) content: Content,
}

impl Answer {
    fn new(status: StatusCode, content: Content) -> Self {
        Self { status, headers: Vec::new(), content }
    }

    /// 200 with an entity.
    pub(crate) fn entity(entity: Value) -> Self {
        Self::new(StatusCode::OK, Content::Entity(entity))
    }

    /// 200 with a page of a list.
    pub(crate) fn list(list: Value) -> Self {
        Self::new(StatusCode::OK, Content::List(list))
    }

    /// 201 or 202 with what was made, and where it is.
    pub(crate) fn made(status: StatusCode, entity: Value, url: &str) -> Self {
        Self::new(status, Content::Entity(entity)).with_header(header::LOCATION, url)
    }

    /// This answer with one more header; a value that no header can hold is left out.
    pub(crate) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// 204: it is gone. Never a body, under an envelope neither: HTTP allows none.
    pub(crate) fn gone() -> Self {
        Self::new(StatusCode::NO_CONTENT, Content::Nothing)
    }
}
