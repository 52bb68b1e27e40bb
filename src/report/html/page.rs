//! The page as a whole: what the template fills in.

use askama::Template;
use data_encoding::BASE64;
use sha2::{Digest as _, Sha256};

use super::cases::{CaseView, ChapterView, Link, class};
use super::requirements::{self, Group, Part};
use crate::record::{Conclusion, Outcome, Run};

use crate::report::view;
use crate::report::{Sources, standings, visible, words};
use crate::verdict::Level;

const STYLE: &str = include_str!("../../../templates/report.css");
const SCRIPT: &str = include_str!("../../../templates/report.js");
/// Width of the bar of outcomes, in its own units.
const BAR: usize = 1000;

#[derive(Template)]
#[template(path = "report.html")]
pub(super) struct Page {
    style: &'static str,
    script: &'static str,
    policy: String,
    target: String,
    base_url: String,
    conclusion: &'static str,
    conclusion_class: &'static str,
    meaning: String,
    next: Vec<Next>,
    tallies: Vec<Tally>,
    parts: Vec<Part>,
    unsettled: Vec<ReasonView>,
    aside: Vec<ReasonView>,
    groups: Vec<Group>,
    chapters: Vec<ChapterView>,
    cases: usize,
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

struct ReasonView {
    class: &'static str,
    word: &'static str,
    text: String,
    cases: Vec<Link>,
}

impl Page {
    pub(super) fn of(run: &Run, sources: &Sources<'_>) -> Self {
        let case = |result| CaseView::of(result, &run.target, sources);
        let chapters = view::chapters(run).into_iter();
        Self {
            style: STYLE,
            script: SCRIPT,
            policy: policy(),
            target: visible::line(&run.target.name),
            base_url: visible::line(&run.target.base_url),
            conclusion: words::conclusion(run.conclusion),
            conclusion_class: conclusion_class(run.conclusion),
            meaning: words::meaning(run),
            next: next(run),
            tallies: tallies(run),
            parts: requirements::parts(run, sources),
            unsettled: reasons(run, &[Outcome::Defect, Outcome::Inconclusive, Outcome::Flaky]),
            aside: reasons(run, &[Outcome::NotApplicable, Outcome::NotSelected]),
            groups: requirements::groups(run),
            chapters: chapters
                .map(|chapter| ChapterView {
                    name: visible::line(chapter.name),
                    cases: chapter.results.into_iter().map(case).collect(),
                })
                .collect(),
            cases: run.results.len(),
            facts: facts(run),
        }
    }
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
        Conclusion::Conformant => "pass",
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
    add(musts, "broken", format!("Mend what breaks {}; each is shown with its exchange.", words::count(musts, "must")));
    add(counts.defect, "unsettled", format!("Report {} of the suite.", words::count(counts.defect, "defect")));
    let unclear = words::count(counts.inconclusive, "case");
    add(counts.inconclusive, "unsettled", format!("Remove what kept {unclear} from being judged, and run again."));
    let flaky = words::count(counts.flaky, "case");
    add(counts.flaky, "unsettled", format!("Find out why {flaky} passed only when performed again."));
    let list = run.known_failures.as_ref();
    let flaws = list.map_or(0, |list| list.problems.len());
    add(flaws, "identity", format!("Mend {} of the list of known failures.", words::count(flaws, "flaw")));
    let warnings = words::count(shoulds, "recommendation");
    add(shoulds, "warnings", format!("Consider {warnings} that the target does not follow."));
    let aside = words::count(counts.not_applicable, "case");
    add(counts.not_applicable, "aside", format!("Declare more in the target file: {aside} could be judged then."));
    let left_out = words::count(counts.not_selected, "case");
    add(counts.not_selected, "aside", format!("Run without filters: they left out {left_out}."));
    next
}

fn tallies(run: &Run) -> Vec<Tally> {
    let total = run.results.len().max(1);
    let mut before = 0;
    let mut tallies = Vec::new();
    for outcome in words::OUTCOMES {
        let count = run.counts.of(outcome).min(total);
        if count > 0 {
            let (from, to) = (before * BAR / total, (before + count) * BAR / total);
            let (class, word) = (class(outcome), words::outcome(outcome));
            tallies.push(Tally { class, word, count, from, width: to.saturating_sub(from) });
        }
        before += count;
    }
    tallies
}

fn reasons(run: &Run, outcomes: &[Outcome]) -> Vec<ReasonView> {
    let reasons = view::by_reason(run, outcomes).into_iter();
    reasons
        .map(|reason| ReasonView {
            class: class(reason.outcome),
            word: words::outcome(reason.outcome),
            text: visible::line(&visible::clip(reason.text, 1_000)),
            cases: reason.results.iter().map(|result| Link::to("case", &result.id)).collect(),
        })
        .collect()
}

fn facts(run: &Run) -> Vec<(&'static str, String)> {
    let (target, suite, selection) = (&run.target, &run.suite, &run.selection);
    let size = format!("{}, {}", words::count(suite.cases, "case"), words::count(suite.requirements, "requirement"));
    let mut facts = vec![
        ("Target", target.name.clone()),
        ("Base URL", target.base_url.clone()),
        ("Claims", or_none(&target.claims)),
        ("Suite", format!("{}: {size}", suite.name)),
        ("Suite digest", suite.digest.clone()),
        ("Tool", format!("{} {}", run.tool.name, run.tool.version)),
        ("Started", run.started.format("%Y-%m-%d %H:%M:%S UTC").to_string()),
        ("Took", words::duration(run.duration_ms)),
        ("Judged", format!("{} of {}", view::judged(&run.counts), words::count(run.results.len(), "case"))),
    ];
    if !target.limits.is_empty() {
        facts.push(("Limits of its own", target.limits.join(", ")));
    }
    if target.insecure {
        facts.push(("Certificate", "left unchecked".to_owned()));
    }
    if !selection.complete {
        facts.push(("Selected", or_none(&selection.filters)));
    }
    if selection.read_only {
        facts.push(("Writes", "left out: read-only run".to_owned()));
    }
    facts.extend(standings::summary(run).map(|summary| ("Known failures", summary)));
    facts.extend(standings::problems(run).into_iter().map(|problem| ("Flaw of that list", problem)));
    facts.extend(run.left_behind.iter().map(|url| ("Created, not deleted", url.clone())));
    facts.extend(selection.shard.as_ref().map(|shard| ("Shard", shard.clone())));
    facts.into_iter().map(|(name, text)| (name, visible::line(&text))).collect()
}

fn or_none(texts: &[String]) -> String {
    if texts.is_empty() { "none".to_owned() } else { texts.join(", ") }
}
