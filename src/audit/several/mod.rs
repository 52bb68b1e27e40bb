//! Exchanges about the same URL, held against each other.
//!
//! An answer is judged only between two plain reads of the same client that agree, with no write, and none shortly
//! before: what stands still from the first to the second stood still between them. What the two do not agree on moves
//! by itself, and is not judged; neither is what no such reads enclose.
//!
//! The memory is bounded: values are kept as digests, and of too many resources the oldest is forgotten.

mod glance;
mod lists;
mod relation;
mod same;
mod selves;
mod table;
mod value;
mod walks;
mod writes;

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::har::{Recorded, Timing};
use super::order::InOrder;
use crate::check::View;
use crate::exchange::is_safe;
use glance::{Glance, Span};

pub(super) use relation::Relation;
pub(super) use walks::Walked;
pub(super) use writes::Writes;

/// After a write, some reads may not see it yet for so long.
const SETTLING: TimeDelta = TimeDelta::seconds(5);

/// Reads further apart say nothing about what is between them.
const APART: TimeDelta = TimeDelta::seconds(60);

/// The most bytes of reads that wait for earlier ones.
const WAITING: usize = 6 << 20;

/// The same in a recording that is not in the order of time.
const WAITING_IN_DISORDER: usize = 96 << 20;

/// The most reads without a time that are remembered.
const UNTIMED: usize = 4_096;

/// The most exchanges that are wrong and kept.
const BROKEN: usize = 10_000;

/// Why nothing is compared beside a write of which nobody knows when it was.
const UNTIMED_WRITE: &str = "it is not recorded when something was written";

/// What was found about one exchange.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) relation: Relation,
    pub(super) entry: usize,
    pub(super) method: &'static str,
    pub(super) url: Url,
    /// The place and what is wrong there, or nothing.
    pub(super) broken: Option<(String, String)>,
}

/// The exchanges of a recording, as far as they are remembered.
#[derive(Debug)]
pub(super) struct Several {
    order: InOrder<Event>,
    /// Until when changes may be under way, and how many stretches without any there were before.
    quiet: Quiet,
    same: same::Same,
    lists: lists::Lists,
    selves: selves::Selves,
    walks: walks::Walks,
    found: Found,
    /// Why nothing of the recording can be compared.
    spoilt: Option<&'static str>,
    untimed: Untimed,
    /// Whether the times of the recording name no zone.
    is_local: Option<bool>,
    /// The writes of all recordings, and how many of them were passed.
    writes: Arc<Writes>,
    passed: usize,
}

/// What was found in a recording.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// How many exchanges were judged, by relation.
    pub(super) judged: [usize; Relation::COUNT],
    /// Those that are wrong.
    pub(super) broken: Vec<Held>,
    /// How many could not be compared, by relation and reason.
    pub(super) unclear: Vec<(Relation, &'static str, usize)>,
    /// How many stood alone, by relation.
    pub(super) alone: [usize; Relation::COUNT],
    /// Lists of several pages.
    pub(super) walked: Walked,
}

/// What the order of time matters for.
#[derive(Debug)]
enum Event {
    Read(Box<Glance>),
    /// A change that may go on until then.
    Change(DateTime<Utc>),
}

/// Reads of which it is not known when they took place.
#[derive(Debug, Default)]
struct Untimed {
    plain: HashSet<u64>,
    others: Vec<(u64, Relation)>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Quiet {
    stretch: u64,
    from: Option<DateTime<Utc>>,
}

impl Default for Several {
    fn default() -> Self {
        Self {
            order: InOrder::of(WAITING, WAITING_IN_DISORDER),
            quiet: Quiet::default(),
            same: same::Same::default(),
            lists: lists::Lists::default(),
            selves: selves::Selves::default(),
            walks: walks::Walks::default(),
            found: Found::default(),
            spoilt: None,
            untimed: Untimed::default(),
            is_local: None,
            writes: Arc::default(),
            passed: 0,
        }
    }
}

impl Several {
    /// The same beside writes in other recordings.
    #[must_use]
    pub(super) fn beside(self, writes: Arc<Writes>) -> Self {
        Self { writes, ..self }
    }

    /// Something may have been changed at this time.
    pub(super) fn changed(&mut self, entry: usize, time: Timing) {
        match writes::span(self.comparable(time)) {
            Some((started, settled)) => self.push(started, entry, 100, Event::Change(settled)),
            None => {
                self.spoilt.get_or_insert(UNTIMED_WRITE);
            }
        }
    }

    /// Looks at an exchange.
    pub(super) fn see(&mut self, entry: usize, recorded: &Recorded, view: &View<'_>) {
        if is_write(&recorded.exchange.request.method) {
            return self.changed(entry, recorded.time);
        }
        let span = Span::of(self.comparable(recorded.time));
        let Some(glance) = Glance::of(entry, recorded, view, span) else { return };
        match span.started.filter(|_| span.ended.is_some()) {
            Some(started) => self.push(started, entry, glance.weight(), Event::Read(Box::new(glance))),
            None => self.untimed.note(&glance),
        }
    }

    /// What the recording shows.
    pub(super) fn finish(mut self) -> Found {
        for (_, event) in self.order.finish() {
            self.take(event);
        }
        let mut found = self.found;
        found.walked = self.walks.counted();
        let late = self.order.is_broken().then_some("the entries are too far out of the order of time");
        let foreign = self.writes.is_untimed || self.is_local.is_some_and(|is_local| !self.writes.knows(is_local));
        let spoilt = self.spoilt.or(foreign.then_some(UNTIMED_WRITE)).or(late);
        for relation in Relation::all().iter().copied() {
            let at = relation as usize;
            found.alone[at] = self.same.alone(relation);
            if let Some(why) = spoilt.filter(|_| found.judged[at] > 0) {
                found.unclear.push((relation, why, std::mem::take(&mut found.judged[at])));
            }
            let untimed = self.untimed.of(relation);
            if untimed > 0 {
                found.unclear.push((relation, "it is not recorded when it was read, or for how long", untimed));
            }
        }
        if spoilt.is_some() {
            found.broken.clear();
        }
        found
    }

    /// The time, if it can be compared with those before it: a clock without a zone only with its like.
    fn comparable(&mut self, time: Timing) -> Timing {
        if time.started.is_none() || *self.is_local.get_or_insert(time.is_local) == time.is_local {
            return time;
        }
        Timing::default()
    }

    fn push(&mut self, at: DateTime<Utc>, entry: usize, weight: usize, event: Event) {
        for (_, event) in self.order.push(at, entry, weight, event) {
            self.take(event);
        }
    }

    /// Judges, in the order of time, what an event completes the evidence for.
    fn take(&mut self, event: Event) {
        let glance = match event {
            Event::Read(glance) => *glance,
            Event::Change(settled) => {
                self.quiet.stretch += 1;
                self.quiet.from = self.quiet.from.max(Some(settled));
                return;
            }
        };
        self.walks.see(&glance);
        if let Some(started) = glance.span.started {
            let (begun, settled) = self.writes.until(self.passed, started);
            self.passed += begun;
            self.quiet.stretch += begun as u64;
            self.quiet.from = self.quiet.from.max(settled);
        }
        if says_nothing(glance.status) || glance.span.started < self.quiet.from {
            return;
        }
        let mut held = Vec::new();
        self.lists.see(&glance, self.quiet.stretch, &mut held);
        self.selves.see(&glance, self.quiet.stretch, &mut held);
        self.same.see(glance, self.quiet.stretch, &mut held);
        for held in held {
            self.found.judged[held.relation as usize] += 1;
            if held.broken.is_some() && self.found.broken.len() < BROKEN {
                self.found.broken.push(held);
            }
        }
    }
}

impl Untimed {
    /// How many reads there are that could be compared with plain ones if their times were known.
    fn of(&self, relation: Relation) -> usize {
        self.others.iter().filter(|(key, of)| *of == relation && self.plain.contains(key)).count()
    }

    fn note(&mut self, glance: &Glance) {
        match same::relation(glance) {
            _ if self.plain.len() + self.others.len() >= UNTIMED => {}
            None => {
                self.plain.insert(glance.key);
            }
            Some(relation) => self.others.push((glance.key, relation)),
        }
    }
}

/// Whether a method may change something.
pub(super) fn is_write(method: &str) -> bool {
    !is_safe(method)
}

/// Whether a status tells about who asks, when and how, and not about the resource.
fn says_nothing(status: u16) -> bool {
    matches!(status, 304 | 401 | 403 | 405 | 408 | 429 | 500..)
}

/// Whether one exchange was over before the next began, and the last not long after.
fn follow(first: Span, between: Span, last: Span) -> bool {
    let is_near = last.ended.zip(first.started).is_some_and(|(ended, started)| ended - started <= APART);
    first.is_before(between) && between.is_before(last) && is_near
}
