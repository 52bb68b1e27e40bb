//! What a run keeps of its cases: results from findings and exchanges, and of those that did not run the reason.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::exchange::Exchange;
use crate::reason::{Exchanges, Reason};
use crate::record::{self, CaseResult, Judged, Outcome, StoredExchange, Subject, outcome};
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
    ) -> CaseResult {
        let kept = match self.keep {
            Keep::Shown => store::worth_keeping(exchanges, &findings),
            Keep::NotPassed if findings.iter().any(|finding| finding.verdict != Verdict::Pass) => {
                store::worth_keeping(exchanges, &findings)
            }
            Keep::NotPassed | Keep::None => Vec::new(),
        };
        let body_limit = Share::of(&findings).body;
        let verdict = outcome(&findings, |id| self.level(id));
        self.redaction.result(CaseResult {
            started_ms: self.since_start(started),
            duration_ms: millis(took),
            reason: record::reason_of(&findings),
            exchanges: store::with_gaps(&kept)
                .map(|(number, left_out)| StoredExchange { left_out, ..self.stored(&exchanges[number], body_limit) })
                .collect(),
            findings: store::renumbered(findings, &kept),
            ..CaseResult::new(self.subject(instance), verdict)
        })
    }

    pub(super) fn invariant_result(&self, invariant: &Invariant, met: Option<Met>) -> CaseResult {
        let met = met.unwrap_or_default();
        if met.judged == 0 {
            let reason = Some(Reason::NoExchange { of: Exchanges::Run });
            return CaseResult { reason, ..CaseResult::new(self.subject_of(invariant), Outcome::NotApplicable) };
        }
        let verdict = outcome(&met.findings, |id| self.level(id));
        self.redaction.result(CaseResult {
            judged: Some(Judged { exchanges: met.judged, broken: met.broken, ..Judged::default() }),
            reason: record::reason_of(&met.findings),
            findings: met.findings,
            exchanges: met.exchanges,
            ..CaseResult::new(self.subject_of(invariant), verdict)
        })
    }

    /// What the result of a test is about.
    fn subject(&self, instance: &Instance) -> Subject {
        let case = &instance.case;
        Subject {
            id: instance.id.clone(),
            chapter: case.chapter.clone(),
            purpose: case.purpose.clone(),
            level: self.strongest(&case.requirements),
            requirements: case.requirements.clone(),
            source: case.source.clone(),
        }
    }

    /// What the result of an invariant is about.
    fn subject_of(&self, invariant: &Invariant) -> Subject {
        Subject {
            id: invariant.id.clone(),
            chapter: invariant.chapter.clone(),
            purpose: invariant.purpose.clone(),
            level: self.strongest(&invariant.requirements),
            requirements: invariant.requirements.clone(),
            source: invariant.source.clone(),
        }
    }

    pub(super) fn set_aside(&self, it: SetAside) -> CaseResult {
        let verdict = match it.why() {
            Why::NotApplicable => Outcome::NotApplicable,
            Why::NotSelected => Outcome::NotSelected,
        };
        let subject = Subject {
            level: self.strongest(&it.requirements),
            id: it.id,
            chapter: it.chapter,
            purpose: it.purpose,
            requirements: it.requirements,
            source: it.source,
        };
        CaseResult { reason: Some(it.reason), ..CaseResult::new(subject, verdict) }
    }

    pub(super) fn not_run(&self, instance: &Instance, reason: Reason) -> CaseResult {
        self.set_aside(SetAside::of(&instance.case, &instance.id, reason))
    }

    pub(super) fn invariant_not_judged(&self, invariant: &Invariant, reason: Reason) -> CaseResult {
        self.set_aside(SetAside::of_invariant(invariant, reason))
    }

    /// The result of a case that brought the suite down: a defect, and never a verdict on the target.
    pub(super) fn defect(&self, instance: &Instance, cause: &str) -> CaseResult {
        let result = self.result(instance, Vec::new(), &[], self.clock.now(), Duration::ZERO);
        let reason = Some(Reason::SuiteError { cause: cause.to_owned() });
        self.redaction.result(CaseResult { verdict: Outcome::Defect, reason, ..result })
    }

    pub(super) fn since_start(&self, at: DateTime<Utc>) -> u64 {
        u64::try_from((at - self.started).num_milliseconds()).unwrap_or(0)
    }
}
