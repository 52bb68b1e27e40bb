//! How often a client says that it used a nonce.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::recent::{Issued, Recent};
use super::rule::Rule;
use super::sight::{Sight, is_taken_out};
use super::{fail, pass};
use crate::verdict::Finding;

/// Requests on several connections overtake each other by less.
const OVERTAKING: TimeDelta = TimeDelta::seconds(1);
/// Most counts of one nonce that are remembered.
const MOST: usize = 1024;

/// The counts seen, by nonce.
#[derive(Debug, Default)]
pub(super) struct Counts(Recent<(String, String), Seen>);

/// The counts of one nonce.
#[derive(Debug)]
struct Seen {
    counts: BTreeSet<u32>,
    /// The highest count, and when its answer was complete.
    highest: (u32, DateTime<Utc>),
}

impl Counts {
    pub(super) fn judge(&mut self, sight: &Sight<'_>, issued: &Issued, findings: &mut Vec<Finding>) {
        let Some(digest) = &sight.digest else { return };
        let (Some(nonce), Some(text)) = (digest.get("nonce"), digest.get("nc")) else { return };
        let Ok(count) = u32::from_str_radix(text, 16) else { return };
        let cnonce = digest.get("cnonce").unwrap_or_default();
        let client = match issued.is_shared(nonce) {
            // Clients that were given the same nonce are told apart by theirs.
            true if is_taken_out(cnonce) => return,
            true => format!("{} {cnonce}", sight.user()),
            false => sight.user().to_owned(),
        };
        let seen =
            self.0.entry(&(nonce.to_owned(), client), || Seen { counts: BTreeSet::new(), highest: (0, sight.ended) });
        findings.push(seen.next(count, sight));
    }
}

impl Seen {
    fn next(&mut self, count: u32, sight: &Sight<'_>) -> Finding {
        let (highest, ended) = self.highest;
        let again = !self.counts.insert(count);
        if self.counts.len() > MOST {
            self.counts.pop_first();
        }
        if count >= highest {
            self.highest = (count, sight.ended);
        }
        if again {
            return fail(Rule::NonceCounts, format!("count {count} was sent with this nonce before"));
        }
        if count == 0 {
            return fail(Rule::NonceCounts, "counts begin with 1").expected("00000001", "00000000");
        }
        if count < highest && sight.started() - ended > OVERTAKING {
            let message = "the count is lower than one that was sent with this nonce before";
            return fail(Rule::NonceCounts, message).expected(format!("more than {highest}"), count.to_string());
        }
        pass(Rule::NonceCounts)
    }
}
