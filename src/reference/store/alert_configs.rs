//! Alert configurations: the documents that clients create, replace, change and remove.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};

/// The documents of all groups, in the order of their creation.
#[derive(Debug, Default)]
pub(crate) struct AlertConfigs {
    configs: Vec<AlertConfig>,
    /// What there was before each of the latest changes, and until when.
    past: VecDeque<(DateTime<Utc>, Vec<AlertConfig>)>,
}

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
        self.configs.iter().filter(move |config| config.group == group)
    }

    /// One of a group.
    pub(crate) fn get(&self, group: &str, id: &str) -> Option<&AlertConfig> {
        self.of(group).find(|config| config.id == id)
    }

    /// One of any group.
    pub(crate) fn any(&self, id: &str) -> Option<&AlertConfig> {
        self.configs.iter().find(|config| config.id == id)
    }

    /// The one of the same group that was created before another.
    pub(crate) fn before(&self, config: &AlertConfig) -> Option<&AlertConfig> {
        self.of(&config.group).take_while(|other| other.id != config.id).last()
    }

    /// The documents as they were `delay` ago.
    pub(crate) fn seen(&self, now: DateTime<Utc>, delay: TimeDelta) -> Self {
        let before = self.past.iter().find(|(until, _)| *until + delay > now).map(|(_, configs)| configs);
        Self { configs: before.unwrap_or(&self.configs).clone(), past: VecDeque::new() }
    }

    /// Remembers for a while what there is, before it changes.
    pub(crate) fn remember(&mut self, now: DateTime<Utc>, delay: TimeDelta) {
        self.past.retain(|(until, _)| *until + delay > now);
        self.past.push_back((now, self.configs.clone()));
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
        match self.configs.iter().position(|other| other.id == config.id) {
            Some(place) => self.configs[place] = config,
            None => self.configs.push(config),
        }
    }

    /// Switches all of a group off: a fault.
    pub(crate) fn switch_off(&mut self, group: &str) {
        for config in self.configs.iter_mut().filter(|config| config.group == group) {
            config.settings.insert("enabled".to_owned(), false.into());
        }
    }

    /// Removes one of a group, if it is there.
    pub(crate) fn remove(&mut self, group: &str, id: &str) -> Option<AlertConfig> {
        let place = self.configs.iter().position(|config| config.group == group && config.id == id)?;
        Some(self.configs.remove(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(id: &str) -> AlertConfig {
        AlertConfig {
            id: id.to_owned(),
            group: "g".to_owned(),
            created: DateTime::UNIX_EPOCH,
            updated: DateTime::UNIX_EPOCH,
            settings: Map::from_iter([("name".to_owned(), id.into())]),
        }
    }

    #[test]
    fn what_was_is_seen_until_its_time_is_over() {
        let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        let delay = TimeDelta::seconds(2);
        let mut configs = AlertConfigs::default();
        for (second, id) in [(10, "a"), (11, "b")] {
            configs.remember(at(second), delay);
            configs.put(config(id)).unwrap();
        }
        let seen = |second: i64, delay| configs.seen(at(second), delay).of("g").count();
        assert_eq!([11, 12, 13].map(|second| seen(second, delay)), [0, 1, 2]);
        assert_eq!(seen(11, TimeDelta::zero()), 2);
    }
}
