//! Which case comes next: the longest first, and never two that hold the same lock.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Notify;

use crate::check::whole;
use crate::suite::{Action, Case, Instance, Step, Wait};
use crate::yaml;

/// The lock on a clock that all share: turning it forward would disturb a case that counts within a window.
const CLOCK: &str = "clock";

/// Whether cases share a clock that waiting turns forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locks {
    /// Only what the cases name.
    Named,
    /// And the clock, for those that wait.
    NamedAndClock,
}

/// Instances that wait for a worker.
#[derive(Debug)]
pub(super) struct Queue {
    state: Mutex<State>,
    released: Notify,
}

#[derive(Debug)]
struct State {
    pending: Vec<Pending>,
    /// Whether each lock is held, by its number.
    held: Vec<bool>,
    running: usize,
}

/// An instance that waits, and the numbers of its locks.
#[derive(Debug)]
struct Pending {
    instance: Instance,
    locks: Vec<usize>,
}

/// An instance with its locks, which are free again once it is dropped.
#[derive(Debug)]
pub(super) struct Claimed<'q> {
    pub(super) instance: Instance,
    locks: Vec<usize>,
    queue: &'q Queue,
}

impl Drop for Claimed<'_> {
    fn drop(&mut self) {
        let mut state = self.queue.state();
        for lock in &self.locks {
            state.held[*lock] = false;
        }
        state.running -= 1;
        drop(state);
        self.queue.released.notify_waiters();
    }
}

impl Queue {
    /// A queue of all instances: those of `first`, then the longest first; those that run alone come after all others.
    pub(super) fn new(mut instances: Vec<Instance>, first: &BTreeSet<String>, locks: Locks) -> Self {
        instances.sort_by_cached_key(|it| {
            let is_later = !first.contains(&it.id);
            (it.case.runs_alone(), is_later, Reverse(expected(&it.case)), it.id.clone())
        });
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let mut number = |name: String| {
            let next = numbers.len();
            *numbers.entry(name).or_insert(next)
        };
        let pending = instances
            .into_iter()
            .map(|instance| Pending {
                locks: locks_of(&instance, locks).into_iter().map(&mut number).collect(),
                instance,
            })
            .collect();
        let held = vec![false; numbers.len()];
        Self { state: Mutex::new(State { pending, held, running: 0 }), released: Notify::new() }
    }

    /// The next instance whose locks are free; waits for one, and returns `None` when none is left.
    pub(super) async fn next(&self) -> Option<Claimed<'_>> {
        loop {
            let released = self.released.notified();
            tokio::pin!(released);
            // Registered before looking, so that a release in between is not missed.
            released.as_mut().enable();
            {
                let mut state = self.state();
                if state.pending.is_empty() {
                    return None;
                }
                if let Some(Pending { instance, locks }) = state.claim() {
                    return Some(Claimed { instance, locks, queue: self });
                }
            }
            released.await;
        }
    }

    /// Takes what no worker has claimed: once all have stopped, that will not run.
    pub(super) fn rest(&self) -> Vec<Instance> {
        std::mem::take(&mut self.state().pending).into_iter().map(|pending| pending.instance).collect()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl State {
    /// Takes the first instance that may begin.
    fn claim(&mut self) -> Option<Pending> {
        let free = self.pending.iter().position(|pending| self.may_begin(pending))?;
        let pending = self.pending.remove(free);
        for lock in &pending.locks {
            self.held[*lock] = true;
        }
        self.running += 1;
        Some(pending)
    }

    fn may_begin(&self, pending: &Pending) -> bool {
        let undisturbed = self.running == 0 || !pending.instance.case.runs_alone();
        undisturbed && !pending.locks.iter().any(|lock| self.held[*lock])
    }
}

/// The names of an instance's locks.
fn locks_of(instance: &Instance, locks: Locks) -> Vec<String> {
    let mut names = instance.holds();
    if locks == Locks::NamedAndClock && instance.case.all_steps().any(waits) {
        names.push(CLOCK.to_owned());
    }
    names
}

fn waits(step: &Step) -> bool {
    matches!(step.action, Action::Wait(_) | Action::Poll { .. })
}

/// How long a case is expected to take; only the order matters.
fn expected(case: &Case) -> Duration {
    case.all_steps().map(expected_of_step).sum()
}

fn expected_of_step(step: &Step) -> Duration {
    match &step.action {
        Action::Wait(Wait::NextWindow) => Duration::from_mins(1),
        Action::Wait(Wait::WindowSecond(second)) => Duration::from_secs(*second),
        // Of a window of a minute.
        Action::Wait(Wait::WindowPercent(percent)) => Duration::from_millis(600_u64.saturating_mul(*percent)),
        Action::Wait(Wait::Duration(text)) => yaml::duration(text).unwrap_or(Duration::from_secs(30)),
        Action::Poll { .. } => Duration::from_secs(2),
        Action::Walk { .. } => Duration::from_millis(400),
        Action::Burst { count, .. } => {
            Duration::from_millis(20) * count.as_u64().and_then(|count| u32::try_from(count).ok()).unwrap_or(100)
        }
        Action::Compare { .. } => Duration::from_millis(60),
        Action::Request { .. } => Duration::from_millis(20),
    }
}

/// The count of a burst, filled in.
pub(super) fn count_of(value: &Value) -> Option<usize> {
    let number = match value {
        Value::String(text) => text.parse().ok(),
        other => whole(other),
    };
    number.and_then(|number| usize::try_from(number).ok())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::suite::Effects;
    use crate::verdict::Source;

    fn instance(id: &str, holds: &[&str], waits: &[Wait]) -> Instance {
        let steps = waits
            .iter()
            .map(|wait| Step {
                action: Action::Wait(wait.clone()),
                only_if: None,
                save: Vec::new(),
                proves: Vec::new(),
                expect: Vec::new(),
                source: Source::default(),
            })
            .collect();
        let case = Case {
            id: id.to_owned(),
            chapter: "c".to_owned(),
            purpose: String::new(),
            requirements: Vec::new(),
            needs: Vec::new(),
            effects: Effects::Reads,
            hazard: None,
            holds: holds.iter().map(|&name| name.to_owned()).collect(),
            for_each: Vec::new(),
            vary: Vec::new(),
            bindings: Vec::new(),
            preamble: Vec::new(),
            steps,
            postamble: Vec::new(),
            source: Source::default(),
        };
        Instance { id: id.to_owned(), case: Arc::new(case), kinds: Vec::new(), variables: Vec::new() }
    }

    #[tokio::test]
    async fn the_longest_comes_first() {
        let queue = Queue::new(
            vec![
                instance("a", &[], &[]),
                instance("b", &[], &[Wait::NextWindow]),
                instance("c", &[], &[Wait::Duration("5s".into())]),
            ],
            &BTreeSet::new(),
            Locks::Named,
        );
        let mut order = Vec::new();
        while let Some(claimed) = queue.next().await {
            order.push(claimed.instance.id.clone());
        }
        assert_eq!(order, ["b", "c", "a"]);
    }

    #[tokio::test]
    async fn what_is_to_come_first_does_and_still_the_longest_before_others() {
        let all = vec![
            instance("a", &[], &[]),
            instance("b", &[], &[Wait::NextWindow]),
            instance("y", &[], &[]),
            instance("z", &[], &[Wait::Duration("5s".into())]),
        ];
        let queue = Queue::new(all, &BTreeSet::from(["y".to_owned(), "z".to_owned()]), Locks::Named);
        let mut order = Vec::new();
        while let Some(claimed) = queue.next().await {
            order.push(claimed.instance.id.clone());
        }
        assert_eq!(order, ["z", "y", "b", "a"]);
    }

    #[tokio::test]
    async fn a_lock_is_held_until_its_case_ends() {
        let queue = Queue::new(
            vec![instance("a", &["x"], &[]), instance("b", &["x"], &[]), instance("c", &[], &[])],
            &BTreeSet::new(),
            Locks::Named,
        );
        let first = queue.next().await.unwrap();
        let second = queue.next().await.unwrap();
        assert_eq!((first.instance.id.as_str(), second.instance.id.as_str()), ("a", "c"));
        let (third, ()) = tokio::join!(queue.next(), async {
            tokio::task::yield_now().await;
            drop(first);
        });
        assert_eq!(third.unwrap().instance.id, "b");
    }

    #[tokio::test]
    async fn a_case_that_runs_alone_comes_when_all_others_have_ended() {
        let alone = instance("a", &["everything"], &[Wait::NextWindow]);
        let queue =
            Queue::new(vec![alone, instance("b", &[], &[]), instance("c", &[], &[])], &BTreeSet::new(), Locks::Named);
        let (b, c) = (queue.next().await.unwrap(), queue.next().await.unwrap());
        assert_eq!((b.instance.id.as_str(), c.instance.id.as_str()), ("b", "c"));
        drop(b);
        assert!(queue.state().claim().is_none());
        drop(c);
        assert_eq!(queue.next().await.unwrap().instance.id, "a");
    }

    #[tokio::test]
    async fn cases_that_turn_a_shared_clock_run_one_after_the_other() {
        let wait = [Wait::Duration("1s".into())];
        let both = || vec![instance("a", &[], &wait), instance("b", &[], &wait)];
        let shared = Queue::new(both(), &BTreeSet::new(), Locks::NamedAndClock);
        let held = shared.next().await.unwrap();
        assert!(shared.state().claim().is_none());
        drop(held);
        let real = Queue::new(both(), &BTreeSet::new(), Locks::Named);
        let _held = real.next().await.unwrap();
        assert!(real.state().claim().is_some());
    }

    #[tokio::test]
    async fn what_nobody_claimed_is_the_rest() {
        let queue = Queue::new(vec![instance("a", &[], &[]), instance("b", &[], &[])], &BTreeSet::new(), Locks::Named);
        let _first = queue.next().await.unwrap();
        let rest = queue.rest();
        assert_eq!(rest.iter().map(|instance| instance.id.as_str()).collect::<Vec<_>>(), ["b"]);
        assert!(queue.next().await.is_none());
    }
}
