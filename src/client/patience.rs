//! How long a run waits for a target that puts it off with 429 or 503: one bound for all its waits.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// The most time that a run waits without any request getting through; waits at the same time count once. A target
/// whose every resource is limited makes a run wait often, and each of those waits helps.
const MOST: TimeDelta = TimeDelta::minutes(5);
/// So many requests of a run are put off at every try before it waits no longer.
const GIVEN_UP: usize = 5;

/// What is left of the time that a run waits. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Patience(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// Waited since a request last got through.
    spent: TimeDelta,
    /// When the last of the waits so far ends.
    until: DateTime<Utc>,
    given_up: usize,
    is_over: bool,
}

impl Patience {
    /// Whether there is time for this wait, which begins now. Once there is none, there is none for the rest of the run.
    pub fn allows(&self, wait: Duration, now: DateTime<Utc>) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let end = TimeDelta::from_std(wait).ok().and_then(|wait| now.checked_add_signed(wait));
        let Some(end) = end.filter(|_| !state.is_over) else { return false };
        let added = (end - state.until.max(now)).max(TimeDelta::zero());
        if state.spent + added > MOST {
            state.is_over = true;
            return false;
        }
        state.spent += added;
        state.until = state.until.max(end);
        true
    }

    /// A request that was put off got through: waiting helps.
    pub fn helped(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).spent = TimeDelta::zero();
    }

    /// A request was put off at every try. After some of them waiting is known not to help, and a run against such a
    /// target would take hours.
    pub fn give_up(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.given_up += 1;
        state.is_over |= state.given_up >= GIVEN_UP;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    #[test]
    fn a_run_waits_five_minutes_in_vain() {
        let (patience, mut now) = (Patience::default(), DateTime::UNIX_EPOCH);
        for _ in 0..5 {
            for _ in 0..8 {
                assert!(patience.clone().allows(MINUTE, now), "waits at the same time count once");
            }
            now += MINUTE * 7;
        }
        assert!(!patience.allows(Duration::from_millis(1), now));
        assert!(!Patience::default().allows(Duration::MAX, now));
    }

    #[test]
    fn waits_that_help_are_not_counted() {
        let (patience, mut now) = (Patience::default(), DateTime::UNIX_EPOCH);
        for _ in 0..100 {
            assert!(patience.allows(MINUTE, now));
            now += MINUTE;
            patience.helped();
        }
    }

    #[test]
    fn waiting_in_vain_ends_all_patience() {
        let patience = Patience::default();
        for _ in 0..GIVEN_UP {
            assert!(patience.allows(MINUTE, DateTime::UNIX_EPOCH));
            patience.give_up();
            patience.helped();
        }
        assert!(!patience.allows(Duration::ZERO, DateTime::UNIX_EPOCH));
    }
}
