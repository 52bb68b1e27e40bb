//! The run from the sides that several reports show: by requirement broken, by chapter, by reason set aside.

use std::collections::BTreeMap;

use super::labels;
use crate::reason::MissingKey;
use crate::record::{CaseResult, Counts, Outcome, RequirementResult, Run, StoredExchange};
use crate::verdict::{Finding, Level, Verdict};

/// What stands for the requirement of a finding that names none.
const UNNAMED: &str = "(no requirement named)";

/// A requirement that the target was seen to break.
pub(super) struct Violation<'a> {
    pub(super) id: &'a str,
    pub(super) level: Level,
    /// The requirement itself, unless the run does not hold it.
    pub(super) requirement: Option<&'a RequirementResult>,
    /// The cases that saw it, each with what they found.
    pub(super) cases: Vec<(&'a CaseResult, Vec<&'a Finding>)>,
    /// The violations that are a consequence of it.
    pub(super) consequences: Vec<Violation<'a>>,
}

/// Every requirement that a failed finding names, consequences below their causes: the weightiest first, then in the
/// order of the requirements.
pub(super) fn violations(run: &Run) -> Vec<Violation<'_>> {
    let all = all_violations(run);
    let ids: Vec<&str> = all.iter().map(|violation| violation.id).collect();
    let cause =
        |violation: &Violation<'_>| violation.because().iter().find_map(|id| ids.iter().position(|it| it == id));
    let causes: Vec<Option<usize>> = all.iter().map(cause).collect();
    let mut all: Vec<Option<Violation<'_>>> = all.into_iter().map(Some).collect();
    for (at, cause) in causes.into_iter().enumerate() {
        let Some(cause) = cause.filter(|cause| *cause != at && all[*cause].is_some()) else { continue };
        let consequence = all[at].take();
        if let Some(cause) = &mut all[cause] {
            cause.consequences.extend(consequence);
        }
    }
    all.into_iter().flatten().collect()
}

fn all_violations(run: &Run) -> Vec<Violation<'_>> {
    let mut violations: Vec<Violation<'_>> = Vec::new();
    for (result, finding) in failed_findings(run) {
        for id in named(finding) {
            let at = violations.iter().position(|violation| violation.id == id).unwrap_or_else(|| {
                violations.push(violation(run, id));
                violations.len() - 1
            });
            violations[at].add(result, finding);
        }
    }
    let position = |id: &str| run.requirements.iter().position(|requirement| requirement.id == id);
    violations.sort_by_key(|violation| (std::cmp::Reverse(violation.level), position(violation.id)));
    violations
}

impl<'a> Violation<'a> {
    fn add(&mut self, result: &'a CaseResult, finding: &'a Finding) {
        match self.cases.last_mut() {
            Some((last, findings)) if last.id == result.id => findings.push(finding),
            _ => self.cases.push((result, vec![finding])),
        }
    }

    /// The violations of which it is a consequence.
    pub(super) fn because(&self) -> &'a [String] {
        self.requirement.map_or(&[], |requirement| &requirement.because)
    }

    pub(super) fn statement(&self) -> &'a str {
        self.requirement.map_or("", |requirement| &requirement.statement)
    }
}

fn failed_findings(run: &Run) -> impl Iterator<Item = (&CaseResult, &Finding)> {
    let each = run.results.iter().flat_map(|result| result.findings.iter().map(move |finding| (result, finding)));
    // What a flaky case found once did not come again.
    each.filter(|(result, finding)| finding.verdict == Verdict::Fail && result.verdict != Outcome::Flaky)
}

fn named(finding: &Finding) -> Vec<&str> {
    if finding.requirements.is_empty() {
        return vec![UNNAMED];
    }
    finding.requirements.iter().map(String::as_str).collect()
}

fn violation<'a>(run: &'a Run, id: &'a str) -> Violation<'a> {
    let requirement = run.requirements.iter().find(|requirement| requirement.id == id);
    let level = requirement.map_or(Level::Must, |requirement| requirement.level);
    Violation { id, level, requirement, cases: Vec::new(), consequences: Vec::new() }
}

/// The results of one chapter.
pub(super) struct Chapter<'a> {
    pub(super) name: &'a str,
    pub(super) results: Vec<&'a CaseResult>,
}

impl Chapter<'_> {
    pub(super) fn count(&self, outcome: Outcome) -> usize {
        self.results.iter().filter(|result| result.verdict == outcome).count()
    }
}

/// The chapters of which anything was selected.
pub(super) fn selected_chapters(run: &Run) -> Vec<Chapter<'_>> {
    let mut chapters = chapters(run);
    chapters.retain(|chapter| chapter.count(Outcome::NotSelected) < chapter.results.len());
    chapters
}

/// All results by chapter, in the order of their ids.
pub(super) fn chapters(run: &Run) -> Vec<Chapter<'_>> {
    let mut chapters: Vec<Chapter<'_>> = Vec::new();
    for result in &run.results {
        match chapters.iter_mut().find(|chapter| chapter.name == result.chapter) {
            Some(chapter) => chapter.results.push(result),
            None => chapters.push(Chapter { name: &result.chapter, results: vec![result] }),
        }
    }
    chapters
}

/// Results that share a reason.
pub(super) struct Reason<'a> {
    pub(super) outcome: Outcome,
    pub(super) text: String,
    pub(super) results: Vec<&'a CaseResult>,
}

impl<'a> Reason<'a> {
    /// The reason itself, if the results say one.
    pub(super) fn fact(&self) -> Option<&'a crate::reason::Reason> {
        self.results.first()?.reason.as_ref()
    }

    /// The keys that the target file lacks.
    pub(super) fn missing_keys(&self) -> &'a [MissingKey] {
        self.fact().map_or(&[], crate::reason::Reason::missing_keys)
    }
}

/// Results that ended in one of these ways by their reason, the commonest first.
pub(super) fn by_reason<'a>(run: &'a Run, outcomes: &[Outcome]) -> Vec<Reason<'a>> {
    let mut numbers: BTreeMap<(Outcome, String), usize> = BTreeMap::new();
    let mut reasons: Vec<Reason<'a>> = Vec::new();
    for result in run.results.iter().filter(|result| outcomes.contains(&result.verdict)) {
        let text = labels::why(result);
        let number = *numbers.entry((result.verdict, text.clone())).or_insert(reasons.len());
        match reasons.get_mut(number) {
            Some(reason) => reason.results.push(result),
            None => reasons.push(Reason { outcome: result.verdict, text, results: vec![result] }),
        }
    }
    reasons.sort_by_key(|reason| (reason.outcome, std::cmp::Reverse(reason.results.len())));
    reasons
}

/// The first finding that failed, else the first that could not be judged.
pub(super) fn worst(result: &CaseResult) -> Option<&Finding> {
    let of = |verdict: Verdict| result.findings.iter().find(move |finding| finding.verdict == verdict);
    of(Verdict::Fail).or_else(|| of(Verdict::Inconclusive))
}

/// What is alike in the failures of tests whose requests differ: what failed, without the request.
pub(super) fn message(result: &CaseResult) -> String {
    in_a_line(result, |failed| labels::message(failed).into_owned())
}

/// What is to be said of a test in one line: of what it is a consequence, and what is wrong with the response to which
/// request, or why it was not judged.
pub(super) fn headline(result: &CaseResult, base_url: &str) -> String {
    in_a_line(result, |failed| labels::headline(result, failed, base_url))
}

fn in_a_line(result: &CaseResult, say: impl FnOnce(&Finding) -> String) -> String {
    let Some(failed) = worst(result).filter(|finding| finding.verdict == Verdict::Fail) else {
        return labels::why(result);
    };
    let said = say(failed);
    labels::cause(&result.because).map_or(said.clone(), |cause| format!("{cause}: {said}"))
}

/// The URL of an exchange below the root of the API: `/` for the root, and the whole URL where it lies elsewhere.
pub(super) fn path<'a>(exchange: &'a StoredExchange, base_url: &str) -> &'a str {
    match exchange.url.strip_prefix(base_url.trim_end_matches('/')) {
        Some("") => "/",
        Some(path) => path,
        None => &exchange.url,
    }
}

/// The exchange a finding speaks about.
pub(super) fn exchange<'a>(result: &'a CaseResult, finding: &Finding) -> Option<&'a StoredExchange> {
    result.exchanges.get(finding.exchange?)
}

/// How many results were judged, whatever the verdict.
pub(super) fn judged(counts: &Counts) -> usize {
    counts.pass + counts.fail + counts.warn + counts.observed + counts.inconclusive + counts.flaky + counts.defect
}
