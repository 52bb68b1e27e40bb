//! What a run keeps of the list of known failures that it was held against.

use serde::{Deserialize, Serialize};

use super::Run;
use crate::verdict::Source;

/// A list of known failures, held against a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownList {
    /// The file.
    pub file: String,
    /// How many entries it has.
    pub entries: usize,
    /// The failures that it excuses, by case.
    pub excused: Vec<Excuse>,
    /// What is wrong with the list itself; each makes the command fail.
    pub problems: Vec<ListProblem>,
}

/// A failure that somebody knows of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Excuse {
    /// The id of the result.
    pub case: String,
    /// Why it fails.
    pub reason: String,
    /// Who mends it.
    pub owner: Option<String>,
    /// Where that is followed.
    pub link: Option<String>,
    /// The last day on which it is excused.
    pub expires: Option<String>,
    /// The entry.
    pub source: Source,
}

/// Something wrong with an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListProblem {
    /// What is wrong.
    pub flaw: ListFlaw,
    /// The pattern of the entry.
    pub pattern: String,
    /// The results that show it; none where there is no such result.
    pub cases: Vec<String>,
    /// In words.
    pub message: String,
    /// The entry.
    pub source: Source,
}

/// What may be wrong with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListFlaw {
    /// What it lists no longer fails.
    Stale,
    /// It lists nothing that could fail.
    Unmatched,
    /// Its last day is over.
    Expired,
}

impl Run {
    /// What is wrong with the list of known failures, if there is one.
    pub fn list_problems(&self) -> &[ListProblem] {
        self.known_failures.as_ref().map_or(&[], |list| &list.problems)
    }
}

impl KnownList {
    /// Why a failure is excused, if it is.
    pub fn excuse(&self, case: &str) -> Option<&Excuse> {
        self.excused.iter().find(|excuse| excuse.case == case)
    }
}
