//! Tells findings and exchanges, each exchange once, until the page is full.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::cases::{Places, anchor};
use super::difference;
use super::exchanges::ExchangeView;
use super::fold::Fold;
use super::markup::Markup;
use super::sources::SourceView;
use crate::record::{CaseResult, Run};
use crate::report::{Sources, labels, script, visible};
use crate::verdict::{Datum, Finding, Location, Verdict};

/// Most characters of one text of a finding.
const MOST_CHARACTERS: usize = 2_000;

/// Most bytes of a script that is shown.
const LONGEST_SCRIPT: usize = 16 * 1024;

/// The script that repeats a case.
pub(super) struct ScriptView {
    /// Its file, beside the report.
    pub(super) path: String,
    pub(super) text: Markup,
}

/// One finding.
pub(super) struct FindingView {
    /// The numbers of its case and of itself: it may be told under several requirements.
    pub(super) key: String,
    pub(super) class: &'static str,
    pub(super) word: &'static str,
    pub(super) check: String,
    pub(super) requirements: String,
    pub(super) message: String,
    /// What the expectation itself says, where the author of the case says the message.
    pub(super) details: Option<String>,
    pub(super) expected: Option<Markup>,
    pub(super) actual: Option<Markup>,
    pub(super) source: Option<SourceView>,
    pub(super) exchange: Shown,
}

/// What stands with a finding of the exchange it speaks about.
pub(super) enum Shown {
    /// It speaks about none.
    Nothing,
    /// The exchange itself.
    Here(Box<ExchangeView>),
    /// Its number, and its place: it was shown before.
    There(usize, String),
    /// Its number: the page was full.
    Nowhere(usize),
}

/// What was told so far, and how much room is left.
pub(super) struct Teller<'a> {
    pub(super) run: &'a Run,
    pub(super) places: &'a Places<'a>,
    sources: &'a Sources<'a>,
    exchanges: BTreeSet<(usize, usize)>,
    findings: BTreeSet<(usize, usize)>,
    scripts: BTreeSet<usize>,
    fold: Fold,
    room: usize,
}

impl<'a> Teller<'a> {
    pub(super) fn new(run: &'a Run, places: &'a Places<'a>, sources: &'a Sources<'a>, room: usize) -> Self {
        let (exchanges, findings, scripts) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        Self { run, places, sources, exchanges, findings, scripts, fold: Fold::of(run), room }
    }

    /// The same with this much room.
    pub(super) fn refilled(&mut self, room: usize) {
        self.room = room;
    }

    /// Whether nothing more should be told.
    pub(super) fn is_full(&self) -> bool {
        self.room == 0
    }

    /// A finding with the exchange it speaks about.
    pub(super) fn finding(&mut self, case: usize, at: usize) -> FindingView {
        self.findings.insert((case, at));
        let finding = &self.run.results[case].findings[at];
        let exchange = self.shown(case, finding);
        let mut view = FindingView::of(format!("{case}.{at}"), finding, self.sources, exchange);
        if finding.source.as_ref().is_some_and(|source| self.fold.was_shown(source)) {
            view.source = view.source.map(SourceView::without_lines);
        }
        self.room = self.room.saturating_sub(view.size());
        view
    }

    /// Every finding of a case that was not told yet and is not as expected, at most this many.
    pub(super) fn rest_of_findings(&mut self, case: usize, most: usize) -> Vec<FindingView> {
        let findings = self.run.results[case].findings.iter().enumerate();
        let untold =
            findings.filter(|(at, finding)| finding.verdict != Verdict::Pass && !self.findings.contains(&(case, *at)));
        let untold: Vec<usize> = untold.map(|(at, _)| at).take(most).collect();
        untold.into_iter().map(|at| self.finding(case, at)).collect()
    }

    /// Every exchange of a case that was not shown yet, at most this many.
    pub(super) fn rest_of_exchanges(&mut self, case: usize, most: usize) -> Vec<ExchangeView> {
        let all = (0..self.run.results[case].exchanges.len()).map(|at| self.fold.first((case, at)));
        let untold: Vec<_> = all.filter(|place| !self.exchanges.contains(place)).take(most).collect();
        untold.into_iter().filter_map(|(case, at)| self.exchange(case, at)).collect()
    }

    /// The script that repeats a case, unless it was shown before. Of one that is too long for a page, its place.
    pub(super) fn script(&mut self, case: usize) -> Option<ScriptView> {
        let result = Some(&self.run.results[case]).filter(|result| script::is_repeatable(result))?;
        if self.is_full() || !self.scripts.insert(case) {
            return None;
        }
        let path = format!("{}/{}", script::FOLDER, script::file_name(&result.id));
        let mut text = script::script(result, self.run);
        if text.len() > LONGEST_SCRIPT {
            text = format!("# the script takes {}: it is in {path}", labels::count(text.len(), "byte"));
        }
        self.room = self.room.saturating_sub(text.len());
        Some(ScriptView { path, text: Markup::of(&text) })
    }

    fn shown(&mut self, case: usize, finding: &Finding) -> Shown {
        let Some(at) = finding.exchange.filter(|at| *at < self.run.results[case].exchanges.len()) else {
            return Shown::Nothing;
        };
        let (case, at) = self.fold.first((case, at));
        let number = number(&self.run.results[case], at);
        if self.exchanges.contains(&(case, at)) {
            return Shown::There(number, exchange_anchor(case, at));
        }
        self.exchange(case, at).map_or(Shown::Nowhere(number), |view| Shown::Here(Box::new(view)))
    }

    fn exchange(&mut self, case: usize, at: usize) -> Option<ExchangeView> {
        if self.is_full() {
            return None;
        }
        let run = self.run;
        let offences: Vec<&Location> =
            self.fold.alike((case, at)).flat_map(|(case, at)| offences(&run.results[case], at)).collect();
        let (place, exchange) = (exchange_anchor(case, at), &run.results[case].exchanges[at]);
        let number = number(&run.results[case], at);
        let view = ExchangeView::of(place, number, exchange, &run.target, &offences);
        self.room = self.room.saturating_sub(view.size());
        self.exchanges.insert((case, at));
        Some(view)
    }
}

/// Which exchange of its test it is, those counted that are not kept.
fn number(result: &CaseResult, at: usize) -> usize {
    let kept = result.exchanges.iter().take(at + 1);
    at + 1 + kept.map(|exchange| exchange.left_out).sum::<usize>()
}

fn exchange_anchor(case: usize, at: usize) -> String {
    anchor("exchange", &format!("{case}-{}", at + 1))
}

/// The places of an exchange that are not as expected.
fn offences(result: &CaseResult, at: usize) -> Vec<&Location> {
    let about = result.findings.iter().filter(|finding| finding.exchange == Some(at));
    about.filter(|finding| finding.verdict != Verdict::Pass).filter_map(|finding| finding.location.as_ref()).collect()
}

impl FindingView {
    fn of(key: String, finding: &Finding, sources: &Sources<'_>, exchange: Shown) -> Self {
        let line = |text: &str| visible::line(&visible::clip(text, MOST_CHARACTERS));
        let text = |datum: &Datum| visible::block(&visible::clip(&datum.to_string(), MOST_CHARACTERS));
        let (expected, actual) = match (finding.expected.as_ref().map(text), finding.actual.as_ref().map(text)) {
            (Some(expected), Some(actual)) => {
                let (expected, actual) = difference::marked(&expected, &actual);
                (Some(expected), Some(actual))
            }
            (expected, actual) => (expected.map(|text| Markup::of(&text)), actual.map(|text| Markup::of(&text))),
        };
        Self {
            key,
            class: verdict_class(finding.verdict),
            word: labels::verdict(finding.verdict),
            check: visible::line(&finding.check),
            requirements: visible::line(&finding.requirements.join(", ")),
            message: line(&finding.says.as_deref().map_or_else(|| labels::message(finding), Cow::Borrowed)),
            details: finding.says.is_some().then(|| line(&labels::message(finding))),
            expected,
            actual,
            source: finding.source.as_ref().map(|source| SourceView::of(source, sources)),
            exchange,
        }
    }

    /// About how many bytes of the page it takes without its exchange.
    fn size(&self) -> usize {
        /// About what its tags and the lines of its source take.
        const TAGS: usize = 900;
        let values = [&self.expected, &self.actual];
        TAGS + self.message.len() + values.into_iter().flatten().map(Markup::len).sum::<usize>()
    }
}

fn verdict_class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Inconclusive => "inconclusive",
        Verdict::Fail => "fail",
    }
}
