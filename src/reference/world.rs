//! What every answer is made from, shared by all connections.

use std::io;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;

use super::auth::Nonces;
use super::behaviour::Behaviour;
use super::freedom::{self, Freedom};
use super::limits::Windows;
use super::query;
use super::server::Settings;
use super::store::Store;
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
    pub(crate) nonces: Nonces,
    /// The counters of the rate limit.
    pub(crate) windows: Windows,
    /// The faults and freedoms.
    pub(crate) behaviour: Behaviour,
    /// How much was asked for so far.
    pub(crate) traffic: freedom::traffic::Traffic,
    orders: Mutex<Rng>,
}

impl World {
    /// A fresh world, all of it made from the seed; fails only if the system has no random numbers.
    pub(crate) fn new(settings: Settings, origin: String) -> io::Result<Self> {
        let behaviour = Behaviour::new(settings.faults, settings.freedoms);
        Ok(Self {
            clock: settings.clock,
            base: Base { origin, behaviour: behaviour.clone() },
            store: Store::new(settings.seed, &behaviour),
            nonces: Nonces::new()?,
            windows: Windows::default(),
            behaviour,
            traffic: freedom::traffic::Traffic::default(),
            orders: Mutex::new(Rng::with_seed(settings.seed)),
        })
    }

    /// The current time.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        let ahead = if self.behaviour.takes(Freedom::ClockAhead) { TimeDelta::hours(1) } else { TimeDelta::zero() };
        self.clock.now() + ahead
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
    behaviour: Behaviour,
}

impl Base {
    /// The absolute URL of a path below the root.
    pub(crate) fn url(&self, path: &str) -> String {
        let root = freedom::names::base_path(&self.behaviour);
        format!("{}{root}{}", self.origin, freedom::names::outward(&self.behaviour, path))
    }

    /// The absolute URL of a request's path and query.
    pub(crate) fn requested(&self, target: &str) -> String {
        format!("{}{target}", self.origin)
    }

    /// The segments of a URL path below the root, or `None` if it lies elsewhere.
    pub(crate) fn below(&self, path: &str) -> Option<Vec<String>> {
        let rest = path.strip_prefix(freedom::names::base_path(&self.behaviour))?;
        let is_below = rest.is_empty() || rest.starts_with('/');
        is_below.then(|| freedom::names::inward(&self.behaviour, query::segments(rest)))
    }
}
