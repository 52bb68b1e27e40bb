//! What happens during a run, as its observer sees it.

use super::run::{CaseResult, Run};

/// What happens during a run, in the order an observer sees it.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// The plan is made.
    RunStarted {
        /// How many case instances and invariants will be judged.
        planned: usize,
    },
    /// A case begins.
    CaseStarted {
        /// Its id, loop variables included.
        id: &'a str,
    },
    /// A case waits for the clock.
    Waiting {
        /// Its id.
        id: &'a str,
        /// Until when, in milliseconds from now.
        milliseconds: u64,
    },
    /// A case, or an invariant, is judged.
    CaseFinished(&'a CaseResult),
    /// All is judged.
    RunFinished(&'a Run),
}
