//! Cases without a request, and which exchanges they select.

use super::expectation::{Block, StatusMatcher};
use crate::verdict::Source;

/// A case without a request: judged on every exchange that `when` selects.
#[derive(Clone, Debug)]
pub struct Invariant {
    /// `chapter.name`.
    pub id: String,
    /// The chapter of its file.
    pub chapter: String,
    /// `Ensure that …`
    pub purpose: String,
    /// What it judges.
    pub requirements: Vec<String>,
    /// Which exchanges it looks at.
    pub when: When,
    /// What must hold.
    pub expect: Vec<Block>,
    /// The line of its id.
    pub source: Source,
}

impl Invariant {
    /// Where its expectations stand.
    pub fn expectations(&self) -> impl Iterator<Item = &Source> {
        self.expect.iter().flat_map(|block| &block.expectations).map(|expectation| &expectation.source)
    }
}

/// Selects exchanges; each `None` selects all.
#[derive(Clone, Debug, Default)]
pub struct When {
    /// By status.
    pub status: Option<StatusMatcher>,
    /// By method.
    pub methods: Option<Methods>,
    /// By what the body is.
    pub body: Option<BodyKind>,
    /// By whether the request asked for an envelope.
    pub envelope: Option<bool>,
    /// By whether the request asked for pretty printing.
    pub pretty: Option<bool>,
}

/// Which methods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Methods {
    /// These.
    Only(Vec<String>),
    /// All but these.
    Not(Vec<String>),
}

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// A 2xx answer with an object that is not a list; one to a write has an id or links.
    Entity,
    /// A 2xx answer with an object that has `results`, or with an array of entities.
    List,
    /// A 4xx or 5xx answer with a body.
    Error,
    /// Any JSON.
    Json,
}
