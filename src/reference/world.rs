//! What every answer is made from, shared by all connections.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;

use super::auth::Nonces;
use super::behaviour::Behaviour;
use super::latency::Latencies;
use super::limits::Windows;
use super::outage::Outages;
use super::own_fault::OwnFaults;
use super::query;
use super::server::Settings;
use super::store::Store;
use super::variation::{Variation, names, traffic};
use super::witness::Witness;
use crate::clock::Clock;

/// One server's state and manners.
#[derive(Debug)]
pub(crate) struct World {
    clock: Clock,
    /// Where the API is.
    pub(crate) base: Base,
    /// The data.
    pub(crate) store: Store,
    /// The nonces that were issued.
    pub(crate) nonces: Arc<Nonces>,
    /// The counters of the rate limit.
    pub(crate) windows: Windows,
    /// The faults and variations.
    pub(crate) behaviour: Arc<Behaviour>,
    /// The faults that a user described.
    pub(crate) own_faults: OwnFaults,
    /// How much was asked for so far.
    pub(crate) traffic: traffic::Traffic,
    /// The failures that were asked for.
    pub(crate) outages: Outages,
    /// Who is told of exchanges.
    pub(crate) witness: Option<Witness>,
    latencies: Latencies,
    orders: Mutex<Rng>,
}

impl World {
    /// A fresh world, all of it made from the seed; the nonces are those of the worlds before it.
    pub(crate) fn new(settings: Settings, origin: String, nonces: Arc<Nonces>) -> Self {
        let behaviour = Behaviour::new(settings.faults, settings.variations).with_page_maximum(settings.page_maximum);
        let behaviour = Arc::new(behaviour.telling(settings.asked));
        Self {
            clock: settings.clock,
            base: Base { origin, behaviour: Arc::clone(&behaviour) },
            store: Store::new(settings.seed, &behaviour),
            nonces,
            windows: Windows::default(),
            behaviour,
            own_faults: OwnFaults::new(settings.own_faults),
            traffic: traffic::Traffic::default(),
            outages: Outages::default(),
            witness: settings.witness,
            latencies: Latencies::new(settings.latency, settings.seed),
            orders: Mutex::new(Rng::with_seed(settings.seed)),
        }
    }

    /// The current time.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        let ahead = if self.behaviour.takes(Variation::ClockAhead) { TimeDelta::hours(1) } else { TimeDelta::zero() };
        self.clock.now() + ahead
    }

    /// The time by which exchanges are told: that of the clock, whatever the server says of it.
    pub(crate) fn wall(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Waits as long as the next answer is to take.
    pub(crate) async fn delay(&self) {
        let latency = self.latencies.next();
        if !latency.is_zero() {
            self.sleep(latency).await;
        }
    }

    /// Waits for a time of the server's clock.
    pub(crate) async fn sleep(&self, time: Duration) {
        self.clock.sleep(time).await;
    }

    /// Makes every nonce that was issued so far stale.
    pub(crate) fn expire_nonces(&self) {
        self.nonces.expire();
    }

    /// A source of random orders of its own, so that no two answers need the same lock for long.
    pub(crate) fn order(&self) -> Rng {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner).fork()
    }
}

/// Where the API is.
#[derive(Clone, Debug)]
pub(crate) struct Base {
    origin: String,
    behaviour: Arc<Behaviour>,
}

impl Base {
    /// The absolute URL of a path below the root.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{}{}", self.origin, self.path(), names::outward(&self.behaviour, path))
    }

    /// The absolute URL of a path of the origin.
    pub(crate) fn origin_url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// The path of the root.
    pub(crate) fn path(&self) -> &'static str {
        names::base_path(&self.behaviour)
    }

    /// The segments of a URL path below the root, or `None` if it lies elsewhere.
    pub(crate) fn below(&self, path: &str) -> Option<Vec<String>> {
        let all = path.starts_with('/').then(|| query::segments(path))?;
        let below = |base: &str| all.strip_prefix(&query::segments(base)[..]).map(<[String]>::to_vec);
        let below = below(self.path()).or_else(|| below(names::other_base_path(&self.behaviour)?))?;
        Some(names::inward(&self.behaviour, below))
    }
}
