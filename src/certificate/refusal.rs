//! Why a run is not certified, in words.

use crate::record::Outcome;

/// Why a run is not certified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What stands against it.
    pub reason: String,
    /// What to do about it.
    pub advice: String,
}

impl Refusal {
    pub(super) fn new(reason: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { reason: reason.into(), advice: advice.into() }
    }
}

/// Whether a result stands for something that the target does as demanded.
pub(super) fn passed(verdict: Outcome) -> bool {
    matches!(verdict, Outcome::Pass | Outcome::Warn | Outcome::Observed)
}
