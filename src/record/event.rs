//! What happens during a run, as its observer sees it.

use std::time::Duration;

use super::run::{CaseResult, Run};

/// What a case waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// What its steps say: a time, a second of the window, or the next window of the rate limit.
    Step,
    /// The next window of the rate limit: the target refused a request with 429.
    Throttled,
    /// The end of a moment in which the target is unavailable (503).
    Unavailable,
    /// Requests to a group that the target file allows.
    GroupRate,
    /// Another wrong login that the target file allows.
    FailedLogins,
}

/// A wait of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// How long it will take.
    pub duration: Duration,
    /// What for.
    pub awaits: Awaited,
}

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
        /// What for.
        awaits: Awaited,
    },
    /// A case, or an invariant, is judged.
    CaseFinished(&'a CaseResult),
    /// All is judged.
    RunFinished(&'a Run),
}
