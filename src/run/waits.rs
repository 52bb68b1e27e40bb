//! The waits of one case for the clock, as its result tells them.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::engine::millis;
use crate::record::Wait;

/// Shorter waits are not worth telling.
const SHORTEST: Duration = Duration::from_millis(100);

/// The waits of a case so far, in their order.
#[derive(Debug, Default)]
pub(super) struct Waits(Mutex<Vec<Wait>>);

impl Waits {
    /// Notes a wait that begins now, `started_ms` after the run began.
    pub(super) fn note(&self, started_ms: u64, duration: Duration) {
        if duration >= SHORTEST {
            let wait = Wait { started_ms, duration_ms: millis(duration) };
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(wait);
        }
    }

    /// All of them.
    pub(super) fn taken(self) -> Vec<Wait> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_that_nobody_notices_are_left_out() {
        let waits = Waits::default();
        waits.note(3, Duration::from_millis(99));
        waits.note(5, Duration::from_secs(2));
        assert_eq!(waits.taken(), [Wait { started_ms: 5, duration_ms: 2_000 }]);
    }
}
