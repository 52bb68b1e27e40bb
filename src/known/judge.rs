//! Where the results of a run stand against a list, and what is wrong with the list.

use super::{Entry, KnownFailures};
use crate::record::{CaseResult, Excuse, KnownList, ListFlaw, ListProblem, Outcome, Run, Standing};

impl KnownFailures {
    /// The run with the standing of every result that was judged, and with what is wrong with the list.
    #[must_use]
    pub fn judge(&self, run: Run) -> Run {
        let results: Vec<CaseResult> = run.results.iter().cloned().map(|result| self.stand(result)).collect();
        let excused =
            results.iter().filter(|result| result.is_excused()).filter_map(|it| self.excuse(&it.id)).collect();
        let problems = self.entries.iter().filter_map(|entry| self.problem(entry, &results)).collect();
        let list = KnownList { file: self.file.clone(), entries: self.entries.len(), excused, problems };
        Run { results, known_failures: Some(list), ..run }
    }

    /// The result with its standing. What was set aside has none.
    #[must_use]
    pub fn stand(&self, result: CaseResult) -> CaseResult {
        let listed = self.entry(&result.id).is_some();
        let standing = match (result.verdict, listed) {
            (Outcome::NotApplicable | Outcome::NotSelected, _) => None,
            (Outcome::Inconclusive | Outcome::Defect, _) | (Outcome::Flaky, false) => Some(Standing::Unsettled),
            (Outcome::Fail | Outcome::Flaky, true) | (Outcome::Warn | Outcome::Observed | Outcome::Pass, false) => {
                Some(Standing::AsExpected)
            }
            (Outcome::Fail, false) => Some(Standing::Regression),
            (Outcome::Warn | Outcome::Observed | Outcome::Pass, true) => Some(Standing::Stale),
        };
        CaseResult { standing, ..result }
    }

    /// The first entry that lists a case today: an expired one excuses nothing.
    fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| !entry.is_expired(self.today) && self.lists(entry, id))
    }

    fn excuse(&self, id: &str) -> Option<Excuse> {
        let entry = self.entry(id)?;
        Some(Excuse {
            case: id.to_owned(),
            reason: entry.reason.clone(),
            owner: entry.owner.clone(),
            link: entry.link.clone(),
            expires: entry.expires.map(|date| date.to_string()),
            source: entry.source.clone(),
        })
    }

    fn problem(&self, entry: &Entry, results: &[CaseResult]) -> Option<ListProblem> {
        let problem = |flaw, cases: Vec<String>, message: String| {
            Some(ListProblem {
                flaw,
                pattern: entry.pattern.text().to_owned(),
                cases,
                message,
                source: entry.source.clone(),
            })
        };
        if let Some(last) = entry.expires.filter(|_| entry.is_expired(self.today)) {
            return problem(ListFlaw::Expired, Vec::new(), format!("it expired after {last}: {}", entry.reason));
        }
        let passed = |result: &&CaseResult| result.standing == Some(Standing::Stale) && self.lists(entry, &result.id);
        let stale: Vec<String> = results.iter().filter(passed).map(|result| result.id.clone()).collect();
        if !stale.is_empty() {
            let message = "listed as failing, but no must is broken now: take it from the list".to_owned();
            return problem(ListFlaw::Stale, stale, message);
        }
        // Of what the user left out nothing is known: the entry may be right.
        let may_meet = |result: &CaseResult| match result.verdict {
            Outcome::NotApplicable => false,
            Outcome::NotSelected => entry.may_list(&result.id),
            _ => self.lists(entry, &result.id),
        };
        if results.iter().any(may_meet) {
            return None;
        }
        let message = if results.iter().any(|result| entry.may_list(&result.id)) {
            "what it lists is not applicable to this target"
        } else {
            "it lists no case or invariant"
        };
        problem(ListFlaw::Unmatched, Vec::new(), message.to_owned())
    }
}
