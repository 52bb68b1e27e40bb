//! Deliberate faults of the reference server.

/// A deliberate departure from the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {}

/// What is known of a fault.
#[derive(Clone, Copy, Debug)]
pub struct FaultInfo {}
