//! The paths that a target file names here and there.

use std::slice;

use serde_json::{Map, Value, json};

use crate::suite::vocabulary::plural;

/// Where a target file names a path, or several: a parameter, or a member of one.
pub(super) type Place = (&'static str, Option<&'static str>);

/// Where it names all lists that are worth reading.
pub(super) const ALL_LISTS: Place = ("lists", None);

/// Where it names lists one by one.
pub(super) const LISTS: [Place; 7] = [
    ("list", Some("long")),
    ("list", Some("short")),
    ("list", Some("empty")),
    ("list", Some("exact")),
    ("list", Some("filtered")),
    ("document", Some("list")),
    ("dated", Some("list")),
];

/// The paths that are named in these places, one group of them after the other, without their queries.
pub(super) fn named<'g>(globals: &'g Map<String, Value>, places: &[&[Place]]) -> impl Iterator<Item = &'g str> {
    let values = places.iter().copied().flatten().flat_map(|(name, member)| {
        let values = match member {
            None => globals.get(*name).into_iter().collect(),
            Some(member) => kinds(globals, name).into_iter().filter_map(|(_, kind)| kind.get(*member)).collect(),
        };
        let values: Vec<&Value> = values;
        values
    });
    let texts = values.flat_map(|named| named.as_array().map_or(slice::from_ref(named), Vec::as_slice));
    texts.filter_map(|text| text.as_str()?.split('?').next())
}

/// The kinds of a group, each with its place: `document` alone, or `documents.boats` and the others.
pub(super) fn kinds<'g>(globals: &'g Map<String, Value>, group: &str) -> Vec<(String, &'g Value)> {
    let alone = globals.get(group).map(|kind| (group.to_owned(), kind));
    let plural = plural(group);
    let several = plural.and_then(|plural| globals.get(plural)?.as_object()).into_iter().flatten();
    let several = several.map(|(name, kind)| (format!("{}.{name}", plural.unwrap_or_default()), kind));
    alone.into_iter().chain(several).collect()
}

/// The same, to be changed.
pub(super) fn kinds_mut<'g>(globals: &'g mut Map<String, Value>, group: &str) -> Vec<&'g mut Map<String, Value>> {
    let plural = plural(group);
    let mut kinds = Vec::new();
    for (name, value) in globals.iter_mut() {
        let Value::Object(value) = value else { continue };
        if name == group {
            kinds.push(value);
        } else if Some(name.as_str()) == plural {
            kinds.extend(value.values_mut().filter_map(Value::as_object_mut));
        }
    }
    kinds
}

/// What a file names itself, and these paths once each behind it.
pub(super) fn beside(own: Option<&Value>, others: impl IntoIterator<Item = String>) -> Value {
    let mut paths: Vec<Value> = own.and_then(Value::as_array).cloned().unwrap_or_default();
    for path in others {
        if !paths.iter().any(|known| *known == path) {
            paths.push(json!(path));
        }
    }
    Value::Array(paths)
}
