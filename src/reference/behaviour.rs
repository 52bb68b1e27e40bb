//! How this server departs from the specification, asked at every decision point.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::fault::Fault;
use super::freedom::Freedom;

/// The deliberate faults and freedoms of one server; none of both for the plain one.
#[derive(Debug, Default)]
pub(crate) struct Behaviour {
    faults: BTreeSet<Fault>,
    freedoms: BTreeSet<Freedom>,
    memory: Mutex<BTreeSet<(Fault, String)>>,
}

impl Behaviour {
    /// A behaviour with these faults, and of the freedoms the first of each aspect.
    pub(crate) fn new(faults: impl IntoIterator<Item = Fault>, freedoms: impl IntoIterator<Item = Freedom>) -> Self {
        let mut aspects = BTreeSet::new();
        let freedoms: BTreeSet<Freedom> = freedoms.into_iter().collect();
        let freedoms = freedoms.into_iter().filter(|freedom| aspects.insert(freedom.info().aspect)).collect();
        Self { faults: faults.into_iter().collect(), freedoms, memory: Mutex::default() }
    }

    /// Whether there is no freedom at all.
    pub(crate) fn is_plain(&self) -> bool {
        self.freedoms.is_empty()
    }

    /// Whether there is no fault at all.
    pub(crate) fn is_conforming(&self) -> bool {
        self.faults.is_empty()
    }

    /// Whether the server shows this fault.
    pub(crate) fn shows(&self, fault: Fault) -> bool {
        self.faults.contains(&fault)
    }

    /// Whether the server takes this freedom.
    pub(crate) fn takes(&self, freedom: Freedom) -> bool {
        self.freedoms.contains(&freedom)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_freedoms_of_one_aspect_the_first_is_taken() {
        let both = Behaviour::new([], [Freedom::DeleteIs202, Freedom::Slow, Freedom::DeleteIs200]);
        assert!(both.takes(Freedom::DeleteIs200) && both.takes(Freedom::Slow));
        assert!(!both.takes(Freedom::DeleteIs202));
    }
}
