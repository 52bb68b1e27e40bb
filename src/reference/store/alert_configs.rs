//! Alert configurations: the documents that clients create, replace, change and remove.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

/// The documents of all groups, in the order of their creation.
#[derive(Debug, Default)]
pub(crate) struct AlertConfigs(Vec<AlertConfig>);

/// One document.
#[derive(Clone, Debug)]
pub(crate) struct AlertConfig {
    pub(crate) id: String,
    pub(crate) group: String,
    pub(crate) created: DateTime<Utc>,
    pub(crate) updated: DateTime<Utc>,
    /// What clients may set, complete with defaults.
    pub(crate) settings: Map<String, Value>,
}

/// A name that another document of the group has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Taken;

impl AlertConfigs {
    /// Those of a group.
    pub(crate) fn of(&self, group: &str) -> impl Iterator<Item = &AlertConfig> {
        self.0.iter().filter(move |config| config.group == group)
    }

    /// One of a group.
    pub(crate) fn get(&self, group: &str, id: &str) -> Option<&AlertConfig> {
        self.of(group).find(|config| config.id == id)
    }

    /// Stores a document, in place of the one with its id if there is one.
    pub(crate) fn put(&mut self, config: AlertConfig) -> Result<(), Taken> {
        let name = config.settings.get("name");
        if self.of(&config.group).any(|other| other.id != config.id && other.settings.get("name") == name) {
            return Err(Taken);
        }
        self.overwrite(config);
        Ok(())
    }

    /// Stores a document whatever its name is.
    pub(crate) fn overwrite(&mut self, config: AlertConfig) {
        match self.0.iter().position(|other| other.id == config.id) {
            Some(place) => self.0[place] = config,
            None => self.0.push(config),
        }
    }

    /// Removes one of a group, if it is there.
    pub(crate) fn remove(&mut self, group: &str, id: &str) -> Option<AlertConfig> {
        let place = self.0.iter().position(|config| config.group == group && config.id == id)?;
        Some(self.0.remove(place))
    }
}
