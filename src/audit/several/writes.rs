//! When something was written, in whichever recording that stands: what was read before is not compared with what was
//! read after it.

use chrono::{DateTime, TimeDelta, Utc};

use super::{APART, SETTLING};
use crate::audit::har::Timing;

/// The most spans that are remembered; beyond, those that are close to each other become one.
const SPANS: usize = 50_000;

/// The writes of all recordings.
#[derive(Clone, Debug, Default)]
pub(in crate::audit) struct Writes {
    /// From when until when something may change, in the order of time, apart from each other.
    spans: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    /// Whether the times of the recordings name no zone.
    is_local: Option<bool>,
    /// Whether a write has no time that can be compared.
    pub(super) is_untimed: bool,
}

impl Writes {
    /// Remembers a write.
    pub(in crate::audit) fn note(&mut self, time: Timing) {
        let Some((started, settled)) = span(time) else {
            self.is_untimed = true;
            return;
        };
        self.is_untimed |= *self.is_local.get_or_insert(time.is_local) != time.is_local;
        self.spans.push((started, settled));
        if self.spans.len() > SPANS {
            self.settle();
        }
    }

    /// Puts the spans in order. Too many become fewer and longer ones: less is compared.
    pub(in crate::audit) fn settle(&mut self) {
        let mut near = TimeDelta::zero();
        loop {
            self.spans.sort_unstable();
            self.spans.dedup_by(|later, earlier| {
                let is_near = later.0 <= earlier.1.checked_add_signed(near).unwrap_or(earlier.1);
                if is_near {
                    earlier.1 = earlier.1.max(later.1);
                }
                is_near
            });
            if self.spans.len() <= SPANS / 2 {
                return;
            }
            near = (near * 2).max(SETTLING);
        }
    }

    /// Whether the times of a read can be compared with those of the writes.
    pub(super) fn knows(&self, is_local: bool) -> bool {
        self.is_local.is_none_or(|known| known == is_local)
    }

    /// The spans from this one on that begin no later than then: how many, and until when the last of them goes on.
    pub(super) fn until(&self, from: usize, then: DateTime<Utc>) -> (usize, Option<DateTime<Utc>>) {
        let begun = self.spans[from..].iter().take_while(|(started, _)| *started <= then);
        begun.fold((0, None), |(count, last), (_, settled)| (count + 1, last.max(Some(*settled))))
    }
}

/// From when until when a write may change something.
pub(super) fn span(time: Timing) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let started = time.started?;
    let ended = time.ended().or_else(|| started.checked_add_signed(APART))?;
    Some((started, ended.checked_add_signed(SETTLING)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn write(second: i64) -> Timing {
        Timing { started: Some(at(second)), is_local: false, took: Some(std::time::Duration::from_secs(1)) }
    }

    #[test]
    fn writes_are_put_in_order_and_joined() {
        let mut writes = Writes::default();
        for second in [100, 1, 3, 50] {
            writes.note(write(second));
        }
        writes.settle();
        assert_eq!(writes.spans, [(at(1), at(9)), (at(50), at(56)), (at(100), at(106))]);
        assert_eq!(writes.until(0, at(50)), (2, Some(at(56))));
        assert_eq!(writes.until(2, at(99)), (0, None));
        assert!(!writes.is_untimed && writes.knows(false) && !writes.knows(true));
        writes.note(Timing::default());
        assert!(writes.is_untimed);
    }

    #[test]
    fn many_writes_become_fewer_and_longer() {
        let mut writes = Writes::default();
        let many = i64::try_from(SPANS).unwrap() * 3;
        (0..many).for_each(|number| writes.note(write(number * 20)));
        writes.settle();
        assert!(writes.spans.len() <= SPANS, "{}", writes.spans.len());
        assert_eq!(writes.spans[0].0, at(0));
        assert_eq!(writes.spans.last().unwrap().1, at((many - 1) * 20 + 6));
    }
}
