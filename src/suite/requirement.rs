//! What a suite judges, and the suite as a whole.

use serde_json::Value;

use super::case::Case;
use super::invariant::Invariant;
use crate::verdict::{Level, Source};

/// One observable statement of the specification.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// Its name: `chapter.name`.
    pub id: String,
    /// Its weight.
    pub level: Level,
    /// What it says, in the suite's words.
    pub statement: String,
    /// Where the specification, or the standard it names, says so.
    pub section: String,
    /// Where it stands in `requirements.yaml`.
    pub source: Source,
}

/// A whole suite: requirements, cases and invariants, cross-checked.
#[derive(Clone, Debug, Default)]
pub struct Suite {
    /// `custom`, until whoever loaded it knows better.
    pub name: String,
    /// In the order of their file.
    pub requirements: Vec<Requirement>,
    /// Ordered by id.
    pub cases: Vec<Case>,
    /// Ordered by id.
    pub invariants: Vec<Invariant>,
    /// `sha256:` and the hexadecimal digest of all its files, names included.
    pub digest: String,
    /// The text of each file, for showing lines: path (as in [`Source::file`]) and text.
    pub files: Vec<(String, String)>,
    /// Payload schemas by name, as JSON.
    pub schemas: Vec<(String, Value)>,
}

impl Suite {
    /// What a requirement says, if there is one of this id.
    pub fn statement(&self, id: &str) -> Option<String> {
        self.requirements.iter().find(|it| it.id == id).map(|it| it.statement.clone())
    }
}
