//! Progress where nobody sees a bar: a line now and then, so that the log of a CI job does not stand still.

use std::io::Write as _;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::record::Awaited;
use crate::report;

/// How often a line is written.
const EVERY: Duration = Duration::from_secs(15);
/// Shorter waits are not told.
const SHORTEST: Duration = Duration::from_secs(2);

/// How far a run is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Far {
    planned: usize,
    judged: usize,
    failed: usize,
}

/// Writes how far a run is until it is dropped.
pub(super) struct Ticker {
    far: Arc<Mutex<Far>>,
    /// Until when waits were told.
    waits_until: Option<Instant>,
    _end: Sender<()>,
}

impl Ticker {
    /// Begins to write. Where no thread can be started, it writes nothing.
    pub(super) fn start(planned: usize) -> Self {
        let far = Arc::new(Mutex::new(Far { planned, ..Far::default() }));
        let (end, is_end) = channel::<()>();
        let seen = Arc::clone(&far);
        let thread = std::thread::Builder::new().name("progress".to_owned());
        let _ = thread.spawn(move || {
            while is_end.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                tell(&read(&seen).line());
            }
        });
        Self { far, waits_until: None, _end: end }
    }

    /// A test was judged.
    pub(super) fn judged(&self, failed: bool) {
        let mut far = self.far.lock().unwrap_or_else(PoisonError::into_inner);
        far.judged += 1;
        far.failed += usize::from(failed);
    }

    /// A test waits. Of waits that end at the same time, one is told.
    pub(super) fn waits(&mut self, wait: Duration, awaits: Awaited) {
        let end = Instant::now() + wait;
        let is_told = self.waits_until.is_some_and(|until| end <= until + SHORTEST);
        if wait >= SHORTEST && !is_told {
            self.waits_until = Some(end);
            tell(&read(&self.far).waiting(wait, awaits));
        }
    }
}

impl Far {
    fn line(self) -> String {
        format!("progress: {} of {} tests, {} failed so far", self.judged, self.planned, self.failed)
    }

    fn waiting(self, wait: Duration, awaits: Awaited) -> String {
        let seconds = wait.as_millis().div_ceil(1_000);
        format!("waiting {seconds} s {}, {} failed so far", report::awaited(awaits), self.failed)
    }
}

fn read(far: &Mutex<Far>) -> Far {
    *far.lock().unwrap_or_else(PoisonError::into_inner)
}

fn tell(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_the_run_is_and_what_it_waits_for() {
        let far = Far { planned: 340, judged: 12, failed: 3 };
        assert_eq!(far.line(), "progress: 12 of 340 tests, 3 failed so far");
        assert_eq!(
            far.waiting(Duration::from_millis(37_001), Awaited::Throttled),
            "waiting 38 s for the next rate-limit window (the target answered 429), 3 failed so far"
        );
    }

    #[test]
    fn waits_that_end_together_are_told_once() {
        let mut ticker = Ticker::start(1);
        ticker.waits(Duration::from_secs(1), Awaited::Step);
        assert!(ticker.waits_until.is_none(), "that is short");
        ticker.waits(Duration::from_secs(30), Awaited::Throttled);
        let told = ticker.waits_until;
        ticker.waits(Duration::from_secs(29), Awaited::Step);
        assert_eq!(ticker.waits_until, told);
        ticker.waits(Duration::from_mins(1), Awaited::Step);
        assert!(ticker.waits_until > told);
    }
}
