//! Where every exchange of a run goes, whole: what [`super::Run`] keeps of them is cut for reading.

use super::exchange::StoredExchange;

/// Most bytes of a body that an archive is given.
pub const BODY_LIMIT_ARCHIVED: usize = 4 * 1024 * 1024;

/// Takes the exchanges of a run while it goes on, one at a time, so that a run of any length needs no more memory.
pub trait Archive: Send + Sync {
    /// Takes one exchange of the case of this id; its secrets are taken out, its bodies whole up to
    /// [`BODY_LIMIT_ARCHIVED`].
    fn take(&self, case: &str, exchange: StoredExchange);
}
