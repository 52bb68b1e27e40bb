//! What a certificate states: an in-toto Statement with the predicate `test-result`, and our own facts beside it.
//!
//! Members that are not known are ignored when a statement is read, as in-toto demands of every consumer. The order of
//! members is fixed by the types, so that one run, key and period of validity always give the same bytes.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The type of every statement.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
/// The type of the predicate.
pub const PREDICATE_TYPE: &str = "https://in-toto.io/attestation/test-result/v0.1";
/// The version of our own facts.
pub const FORMAT: u32 = 1;

/// A statement about a subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// [`STATEMENT_TYPE`].
    #[serde(rename = "_type")]
    pub kind: String,
    /// What it is about; one subject.
    pub subject: Vec<Descriptor>,
    /// [`PREDICATE_TYPE`].
    #[serde(rename = "predicateType")]
    pub predicate_type: String,
    /// What is said.
    pub predicate: Predicate,
}

/// A thing and its digests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Descriptor {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// Algorithms and digests in hexadecimal.
    #[serde(default)]
    pub digest: BTreeMap<String, String>,
}

/// The result of a run of tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Predicate {
    /// In one word.
    pub result: TestResult,
    /// The suite and the stored run.
    pub configuration: Vec<Descriptor>,
    /// Where the run can be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Ids of cases that passed.
    #[serde(default)]
    pub passed_tests: Vec<String>,
    /// Ids of cases in which only a *should* failed.
    #[serde(default)]
    pub warned_tests: Vec<String>,
    /// Ids of cases in which a *must* failed; none in a certificate.
    #[serde(default)]
    pub failed_tests: Vec<String>,
    /// Our own facts.
    pub atlaspec_certificate: Facts,
}

/// How a run of tests ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the words of in-toto say it")]
pub enum TestResult {
    Passed,
    Warned,
    Failed,
}

/// How much is certified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Reading.
    Core,
    /// Every claim.
    Full,
}

/// What a certificate says beside the predicate's own members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    /// [`FORMAT`].
    pub format: u32,
    /// How much is certified.
    pub class: Class,
    /// When it holds.
    pub validity: Validity,
    /// What was judged.
    pub target: TargetFacts,
    /// By which suite.
    pub suite: SuiteFacts,
    /// By which program.
    pub tool: ToolFacts,
    /// The run that it rests on.
    pub run: RunFacts,
    /// Cases by outcome.
    pub cases: CaseCounts,
    /// Requirements by verdict.
    pub requirements: RequirementFacts,
    /// What altered responses show about the passes, where the run was proven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceFacts>,
    /// `sha256:` and the digest of the readable page around an empty envelope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
}

/// From when to when a certificate holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    /// From this instant.
    pub from: DateTime<Utc>,
    /// Up to this instant, which is no longer in it.
    pub until: DateTime<Utc>,
}

/// The implementation that was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TargetFacts {
    /// Its name.
    pub name: String,
    /// Its root.
    pub base_url: String,
    /// What it claims.
    pub claims: Vec<String>,
    /// What it could claim and does not.
    pub claims_left_out: Vec<String>,
    /// Limits of its edition that differ from the specification's.
    pub limits: Vec<String>,
}

/// The suite that was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in the stored run")]
pub struct SuiteFacts {
    pub name: String,
    pub digest: String,
    pub cases: usize,
    pub requirements: usize,
}

/// The program that judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in the stored run")]
pub struct ToolFacts {
    pub name: String,
    pub version: String,
}

/// The run that a certificate rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunFacts {
    /// When it began.
    pub started: DateTime<Utc>,
    /// `sha256:` and the digest of `run.json`.
    pub digest: String,
    /// Whether nothing was created, changed or deleted.
    pub read_only: bool,
}

/// Cases by outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseCounts {
    /// All as expected.
    pub passed: usize,
    /// Only a *should* failed.
    pub warned: usize,
    /// Passed, but for a *may*; these are not among `passed`.
    pub observed: usize,
    /// Not claimed or not declared by the target.
    pub not_applicable: usize,
    /// Left out because they write.
    pub not_selected: usize,
}

/// Requirements by verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequirementFacts {
    /// How many hold.
    pub passed: usize,
    /// Recommendations and options that the target does not follow.
    pub not_followed: Vec<String>,
    /// Those about which nothing was judged.
    pub not_judged: Vec<String>,
}

/// What altered responses show about the passes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceFacts {
    /// Altered responses.
    pub made: usize,
    /// Those that a test noticed.
    pub noticed: usize,
    /// Requirements that passed and noticed none.
    pub without_evidence: Vec<String>,
}

impl Class {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Full => "full",
        }
    }
}

impl TestResult {
    /// The word of in-toto.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "PASSED",
            Self::Warned => "WARNED",
            Self::Failed => "FAILED",
        }
    }
}

impl Statement {
    /// The bytes that are signed.
    #[expect(clippy::missing_panics_doc, reason = "it cannot fail")]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("names and numbers are JSON")
    }

    /// The same statement, which also vouches for a page of this digest.
    #[must_use]
    pub fn with_page(mut self, digest: String) -> Self {
        self.predicate.atlaspec_certificate.page = Some(digest);
        self
    }

    /// Our own facts.
    pub fn facts(&self) -> &Facts {
        &self.predicate.atlaspec_certificate
    }

    /// The digest of the software that it is about; none where it is about an address alone.
    pub fn artifact(&self) -> Option<(&str, Option<&str>)> {
        let subject = self.subject.first().filter(|subject| subject.uri.is_none())?;
        Some((subject.digest.get("sha256")?, subject.name.as_deref()))
    }
}
