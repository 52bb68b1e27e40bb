//! Fields of documents that clients write: which there are, what they hold, and what is refused by name.

mod check;
mod field;

use serde_json::{Map, Value};

use super::dates;
use super::problem::Refusal;

pub(crate) use check::accept;
pub(crate) use field::{Field, Kind, Presence};

/// `stored` with the sent fields set; objects merge, so that a part of one can be sent.
pub(crate) fn patched(stored: &Map<String, Value>, sent: Map<String, Value>) -> Map<String, Value> {
    let mut patched = stored.clone();
    for (name, value) in sent {
        let value = match (patched.get(&name), value) {
            (Some(Value::Object(old)), Value::Object(new)) => Value::Object(self::patched(old, new)),
            (_, value) => value,
        };
        patched.insert(name, value);
    }
    patched
}

/// The fields that are known, those of objects within included.
pub(crate) fn known(fields: &[Field], sent: Map<String, Value>) -> Map<String, Value> {
    let field_of = |name: &str| fields.iter().find(|field| field.name == name);
    let known = sent.into_iter().filter_map(|(name, value)| match (field_of(&name)?.kind, value) {
        (Kind::Object(fields), Value::Object(object)) => Some((name, Value::Object(self::known(fields, object)))),
        (Kind::Objects(fields), value) => Some((name, known_in_items(fields, value))),
        (_, value) => Some((name, value)),
    });
    known.collect()
}

/// The objects of an array with the fields that are known.
pub(crate) fn known_in_items(fields: &[Field], value: Value) -> Value {
    let known = |item| match item {
        Value::Object(object) => Value::Object(self::known(fields, object)),
        other => other,
    };
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(known).collect()),
        other => other,
    }
}

/// Takes the fields that no client may set out of `sent`.
///
/// They may be sent with the value that they have (`current`), so that an entity that was read can be sent back.
pub(crate) fn take_unmodifiable(
    sent: &mut Map<String, Value>,
    unmodifiable: &[&str],
    current: &Map<String, Value>,
) -> Result<(), Refusal> {
    for name in unmodifiable {
        let Some(value) = sent.remove(*name) else { continue };
        if !current.get(*name).is_some_and(|current| same(current, &value)) {
            return Err(Refusal::unmodifiable(*name));
        }
    }
    Ok(())
}

/// Whether two values are the same; a date is, however it is written.
fn same(one: &Value, other: &Value) -> bool {
    let instant = |value: &Value| value.as_str().and_then(dates::parse);
    one == other || (instant(one).is_some() && instant(one) == instant(other))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(object) => object,
            other => panic!("{other} is no object"),
        }
    }

    #[test]
    fn a_patch_sets_what_is_sent_and_merges_objects() {
        let stored = object(json!({ "a": 1, "b": { "c": 2, "d": 3 } }));
        let patched = patched(&stored, object(json!({ "b": { "d": 4 }, "e": 5 })));
        assert_eq!(Value::Object(patched), json!({ "a": 1, "b": { "c": 2, "d": 4 }, "e": 5 }));
    }

    #[test]
    fn what_cannot_be_modified_may_be_sent_back_unchanged() {
        let current = object(json!({ "id": "x", "created": "2016-11-01T13:00:00Z" }));
        let mut sent = object(json!({ "id": "x", "created": "2016-11-01T14:00:00+01:00", "name": "n" }));
        take_unmodifiable(&mut sent, &["id", "created"], &current).unwrap();
        assert_eq!(Value::Object(sent), json!({ "name": "n" }));
        for name in ["id", "created", "other"] {
            let mut sent = object(json!({ name: "y" }));
            let refusal = take_unmodifiable(&mut sent, &["id", "created", "other"], &current).unwrap_err();
            assert_eq!(refusal.status.as_u16(), 400);
            assert!(refusal.detail.contains(name), "{}", refusal.detail);
        }
    }
}
