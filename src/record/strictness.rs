//! How strict a gate is: what fails a command beyond a violated MUST requirement. It changes no verdict.

use serde::{Deserialize, Serialize};

use super::run::{CaseResult, Outcome, RequirementVerdict, Run};
use super::zero::is_zero;

/// What fails a command beyond a violated MUST requirement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Strictness {
    /// What must not be among the results.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fail_on: Vec<FailOn>,
    /// How many tests must be judged at least.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub min_tests: usize,
    /// How many requirements must be judged at least.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub min_requirements: usize,
}

/// Results that fail a command, where that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailOn {
    /// A violated SHOULD requirement.
    Should,
    /// A test that could not be judged, or that passed only on a retry.
    Inconclusive,
    /// A test that the target does not claim or declare.
    NotApplicable,
}

/// A demand of the strictness that a run does not meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// So many results are of a kind that must not be there.
    FailOn(FailOn, usize),
    /// Only so many tests were judged, of so many.
    Tests(usize, usize),
    /// Only so many requirements were judged, of so many.
    Requirements(usize, usize),
}

impl Strictness {
    /// Whether nothing is asked for.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl FailOn {
    fn is_met_by(self, result: &CaseResult) -> bool {
        match self {
            Self::Should => result.verdict == Outcome::Warn,
            Self::Inconclusive => match result.verdict {
                Outcome::Inconclusive => !result.is_held_up_by_known(),
                Outcome::Defect => true,
                Outcome::Flaky => !result.is_excused(),
                _ => false,
            },
            Self::NotApplicable => result.verdict == Outcome::NotApplicable,
        }
    }
}

impl Unmet {
    /// The exit code of a run that is otherwise as it should be.
    pub(super) fn exit_code(self) -> u8 {
        match self {
            Self::FailOn(..) => 1,
            // Nothing bad was seen, but too little for that to mean anything.
            Self::Tests(..) | Self::Requirements(..) => 3,
        }
    }
}

impl Run {
    /// The same run, which a command judges so strictly.
    #[must_use]
    pub fn with_strictness(self, strictness: Strictness) -> Self {
        let strictness = (!strictness.is_nothing()).then_some(strictness);
        Self { strictness, ..self }
    }

    /// The demands that the run does not meet.
    pub fn unmet(&self) -> Vec<Unmet> {
        let Some(strictness) = &self.strictness else { return Vec::new() };
        let fail_on = strictness.fail_on.iter().filter_map(|kind| {
            let met = self.results.iter().filter(|result| kind.is_met_by(result)).count();
            (met > 0).then_some(Unmet::FailOn(*kind, met))
        });
        let counts = &self.counts;
        let tests = counts.pass + counts.fail + counts.warn + counts.observed;
        let is_judged = |verdict| matches!(verdict, RequirementVerdict::Pass | RequirementVerdict::Fail);
        let requirements = self.requirements.iter().filter(|requirement| is_judged(requirement.verdict)).count();
        let Strictness { min_tests, min_requirements, .. } = *strictness;
        let too_few = [
            (tests < min_tests).then_some(Unmet::Tests(tests, min_tests)),
            (requirements < min_requirements).then_some(Unmet::Requirements(requirements, min_requirements)),
        ];
        fail_on.chain(too_few.into_iter().flatten()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::sample;

    fn run(results: &[Outcome], strictness: Strictness) -> Run {
        let results = results.iter().enumerate().map(|(at, it)| sample::case(&format!("a.{at}"), *it)).collect();
        Run::from_results(sample::parts(results)).with_strictness(strictness)
    }

    #[test]
    fn what_is_asked_for_fails_the_run_and_changes_no_conclusion() {
        use FailOn::{Inconclusive, NotApplicable, Should};
        for (results, fail_on, code) in [
            (&[Outcome::Pass, Outcome::Warn][..], vec![], 0),
            (&[Outcome::Pass, Outcome::Warn], vec![Should], 1),
            (&[Outcome::Pass, Outcome::Warn], vec![Inconclusive, NotApplicable], 0),
            (&[Outcome::Pass, Outcome::Inconclusive], vec![Should], 3),
            (&[Outcome::Pass, Outcome::Inconclusive], vec![Inconclusive], 1),
            (&[Outcome::Pass, Outcome::Flaky], vec![Inconclusive], 1),
            (&[Outcome::Pass, Outcome::NotApplicable], vec![NotApplicable], 1),
            (&[Outcome::Pass, Outcome::NotSelected], vec![NotApplicable], 0),
        ] {
            let strict = run(results, Strictness { fail_on: fail_on.clone(), ..Strictness::default() });
            assert_eq!(strict.exit_code(), code, "{results:?} {fail_on:?}");
            assert_eq!(strict.conclusion, run(results, Strictness::default()).conclusion);
        }
    }

    #[test]
    fn too_little_leaves_the_run_inconclusive_and_hides_no_failure() {
        let least = |min_tests| Strictness { min_tests, ..Strictness::default() };
        assert_eq!(run(&[Outcome::Pass, Outcome::Inconclusive, Outcome::Warn], least(3)).unmet(), [Unmet::Tests(2, 3)]);
        assert_eq!(run(&[Outcome::Pass, Outcome::Warn], least(2)).exit_code(), 0);
        assert_eq!(run(&[Outcome::Pass, Outcome::Warn], least(3)).exit_code(), 3);
        assert_eq!(run(&[Outcome::Pass, Outcome::Fail], least(3)).exit_code(), 1);
        let strict = run(&[Outcome::Pass], Strictness { min_requirements: 1, ..Strictness::default() });
        assert_eq!((strict.exit_code(), strict.unmet()), (3, vec![Unmet::Requirements(0, 1)]));
    }
}
