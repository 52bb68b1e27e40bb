//! The page as a whole: what the template fills in.

use std::cell::RefCell;

use askama::Template;
use data_encoding::BASE64;
use sha2::{Digest as _, Sha256};

use super::cases::{Link, Places, class};
use super::data::CaseData;
use super::evidence::{EvidenceView, evidence};
use super::facts;
use super::latency::{Latency, latency};
use super::reasons::{ReasonView, reasons};
use super::requirements::{self, Group, Part};
use super::rest::Rest;
use super::teller::{Shown, Teller};
use super::timeline::{Long, Timeline, WIDTH, timeline};
use crate::record::{Conclusion, Outcome, Run};
use crate::report::view;
use crate::report::{Sources, labels, since, sparkline, trend, visible};
use crate::verdict::Level;

const STYLE: &str = include_str!("../../../templates/report.css");
const SCRIPT: &str = include_str!("../../../templates/report.js");
/// Most characters of the target's name and address.
const MOST_CHARACTERS: usize = 300;
/// Width of the bar of outcomes, in its own units.
const BAR: usize = 1000;
/// A part of the bar is never narrower.
const NARROWEST: usize = 8;

/// Bytes of what is told under requirements, and of what is told of cases that somebody opens.
const ROOM: usize = 4 * 1024 * 1024;
const ROOM_OF_REST: usize = 7 * 1024 * 1024;

#[derive(Template)]
#[template(path = "report.html")]
pub(super) struct Page<'a> {
    style: &'static str,
    script: &'static str,
    policy: String,
    target: String,
    base_url: String,
    conclusion: &'static str,
    conclusion_class: &'static str,
    meaning: String,
    /// A picture of our own making; nothing of a target is in it.
    trend: String,
    trend_label: String,
    changes: Option<Changes>,
    when: String,
    next: Vec<Next>,
    tallies: Vec<Tally>,
    parts: Vec<Part>,
    unsettled: Vec<ReasonView>,
    aside: Vec<ReasonView>,
    groups: Vec<Group>,
    timeline: Option<Timeline>,
    longest: Vec<(Link, Long)>,
    latency: Option<Latency>,
    chapters: Vec<String>,
    levels: [&'static str; 3],
    cases: usize,
    evidence: Option<EvidenceView>,
    rest: Rest<'a>,
    data: CaseData<'a>,
    facts: Vec<(&'static str, String)>,
}

/// Something to do, with the place of the page to begin at.
struct Next {
    anchor: &'static str,
    text: String,
}

/// How many cases ended in one way, and their part of the bar.
struct Tally {
    class: &'static str,
    word: &'static str,
    count: usize,
    from: usize,
    width: usize,
}

/// What changed since the last run.
struct Changes {
    heading: String,
    counts: String,
    lines: Vec<String>,
}

impl<'a> Page<'a> {
    pub(super) fn of(run: &'a Run, places: &'a Places<'a>, sources: &'a Sources<'a>) -> Self {
        let mut teller = Teller::new(run, places, sources, ROOM);
        let parts = requirements::parts(&mut teller);
        teller.refilled(ROOM_OF_REST);
        let mut timeline = timeline(run);
        let bars = timeline.as_mut().map(|timeline| std::mem::take(&mut timeline.places)).unwrap_or_default();
        let longest = timeline.as_mut().map(|timeline| std::mem::take(&mut timeline.longest)).unwrap_or_default();
        let named = |long: Long| (places.link(&run.results[long.result].id), long);
        Self {
            style: STYLE,
            script: SCRIPT,
            policy: policy(),
            target: short(&run.target.name),
            base_url: short(&run.target.base_url),
            conclusion: labels::conclusion(run.conclusion),
            conclusion_class: conclusion_class(run.conclusion),
            meaning: labels::meaning(run),
            trend: run.history.as_ref().map(|history| sparkline(&history.trend)).unwrap_or_default(),
            trend_label: run.history.as_ref().map(|history| trend::label(&history.trend)).unwrap_or_default(),
            changes: changes(run),
            when: facts::when(run),
            next: next(run),
            tallies: tallies(run),
            parts,
            unsettled: reasons(run, places, &[Outcome::Defect, Outcome::Inconclusive, Outcome::Flaky]),
            aside: reasons(run, places, &[Outcome::NotApplicable, Outcome::NotSelected]),
            groups: requirements::groups(run, places),
            longest: longest.into_iter().map(named).collect(),
            evidence: evidence(run),
            data: CaseData { run, places, bars },
            timeline,
            latency: latency(run),
            chapters: view::chapters(run).iter().map(|chapter| visible::line(chapter.name)).collect(),
            levels: [Level::Must, Level::Should, Level::May].map(labels::level),
            cases: run.results.len(),
            rest: Rest(RefCell::new(teller)),
            facts: facts::facts(run),
        }
    }
}

fn short(text: &str) -> String {
    visible::line(&visible::clip(text, MOST_CHARACTERS))
}

fn changes(run: &Run) -> Option<Changes> {
    let previous = run.history.as_ref()?.previous.as_ref()?;
    Some(Changes { heading: since::heading(previous), counts: since::counts(previous), lines: since::lines(previous) })
}

fn policy() -> String {
    let hash = |text: &str| BASE64.encode(&Sha256::digest(text));
    let (style, script) = (hash(STYLE), hash(SCRIPT));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; \
         form-action 'none'"
    )
}

fn conclusion_class(conclusion: Conclusion) -> &'static str {
    match conclusion {
        Conclusion::Conformant | Conclusion::NoViolation => "pass",
        Conclusion::NonConformant => "fail",
        Conclusion::Undecided => "inconclusive",
    }
}

fn next(run: &Run) -> Vec<Next> {
    let counts = &run.counts;
    let broken = view::violations(run);
    let of = |level| broken.iter().filter(|violation| violation.level == level).count();
    let (musts, shoulds) = (of(Level::Must), of(Level::Should));
    let mut next = Vec::new();
    let mut add = |number: usize, anchor, text: String| {
        if number > 0 {
            next.push(Next { anchor, text });
        }
    };
    add(
        musts,
        "broken",
        format!("Fix what violates {}; each is shown with its exchange.", labels::count(musts, "MUST requirement")),
    );
    add(counts.defect, "unsettled", format!("Report {}.", labels::count(counts.defect, "suite error")));
    let unclear = labels::count(counts.inconclusive, "case");
    let is_audit = run.recorded_exchanges.is_some();
    add(
        counts.inconclusive,
        "unsettled",
        if is_audit {
            format!("Record what {unclear} could not be judged for, and audit again.")
        } else {
            format!("Remove what kept {unclear} from being judged, and run again.")
        },
    );
    let flaky = labels::count(counts.flaky, "case");
    add(counts.flaky, "unsettled", format!("Find out why {flaky} passed only when performed again."));
    let list = run.known_failures.as_ref();
    let flaws = list.map_or(0, |list| list.problems.len());
    add(flaws, "identity", format!("Mend {} of the list of known failures.", labels::count(flaws, "flaw")));
    let warnings = labels::count(shoulds, "SHOULD requirement");
    add(shoulds, "warnings", format!("Consider {warnings} that the target does not follow."));
    let aside = labels::count(counts.not_applicable, "case");
    add(
        counts.not_applicable,
        "aside",
        if is_audit {
            format!("Record more kinds of exchanges: {aside} had no occasion.")
        } else {
            format!("Declare more in the target file: {aside} could be judged then.")
        },
    );
    let left_out = labels::count(counts.not_selected, "case");
    let again = if is_audit { "Audit" } else { "Run" };
    add(counts.not_selected, "aside", format!("{again} without filters: they left out {left_out}."));
    next
}

fn tallies(run: &Run) -> Vec<Tally> {
    let counted = labels::OUTCOMES.map(|outcome| (outcome, run.counts.of(outcome)));
    let counted: Vec<(Outcome, usize)> = counted.into_iter().filter(|(_, count)| *count > 0).collect();
    let total = counted.iter().map(|(_, count)| count).sum::<usize>().max(1);
    // What is rare must still be seen.
    let share = |count: usize| (count.saturating_mul(BAR) / total).max(NARROWEST);
    let shares: usize = counted.iter().map(|(_, count)| share(*count)).sum();
    let mut before = 0;
    let tally = |(outcome, count): (Outcome, usize)| {
        let (from, to) = (before * BAR / shares, (before + share(count)) * BAR / shares);
        before += share(count);
        Tally { class: class(outcome), word: labels::outcome(outcome), count, from, width: to - from }
    };
    counted.into_iter().map(tally).collect()
}
