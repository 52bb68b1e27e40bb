//! Which faults the server's decisions had to do with.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::fault::Fault;

/// The faults that decisions asked about, shown or not; clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct Asked(Arc<Mutex<BTreeSet<Fault>>>);

impl Asked {
    /// The faults that were asked about since the last time.
    pub fn take(&self) -> BTreeSet<Fault> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn add(&self, fault: Fault) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(fault);
    }
}
