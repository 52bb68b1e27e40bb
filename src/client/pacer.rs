//! Keeps the requests of all workers together under a rate.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

/// Lets requests through one after the other, never closer together than the rate allows.
#[derive(Debug)]
pub(super) struct Pacer {
    between: Duration,
    next: Mutex<Option<Instant>>,
}

impl Pacer {
    /// So much time lies between two requests.
    pub(super) fn new(between: Duration) -> Self {
        Self { between, next: Mutex::new(None) }
    }

    /// Returns when the caller may send.
    pub(super) async fn turn(&self) {
        let at = self.reserve(Instant::now());
        tokio::time::sleep_until(at).await;
    }

    /// The time of the next free turn, which is then taken. Turns that nobody took are not made up for.
    fn reserve(&self, now: Instant) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let at = next.map_or(now, |next| next.max(now));
        *next = Some(at + self.between);
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_never_closer_than_the_rate_allows() {
        let pacer = Pacer::new(Duration::from_millis(100));
        let now = Instant::now();
        let turns: Vec<_> = (0..3).map(|_| pacer.reserve(now) - now).collect();
        assert_eq!(turns, [0, 100, 200].map(Duration::from_millis));
        let later = now + Duration::from_secs(10);
        assert_eq!(pacer.reserve(later), later, "nobody waits for turns that are over");
        assert_eq!(pacer.reserve(later) - later, Duration::from_millis(100), "and they are not made up for");
    }
}
