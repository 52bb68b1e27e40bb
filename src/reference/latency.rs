//! How long answers take beyond what they need.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use fastrand::Rng;

/// A time that each answer takes at least: always the same, or drawn from a range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    least: Duration,
    most: Duration,
}

impl Latency {
    /// From `least` to `most`, both included; whichever is the lower.
    pub fn between(least: Duration, most: Duration) -> Self {
        Self { least: least.min(most), most: most.max(least) }
    }

    /// The latency of one answer.
    fn draw(self, rng: &mut Rng) -> Duration {
        let micros = |duration: Duration| u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros(rng.u64(micros(self.least)..=micros(self.most)))
    }
}

/// The latencies of a server's answers, drawn one after the other: the same seed draws the same.
#[derive(Debug)]
pub(crate) struct Latencies {
    range: Latency,
    rng: Mutex<Rng>,
}

impl Latencies {
    pub(crate) fn new(range: Latency, seed: u64) -> Self {
        Self { range, rng: Mutex::new(Rng::with_seed(seed)) }
    }

    /// The latency of the next answer.
    pub(crate) fn next(&self) -> Duration {
        self.range.draw(&mut self.rng.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_latencies_within_the_range() {
        let (least, most) = (Duration::from_millis(5), Duration::from_millis(9));
        let drawn = |seed: u64| {
            let latencies = Latencies::new(Latency::between(most, least), seed);
            (0..50).map(|_| latencies.next()).collect::<Vec<_>>()
        };
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
        assert!(drawn(1).iter().all(|latency| (least..=most).contains(latency)));
        assert_eq!(Latencies::new(Latency::default(), 1).next(), Duration::ZERO);
    }
}
