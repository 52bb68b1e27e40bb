//! Known failures: what a target is known to fail, read from a file, and where results stand against it.
//!
//! The doors: [`KnownFailures::load`], [`KnownFailures::judge`] for a finished run, [`first_list`] to begin a file.
//! A list excuses a failure that it names from failing the command. It never makes a target conformant.

mod grammar;
mod judge;
mod load;
mod write;

use chrono::NaiveDate;

use crate::id_pattern::IdPattern;
use crate::verdict::Source;

pub use grammar::known_failures_schema;
pub use write::first_list;

/// What a target is known to fail.
#[derive(Clone, Debug)]
pub struct KnownFailures {
    /// The name of the file.
    file: String,
    entries: Vec<Entry>,
    /// The day on which the list is read.
    today: NaiveDate,
}

/// Cases that run and must fail.
#[derive(Clone, Debug)]
struct Entry {
    pattern: IdPattern,
    reason: String,
    owner: Option<String>,
    link: Option<String>,
    expires: Option<NaiveDate>,
    source: Source,
}

impl Entry {
    fn lists(&self, id: &str) -> bool {
        self.pattern.matches(id)
    }

    /// Whether instances of this case may be listed.
    fn may_list(&self, id: &str) -> bool {
        self.lists(id) || self.pattern.may_match_tests_of(id)
    }

    fn is_expired(&self, today: NaiveDate) -> bool {
        self.expires.is_some_and(|last| today > last)
    }
}

#[cfg(test)]
mod tests;
