//! How this server departs from the specification, asked at every decision point.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::fault::Fault;

/// The deliberate faults of one server; none for a conforming one.
#[derive(Debug, Default)]
pub(crate) struct Behaviour {
    faults: BTreeSet<Fault>,
    memory: Mutex<BTreeSet<(Fault, String)>>,
}

impl Behaviour {
    /// A behaviour with these faults.
    pub(crate) fn new(faults: impl IntoIterator<Item = Fault>) -> Self {
        Self { faults: faults.into_iter().collect(), memory: Mutex::default() }
    }

    /// Whether there is no fault at all.
    pub(crate) fn is_conforming(&self) -> bool {
        self.faults.is_empty()
    }

    /// Whether the server shows this fault.
    pub(crate) fn shows(&self, fault: Fault) -> bool {
        self.faults.contains(&fault)
    }

    /// Whether the server shows one of these faults.
    pub(crate) fn shows_any(&self, faults: &[Fault]) -> bool {
        faults.iter().any(|fault| self.shows(*fault))
    }

    /// Keeps in mind what a fault needs to know later; `false` if it was known, or if the server has no such fault.
    pub(crate) fn note(&self, fault: Fault, what: &str) -> bool {
        self.shows(fault) && self.memory.lock().unwrap_or_else(PoisonError::into_inner).insert((fault, what.to_owned()))
    }

    /// Whether this was noted for this fault.
    pub(crate) fn noted(&self, fault: Fault, what: &str) -> bool {
        self.shows(fault)
            && self.memory.lock().unwrap_or_else(PoisonError::into_inner).contains(&(fault, what.to_owned()))
    }
}
