//! How a run stands against a list of known failures, in words.

use super::labels;
use crate::record::{CaseResult, ListProblem, Run};

/// What the flaws of a list are listed under, where cases are listed by chapter.
pub(super) const SUITE: &str = "known-failures";
/// Most cases named for one entry.
const MOST_CASES: usize = 5;

/// Why the failure of a result is excused, with who mends it and where that is followed.
pub(super) fn excuse(run: &Run, result: &CaseResult) -> Option<String> {
    let list = run.known_failures.as_ref().filter(|_| result.is_excused())?;
    let excuse = list.excuse(&result.id)?;
    let owner = excuse.owner.as_ref().map(|owner| format!("owner {owner}"));
    let until = excuse.expires.as_ref().map(|date| format!("until {date}"));
    let parts = [Some(excuse.reason.clone()), owner, excuse.link.clone(), until];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join("; "))
}

/// What is wrong with an entry, and where it stands.
pub(super) fn problem(problem: &ListProblem) -> String {
    let place = labels::place(&problem.source);
    let named: Vec<&str> = problem.cases.iter().take(MOST_CASES).map(String::as_str).collect();
    let more = problem.cases.len().saturating_sub(MOST_CASES);
    let cases = match (named.is_empty(), more) {
        (true, _) => String::new(),
        (false, 0) => format!(" ({})", named.join(", ")),
        (false, more) => format!(" ({} and {more} more)", named.join(", ")),
    };
    format!("{} entry `{}` at {place}: {}{cases}", labels::flaw(problem.flaw), problem.pattern, problem.message)
}

/// The list in one sentence, if there is one.
pub(super) fn summary(run: &Run) -> Option<String> {
    let list = run.known_failures.as_ref()?;
    let entries = if list.entries == 1 { "1 entry".to_owned() } else { format!("{} entries", list.entries) };
    let excused = labels::count(list.excused.len(), "failure");
    let regressions = labels::count(run.results.iter().filter(|result| result.is_regression()).count(), "regression");
    let wrong = labels::count(list.problems.len(), "flaw");
    Some(format!("{} ({entries}): {excused} known, {regressions}, {wrong} of the list", list.file))
}

/// What is wrong with the list, a sentence each.
pub(super) fn problems(run: &Run) -> Vec<String> {
    run.list_problems().iter().map(problem).collect()
}
