//! Single entities that are only read.

use chrono::TimeDelta;
use serde_json::json;

use super::{Chance, epoch, fields, hex, id};
use crate::reference::dates;
use crate::reference::store::Record;

/// The types of hosts, in turn: a filter by one leaves several pages of small size.
const HOST_TYPES: [&str; 4] = ["REPLICA_PRIMARY", "REPLICA_SECONDARY", "REPLICA_SECONDARY", "SHARD_MONGOS"];

/// As many records as asked for.
pub(super) fn many(rng: &mut Chance, count: usize, mut one: impl FnMut(&mut Chance, usize) -> Record) -> Vec<Record> {
    (0..count).map(|place| one(rng, place)).collect()
}

/// An instant after the beginning.
fn after(seconds: usize) -> String {
    dates::write(epoch() + TimeDelta::seconds(i64::try_from(seconds).unwrap_or(0)))
}

pub(super) fn host(rng: &mut Chance, group: &str, place: usize) -> Record {
    let id = id(rng);
    let fields = fields(json!({
        "id": id,
        "groupId": group,
        "hostname": format!("host-{place:03}.example.net"),
        "port": 27017 + place % 3,
        "typeName": HOST_TYPES[place % HOST_TYPES.len()],
        "version": "3.2.10",
        "hostEnabled": rng.bool(),
        "uptimeMsec": rng.u32(1_000..),
        "diskSizeGB": f64::from(rng.u16(10..2000)) / 2.0,
        "created": after(place * 61),
        "lastPing": after(200_000 + rng.usize(..600)),
    }));
    Record { id, fields }
}

pub(super) fn cluster(rng: &mut Chance, group: &str, place: usize) -> Record {
    let id = id(rng);
    let fields = fields(json!({
        "id": id,
        "groupId": group,
        "clusterName": format!("Cluster{place}"),
        "typeName": if place.is_multiple_of(2) { "REPLICA_SET" } else { "SHARDED" },
        "backupEnabled": place.is_multiple_of(3),
        "diskSizeGB": 10 * (place + 1),
        "created": after(place * 3600),
    }));
    Record { id, fields }
}

/// Events lie between one minute and an hour apart; the newest comes first.
pub(super) fn event(rng: &mut Chance, group: &str, place: usize) -> Record {
    let id = id(rng);
    let name = ["HOST_DOWN", "HOST_UP", "USER_LOGIN"][place % 3];
    let fields = fields(json!({
        "id": id,
        "groupId": group,
        "eventTypeName": name,
        "created": after(1_000_000 - place * 1800 - rng.usize(..1700)),
    }));
    Record { id, fields }
}

pub(super) fn snapshot(rng: &mut Chance, group: &str, clusters: &[Record], place: usize) -> Record {
    let id = id(rng);
    let taken = epoch() + TimeDelta::hours(6 * i64::try_from(place).unwrap_or(0));
    let cluster = rng.choice(clusters).map(|cluster| cluster.id.clone()).unwrap_or_default();
    let fields = fields(json!({
        "id": id,
        "groupId": group,
        "clusterId": cluster,
        "created": dates::timestamp(taken, rng.i32(1..1000)),
        "expires": dates::write(taken + TimeDelta::days(7)),
        "complete": true,
        "parts": [{
            "replicaSetName": "rs0",
            "mongodVersion": "3.2.10",
            "fileSizeBytes": rng.u32(..),
            "lastOplogApplied": dates::timestamp(taken - TimeDelta::seconds(5), rng.i32(1..1000)),
            "checksum": hex(rng, 16),
        }],
    }));
    Record { id, fields }
}
