//! What changed between two runs: for a terminal, for a page, and as JSON.

use std::fmt::Write as _;

use super::paint::Colour;
use super::{labels, markdown, since, visible};
use crate::record::{
    Change, ChangeKind, Circumstance, Difference, Outcome, RequirementChange, RequirementVerdict, Side,
};

/// Most bytes of Markdown; pages of CI jobs and comments refuse longer texts.
const MOST_BYTES: usize = 60_000;

/// The difference for a terminal.
pub fn console(difference: &Difference, colour: Colour) -> String {
    let mut text = format!("old: {}\nnew: {}\n", side(&difference.old), side(&difference.new));
    for remark in remarks(difference) {
        let _ = writeln!(text, "{remark}");
    }
    for (kind, changes) in groups(difference) {
        let _ = writeln!(text, "\n{}: {}", colour.bold(since::kind(kind)), changes.len());
        for change in changes {
            let _ = writeln!(text, "  {} {}", visible::line(&change.id), colour.dim(&way(change)));
        }
    }
    if !difference.requirements.is_empty() {
        let _ = writeln!(text, "\n{}: {}", colour.bold("requirements"), difference.requirements.len());
        for it in &difference.requirements {
            let _ = writeln!(text, "  {} {} ({})", labels::level(it.level), visible::line(&it.id), requirement_way(it));
        }
    }
    let _ = writeln!(text, "\n{}", colour.bold(verdict(difference)));
    text
}

/// The difference for a page.
pub fn markdown(difference: &Difference) -> String {
    let mut text = format!("## {}\n\n", verdict(difference));
    for (name, it) in [("old", &difference.old), ("new", &difference.new)] {
        let _ = writeln!(text, "- {name}: {}", markdown::escaped(&side(it)));
    }
    for remark in remarks(difference) {
        let _ = writeln!(text, "- {remark}");
    }
    for (kind, changes) in groups(difference) {
        let _ = writeln!(text, "\n### {}: {}\n", since::kind(kind), changes.len());
        for change in changes {
            let _ = writeln!(text, "- `{}` {}", markdown::code(&change.id), way(change));
        }
    }
    if !difference.requirements.is_empty() {
        let _ = writeln!(text, "\n### requirements: {}\n", difference.requirements.len());
        for it in &difference.requirements {
            let _ = writeln!(
                text,
                "- **{}** `{}` {}",
                labels::level(it.level),
                markdown::code(&it.id),
                requirement_way(it)
            );
        }
    }
    markdown::bounded(text, MOST_BYTES)
}

/// The difference as indented JSON.
pub fn json(difference: &Difference) -> String {
    format!("{:#}\n", serde_json::json!(difference))
}

fn verdict(difference: &Difference) -> &'static str {
    if difference.regression {
        "A regression: what passed does not pass any more."
    } else if difference.is_empty() {
        "Nothing changed."
    } else {
        "No regression."
    }
}

fn side(side: &Side) -> String {
    let started = side.started.format("%Y-%m-%d %H:%M:%S UTC");
    let conclusion = labels::conclusion(side.conclusion).to_lowercase();
    visible::line(&format!("{} at {}, {started}, {conclusion}", side.target, side.base_url))
}

fn remarks(difference: &Difference) -> Vec<String> {
    difference.changed.iter().map(|changed| remark(*changed, difference)).collect()
}

fn remark(changed: Circumstance, difference: &Difference) -> String {
    let (old, new) = (&difference.old, &difference.new);
    match changed {
        Circumstance::Target => "the targets are not the same".to_owned(),
        Circumstance::Suite => {
            let digest = |digest: &str| visible::line(digest).chars().take(19).collect::<String>();
            format!("the suite changed: {} to {}", digest(&old.suite_digest), digest(&new.suite_digest))
        }
        Circumstance::Selection => "different parts of the suite were selected".to_owned(),
        Circumstance::Program => {
            visible::line(&format!("the program changed: {} to {}", old.tool_version, new.tool_version))
        }
    }
}

fn groups(difference: &Difference) -> impl Iterator<Item = (ChangeKind, Vec<&Change>)> {
    let of = |kind| (kind, difference.of(kind).collect::<Vec<_>>());
    ChangeKind::ALL.into_iter().map(of).filter(|(_, changes)| !changes.is_empty())
}

fn way(change: &Change) -> String {
    let word = |outcome: Option<Outcome>| outcome.map(labels::outcome);
    arrow(word(change.from), word(change.to))
}

fn requirement_way(change: &RequirementChange) -> String {
    let word = |verdict: Option<RequirementVerdict>| verdict.map(labels::requirement);
    arrow(word(change.from), word(change.to))
}

fn arrow(from: Option<&str>, to: Option<&str>) -> String {
    match (from, to) {
        (Some(from), Some(to)) => format!("{from} → {to}"),
        (None, Some(to)) => to.to_owned(),
        (Some(from), None) => format!("was {from}"),
        (None, None) => String::new(),
    }
}
