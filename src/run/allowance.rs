//! How often something may happen within a span of time, counted apart for each name.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, Utc};

/// So many times within any span of this length.
#[derive(Debug)]
pub(super) struct Allowance {
    limit: usize,
    per: Duration,
    taken: Mutex<BTreeMap<String, VecDeque<DateTime<Utc>>>>,
}

impl Allowance {
    pub(super) fn new(limit: usize, per: Duration) -> Self {
        Self { limit, per, taken: Mutex::new(BTreeMap::new()) }
    }

    /// Takes one; or says how long it is until there may be one, `None` if there never is.
    pub(super) fn take(&self, name: &str, now: DateTime<Utc>) -> Result<(), Option<Duration>> {
        let mut all = self.lock();
        let taken = all.entry(name.to_owned()).or_default();
        while taken.front().is_some_and(|first| age(*first, now) >= self.per) {
            taken.pop_front();
        }
        if taken.len() < self.limit {
            taken.push_back(now);
            return Ok(());
        }
        // So many must have grown too old that one more fits.
        let over = taken.len().checked_sub(self.limit).and_then(|over| taken.get(over));
        Err(over.map(|it| self.per.saturating_sub(age(*it, now)).max(Duration::from_millis(1))))
    }

    /// Notes some that happened without being asked for.
    pub(super) fn note(&self, name: &str, times: usize, now: DateTime<Utc>) {
        self.lock().entry(name.to_owned()).or_default().extend(std::iter::repeat_n(now, times));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, VecDeque<DateTime<Utc>>>> {
        self.taken.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn age(then: DateTime<Utc>, now: DateTime<Utc>) -> Duration {
    // A clock that was set back makes nothing older.
    (now - then).to_std().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    fn at(milliseconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(milliseconds).unwrap()
    }

    #[test]
    fn what_is_taken_comes_back_after_its_time() {
        let allowance = Allowance::new(2, Duration::from_secs(10));
        let take = |name, now| allowance.take(name, at(now));
        assert_eq!([take("a", 0), take("a", 4000), take("b", 4000)], [Ok(()), Ok(()), Ok(())]);
        assert_eq!(take("a", 5000), Err(Some(Duration::from_secs(5))));
        assert_eq!(take("a", 10_000), Ok(()));
        assert_eq!(take("a", 10_000), Err(Some(Duration::from_secs(4))));
        allowance.note("b", 5, at(5000));
        assert_eq!(take("b", 6000), Err(Some(Duration::from_secs(9))));
    }

    #[test]
    fn nothing_is_allowed_where_the_limit_is_nought() {
        assert_eq!(Allowance::new(0, Duration::from_secs(1)).take("a", at(0)), Err(None));
    }

    #[tokio::test]
    async fn no_span_ever_holds_more_than_the_limit() {
        let (clock, per) = (Clock::adjustable(), Duration::from_mins(1));
        let allowance = Allowance::new(7, per);
        let mut times = Vec::new();
        for round in 0..60_u64 {
            while let Err(wait) = allowance.take("g", clock.now()) {
                clock.sleep(wait.expect("there will be one")).await;
            }
            times.push(clock.now());
            clock.sleep(Duration::from_millis(round * 97 % 9000)).await;
        }
        for (first, eighth) in times.iter().zip(&times[7..]) {
            assert!((*eighth - *first).to_std().unwrap() >= per, "{first} {eighth}");
        }
    }
}
