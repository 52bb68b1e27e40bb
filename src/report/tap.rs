//! `run.tap` (TAP 14): a test point a case, with a YAML block where there is something to say.

use std::fmt::Write as _;

use super::{labels, standings, unjudged, view, visible};
use crate::record::{CaseResult, Outcome, Run};
use crate::verdict::Datum;

/// The run as TAP.
pub(super) fn render(run: &Run) -> String {
    let (problems, nothing) = (run.list_problems(), unjudged::why(run));
    let points = run.results.len() + problems.len() + usize::from(nothing.is_some());
    let mut text = format!("TAP version 14\n1..{points}\n");
    for comment in [
        format!("{}: {}", labels::conclusion(run.conclusion), run.target.name),
        format!("suite {} {}", run.suite.name, run.suite.digest),
    ] {
        let _ = writeln!(text, "# {}", visible::line(&comment));
    }
    for (at, result) in run.results.iter().enumerate() {
        text.push_str(&point(at + 1, result, &run.target.base_url));
    }
    for (number, problem) in (run.results.len() + 1..).zip(problems) {
        let name = format!("{} {}", standings::SUITE, problem.pattern);
        let _ = writeln!(text, "not ok {number} - {}", escaped(&visible::line(&name)));
        let message = standings::problem(problem);
        text.push_str(&block(&[("message", &message), ("at", &labels::place(&problem.source))]));
    }
    if let Some(why) = nothing {
        let _ = writeln!(text, "not ok {points} - {} {}", unjudged::SUITE, unjudged::NAME);
        text.push_str(&block(&[("message", &why)]));
    }
    text
}

/// A YAML block of these members.
fn block(members: &[(&str, &str)]) -> String {
    let mut text = String::from("  ---\n");
    for (name, value) in members {
        // A string of JSON is one of YAML.
        let value = serde_json::to_string(&visible::line(value)).expect("a string");
        let _ = writeln!(text, "  {name}: {value}");
    }
    text.push_str("  ...\n");
    text
}

fn point(number: usize, result: &CaseResult, base_url: &str) -> String {
    let message = view::headline(result, base_url);
    let reason = escaped(&visible::line(&message));
    let (ok, directive) = match result.verdict {
        Outcome::Pass | Outcome::Observed => ("ok", String::new()),
        // A test that may fail: harnesses tell it and do not count it.
        Outcome::Warn => ("not ok", format!(" # TODO recommended, not required: {reason}")),
        Outcome::Fail | Outcome::Flaky if result.is_excused() => ("not ok", format!(" # TODO known failure: {reason}")),
        Outcome::Fail | Outcome::Defect | Outcome::Flaky | Outcome::Inconclusive => ("not ok", String::new()),
        Outcome::NotApplicable | Outcome::NotSelected => ("ok", format!(" # SKIP {reason}")),
    };
    let mut text = format!("{ok} {number} - {}{directive}\n", escaped(&visible::line(&result.id)));
    if !matches!(result.verdict, Outcome::Pass | Outcome::NotApplicable | Outcome::NotSelected) {
        text.push_str(&diagnosis(result, &message));
    }
    text
}

/// A description in which neither a directive nor another escape begins. TAP 14 would take `\#`, but readers of TAP 13
/// see a directive in it, and a text of a target must not turn a failure into a TODO.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('#', "\u{ff03}")
}

fn diagnosis(result: &CaseResult, message: &str) -> String {
    let worst = view::worst(result);
    let about = worst.map_or(&result.requirements, |finding| &finding.requirements).join(", ");
    let source = labels::place(worst.and_then(|finding| finding.source.as_ref()).unwrap_or(&result.source));
    let clipped = |value: Option<&Datum>| value.map(|value| visible::clip(&value.to_string(), 1_000));
    let expected = clipped(worst.and_then(|it| it.expected.as_ref()));
    let actual = clipped(worst.and_then(|it| it.actual.as_ref()));
    let mut members = vec![
        ("verdict", labels::outcome(result.verdict)),
        ("level", labels::level(result.level)),
        ("message", message),
        ("requirement", &about),
    ];
    members.extend(expected.as_deref().map(|value| ("expected", value)));
    members.extend(actual.as_deref().map(|value| ("actual", value)));
    members.push(("at", &source));
    block(&members)
}
