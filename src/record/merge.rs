//! Joins the runs of all shards of a suite into one.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use url::{Host, Url};

use super::fold::RunParts;
use super::known::{KnownList, ListProblem};
use super::run::{CaseResult, Outcome, RequirementResult, Run, Selection};
use crate::reason::{Reason, Shard};

/// Why runs cannot be joined. Each names the files.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// There is nothing to join.
    #[error("there is no run to merge")]
    Nothing,
    /// A run of more than a shard.
    #[error("{0}: this is no run of a shard")]
    NoShard(String),
    /// Runs of different things.
    #[error("{file}: its {what} is not that of {first}")]
    Different {
        /// What is different.
        what: &'static str,
        /// The file.
        file: String,
        /// The first of all files.
        first: String,
    },
    /// A shard that is there twice.
    #[error("{file}: shard {shard} is there already, in {earlier}")]
    Twice {
        /// The shard.
        shard: String,
        /// The file.
        file: String,
        /// The one that has it, too.
        earlier: String,
    },
    /// Shards that are not there.
    #[error("these shards are missing: {0}")]
    Missing(String),
    /// A case that several shards ran.
    #[error("`{case}` was run by several shards: {files}")]
    CaseTwice {
        /// The case.
        case: String,
        /// The files.
        files: String,
    },
    /// A case that only some of the runs know.
    #[error("`{case}` was run by no shard")]
    CaseMissing {
        /// The case.
        case: String,
    },
}

/// The run of which these, by the names of their files, are the shards; or all that is wrong with them.
pub fn merge(runs: &[(String, Run)]) -> Result<Run, Vec<MergeError>> {
    let Some((first_name, first)) = runs.first() else { return Err(vec![MergeError::Nothing]) };
    let mut errors = Vec::new();
    for (name, run) in &runs[1..] {
        let different = |what| MergeError::Different { what, file: name.clone(), first: first_name.clone() };
        errors.extend(differences(first, run).into_iter().map(different));
    }
    errors.extend(shards(runs));
    if !errors.is_empty() {
        return Err(errors);
    }
    let started = runs.iter().map(|(_, run)| run.started).min().unwrap_or(first.started);
    let results = results(&at_one_place(runs), started)?;
    let ended_by = runs.iter().find_map(|(_, run)| run.selection.ended_by.clone());
    let ends = runs.iter().map(|(_, run)| since(started, run.started).saturating_add(run.duration_ms));
    let merged = Run::from_results(RunParts {
        tool: first.tool.clone(),
        suite: first.suite.clone(),
        target: first.target.clone(),
        started,
        duration_ms: ends.max().unwrap_or_default(),
        selection: Selection {
            complete: first.selection.filters.is_empty() && !first.selection.read_only && ended_by.is_none(),
            shard: None,
            ended_by,
            interrupted: runs.iter().any(|(_, run)| run.selection.interrupted),
            ..first.selection.clone()
        },
        requirements: first
            .requirements
            .iter()
            .map(|it| RequirementResult::unjudged(&it.id, it.level, &it.statement, &it.section))
            .collect(),
        results,
    });
    let left_behind = runs.iter().flat_map(|(_, run)| run.left_behind.clone()).collect();
    let strictness = first.strictness.clone();
    Ok(Run { known_failures: known_failures(runs), left_behind, strictness, embedded: first.embedded, ..merged })
}

fn differences(one: &Run, other: &Run) -> Vec<&'static str> {
    let list = |run: &Run| run.known_failures.as_ref().map(|list| (list.file.clone(), list.entries));
    let pairs = [
        ("suite", one.suite.digest == other.suite.digest),
        ("target", same_target(one, other)),
        ("version of the program", one.tool.version == other.tool.version),
        (
            "selection",
            one.selection.filters == other.selection.filters && one.selection.read_only == other.selection.read_only,
        ),
        ("list of known failures", list(one) == list(other)),
        ("strictness", one.strictness == other.strictness),
    ];
    pairs.into_iter().filter(|(_, same)| !same).map(|(what, _)| what).collect()
}

fn same_target(one: &Run, other: &Run) -> bool {
    let of = |run: &Run| {
        let target = run.target.clone();
        (target.name, place(&target.base_url), target.claims, target.insecure, target.limits)
    };
    of(one) == of(other)
}

/// The runs with the first one's address wherever an id of a case names the target.
fn at_one_place(runs: &[(String, Run)]) -> Vec<(String, Run)> {
    let address = |run: &Run| Url::parse(&run.target.base_url).ok().map(|url| url.authority().to_owned());
    let first = runs.first().and_then(|(_, run)| address(run));
    let mut runs = runs.to_vec();
    for (_, run) in &mut runs {
        if let (Some(own), Some(first)) = (address(run), &first)
            && own != *first
        {
            for result in &mut run.results {
                result.id = result.id.replace(&own, first);
            }
        }
    }
    runs
}

/// A base URL; of one at a loopback address the port is left out: each machine has a loopback of its own, where a
/// server takes the port that is free.
fn place(base_url: &str) -> String {
    let Ok(mut url) = Url::parse(base_url) else { return base_url.to_owned() };
    let is_loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if is_loopback && url.set_port(None).is_err() {
        return base_url.to_owned();
    }
    url.to_string()
}

/// What is wrong with the shards: none, several of one, too few.
fn shards(runs: &[(String, Run)]) -> Vec<MergeError> {
    let mut errors = Vec::new();
    let mut seen: BTreeMap<u32, &str> = BTreeMap::new();
    let mut counts = Vec::new();
    for (name, run) in runs {
        let Some(Shard { number, of }) = run.selection.shard else {
            errors.push(MergeError::NoShard(name.clone()));
            continue;
        };
        counts.push(of);
        if of != counts[0] {
            let (first, file) = (runs[0].0.clone(), name.clone());
            errors.push(MergeError::Different { what: "number of shards", file, first });
        } else if let Some(earlier) = seen.insert(number, name) {
            let shard = format!("{number}/{of}");
            errors.push(MergeError::Twice { shard, file: name.clone(), earlier: earlier.to_owned() });
        }
    }
    let of = counts.first().copied().unwrap_or_default();
    let missing: Vec<String> =
        (1..=of).filter(|number| !seen.contains_key(number)).map(|number| format!("{number}/{of}")).collect();
    if !missing.is_empty() {
        errors.push(MergeError::Missing(missing.join(", ")));
    }
    errors
}

/// Every result once.
fn results(runs: &[(String, Run)], started: DateTime<Utc>) -> Result<Vec<CaseResult>, Vec<MergeError>> {
    let mut by_id: BTreeMap<&str, Vec<(&str, &Run, &CaseResult)>> = BTreeMap::new();
    for (name, run) in runs {
        for result in &run.results {
            by_id.entry(&result.id).or_default().push((name, run, result));
        }
    }
    let (mut joined, mut errors) = (Vec::new(), Vec::new());
    for (id, told) in by_id {
        let known = told.len();
        let own: Vec<_> = told.into_iter().filter(|(_, run, result)| !is_elsewhere(run, result)).collect();
        let later =
            |(_, run, result): &(&str, &Run, &CaseResult)| later((*result).clone(), since(started, run.started));
        match own.as_slice() {
            [] => errors.push(MergeError::CaseMissing { case: id.to_owned() }),
            [one] => joined.push(later(one)),
            // What every shard tells of is set aside, or it is an invariant, which each judges on what it sees.
            all if all.len() == known && known == runs.len() => joined.extend(all.iter().map(later).reduce(both)),
            several => {
                let files: Vec<&str> = several.iter().map(|(name, _, _)| *name).collect();
                errors.push(MergeError::CaseTwice { case: id.to_owned(), files: files.join(", ") });
            }
        }
    }
    if errors.is_empty() { Ok(joined) } else { Err(errors) }
}

/// Whether another shard was to run a case.
fn is_elsewhere(run: &Run, result: &CaseResult) -> bool {
    match (&result.reason, run.selection.shard) {
        (Some(Reason::OtherShard { shard }), Some(own)) => shard.number != own.number && shard.of == own.of,
        _ => false,
    }
}

/// The result with times since the beginning of the whole.
fn later(mut result: CaseResult, by: u64) -> CaseResult {
    if result.started_ms > 0 || result.duration_ms > 0 {
        result.started_ms = result.started_ms.saturating_add(by);
    }
    for wait in &mut result.waits {
        wait.started_ms = wait.started_ms.saturating_add(by);
    }
    for exchange in &mut result.exchanges {
        exchange.started_ms = exchange.started_ms.saturating_add(by);
    }
    result
}

/// What two shards tell of one invariant: all that both found, and the worse outcome.
fn both(one: CaseResult, other: CaseResult) -> CaseResult {
    let (mut one, mut other) = match (one.verdict, other.verdict) {
        (Outcome::NotApplicable | Outcome::NotSelected, _) => return other,
        (_, Outcome::NotApplicable | Outcome::NotSelected) => return one,
        (first, second) if first <= second => (one, other),
        _ => (other, one),
    };
    if other.verdict != one.verdict {
        return one;
    }
    for finding in &mut other.findings {
        finding.exchange = finding.exchange.map(|number| number + one.exchanges.len());
    }
    if one.verdict != Outcome::Pass {
        one.findings.append(&mut other.findings);
        one.exchanges.append(&mut other.exchanges);
    }
    one.judged = match (one.judged.take(), other.judged) {
        (Some(first), Some(second)) => Some(first.and(second)),
        (first, second) => first.or(second),
    };
    one.reason = one.reason.or(other.reason);
    one
}

fn known_failures(runs: &[(String, Run)]) -> Option<KnownList> {
    let mut lists = runs.iter().filter_map(|(_, run)| run.known_failures.clone());
    let mut all = lists.next()?;
    for list in lists {
        let new = |excuse: &_| !all.excused.contains(excuse);
        let excused: Vec<_> = list.excused.into_iter().filter(new).collect();
        all.excused.extend(excused);
        for problem in list.problems {
            add_problem(&mut all.problems, problem);
        }
    }
    Some(all)
}

fn add_problem(problems: &mut Vec<ListProblem>, problem: ListProblem) {
    let same = |known: &&mut ListProblem| known.flaw == problem.flaw && known.source == problem.source;
    match problems.iter_mut().find(same) {
        Some(known) => {
            let new: Vec<String> = problem.cases.into_iter().filter(|case| !known.cases.contains(case)).collect();
            known.cases.extend(new);
        }
        None => problems.push(problem),
    }
}

fn since(start: DateTime<Utc>, at: DateTime<Utc>) -> u64 {
    u64::try_from((at - start).num_milliseconds()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
