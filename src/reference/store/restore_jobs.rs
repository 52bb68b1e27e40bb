//! Restore jobs: asynchronous operations.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};

/// Most jobs that are remembered; the oldest are forgotten.
const MOST_JOBS: usize = 1000;

/// The jobs of all groups, in the order of their creation.
#[derive(Debug, Default)]
pub(crate) struct RestoreJobs(VecDeque<RestoreJob>);

/// One job.
#[derive(Clone, Debug)]
pub(crate) struct RestoreJob {
    pub(crate) id: String,
    pub(crate) group: String,
    pub(crate) created: DateTime<Utc>,
    /// What the client asked for.
    pub(crate) order: Map<String, Value>,
}

impl RestoreJob {
    /// When the job was finished, if it is by now, where jobs take so long.
    pub(crate) fn finished(&self, now: DateTime<Utc>, takes: TimeDelta) -> Option<DateTime<Utc>> {
        Some(self.created + takes).filter(|finished| *finished <= now)
    }
}

impl RestoreJobs {
    /// Those of a group.
    pub(crate) fn of(&self, group: &str) -> impl Iterator<Item = &RestoreJob> {
        self.0.iter().filter(move |job| job.group == group)
    }

    /// One of any group.
    pub(crate) fn any(&self, id: &str) -> Option<&RestoreJob> {
        self.0.iter().find(|job| job.id == id)
    }

    /// Forgets a job.
    pub(crate) fn remove(&mut self, id: &str) {
        self.0.retain(|job| job.id != id);
    }

    /// Starts a job.
    pub(crate) fn add(&mut self, job: RestoreJob) {
        if self.0.len() == MOST_JOBS {
            self.0.pop_front();
        }
        self.0.push_back(job);
    }
}
