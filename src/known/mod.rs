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
use crate::record::CaseResult;
use crate::verdict::{Source, Verdict};

pub use grammar::known_failures_schema;
pub use write::{FirstList, Say, first_list};

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
    /// Which tests; all, if there is none.
    cases: Option<IdPattern>,
    /// What they violate; anything, if there is none.
    requirement: Option<IdPattern>,
    /// Whether it comes and goes.
    sometimes: bool,
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
    fn lists(&self, entry: &Entry, result: &CaseResult) -> bool {
        let others = self.also.get(&result.id).into_iter().flatten();
        std::iter::once(&result.id).chain(others).any(|id| entry.lists_as(id, result))
    }
}

impl Entry {
    /// Whether this result is listed under an id, and by a requirement that it judges.
    fn lists_as(&self, id: &str, result: &CaseResult) -> bool {
        self.cases.as_ref().is_none_or(|cases| cases.matches(id)) && self.judges(result)
    }

    /// Whether this result, or tests of this case, may be listed.
    fn may_list(&self, result: &CaseResult) -> bool {
        let may_be = |cases: &IdPattern| cases.matches(&result.id) || cases.may_match_tests_of(&result.id);
        self.cases.as_ref().is_none_or(may_be) && self.judges(result)
    }

    fn judges(&self, result: &CaseResult) -> bool {
        self.is_about(&result.requirements) || result.findings.iter().any(|it| self.is_about(&it.requirements))
    }

    /// Whether it lists violations of one of these requirements.
    fn is_about(&self, requirements: &[String]) -> bool {
        self.requirement.as_ref().is_none_or(|pattern| requirements.iter().any(|id| pattern.matches(id)))
    }

    /// Whether a result violates what it lists.
    fn is_violated_by(&self, result: &CaseResult) -> bool {
        let mut violated = result.findings.iter().filter(|finding| finding.verdict == Verdict::Fail);
        self.requirement.is_none() || violated.any(|finding| self.is_about(&finding.requirements))
    }

    /// Whether each test that it lists must fail, and not only one of them, or now and then.
    fn names_tests_that_fail(&self) -> bool {
        self.requirement.is_none() && !self.sometimes
    }

    /// The patterns as a person knows them.
    fn shown(&self) -> String {
        match (&self.cases, &self.requirement) {
            (Some(cases), None) => cases.text().to_owned(),
            (Some(cases), Some(requirement)) => format!("{} in {}", requirement.text(), cases.text()),
            (None, requirement) => requirement.as_ref().map(IdPattern::text).unwrap_or_default().to_owned(),
        }
    }

    fn is_expired(&self, today: NaiveDate) -> bool {
        self.expires.is_some_and(|last| today > last)
    }
}

#[cfg(test)]
mod tests;
