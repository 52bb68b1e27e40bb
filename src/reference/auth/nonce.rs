//! Nonces: issued without being stored, known again by a code that only this server can make, and used once a count.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use super::credentials::same;

/// Most nonces whose counts are remembered; only right credentials come here, so strangers cannot fill it.
const MOST_NONCES: usize = 10_000;
/// Most counts of one nonce that are remembered; those below are taken as used.
const MOST_COUNTS: usize = 1_024;

/// Bytes of the time in a nonce, of time and serial number, and of all with the code.
const TIME: usize = 8;
const STATED: usize = 12;
const ALL: usize = 24;

/// The nonces of a server.
#[derive(Debug)]
pub(crate) struct Nonces {
    secret: [u8; 32],
    serial: AtomicU32,
    used: Mutex<Used>,
    /// Nonces with a lower serial number are stale.
    expired_before: AtomicU32,
}

/// Which counts of which nonces were used.
#[derive(Debug, Default)]
struct Used {
    counts: HashMap<[u8; ALL], Counts>,
    /// Nonces issued up to then are no longer remembered, and so not taken.
    forgotten_until: Option<i64>,
}

/// The used counts of one nonce.
#[derive(Debug, Default)]
struct Counts {
    floor: u32,
    seen: BTreeSet<u32>,
}

/// A nonce that this server issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Nonce([u8; ALL]);

/// The order in which the counts of a nonce have to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Any: requests overtake each other.
    Any,
    /// Each above all before it.
    Rising,
    /// Each the one after that before it.
    WithoutGaps,
    /// One count, and no other.
    Once,
}

/// Whether a nonce is still good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Age {
    Live,
    Expired,
}

impl Nonces {
    /// None issued yet; fails only if the system has no random numbers.
    pub(crate) fn new() -> io::Result<Self> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(io::Error::other)?;
        let (serial, expired_before) = (AtomicU32::new(0), AtomicU32::new(0));
        Ok(Self { secret, serial, used: Mutex::default(), expired_before })
    }

    /// A fresh nonce.
    pub(crate) fn issue(&self, now: DateTime<Utc>) -> String {
        self.made(now, self.serial.fetch_add(1, Ordering::Relaxed))
    }

    /// Always the same nonce for an instant, until it is made stale.
    pub(crate) fn standing(&self, since: DateTime<Utc>) -> String {
        self.made(since, self.expired_before.load(Ordering::SeqCst))
    }

    fn made(&self, now: DateTime<Utc>, serial: u32) -> String {
        let mut nonce = [0; ALL];
        nonce[..TIME].copy_from_slice(&now.timestamp_millis().to_be_bytes());
        nonce[TIME..STATED].copy_from_slice(&serial.to_be_bytes());
        let code = self.code(&nonce[..STATED]);
        nonce[STATED..].copy_from_slice(&code);
        BASE64.encode(&nonce)
    }

    /// The nonce of this text, if this server issued it.
    pub(crate) fn issued(&self, text: &str) -> Option<Nonce> {
        let bytes = BASE64.decode(text.as_bytes()).ok()?;
        let nonce: [u8; ALL] = bytes.try_into().ok()?;
        same(&self.code(&nonce[..STATED]), &nonce[STATED..]).then_some(Nonce(nonce))
    }

    /// Makes the nonces that were issued up to now stale, whatever their lifetime: not one that is issued right after,
    /// however short the time between.
    pub(crate) fn expire(&self) {
        let standing = self.expired_before.load(Ordering::SeqCst);
        let next = self.serial.load(Ordering::SeqCst).max(standing.saturating_add(1));
        self.expired_before.store(next, Ordering::SeqCst);
        self.serial.fetch_max(next, Ordering::SeqCst);
    }

    /// Whether a nonce is still good at `now`.
    pub(crate) fn age(&self, nonce: &Nonce, now: DateTime<Utc>, lifetime: TimeDelta) -> Age {
        if nonce.serial() < self.expired_before.load(Ordering::SeqCst) {
            return Age::Expired;
        }
        nonce.age(now, lifetime)
    }

    /// Uses a count of a nonce; `false` if it was used before, or comes out of order.
    pub(crate) fn take(&self, nonce: &Nonce, count: u32, order: Order) -> bool {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if !used.counts.contains_key(&nonce.0) {
            if used.forgotten_until.is_some_and(|until| nonce.issued_ms() <= until) {
                return false;
            }
            used.make_room();
        }
        used.counts.entry(nonce.0).or_default().take(count, order)
    }

    /// Keyed hash over what a nonce states. Its input has one length only, so that nothing can be appended to it.
    fn code(&self, stated: &[u8]) -> [u8; ALL - STATED] {
        let hash = Sha256::new().chain_update(self.secret).chain_update(stated).finalize();
        let mut code = [0; ALL - STATED];
        code.copy_from_slice(&hash[..ALL - STATED]);
        code
    }
}

impl Used {
    /// Forgets the older half once there are too many.
    fn make_room(&mut self) {
        if self.counts.len() < MOST_NONCES {
            return;
        }
        let mut issued: Vec<i64> = self.counts.keys().map(|nonce| Nonce(*nonce).issued_ms()).collect();
        issued.sort_unstable();
        let until = issued[issued.len() / 2];
        self.counts.retain(|nonce, _| Nonce(*nonce).issued_ms() > until);
        self.forgotten_until = Some(until);
    }
}

impl Counts {
    fn take(&mut self, count: u32, order: Order) -> bool {
        let last = self.seen.last().copied().unwrap_or(0);
        let in_order = match order {
            Order::Any => true,
            Order::Rising => count > last,
            Order::WithoutGaps => count == last.saturating_add(1),
            Order::Once => self.seen.is_empty(),
        };
        if !in_order {
            return false;
        }
        if count <= self.floor || !self.seen.insert(count) {
            return false;
        }
        if self.seen.len() > MOST_COUNTS {
            self.floor = self.seen.pop_first().unwrap_or(self.floor);
        }
        true
    }
}

impl Nonce {
    /// Whether its time has not passed at `now`.
    fn age(&self, now: DateTime<Utc>, lifetime: TimeDelta) -> Age {
        let age = now.timestamp_millis().saturating_sub(self.issued_ms());
        if age < lifetime.num_milliseconds() { Age::Live } else { Age::Expired }
    }

    /// What stands for this nonce in the hands of one client, where several share it.
    pub(crate) fn for_client(&self, username: &str, cnonce: &str) -> Self {
        let mut nonce = self.0;
        let hash = Sha256::new().chain_update(username).chain_update([0]).chain_update(cnonce).finalize();
        nonce[TIME..].copy_from_slice(&hash[..ALL - TIME]);
        Self(nonce)
    }

    fn serial(&self) -> u32 {
        let mut serial = [0; STATED - TIME];
        serial.copy_from_slice(&self.0[TIME..STATED]);
        u32::from_be_bytes(serial)
    }

    fn issued_ms(&self) -> i64 {
        let mut time = [0; TIME];
        time.copy_from_slice(&self.0[..TIME]);
        i64::from_be_bytes(time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn only_what_was_issued_here_is_known() {
        let (nonces, others) = (Nonces::new().unwrap(), Nonces::new().unwrap());
        let text = nonces.issue(at(0));
        assert!(nonces.issued(&text).is_some());
        assert_eq!(text.len(), 32);
        assert_ne!(nonces.issue(at(0)), text);
        let changed = text.replacen(|_: char| true, if text.starts_with('A') { "B" } else { "A" }, 1);
        for forged in [others.issue(at(0)), changed, String::new(), "x".repeat(1000)] {
            assert_eq!(nonces.issued(&forged), None, "{forged}");
        }
    }

    #[test]
    fn a_nonce_lives_for_its_time() {
        let nonces = Nonces::new().unwrap();
        let nonce = nonces.issued(&nonces.issue(at(100))).unwrap();
        let lifetime = TimeDelta::seconds(60);
        assert_eq!(nonce.age(at(159), lifetime), Age::Live);
        assert_eq!(nonce.age(at(160), lifetime), Age::Expired);
    }

    #[test]
    fn what_is_issued_right_after_all_were_made_stale_is_live() {
        let nonces = Nonces::new().unwrap();
        let (before, lifetime) = (nonces.issued(&nonces.issue(at(0))).unwrap(), TimeDelta::seconds(60));
        nonces.expire();
        let after = nonces.issued(&nonces.issue(at(0))).unwrap();
        assert_eq!(nonces.age(&before, at(0), lifetime), Age::Expired);
        assert_eq!(nonces.age(&after, at(0), lifetime), Age::Live);
    }

    #[test]
    fn a_standing_nonce_is_made_stale_and_followed_by_another() {
        let (nonces, lifetime) = (Nonces::new().unwrap(), TimeDelta::seconds(60));
        let standing = || nonces.issued(&nonces.standing(at(0))).unwrap();
        let before = standing();
        nonces.expire();
        assert_eq!(nonces.age(&before, at(0), lifetime), Age::Expired);
        assert_eq!(nonces.age(&standing(), at(0), lifetime), Age::Live);
    }

    #[test]
    fn each_count_is_taken_once_in_any_order() {
        let nonces = Nonces::new().unwrap();
        let nonce = nonces.issued(&nonces.issue(at(0))).unwrap();
        for count in [5, 3, 4, 6] {
            assert!(nonces.take(&nonce, count, Order::Any), "{count}");
            assert!(!nonces.take(&nonce, count, Order::Any), "{count} again");
        }
        assert!(!nonces.take(&nonce, 0, Order::Any));
    }

    #[test]
    fn counts_may_have_to_come_in_order() {
        let taken = |order: Order, counts: [u32; 4]| {
            let nonces = Nonces::new().unwrap();
            let nonce = nonces.issued(&nonces.issue(at(0))).unwrap();
            counts.map(|count| nonces.take(&nonce, count, order))
        };
        assert_eq!(taken(Order::Any, [2, 1, 4, 3]), [true, true, true, true]);
        assert_eq!(taken(Order::Rising, [2, 1, 4, 3]), [true, false, true, false]);
        assert_eq!(taken(Order::WithoutGaps, [1, 2, 4, 3]), [true, true, false, true]);
        assert_eq!(taken(Order::Once, [1, 2, 3, 4]), [true, false, false, false]);
    }

    #[test]
    fn clients_that_share_a_nonce_have_counts_of_their_own() {
        let nonces = Nonces::new().unwrap();
        let nonce = nonces.issued(&nonces.standing(at(0))).unwrap();
        for client in ["a", "b"] {
            assert!(nonces.take(&nonce.for_client("user", client), 1, Order::Any));
            assert!(!nonces.take(&nonce.for_client("user", client), 1, Order::Any));
        }
        assert_eq!(nonce.for_client("user", "a").age(at(60), TimeDelta::seconds(60)), Age::Expired);
    }

    #[test]
    fn forgotten_counts_are_taken_as_used() {
        let nonces = Nonces::new().unwrap();
        let nonce = nonces.issued(&nonces.issue(at(0))).unwrap();
        for count in 1..=3000 {
            assert!(nonces.take(&nonce, count, Order::Any), "{count}");
        }
        assert!(!nonces.take(&nonce, 1, Order::Any));
        assert!(!nonces.take(&nonce, 3000, Order::Any));
    }

    #[test]
    fn forgotten_nonces_are_not_taken() {
        let nonces = Nonces::new().unwrap();
        let first = nonces.issued(&nonces.issue(at(1))).unwrap();
        assert!(nonces.take(&first, 1, Order::Any));
        for second in 0..10_000 {
            let nonce = nonces.issued(&nonces.issue(at(2 + second))).unwrap();
            assert!(nonces.take(&nonce, 1, Order::Any));
        }
        assert!(!nonces.take(&first, 1, Order::Any));
        assert!(!nonces.take(&first, 2, Order::Any));
        assert!(nonces.used.lock().unwrap().counts.len() <= MOST_NONCES);
    }
}
