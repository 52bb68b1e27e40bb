//! Who judged what, by which suite.

use crate::record::Run;
use crate::report::{labels, standings, view, visible};

/// Most characters of a value.
const MOST_CHARACTERS: usize = 2_000;

/// Names and values, in the order they are shown.
pub(super) fn facts(run: &Run) -> Vec<(&'static str, String)> {
    let (target, suite, selection) = (&run.target, &run.suite, &run.selection);
    let size = format!("{}, {}", labels::count(suite.cases, "case"), labels::count(suite.requirements, "requirement"));
    let mut facts = vec![
        ("Target", target.name.clone()),
        ("Base URL", target.base_url.clone()),
        ("Claims", or_none(&target.claims)),
        ("Suite", format!("{}: {size}", suite.name)),
        ("Suite digest", suite.digest.clone()),
        ("Tool", format!("{} {}", run.tool.name, run.tool.version)),
        ("Started", started(run)),
        ("Took", labels::duration(run.duration_ms)),
        ("Judged", format!("{} of {}", view::judged(&run.counts), labels::count(run.results.len(), "case"))),
    ];
    if !target.limits.is_empty() {
        facts.push(("Limits of its own", target.limits.join(", ")));
    }
    if target.insecure {
        facts.push(("Certificate", "left unchecked".to_owned()));
    }
    if !selection.filters.is_empty() {
        facts.push(("Selected", selection.filters.join(", ")));
    }
    facts.extend(selection.ended_by.as_ref().map(|id| ("Ended early", format!("when {id} failed: --fail-fast"))));
    if selection.read_only {
        facts.push(("Writes", "left out: read-only run".to_owned()));
    }
    facts.extend(standings::summary(run).map(|summary| ("Known failures", summary)));
    facts.extend(standings::problems(run).into_iter().map(|problem| ("Flaw of that list", problem)));
    facts.extend(run.left_behind.iter().map(|url| ("Created, not deleted", url.clone())));
    facts.extend(selection.shard.as_ref().map(|shard| ("Shard", shard.to_string())));
    facts.into_iter().map(|(name, text)| (name, visible::line(&visible::clip(&text, MOST_CHARACTERS)))).collect()
}

fn or_none(texts: &[String]) -> String {
    if texts.is_empty() { "none".to_owned() } else { texts.join(", ") }
}

/// When the run began and how long it took.
pub(super) fn when(run: &Run) -> String {
    format!("{}, {}", started(run), labels::duration(run.duration_ms))
}

fn started(run: &Run) -> String {
    run.started.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}
