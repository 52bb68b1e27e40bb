//! Recordings: HAR 1.2 as browsers, proxies and this program write it, read as a stream.

mod body;
mod entries;
mod entry;
mod recorded;

use std::io::BufRead;

use entries::{Entries, Next};

pub use entries::Break;
pub use recorded::Recorded;
pub(super) use recorded::{UNANSWERED, origin_hint};

/// A recording: its entries in their order.
pub struct Recording<R> {
    entries: Entries<R>,
    buffer: Vec<u8>,
    number: usize,
}

/// One entry of a recording.
pub enum Item {
    /// A request and its answer.
    Exchange(Box<Recorded>),
    /// An entry that shows no exchange, and why.
    Other(&'static str),
    /// An entry that cannot be read, and why.
    Unreadable(String),
}

impl<R: BufRead> Recording<R> {
    /// The recording that a stream holds.
    pub fn new(reader: R) -> Self {
        Self { entries: Entries::new(reader), buffer: Vec::new(), number: 0 }
    }

    /// The next entry and its number, counted from 1; `None` at the end.
    pub fn next_item(&mut self) -> Result<Option<(usize, Item)>, Break> {
        self.next_read(|bytes| match bytes {
            Some(bytes) => recorded::read(bytes),
            None => Item::Unreadable("it is too large".to_owned()),
        })
    }

    /// How many entries were read.
    pub fn number(&self) -> usize {
        self.number
    }

    /// The next entry as `read` reads its bytes; of one that is too large there are none.
    pub(super) fn next_read<T>(&mut self, read: impl FnOnce(Option<&[u8]>) -> T) -> Result<Option<(usize, T)>, Break> {
        let item = match self.entries.next(&mut self.buffer)? {
            Next::End => return Ok(None),
            Next::Entry => read(Some(&self.buffer)),
            Next::TooLarge => read(None),
        };
        self.number += 1;
        Ok(Some((self.number, item)))
    }
}
