//! How this server departs from the specification, asked at every decision point.

use std::collections::BTreeSet;

use super::fault::Fault;

/// The deliberate faults of one server; none for a conforming one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Behaviour {
    faults: BTreeSet<Fault>,
}

impl Behaviour {
    /// A behaviour with these faults.
    pub(crate) fn new(faults: impl IntoIterator<Item = Fault>) -> Self {
        Self { faults: faults.into_iter().collect() }
    }

    /// Whether there is no fault at all.
    pub(crate) fn is_conforming(&self) -> bool {
        self.faults.is_empty()
    }

    /// Whether the server shows this fault.
    pub(crate) fn shows(&self, fault: Fault) -> bool {
        self.faults.contains(&fault)
    }
}
