//! Places inside a valid document: of dates, with other spellings of the same instants, and of nested texts and numbers.

use chrono::{DateTime, FixedOffset, SecondsFormat};
use serde_json::{Map, Value, json};

/// Offsets from UTC in seconds, by the name of the spelling.
const OFFSETS: [(&str, i32); 3] = [("east", 5 * 3600 + 1800), ("west", -(3 * 3600 + 1800)), ("far-west", -11 * 3600)];

/// The dates inside `valid` of a document, nested ones and those of items included: each with its dotted place (`name`),
/// its JSONPath (`path`), the member of the document in which it lies (`top`), the instant, and the same instant without
/// a zone and at other offsets.
pub(super) fn of_dates(leaves: &[Leaf<'_>]) -> Vec<Value> {
    leaves.iter().filter_map(|(place, value)| row(value.as_str()?, place)).collect()
}

/// The dotted places of nested values of a kind inside `valid` of a document.
pub(super) fn of_nested(leaves: &[Leaf<'_>], is_of_kind: fn(&Value) -> bool) -> Vec<String> {
    let nested = leaves.iter().filter(|(place, value)| place.len() > 1 && is_of_kind(value));
    nested.map(|(place, _)| place.join(".")).collect()
}

/// A value that is neither an array nor an object, and the names and indexes that lead to it.
pub(super) type Leaf<'v> = (Vec<String>, &'v Value);

/// All values inside `valid` that are neither arrays nor objects, the unique one aside, where a dotted path can name the
/// place.
pub(super) fn leaves(document: &Map<String, Value>) -> Vec<Leaf<'_>> {
    let mut found = Vec::new();
    let unique = document.get("unique").and_then(Value::as_str);
    for (name, value) in document.get("valid").and_then(Value::as_object).into_iter().flatten() {
        if Some(name.as_str()) != unique {
            collect(value, &mut vec![name.clone()], &mut found);
        }
    }
    found.retain(|(place, _)| !place.iter().any(|name| name.contains(['.', '\'', '{', '\\'])));
    found
}

fn collect<'v>(value: &'v Value, place: &mut Vec<String>, found: &mut Vec<Leaf<'v>>) {
    let parts: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect(),
        _ => {
            found.push((place.clone(), value));
            return;
        }
    };
    for (name, part) in parts {
        place.push(name);
        collect(part, place, found);
        place.pop();
    }
}

/// The row of a text that is a date in UTC.
fn row(text: &str, place: &[String]) -> Option<Value> {
    let instant = DateTime::parse_from_rfc3339(text).ok().filter(|instant| instant.offset().local_minus_utc() == 0)?;
    let step = |name: &String| {
        if name.bytes().all(|byte| byte.is_ascii_digit()) { format!("[{name}]") } else { format!("['{name}']") }
    };
    let mut row = json!({
        "name": place.join("."),
        "path": format!("${}", place.iter().map(step).collect::<String>()),
        "top": place.first(),
        "instant": text,
        "without-zone": instant.naive_utc().format("%Y-%m-%dT%H:%M:%S%.f").to_string(),
    });
    for (name, seconds) in OFFSETS {
        let there = instant.with_timezone(&FixedOffset::east_opt(seconds)?);
        row[name] = json!(there.to_rfc3339_opts(SecondsFormat::AutoSi, false));
    }
    Some(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_valid(valid: &Value) -> Vec<Value> {
        of_dates(&leaves(json!({ "valid": valid, "unique": "name" }).as_object().unwrap()))
    }

    #[test]
    fn dates_are_found_wherever_they_lie() {
        let rows = of_valid(&json!({
            "name": "2020-01-01T00:00:00Z",
            "day": "2020-01-01",
            "runs": [{ "at": "2020-12-31T23:59:59Z" }, { "at": "2020-12-31T23:59:59.25Z" }],
            "a.b": "2020-01-01T00:00:00Z",
        }));
        let names: Vec<&str> = rows.iter().filter_map(|row| row["name"].as_str()).collect();
        assert_eq!(names, ["runs.0.at", "runs.1.at"]);
        assert_eq!(rows[0]["path"], "$['runs'][0]['at']");
        assert_eq!(rows[0]["top"], "runs");
        assert_eq!(rows[0]["without-zone"], "2020-12-31T23:59:59");
        assert_eq!(rows[0]["east"], "2021-01-01T05:29:59+05:30");
        assert_eq!(rows[0]["west"], "2020-12-31T20:29:59-03:30");
        assert_eq!(rows[1]["far-west"], "2020-12-31T12:59:59.250-11:00");
    }

    #[test]
    fn nested_values_are_named_by_dotted_paths() {
        let document =
            json!({ "valid": { "size": 1, "bed": { "row": 3, "name": "x" }, "runs": [{ "cost": 0.5 }, 7] } });
        let leaves = leaves(document.as_object().unwrap());
        let numbers = of_nested(&leaves, Value::is_number);
        assert_eq!(numbers, ["bed.row", "runs.0.cost", "runs.1"]);
        assert_eq!(of_nested(&leaves, Value::is_string), ["bed.name"]);
    }
}
