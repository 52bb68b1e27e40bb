//! An exchange on its way into the results.

use std::cell::OnceCell;

use super::har::Recorded;
use super::secrets::Secrets;

/// An exchange as it is told of: where it stands, and without its secrets.
pub(super) struct Seen<'a> {
    pub(super) file: &'a str,
    pub(super) number: usize,
    pub(super) recorded: &'a Recorded,
    secrets: OnceCell<Secrets>,
}

impl<'a> Seen<'a> {
    /// The exchange of this entry of a file.
    pub(super) fn of(file: &'a str, number: usize, recorded: &'a Recorded) -> Self {
        Self { file, number, recorded, secrets: OnceCell::new() }
    }

    /// What is taken out of all that is told of it; looked for once, and only if there is something to tell.
    pub(super) fn secrets(&self) -> &Secrets {
        self.secrets.get_or_init(|| Secrets::of_exchange(&self.recorded.exchange))
    }
}
