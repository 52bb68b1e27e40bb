//! What a run says of itself: who judges, what is judged, and what of it is known before and after.

use std::time::Duration;

use crate::reason::Reason;
use crate::record::{
    Begun, CaseResult, JOURNAL_FORMAT, RequirementResult, Run, RunParts, Selection, SuiteIdentity, TargetIdentity, Tool,
};
use crate::suite::{Plan, Suite};
use crate::target::Proxy;

use super::engine::{Engine, millis};

/// A suite, as reports name it.
pub fn suite_identity(suite: &Suite) -> SuiteIdentity {
    SuiteIdentity {
        name: suite.name.clone(),
        digest: suite.digest.clone(),
        cases: suite.cases.len() + suite.invariants.len(),
        requirements: suite.requirements.len(),
    }
}

/// The requirements of a suite before anything is judged.
pub fn unjudged(suite: &Suite) -> Vec<RequirementResult> {
    let requirements = suite.requirements.iter();
    requirements.map(|it| RequirementResult::unjudged(&it.id, it.level, &it.statement, &it.section)).collect()
}

impl Engine {
    /// The run of these results.
    pub(super) fn finished(&self, results: Vec<CaseResult>, selection: Selection, took: Duration) -> Run {
        let run = Run::from_results(RunParts {
            tool: self.tool(),
            suite: suite_identity(&self.suite),
            target: self.target_identity(),
            started: self.started,
            duration_ms: millis(took),
            selection,
            requirements: unjudged(&self.suite),
            results,
        });
        Run { left_behind: self.left().iter().map(ToString::to_string).collect(), ..run }
    }

    /// What is known of a run before anything is judged.
    pub(super) fn begun(&self, plan: &Plan, selection: &Selection) -> Begun {
        let mut results: Vec<CaseResult> = plan.set_aside.iter().cloned().map(|it| self.set_aside(it)).collect();
        results.extend(plan.to_run.iter().map(|instance| self.not_run(instance, Reason::RunEnded)));
        results.extend(plan.invariants.iter().map(|it| self.invariant_not_judged(it, Reason::RunEnded)));
        Begun {
            journal: JOURNAL_FORMAT,
            name: self.name.clone(),
            tool: self.tool(),
            suite: suite_identity(&self.suite),
            target: self.target_identity(),
            started: self.started,
            selection: selection.clone(),
            requirements: unjudged(&self.suite),
            results,
        }
    }

    /// The program that judges, as reports name it.
    pub fn tool(&self) -> Tool {
        Tool::this()
    }

    /// What is judged, as reports name it.
    pub fn target_identity(&self) -> TargetIdentity {
        let target = &self.target;
        TargetIdentity {
            name: target.name.clone(),
            base_url: target.base_url.to_string(),
            claims: target.claims.iter().cloned().collect(),
            insecure: target.tls.insecure,
            limits: target.limits.differences(),
            ca: target.tls.ca.is_some(),
            client_certificate: target.tls.identity.is_some(),
            proxy: match &target.proxy {
                Proxy::At(url) => Some(url.to_string()),
                // curl asks the same environment.
                Proxy::Environment | Proxy::None => None,
            },
        }
    }
}
