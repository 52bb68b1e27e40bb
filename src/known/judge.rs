//! Where the results of a run stand against a list, and what is wrong with the list.

use std::collections::BTreeSet;

use super::{Entry, KnownFailures};
use crate::record::{CaseResult, Excuse, KnownList, ListFlaw, ListProblem, Outcome, Run, Standing};
use crate::verdict::Verdict;

impl KnownFailures {
    /// The run with the standing of every result that was judged, and with what is wrong with the list.
    #[must_use]
    pub fn judge(&self, run: Run) -> Run {
        let mut results: Vec<CaseResult> = run.results.iter().cloned().map(|result| self.stand(result)).collect();
        expect_consequences(&mut results);
        let excused = results.iter().filter(|result| result.is_excused()).filter_map(|it| self.excuse(it)).collect();
        let problems = self.entries.iter().filter_map(|entry| self.problem(entry, &results)).collect();
        let list = KnownList { file: self.file.clone(), entries: self.entries.len(), excused, problems };
        Run { results, known_failures: Some(list), ..run }
    }

    /// The result with its standing, as far as the result alone tells it. What was skipped has none.
    #[must_use]
    pub fn stand(&self, result: CaseResult) -> CaseResult {
        let standing = match result.verdict {
            Outcome::NotApplicable | Outcome::NotSelected => None,
            Outcome::Fail | Outcome::Flaky if self.lists_all_of(&result) => Some(Standing::AsExpected),
            Outcome::Fail => Some(Standing::Regression),
            Outcome::Inconclusive | Outcome::Defect | Outcome::Flaky => Some(Standing::Unsettled),
            Outcome::Warn | Outcome::Observed | Outcome::Pass if self.must_fail(&result) => Some(Standing::Stale),
            Outcome::Warn | Outcome::Observed | Outcome::Pass => Some(Standing::AsExpected),
        };
        CaseResult { standing, ..result }
    }

    /// The entries that list a result today: an expired one excuses nothing.
    fn entries_of<'a>(&'a self, result: &'a CaseResult) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(|entry| !entry.is_expired(self.today) && self.lists(entry, result))
    }

    /// Whether everything that a failed test violates is listed: an entry about one requirement excuses no other.
    fn lists_all_of(&self, result: &CaseResult) -> bool {
        let mut violated = result.findings.iter().filter(|finding| finding.verdict == Verdict::Fail).peekable();
        if violated.peek().is_none() {
            return self.entries_of(result).any(|entry| entry.requirement.is_none());
        }
        violated.all(|finding| self.entries_of(result).any(|entry| entry.is_about(&finding.requirements)))
    }

    /// Whether an entry says that this very test fails, always.
    fn must_fail(&self, result: &CaseResult) -> bool {
        self.entries_of(result).next().is_some_and(Entry::names_tests_that_fail)
    }

    fn excuse(&self, result: &CaseResult) -> Option<Excuse> {
        let violates = |entry: &&Entry| entry.is_violated_by(result);
        let entry = self.entries_of(result).find(violates)?;
        Some(Excuse {
            case: result.id.clone(),
            reason: entry.reason.clone(),
            owner: entry.owner.clone(),
            link: entry.link.clone(),
            expires: entry.expires.map(|date| date.to_string()),
            source: entry.source.clone(),
        })
    }

    /// The tests that show that an entry is out of date.
    fn stale(&self, entry: &Entry, results: &[CaseResult]) -> Vec<String> {
        let is_good = |result: &CaseResult| matches!(result.verdict, Outcome::Warn | Outcome::Observed | Outcome::Pass);
        let listed: Vec<&CaseResult> = results.iter().filter(|result| entry.may_list(result)).collect();
        let stale: Vec<&CaseResult> = if entry.names_tests_that_fail() {
            let is_stale = |result: &&CaseResult| result.standing == Some(Standing::Stale) && self.lists(entry, result);
            results.iter().filter(is_stale).collect()
        } else if !entry.sometimes && listed.iter().all(|it| is_good(it) || it.verdict == Outcome::NotApplicable) {
            // An entry about a requirement may list tests that pass, as long as one does not.
            listed.into_iter().filter(|result| is_good(result)).collect()
        } else {
            Vec::new()
        };
        stale.into_iter().map(|result| result.id.clone()).collect()
    }

    fn problem(&self, entry: &Entry, results: &[CaseResult]) -> Option<ListProblem> {
        let problem = |flaw, cases: Vec<String>, message: String| {
            Some(ListProblem { flaw, pattern: entry.shown(), cases, message, source: entry.source.clone() })
        };
        if let Some(last) = entry.expires.filter(|_| entry.is_expired(self.today)) {
            return problem(ListFlaw::Expired, Vec::new(), format!("it expired after {last}: {}", entry.reason));
        }
        let stale = self.stale(entry, results);
        if !stale.is_empty() {
            let message = "listed as failing, but no must is broken now: take it from the list".to_owned();
            return problem(ListFlaw::Stale, stale, message);
        }
        // Of what the user left out nothing is known: the entry may be right.
        let may_meet = |result: &CaseResult| match result.verdict {
            Outcome::NotApplicable => false,
            Outcome::NotSelected => entry.may_list(result),
            _ => self.lists(entry, result),
        };
        if results.iter().any(may_meet) {
            return None;
        }
        let message = if results.iter().any(|result| entry.may_list(result)) {
            "what it lists is not applicable to this target"
        } else {
            "it lists no case or invariant"
        };
        problem(ListFlaw::Unmatched, Vec::new(), message.to_owned())
    }
}

/// A test that could not be judged because of violations is as expected where each of these is known: a failure of which it is
/// a consequence is excused, and no other failure violates the same.
fn expect_consequences(results: &mut [CaseResult]) {
    let failed = |excused: bool| {
        let failed = results.iter().filter(|it| matches!(it.verdict, Outcome::Fail | Outcome::Flaky));
        let violated = failed.filter(|it| it.is_excused() == excused).flat_map(|it| &it.findings);
        let violated = violated.filter(|finding| finding.verdict == Verdict::Fail);
        violated.flat_map(|finding| finding.requirements.clone()).collect::<BTreeSet<String>>()
    };
    let (known, others) = (failed(true), failed(false));
    for result in results.iter_mut().filter(|it| it.verdict == Outcome::Inconclusive && !it.because.is_empty()) {
        if result.because.iter().all(|id| known.contains(id) && !others.contains(id)) {
            result.standing = Some(Standing::AsExpected);
        }
    }
}
