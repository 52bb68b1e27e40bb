//! The memory that response bodies may take: while they are read, parsed and kept, in browsing as in judging.
//!
//! Each worker has a share of its own. A worker that needs more waits for its turn: one worker at a time may go up to
//! [`MOST`]. A body that does not fit into the share is read on only when the turn has come, so the sum is bounded
//! whatever the target sends and however many workers there are.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What a byte of a body takes: as it was received, in the parsed value, and in two copies (saved by a test, written).
const PER_BYTE: usize = 4;
/// What a JSON value takes beside its bytes.
const PER_VALUE: usize = 160;
/// All shares together.
const SHARES: usize = 24 * 1024 * 1024;
/// The largest share, however few workers there are.
const LARGEST_SHARE: usize = 3 * 1024 * 1024;
/// No worker keeps more.
const MOST: usize = 48 * 1024 * 1024;
/// How soon a worker that waits for its turn is looked at again.
const AGAIN: Duration = Duration::from_millis(50);

/// What all workers of a client share.
#[derive(Clone, Debug)]
pub(super) struct Budget(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    share: AtomicUsize,
    turn: Arc<Semaphore>,
}

impl Default for Budget {
    fn default() -> Self {
        Self(Arc::new(Shared { share: AtomicUsize::new(LARGEST_SHARE), turn: Arc::new(Semaphore::new(1)) }))
    }
}

impl Budget {
    /// Divides the budget among so many workers.
    pub(super) fn divide(&self, workers: usize) {
        self.0.share.store((SHARES / workers.max(1)).min(LARGEST_SHARE), Ordering::Relaxed);
    }

    /// The part of one worker that keeps nothing so far.
    pub(super) fn part(&self) -> Part {
        Part { budget: self.clone(), taken: 0, turn: None, waited: Waited::default() }
    }
}

/// The part of the budget that one worker takes.
#[derive(Debug)]
pub(super) struct Part {
    budget: Budget,
    taken: usize,
    turn: Option<OwnedSemaphorePermit>,
    waited: Waited,
}

impl Part {
    /// Takes room for bytes that were read; waits for the turn if they do not fit into the share.
    pub(super) async fn take_bytes(&mut self, bytes: usize) {
        self.take(bytes.saturating_mul(PER_BYTE)).await;
    }

    /// Takes room for the values of a body that was read.
    pub(super) async fn take_values(&mut self, body: &[u8]) {
        let values = body.iter().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count();
        self.take(values.saturating_mul(PER_VALUE)).await;
    }

    async fn take(&mut self, room: usize) {
        self.taken = self.taken.saturating_add(room);
        if self.turn.is_some() || self.taken <= self.budget.0.share.load(Ordering::Relaxed) {
            return;
        }
        self.waited.begin();
        // The semaphore is never closed; without a turn the worker would go on all the same.
        self.turn = Arc::clone(&self.budget.0.turn).acquire_owned().await.ok();
        self.waited.end();
    }

    /// Gives back what was taken since then: it came to nothing.
    pub(super) fn return_to(&mut self, taken: usize) {
        self.taken = taken;
    }

    /// How much is taken.
    pub(super) fn taken(&self) -> usize {
        self.taken
    }

    /// Gives back everything, the turn too.
    pub(super) fn release(&mut self) {
        (self.taken, self.turn) = (0, None);
    }

    /// Why the worker must not keep more, if so.
    pub(super) fn excess(&self) -> Option<String> {
        let most = MOST / (1024 * 1024);
        (self.taken > MOST)
            .then(|| format!("the responses are too large to keep: they need more than {most} MiB of memory"))
    }

    /// The time that this worker waits for its turn.
    pub(super) fn waited(&self) -> Waited {
        self.waited.clone()
    }
}

/// The time that a worker waits for its turn, which is not the target's time.
#[derive(Clone, Debug, Default)]
pub(super) struct Waited(Arc<Mutex<Wait>>);

#[derive(Debug, Default)]
struct Wait {
    since: Option<Instant>,
    ended: Duration,
}

impl Waited {
    fn begin(&self) {
        self.lock().since = Some(Instant::now());
    }

    fn end(&self) {
        let mut wait = self.lock();
        if let Some(since) = wait.since.take() {
            wait.ended += since.elapsed();
        }
    }

    /// The time waited since the last call.
    pub(super) fn take(&self) -> Duration {
        let mut wait = self.lock();
        let now = Instant::now();
        let going_on = wait.since.as_mut().map_or(Duration::ZERO, |since| now - std::mem::replace(since, now));
        std::mem::take(&mut wait.ended) + going_on
    }

    fn lock(&self) -> MutexGuard<'_, Wait> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is done within a time, and how long it took; nothing if it took longer. Waiting for a turn does not count.
pub(super) async fn within<T>(
    time: Duration,
    waited: &Waited,
    mut work: impl Future<Output = T> + Unpin,
) -> Option<(T, Duration)> {
    waited.take();
    let begun = Instant::now();
    let (mut left, mut paused) = (time, Duration::ZERO);
    while !left.is_zero() {
        let done = tokio::time::timeout(left.max(AGAIN.min(time)), &mut work).await;
        left = waited.take();
        paused += left;
        if let Ok(done) = done {
            return Some((done, begun.elapsed().saturating_sub(paused)));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn only_one_worker_at_a_time_keeps_much() {
        let budget = Budget::default();
        let (mut first, mut second) = (budget.part(), budget.part());
        first.take_bytes(LARGEST_SHARE).await;
        second.take_bytes(LARGEST_SHARE / PER_BYTE).await;
        let waiting = tokio::time::timeout(MOMENT, second.take_bytes(1)).await;
        assert!(waiting.is_err(), "the first one still keeps much");
        first.release();
        second.take_bytes(1).await;
        assert!(second.turn.is_some());
    }

    #[tokio::test]
    async fn many_workers_have_small_shares() {
        let budget = Budget::default();
        budget.divide(256);
        let (mut first, mut second) = (budget.part(), budget.part());
        first.take_bytes(SHARES / 256 / PER_BYTE + 1).await;
        assert!(first.turn.is_some());
        second.take_values(b"[[[,,,{").await;
        assert_eq!((second.taken(), second.turn.is_some()), (7 * PER_VALUE, false));
    }

    #[tokio::test]
    async fn too_much_is_told_in_bytes_and_in_values() {
        for body in [vec![b'x'; MOST / PER_BYTE + 1], vec![b','; MOST / (PER_VALUE + PER_BYTE) + 1]] {
            let mut part = Budget::default().part();
            assert_eq!(part.excess(), None);
            part.take_bytes(body.len()).await;
            part.take_values(&body).await;
            assert!(part.excess().is_some_and(|why| why.contains("more than 48 MiB")));
            part.release();
            assert_eq!(part.excess(), None);
        }
    }

    #[tokio::test]
    async fn waiting_for_a_turn_is_not_the_targets_time() {
        let waited = Waited::default();
        waited.begin();
        let late = within(MOMENT, &waited, std::future::pending::<()>());
        assert!(tokio::time::timeout(MOMENT * 10, late).await.is_err(), "it waits for its turn");
        waited.end();
        waited.take();
        assert!(within(MOMENT, &waited, std::future::pending::<()>()).await.is_none());
        assert_eq!(within(MOMENT, &waited, std::future::ready(7)).await.map(|(done, _)| done), Some(7));
    }
}
