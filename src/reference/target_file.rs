//! The target file that fits this server: every claim, every parameter.

use std::fmt::Write;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::dates;
use super::route::Kind;
use super::store::{Group, Role, User};
use super::variation::{Variation, challenge, names, traffic};
use super::world::World;

/// What the server implements: all there is.
const CLAIMS: [&str; 12] = [
    "lists",
    "envelope",
    "pretty",
    "writes",
    "roles",
    "groups",
    "whitelist",
    "dates",
    "timestamps",
    "asynchronous",
    "rate-limits",
    "browse",
];

/// Writes the target file. Values are JSON, which is YAML.
pub(crate) fn write(world: &World, ca_pem: &str, key_of: &dyn Fn(&str) -> String) -> String {
    let mut text = format!("name: reference\nbase-url: {}\n", json!(world.base.url("")));
    if !ca_pem.is_empty() {
        line(&mut text, format_args!("tls: {{ ca: {} }}", json!(ca_pem)));
    }
    line(&mut text, format_args!("users:"));
    for user in &world.store.users {
        line(&mut text, format_args!("  {}: {}", user.name, login(user, key_of)));
    }
    if let Some(maximum) = world.behaviour.page_maximum() {
        line(&mut text, format_args!("limits: {{ page-maximum: {maximum} }}"));
    }
    // Of the other family there is one loopback address alone.
    if !world.base.url("").contains("://[") {
        line(&mut text, format_args!("sources: {{ allowed: 127.0.0.2, other: 127.0.0.3, refused: 127.0.0.4 }}"));
    }
    line(&mut text, format_args!("claims: {}", json!(CLAIMS)));
    if !world.behaviour.takes(Variation::NonceLifeUntold) {
        let lifetime = challenge::nonce_lifetime(&world.behaviour);
        line(&mut text, format_args!("nonce-lifetime: {}s", lifetime.num_seconds()));
    }
    if world.behaviour.takes(Variation::SeenLate) || world.behaviour.takes(Variation::SeenUnevenly) {
        line(&mut text, format_args!("consistency-delay: {}s", traffic::DELAY.num_seconds()));
    }
    line(&mut text, format_args!("parameters:"));
    for (name, value) in parameters(world) {
        let value = if name.ends_with("group") { segment(value) } else { paths(world, value) };
        line(&mut text, format_args!("  {name}: {value}"));
    }
    text
}

/// Every path in a value as the server calls it; a path begins with a slash.
fn paths(world: &World, value: Value) -> Value {
    match value {
        Value::String(path) if path.starts_with('/') => json!(names::outward(&world.behaviour, &path)),
        Value::Array(items) => Value::Array(items.into_iter().map(|item| paths(world, item)).collect()),
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(name, value)| (name, paths(world, value))).collect())
        }
        plain => plain,
    }
}

/// An id as it stands in paths.
fn segment(id: Value) -> Value {
    match id {
        Value::String(id) => json!(names::segment(&id)),
        other => other,
    }
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("writing to a string cannot fail");
}

fn login(user: &User, key_of: &dyn Fn(&str) -> String) -> String {
    let read_only = user.grants.iter().all(|(_, role)| *role == Role::ReadOnly);
    let role = if read_only { "read-only" } else { "read-write" };
    let groups = user.grants.iter().map(|(id, role)| {
        let role = if *role == Role::ReadOnly { "read-only" } else { "read-write" };
        format!("{}: {role}", json!(names::segment(id)))
    });
    let groups = groups.collect::<Vec<_>>().join(", ");
    let (username, key) = (json!(user.username), key_of(user.name));
    format!("{{ username: {username}, api-key: {key}, role: {role}, groups: {{ {groups} }} }}")
}

/// The parameters, by the name of their first level.
fn parameters(world: &World) -> Vec<(&'static str, Value)> {
    let (main, empty, busy) = (&world.store.groups[0], &world.store.groups[1], &world.store.groups[2]);
    let owner = &world.store.users[0];
    let mut parameters = vec![
        ("group", json!(main.id)),
        ("empty-group", json!(empty.id)),
        ("busy-group", json!(busy.id)),
        ("other-groups", other_groups(world)),
        ("group-paths", json!(["/groups/{group}/restoreJobs"])),
        ("list", list()),
        ("lists", lists(owner)),
        ("entity", first(main, Kind::Host)),
        ("entities", entities(main, owner)),
        ("missing", missing(world)),
        ("forbidden-methods", forbidden(main)),
        ("documents", documents(world, owner)),
        (
            "dated",
            json!({
                "list": "/groups/{group}/events",
                "from": "minDate",
                "to": "maxDate",
                "member": "created",
                "between": between(main),
            }),
        ),
        ("timestamps", json!({ "path": "/groups/{group}/snapshots", "at": "$.results[*].created" })),
        ("job", job(main)),
        ("limited", limited(world)),
        ("restricted", restricted(world)),
        ("date-members", json!(["updated", "activeFrom", "lastPing", "expires", "finished", "notBefore"])),
        ("unit-members", json!(["delayMin", "uptimeMsec", "diskSizeGB", "fileSizeBytes", "averageUptimeMsec"])),
    ];
    parameters.extend(protected(world));
    parameters
}

fn other_groups(world: &World) -> Value {
    let id = |place: usize| segment(json!(world.store.groups[place].id));
    json!({ "owner": id(2), "outsider": id(3) })
}

fn restricted(world: &World) -> Value {
    let mut restricted = json!({
        "path": "/groups/{group}/automationConfig",
        "whitelist": format!("/users/{}/whitelist", world.store.users[0].id),
        "entry": { "ipAddress": "{sources.refused}" },
    });
    if !world.behaviour.takes(Variation::NoPatch) {
        restricted["update"] = json!({ "goalVersion": 2, "downloadBase": "/srv/automation" });
        restricted["other-update"] = json!({ "goalVersion": 3 });
    }
    restricted
}

/// What whitelists protect by method; nothing where PATCH is not supported.
fn protected(world: &World) -> Option<(&'static str, Value)> {
    let change = json!({ "method": "PATCH", "path": "/groups/{group}/automationConfig", "body": { "goalVersion": 2 } });
    (!world.behaviour.takes(Variation::NoPatch)).then(|| ("protected-requests", json!([change])))
}

fn limited(world: &World) -> Value {
    let mut limited = json!({ "path": "/groups/{busy-group}/measurements", "other": "/groups/{group}/measurements" });
    if !world.behaviour.takes(Variation::AllLimited) {
        limited["free"] = json!("/groups/{busy-group}/hosts");
    }
    limited
}

fn list() -> Value {
    json!({
        "long": "/groups/{group}/hosts",
        "short": ["/groups/{group}/events", "/groups/{group}/snapshots"],
        "empty": ["/groups/{empty-group}/hosts", "/groups/{empty-group}/events"],
        "exact": "/groups/{group}/clusters",
        "exact-count": 12,
        "filtered": "/groups/{group}/hosts?typeName=SHARD_MONGOS",
    })
}

fn lists(owner: &User) -> Value {
    let whitelist = format!("/users/{}/whitelist", owner.id);
    let kinds = Kind::ALL.into_iter().map(Kind::plural).chain(["alertConfigs", "users"]);
    let in_group = kinds.map(|name| format!("/groups/{{group}}/{name}"));
    json!(["/groups".to_owned(), whitelist].into_iter().chain(in_group).collect::<Vec<_>>())
}

fn entities(main: &Group, owner: &User) -> Value {
    let kinds = Kind::ALL.into_iter().map(|kind| first(main, kind));
    let own = [json!("/"), json!("/groups/{group}"), json!(format!("/users/{}", owner.id))];
    Value::Array(own.into_iter().chain(kinds).collect())
}

/// The path of the first entity of a kind.
fn first(group: &Group, kind: Kind) -> Value {
    let id = group.records(kind).first().map_or("", |record| record.id.as_str());
    json!(format!("/groups/{{group}}/{}/{id}", kind.plural()))
}

/// Ids that are none: as long as real ones, and never given to anything.
fn missing(world: &World) -> Value {
    let id = world.store.fresh_id();
    json!({ "entity": format!("/groups/{{group}}/hosts/{id}"), "list": format!("/groups/{id}/hosts") })
}

fn forbidden(main: &Group) -> Value {
    let host = first(main, Kind::Host);
    json!([
        { "method": "DELETE", "path": "/groups" },
        { "method": "PUT", "path": "/groups/{group}/hosts" },
        { "method": "POST", "path": "/groups/{group}/events" },
        { "method": "DELETE", "path": host },
        { "method": "PATCH", "path": host },
        { "method": "PUT", "path": "/groups/{group}/alertConfigs" },
    ])
}

/// Every kind of document that is written over the conventions of the specification.
fn documents(world: &World, owner: &User) -> Value {
    json!({
        "alertConfigs": alert_configs(world),
        "whitelist": whitelist(world, owner),
        "databaseUsers": database_users(world),
    })
}

/// The owner's own whitelist: its entries belong to no group, and are added and removed.
fn whitelist(world: &World, owner: &User) -> Value {
    let mut document = json!({
        "list": format!("/users/{}/whitelist", owner.id),
        "missing-list": format!("/users/{}/whitelist", world.store.fresh_id()),
        "valid": { "ipAddress": "{unique-address}" },
        "unique": "ipAddress",
        "unsupported": ["PUT", "PATCH"],
        "required": ["ipAddress"],
        "own": true,
    });
    document["volatile"] = volatile(world, &[]);
    document
}

/// Users of databases, which are changed by PATCH alone.
fn database_users(world: &World) -> Value {
    let mut document = json!({
        "list": "/groups/{group}/databaseUsers",
        "missing-list": format!("/groups/{}/databaseUsers", world.store.fresh_id()),
        "valid": {
            "username": "{unique}",
            "databaseName": "admin",
            "password": "kept secret by the server",
            "roles": [
                { "roleName": "readWrite", "databaseName": "sales" },
                { "roleName": "read", "databaseName": "\u{17b}ubr \u{1f9ac}" },
            ],
        },
        "unique": "username",
        "unsupported": ["PUT"],
        "required": ["username"],
        "update": {
            "roles": [{ "roleName": "read", "databaseName": "stock" }, { "roleName": "dbAdmin", "databaseName": "sales" }],
            "deleteAfterDate": "2031-05-06T07:08:09Z",
        },
        "items": "roles",
        "unmodifiable": { "groupId": "000000000000000000000000" },
        "date": "deleteAfterDate",
    });
    if world.behaviour.takes(Variation::NoPatch) {
        document.as_object_mut().and_then(|document| document.shift_remove("update"));
    }
    document["volatile"] = volatile(world, &[]);
    document
}

/// The members of a document that the server maintains: these, and those of the variations.
fn volatile(world: &World, own: &[&str]) -> Value {
    let more: &[&str] = match &world.behaviour {
        behaviour if behaviour.takes(Variation::Volatile) => &["servedAt", "serial"],
        behaviour if behaviour.takes(Variation::ComeAndGo) => &["hint"],
        _ => &[],
    };
    json!(own.iter().chain(more).collect::<Vec<_>>())
}

fn alert_configs(world: &World) -> Value {
    let mut document = json!({
        "missing-list": format!("/groups/{}/alertConfigs", world.store.fresh_id()),
        "list": "/groups/{group}/alertConfigs",
        "valid": {
            "name": "{unique}",
            "eventTypeName": "HOST_DOWN",
            "notification": { "email": "ops@example.com", "delayMin": 5 },
            "matchers": [{ "fieldName": "HOSTNAME", "value": "db", "since": "2020-12-31T23:59:59Z" }],
        },
        "unique": "name",
        "required": ["name", "eventTypeName", "notification"],
        "defaults": { "enabled": true },
        "update": { "eventTypeName": "HOST_UP", "enabled": false },
        "optional": { "name": "note", "value": "kept by the suite" },
        "nested": "notification",
        "items": "matchers",
        "numbers": ["intervalMin"],
        "arrays": ["tags"],
        "misspellings": ["nmae", "enabeld", "Notification", "event_type_name", "_name"],
        "unmodifiable": {
            "id": "000000000000000000000000",
            "groupId": "000000000000000000000000",
            "created": "2001-01-01T00:00:00Z",
        },
        "date": "activeFrom",
        "complete": false,
    });
    if world.behaviour.takes(Variation::PutIsComplete) {
        document["complete"] = json!(true);
        document["valid"]["enabled"] = json!(true);
    }
    let unsupported = [(Variation::NoPut, "complete"), (Variation::NoPatch, "update")];
    for (variation, parameter) in unsupported {
        if world.behaviour.takes(variation) {
            document.as_object_mut().and_then(|document| document.shift_remove(parameter));
        }
    }
    document["volatile"] = volatile(world, &["updated"]);
    document["written"] = json!(["updated"]);
    document
}

/// An instant between two events; events lie less than an hour apart.
fn between(main: &Group) -> String {
    let events = main.records(Kind::Event);
    let middle = events.get(events.len() / 2).and_then(|event| event.fields.get("created"));
    let instant = middle.and_then(Value::as_str).and_then(dates::parse).unwrap_or_default();
    (instant + TimeDelta::seconds(1)).format("%Y-%m-%dT%H:%M:%S").to_string()
}

fn job(main: &Group) -> Value {
    let snapshot = main.records(Kind::Snapshot).first().map_or("", |record| record.id.as_str());
    json!({
        "list": "/groups/{group}/restoreJobs",
        "valid": {
            "snapshotId": snapshot,
            "deliveryMethod": "HTTP",
            "comment": "{unique}",
            "notBefore": "2031-05-06T09:08:07+02:00",
        },
        "done": { "$.status": "FINISHED" },
        "kept": ["snapshotId", "deliveryMethod", "comment", "notBefore"],
        "required": ["snapshotId", "deliveryMethod"],
    })
}
