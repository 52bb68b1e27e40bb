//! What a run keeps of its cases: results from findings and exchanges, and of those that did not run the reason.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::exchange::Exchange;
use crate::record::{CaseResult, Outcome, outcome};
use crate::suite::{Instance, Invariant, SetAside, Why};
use crate::verdict::{Finding, Level, Verdict};

use super::engine::{Engine, Keep, millis};
use super::invariants::Met;
use super::store::{self, Share};

impl Engine {
    fn level(&self, id: &str) -> Option<Level> {
        self.levels.get(id).copied()
    }

    fn strongest(&self, requirements: &[String]) -> Level {
        requirements.iter().filter_map(|id| self.level(id)).max().unwrap_or(Level::Must)
    }

    pub(super) fn result(
        &self,
        instance: &Instance,
        findings: Vec<Finding>,
        exchanges: &[Exchange],
        started: DateTime<Utc>,
        took: Duration,
        reason: Option<String>,
    ) -> CaseResult {
        let kept = match self.keep {
            Keep::Shown => store::worth_keeping(exchanges, &findings),
            Keep::None => Vec::new(),
        };
        let body_limit = Share::of(&findings).body;
        let stored = kept.iter().map(|number| self.stored(&exchanges[*number], body_limit)).collect();
        let case = &instance.case;
        self.redaction.result(CaseResult {
            id: instance.id.clone(),
            chapter: case.chapter.clone(),
            purpose: case.purpose.clone(),
            level: self.strongest(&case.requirements),
            requirements: case.requirements.clone(),
            verdict: outcome(&findings, |id| self.level(id)),
            standing: None,
            started_ms: self.since_start(started),
            duration_ms: millis(took),
            reason: reason.or_else(|| inconclusive_reason(&findings)),
            source: case.source.clone(),
            findings: store::renumbered(findings, &kept),
            exchanges: stored,
        })
    }

    pub(super) fn invariant_result(&self, invariant: &Invariant, met: Option<Met>) -> CaseResult {
        let met = met.unwrap_or_default();
        let (verdict, reason) = if met.judged == 0 {
            (Outcome::NotApplicable, Some("no exchange of this run is of its kind".to_owned()))
        } else if met.broken == 0 {
            (outcome(&met.findings, |id| self.level(id)), None)
        } else {
            let reason = format!("broken by {} of {} exchanges", met.broken, met.judged);
            (outcome(&met.findings, |id| self.level(id)), Some(reason))
        };
        self.redaction.result(CaseResult {
            id: invariant.id.clone(),
            chapter: invariant.chapter.clone(),
            purpose: invariant.purpose.clone(),
            level: self.strongest(&invariant.requirements),
            requirements: invariant.requirements.clone(),
            verdict,
            standing: None,
            started_ms: 0,
            duration_ms: 0,
            reason,
            source: invariant.source.clone(),
            findings: met.findings,
            exchanges: met.exchanges,
        })
    }

    pub(super) fn set_aside(&self, it: SetAside) -> CaseResult {
        CaseResult {
            level: self.strongest(&it.requirements),
            id: it.id,
            chapter: it.chapter,
            purpose: it.purpose,
            requirements: it.requirements,
            verdict: match it.why {
                Why::NotApplicable => Outcome::NotApplicable,
                Why::NotSelected => Outcome::NotSelected,
            },
            standing: None,
            started_ms: 0,
            duration_ms: 0,
            reason: Some(it.reason),
            source: it.source,
            findings: Vec::new(),
            exchanges: Vec::new(),
        }
    }

    pub(super) fn not_run(&self, instance: &Instance, reason: &str) -> CaseResult {
        let case = &instance.case;
        self.set_aside(SetAside {
            id: instance.id.clone(),
            chapter: case.chapter.clone(),
            purpose: case.purpose.clone(),
            requirements: case.requirements.clone(),
            source: case.source.clone(),
            why: Why::NotSelected,
            reason: reason.to_owned(),
        })
    }

    pub(super) fn invariant_not_judged(&self, invariant: &Invariant, reason: &str) -> CaseResult {
        self.set_aside(SetAside {
            id: invariant.id.clone(),
            chapter: invariant.chapter.clone(),
            purpose: invariant.purpose.clone(),
            requirements: invariant.requirements.clone(),
            source: invariant.source.clone(),
            why: Why::NotSelected,
            reason: reason.to_owned(),
        })
    }

    /// The result of a case that brought the suite down: a defect, and never a verdict on the target.
    pub(super) fn defect(&self, instance: &Instance, why: &str) -> CaseResult {
        let now = self.clock.now();
        let reason = format!("the suite itself failed: {why}");
        let result = self.result(instance, Vec::new(), &[], now, Duration::ZERO, Some(reason));
        CaseResult { verdict: Outcome::Defect, ..result }
    }

    fn since_start(&self, at: DateTime<Utc>) -> u64 {
        u64::try_from((at - self.started).num_milliseconds()).unwrap_or(0)
    }
}

/// What was sent more than once, and why.
pub(super) fn patience(throttled: usize, resent: usize) -> Option<String> {
    let told = [
        ("refused with 429 and sent again in the next window", throttled),
        ("sent again because the connection was closed before the answer", resent),
    ];
    let told = told.iter().filter(|(_, times)| *times > 0).map(|(what, times)| format!("{what}: {times} requests"));
    told.reduce(|a, b| format!("{a}; {b}"))
}

fn inconclusive_reason(findings: &[Finding]) -> Option<String> {
    let first = findings.iter().find(|finding| finding.verdict == Verdict::Inconclusive)?;
    let failed = findings.iter().any(|finding| finding.verdict == Verdict::Fail);
    (!failed).then(|| first.message.clone())
}
