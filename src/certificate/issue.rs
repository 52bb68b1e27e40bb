//! From a run to the statement about it.

use std::collections::BTreeMap;

use chrono::SubsecRound as _;

use super::grounds::{self, Yardstick, claims_left_out};
use super::refusal::Refusal;
use super::statement::{
    CaseCounts, Class, Descriptor, EvidenceFacts, FORMAT, Facts, PREDICATE_TYPE, Predicate, RequirementFacts, RunFacts,
    STATEMENT_TYPE, Statement, SuiteFacts, TargetFacts, TestResult, ToolFacts, Validity,
};
use super::{digest_of, hexadecimal};
use crate::record::{Outcome, RequirementVerdict, Run};

/// What is asked of a certificate beside the run.
#[derive(Clone, Debug)]
pub struct Terms {
    /// How much is to be certified.
    pub class: Class,
    /// When it is to hold.
    pub validity: Validity,
    /// The software that was judged, where it is at hand.
    pub artifact: Option<Artifact>,
    /// Where the run can be seen.
    pub url: Option<String>,
    /// The digest of `run.json`, as [`digest_of`] gives it.
    pub run_digest: String,
}

/// A piece of software.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Its name, where it is known.
    pub name: Option<String>,
    /// `sha256:` and its digest.
    pub digest: String,
}

/// The statement that a run conforms, or everything that stands against it.
pub fn certify(run: &Run, terms: &Terms, yardstick: &Yardstick) -> Result<Statement, Vec<Refusal>> {
    let mut refusals = grounds::refusals(run, terms.class, yardstick);
    // A certificate tells whole seconds: that of the beginning will do.
    if terms.validity.from < run.started.trunc_subsecs(0) {
        refusals.push(Refusal {
            reason: "the certificate would hold before the run began".to_owned(),
            advice: "let it hold from the run on: a later `--valid-from`, or none".to_owned(),
        });
    }
    if refusals.is_empty() { Ok(statement(run, terms, yardstick)) } else { Err(refusals) }
}

fn statement(run: &Run, terms: &Terms, yardstick: &Yardstick) -> Statement {
    let named = |wanted: &[Outcome]| {
        let results = run.results.iter().filter(|result| wanted.contains(&result.verdict));
        results.map(|result| result.id.clone()).collect::<Vec<String>>()
    };
    let result = if run.counts.warn > 0 { TestResult::Warned } else { TestResult::Passed };
    Statement {
        kind: STATEMENT_TYPE.to_owned(),
        subject: vec![subject(run, terms)],
        predicate_type: PREDICATE_TYPE.to_owned(),
        predicate: Predicate {
            result,
            configuration: vec![
                descriptor(Some("suite"), None, &run.suite.digest),
                descriptor(Some("run.json"), None, &terms.run_digest),
            ],
            url: terms.url.clone(),
            passed_tests: named(&[Outcome::Pass, Outcome::Observed]),
            warned_tests: named(&[Outcome::Warn]),
            failed_tests: named(&[Outcome::Fail]),
            atlaspec_certificate: facts(run, terms, yardstick),
        },
    }
}

/// The software, or else the address that it answered at.
fn subject(run: &Run, terms: &Terms) -> Descriptor {
    let (name, url) = (run.target.name.as_str(), run.target.base_url.as_str());
    match &terms.artifact {
        Some(artifact) => descriptor(artifact.name.as_deref(), None, &artifact.digest),
        None => descriptor(Some(name), Some(url), &digest_of(url.as_bytes())),
    }
}

fn descriptor(name: Option<&str>, uri: Option<&str>, digest: &str) -> Descriptor {
    Descriptor {
        name: name.map(str::to_owned),
        uri: uri.map(str::to_owned),
        digest: BTreeMap::from([("sha256".to_owned(), hexadecimal(digest).to_owned())]),
    }
}

fn facts(run: &Run, terms: &Terms, yardstick: &Yardstick) -> Facts {
    let (suite, target) = (&run.suite, &run.target);
    Facts {
        format: FORMAT,
        class: terms.class,
        validity: terms.validity,
        target: TargetFacts {
            name: target.name.clone(),
            base_url: target.base_url.clone(),
            claims: target.claims.clone(),
            claims_left_out: claims_left_out(run, &yardstick.claims),
            limits: target.limits.clone(),
        },
        suite: SuiteFacts {
            name: suite.name.clone(),
            digest: suite.digest.clone(),
            cases: suite.cases,
            requirements: suite.requirements,
        },
        tool: ToolFacts { name: run.tool.name.clone(), version: run.tool.version.clone() },
        run: RunFacts { started: run.started, digest: terms.run_digest.clone(), read_only: run.selection.read_only },
        cases: CaseCounts {
            passed: run.counts.pass,
            warned: run.counts.warn,
            observed: run.counts.observed,
            not_applicable: run.counts.not_applicable,
            not_selected: run.counts.not_selected,
        },
        requirements: requirements(run),
        evidence: evidence(run),
        page: None,
    }
}

fn evidence(run: &Run) -> Option<EvidenceFacts> {
    let evidence = run.evidence.as_ref()?;
    Some(EvidenceFacts {
        made: evidence.totals.made,
        noticed: evidence.totals.killed,
        without_evidence: evidence.without_evidence().map(str::to_owned).collect(),
    })
}

fn requirements(run: &Run) -> RequirementFacts {
    let ids = |wanted: &dyn Fn(RequirementVerdict) -> bool| {
        let all = run.requirements.iter().filter(|it| wanted(it.verdict));
        all.map(|it| it.id.clone()).collect::<Vec<String>>()
    };
    RequirementFacts {
        passed: ids(&|verdict| verdict == RequirementVerdict::Pass).len(),
        not_followed: ids(&|verdict| verdict == RequirementVerdict::Fail),
        not_judged: ids(&|verdict| !grounds::judged(verdict)),
    }
}
