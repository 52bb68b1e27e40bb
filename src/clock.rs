//! Time that can be turned forward: the embedded reference server and the engine share one clock, so that waiting
//! for the next minute takes none.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// The time of a run. Clones show the same time.
#[derive(Clone, Debug)]
pub struct Clock(Time);

#[derive(Clone, Debug)]
enum Time {
    /// The system's.
    Real,
    /// The system's, turned forward by so many milliseconds.
    Turned(Arc<AtomicI64>),
    /// That of a recording: it stands still, in microseconds since 1970, unless it is turned forward.
    Recorded { at: Arc<AtomicI64>, was_adjustable: bool },
}

impl Clock {
    /// The system's time; waiting waits.
    pub fn real() -> Self {
        Self(Time::Real)
    }

    /// The system's time, and waiting turns it forward instead.
    pub fn adjustable() -> Self {
        Self(Time::Turned(Arc::new(AtomicI64::new(0))))
    }

    /// A time that stands still at this instant of the clock, until waiting or [`Clock::turn_to`] turns it forward.
    #[must_use]
    pub fn standing_at(&self, at: DateTime<Utc>) -> Self {
        let at = Arc::new(AtomicI64::new(at.timestamp_micros()));
        Self(Time::Recorded { at, was_adjustable: self.is_adjustable() })
    }

    /// The current time.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the time")]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            Time::Real => Utc::now(),
            Time::Turned(ms) => Utc::now() + TimeDelta::milliseconds(ms.load(Ordering::SeqCst)),
            Time::Recorded { at, .. } => {
                DateTime::from_timestamp_micros(at.load(Ordering::SeqCst)).unwrap_or(DateTime::UNIX_EPOCH)
            }
        }
    }

    /// Whether waiting turns the time forward for all that share the clock, including the target.
    pub fn is_adjustable(&self) -> bool {
        match &self.0 {
            Time::Real => false,
            Time::Turned(_) => true,
            Time::Recorded { was_adjustable, .. } => *was_adjustable,
        }
    }

    /// Turns a time that stands still forward to an instant; never back.
    pub fn turn_to(&self, instant: DateTime<Utc>) {
        if let Time::Recorded { at, .. } = &self.0 {
            at.fetch_max(instant.timestamp_micros(), Ordering::SeqCst);
        }
    }

    /// Returns when `duration` has passed on this clock.
    pub async fn sleep(&self, duration: Duration) {
        match &self.0 {
            Time::Real => tokio::time::sleep(duration).await,
            Time::Turned(ms) => {
                // Rounded up: a wait never ends early.
                let forward = i64::try_from(duration.as_micros().div_ceil(1000)).unwrap_or(i64::MAX / 4);
                ms.fetch_add(forward, Ordering::SeqCst);
            }
            Time::Recorded { at, .. } => {
                let forward = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX / 4);
                at.fetch_add(forward, Ordering::SeqCst);
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

    #[tokio::test]
    async fn a_recorded_time_moves_only_when_it_is_turned() {
        let clock = Clock::real().standing_at(DateTime::UNIX_EPOCH);
        clock.sleep(Duration::from_secs(90)).await;
        clock.turn_to(DateTime::UNIX_EPOCH + TimeDelta::seconds(30));
        assert_eq!(clock.now(), DateTime::UNIX_EPOCH + TimeDelta::seconds(90));
        clock.turn_to(DateTime::UNIX_EPOCH + TimeDelta::seconds(100));
        assert_eq!(clock.clone().now(), DateTime::UNIX_EPOCH + TimeDelta::seconds(100));
    }
}
