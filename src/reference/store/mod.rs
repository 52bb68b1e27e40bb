//! The data: what the seed made and never changes, and what clients change.

mod alert_configs;
mod people;
mod registers;
mod restore_jobs;
mod seed;
mod whitelist;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value};

use super::behaviour::Behaviour;
use super::route::Kind;
use seed::Chance;

pub(crate) use alert_configs::{AlertConfig, AlertConfigs, Taken};
pub(crate) use people::{Role, User};
pub(crate) use registers::{Kept, Registers};
pub(crate) use restore_jobs::{RestoreJob, RestoreJobs};
pub(crate) use whitelist::{Entry, NotAdded, Whitelist};

/// All data of a server.
#[derive(Debug)]
pub(crate) struct Store {
    /// The users, by the order of their names in the target file.
    pub(crate) users: Vec<User>,
    /// The groups: the main one first.
    pub(crate) groups: Vec<Group>,
    alert_configs: Mutex<AlertConfigs>,
    restore_jobs: Mutex<RestoreJobs>,
    whitelist: Mutex<Whitelist>,
    registers: Mutex<Registers>,
    automation: Mutex<BTreeMap<String, Map<String, Value>>>,
    ids: Mutex<Chance>,
}

/// A group and what belongs to it that is only read.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) fields: Map<String, Value>,
    hosts: Vec<Record>,
    clusters: Vec<Record>,
    events: Vec<Record>,
    snapshots: Vec<Record>,
}

/// An entity that is only read.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) id: String,
    pub(crate) fields: Map<String, Value>,
}

impl Group {
    /// The entities of a kind, in a lasting order.
    pub(crate) fn records(&self, kind: Kind) -> &[Record] {
        match kind {
            Kind::Host => &self.hosts,
            Kind::Cluster => &self.clusters,
            Kind::Event => &self.events,
            Kind::Snapshot => &self.snapshots,
        }
    }
}

impl Store {
    /// The data that a seed makes.
    pub(crate) fn new(seed: u64, behaviour: &Arc<Behaviour>) -> Self {
        seed::store(&mut Chance::new(seed, behaviour))
    }

    /// A group by its id.
    pub(crate) fn group(&self, id: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }

    /// A user by their id.
    pub(crate) fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// The alert configurations, for one request at a time.
    pub(crate) fn alert_configs(&self) -> MutexGuard<'_, AlertConfigs> {
        self.alert_configs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The restore jobs, for one request at a time.
    pub(crate) fn restore_jobs(&self) -> MutexGuard<'_, RestoreJobs> {
        self.restore_jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The API whitelists of all users, for one request at a time.
    pub(crate) fn whitelist(&self) -> MutexGuard<'_, Whitelist> {
        self.whitelist.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The registers of all groups, for one request at a time.
    pub(crate) fn registers(&self) -> MutexGuard<'_, Registers> {
        self.registers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What clients have set of the automation of groups; for one request at a time.
    pub(crate) fn automation(&self) -> MutexGuard<'_, BTreeMap<String, Map<String, Value>>> {
        self.automation.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A fresh id.
    pub(crate) fn fresh_id(&self) -> String {
        seed::id(&mut self.ids.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
