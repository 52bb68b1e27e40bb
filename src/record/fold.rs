//! From findings to outcomes, from outcomes to requirements, and from all of them to the conclusion.

use chrono::{DateTime, Utc};

use super::run::{
    CaseResult, Conclusion, Counts, Outcome, RequirementResult, RequirementVerdict, Run, Selection, Standing,
    SuiteIdentity, TargetIdentity, Tool,
};
use super::strictness::Unmet;
use crate::reason::Reason;
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
        let requirements = parts.requirements.into_iter().map(|requirement| judged(requirement, &results));
        let mut requirements: Vec<RequirementResult> = requirements.collect();
        super::causes::name(&mut requirements, &mut results, &parts.target.base_url);
        Self {
            format: super::FORMAT,
            tool: parts.tool,
            suite: parts.suite,
            target: parts.target,
            embedded: false,
            started: parts.started,
            duration_ms: parts.duration_ms,
            conclusion: if_whole(&parts.selection, conclusion(results.iter().map(|result| result.verdict))),
            selection: parts.selection,
            counts: counts(&results),
            requirements,
            results,
            history: None,
            known_failures: None,
            strictness: None,
            nothing_judged: None,
            recorded_exchanges: None,
            evidence: None,
            left_behind: Vec::new(),
        }
    }

    /// The run as one of recorded exchanges, of which so many were judged: it never finds a target conformant.
    #[must_use]
    pub fn of_recorded(self, exchanges: usize) -> Self {
        let conclusion = match self.conclusion {
            Conclusion::Conformant => Conclusion::NoViolation,
            other => other,
        };
        Self { conclusion, recorded_exchanges: Some(exchanges), ..self }
    }

    /// The exit code of the process: 0 conformant, 1 not conformant, 2 a defect of the suite, 3 undecided.
    ///
    /// A failed *must* stays one whatever else went wrong. Failures that a list of known failures excuses do not count;
    /// a flaw of that list counts as a failure. What the [strictness](Run::unmet) demands counts beside that.
    pub fn exit_code(&self) -> u8 {
        let unmet = self.unmet().into_iter().map(Unmet::exit_code).min();
        match (self.own_exit_code(), unmet) {
            (own, Some(code)) if own == 0 || code == 1 => code,
            (own, _) => own,
        }
    }

    fn own_exit_code(&self) -> u8 {
        if self.known_failures.as_ref().is_some_and(|list| !list.problems.is_empty()) {
            return 1;
        }
        let counted = conclusion(self.results.iter().map(CaseResult::counted));
        match if_whole(&self.selection, counted) {
            Conclusion::Conformant | Conclusion::NoViolation => 0,
            Conclusion::NonConformant => 1,
            Conclusion::Undecided if self.counts.defect > 0 => 2,
            Conclusion::Undecided => 3,
        }
    }
}

impl CaseResult {
    /// Whether a list of known failures says that it fails, or that it fails now and then, as it does.
    pub fn is_excused(&self) -> bool {
        let fails = matches!(self.verdict, Outcome::Fail | Outcome::Flaky);
        fails && self.standing == Some(Standing::AsExpected)
    }

    /// Whether it failed and no list of known failures says so.
    pub fn is_regression(&self) -> bool {
        self.standing == Some(Standing::Regression)
    }

    /// Whether it could not be judged because of nothing but failures that a list of known failures names.
    pub fn is_held_up_by_known(&self) -> bool {
        self.verdict == Outcome::Inconclusive && self.standing == Some(Standing::AsExpected)
    }

    /// As what it counts for the exit code: an excused failure, and what comes of it, is as good as none.
    fn counted(&self) -> Outcome {
        if self.is_excused() || self.is_held_up_by_known() { Outcome::Pass } else { self.verdict }
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
            because: Vec::new(),
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

/// Why a test with these findings is inconclusive, if it is.
pub fn reason_of(findings: &[Finding]) -> Option<Reason> {
    if findings.iter().any(|finding| finding.verdict == Verdict::Fail) {
        return None;
    }
    let index = findings.iter().position(|finding| finding.verdict == Verdict::Inconclusive)?;
    let finding = Some(index);
    Some(match findings[index].reason.as_deref() {
        None => Reason::Unclear { finding },
        Some(Reason::Preparation { .. }) => Reason::Preparation { finding },
        Some(reason) => reason.clone(),
    })
}

/// The conclusion of a run whose results ended so.
///
/// A run that judged nothing is undecided: nothing was found to conform.
pub fn conclusion(outcomes: impl Iterator<Item = Outcome>) -> Conclusion {
    match outcomes.min() {
        Some(Outcome::Fail) => Conclusion::NonConformant,
        Some(Outcome::Warn | Outcome::Observed | Outcome::Pass) => Conclusion::Conformant,
        Some(
            Outcome::Defect | Outcome::Inconclusive | Outcome::Flaky | Outcome::NotApplicable | Outcome::NotSelected,
        )
        | None => Conclusion::Undecided,
    }
}

/// What was chosen and did not run may break a *must*: an interrupted run never finds a target conformant.
fn if_whole(selection: &Selection, conclusion: Conclusion) -> Conclusion {
    match conclusion {
        Conclusion::Conformant if selection.interrupted || selection.ended_by.is_some() => Conclusion::Undecided,
        Conclusion::Conformant | Conclusion::NonConformant | Conclusion::Undecided | Conclusion::NoViolation => {
            conclusion
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
            Outcome::Flaky => &mut self.flaky,
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
    // What a flaky case found once did not come again: it leaves the requirement open.
    let steady = speaking.iter().filter(|result| result.verdict != Outcome::Flaky);
    let findings = steady.flat_map(|result| &result.findings);
    let worst = findings.filter(|finding| finding.requirements.iter().any(|named| named == id));
    match worst.map(|finding| finding.verdict).max() {
        Some(Verdict::Fail) => RequirementVerdict::Fail,
        Some(Verdict::Inconclusive) => RequirementVerdict::Inconclusive,
        _ if ended(Outcome::Inconclusive) || ended(Outcome::Defect) || ended(Outcome::Flaky) => {
            RequirementVerdict::Inconclusive
        }
        Some(Verdict::Pass) => RequirementVerdict::Pass,
        None if speaking.iter().any(|result| was_run(result.verdict)) => RequirementVerdict::Inconclusive,
        None if ended(Outcome::NotApplicable) && !ended(Outcome::NotSelected) => RequirementVerdict::NotApplicable,
        None => RequirementVerdict::NotSelected,
    }
}

fn was_run(outcome: Outcome) -> bool {
    !matches!(outcome, Outcome::NotApplicable | Outcome::NotSelected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::sample;

    fn level_of(id: &str) -> Option<Level> {
        match id {
            "must" | "other" => Some(Level::Must),
            "should" => Some(Level::Should),
            "may" => Some(Level::May),
            _ => None,
        }
    }

    fn finding(verdict: Verdict, about: &[&str]) -> Finding {
        let mut finding = Finding::new("status", verdict, "");
        finding.requirements = about.iter().map(|id| (*id).to_owned()).collect();
        finding
    }

    fn result(id: &str, about: &[&str], findings: Vec<Finding>) -> CaseResult {
        let verdict = outcome(&findings, level_of);
        CaseResult {
            chapter: String::new(),
            requirements: about.iter().map(|id| (*id).to_owned()).collect(),
            findings,
            ..sample::case(id, verdict)
        }
    }

    fn aside(id: &str, about: &str, verdict: Outcome) -> CaseResult {
        CaseResult { verdict, ..result(id, &[about], Vec::new()) }
    }

    fn run(results: Vec<CaseResult>) -> Run {
        Run::from_results(parts(results))
    }

    fn parts(results: Vec<CaseResult>) -> RunParts {
        let requirements = ["must", "should"].map(|id| RequirementResult::unjudged(id, Level::Must, "", "")).into();
        RunParts { requirements, ..sample::parts(results) }
    }

    fn verdict_on_must(results: Vec<CaseResult>) -> RequirementVerdict {
        run(results).requirements[0].verdict
    }

    #[test]
    fn the_level_of_what_failed_decides_the_outcome() {
        let of = |findings: &[Finding]| outcome(findings, level_of);
        let (pass, unclear) = (finding(Verdict::Pass, &["must"]), finding(Verdict::Inconclusive, &["may"]));
        let fail = |about: &[&str]| finding(Verdict::Fail, about);
        assert_eq!(of(&[pass.clone(), fail(&["must"]), unclear.clone()]), Outcome::Fail);
        assert_eq!(of(&[pass.clone(), fail(&["should"])]), Outcome::Warn);
        assert_eq!(of(&[pass.clone(), fail(&["may"])]), Outcome::Observed);
        assert_eq!(of(&[fail(&["may", "must"])]), Outcome::Fail);
        assert_eq!(of(&[fail(&["should"]), unclear]), Outcome::Inconclusive);
        assert_eq!(of(&[pass]), Outcome::Pass);
    }

    #[test]
    fn a_slip_of_the_suite_never_lightens_a_violation() {
        assert_eq!(outcome(&[finding(Verdict::Fail, &[])], level_of), Outcome::Fail);
        assert_eq!(outcome(&[finding(Verdict::Fail, &["unknown"])], level_of), Outcome::Fail);
        assert_eq!(outcome(&[], level_of), Outcome::Defect);
    }

    #[test]
    fn the_conclusion_and_the_exit_code_follow_the_worst() {
        let ended = |verdict: Verdict, about: &str| result("x", &[about], vec![finding(verdict, &[about])]);
        let pass = ended(Verdict::Pass, "must");
        let defect = result("d", &["must"], vec![]);
        for (results, conclusion, code) in [
            (vec![pass.clone()], Conclusion::Conformant, 0),
            (vec![pass.clone(), ended(Verdict::Fail, "should")], Conclusion::Conformant, 0),
            (vec![pass.clone(), aside("a", "must", Outcome::NotApplicable)], Conclusion::Conformant, 0),
            (vec![pass.clone(), ended(Verdict::Inconclusive, "should")], Conclusion::Undecided, 3),
            (vec![pass, defect.clone()], Conclusion::Undecided, 2),
            (vec![ended(Verdict::Fail, "must"), defect], Conclusion::NonConformant, 1),
            (vec![aside("a", "must", Outcome::NotApplicable)], Conclusion::Undecided, 3),
            (vec![], Conclusion::Undecided, 3),
        ] {
            let run = run(results);
            assert_eq!((run.conclusion, run.exit_code()), (conclusion, code), "{:?}", run.counts);
        }
    }

    #[test]
    fn an_interrupted_run_never_finds_a_target_conformant() {
        let ended = |verdict: Verdict| result("x", &["must"], vec![finding(verdict, &["must"])]);
        let interrupted = |results| {
            let parts = parts(results);
            let selection = Selection { interrupted: true, ..parts.selection };
            Run::from_results(RunParts { selection, ..parts }).exit_code()
        };
        assert_eq!(interrupted(vec![ended(Verdict::Pass), aside("a", "must", Outcome::NotSelected)]), 3);
        assert_eq!(interrupted(vec![ended(Verdict::Fail)]), 1);
    }

    #[test]
    fn results_are_sorted_and_counted() {
        let run = run(vec![aside("b", "must", Outcome::NotSelected), result("a", &[], vec![])]);
        assert_eq!(run.results.iter().map(|result| result.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(run.counts, Counts { defect: 1, not_selected: 1, ..Counts::default() });
        assert_eq!(run.counts.of(Outcome::Defect), 1);
    }

    #[test]
    fn a_requirement_fails_by_findings_that_name_it_alone() {
        let both = result(
            "x",
            &["must", "should"],
            vec![finding(Verdict::Fail, &["should"]), finding(Verdict::Pass, &["must"])],
        );
        let run = run(vec![both]);
        assert_eq!(run.requirements[0].verdict, RequirementVerdict::Pass);
        assert_eq!(run.requirements[1].verdict, RequirementVerdict::Fail);
        assert_eq!(run.requirements[0].cases, ["x"]);
    }

    #[test]
    fn a_requirement_is_no_better_than_what_was_judged() {
        let judged = |verdict| result("a", &["must"], vec![finding(verdict, &["must"])]);
        let unclear = || judged(Verdict::Inconclusive);
        assert_eq!(verdict_on_must(vec![judged(Verdict::Pass), unclear()]), RequirementVerdict::Inconclusive);
        assert_eq!(verdict_on_must(vec![judged(Verdict::Fail), unclear()]), RequirementVerdict::Fail);
        assert_eq!(
            verdict_on_must(vec![judged(Verdict::Pass), result("d", &["must"], vec![])]),
            RequirementVerdict::Inconclusive
        );
        let silent = result("s", &["must", "other"], vec![finding(Verdict::Fail, &["other"])]);
        assert_eq!(verdict_on_must(vec![silent.clone()]), RequirementVerdict::Inconclusive);
        assert_eq!(verdict_on_must(vec![silent, judged(Verdict::Pass)]), RequirementVerdict::Pass);
    }

    #[test]
    fn what_nobody_judged_says_why() {
        let (applicable, selected) = (Outcome::NotApplicable, Outcome::NotSelected);
        assert_eq!(verdict_on_must(vec![]), RequirementVerdict::NotSelected);
        assert_eq!(verdict_on_must(vec![aside("a", "must", applicable)]), RequirementVerdict::NotApplicable);
        let both = vec![aside("a", "must", applicable), aside("b", "must", selected)];
        assert_eq!(verdict_on_must(both), RequirementVerdict::NotSelected);
        let passed = result("p", &["must"], vec![finding(Verdict::Pass, &["must"])]);
        assert_eq!(verdict_on_must(vec![passed, aside("a", "must", applicable)]), RequirementVerdict::Pass);
    }
}
