//! A table of bounded size: of too many keys, the oldest is forgotten.

use std::collections::{HashMap, VecDeque};

/// Values by key.
#[derive(Debug)]
pub(super) struct Table<V> {
    values: HashMap<u64, V>,
    order: VecDeque<u64>,
    most: usize,
}

impl<V: Default> Table<V> {
    /// An empty table for so many keys.
    pub(super) fn of(most: usize) -> Self {
        Self { values: HashMap::new(), order: VecDeque::new(), most }
    }

    /// The value of a key, new if there is none.
    pub(super) fn entry(&mut self, key: u64) -> &mut V {
        if !self.values.contains_key(&key) {
            while self.order.len() >= self.most {
                let Some(oldest) = self.order.pop_front() else { break };
                self.values.remove(&oldest);
            }
            self.order.push_back(key);
        }
        self.values.entry(key).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten() {
        let mut table: Table<u32> = Table::of(2);
        for key in 1..=3 {
            *table.entry(key) += 1;
        }
        assert_eq!((table.values.len(), table.values.get(&1)), (2, None));
        assert_eq!(*table.entry(3), 1);
    }
}
