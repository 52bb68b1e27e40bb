//! Cases and their findings, as the page shows them.

use super::exchanges::{ExchangeView, Extent};
use crate::record::{CaseResult, Outcome, TargetIdentity};
use crate::report::{Sources, view, visible, words};
use crate::verdict::{Finding, Source, Verdict};

/// Most exchanges of a case where nothing was wrong.
const FEW_EXCHANGES: usize = 2;
/// Most exchanges of a case where something was.
const MANY_EXCHANGES: usize = 24;
/// Most findings of one case.
const MANY_FINDINGS: usize = 24;
/// Most characters of one text of a finding.
const MOST_CHARACTERS: usize = 2_000;

pub(super) struct ChapterView {
    pub(super) name: String,
    pub(super) cases: Vec<CaseView>,
}

pub(super) struct CaseView {
    pub(super) id: String,
    pub(super) anchor: String,
    pub(super) class: &'static str,
    pub(super) word: &'static str,
    pub(super) level: &'static str,
    pub(super) purpose: String,
    pub(super) requirements: Vec<Link>,
    pub(super) about: String,
    pub(super) time: String,
    pub(super) reason: Option<String>,
    pub(super) standing: Option<&'static str>,
    pub(super) place: String,
    pub(super) findings: Vec<FindingView>,
    pub(super) more_findings: usize,
    pub(super) exchanges: Vec<ExchangeView>,
    pub(super) more_exchanges: usize,
}

pub(super) struct FindingView {
    pub(super) class: &'static str,
    pub(super) word: &'static str,
    pub(super) check: String,
    pub(super) requirements: String,
    pub(super) message: String,
    pub(super) expected: Option<String>,
    pub(super) actual: Option<String>,
    pub(super) source: Option<SourceView>,
    pub(super) exchange: Option<ExchangeView>,
    pub(super) number: Option<usize>,
}

pub(super) struct SourceView {
    pub(super) place: String,
    pub(super) line: usize,
    pub(super) text: Option<String>,
}

/// A name and the place of the page that tells more about it.
pub(super) struct Link {
    pub(super) text: String,
    pub(super) anchor: String,
}

impl Link {
    pub(super) fn to(kind: &str, id: &str) -> Self {
        Self { text: visible::line(id), anchor: anchor(kind, id) }
    }
}

/// The name of a place of the page: nothing in it needs escaping.
pub(super) fn anchor(kind: &str, id: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' };
    format!("{kind}-{}", id.chars().map(plain).collect::<String>())
}

/// The class that gives an outcome its colour.
pub(super) fn class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fail => "fail",
        Outcome::Defect => "defect",
        Outcome::Inconclusive => "inconclusive",
        Outcome::Flaky => "flaky",
        Outcome::Warn => "warn",
        Outcome::Observed => "observed",
        Outcome::Pass => "pass",
        Outcome::NotApplicable => "not-applicable",
        Outcome::NotSelected => "not-selected",
    }
}

impl CaseView {
    pub(super) fn of(result: &CaseResult, target: &TargetIdentity, sources: &Sources<'_>) -> Self {
        let aside = matches!(result.verdict, Outcome::NotApplicable | Outcome::NotSelected);
        let shown = exchanges_shown(result);
        Self {
            id: visible::line(&result.id),
            anchor: anchor("case", &result.id),
            class: class(result.verdict),
            word: words::outcome(result.verdict),
            level: words::level(result.level),
            purpose: visible::line(&result.purpose),
            requirements: result.requirements.iter().map(|id| Link::to("requirement", id)).collect(),
            about: visible::line(&result.requirements.join(" ")),
            time: if aside { String::new() } else { words::duration(result.duration_ms) },
            reason: (result.reason.is_some() || aside).then(|| visible::line(view::reason(result))),
            standing: result.standing.map(words::standing),
            place: visible::line(&words::place(&result.source)),
            findings: findings(result, sources),
            more_findings: result.findings.len().saturating_sub(MANY_FINDINGS),
            more_exchanges: result.exchanges.len() - shown.len(),
            exchanges: shown.into_iter().map(|at| exchange(result, at, target)).collect(),
        }
    }
}

/// The worst first, so that none of them is among those left out.
fn findings(result: &CaseResult, sources: &Sources<'_>) -> Vec<FindingView> {
    let mut findings: Vec<&Finding> = result.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.verdict));
    findings.into_iter().take(MANY_FINDINGS).map(|finding| FindingView::brief(finding, sources)).collect()
}

fn is_fine(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Pass | Outcome::NotApplicable | Outcome::NotSelected)
}

/// The exchanges that findings speak about first, then the others from the beginning; in the order they were made.
fn exchanges_shown(result: &CaseResult) -> Vec<usize> {
    let most = if is_fine(result.verdict) { FEW_EXCHANGES } else { MANY_EXCHANGES };
    let telling = result.findings.iter().filter(|finding| finding.verdict != Verdict::Pass);
    let telling = telling.filter_map(|finding| finding.exchange).filter(|at| *at < result.exchanges.len());
    let mut shown = std::collections::BTreeSet::new();
    for at in telling.chain(0..result.exchanges.len()) {
        if shown.len() < most {
            shown.insert(at);
        }
    }
    shown.into_iter().collect()
}

fn exchange(result: &CaseResult, at: usize, target: &TargetIdentity) -> ExchangeView {
    let extent = if is_fine(result.verdict) { Extent::Brief } else { Extent::Whole };
    ExchangeView::of(at, &result.exchanges[at], target, extent)
}

impl FindingView {
    /// The finding without its exchange, which stands beside it.
    fn brief(finding: &Finding, sources: &Sources<'_>) -> Self {
        let text = |text: &str| visible::block(&visible::clip(text, MOST_CHARACTERS));
        let (class, word) = (verdict_class(finding.verdict), words::verdict(finding.verdict));
        Self {
            class,
            word,
            check: visible::line(&finding.check),
            requirements: visible::line(&finding.requirements.join(", ")),
            message: visible::line(&visible::clip(&finding.message, MOST_CHARACTERS)),
            expected: finding.expected.as_deref().map(text),
            actual: finding.actual.as_deref().map(text),
            source: finding.source.as_ref().map(|source| SourceView::of(source, sources)),
            exchange: None,
            number: finding.exchange.map(|at| at + 1),
        }
    }

    /// The finding with the whole of its exchange, under the heading of its requirement.
    pub(super) fn whole(
        result: &CaseResult,
        finding: &Finding,
        target: &TargetIdentity,
        sources: &Sources<'_>,
    ) -> Self {
        let at = finding.exchange.filter(|at| *at < result.exchanges.len());
        let exchange = at.map(|at| ExchangeView::of(at, &result.exchanges[at], target, Extent::Whole));
        Self { exchange, requirements: String::new(), ..Self::brief(finding, sources) }
    }
}

fn verdict_class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Inconclusive => "inconclusive",
        Verdict::Fail => "fail",
    }
}

impl SourceView {
    fn of(source: &Source, sources: &Sources<'_>) -> Self {
        let text = sources(source).map(|line| visible::line(&visible::clip(line.trim(), MOST_CHARACTERS)));
        Self { place: visible::line(&words::place(source)), line: source.line, text }
    }
}
