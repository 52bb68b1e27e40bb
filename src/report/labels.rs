//! The words of all reports, so that they say the same.

mod headline;
mod reason;

use std::fmt::Write as _;

use crate::exchange::Role;
use crate::record::{
    Awaited, Conclusion, FailOn, ListFlaw, Outcome, RequirementVerdict, Run, Selection, Standing, Unmet,
};
use crate::verdict::{Level, Source, Verdict};

pub use headline::headline;
pub(super) use reason::{Told, cause, note_beside_findings, told, why};
pub use reason::{message, note, reason};

/// All outcomes, in the order reports show them.
pub(super) const OUTCOMES: [Outcome; 9] = [
    Outcome::Fail,
    Outcome::Defect,
    Outcome::Inconclusive,
    Outcome::Flaky,
    Outcome::Warn,
    Outcome::Observed,
    Outcome::Pass,
    Outcome::NotApplicable,
    Outcome::NotSelected,
];

pub(super) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fail => "failed",
        Outcome::Defect => "suite error",
        Outcome::Inconclusive => "inconclusive",
        Outcome::Flaky => "flaky",
        Outcome::Warn => "warning",
        Outcome::Observed => "info",
        Outcome::Pass => "passed",
        Outcome::NotApplicable => "not applicable",
        Outcome::NotSelected => "not selected",
    }
}

pub(super) fn requirement(verdict: RequirementVerdict) -> &'static str {
    match verdict {
        RequirementVerdict::Pass => "passed",
        RequirementVerdict::Fail => "failed",
        RequirementVerdict::Inconclusive => "inconclusive",
        RequirementVerdict::NotApplicable => "not applicable",
        RequirementVerdict::NotSelected => "not selected",
    }
}

pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "passed",
        Verdict::Inconclusive => "inconclusive",
        Verdict::Fail => "failed",
    }
}

pub(super) fn level(level: Level) -> &'static str {
    match level {
        Level::Must => "must",
        Level::Should => "should",
        Level::May => "may",
    }
}

pub(super) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::AsExpected => "as the list of known failures says",
        Standing::Regression => "not in the list of known failures",
        Standing::Stale => "listed as a known failure, but it passed",
        Standing::Unsettled => "neither met nor missed the list of known failures",
    }
}

pub(super) fn flaw(flaw: ListFlaw) -> &'static str {
    match flaw {
        ListFlaw::Stale => "stale",
        ListFlaw::Unmatched => "unmatched",
        ListFlaw::Expired => "expired",
    }
}

/// Why an exchange was made, or nothing where a case asked for it.
pub(super) fn role(role: Role) -> &'static str {
    match role {
        Role::Asked => "",
        Role::Challenge => "fetches a nonce",
        Role::Throttled => "throttled, sent again",
        Role::Retried => "too early, sent again",
    }
}

pub(super) fn conclusion(conclusion: Conclusion) -> &'static str {
    match conclusion {
        Conclusion::Conformant => "Conformant",
        Conclusion::NoViolation => "No violation found",
        Conclusion::NonConformant => "Not conformant",
        Conclusion::Undecided => "Inconclusive",
    }
}

/// What a list of known failures makes of the exit code, and why.
fn gate(run: &Run) -> String {
    let Some(list) = &run.known_failures else { return String::new() };
    let regressions = run.results.iter().filter(|it| it.is_regression()).count();
    let flaws = list.problems.len();
    let reasons = [
        (regressions, "of a failure that is not on the list", "of failures that are not on the list"),
        (flaws, "of a wrong entry of the list", "of wrong entries of the list"),
    ];
    let reasons = reasons.into_iter().filter(|(number, ..)| *number > 0);
    let why: Vec<String> = reasons
        .map(|(number, one, many)| if number == 1 { one.to_owned() } else { format!("{many} ({number})") })
        .collect();
    match (run.exit_code(), why.is_empty()) {
        (0, _) => " Every failure is on the list of known failures: exit code 0.".to_owned(),
        (code, false) => format!(" Exit code {code}, because {}.", why.join(" and ")),
        (code @ (2 | 3), true) if run.unmet().is_empty() => {
            let open = run.results.iter().filter(|it| it.standing == Some(Standing::Unsettled)).count();
            format!(" Exit code {code}, because {} inconclusive.", are(open, "test"))
        }
        (code, true) => format!(" Exit code {code}."),
    }
}

/// What is said of a run that nobody named a target for.
const EMBEDDED: &str = " This was the embedded reference server: no target was given.";

/// What the conclusion means, in a sentence or two.
pub(super) fn meaning(run: &Run) -> String {
    let counts = &run.counts;
    let base = match run.conclusion {
        Conclusion::Conformant if counts.warn > 0 => {
            "Every MUST requirement that was judged passed; some SHOULD requirements are violated.".to_owned()
        }
        Conclusion::Conformant => "Everything that was judged is as the specification says.".to_owned(),
        Conclusion::NoViolation => return seen(run),
        Conclusion::NonConformant => {
            let broken = super::view::violations(run);
            let musts = broken.iter().filter(|violation| violation.level == Level::Must).count();
            format!("{} violated.", are(musts, "MUST requirement"))
        }
        Conclusion::Undecided if counts.defect > 0 => {
            format!("{}: the verdict of the suite cannot be relied on.", count(counts.defect, "suite error"))
        }
        Conclusion::Undecided if counts.inconclusive > 0 => {
            format!(
                "No violation of a MUST requirement was seen, but {} inconclusive.",
                are(counts.inconclusive, "test")
            )
        }
        Conclusion::Undecided if counts.flaky > 0 => {
            let tests = count(counts.flaky, "test");
            format!("No MUST requirement was violated at every try, but {tests} passed only on a retry.")
        }
        Conclusion::Undecided if counts.pass + counts.warn + counts.observed > 0 => {
            "No violation of a MUST requirement was seen so far.".to_owned()
        }
        Conclusion::Undecided => {
            let why = super::unjudged::why(run).map(|why| format!(": {why}")).unwrap_or_default();
            format!("Nothing was judged{why}.")
        }
    };
    if run.recorded_exchanges.is_some() {
        let chosen = if run.selection.filters.is_empty() { "" } else { " Only a part was chosen: --only, --skip." };
        return format!("{base}{chosen}");
    }
    let embedded = if run.embedded { EMBEDDED } else { "" };
    format!("{base}{}{embedded}{}", left_out(&run.selection), gate(run))
}

/// What recorded exchanges show where they show no violation of a MUST requirement.
fn seen(run: &Run) -> String {
    let exchanges = count(run.recorded_exchanges.unwrap_or_default(), "exchange");
    let is_unseen = |verdict| matches!(verdict, RequirementVerdict::NotApplicable | RequirementVerdict::NotSelected);
    let unseen = run.requirements.iter().filter(|requirement| is_unseen(requirement.verdict)).count();
    let warnings = match run.counts.warn {
        0 => String::new(),
        warnings => format!(
            " There {}.",
            if warnings == 1 { "is 1 warning".to_owned() } else { format!("are {warnings} warnings") }
        ),
    };
    format!("No violation found in {exchanges} ({} had no occasion).{warnings}", count(unseen, "requirement"))
}

/// What a case waits for.
pub fn awaited(awaits: Awaited) -> &'static str {
    match awaits {
        Awaited::Step => "because a step says so",
        Awaited::Throttled => "for the next rate-limit window (the target answered 429)",
        Awaited::Unavailable => "for the target, which answered 503",
        Awaited::GroupRate => "so that the requests of its group stay under `limits.rate`",
        Awaited::FailedLogins => "until `failed-logins` allows another wrong login",
    }
}

/// What the run did not do, in sentences that follow another.
fn left_out(selection: &Selection) -> String {
    let chosen = !selection.filters.is_empty() || selection.read_only || selection.shard.is_some();
    let mut text = String::new();
    if !selection.complete && (chosen || selection.ended_by.is_none()) {
        text.push_str(" Only a part of the suite was selected.");
    }
    if let Some(id) = &selection.ended_by {
        // Writing to a `String` cannot fail.
        let _ = write!(text, " The run ended early, when {} failed: --fail-fast.", super::visible::line(id));
    }
    if selection.interrupted {
        text.push_str(" The run was interrupted before its end.");
    }
    text
}

/// A demand that a run does not meet, in a sentence with the option that made it.
pub fn unmet(unmet: Unmet) -> String {
    match unmet {
        Unmet::FailOn(kind, met) => {
            let (option, what) = match kind {
                FailOn::Should => ("should", "violated a SHOULD requirement"),
                FailOn::Inconclusive => ("inconclusive", "could not be judged, or passed only on a retry"),
                FailOn::NotApplicable => ("not-applicable", "did not apply to the target"),
            };
            format!("--fail-on {option}: {} {what}", count(met, "test"))
        }
        Unmet::Tests(judged, least) => format!("--min-tests {least}: only {} judged", were(judged, "test")),
        Unmet::Requirements(judged, least) => {
            format!("--min-requirements {least}: only {} judged", were(judged, "requirement"))
        }
    }
}

fn were(number: usize, noun: &str) -> String {
    format!("{} {}", count(number, noun), if number == 1 { "was" } else { "were" })
}

/// A number with its noun.
pub fn count(number: usize, noun: &str) -> String {
    match noun.strip_suffix("ry") {
        _ if number == 1 => format!("1 {noun}"),
        Some(stem) => format!("{number} {stem}ries"),
        None => format!("{number} {noun}s"),
    }
}

/// `1 test is`, `2 tests are`.
fn are(number: usize, noun: &str) -> String {
    format!("{} {}", count(number, noun), if number == 1 { "is" } else { "are" })
}

/// A duration for people.
pub(super) fn duration(milliseconds: u64) -> String {
    match milliseconds {
        0..1_000 => format!("{milliseconds} ms"),
        1_000..60_000 => format!("{}.{} s", milliseconds / 1_000, milliseconds % 1_000 / 100),
        _ => format!("{} min {} s", milliseconds / 60_000, milliseconds % 60_000 / 1_000),
    }
}

/// `file:line:column`, as editors open it.
pub(super) fn place(source: &Source) -> String {
    format!("{}:{}:{}", source.file, source.line, source.column)
}
