//! The first list of known failures, from a run.

use std::fmt::Write as _;

use serde_json::Value;

use crate::record::{CaseResult, Outcome, Run};
use crate::verdict::{Finding, Verdict};

/// The longest reason that is written.
const LONGEST_REASON: usize = 120;

/// A first list of known failures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstList {
    /// The file.
    pub text: String,
    /// How many entries it has.
    pub entries: usize,
    /// How many failed tests they list.
    pub tests: usize,
}

/// What an entry is about: a requirement, and the tests of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
struct About {
    requirement: Option<String>,
    cases: String,
}

/// Gives a finding of a result in a sentence.
pub type Say<'a> = &'a dyn Fn(&CaseResult, &Finding) -> String;

/// A file that lists every violation that a run saw, for a person to complete: by requirement and case, so that it still
/// fits when the data of the target changes. `say` gives a finding in a sentence.
pub fn first_list(run: &Run, say: Say<'_>) -> FirstList {
    let mut text = format!(
        "# What {} is known to fail, by a run of {}. Give each entry a reason of yours, and an owner, a link\n\
         # and a day on which it expires. Add `sometimes: true` to a failure that comes and goes.\n\
         format: 1\nknown-failures:",
        plain(&run.target.name),
        run.started.format("%Y-%m-%d")
    );
    let failed: Vec<&CaseResult> = run.results.iter().filter(|result| result.verdict == Outcome::Fail).collect();
    let mut entries: Vec<(About, String)> = Vec::new();
    for (about, reason) in failed.iter().flat_map(|result| abouts(result, run.recorded_exchanges.is_some(), say)) {
        if !entries.iter().any(|(earlier, _)| *earlier == about) {
            entries.push((about, reason));
        }
    }
    text.push_str(if entries.is_empty() { " []\n" } else { "\n" });
    for (about, reason) in &entries {
        // Writing to a `String` cannot fail.
        let _ = match &about.requirement {
            Some(requirement) => {
                writeln!(text, "  - requirement: {}\n    cases: {}", quoted(requirement), quoted(&about.cases))
            }
            None => writeln!(text, "  - cases: {}", quoted(&about.cases)),
        };
        let _ = writeln!(text, "    reason: {}", quoted(reason));
    }
    FirstList { text, entries: entries.len(), tests: failed.len() }
}

/// What a failed test violates, each with what was seen. Findings of recorded traffic are groups, which are listed as
/// they are: they hold no ids of the target's data.
fn abouts(result: &CaseResult, is_of_groups: bool, say: Say<'_>) -> Vec<(About, String)> {
    let violated: Vec<&Finding> = result.findings.iter().filter(|finding| finding.verdict == Verdict::Fail).collect();
    let seen = |finding: Option<&Finding>| {
        let said = finding.map(|finding| say(result, finding)).unwrap_or_default();
        plain(if said.is_empty() { "it fails" } else { &said })
    };
    let whole = |finding| (About { requirement: None, cases: escaped(&result.id) }, seen(finding));
    if is_of_groups || violated.iter().any(|finding| finding.requirements.is_empty()) || violated.is_empty() {
        return vec![whole(violated.first().copied())];
    }
    let cases = match result.id.split_once('[') {
        Some((case, _)) => format!("{}[*]", escaped(case)),
        None => escaped(&result.id),
    };
    let each = violated.iter().map(|finding| {
        let requirement = finding.requirements.first().map(|id| escaped(id));
        (About { requirement, cases: cases.clone() }, seen(Some(finding)))
    });
    each.collect()
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
