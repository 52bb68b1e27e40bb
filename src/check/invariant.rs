//! Invariants: cases without a request, judged on whatever exchanges they select.

use super::Judge;
use super::answer::Answer;
use super::outcome::{Outcome, Trouble, finding};
use super::view::{Gaps, View};
use crate::suite::{Block, Check, Expectation, Invariant, Scope};
use crate::verdict::Finding;

impl Judge {
    /// Judges an invariant on an exchange that it selects; see [`Judge::selects`]. One finding for each expectation.
    pub fn invariant(&self, invariant: &Invariant, view: &View<'_>, number: usize, scope: &Scope) -> Vec<Finding> {
        let answer = view.judged_by(&invariant.when);
        let found = |(block, expectation): (&Block, &Expectation)| {
            stated(block, expectation, Some(number), self.known(&expectation.check, view, answer, scope))
        };
        expectations(invariant).map(found).collect()
    }

    /// The same without what is as expected: nothing is told about an exchange that keeps the invariant.
    pub fn troubles(&self, invariant: &Invariant, view: &View<'_>, number: usize, scope: &Scope) -> Vec<Finding> {
        let answer = view.judged_by(&invariant.when);
        let found = |(block, expectation): (&Block, &Expectation)| {
            let trouble = self.known(&expectation.check, view, answer, scope).err()?;
            Some(stated(block, expectation, Some(number), Err(trouble)))
        };
        expectations(invariant).filter_map(found).collect()
    }

    /// What is said about an invariant that every exchange keeps: one pass for each expectation.
    pub fn kept(invariant: &Invariant) -> Vec<Finding> {
        expectations(invariant).map(|(block, expectation)| stated(block, expectation, None, Ok(()))).collect()
    }

    /// The outcome of a check, if what it looks at is known.
    fn known(&self, check: &Check, view: &View<'_>, answer: &Answer<'_>, scope: &Scope) -> Outcome {
        match lacked(check, view.gaps()) {
            Some(why) => Err(Trouble::Unclear(why.to_owned())),
            None => self.check(check, answer, scope),
        }
    }
}

fn expectations(invariant: &Invariant) -> impl Iterator<Item = (&Block, &Expectation)> {
    invariant.expect.iter().flat_map(|block| block.expectations.iter().map(move |expectation| (block, expectation)))
}

/// The finding of an expectation, with the requirements and the line that state it.
fn stated(block: &Block, expectation: &Expectation, exchange: Option<usize>, outcome: Outcome) -> Finding {
    Finding {
        requirements: block.proves.clone(),
        exchange,
        source: Some(expectation.source.clone()),
        ..finding(expectation.check.name(), outcome, "", "")
    }
}

/// Why a check cannot be made on an exchange of which something is not known.
fn lacked(check: &Check, gaps: &Gaps) -> Option<&'static str> {
    match check {
        Check::Status(_) => gaps.status,
        Check::Header(..) | Check::Challenge(_) => gaps.headers,
        // Whether there is a body decides whether there must be a media type.
        Check::MediaTypeJson => gaps.headers.or(gaps.body),
        Check::Value(..) | Check::Time(_) => None,
        Check::Schema(_)
        | Check::Body(..)
        | Check::Text(_)
        | Check::Bytes(_)
        | Check::Mentions(_)
        | Check::WhiteSpace(_)
        | Check::Everywhere(_)
        | Check::ReasonPhrase
        | Check::Each(_)
        | Check::First(..)
        | Check::Last(..) => gaps.body,
    }
}
