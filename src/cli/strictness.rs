//! How strict a gate is, as the command line says it.

use clap::{Args, ValueEnum};

use crate::record::{FailOn, Run, Strictness};
use crate::report;

use super::output::Output;

/// What fails a run beyond a violated MUST requirement.
#[derive(Debug, Args)]
pub(super) struct StrictArgs {
    /// Exit with 1 also on these results
    #[arg(long, value_enum, value_name = "RESULT", value_delimiter = ',')]
    fail_on: Vec<FailOnArg>,
    /// Exit with 3 if fewer tests were judged
    #[arg(long, value_name = "N", default_value_t = 0)]
    min_tests: usize,
    #[command(flatten)]
    requirements: LeastArgs,
}

/// How much must be judged at least.
#[derive(Debug, Args)]
pub(super) struct LeastArgs {
    /// Exit with 3 if fewer requirements were judged
    #[arg(long, value_name = "N", default_value_t = 0)]
    min_requirements: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOnArg {
    /// A violated SHOULD requirement
    Should,
    /// A test that could not be judged, or that passed only on a retry
    Inconclusive,
    /// A test that the target does not claim or declare
    NotApplicable,
}

impl StrictArgs {
    /// As a run records it.
    pub(super) fn strictness(&self) -> Strictness {
        let kind = |arg: &FailOnArg| match arg {
            FailOnArg::Should => FailOn::Should,
            FailOnArg::Inconclusive => FailOn::Inconclusive,
            FailOnArg::NotApplicable => FailOn::NotApplicable,
        };
        let mut fail_on: Vec<FailOn> = self.fail_on.iter().map(kind).collect();
        fail_on.sort_unstable();
        fail_on.dedup();
        Strictness { fail_on, min_tests: self.min_tests, ..self.requirements.strictness() }
    }
}

impl LeastArgs {
    /// As a run records it.
    pub(super) fn strictness(&self) -> Strictness {
        Strictness { min_requirements: self.min_requirements, ..Strictness::default() }
    }
}

/// Tells which demands a run does not meet.
pub(super) fn complain(run: &Run, output: &Output) {
    for unmet in run.unmet() {
        output.complain(&report::unmet(unmet));
    }
}
