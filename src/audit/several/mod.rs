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

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::har::Recorded;
use crate::check::View;
use crate::exchange::is_safe;
use glance::{Glance, Span};

pub(super) use relation::Relation;

/// After a write, some reads may not see it yet for so long.
const SETTLING: TimeDelta = TimeDelta::seconds(5);

/// Reads further apart say nothing about what is between them.
const APART: TimeDelta = TimeDelta::seconds(60);

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
#[derive(Debug, Default)]
pub(super) struct Several {
    /// Until when changes may be under way, and how many stretches without any there were before.
    quiet: Quiet,
    same: same::Same,
    lists: lists::Lists,
    selves: selves::Selves,
}

#[derive(Clone, Copy, Debug, Default)]
struct Quiet {
    stretch: u64,
    from: Option<DateTime<Utc>>,
}

impl Several {
    /// Something may have been written that the recording does not tell.
    pub(super) fn interrupted(&mut self) {
        self.quiet.stretch += 1;
    }

    /// Something was written, or may have been.
    pub(super) fn written(&mut self, recorded: &Recorded) {
        self.interrupted();
        let ended = Span::of(recorded).map(|span| span.ended);
        let settled = ended.and_then(|ended| ended.checked_add_signed(SETTLING));
        self.quiet.from = self.quiet.from.max(settled);
    }

    /// Looks at an exchange, and judges those that it completes the evidence for.
    pub(super) fn see(&mut self, entry: usize, recorded: &Recorded, view: &View<'_>) -> Vec<Held> {
        if is_write(&recorded.exchange.request.method) {
            self.written(recorded);
            return Vec::new();
        }
        let Some(who) = glance::who(recorded) else { return Vec::new() };
        let Some(glance) = Glance::of(entry, recorded, view, who) else { return Vec::new() };
        if says_nothing(glance.status) || self.quiet.from.is_some_and(|from| glance.span.started < from) {
            return Vec::new();
        }
        let mut held = Vec::new();
        if let Some(body) = view.plain_body().filter(|_| glance.status == 200) {
            self.lists.see(&glance, body, who, self.quiet.stretch, &mut held);
            self.selves.see(&glance, body, who, self.quiet.stretch, &mut held);
        }
        self.same.see(glance, self.quiet.stretch, &mut held);
        held
    }

    /// How many exchanges of a relation stood alone.
    pub(super) fn alone(&self, relation: Relation) -> usize {
        self.same.alone(relation)
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
    first.is_before(between) && between.is_before(last) && last.ended - first.started <= APART
}
