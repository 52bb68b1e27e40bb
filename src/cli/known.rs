//! Lists of known failures: read for a run, and begun from one.

use std::path::Path;

use crate::clock::Clock;
use crate::known::{KnownFailures, first_list};
use crate::record::Run;

use super::{Failure, files};

/// The list of a file, as it is to be read today.
pub(super) fn load(path: &Path) -> Result<KnownFailures, Failure> {
    let text = files::read_written(path)?;
    of_text(&files::shown(path), text)
}

/// The list of a text, as it is to be read today.
pub(super) fn of_text(name: &str, text: String) -> Result<KnownFailures, Failure> {
    let today = Clock::real().now().date_naive();
    KnownFailures::load(name, &text, today)
        .map_err(|problems| Failure::Problems(problems, vec![(name.to_owned(), text)]))
}

/// Writes the first list of a target's known failures. One that is there may hold reasons: it is not replaced.
pub(super) fn write_first(path: &Path, run: &Run) -> Result<(), Failure> {
    files::write_new(path, &first_list(run))
}
