//! Makes all data from one source of chance, so that one seed is one server.

mod chance;
mod records;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::HEXLOWER;
use serde_json::{Map, Value, json};

use super::people::{Role, User};
use super::{AlertConfig, AlertConfigs, Entry, Group, RestoreJobs, Store, Whitelist};
use crate::reference::dates;
use crate::reference::variation::names;

pub(crate) use chance::Chance;

/// The first instant of the made world: 2016-10-01T08:00:00Z.
const EPOCH: i64 = 1_475_308_800;

/// How much a group holds.
struct Size {
    hosts: usize,
    clusters: usize,
    events: usize,
    snapshots: usize,
}

/// The main group: more hosts than two pages hold, and clusters in a number that many small page sizes divide.
const MAIN: Size = Size { hosts: 253, clusters: 12, events: 40, snapshots: 5 };
/// A group in which there is nothing.
const EMPTY: Size = Size { hosts: 0, clusters: 0, events: 0, snapshots: 0 };
/// The group whose rate limit may be used up, and the group of strangers.
const SMALL: Size = Size { hosts: 3, clusters: 1, events: 4, snapshots: 2 };

/// The names of the users in the target file, in a lasting order.
const NAMES: [&str; 5] = ["owner", "second", "reader", "outsider", "other"];

/// All data.
pub(super) fn store(rng: &mut Chance) -> Store {
    let groups = vec![
        group(rng, "Atlaspec Main", &MAIN),
        group(rng, "Atlaspec Empty", &EMPTY),
        group(rng, "Atlaspec Busy", &SMALL),
        group(rng, "Atlaspec Strangers", &SMALL),
    ];
    let users: Vec<User> = NAMES.iter().map(|name| user(rng, name, &groups)).collect();
    Store {
        alert_configs: Mutex::new(alert_configs(rng, &groups)),
        restore_jobs: Mutex::new(RestoreJobs::default()),
        whitelist: Mutex::new(whitelist(&users)),
        registers: Mutex::default(),
        automation: Mutex::default(),
        ids: Mutex::new(rng.fork()),
        users,
        groups,
    }
}

/// An id: a number of 96 bits, most often in hexadecimal.
pub(super) fn id(rng: &mut Chance) -> String {
    let bytes = std::array::from_fn(|_| rng.u8(..));
    names::id(rng.behaviour(), bytes)
}

fn hex(rng: &mut Chance, bytes: usize) -> String {
    HEXLOWER.encode(&(0..bytes).map(|_| rng.u8(..)).collect::<Vec<u8>>())
}

fn epoch() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(EPOCH)
}

/// The fields of an entity, from a JSON object.
fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn group(rng: &mut Chance, name: &str, size: &Size) -> Group {
    let id = id(rng);
    let clusters = records::many(rng, size.clusters, |rng, place| records::cluster(rng, &id, place));
    Group {
        fields: fields(json!({ "id": id, "name": name, "orgId": hex(rng, 12), "created": dates::write(epoch()) })),
        hosts: records::many(rng, size.hosts, |rng, place| records::host(rng, &id, place)),
        events: records::many(rng, size.events, |rng, place| records::event(rng, &id, place)),
        snapshots: records::many(rng, size.snapshots, |rng, place| records::snapshot(rng, &id, &clusters, place)),
        clusters,
        id,
    }
}

fn user(rng: &mut Chance, name: &'static str, groups: &[Group]) -> User {
    let grant = |place: usize, role| (groups[place].id.clone(), role);
    let grants = match name {
        "owner" | "second" => (0..3).map(|place| grant(place, Role::ReadWrite)).collect(),
        "reader" => vec![grant(0, Role::ReadOnly)],
        "outsider" => vec![grant(3, Role::ReadWrite)],
        _ => vec![grant(0, Role::ReadWrite)],
    };
    let key = [4, 2, 2, 2, 6].map(|bytes| hex(rng, bytes)).join("-");
    User { name, id: id(rng), username: format!("{name}@example.com"), key, grants }
}

/// Each of two users may reach protected resources from an address of their own.
fn whitelist(users: &[User]) -> Whitelist {
    let mut whitelist = Whitelist::default();
    for (name, last) in [("owner", 2), ("other", 3)] {
        if let Some(user) = users.iter().find(|user| user.name == name) {
            let address = IpAddr::V4(Ipv4Addr::new(127, 0, 0, last));
            let added = whitelist.add(Entry { user: user.id.clone(), address, created: epoch() });
            debug_assert!(added.is_ok(), "a fresh list takes one address a user");
        }
    }
    whitelist
}

/// A few documents in the main group, so that its list is never empty.
fn alert_configs(rng: &mut Chance, groups: &[Group]) -> AlertConfigs {
    let mut configs = AlertConfigs::default();
    for (name, event) in [("Host down", "HOST_DOWN"), ("Host up", "HOST_UP"), ("New primary", "PRIMARY_ELECTED")] {
        let stored = configs.put(AlertConfig {
            id: id(rng),
            group: groups[0].id.clone(),
            created: epoch(),
            updated: epoch(),
            settings: fields(json!({
                "name": name,
                "eventTypeName": event,
                "enabled": true,
                "notification": { "email": "ops@example.com", "delayMin": rng.i64(0..30) },
            })),
        });
        debug_assert!(stored.is_ok(), "the names differ");
    }
    configs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::behaviour::Behaviour;
    use crate::reference::route::Kind;

    fn store_of(seed: u64) -> Store {
        Store::new(seed, &std::sync::Arc::new(Behaviour::default()))
    }

    #[test]
    fn one_seed_is_one_world() {
        let (one, same, other) = (store_of(1), store_of(1), store_of(2));
        assert_eq!(one.users[0].key, same.users[0].key);
        assert_eq!(one.groups[0].id, same.groups[0].id);
        assert_eq!(one.fresh_id(), same.fresh_id());
        assert_ne!(one.users[0].key, other.users[0].key);
        assert_ne!(one.groups[0].id, other.groups[0].id);
    }

    #[test]
    fn ids_are_unique_and_events_lie_apart() {
        let store = store_of(3);
        let mut ids: Vec<&str> = store
            .groups
            .iter()
            .flat_map(|group| Kind::ALL.into_iter().flat_map(|kind| group.records(kind)))
            .map(|record| record.id.as_str())
            .collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all);
        let created: Vec<DateTime<Utc>> = store.groups[0]
            .records(Kind::Event)
            .iter()
            .filter_map(|event| event.fields["created"].as_str().and_then(dates::parse))
            .collect();
        assert_eq!(created.len(), MAIN.events);
        assert!(created.windows(2).all(|pair| pair[0] - pair[1] >= TimeDelta::minutes(1)));
    }
}
