//! Faults that show in every value of a body, wherever it comes from.

use chrono::FixedOffset;
use serde_json::{Map, Value};

use super::dates;
use super::fault::Fault;
use super::world::World;

/// The value as the server's faults make it look; without faults, as it is.
pub(crate) fn disguised(world: &World, value: Value) -> Value {
    if world.behaviour.is_conforming() {
        return value;
    }
    match value {
        Value::Object(members) if is_timestamp(&members) => Value::Object(timestamp(world, members)),
        Value::Object(members) => {
            let is_link = members.contains_key("rel") && members.contains_key("href");
            let members =
                members.into_iter().map(|(name, value)| (renamed(world, is_link, name), disguised(world, value)));
            Value::Object(members.collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(|item| disguised(world, item)).collect()),
        Value::String(text) => Value::String(date(world, text)),
        plain => plain,
    }
}

fn is_timestamp(members: &Map<String, Value>) -> bool {
    members.len() == 2 && members.contains_key("date") && members.contains_key("increment")
}

fn timestamp(world: &World, mut members: Map<String, Value>) -> Map<String, Value> {
    if world.behaviour.shows(Fault::TimestampExtended) {
        members.insert("ordinal".to_owned(), 1.into());
    }
    if world.behaviour.shows(Fault::IncrementTooLarge) {
        members.insert("increment".to_owned(), (i64::from(i32::MAX) * 3).into());
    }
    if world.behaviour.shows(Fault::TimestampWithMillis) {
        let date = members["date"].as_str().unwrap_or_default().replace('Z', ".000Z");
        members.insert("date".to_owned(), date.into());
    }
    members
}

fn renamed(world: &World, is_link: bool, name: String) -> String {
    match name.as_str() {
        "diskSizeGB" if world.behaviour.shows(Fault::UnitOmitted) => "diskSize".to_owned(),
        "rel" if is_link && world.behaviour.shows(Fault::LinkWithoutRel) => "name".to_owned(),
        _ => name,
    }
}

/// A date as it is written; any other text as it is.
fn date(world: &World, text: String) -> String {
    let Some(instant) = dates::parse(&text).filter(|_| text.ends_with('Z')) else { return text };
    if world.behaviour.shows(Fault::DateWithSpace) {
        return text.replace('T', " ");
    }
    match FixedOffset::east_opt(2 * 3600) {
        Some(zone) if world.behaviour.shows(Fault::DateInZone) => instant.with_timezone(&zone).to_rfc3339(),
        _ => text,
    }
}
