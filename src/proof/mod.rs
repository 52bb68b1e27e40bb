//! Proof of passes: could a pass have failed?
//!
//! The door is [`prove`]. It performs each passed test again on its recorded responses ([`Engine::replay`]), first
//! unaltered and then once for each mutant: a response with one thing altered. A mutant with which the test does not
//! pass is killed. Equivalent mutants, which the specification permits, must survive. Nothing here touches a network.

mod body;
mod choice;
mod head;
mod invariants;
mod mutant;
mod operator;
mod places;
mod spelling;
mod tally;
mod trial;
mod value;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::record::{Evidence, Outcome, Run};
use crate::run::{Engine, Tape};
use crate::suite::Invariant;

use invariants::Invariants;
use trial::{Chosen, Court, Trial};

/// How much is tried.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bounds {
    /// The most mutants of one test; none where all are tried.
    pub sample: Option<usize>,
}

/// Tries the passed tests of a run, of which these are the tapes, on all cores.
pub fn prove(engine: &Engine, run: &Run, invariants: &[Arc<Invariant>], bounds: Bounds) -> Evidence {
    let begun = Instant::now();
    let tapes = engine.take_tapes();
    let invariants = Invariants::new(passed(run, invariants));
    let court = Court { engine, root: engine.root(), invariants: &invariants, sample: bounds.sample };
    let trials = try_all(&court, &tapes);
    tally::evidence(run, bounds, (&tapes, trials), &invariants.noticed(), begun.elapsed())
}

/// The invariants that passed.
fn passed(run: &Run, invariants: &[Arc<Invariant>]) -> Vec<Arc<Invariant>> {
    let has_passed = |id: &str| run.results.iter().any(|result| result.id == id && result.verdict == Outcome::Pass);
    invariants.iter().filter(|invariant| has_passed(&invariant.id)).cloned().collect()
}

/// Tries all tests on all cores; the trials are in the order of the tapes.
fn try_all(court: &Court<'_>, tapes: &[Tape]) -> Vec<Trial> {
    // A sample is one of all mutants of each test.
    let turns = if court.sample.is_some() { vec![0; tapes.len()] } else { turns(tapes) };
    let (next, trials) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(tapes.len())));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores.min(tapes.len()) {
            scope.spawn(|| {
                // Nothing waits in a replay, so that it needs no more than a thread.
                let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() else { return };
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(tape) = tapes.get(number) else { return };
                    let chosen = Chosen { other: other_body(tapes, number), turn: turns[number] };
                    let trial = tried(court, tape, &chosen, &runtime);
                    trials.lock().unwrap_or_else(PoisonError::into_inner).push((number, trial));
                }
            });
        }
    });
    let mut trials = trials.into_inner().unwrap_or_else(PoisonError::into_inner);
    trials.sort_unstable_by_key(|(number, _)| *number);
    trials.into_iter().map(|(_, trial)| trial).collect()
}

/// The number of each test among the tests of its case.
fn turns(tapes: &[Tape]) -> Vec<usize> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let turn = |tape| {
        let count = counts.entry(Tape::case(tape)).or_default();
        *count += 1;
        *count - 1
    };
    tapes.iter().map(turn).collect()
}

fn tried(court: &Court<'_>, tape: &Tape, chosen: &Chosen<'_>, runtime: &tokio::runtime::Runtime) -> Trial {
    let trial = if court.engine.stop().is_asked() {
        Trial { not_replayed: Some("the proof was interrupted".to_owned()), ..Trial::default() }
    } else {
        runtime.block_on(court.try_test(tape, chosen))
    };
    Trial { id: court.engine.redacted(tape.id()), ..trial }
}

/// The body of a response of another test: that of the next one that has any.
fn other_body(tapes: &[Tape], number: usize) -> &[u8] {
    let others = (1..tapes.len()).map(|ahead| &tapes[(number + ahead) % tapes.len()]);
    let mut answers = others.flat_map(Tape::calls).filter_map(|call| call.answer());
    answers.find(|answer| !answer.response.body.is_empty()).map_or(&[], |answer| &answer.response.body)
}
