//! From findings to outcomes, from outcomes to requirements, and from all of them to the conclusion.

use chrono::{DateTime, Utc};

use super::run::{
    CaseResult, Conclusion, Counts, Outcome, RequirementResult, RequirementVerdict, Run, Selection, SuiteIdentity,
    TargetIdentity, Tool,
};
use crate::verdict::{Finding, Level, Verdict};

/// What the engine knows at the end of a run; the rest of a [`Run`] follows from it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each becomes the member of `Run` of its name")]
pub struct RunParts {
    pub tool: Tool,
    pub suite: SuiteIdentity,
    pub target: TargetIdentity,
    pub started: DateTime<Utc>,
    pub duration_ms: u64,
    pub selection: Selection,
    /// In the order of `requirements.yaml`, as [`RequirementResult::unjudged`] makes them.
    pub requirements: Vec<RequirementResult>,
    pub results: Vec<CaseResult>,
}

impl Run {
    /// The run of these parts: sorted, counted, and concluded from its results alone.
    pub fn from_results(parts: RunParts) -> Self {
        let mut results = parts.results;
        results.sort_by(|a, b| a.id.cmp(&b.id));
        let requirements = parts.requirements.into_iter().map(|requirement| judged(requirement, &results)).collect();
        Self {
            format: super::FORMAT,
            tool: parts.tool,
            suite: parts.suite,
            target: parts.target,
            started: parts.started,
            duration_ms: parts.duration_ms,
            selection: parts.selection,
            conclusion: conclusion(results.iter().map(|result| result.verdict)),
            counts: counts(&results),
            requirements,
            results,
        }
    }

    /// The exit code of the process: 0 conformant, 1 not conformant, 2 a defect of the suite, 3 undecided.
    ///
    /// A failed *must* stays one whatever else went wrong.
    pub fn exit_code(&self) -> u8 {
        match self.conclusion {
            Conclusion::Conformant => 0,
            Conclusion::NonConformant => 1,
            Conclusion::Undecided if self.counts.defect > 0 => 2,
            Conclusion::Undecided => 3,
        }
    }
}

impl RequirementResult {
    /// A requirement about which nothing is known yet.
    pub fn unjudged(
        id: impl Into<String>,
        level: Level,
        statement: impl Into<String>,
        section: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            level,
            statement: statement.into(),
            section: section.into(),
            verdict: RequirementVerdict::NotSelected,
            cases: Vec::new(),
        }
    }
}

/// How a case ended, from its findings and the levels of the requirements they name.
///
/// A finding that names no known requirement weighs as a *must*: a violation is never lightened by a slip of the suite.
pub fn outcome(findings: &[Finding], level_of: impl Fn(&str) -> Option<Level>) -> Outcome {
    let each = findings.iter().map(|finding| match finding.verdict {
        Verdict::Pass => Outcome::Pass,
        Verdict::Inconclusive => Outcome::Inconclusive,
        Verdict::Fail => match finding.requirements.iter().filter_map(|id| level_of(id)).max() {
            None | Some(Level::Must) => Outcome::Fail,
            Some(Level::Should) => Outcome::Warn,
            Some(Level::May) => Outcome::Observed,
        },
    });
    // The order of outcomes is their precedence, the worst first.
    each.min().unwrap_or(Outcome::Defect)
}

/// The conclusion of a run whose results ended so.
///
/// A run that judged nothing is undecided: nothing was found to conform.
pub fn conclusion(outcomes: impl Iterator<Item = Outcome>) -> Conclusion {
    match outcomes.min() {
        Some(Outcome::Fail) => Conclusion::NonConformant,
        Some(Outcome::Warn | Outcome::Observed | Outcome::Pass) => Conclusion::Conformant,
        Some(Outcome::Defect | Outcome::Inconclusive | Outcome::NotApplicable | Outcome::NotSelected) | None => {
            Conclusion::Undecided
        }
    }
}

fn counts(results: &[CaseResult]) -> Counts {
    let mut counts = Counts::default();
    for result in results {
        *counts.of_mut(result.verdict) += 1;
    }
    counts
}

impl Counts {
    /// How many results ended so.
    pub fn of(mut self, outcome: Outcome) -> usize {
        *self.of_mut(outcome)
    }

    fn of_mut(&mut self, outcome: Outcome) -> &mut usize {
        match outcome {
            Outcome::Fail => &mut self.fail,
            Outcome::Defect => &mut self.defect,
            Outcome::Inconclusive => &mut self.inconclusive,
            Outcome::Warn => &mut self.warn,
            Outcome::Observed => &mut self.observed,
            Outcome::Pass => &mut self.pass,
            Outcome::NotApplicable => &mut self.not_applicable,
            Outcome::NotSelected => &mut self.not_selected,
        }
    }
}

fn judged(requirement: RequirementResult, results: &[CaseResult]) -> RequirementResult {
    let speaking: Vec<&CaseResult> = results.iter().filter(|result| speaks_about(result, &requirement.id)).collect();
    RequirementResult {
        verdict: requirement_verdict(&requirement.id, &speaking),
        cases: speaking.iter().map(|result| result.id.clone()).collect(),
        ..requirement
    }
}

fn speaks_about(result: &CaseResult, id: &str) -> bool {
    let named = |ids: &[String]| ids.iter().any(|other| other == id);
    named(&result.requirements) || result.findings.iter().any(|finding| named(&finding.requirements))
}

fn requirement_verdict(id: &str, speaking: &[&CaseResult]) -> RequirementVerdict {
    let ended = |outcome: Outcome| speaking.iter().any(|result| result.verdict == outcome);
    let findings = speaking.iter().flat_map(|result| &result.findings);
    let worst = findings.filter(|finding| finding.requirements.iter().any(|named| named == id));
    match worst.map(|finding| finding.verdict).max() {
        Some(Verdict::Fail) => RequirementVerdict::Fail,
        Some(Verdict::Inconclusive) => RequirementVerdict::Inconclusive,
        _ if ended(Outcome::Inconclusive) || ended(Outcome::Defect) => RequirementVerdict::Inconclusive,
        Some(Verdict::Pass) => RequirementVerdict::Pass,
        None if speaking.iter().any(|result| was_run(result.verdict)) => RequirementVerdict::Inconclusive,
        None if ended(Outcome::NotApplicable) && !ended(Outcome::NotSelected) => RequirementVerdict::NotApplicable,
        None => RequirementVerdict::NotSelected,
    }
}

fn was_run(outcome: Outcome) -> bool {
    !matches!(outcome, Outcome::NotApplicable | Outcome::NotSelected)
}
