//! The paths that a target file names here and there.

use std::slice;

use serde_json::{Map, Value, json};

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
    let values = places.iter().copied().flatten().filter_map(|(name, member)| {
        let value = globals.get(*name)?;
        member.map_or(Some(value), |member| value.get(member))
    });
    let texts = values.flat_map(|named| named.as_array().map_or(slice::from_ref(named), Vec::as_slice));
    texts.filter_map(|text| text.as_str()?.split('?').next())
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
