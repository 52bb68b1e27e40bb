//! Where a valid document holds dates, and other spellings of the same instants.

use chrono::{DateTime, FixedOffset, SecondsFormat};
use serde_json::{Map, Value, json};

/// Offsets from UTC in seconds, by the name of the spelling.
const OFFSETS: [(&str, i32); 3] = [("east", 5 * 3600 + 1800), ("west", -(3 * 3600 + 1800)), ("far-west", -11 * 3600)];

/// The dates inside `valid` of a document, nested ones and those of items included: each with its dotted place (`name`),
/// its JSONPath (`path`), the member of the document in which it lies (`top`), the instant, and the same instant without
/// a zone and at other offsets.
pub(super) fn of(document: &Map<String, Value>) -> Vec<Value> {
    let mut found = Vec::new();
    let unique = document.get("unique").and_then(Value::as_str);
    for (top, value) in document.get("valid").and_then(Value::as_object).into_iter().flatten() {
        if Some(top.as_str()) != unique {
            collect(value, top, &mut vec![top.clone()], &mut found);
        }
    }
    found
}

fn collect(value: &Value, top: &str, place: &mut Vec<String>, found: &mut Vec<Value>) {
    let parts: Vec<(String, &Value)> = match value {
        Value::String(text) => {
            found.extend(row(text, top, place));
            return;
        }
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect(),
        _ => return,
    };
    for (name, part) in parts {
        place.push(name);
        collect(part, top, place, found);
        place.pop();
    }
}

/// The row of a text that is a date in UTC, in a place that a dotted path can name.
fn row(text: &str, top: &str, place: &[String]) -> Option<Value> {
    let instant = DateTime::parse_from_rfc3339(text).ok().filter(|instant| instant.offset().local_minus_utc() == 0)?;
    if place.iter().any(|name| name.contains(['.', '\'', '{', '\\'])) {
        return None;
    }
    let step = |name: &String| {
        if name.bytes().all(|byte| byte.is_ascii_digit()) { format!("[{name}]") } else { format!("['{name}']") }
    };
    let mut row = json!({
        "name": place.join("."),
        "path": format!("${}", place.iter().map(step).collect::<String>()),
        "top": top,
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
        of(json!({ "valid": valid, "unique": "name" }).as_object().unwrap())
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
}
