//! API whitelists: the addresses from which each user may reach protected resources.

use std::net::IpAddr;

use chrono::{DateTime, Utc};

/// Most addresses of one user.
const MOST_ADDRESSES: usize = 200;

/// The entries of all users.
#[derive(Debug, Default)]
pub(crate) struct Whitelist(Vec<Entry>);

/// One address of one user.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) user: String,
    pub(crate) address: IpAddr,
    pub(crate) created: DateTime<Utc>,
}

/// Why an entry was not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotAdded {
    Present,
    Full,
}

impl Whitelist {
    /// The entries of a user.
    pub(crate) fn of(&self, user: &str) -> impl Iterator<Item = &Entry> {
        self.0.iter().filter(move |entry| entry.user == user)
    }

    /// Whether a user may use protected resources from an address.
    pub(crate) fn holds(&self, user: &str, address: IpAddr) -> bool {
        self.of(user).any(|entry| entry.address == address)
    }

    /// Adds an entry.
    pub(crate) fn add(&mut self, entry: Entry) -> Result<(), NotAdded> {
        if self.holds(&entry.user, entry.address) {
            return Err(NotAdded::Present);
        }
        if self.of(&entry.user).count() >= MOST_ADDRESSES {
            return Err(NotAdded::Full);
        }
        self.0.push(entry);
        Ok(())
    }

    /// Removes an entry; `false` if there was none.
    pub(crate) fn remove(&mut self, user: &str, address: IpAddr) -> bool {
        let before = self.0.len();
        self.0.retain(|entry| entry.user != user || entry.address != address);
        self.0.len() < before
    }
}
