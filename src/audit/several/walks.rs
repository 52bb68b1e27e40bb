//! Lists of several pages, and how many of them were read from their first page to their last.

use std::collections::HashSet;

use super::glance::Glance;
use super::table::Table;

/// The most pages that are waited for.
const PAGES: usize = 4_096;
/// The most lists that are counted.
const LISTS: usize = 65_536;

/// How many lists of several pages were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::audit) struct Walked {
    /// Lists of which a page was read that has a next or a previous one.
    pub(in crate::audit) lists: usize,
    /// Those of them that were read from the first page to the last, along the links.
    pub(in crate::audit) to_the_end: usize,
}

/// The walks of a recording, as far as they are remembered.
#[derive(Debug)]
pub(super) struct Walks {
    /// By the page that a walk from the first page leads to: the list, if it is awaited.
    awaited: Table<Option<u64>>,
    lists: HashSet<u64>,
    ended: HashSet<u64>,
}

impl Default for Walks {
    fn default() -> Self {
        Self { awaited: Table::of(PAGES), lists: HashSet::new(), ended: HashSet::new() }
    }
}

impl Walks {
    /// Looks at a page of a list.
    pub(super) fn see(&mut self, glance: &Glance) {
        let Some(page) = &glance.page else { return };
        if page.next.is_none() && page.is_first || self.lists.len() >= LISTS {
            return;
        }
        let walk = if page.is_first { Some(page.list) } else { self.awaited.entry(glance.key).take() };
        let list = walk.unwrap_or(page.list);
        self.lists.insert(list);
        match (walk, page.next) {
            (Some(list), Some(next)) => *self.awaited.entry(next) = Some(list),
            (Some(list), None) => {
                self.ended.insert(list);
            }
            (None, _) => {}
        }
    }

    /// What was counted.
    pub(super) fn counted(&self) -> Walked {
        Walked { lists: self.lists.len(), to_the_end: self.ended.len() }
    }
}
