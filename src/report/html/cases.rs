//! Cases as the page names them: their places, and links to them.

use std::collections::{BTreeMap, BTreeSet};

use crate::record::{Outcome, Run};
use crate::report::visible;

/// Most characters of an id.
const LONGEST_ID: usize = 200;

/// A name and the place of the page that tells more about it.
#[derive(Clone)]
pub(super) struct Link {
    pub(super) text: String,
    pub(super) anchor: String,
}

/// The results of a run by id, each with the name of its place on the page.
pub(super) struct Places<'a> {
    numbers: BTreeMap<&'a str, usize>,
    anchors: Vec<String>,
}

impl<'a> Places<'a> {
    pub(super) fn of(run: &'a Run) -> Self {
        let mut taken = BTreeSet::new();
        let anchors = run.results.iter().map(|result| unused(&anchor("case", &result.id), &mut taken)).collect();
        Self { numbers: run.results.iter().enumerate().map(|(at, result)| (result.id.as_str(), at)).collect(), anchors }
    }

    /// The number of a result.
    pub(super) fn number(&self, id: &str) -> Option<usize> {
        self.numbers.get(id).copied()
    }

    /// The name of the place of the result of this number.
    pub(super) fn anchor(&self, number: usize) -> &str {
        &self.anchors[number]
    }

    /// A link to a case; to the list of cases where the run does not hold it.
    pub(super) fn link(&self, id: &str) -> Link {
        let anchor = self.number(id).map_or("cases", |number| self.anchor(number));
        Link { text: id_shown(id), anchor: anchor.to_owned() }
    }
}

/// Ids that differ only in signs that no anchor holds are told apart by a number.
fn unused(anchor: &str, taken: &mut BTreeSet<String>) -> String {
    let mut unused = anchor.to_owned();
    let mut number = 2;
    while !taken.insert(unused.clone()) {
        unused = format!("{anchor}--{number}");
        number += 1;
    }
    unused
}

/// An id as it is shown.
pub(super) fn id_shown(id: &str) -> String {
    visible::line(&visible::clip(id, LONGEST_ID))
}

/// The name of a place of the page: nothing in it needs escaping.
pub(super) fn anchor(kind: &str, id: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' };
    format!("{kind}-{}", id.chars().take(LONGEST_ID).map(plain).collect::<String>())
}

/// The class that gives an outcome its colour.
pub(super) fn class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fail => "fail",
        Outcome::Defect => "defect",
        Outcome::Inconclusive => "inconclusive",
        Outcome::Flaky => "flaky",
        Outcome::Warn => "warn",
        Outcome::Observed => "observed",
        Outcome::Pass => "pass",
        Outcome::NotApplicable => "not-applicable",
        Outcome::NotSelected => "not-selected",
    }
}

/// Whether nothing more than its line is told of a case.
pub(super) fn is_fine(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Pass | Outcome::NotApplicable | Outcome::NotSelected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_look_alike_in_an_address_get_places_of_their_own() {
        let mut taken = BTreeSet::new();
        let places = ["a[x=1]", "a[x=2]", "a[x\"1]", "a{x'1}"].map(|id| unused(&anchor("case", id), &mut taken));
        assert_eq!(places, ["case-a-x-1-", "case-a-x-2-", "case-a-x-1---2", "case-a-x-1---3"]);
    }
}
