//! The world of a running server, which can be made anew while the server runs.

use std::io;
use std::sync::{Arc, PoisonError, RwLock};

use super::auth::Nonces;
use super::server::Settings;
use super::world::World;

/// The current world, and what another is made from.
#[derive(Debug)]
pub(crate) struct Worlds {
    settings: Settings,
    origin: String,
    nonces: Arc<Nonces>,
    current: RwLock<Arc<World>>,
}

impl Worlds {
    /// A first world; fails only if the system has no random numbers.
    pub(crate) fn new(settings: Settings, origin: String) -> io::Result<Self> {
        let nonces = Arc::new(Nonces::new()?);
        let first = World::new(settings.clone(), origin.clone(), Arc::clone(&nonces));
        Ok(Self { settings, origin, nonces, current: RwLock::new(Arc::new(first)) })
    }

    /// The world of now. A request keeps the one that it began in.
    pub(crate) fn current(&self) -> Arc<World> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins anew with the data, counters and memory of the start. Keys are the same, and nonces stay good: whoever
    /// is logged in need not notice.
    pub(crate) fn reset(&self) {
        let fresh = World::new(self.settings.clone(), self.origin.clone(), Arc::clone(&self.nonces));
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
    }
}
