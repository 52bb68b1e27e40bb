//! Chance, and the form of the ids that it makes.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use fastrand::Rng;

use crate::reference::behaviour::Behaviour;

/// A source of random data that knows what ids look like here.
#[derive(Clone, Debug)]
pub(crate) struct Chance {
    rng: Rng,
    behaviour: Arc<Behaviour>,
}

impl Chance {
    /// Everything follows from the seed.
    pub(crate) fn new(seed: u64, behaviour: &Arc<Behaviour>) -> Self {
        Self { rng: Rng::with_seed(seed), behaviour: Arc::clone(behaviour) }
    }

    /// Another source, which this one determines.
    pub(super) fn fork(&mut self) -> Self {
        Self { rng: self.rng.fork(), behaviour: Arc::clone(&self.behaviour) }
    }

    pub(super) fn behaviour(&self) -> &Behaviour {
        &self.behaviour
    }
}

impl Deref for Chance {
    type Target = Rng;

    fn deref(&self) -> &Rng {
        &self.rng
    }
}

impl DerefMut for Chance {
    fn deref_mut(&mut self) -> &mut Rng {
        &mut self.rng
    }
}
