//! Recordings: HAR 1.2 as browsers, proxies and this program write it, read as a stream.

mod body;
mod entries;
mod entry;
mod input;
mod marks;
mod query;
mod recorded;
mod repair;
mod time;

use std::io::BufRead;

use url::Url;

use crate::check::is_below;
use entries::{Entries, Next, Raw};

pub use input::Break;
pub(super) use marks::{has_taken_out_part, is_taken_out};
pub(super) use recorded::UNANSWERED;
use recorded::origin_hint;
pub use recorded::{Item, Recorded};
pub use time::Timing;

/// A recording: its entries in the order of the file.
pub struct Recording<R> {
    entries: Entries<R>,
    raw: Raw,
    number: usize,
}

/// The most bytes of an entry that are looked at to find out where the API is.
const GLANCE: usize = 4 << 20;

/// What an entry says of where the API is.
pub(super) enum Hint {
    /// There, and how sure that is.
    At(Url, usize),
    Nothing,
}

impl<R: BufRead> Recording<R> {
    /// The recording that a stream holds.
    pub fn new(reader: R) -> Self {
        Self { entries: Entries::new(reader), raw: Raw::default(), number: 0 }
    }

    /// The same, to find out where the API is: larger entries are passed over.
    pub(super) fn at_a_glance(reader: R) -> Self {
        Self { entries: Entries::new(reader).keeping(GLANCE), raw: Raw::default(), number: 0 }
    }

    /// The next entry and its number, counted from 1; `None` at the end. What is not below the base URL is not read.
    pub fn next_item(&mut self, base: &Url) -> Result<Option<(usize, Item)>, Break> {
        let is_wanted = |url: &str| Url::parse(url).is_ok_and(|url| is_below(&url, base));
        let item = match self.entries.next(&mut self.raw, &is_wanted)? {
            Next::End => return Ok(None),
            Next::Entry => recorded::read(&self.raw, base),
            Next::NoObject => Item::Other("that are not entries", None),
        };
        self.number += 1;
        Ok(Some((self.number, item)))
    }

    /// The next entry that may have changed something at the host of the API, and when that was; `None` at the end.
    pub(super) fn next_write(&mut self, base: &Url) -> Result<Option<Timing>, Break> {
        loop {
            match self.entries.next(&mut self.raw, &|_| false)? {
                Next::End => return Ok(None),
                Next::NoObject => {}
                Next::Entry => {
                    if let Some(time) = recorded::write(&self.raw, base) {
                        return Ok(Some(time));
                    }
                }
            }
        }
    }

    /// How many bytes stand behind the end of the recording, once that is reached.
    pub(super) fn unread(&self) -> u64 {
        self.entries.unread()
    }

    /// How many entries were read.
    pub fn number(&self) -> usize {
        self.number
    }

    /// What the next entry says of where the API is; `None` at the end.
    pub(super) fn next_hint(&mut self) -> Result<Option<Hint>, Break> {
        Ok(match self.entries.next(&mut self.raw, &|_| true)? {
            Next::End => None,
            Next::Entry => Some(origin_hint(&self.raw).map_or(Hint::Nothing, |(url, weight)| Hint::At(url, weight))),
            Next::NoObject => Some(Hint::Nothing),
        })
    }
}
