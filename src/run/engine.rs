//! The engine: what all cases of a run share, and the run as a whole.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::check::{Facts, Judge, SchemaError};
use crate::client::{Client, ClientError, Patience, Worker};
use crate::clock::Clock;
use crate::exchange::Exchange;
use crate::reason::Reason;
use crate::record::{
    Archive, BODY_LIMIT_ARCHIVED, CaseResult, Event, Line, Pause, Redaction, Resent, Run, Selection, StoredExchange,
};
use crate::suite::{Instance, Invariant, Plan, Scope, Suite, Uniques};
use crate::target::Target;
use crate::verdict::Level;

use super::belongings::Belongings;
use super::counted::Counted;
use super::diary::{Diary, NoDiary};
use super::doubted::Doubted;
use super::fail_fast::FailFast;
use super::hearing::Hearing;
use super::invariants::Tally;
use super::perform::Performer;
use super::polite::{Bearable, Rate};

use super::schedule::{Locks, Queue};
use super::stop::Stop;
use super::store::Room;
use super::tape::{Tape, Tapes};
use super::waits::Waits;
use super::window::TargetClock;

/// Where the exchanges are from that reached for the target, or browsed it.
const BEFORE: &str = "before-the-cases";

/// Why no run can begin.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The client cannot be made from the target file.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// A payload schema is none.
    #[error("the payload schemas cannot be used: {0}")]
    Schemas(SchemaError),
    /// A key cannot be kept out of the reports.
    #[error("a key cannot be kept out of the reports: {0}")]
    Redaction(String),
}

/// What all cases of a run share.
pub struct Engine {
    pub(super) suite: Arc<Suite>,
    pub(super) target: Arc<Target>,
    pub(super) judge: Arc<Judge>,
    pub(super) clock: Clock,
    pub(super) target_clock: TargetClock,
    pub(super) client: Client,
    pub(super) globals: Arc<Map<String, Value>>,
    pub(super) uniques: Arc<Uniques>,
    pub(super) redaction: Arc<Redaction>,
    pub(super) levels: Arc<BTreeMap<String, Level>>,
    pub(super) started: DateTime<Utc>,
    pub(super) keep: Keep,
    pub(super) stop: Stop,
    pub(super) fail_fast: FailFast,
    pub(super) patience: Patience,
    pub(super) hearing: Hearing,
    pub(super) doubted: Doubted,
    pub(super) archive: OnceLock<Arc<dyn Archive>>,
    pub(super) room: Room,
    /// Exchanges made before the run, until they are judged.
    pub(super) seen: Mutex<Vec<Exchange>>,
    /// Stands in the names of all that the run creates.
    pub(super) name: String,
    pub(super) belongings: Belongings,
    pub(super) bearable: Bearable,
    /// How often a case is performed again that did not pass.
    pub(super) retries: usize,
    /// Lists that browsing counted.
    pub(super) counted: Vec<Counted>,
    pub(super) diary: Arc<dyn Diary>,
    pub(super) tapes: Tapes,
}

/// What a run keeps of the exchanges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// Those worth showing.
    #[default]
    Shown,
    /// Those of tests that did not pass.
    NotPassed,
    /// None: only findings are wanted.
    None,
}

/// A performed case: its result, and its exchanges as they were.
#[derive(Debug)]
pub struct Performed {
    /// What a run keeps of it.
    pub result: CaseResult,
    /// All exchanges, for the invariants.
    pub exchanges: Vec<Exchange>,
    /// What it takes to perform it again, if the engine keeps tapes.
    pub tape: Option<Tape>,
}

impl Engine {
    /// An engine for a suite and a target. `name` tells this run's texts apart from those of other runs.
    pub fn new(suite: Arc<Suite>, target: Arc<Target>, clock: Clock, name: &str) -> Result<Self, EngineError> {
        let globals = Arc::new(target.globals());
        let facts = Facts {
            base_url: target.base_url.clone(),
            page_maximum: target.limits.page_maximum,
            date_members: names(&globals, "date-members"),
            unit_members: names(&globals, "unit-members"),
        };
        let redaction = Redaction::new(target.secrets()).map_err(|error| EngineError::Redaction(error.to_string()))?;
        Ok(Self {
            judge: Arc::new(Judge::new(&suite.schemas, facts).map_err(EngineError::Schemas)?),
            client: Client::new(&target, clock.clone())?,
            target_clock: TargetClock::new(clock.clone(), target.limits.window),
            uniques: Uniques::new(name),
            levels: Arc::new(suite.requirements.iter().map(|it| (it.id.clone(), it.level)).collect()),
            started: clock.now(),
            keep: Keep::default(),
            stop: Stop::new(),
            fail_fast: FailFast::default(),
            patience: Patience::default(),
            hearing: Hearing::default(),
            doubted: Doubted::default(),
            archive: OnceLock::new(),
            room: Room::default(),
            seen: Mutex::default(),
            name: name.to_owned(),
            belongings: Belongings::default(),
            bearable: Bearable::of(&target),
            retries: 0,
            counted: Vec::new(),
            diary: Arc::new(NoDiary),
            tapes: Tapes::NotKept,
            globals,
            redaction: Arc::new(redaction),
            clock,
            suite,
            target,
        })
    }

    /// The same engine, keeping this much of the exchanges.
    #[must_use]
    pub fn keeping(self, keep: Keep) -> Self {
        Self { keep, ..self }
    }

    /// Gives every exchange of the run to `archive`, whole; the first archive given stays.
    pub fn archive_to(&self, archive: Arc<dyn Archive>) {
        self.archive.get_or_init(|| archive);
    }

    /// When the run began; exchanges are dated from it.
    pub fn started(&self) -> DateTime<Utc> {
        self.started
    }

    /// The same engine, which judges the invariants on these exchanges too.
    #[must_use]
    pub fn having_seen(self, seen: Vec<Exchange>) -> Self {
        Self { seen: Mutex::new(seen), ..self }
    }

    /// The same engine, with what is left of this patience.
    #[must_use]
    pub fn with_patience(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// The same engine, writing the journal of its run there.
    #[must_use]
    pub fn journaling(self, diary: Arc<dyn Diary>) -> Self {
        Self { diary, ..self }
    }

    /// The same engine, performing a case so many times again while it does not pass.
    #[must_use]
    pub fn retrying(self, retries: usize) -> Self {
        Self { retries, ..self }
    }

    /// The same engine, in which failures that rely on these numbers stand only while the lists still have as many
    /// items.
    #[must_use]
    pub fn having_counted(self, counted: Vec<Counted>) -> Self {
        Self { counted, ..self }
    }

    /// The same engine, sending no more than this.
    #[must_use]
    pub fn pacing(self, rate: Rate) -> Self {
        Self { client: self.client.pacing(rate.between()), ..self }
    }

    /// A scope that knows what the target file says.
    pub fn scope(&self) -> Scope {
        self.scope_with(&self.uniques)
    }

    /// The same, with unique texts from there.
    pub(super) fn scope_with(&self, uniques: &Arc<Uniques>) -> Scope {
        Scope::new(Arc::clone(&self.globals), Arc::clone(uniques))
    }

    /// The handle that ends a run early.
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// A worker with nonce sessions of its own.
    pub fn worker(&self) -> Worker {
        self.client.worker()
    }

    /// Performs one case.
    pub async fn perform(
        &self,
        instance: &Instance,
        worker: &mut Worker,
        tell_wait: &(dyn Fn(Pause) + Send + Sync),
    ) -> Performed {
        let started = self.clock.now();
        let begun = Instant::now();
        // What the worker brought before is not this case's.
        worker.release();
        if self.keeps_tapes() {
            worker.record();
        }
        let waits = Waits::default();
        let note_wait = |pause: Pause| {
            waits.note(self.since_start(self.clock.now()), pause.duration);
            tell_wait(pause);
        };
        let mut performer = Performer::new(self, worker, instance, &note_wait);
        performer.perform().await;
        let tape = performer.take_tape(instance);
        let (mut findings, mut exchanges) = (performer.findings, performer.exchanges);
        let resent = Resent { throttled: performer.throttled, dropped: performer.resent };
        self.recount(&instance.case, worker, &mut findings, &mut exchanges).await;
        let result = self.result(instance, findings, &exchanges, started, begun.elapsed());
        Performed { result: CaseResult { waits: waits.taken(), resent, ..result }, exchanges, tape }
    }

    /// Judges one invariant on these exchanges.
    pub fn judge_invariant(&self, invariant: &Arc<Invariant>, exchanges: &[Exchange]) -> CaseResult {
        let tally = Tally::new(vec![Arc::clone(invariant)]);
        tally.judge(self, "these exchanges", exchanges);
        self.invariant_result(invariant, tally.take(&invariant.id))
    }

    /// Runs a plan with this many workers and tells `observe` about it. Asked to [stop](Engine::stop), it ends soon,
    /// and what did not run is not selected.
    pub async fn run(
        self: &Arc<Self>,
        plan: Plan,
        selection: Selection,
        jobs: usize,
        observe: &mut impl FnMut(Event<'_>),
    ) -> Run {
        let begun = Instant::now();
        let planned = plan.to_run.len() + plan.invariants.len();
        observe(Event::RunStarted { planned });
        self.note(&Line::Begun(Cow::Owned(self.begun(&plan, &selection))));
        let locks = if self.clock.is_adjustable() { Locks::NamedAndClock } else { Locks::Named };
        self.client.divide_memory(jobs);
        let queue = Arc::new(Queue::new(plan.to_run, &plan.first, locks));
        let tally = Arc::new(Tally::new(plan.invariants));
        self.judge_seen(&tally);
        self.weigh_invariants(&tally);
        let mut results: Vec<CaseResult> = plan.set_aside.into_iter().map(|it| self.set_aside(it)).collect();
        results.extend(self.perform_all(&queue, &tally, jobs, observe).await);
        let left = self.left();
        if !left.is_empty() {
            self.delete(&left, &mut self.worker()).await;
        }
        let (selection, not_run) = self.cut(selection, &queue.rest());
        results.extend(not_run);
        for invariant in tally.invariants() {
            let result = self.invariant_result(invariant, tally.take(&invariant.id));
            self.note(&Line::Result(Cow::Borrowed(&result)));
            observe(Event::CaseFinished(&result));
            results.push(result);
        }
        let run = self.finished(results, selection, begun.elapsed());
        self.note(&Line::Ended {
            duration_ms: run.duration_ms,
            interrupted: run.selection.interrupted,
            ended_by: run.selection.ended_by.clone(),
        });
        observe(Event::RunFinished(&run));
        run
    }

    /// The selection as it was carried out, and what was left of it.
    fn cut(&self, selection: Selection, left: &[Instance]) -> (Selection, Vec<CaseResult>) {
        if left.is_empty() {
            return (selection, Vec::new());
        }
        // Who interrupts a run that is about to end at a failure left the rest out all the same.
        let ended_by = self.fail_fast.ended_by();
        let reason = ended_by.map_or(Reason::Interrupted, |id| Reason::FailFast { failed: id.to_owned() });
        let results = left.iter().map(|instance| self.not_run(instance, reason.clone())).collect();
        let selection = match ended_by {
            Some(id) => Selection { complete: false, ended_by: Some(id.to_owned()), ..selection },
            None => Selection { interrupted: true, ..selection },
        };
        (selection, results)
    }

    /// Judges what was seen before the run; afterwards it takes no room.
    fn judge_seen(&self, tally: &Tally) {
        let seen = std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner));
        tally.judge(self, BEFORE, &seen);
        self.archive(BEFORE, seen);
    }

    /// Writes a line whose loss is borne: the run goes on, and whoever keeps the journal knows of it.
    pub(super) fn note(&self, line: &Line<'_>) {
        let _ = self.diary.write(line);
    }

    /// Gives the exchanges of a case to the archive, if there is one.
    pub(super) fn archive(&self, case: &str, exchanges: Vec<Exchange>) {
        let Some(archive) = self.archive.get() else { return };
        for exchange in exchanges {
            // What is written at once takes no room in the run.
            let limit = BODY_LIMIT_ARCHIVED;
            archive.take(case, StoredExchange::from_exchange(&exchange, self.started, &self.redaction, limit));
        }
    }

    /// The exchange as a run keeps it, its secrets taken out.
    pub(super) fn stored(&self, exchange: &Exchange, body_limit: usize) -> StoredExchange {
        let limit = self.room.limit(body_limit);
        let stored = StoredExchange::from_exchange(exchange, self.started, &self.redaction, limit);
        self.room.take(&stored);
        stored
    }
}

fn names(globals: &Map<String, Value>, name: &str) -> Vec<String> {
    let list = globals.get(name).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
