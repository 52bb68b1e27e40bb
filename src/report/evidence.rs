//! A proof of passes for people: how many altered responses are noticed, and what notices nothing.

use std::fmt::Write as _;

use super::paint::Colour;
use super::{labels, visible};
use crate::record::{Evidence, RequirementEvidence};

/// Most lines of one section.
const MOST: usize = 20;

/// The summary: the numbers, and by name what is not as it should be.
pub fn console(evidence: &Evidence, colour: Colour) -> String {
    let mut text = format!("\n{}\n", colour.bold("Proof of the passes"));
    text.push_str(&numbers(evidence));
    let alarms = evidence.false_alarms.iter().map(|alarm| {
        let place = alarm.source.as_ref().map(|source| format!(" at {}", labels::place(source))).unwrap_or_default();
        format!("{}: {}{place}: {}", alarm.test, alarm.spelling, alarm.message)
    });
    section(&mut text, colour, "Tests that do not pass a permitted spelling", alarms);
    let not_replayed = evidence.not_replayed.iter().map(|it| format!("{}: {}", it.id, it.reason));
    section(&mut text, colour, "Passes that could not be replayed", not_replayed);
    let empty = evidence.requirements.iter().filter(|it| it.is_empty()).map(|it| it.id.clone());
    section(&mut text, colour, "Requirements that passed without evidence on this target", empty);
    let unproven = evidence.expectations.iter().filter(|it| it.killed == 0).map(|it| labels::place(&it.source));
    section(&mut text, colour, "Expectations that no alteration made fail", unproven);
    text
}

fn numbers(evidence: &Evidence) -> String {
    let totals = &evidence.totals;
    let tests = totals.replayed + evidence.not_replayed.len();
    let mut text = format!(
        "  replayed {} of {}\n  noticed {} of {} ({} more by invariants)\n",
        totals.replayed,
        labels::count(tests, "passed test"),
        totals.killed,
        labels::count(totals.made, "altered response"),
        totals.noticed_by_invariants,
    );
    let _ = writeln!(
        text,
        "  accepted {} of {}",
        totals.equivalents - totals.equivalents_killed,
        labels::count(totals.equivalents, "permitted spelling"),
    );
    let weakest = weakest(evidence);
    if !weakest.is_empty() {
        let _ = writeln!(text, "  weakest requirements: {}", weakest.join(", "));
    }
    text.push('\n');
    text
}

/// The requirements that notice the fewest of their mutants, and some.
fn weakest(evidence: &Evidence) -> Vec<String> {
    let share = |it: &RequirementEvidence| (it.killed * 1_000).checked_div(it.made).unwrap_or_default();
    let mut all: Vec<&RequirementEvidence> = evidence.requirements.iter().filter(|it| !it.is_empty()).collect();
    all.sort_by_key(|it| (share(it), &it.id));
    all.iter().take(3).map(|it| format!("{} ({} of {})", it.id, it.killed, it.made)).collect()
}

fn section(text: &mut String, colour: Colour, title: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "{}: {}", colour.bold(title), lines.len());
    for line in lines.iter().take(MOST) {
        let _ = writeln!(text, "  {}", visible::line(line));
    }
    if lines.len() > MOST {
        let _ = writeln!(text, "  … and {} more in proof.json", lines.len() - MOST);
    }
    text.push('\n');
}
