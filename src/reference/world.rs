//! What every answer is made from, shared by all connections.

use std::io;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use fastrand::Rng;

use super::auth::Nonces;
use super::behaviour::Behaviour;
use super::limits::Windows;
use super::server::Settings;
use super::store::Store;
use crate::clock::Clock;

/// The path of the API's root.
const BASE_PATH: &str = "/api/atlas/v1.0";

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
    /// The faults.
    pub(crate) behaviour: Behaviour,
    orders: Mutex<Rng>,
}

impl World {
    /// A fresh world, all of it made from the seed; fails only if the system has no random numbers.
    pub(crate) fn new(settings: Settings, origin: String) -> io::Result<Self> {
        Ok(Self {
            clock: settings.clock,
            base: Base { origin },
            store: Store::new(settings.seed),
            nonces: Nonces::new()?,
            windows: Windows::default(),
            behaviour: Behaviour::new(settings.faults),
            orders: Mutex::new(Rng::with_seed(settings.seed)),
        })
    }

    /// The current time.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
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
}

impl Base {
    /// The absolute URL of a path below the root.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{BASE_PATH}{path}", self.origin)
    }

    /// The absolute URL of a path of the origin.
    pub(crate) fn origin_url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// The path of the root.
    pub(crate) fn path() -> &'static str {
        BASE_PATH
    }

    /// The part of a URL path below the root, or `None` if it lies elsewhere.
    pub(crate) fn below(path: &str) -> Option<&str> {
        path.strip_prefix(BASE_PATH).filter(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}
