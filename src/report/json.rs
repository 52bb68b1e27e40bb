//! `run.json`: the run as it is stored.

use crate::record::Run;

/// The run as indented JSON with a final newline.
pub(super) fn render(run: &Run) -> String {
    let mut text = serde_json::to_string_pretty(run).expect("a run is strings, numbers and lists of them");
    text.push('\n');
    text
}
