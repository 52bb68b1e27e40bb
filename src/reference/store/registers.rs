//! Documents that clients keep in registers of a group.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::reference::route::Register;

/// The documents of all registers, each register in the order of its keys.
#[derive(Debug, Default)]
pub(crate) struct Registers(BTreeMap<(String, Register), BTreeMap<String, Kept>>);

/// A document and what names it.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) key: String,
    pub(crate) fields: Map<String, Value>,
}

impl Registers {
    /// The documents of one register of a group.
    pub(crate) fn of(&self, group: &str, register: Register) -> impl Iterator<Item = &Kept> {
        self.0.get(&(group.to_owned(), register)).into_iter().flat_map(BTreeMap::values)
    }

    pub(crate) fn get(&self, group: &str, register: Register, key: &str) -> Option<&Kept> {
        self.0.get(&(group.to_owned(), register))?.get(key)
    }

    pub(crate) fn put(&mut self, group: &str, register: Register, kept: Kept) {
        self.0.entry((group.to_owned(), register)).or_default().insert(kept.key.clone(), kept);
    }

    pub(crate) fn remove(&mut self, group: &str, register: Register, key: &str) {
        if let Some(documents) = self.0.get_mut(&(group.to_owned(), register)) {
            documents.remove(key);
        }
    }
}
