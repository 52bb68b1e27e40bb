//! What a selftest leaves behind: which case catches which deliberate fault of the reference server.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::run::{Outcome, RequirementResult, RequirementVerdict, Run};
use crate::verdict::{Source, Verdict};

/// The proof that the suite can fail: `selftest.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// Version of this format: 1.
    pub format: u32,
    /// Whether every fault was tried; if not, nothing is said of cases and expectations.
    pub complete: bool,
    /// Every fault that was tried, in the order of the requirements.
    pub faults: Vec<FaultProof>,
    /// Cases and invariants that no fault made fail.
    pub unproven_cases: Vec<String>,
    /// Expectations that no fault made fail, of cases that some fault did.
    pub unproven_expectations: Vec<Source>,
    /// How many expectations were judged on the faultless server.
    pub expectations: usize,
    /// Results that were not as they should be on the faultless server.
    pub false_alarms: Vec<String>,
}

/// What became of one fault.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultProof {
    /// Its name.
    pub name: String,
    /// What the server does wrong.
    pub description: String,
    /// The requirements that it breaks, the one that it is about first.
    pub violates: Vec<String>,
    /// Cases and invariants that found a violation of one of these.
    pub caught_by: Vec<String>,
    /// Whether there is any.
    pub caught_for_the_right_reason: bool,
    /// Cases and invariants that failed for other requirements alone.
    pub also_failed: Vec<String>,
    /// All requirements that were reported broken.
    pub reported: Vec<String>,
    /// Those of them that are no consequence of another one: what stands at the top of a report.
    pub named: Vec<String>,
    /// How many results were inconclusive.
    pub inconclusive: usize,
}

/// The places of expectations, and the ids of cases without their loop variables.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    cases: BTreeSet<String>,
    expectations: BTreeSet<Source>,
}

impl Shown {
    /// Adds what a run shows with this verdict.
    pub fn add(&mut self, run: &Run, verdict: Verdict) {
        for result in &run.results {
            for finding in result.findings.iter().filter(|finding| finding.verdict == verdict) {
                self.cases.insert(plain_id(&result.id).to_owned());
                self.expectations.extend(finding.source.clone());
            }
        }
    }
}

impl FaultProof {
    /// What a run against a server with this fault shows.
    pub fn of(name: &str, description: &str, violates: &[&str], run: &Run) -> Self {
        let mut caught_by = BTreeSet::new();
        let mut also_failed = BTreeSet::new();
        let mut reported = BTreeSet::new();
        for result in &run.results {
            let failed = result.findings.iter().filter(|finding| finding.verdict == Verdict::Fail);
            let broken: Vec<&String> = failed.flat_map(|finding| &finding.requirements).collect();
            if broken.iter().any(|id| violates.contains(&id.as_str())) {
                caught_by.insert(plain_id(&result.id).to_owned());
            } else if !broken.is_empty() {
                also_failed.insert(plain_id(&result.id).to_owned());
            }
            reported.extend(broken.into_iter().cloned());
        }
        let is_named = |it: &&RequirementResult| it.verdict == RequirementVerdict::Fail && it.because.is_empty();
        let named = run.requirements.iter().filter(is_named).map(|requirement| requirement.id.clone());
        Self {
            name: name.to_owned(),
            description: description.to_owned(),
            violates: violates.iter().map(|&id| id.to_owned()).collect(),
            caught_for_the_right_reason: !caught_by.is_empty(),
            caught_by: caught_by.into_iter().collect(),
            also_failed: also_failed.into_iter().collect(),
            reported: reported.into_iter().collect(),
            named: named.collect(),
            inconclusive: run.counts.inconclusive + run.counts.defect,
        }
    }
}

impl FaultProof {
    /// This proof with what one more run against the same server shows.
    #[must_use]
    pub fn and(self, run: &Run) -> Self {
        let violates: Vec<&str> = self.violates.iter().map(String::as_str).collect();
        let more = Self::of(&self.name, &self.description, &violates, run);
        let caught_by = united(&self.caught_by, more.caught_by);
        let mut also_failed = united(&self.also_failed, more.also_failed);
        also_failed.retain(|case| !caught_by.contains(case));
        Self {
            caught_for_the_right_reason: !caught_by.is_empty(),
            also_failed,
            reported: united(&self.reported, more.reported),
            named: united(&self.named, more.named),
            inconclusive: self.inconclusive + more.inconclusive,
            caught_by,
            ..self
        }
    }
}

/// What is in one of two lists, in order.
fn united(one: &[String], other: Vec<String>) -> Vec<String> {
    let all: BTreeSet<String> = one.iter().cloned().chain(other).collect();
    all.into_iter().collect()
}

impl Proof {
    /// The proof from the run against the faultless server, what became of each fault, and what the faulty runs
    /// failed, if all faults were tried.
    pub fn from_runs(faultless: &Run, faults: Vec<FaultProof>, failed: Option<&Shown>) -> Self {
        let mut judged = Shown::default();
        if failed.is_some() {
            judged.add(faultless, Verdict::Pass);
        }
        let complete = failed.is_some();
        let nothing = Shown::default();
        let failed = failed.unwrap_or(&nothing);
        let unproven_cases: Vec<String> = judged.cases.difference(&failed.cases).cloned().collect();
        let unproven = |source: &&Source| !failed.expectations.contains(source);
        Self {
            format: 1,
            complete,
            faults,
            unproven_cases,
            expectations: judged.expectations.len(),
            unproven_expectations: judged.expectations.iter().filter(unproven).cloned().collect(),
            false_alarms: faultless.results.iter().filter(|it| is_alarm(it.verdict)).map(|it| it.id.clone()).collect(),
        }
    }

    /// Whether every fault is caught for the right reason, every case is proven, and nothing is a false alarm.
    pub fn holds(&self) -> bool {
        self.faults.iter().all(|fault| fault.caught_for_the_right_reason)
            && self.unproven_cases.is_empty()
            && self.false_alarms.is_empty()
    }

    /// Of how many faults a requirement that they break is named, and not another one as its cause.
    pub fn rightly_named(&self) -> usize {
        let is_right = |fault: &&FaultProof| fault.named.iter().any(|id| fault.violates.contains(id));
        self.faults.iter().filter(is_right).count()
    }

    /// The median and the largest number of requirements that one fault is named under.
    pub fn localisation(&self) -> (usize, usize) {
        let mut counts: Vec<usize> = self.faults.iter().map(|fault| fault.named.len()).collect();
        counts.sort_unstable();
        (counts.get(counts.len() / 2).copied().unwrap_or_default(), counts.last().copied().unwrap_or_default())
    }
}

fn is_alarm(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Fail
        | Outcome::Defect
        | Outcome::Inconclusive
        | Outcome::Flaky
        | Outcome::Warn
        | Outcome::Observed => true,
        Outcome::Pass | Outcome::NotApplicable | Outcome::NotSelected => false,
    }
}

fn plain_id(id: &str) -> &str {
    id.split('[').next().unwrap_or(id)
}
