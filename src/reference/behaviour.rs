//! How this server departs from the specification, asked at every decision point.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::asked::Asked;
use super::fault::Fault;
use super::variation::Variation;

/// The deliberate faults and variations of one server; none of both for the plain one.
#[derive(Debug, Default)]
pub(crate) struct Behaviour {
    faults: BTreeSet<Fault>,
    variations: BTreeSet<Variation>,
    memory: Mutex<BTreeSet<(Fault, String)>>,
    page_maximum: Option<u64>,
    asked: Option<Asked>,
}

impl Behaviour {
    /// A behaviour with these faults, and of the variations the first of each aspect.
    pub(crate) fn new(
        faults: impl IntoIterator<Item = Fault>,
        variations: impl IntoIterator<Item = Variation>,
    ) -> Self {
        let mut aspects = BTreeSet::new();
        let variations: BTreeSet<Variation> = variations.into_iter().collect();
        let variations = variations.into_iter().filter(|variation| aspects.insert(variation.info().aspect)).collect();
        Self { faults: faults.into_iter().collect(), variations, ..Self::default() }
    }

    /// This behaviour with another limit of items a page, as later editions have it.
    pub(crate) fn with_page_maximum(self, page_maximum: Option<u64>) -> Self {
        Self { page_maximum, ..self }
    }

    /// This behaviour, which tells what it is asked about.
    pub(crate) fn telling(self, asked: Option<Asked>) -> Self {
        Self { asked, ..self }
    }

    /// Most items of a page, where it is not that of the specification.
    pub(crate) fn page_maximum(&self) -> Option<u64> {
        self.page_maximum
    }

    /// Whether there is no variation at all.
    pub(crate) fn is_plain(&self) -> bool {
        self.variations.is_empty()
    }

    /// Whether nothing comes of asking about faults: there is none, and nobody is told.
    pub(crate) fn is_conforming(&self) -> bool {
        self.faults.is_empty() && self.asked.is_none()
    }

    /// Whether the server shows this fault.
    pub(crate) fn shows(&self, fault: Fault) -> bool {
        if let Some(asked) = &self.asked {
            asked.add(fault);
        }
        self.faults.contains(&fault)
    }

    /// Whether the server takes this variation.
    pub(crate) fn takes(&self, variation: Variation) -> bool {
        self.variations.contains(&variation)
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
    fn of_two_variations_of_one_aspect_the_first_is_taken() {
        let both = Behaviour::new([], [Variation::DeleteIs202, Variation::Slow, Variation::DeleteIs200]);
        assert!(both.takes(Variation::DeleteIs200) && both.takes(Variation::Slow));
        assert!(!both.takes(Variation::DeleteIs202));
    }
}
