//! The target's clock, as far as its `Date` headers tell, and the windows in which it counts requests.

use std::sync::Mutex;
use std::time::Duration;

use crate::clock::Clock;
use crate::exchange::{Exchange, http_date};

/// How far the target's clock is ahead of ours, in milliseconds: somewhere between the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ahead {
    least: i64,
    most: i64,
}

/// What is known of the target's clock. `Date` tells whole seconds (RFC 9110, section 6.6.1); each answer narrows
/// the bounds, and one that contradicts them starts anew.
#[derive(Debug)]
pub(super) struct TargetClock {
    clock: Clock,
    window_ms: i64,
    ahead: Mutex<Option<Ahead>>,
}

impl TargetClock {
    /// Knows nothing yet, unless the clock is shared with the target.
    pub(super) fn new(clock: Clock, window: Duration) -> Self {
        let ahead = clock.is_adjustable().then_some(Ahead { least: 0, most: 0 });
        let window_ms = i64::try_from(window.as_millis()).unwrap_or(i64::MAX).max(1);
        Self { clock, window_ms, ahead: Mutex::new(ahead) }
    }

    /// Knows what was known when a test was recorded; `clock` is that of the recording.
    pub(super) fn recorded(&self, clock: Clock, ahead: Option<Ahead>) -> Self {
        Self { clock, window_ms: self.window_ms, ahead: Mutex::new(ahead) }
    }

    /// How far the target's clock is ahead, as far as is known.
    pub(super) fn ahead(&self) -> Option<Ahead> {
        *self.lock()
    }

    /// Learns from an answer.
    pub(super) fn observe(&self, exchange: &Exchange) {
        if self.clock.is_adjustable() {
            return;
        }
        let Some(date) = exchange.response.header("date").and_then(|text| http_date(&text)) else { return };
        let sent = exchange.started.timestamp_millis();
        let took = i64::try_from(exchange.duration.as_millis()).unwrap_or(i64::MAX / 4) + 1;
        let told = date.timestamp_millis();
        let seen = Ahead { least: told - (sent + took), most: told + 1000 - sent };
        let mut ahead = self.lock();
        *ahead = Some(match *ahead {
            Some(known) if seen.least <= known.most && known.least <= seen.most => {
                Ahead { least: known.least.max(seen.least), most: known.most.min(seen.most) }
            }
            _ => seen,
        });
    }

    /// Whether anything is known.
    pub(super) fn is_known(&self) -> bool {
        self.lock().is_some()
    }

    /// The time until a new window has surely begun.
    pub(super) fn until_next_window(&self) -> Duration {
        let (least, most) = self.bounds();
        let next = (most.div_euclid(self.window_ms) + 1) * self.window_ms;
        millis(next - least)
    }

    /// The time until this second of the current window has surely come; none if it has passed.
    pub(super) fn until_second(&self, second: u64) -> Duration {
        let (least, _) = self.bounds();
        let start = least.div_euclid(self.window_ms) * self.window_ms;
        let second = i64::try_from(second.saturating_mul(1000)).unwrap_or(i64::MAX / 4);
        millis(start + second - least)
    }

    /// The time until so many hundredths of the current window are surely over; none if they are.
    pub(super) fn until_percent(&self, percent: u64) -> Duration {
        let (least, _) = self.bounds();
        let start = least.div_euclid(self.window_ms) * self.window_ms;
        let percent = i64::try_from(percent.min(100)).unwrap_or(100);
        millis(start + self.window_ms.saturating_mul(percent) / 100 - least)
    }

    /// The window that the target is surely in, or `None` while it may be either of two.
    pub(super) fn window(&self) -> Option<i64> {
        let (least, most) = self.bounds();
        let window = least.div_euclid(self.window_ms);
        (most.div_euclid(self.window_ms) == window).then_some(window)
    }

    /// The earliest and the latest that the target's clock may show now; ours while nothing is known.
    fn bounds(&self) -> (i64, i64) {
        let now = self.clock.now().timestamp_millis();
        let ahead = self.lock().unwrap_or(Ahead { least: 0, most: 0 });
        (now + ahead.least, now + ahead.most)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Ahead>> {
        self.ahead.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn millis(number: i64) -> Duration {
    Duration::from_millis(u64::try_from(number).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use url::Url;

    use super::*;
    use crate::exchange::{Request, Response, Role};

    fn answer(ahead_ms: i64) -> Exchange {
        let started = DateTime::from_timestamp_millis(1_476_272_759_250).unwrap();
        let date = (started + TimeDelta::milliseconds(ahead_ms)).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        Exchange {
            request: Request::new("GET", Url::parse("http://127.0.0.1/").unwrap()),
            response: Response { status: 200, headers: vec![("date".into(), date)], ..Response::default() },
            started,
            duration: Duration::from_millis(5),
            role: Role::Asked,
        }
    }

    #[test]
    fn the_targets_clock_is_learned_within_a_second() {
        let target = TargetClock::new(Clock::real(), Duration::from_mins(1));
        assert!(!target.is_known());
        target.observe(&answer(3_600_000));
        let ahead = target.lock().unwrap();
        assert!(ahead.least <= 3_600_000 && 3_600_000 <= ahead.most, "{ahead:?}");
        assert!(ahead.most - ahead.least <= 1_100, "{ahead:?}");
    }

    #[test]
    fn a_contradiction_starts_anew() {
        let target = TargetClock::new(Clock::real(), Duration::from_mins(1));
        target.observe(&answer(3_600_000));
        target.observe(&answer(0));
        assert!(target.lock().unwrap().least.abs() <= 1_100);
    }

    #[tokio::test]
    async fn a_shared_clock_turns_to_the_next_window_at_once() {
        let clock = Clock::adjustable();
        let target = TargetClock::new(clock.clone(), Duration::from_mins(1));
        let before = target.window().unwrap();
        clock.sleep(target.until_next_window()).await;
        assert_eq!(target.window(), Some(before + 1));
        clock.sleep(target.until_second(40)).await;
        assert_eq!(clock.now().timestamp() % 60, 40);
        assert_eq!(target.until_second(30), Duration::ZERO);
        clock.sleep(target.until_percent(75)).await;
        assert_eq!((clock.now().timestamp() % 60, target.window()), (45, Some(before + 1)));
        assert_eq!(target.until_percent(70), Duration::ZERO);
    }
}
