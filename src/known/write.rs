//! The first list of known failures, from a run.

use std::fmt::Write as _;

use serde_json::Value;

use crate::record::{Outcome, Run};
use crate::verdict::Verdict;

/// The longest reason that is written.
const LONGEST_REASON: usize = 120;

/// A file that lists every case that failed in a run, an entry each, for a person to complete.
pub fn first_list(run: &Run) -> String {
    let mut text = format!(
        "# What {} is known to fail, by a run of {}. Give each entry a reason of yours, and an owner, a link\n\
         # and a day on which it expires.\n\
         # yaml-language-server: $schema=schemas/known-failures.schema.json\nformat: 1\nknown-failures:",
        plain(&run.target.name),
        run.started.format("%Y-%m-%d")
    );
    let failed: Vec<_> = run.results.iter().filter(|result| result.verdict == Outcome::Fail).collect();
    if failed.is_empty() {
        text.push_str(" []\n");
        return text;
    }
    text.push('\n');
    for result in failed {
        let seen = result.findings.iter().find(|finding| finding.verdict == Verdict::Fail);
        let reason = plain(seen.map_or("it fails", |finding| &finding.message));
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "  - cases: {}\n    reason: {}", quoted(&escaped(&result.id)), quoted(&reason));
    }
    text
}

/// An id as a pattern that matches it alone.
fn escaped(id: &str) -> String {
    let mut pattern = String::new();
    for letter in id.chars() {
        if "*?{}\\!,".contains(letter) {
            pattern.push('\\');
        }
        let is_space = letter == ' ' && !pattern.ends_with(' ');
        let is_odd = letter.is_whitespace() && !is_space || letter.is_control();
        pattern.push(if is_odd { '?' } else { letter });
    }
    pattern
}

/// A text of one line without anything that a terminal or YAML might take for more than text.
fn plain(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_REASON).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text in double quotes: JSON is YAML.
fn quoted(text: &str) -> String {
    let text = if text.is_empty() { "it fails" } else { text };
    Value::from(text).to_string()
}
