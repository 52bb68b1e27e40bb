//! Known failures: what a target is known to fail, read from a file, and where results stand against it.
//!
//! The doors: [`KnownFailures::load`], [`KnownFailures::judge`] for a finished run, [`first_list`] to begin a file.
//! A list excuses a failure that it names from failing the command. It never makes a target conformant.

mod grammar;
mod judge;
mod load;
mod write;

use std::collections::BTreeMap;

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
    /// Ids under which a result may be listed as well.
    also: BTreeMap<String, Vec<String>>,
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

impl KnownFailures {
    /// The same list, in which results may also be listed under other ids than their own.
    #[must_use]
    pub fn knowing_also(self, also: BTreeMap<String, Vec<String>>) -> Self {
        Self { also, ..self }
    }

    /// Whether an entry lists a result, under whichever of its ids.
    fn lists(&self, entry: &Entry, id: &str) -> bool {
        entry.lists(id) || self.also.get(id).is_some_and(|also| also.iter().any(|other| entry.lists(other)))
    }
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
