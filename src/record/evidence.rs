//! What mutants of recorded responses show about the passes of a run: `proof.json` (`schemas/proof.schema.json`).

use serde::{Deserialize, Serialize};

use super::run::{SuiteIdentity, TargetIdentity, Tool};
use super::zero::is_zero;
use crate::verdict::Source;

/// The JSON Schema of [`Evidence`].
pub const PROOF_SCHEMA: &str = include_str!("../../schemas/proof.schema.json");

/// How many altered responses the passed tests of a run notice.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Version of this format: 1.
    pub format: u32,
    /// The program that proved.
    pub tool: Tool,
    /// The suite of the run.
    pub suite: SuiteIdentity,
    /// The target of the run.
    pub target: TargetIdentity,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// The most mutants of one test, if not all were made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<usize>,
    /// All tests together.
    pub totals: Totals,
    /// Passed tests that did not give their verdict again; nothing is counted of them.
    pub not_replayed: Vec<NotReplayed>,
    /// Mutants by what they alter.
    pub operators: Vec<OperatorEvidence>,
    /// Equivalent mutants by what they write differently.
    pub spellings: Vec<SpellingEvidence>,
    /// Equivalent mutants that a test did not pass.
    pub false_alarms: Vec<FalseAlarm>,
    /// The requirements of all tests that were proven.
    pub requirements: Vec<RequirementEvidence>,
    /// The expectations that were judged in these tests.
    pub expectations: Vec<ExpectationEvidence>,
    /// The invariants that passed.
    pub invariants: Vec<InvariantEvidence>,
    /// The tests, in the order of their ids.
    pub tests: Vec<TestEvidence>,
}

impl Evidence {
    /// What `run.json` keeps of it.
    pub fn summary(&self) -> EvidenceSummary {
        let strength = |it: &RequirementEvidence| RequirementStrength {
            id: it.id.clone(),
            made: it.made,
            killed: it.killed,
            passes: it.passes,
        };
        EvidenceSummary {
            totals: self.totals,
            sample: self.sample,
            not_replayed: self.not_replayed.len(),
            requirements: self.requirements.iter().map(strength).collect(),
        }
    }
}

/// The numbers of [`Evidence`], as `run.json` has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceSummary {
    /// All tests together.
    pub totals: Totals,
    /// The most mutants of one test, if not all were made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<usize>,
    /// How many passed tests could not be replayed.
    pub not_replayed: usize,
    /// The requirements of all tests that were proven.
    pub requirements: Vec<RequirementStrength>,
}

impl EvidenceSummary {
    /// The requirements of which no pass noticed a mutant: they passed without evidence on this target.
    pub fn without_evidence(&self) -> impl Iterator<Item = &str> {
        self.requirements.iter().filter(|it| it.killed == 0).map(|it| it.id.as_str())
    }
}

/// How many mutants the passes of one requirement notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "as in `RequirementEvidence`")]
pub struct RequirementStrength {
    pub id: String,
    pub made: usize,
    pub killed: usize,
    pub passes: usize,
}

/// Numbers of a whole run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// Passed tests that gave their verdict again without an altered response.
    pub replayed: usize,
    /// Mutants.
    pub made: usize,
    /// Mutants with which the test did not pass.
    pub killed: usize,
    /// Killed ones that led the test to a request without a recorded response.
    pub astray: usize,
    /// Mutants that survived their test, and that an invariant notices.
    pub noticed_by_invariants: usize,
    /// Equivalent mutants.
    pub equivalents: usize,
    /// Equivalent mutants with which the test did not pass.
    pub equivalents_killed: usize,
}

/// A passed test that did not give its verdict again.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotReplayed {
    /// Its id.
    pub id: String,
    /// Why.
    pub reason: String,
}

/// The mutants of one operator.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "as in `Totals`")]
pub struct OperatorEvidence {
    pub id: String,
    pub sentence: String,
    pub made: usize,
    pub killed: usize,
}

/// The equivalent mutants of one spelling.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "as in `Totals`")]
pub struct SpellingEvidence {
    pub id: String,
    pub sentence: String,
    pub made: usize,
    pub killed: usize,
    /// Those that led the test to a request without a recorded response: they show nothing.
    pub astray: usize,
}

/// An equivalent mutant that a test did not pass: a target that writes so would be accused wrongly.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FalseAlarm {
    /// The id of the test.
    pub test: String,
    /// What is written differently.
    pub spelling: String,
    /// The expectation that failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// What it found.
    pub message: String,
}

/// The passes of one requirement.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequirementEvidence {
    /// Its id.
    pub id: String,
    /// Mutants of the responses that its expectations were judged on.
    pub made: usize,
    /// Those that a finding about this requirement noticed.
    pub killed: usize,
    /// Its tests that passed.
    pub passes: usize,
    /// Its tests that noticed no mutant by a finding about this requirement.
    pub without_evidence: Vec<String>,
}

impl RequirementEvidence {
    /// Whether no pass of it shows anything.
    pub fn is_empty(&self) -> bool {
        self.killed == 0
    }
}

/// An expectation of a case or of an invariant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectationEvidence {
    /// Where it stands.
    pub source: Source,
    /// Mutants that it noticed.
    pub killed: usize,
    /// Those that nothing else in their test noticed.
    pub alone: usize,
}

/// An invariant that passed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "as in `Totals`")]
pub struct InvariantEvidence {
    pub id: String,
    pub made: usize,
    pub killed: usize,
}

/// A passed test.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestEvidence {
    /// Its id.
    pub id: String,
    /// What it notices.
    pub strength: Strength,
}

/// How many mutants a pass notices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Strength {
    /// Mutants.
    pub made: usize,
    /// Those with which the test did not pass.
    pub killed: usize,
    /// Those that survived and that an invariant notices.
    #[serde(default)]
    pub noticed_by_invariants: usize,
    /// Those that survived, by place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub survivors: Vec<Survivor>,
    /// Further places with survivors, which are left out here.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more_survivors: usize,
}

/// A place of a response of which some alterations were not noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Survivor {
    /// The request and the status of the response.
    pub response: String,
    /// What was altered: `status`, a header, or a place of the body.
    pub place: String,
    /// The operators that were not noticed there.
    pub operators: Vec<String>,
}

/// The most places with survivors that `run.json` keeps of one test.
const PLACES: usize = 8;

impl Strength {
    /// The same with the first places alone; `proof.json` has all.
    #[must_use]
    pub fn shortened(&self) -> Self {
        let survivors: Vec<Survivor> = self.survivors.iter().take(PLACES).cloned().collect();
        let more_survivors = self.more_survivors + self.survivors.len() - survivors.len();
        Self { survivors, more_survivors, ..self.clone() }
    }
}
