//! BSON timestamps in a body: objects of `date` and `increment`.

use serde_json::{Map, Value};

use super::dates::{self, Grain, Zone};
use super::everywhere::Part;
use super::show;

/// The members of a timestamp. An object that is more than that (it has an id or links) is none; nor is one that holds a
/// day, or more members and no instant with a whole number: what is counted by the day may be written so.
fn timestamp(value: &Value) -> Option<&Map<String, Value>> {
    value.as_object().filter(|members| are_of_one(members))
}

fn are_of_one(members: &Map<String, Value>) -> bool {
    let has = |name| members.contains_key(name);
    if !has("date") || !has("increment") || has("id") || has("links") {
        return false;
    }
    let date = members["date"].as_str().and_then(|date| dates::parse(date).ok());
    match date.map(|date| date.grain) {
        Some(Grain::Day) => false,
        Some(_) if members.len() > 2 => members["increment"].as_f64().is_some_and(|number| number.fract() == 0.0),
        Some(_) => true,
        None => members.len() == 2,
    }
}

/// The seconds of years that a timestamp can be of.
const SECONDS: std::ops::Range<u64> = 946_684_800..4_102_444_800;

/// Whether an object is a timestamp in the form of the database, `t` and `i`.
fn is_raw(members: &Map<String, Value>) -> bool {
    let number = |name| members.get(name).and_then(Value::as_u64);
    members.len() == 2
        && number("t").is_some_and(|seconds| SECONDS.contains(&seconds))
        && number("i").is_some_and(|increment| u32::try_from(increment).is_ok())
}

/// Whether a value is a BSON timestamp, right or wrong.
pub fn is_timestamp(value: &Value) -> bool {
    timestamp(value).is_some()
}

/// Whether a part is the `date` of something with an `increment`; it is judged as part of the timestamp.
pub(super) fn is_inside_one(part: &Part<'_, '_>) -> bool {
    part.beside("increment") && part.name() == Some("date")
}

/// Why an object that must be a timestamp is no object of `date` and `increment` alone.
pub(super) fn wrong_shape(value: &Value) -> Option<String> {
    if let Some(members) = timestamp(value) {
        let more: Vec<&str> =
            members.keys().map(String::as_str).filter(|name| !["date", "increment"].contains(name)).collect();
        return (!more.is_empty())
            .then(|| format!("is a timestamp with further members: {}", show::cut(&more.join(", "), 80)));
    }
    let members = value.as_object()?;
    if members.contains_key("$timestamp") {
        return Some("is a timestamp written as `$timestamp`, not as `date` and `increment`".to_owned());
    }
    is_raw(members).then(|| "is a timestamp written as `t` and `i`, not as `date` and `increment`".to_owned())
}

/// Whether a part is this member of a timestamp.
fn is_member(part: &Part<'_, '_>, name: &str) -> bool {
    part.name() == Some(name) && part.around.is_some_and(are_of_one)
}

/// Why a part, which is the date of a timestamp, is not ISO 8601 in UTC to the second.
pub(super) fn wrong_date(part: &Part<'_, '_>) -> Option<String> {
    if !is_member(part, "date") {
        return None;
    }
    let shown = show::value(part.value);
    let Some(Ok(read)) = part.value.as_str().map(dates::parse) else {
        return Some(format!("is {shown}, which is no date of ISO 8601"));
    };
    match (read.zone, read.grain) {
        (Zone::Utc, Grain::Second) => None,
        (Zone::Utc, _) => Some(format!("is {shown}, which is not to the second")),
        _ => Some(format!("is {shown}, which is not designated UTC")),
    }
}

/// Why a part, which is the increment of a timestamp, is no integer of 32 bits, with or without a sign.
pub(super) fn wrong_increment(part: &Part<'_, '_>) -> Option<String> {
    if !is_member(part, "increment") {
        return None;
    }
    let range = f64::from(i32::MIN)..=f64::from(u32::MAX);
    let fits = part.value.as_f64().is_some_and(|number| number.fract() == 0.0 && range.contains(&number));
    (!fits).then(|| format!("is {}, which is no integer of 32 bits", show::value(part.value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::place::Step;
    use serde_json::json;

    /// What is said of a member.
    fn of(value: &Value, name: &'static str, say: fn(&Part<'_, '_>) -> Option<String>) -> Option<String> {
        let around = value.as_object()?;
        say(&Part { way: &[Step::Name(name.into())], value: around.get(name)?, around: Some(around) })
    }

    #[test]
    fn a_timestamp_holds_date_and_increment_alone() {
        assert_eq!(wrong_shape(&json!({"date": "2016-01-01T00:00:00Z", "increment": 1})), None);
        assert_eq!(
            wrong_shape(&json!({"date": "2016-01-01T00:00:00Z", "increment": 1, "ordinal": 2})).as_deref(),
            Some("is a timestamp with further members: ordinal")
        );
        assert!(wrong_shape(&json!({"$timestamp": {"t": 1, "i": 1}})).is_some());
        assert_eq!(
            wrong_shape(&json!({"t": 1_454_234_400, "i": 3})).as_deref(),
            Some("is a timestamp written as `t` and `i`, not as `date` and `increment`")
        );
    }

    #[test]
    fn what_only_resembles_a_timestamp_is_left_alone() {
        for value in [
            json!({"date": "2016-01-01", "value": 3}),
            json!({"increment": 3}),
            json!({"from": 1, "increment": 5}),
            json!({"id": "x", "date": "d", "increment": 1}),
            json!({"time": 1, "increment": 1}),
            json!({"t": 1, "i": 1}),
            json!({"t": 1_454_234_400, "i": 1, "x": 2}),
            json!({"t": 1_454_234_400, "i": 1.5}),
            json!({"t": "1454234400", "i": 1}),
            json!({"date": "2016-01-01", "increment": 2.5}),
            json!({"date": "2016-01-01", "increment": 2, "price": 3}),
            json!({"date": "2016-01-01T00:00:00Z", "increment": 2.5, "price": 3}),
            json!([1]),
        ] {
            assert_eq!(
                (wrong_shape(&value), of(&value, "date", wrong_date), of(&value, "increment", wrong_increment)),
                (None, None, None),
                "{value}"
            );
        }
    }

    #[test]
    fn its_date_is_utc_to_the_second() {
        let why = |date: Value| of(&json!({"date": date, "increment": 1}), "date", wrong_date);
        assert_eq!(why(json!("2016-01-01T00:00:00Z")), None);
        assert_eq!(why(json!("20160101T000000+0000")), None);
        assert_eq!(
            why(json!("2016-01-01T00:00:00.000Z")).as_deref(),
            Some("is \"2016-01-01T00:00:00.000Z\", which is not to the second")
        );
        assert!(why(json!("2016-01-01T00:00Z")).unwrap().ends_with("not to the second"));
        assert!(why(json!("2016-01-01T00:00:00+01:00")).unwrap().ends_with("not designated UTC"));
        assert_eq!(why(json!(1_451_606_400)).as_deref(), Some("is 1451606400, which is no date of ISO 8601"));
    }

    #[test]
    fn its_increment_is_an_integer_of_32_bits() {
        let why = |increment: Value| {
            of(&json!({"date": "2016-01-01T00:00:00Z", "increment": increment}), "increment", wrong_increment)
        };
        for fine in [json!(0), json!(-1), json!(i32::MAX), json!(u32::MAX), json!(3.0)] {
            assert_eq!(why(fine), None);
        }
        for wrong in [json!("1"), json!(1.5), json!(1_u64 << 32), json!(null)] {
            assert!(why(wrong.clone()).unwrap().ends_with("which is no integer of 32 bits"), "{wrong}");
        }
    }
}
