//! A finished run, as it stands in `run.json` (`schemas/run.schema.json`) and as every report reads it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::evidence::{EvidenceSummary, Strength};
use super::exchange::StoredExchange;
use super::history::History;
use super::judged::Judged;
use super::known::KnownList;
use super::strictness::Strictness;
use crate::reason::{Reason, Shard};
use crate::verdict::{Finding, Level, Source};

/// A finished run: everything that a report shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Version of this format: 2.
    pub format: u32,
    /// Who judged.
    pub tool: Tool,
    /// By which suite.
    pub suite: SuiteIdentity,
    /// What was judged.
    pub target: TargetIdentity,
    /// Whether that was the embedded reference server, because no target was given.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub embedded: bool,
    /// When the run began.
    pub started: DateTime<Utc>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// What was left out by the user's choice.
    pub selection: Selection,
    /// How it ended, folded from the results alone.
    pub conclusion: Conclusion,
    /// Results by outcome.
    pub counts: Counts,
    /// A verdict for each requirement, in the order of `requirements.yaml`.
    pub requirements: Vec<RequirementResult>,
    /// Ordered by id.
    pub results: Vec<CaseResult>,
    /// How it stands to the runs before it in the same folder of reports, where there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<History>,
    /// How the run stands against a list of known failures, where one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_failures: Option<KnownList>,
    /// What fails the command beyond a violated MUST requirement, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strictness: Option<Strictness>,
    /// Why nothing was judged, where the run ended before its first test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nothing_judged: Option<String>,
    /// How many recorded exchanges were judged, where no request was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_exchanges: Option<usize>,
    /// How many altered responses its passes notice, where that was proven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceSummary>,
    /// URLs of what the run created and could not delete.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_behind: Vec<String>,
}

/// The program that judged.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Tool {
    /// The name of this program.
    pub const NAME: &str = env!("CARGO_PKG_NAME");

    /// This program.
    pub fn this() -> Self {
        Self { name: Self::NAME.to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// The suite that was run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuiteIdentity {
    /// Its name: `atlas-v1.0`, or `custom` where the user's cases were added or used instead.
    pub name: String,
    /// `sha256:` and the digest of its files.
    pub digest: String,
    /// How many cases and invariants it has.
    pub cases: usize,
    /// How many requirements it has.
    pub requirements: usize,
}

/// The implementation that was judged.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetIdentity {
    /// Its name in the target file.
    pub name: String,
    /// Its root.
    pub base_url: String,
    /// What it claims to implement, sorted.
    pub claims: Vec<String>,
    /// Whether its certificate was left unchecked.
    #[serde(default)]
    pub insecure: bool,
    /// Limits that differ from the specification's (`page-maximum: 500`).
    #[serde(default)]
    pub limits: Vec<String>,
    /// Whether its certificate hangs on an authority of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ca: bool,
    /// Whether we show it a certificate.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub client_certificate: bool,
    /// The proxy through which it is reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy: Option<String>,
}

/// What the user chose to run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// Whether nothing was left out by choice.
    pub complete: bool,
    /// The filters, as given.
    pub filters: Vec<String>,
    /// Whether cases that write were left out.
    pub read_only: bool,
    /// Which part of the suite it was, if not the whole.
    pub shard: Option<Shard>,
    /// Whether the user ended the run before every chosen case had begun.
    #[serde(default)]
    pub interrupted: bool,
    /// The case or invariant whose failure ended the run (`--fail-fast`) before every chosen case had begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<String>,
}

impl Selection {
    /// The choice of everything.
    pub fn everything() -> Self {
        Self { complete: true, filters: Vec::new(), read_only: false, shard: None, interrupted: false, ended_by: None }
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[must_use = "the process exits with the conclusion"]
pub enum Conclusion {
    /// No *must* failed and nothing is inconclusive.
    Conformant,
    /// A *must* failed.
    NonConformant,
    /// No *must* failed, but something could not be judged.
    Undecided,
    /// Recorded exchanges show no violation of a *must*. They never show that a target is conformant.
    NoViolation,
}

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A *must* failed.
    Fail,
    /// The suite itself is at fault.
    Defect,
    /// Could not be judged.
    Inconclusive,
    /// Did not pass, and passed when it was performed again.
    Flaky,
    /// Only a *should* failed.
    Warn,
    /// Only a *may* was not met: an observation.
    Observed,
    /// All as expected.
    Pass,
    /// The target does not claim or declare what the case needs.
    NotApplicable,
    /// Left out by the user's choice.
    NotSelected,
}

/// Results by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each counts the outcome of its name")]
pub struct Counts {
    pub pass: usize,
    pub fail: usize,
    pub warn: usize,
    pub observed: usize,
    pub inconclusive: usize,
    #[serde(default)]
    pub flaky: usize,
    pub defect: usize,
    pub not_applicable: usize,
    pub not_selected: usize,
}

/// The verdict on one requirement.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequirementResult {
    /// Its id.
    pub id: String,
    /// Its weight.
    pub level: Level,
    /// What it says.
    pub statement: String,
    /// Where the specification says so.
    pub section: String,
    /// `pass`, `fail` (whatever the level), `inconclusive`, `not-applicable` or `not-selected`.
    pub verdict: RequirementVerdict,
    /// Other violated requirements, of which its violation is a consequence: every response that shows it shows theirs,
    /// at the same place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<String>,
    /// Ids of the results that speak about it.
    pub cases: Vec<String>,
}

/// The verdict on a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum RequirementVerdict {
    Pass,
    Fail,
    Inconclusive,
    NotApplicable,
    NotSelected,
}

/// What running one case, or judging one invariant, produced.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseResult {
    /// Id with its loop variables: `lists.walk[size=7]`.
    pub id: String,
    /// Its chapter.
    pub chapter: String,
    /// Its purpose.
    pub purpose: String,
    /// The strongest level of its requirements.
    pub level: Level,
    /// What it judges.
    pub requirements: Vec<String>,
    /// How it ended.
    pub verdict: Outcome,
    /// Against the target's known failures, where a list was given.
    pub standing: Option<Standing>,
    /// When it began, in milliseconds since the run began.
    pub started_ms: u64,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// When it waited for the clock.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waits: Vec<Wait>,
    /// How each try ended, where it was tried more than once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tries: Vec<Outcome>,
    /// Requests that were sent again.
    #[serde(default, skip_serializing_if = "Resent::is_nothing")]
    pub resent: Resent,
    /// The exchanges that an invariant was judged on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<Judged>,
    /// How many altered responses it notices, where that was proven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Strength>,
    /// The violated requirements of which its failure, or that it is inconclusive, is a consequence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<String>,
    /// Why it was skipped, is inconclusive, or is an error of the suite.
    pub reason: Option<Reason>,
    /// The line of its id.
    pub source: Source,
    /// What was found, in the order of the steps.
    pub findings: Vec<Finding>,
    /// What crossed the wire, in order.
    pub exchanges: Vec<StoredExchange>,
}

/// What a result is about: a test or an invariant of which nothing is known yet.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each becomes the member of `CaseResult` of its name")]
pub struct Subject {
    pub id: String,
    pub chapter: String,
    pub purpose: String,
    pub level: Level,
    pub requirements: Vec<String>,
    pub source: Source,
}

impl CaseResult {
    /// The result of a subject that ended so, with nothing else to say about it.
    pub fn new(subject: Subject, verdict: Outcome) -> Self {
        Self {
            id: subject.id,
            chapter: subject.chapter,
            purpose: subject.purpose,
            level: subject.level,
            requirements: subject.requirements,
            verdict,
            standing: None,
            started_ms: 0,
            duration_ms: 0,
            waits: Vec::new(),
            tries: Vec::new(),
            resent: Resent::default(),
            judged: None,
            evidence: None,
            because: Vec::new(),
            reason: None,
            source: subject.source,
            findings: Vec::new(),
            exchanges: Vec::new(),
        }
    }
}

/// Requests of a test that were sent again, by the cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resent {
    /// Because they were refused with 429.
    #[serde(default)]
    pub throttled: usize,
    /// Because the connection was closed before the response.
    #[serde(default)]
    pub dropped: usize,
}

impl Resent {
    /// Whether nothing was sent again.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// A wait of a case for the clock: for the next window of a limit, or for something to expire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// When it began, in milliseconds since the run began.
    pub started_ms: u64,
    /// How long it took, in milliseconds of the run's clock.
    pub duration_ms: u64,
}

/// Where a verdict stands against the target's list of known failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// As the list says.
    AsExpected,
    /// Failed, and nobody expected it.
    Regression,
    /// Passed although listed as failing.
    Stale,
    /// Could not be judged.
    Unsettled,
}
