//! What changed since the last run, in a line or a list.

use super::{labels, visible};
use crate::record::{ChangeCount, ChangeKind, Previous};

/// Most cases named for one kind of change in a line.
const MOST_NAMED: usize = 3;

pub(super) fn kind(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Broken => "broken",
        ChangeKind::Unclear => "inconclusive",
        ChangeKind::Weaker => "weaker",
        ChangeKind::Fixed => "fixed",
        ChangeKind::SetAside => "newly skipped",
        ChangeKind::Judged => "newly judged",
        ChangeKind::New => "new",
        ChangeKind::Gone => "gone",
    }
}

/// The last run and how it ended.
pub(super) fn heading(previous: &Previous) -> String {
    let edition = if previous.suite_changed { ", with another edition of the suite" } else { "" };
    let selection = if previous.selection_changed { ", of other cases: only what both judged is compared" } else { "" };
    format!(
        "since {} ({}{edition}{selection})",
        previous.started.format("%Y-%m-%d %H:%M:%S UTC"),
        labels::conclusion(previous.conclusion).to_lowercase()
    )
}

/// How much changed, in a line.
pub(super) fn counts(previous: &Previous) -> String {
    let each = previous.changes.iter().map(|change| format!("{} {}", change.count, kind(change.kind)));
    let counts = each.collect::<Vec<_>>().join(", ");
    if counts.is_empty() { "nothing".to_owned() } else { counts }
}

/// A line for each kind of change.
pub(super) fn lines(previous: &Previous) -> Vec<String> {
    if previous.changes.is_empty() {
        return vec!["nothing changed".to_owned()];
    }
    previous.changes.iter().map(line).collect()
}

fn line(change: &ChangeCount) -> String {
    let mut named: Vec<String> = change.cases.iter().take(MOST_NAMED).map(|id| visible::line(id)).collect();
    if change.count > named.len() {
        named.push(format!("and {} more", change.count - named.len()));
    }
    format!("{} {}: {}", change.count, kind(change.kind), named.join(", "))
}
