//! Whether a stored run agrees with itself: what somebody wrote over is seen.

use std::collections::{BTreeMap, BTreeSet};

use super::refusal::{Refusal, passed};
use crate::record::{CaseResult, RequirementResult, Run, RunParts, outcome};
use crate::verdict::Level;

/// Why a run contradicts itself, if it does: the first contradiction is told, for the others may follow from it.
pub(super) fn refusals(run: &Run) -> Option<Refusal> {
    let what = twice(run).or_else(|| unknown(run)).or_else(|| unfounded(run)).or_else(|| miscounted(run))?;
    Some(contradiction(&what))
}

/// A contradiction in words, with what to do about it.
pub(super) fn contradiction(what: &str) -> Refusal {
    let advice = "certify the `run.json` that the run wrote, unchanged";
    Refusal::new(format!("the stored run contradicts itself: {what}"), advice)
}

/// A result or requirement that is there twice.
fn twice(run: &Run) -> Option<String> {
    let results = run.results.iter().map(|result| result.id.as_str());
    let requirements = run.requirements.iter().map(|requirement| requirement.id.as_str());
    let again = first_again(results).or_else(|| first_again(requirements))?;
    Some(format!("`{again}` is there twice"))
}

fn first_again<'a>(mut ids: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = BTreeSet::new();
    ids.find(|id| !seen.insert(*id))
}

/// A requirement that a result is about and that the run does not list.
fn unknown(run: &Run) -> Option<String> {
    let listed: BTreeSet<&str> = run.requirements.iter().map(|requirement| requirement.id.as_str()).collect();
    if listed.len() != run.suite.requirements {
        return Some(format!("it lists {} requirements, and its suite has {}", listed.len(), run.suite.requirements));
    }
    run.results.iter().find_map(|result| {
        let found = result.findings.iter().flat_map(|finding| &finding.requirements);
        let unlisted = result.requirements.iter().chain(found).find(|id| !listed.contains(id.as_str()))?;
        Some(format!("{} is about `{unlisted}`, which is not among its requirements", result.id))
    })
}

/// A verdict that does not follow from its findings.
fn unfounded(run: &Run) -> Option<String> {
    let levels: BTreeMap<&str, Level> = run.requirements.iter().map(|it| (it.id.as_str(), it.level)).collect();
    let level_of = |id: &str| levels.get(id).copied();
    let wrong = |result: &&CaseResult| passed(result.verdict) && outcome(&result.findings, level_of) != result.verdict;
    let result = run.results.iter().find(wrong)?;
    Some(format!("the verdict on {} does not follow from its findings", result.id))
}

/// What does not follow from the results.
fn miscounted(run: &Run) -> Option<String> {
    let folded = folded(run);
    let verdicts = |run: &Run| run.requirements.iter().map(|it| (it.verdict, it.cases.clone())).collect::<Vec<_>>();
    if folded.conclusion != run.conclusion || folded.counts != run.counts {
        return Some("its conclusion does not follow from its results".to_owned());
    }
    (verdicts(&folded) != verdicts(run)).then(|| "verdicts on requirements do not follow from its results".to_owned())
}

/// The run, concluded again from its results.
fn folded(run: &Run) -> Run {
    let unjudged = |it: &RequirementResult| RequirementResult::unjudged(&it.id, it.level, &it.statement, &it.section);
    Run::from_results(RunParts {
        tool: run.tool.clone(),
        suite: run.suite.clone(),
        target: run.target.clone(),
        started: run.started,
        duration_ms: run.duration_ms,
        selection: run.selection.clone(),
        requirements: run.requirements.iter().map(unjudged).collect(),
        results: run.results.clone(),
    })
}
