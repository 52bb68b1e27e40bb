//! Replays: a passed test, performed again on its tape.
//!
//! The first replay is unaltered, from the first step on, and leaves a snapshot before each step. A replay with an
//! altered response begins with the step that receives it: all before that is as it was.

use std::sync::{Arc, Mutex, OnceLock};

use chrono::{DateTime, Utc};

use super::belongings::Belongings;
use super::diary::NoDiary;
use super::engine::{Engine, Keep};
use super::fail_fast::FailFast;
use super::hearing::Hearing;
use super::perform::Performer;
use super::polite::Bearable;
use super::stop::Stop;
use super::store::Room;
use super::tape::{Tape, Tapes};
use super::walk::Walked;
use super::window::Ahead;
use crate::client::{Patience, Replay, Worker};
use crate::exchange::Response;
use crate::record::{Outcome, outcome};
use crate::suite::{Scope, Uniques};
use crate::verdict::{Finding, Verdict};

/// What came of a replay.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// How the test ended.
    pub outcome: Outcome,
    /// What was found.
    pub findings: Vec<Finding>,
    /// Whether a request was sent to which the recording has no response.
    pub is_astray: bool,
    /// What stands for all that was known before anything was judged; none if that was not reached.
    pub prepared: Option<u64>,
}

/// A test before one of its steps.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The number of the step, those of the preamble first.
    step: usize,
    scope: Scope,
    window: Option<i64>,
    last_write: Option<DateTime<Utc>>,
    walked: Vec<Walked>,
    at: DateTime<Utc>,
    ahead: Option<Ahead>,
    /// The number of the call that comes next.
    call: usize,
    uniques: usize,
}

impl Engine {
    /// Performs a test again on its recorded responses as they are, from its first step to the first finding that is
    /// not a pass; gives a snapshot of each step before that.
    pub async fn replay(&self, tape: &Tape) -> (Replayed, Vec<Snapshot>) {
        let mut snapshots = Vec::new();
        let replayed = self.replay_from(tape, Vec::new(), None, Some(&mut snapshots), None).await;
        (replayed, snapshots)
    }

    /// The same with these responses altered, by the number of the call, from the last of these snapshots that comes
    /// before all of them. Nothing is judged if all that was prepared is as it is `known`.
    pub async fn replay_altered(
        &self,
        tape: &Tape,
        altered: Vec<(usize, Arc<Response>)>,
        snapshots: &[Snapshot],
        known: Option<u64>,
    ) -> Replayed {
        let first = altered.iter().map(|(call, _)| *call).min().unwrap_or_default();
        let from = snapshots.iter().rev().find(|snapshot| snapshot.call <= first);
        self.replay_from(tape, altered, from, None, known).await
    }

    async fn replay_from(
        &self,
        tape: &Tape,
        altered: Vec<(usize, Arc<Response>)>,
        from: Option<&Snapshot>,
        snapshots: Option<&mut Vec<Snapshot>>,
        known: Option<u64>,
    ) -> Replayed {
        let engine = self.of_tape(tape, from);
        let next = from.map_or(0, |snapshot| snapshot.call);
        let replay = Replay::new(Arc::clone(&tape.recording), altered, engine.clock.clone(), next);
        let mut worker = Worker::replaying(replay);
        let mut performer = Performer::new(&engine, &mut worker, &tape.instance, &|_| {});
        let prepared = performer.perform_until_noticed(from, snapshots, known).await;
        let findings = performer.findings;
        // What comes before a snapshot has passed.
        let outcome = match from {
            Some(_) if findings.is_empty() => Outcome::Pass,
            _ => outcome(&findings, |id| self.levels.get(id).copied()),
        };
        Replayed { outcome, findings, is_astray: worker.went_astray(), prepared }
    }

    /// An engine that shares the suite and the judges, and knows of the target what was known at the time.
    fn of_tape(&self, tape: &Tape, from: Option<&Snapshot>) -> Self {
        let (at, ahead) = from.map_or((tape.begun.at, tape.begun.ahead), |it| (it.at, it.ahead));
        let clock = self.clock.standing_at(at);
        let given = from.map_or(0, |snapshot| snapshot.uniques);
        Self {
            suite: Arc::clone(&self.suite),
            target: Arc::clone(&self.target),
            judge: Arc::clone(&self.judge),
            target_clock: self.target_clock.recorded(clock.clone(), ahead),
            clock,
            client: self.client.clone(),
            globals: Arc::clone(&self.globals),
            uniques: Arc::clone(&self.uniques),
            redaction: Arc::clone(&self.redaction),
            levels: Arc::clone(&self.levels),
            started: self.started,
            keep: Keep::None,
            stop: Stop::new(),
            fail_fast: FailFast::default(),
            patience: Patience::default(),
            hearing: Hearing::default(),
            doubted: self.doubted.clone(),
            archive: OnceLock::new(),
            room: Room::default(),
            seen: Mutex::default(),
            name: self.name.clone(),
            belongings: Belongings::default(),
            bearable: Bearable::everything(),
            retries: 0,
            counted: Vec::new(),
            diary: Arc::new(NoDiary),
            tapes: Tapes::Played(Uniques::given(&self.uniques, tape.uniques.clone(), given)),
        }
    }
}

impl Performer<'_> {
    /// Performs the case once, without cleaning up, to its end or to the first finding that is not a pass. Returns
    /// what stands for all that was known before anything was judged; it goes on only if that is not `known`.
    async fn perform_until_noticed(
        &mut self,
        from: Option<&Snapshot>,
        mut snapshots: Option<&mut Vec<Snapshot>>,
        known: Option<u64>,
    ) -> Option<u64> {
        match from {
            Some(snapshot) => self.begin_at(snapshot),
            None if self.bind() => {}
            None => return None,
        }
        let (first, case) = (from.map_or(0, |snapshot| snapshot.step), self.case);
        let mut prepared = None;
        for (number, step) in case.preamble.iter().chain(&case.steps).enumerate().skip(first) {
            let is_judged = number >= case.preamble.len();
            if is_judged && prepared.is_none() {
                prepared = Some(self.scope.fingerprint());
                if prepared == known {
                    break;
                }
                self.begin_judging();
            }
            if let Some(snapshots) = &mut snapshots {
                snapshots.push(self.snapshot(number));
            }
            let is_well = if is_judged { self.judge_step(step).await } else { self.prepare_by(step).await };
            if !is_well || self.findings.iter().any(|finding| finding.verdict != Verdict::Pass) {
                break;
            }
        }
        prepared
    }

    fn snapshot(&self, step: usize) -> Snapshot {
        Snapshot {
            step,
            scope: self.scope.clone(),
            window: self.window,
            last_write: self.last_write,
            walked: self.walked.clone(),
            at: self.engine.clock.now(),
            ahead: self.engine.target_clock.ahead(),
            call: self.worker.position(),
            uniques: self.uniques.position(),
        }
    }

    /// Takes up what was known before a step. Exchanges before it are not looked at again.
    fn begin_at(&mut self, snapshot: &Snapshot) {
        self.scope = snapshot.scope.with_uniques(&self.uniques);
        (self.window, self.last_write) = (snapshot.window, snapshot.last_write);
        self.walked.clone_from(&snapshot.walked);
    }
}
