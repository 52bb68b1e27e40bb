//! How this server departs from the specification, or uses the choices that it leaves: asked at every decision point.

use std::collections::BTreeSet;

use super::fault::Fault;
use super::freedom::Freedom;

/// The deliberate faults and freedoms of one server; none of both for the plain one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Behaviour {
    faults: BTreeSet<Fault>,
    freedoms: BTreeSet<Freedom>,
}

impl Behaviour {
    /// A behaviour with these faults and freedoms.
    pub(crate) fn new(faults: impl IntoIterator<Item = Fault>, freedoms: impl IntoIterator<Item = Freedom>) -> Self {
        let mut aspects = BTreeSet::new();
        let freedoms: BTreeSet<Freedom> = freedoms.into_iter().collect();
        let freedoms = freedoms.into_iter().filter(|freedom| aspects.insert(freedom.info().aspect)).collect();
        Self { faults: faults.into_iter().collect(), freedoms }
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
