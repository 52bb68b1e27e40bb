//! Time that can be turned forward: the embedded reference server and the engine share one clock, so that waiting
//! for the next minute takes none.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// The time of a run. Clones show the same time.
#[derive(Clone, Debug)]
pub struct Clock {
    ahead_ms: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The system's time; waiting waits.
    pub fn real() -> Self {
        Self { ahead_ms: None }
    }

    /// The system's time, and waiting turns it forward instead.
    pub fn adjustable() -> Self {
        Self { ahead_ms: Some(Arc::new(AtomicI64::new(0))) }
    }

    /// The current time.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the time")]
    pub fn now(&self) -> DateTime<Utc> {
        let ahead = self.ahead_ms.as_ref().map_or(0, |ms| ms.load(Ordering::SeqCst));
        Utc::now() + TimeDelta::milliseconds(ahead)
    }

    /// Whether waiting turns the time forward for everybody who shares the clock.
    pub fn is_adjustable(&self) -> bool {
        self.ahead_ms.is_some()
    }

    /// Returns when `duration` has passed on this clock.
    pub async fn sleep(&self, duration: Duration) {
        match &self.ahead_ms {
            None => tokio::time::sleep(duration).await,
            Some(ms) => {
                // Rounded up: a wait never ends early.
                let forward = i64::try_from(duration.as_micros().div_ceil(1000)).unwrap_or(i64::MAX / 4);
                ms.fetch_add(forward, Ordering::SeqCst);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn waiting_turns_an_adjustable_clock_forward_for_all() {
        let clock = Clock::adjustable();
        let other = clock.clone();
        let before = other.now();
        clock.sleep(Duration::from_secs(90)).await;
        assert!(other.now() - before >= TimeDelta::seconds(90));
    }
}
