//! Performs one case: preamble, steps, postamble.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::client::{Purpose, Worker};
use crate::exchange::{Exchange, is_safe};
use crate::reason::Reason;
use crate::record::{Awaited, Pause};
use crate::suite::{Action, Case, Conditions, Instance, Scope, Step, Uniques};
use crate::verdict::{Finding, Verdict};

use super::engine::Engine;
use super::interference::Burst;
use super::tape::Begun;
use super::unjudged::{Interrupted, Unjudged};
use super::walk::Walked;

/// How often a case is performed that was too slow for the lifetime of a nonce.
const TRIES: usize = 3;

/// Tells how long a case is going to wait, and what for.
pub(super) type TellWait<'a> = &'a (dyn Fn(Pause) + Send + Sync);

/// What a case is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Prepare: cut short when the run is to stop.
    Preparing,
    /// Judge, under the conditions of the test: cut short likewise.
    Judging,
    /// Clean up: carried out in any event.
    CleaningUp,
}

/// One case being performed.
pub(super) struct Performer<'a> {
    pub(super) engine: &'a Engine,
    pub(super) worker: &'a mut Worker,
    pub(super) case: &'a Case,
    /// The id of the instance.
    pub(super) id: &'a str,
    pub(super) scope: Scope,
    /// How the requests of `steps` are sent.
    conditions: Conditions,
    /// How a step of the preamble reads with which `steps` compare what they read: as they do, so that a mistake under
    /// these conditions is not taken for a change.
    of_readings: Conditions,
    /// Whether the step at hand is such a one.
    reads_before: bool,
    pub(super) exchanges: Vec<Exchange>,
    pub(super) findings: Vec<Finding>,
    /// The window that the case has waited for; all that follows must fit into it.
    pub(super) window: Option<i64>,
    /// When the case last changed something.
    pub(super) last_write: Option<DateTime<Utc>>,
    /// Before which exchanges it waited.
    pub(super) waited: Vec<usize>,
    /// Its walks.
    pub(super) walked: Vec<Walked>,
    /// Its bursts, and those of the try before.
    pub(super) bursts: Vec<Burst>,
    pub(super) bursts_before: Option<Vec<Burst>>,
    /// How many requests were refused with 429 and sent again.
    pub(super) throttled: usize,
    /// How many reads were sent again because the connection was closed before any answer.
    pub(super) resent: usize,
    pub(super) stage: Stage,
    /// Where its unique texts come from.
    pub(super) uniques: Arc<Uniques>,
    /// What was known when the last try began, if it is recorded.
    pub(super) begun: Option<Begun>,
    tell_wait: TellWait<'a>,
}

impl<'a> Performer<'a> {
    pub(super) fn new(
        engine: &'a Engine,
        worker: &'a mut Worker,
        instance: &'a Instance,
        tell_wait: TellWait<'a>,
    ) -> Self {
        let uniques = engine.uniques_of_test();
        let scope = instance.bind(engine.scope_with(&uniques));
        let conditions = instance.conditions();
        let begun = worker.is_recording().then(|| Begun::now(engine, 0));
        Self {
            engine,
            worker,
            case: &instance.case,
            id: &instance.id,
            scope,
            of_readings: Conditions { query: conditions.query.clone(), ..Conditions::default() },
            conditions,
            reads_before: false,
            exchanges: Vec::new(),
            findings: Vec::new(),
            window: None,
            last_write: None,
            waited: Vec::new(),
            walked: Vec::new(),
            bursts: Vec::new(),
            bursts_before: None,
            throttled: 0,
            resent: 0,
            stage: Stage::Preparing,
            uniques,
            begun,
            tell_wait,
        }
    }

    /// Performs the whole case; afterwards `findings` and `exchanges` tell how it went.
    pub(super) async fn perform(&mut self) {
        self.perform_undisturbed().await;
        self.name_wrong_links();
    }

    /// Performs the case, again where something came between its steps.
    async fn perform_undisturbed(&mut self) {
        let start = self.scope.clone();
        for tries in 1.. {
            let first = self.exchanges.len();
            self.perform_once().await;
            if self.has_failed() && self.may_be_disturbed() {
                self.read_lists_again(first).await;
            }
            let Some(interference) = self.interference(first) else { return };
            if tries == TRIES {
                if let Some((check, why)) = interference.instead() {
                    self.findings.clear();
                    self.give_up(check, why);
                }
                return;
            }
            self.begin_anew(start.clone());
        }
    }

    fn begin_anew(&mut self, scope: Scope) {
        self.findings.clear();
        (self.scope, self.stage) = (scope, Stage::Preparing);
        (self.window, self.last_write) = (None, None);
        self.waited.clear();
        self.walked.clear();
        self.bursts_before = Some(std::mem::take(&mut self.bursts));
        if self.worker.is_recording() {
            // Only the last try is performed again.
            self.worker.record();
            self.uniques.noted();
            self.begun = Some(Begun::now(self.engine, self.exchanges.len()));
        }
    }

    async fn perform_once(&mut self) {
        if self.prepare().await {
            self.judge().await;
        }
        self.clean_up().await;
    }

    /// Whether bindings and preamble went as expected; if not, the case is inconclusive.
    async fn prepare(&mut self) -> bool {
        if !self.bind() {
            return false;
        }
        for step in &self.case.preamble {
            if !self.prepare_by(step).await {
                return false;
            }
        }
        true
    }

    /// Whether the bindings have values.
    pub(super) fn bind(&mut self) -> bool {
        for (name, value) in &self.case.bindings {
            if let Err(error) = self.scope.bind(name.clone(), value) {
                self.give_up("let", error.reason(false));
                return false;
            }
        }
        true
    }

    /// Whether a step of the preamble went as expected.
    pub(super) async fn prepare_by(&mut self, step: &Step) -> bool {
        self.worker.sends_for(if step.save.is_empty() { Purpose::Other } else { Purpose::Saved });
        self.reads_before = step.saves_a_reading();
        match self.step(step).await {
            Ok(findings) => {
                let failed = findings.into_iter().find(|finding| finding.verdict != Verdict::Pass);
                let failed = failed.map(|failed| self.as_preamble(failed));
                self.findings.extend(failed);
                self.findings.is_empty()
            }
            Err(unjudged) => {
                self.give_up("preamble", unjudged.reason(false));
                false
            }
        }
    }

    /// The conditions of the request at hand: those of `steps` are varied, and of readings before.
    pub(super) fn conditions(&self) -> Option<&Conditions> {
        match self.stage {
            Stage::Judging => Some(&self.conditions),
            Stage::Preparing if self.reads_before => Some(&self.of_readings),
            Stage::Preparing | Stage::CleaningUp => None,
        }
    }

    async fn judge(&mut self) {
        self.begin_judging();
        for step in &self.case.steps {
            if !self.judge_step(step).await {
                break;
            }
        }
        self.worker.sends_for(Purpose::Other);
    }

    pub(super) fn begin_judging(&mut self) {
        self.stage = Stage::Judging;
        self.worker.sends_for(Purpose::Judged);
    }

    /// Whether a step was judged, so that the next one can be.
    pub(super) async fn judge_step(&mut self, step: &Step) -> bool {
        match self.step(step).await {
            Ok(findings) => self.findings.extend(findings),
            Err(unjudged) => {
                self.give_up_the_rest(unjudged.reason(self.has_failed()));
                return false;
            }
        }
        true
    }

    /// Runs every step of the postamble whose names have values.
    async fn clean_up(&mut self) {
        self.window = None;
        self.stage = Stage::CleaningUp;
        for step in &self.case.postamble {
            // Nothing here is judged: what cannot be cleaned up shows in the exchanges.
            let _ = self.step(step).await;
        }
        let left = self.engine.left_of(self.id);
        self.exchanges.extend(self.engine.delete(&left, self.worker).await);
    }

    pub(super) fn has_failed(&self) -> bool {
        self.findings.iter().any(|finding| finding.verdict == Verdict::Fail)
    }

    /// Whether refusals with 429 are what the case is about.
    pub(super) fn expects_refusals(&self) -> bool {
        self.case.steps.iter().any(|step| matches!(step.action, Action::Burst { .. }))
    }

    /// Waits, and says so where it takes long.
    pub(super) async fn wait_for(&self, awaits: Awaited, duration: Duration) -> Result<(), Interrupted> {
        (self.tell_wait)(Pause { duration, awaits });
        self.pause(duration).await
    }

    /// Waits, unless the run is to stop.
    pub(super) async fn pause(&self, duration: Duration) -> Result<(), Interrupted> {
        tokio::select! {
            () = self.engine.stop.asked(), if self.stage != Stage::CleaningUp => Err(Interrupted),
            () = self.engine.clock.sleep(duration) => Ok(()),
        }
    }

    fn as_preamble(&self, failed: Finding) -> Finding {
        Finding {
            check: "preamble".to_owned(),
            verdict: Verdict::Inconclusive,
            requirements: self.case.requirements.clone(),
            reason: failed.reason.or_else(|| Some(Box::new(Reason::Preparation { finding: None }))),
            ..failed
        }
    }

    /// Nothing can be judged.
    fn give_up(&mut self, check: &str, why: Reason) {
        let mut finding = Finding::unjudged(check, why);
        finding.requirements.clone_from(&self.case.requirements);
        finding.exchange = self.exchanges.len().checked_sub(1);
        self.findings.push(finding);
    }

    /// What has not been judged so far cannot be judged any more.
    fn give_up_the_rest(&mut self, why: Reason) {
        let judged = |id: &String| self.findings.iter().any(|finding| finding.requirements.contains(id));
        let rest: Vec<String> = self.case.requirements.iter().filter(|id| !judged(id)).cloned().collect();
        let rest = if rest.is_empty() && !self.has_failed() { self.case.requirements.clone() } else { rest };
        if rest.is_empty() {
            return;
        }
        let mut finding = Finding::unjudged("obstacle", why);
        finding.requirements = rest;
        finding.exchange = self.exchanges.len().checked_sub(1);
        self.findings.push(finding);
    }

    /// Does one step and judges it. A read that is not yet as expected after a write is repeated within the target's
    /// consistency delay.
    pub(super) async fn step(&mut self, step: &Step) -> Result<Vec<Finding>, Unjudged> {
        loop {
            if self.stage != Stage::CleaningUp && self.engine.stop.is_asked() {
                return Err(Interrupted.into());
            }
            let begun = self.engine.clock.now();
            let before = self.exchanges.len();
            let findings = self.act(step).await?;
            self.check_window(step)?;
            let failed = findings.iter().any(|finding| finding.verdict == Verdict::Fail);
            if !failed || !self.may_settle(step, begun) {
                return Ok(findings);
            }
            for exchange in &mut self.exchanges[before..] {
                exchange.role = crate::exchange::Role::Retried;
            }
            self.pause(Duration::from_millis(100)).await?;
        }
    }

    /// Whether a step that began then may have read too early.
    fn may_settle(&self, step: &Step, begun: DateTime<Utc>) -> bool {
        let reads = match &step.action {
            Action::Request { request, .. }
            | Action::Walk { request, .. }
            | Action::Compare { request, .. }
            | Action::Poll { request, .. } => is_safe(&request.method),
            Action::Burst { .. } | Action::Wait(_) => false,
        };
        let delay = self.engine.target.consistency_delay;
        // A step that writes has its last write after its beginning; but only what reads may settle.
        let early = |at: DateTime<Utc>| (begun - at).to_std().is_ok_and(|since| since < delay);
        reads && self.last_write.is_some_and(early)
    }

    fn check_window(&self, step: &Step) -> Result<(), Unjudged> {
        match self.window {
            Some(window)
                if !matches!(step.action, Action::Wait(_)) && self.engine.target_clock.window() != Some(window) =>
            {
                Err(Reason::WindowMissed.into())
            }
            _ => Ok(()),
        }
    }
}
