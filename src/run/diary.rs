//! Where a run writes what must not be lost if it is killed.

use crate::record::Line;

/// Takes the lines of a run's journal. A line is written when `write` returns.
pub trait Diary: Send + Sync {
    /// Writes a line, or says why it cannot be written.
    fn write(&self, line: &Line<'_>) -> Result<(), String>;
}

/// Writes nothing, for runs that nobody would take up again.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoDiary;

impl Diary for NoDiary {
    fn write(&self, _: &Line<'_>) -> Result<(), String> {
        Ok(())
    }
}
