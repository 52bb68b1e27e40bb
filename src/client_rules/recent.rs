//! A memory that forgets: the latest keys alone, so that a recording of any length needs little.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use super::sight::Sight;
use crate::digest::params::Challenge;

/// Most keys that are remembered.
const MOST: usize = 4096;
/// A shorter beginning of a nonce may be another nonce.
const TELLING: usize = 8;

/// Values by key; of too many keys, the oldest is forgotten.
#[derive(Debug)]
pub(super) struct Recent<K, V> {
    values: HashMap<K, V>,
    order: VecDeque<K>,
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self { values: HashMap::new(), order: VecDeque::new() }
    }
}

impl<K: Clone + Eq + Hash, V> Recent<K, V> {
    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.values.get(key)
    }

    /// The value of a key, made if there is none.
    pub(super) fn entry(&mut self, key: &K, make: impl FnOnce() -> V) -> &mut V {
        if !self.values.contains_key(key) {
            while self.order.len() >= MOST {
                if let Some(oldest) = self.order.pop_front() {
                    self.values.remove(&oldest);
                }
            }
            self.order.push_back(key.clone());
        }
        self.values.entry(key.clone()).or_insert_with(make)
    }

    pub(super) fn set(&mut self, key: &K, value: V) {
        match self.values.get_mut(key) {
            Some(old) => *old = value,
            None => {
                self.entry(key, || value);
            }
        }
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &V> {
        // In the order of the keys, not of their hashes: findings come in a stable order.
        self.order.iter().filter_map(|key| self.values.get(key))
    }
}

/// What a nonce was issued with.
#[derive(Debug, Default)]
pub(super) struct Offered {
    /// The challenges that it stood in: several where a server offers several algorithms.
    pub(super) challenges: Vec<Challenge>,
    /// In how many answers it stood.
    pub(super) times: u32,
}

/// The nonces that answers offered.
#[derive(Debug, Default)]
pub(super) struct Issued(Recent<String, Offered>);

impl Issued {
    pub(super) fn offered(&self, nonce: &str) -> Option<&Offered> {
        self.0.get(&nonce.to_owned())
    }

    /// Whether a nonce that no answer offered is the beginning of one that was: a client that stops at a `=` within it.
    pub(super) fn is_cut_short(&self, nonce: &str) -> bool {
        let begins = |whole: &String| whole.len() > nonce.len() && whole.starts_with(nonce);
        nonce.len() >= TELLING && self.offered(nonce).is_none() && self.0.order.iter().any(begins)
    }

    /// Whether a nonce is given to more than one client.
    pub(super) fn is_shared(&self, nonce: &str) -> bool {
        self.offered(nonce).is_some_and(|offered| offered.times > 1)
    }

    /// Remembers the challenges of an answer.
    pub(super) fn note(&mut self, sight: &Sight<'_>) {
        if sight.status() != 401 {
            return;
        }
        let challenges = sight.challenges();
        for (place, challenge) in challenges.iter().enumerate() {
            let Some(nonce) = challenge.get("nonce").map(str::to_owned) else { continue };
            let first = challenges[..place].iter().all(|earlier| earlier.get("nonce") != Some(nonce.as_str()));
            let offered = self.0.entry(&nonce, Offered::default);
            offered.times = offered.times.saturating_add(u32::from(first));
            if first {
                offered.challenges.clear();
            }
            offered.challenges.push(challenge.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_keys_are_forgotten() {
        let mut recent = Recent::default();
        for key in 0..MOST + 2 {
            *recent.entry(&key, || 0) += key;
        }
        assert_eq!((recent.get(&0), recent.get(&1), recent.get(&2)), (None, None, Some(&2)));
        recent.set(&2, 7);
        assert_eq!((recent.get(&2), recent.values().count()), (Some(&7), MOST));
    }
}
