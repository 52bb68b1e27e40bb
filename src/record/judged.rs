//! How many exchanges an invariant was judged on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::zero::is_zero;

/// The exchanges that an invariant was judged on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// How many there were of its kind.
    pub exchanges: usize,
    /// How many of them break it.
    pub broken: usize,
    /// On how many it could not be judged, by the cause.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unclear: BTreeMap<String, usize>,
    /// How many had nothing beside them to compare them with.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub alone: usize,
}

impl Judged {
    /// What two runs judged together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        for (cause, exchanges) in other.unclear {
            *self.unclear.entry(cause).or_default() += exchanges;
        }
        Self {
            exchanges: self.exchanges + other.exchanges,
            broken: self.broken + other.broken,
            alone: self.alone + other.alone,
            ..self
        }
    }
}
