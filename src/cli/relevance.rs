//! Which cases have to do with which fault.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use crate::record::Line;
use crate::reference::{Asked, Fault};
use crate::run::Diary;

/// Writes down, case by case, the faults that the decisions of a faultless server asked about. A server with one of
/// them does the same as that server in every case that did not ask. Cases must be performed one after the other.
#[derive(Debug)]
pub(super) struct Relevance {
    asked: Asked,
    /// Asked about before the first case: such a fault may show in any.
    at_start: BTreeSet<Fault>,
    by_case: Mutex<BTreeMap<String, BTreeSet<Fault>>>,
}

impl Relevance {
    /// Of a server that has been started and was not yet asked for anything.
    pub(super) fn new(asked: Asked) -> Self {
        let at_start = asked.take();
        Self { asked, at_start, by_case: Mutex::default() }
    }

    /// Whether a case may end otherwise if the server has this fault.
    pub(super) fn concerns(&self, fault: Fault, case: &str) -> bool {
        let by_case = self.by_case.lock().unwrap_or_else(PoisonError::into_inner);
        self.at_start.contains(&fault) || by_case.get(case).is_none_or(|asked| asked.contains(&fault))
    }
}

impl Diary for Relevance {
    fn write(&self, line: &Line<'_>) -> Result<(), String> {
        if let Line::Result(result) = line {
            let asked = self.asked.take();
            self.by_case.lock().unwrap_or_else(PoisonError::into_inner).insert(result.id.clone(), asked);
        }
        Ok(())
    }
}
