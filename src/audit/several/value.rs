//! Values as digests: equal ones have equal digests, whatever the order of their members and items.
//!
//! What presentation may change is left out: the queries of links, which may carry its parameters on.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use serde_json::{Number, Value};

/// The most members of a body that are told apart; the rest is not looked at.
const MEMBERS: usize = 64;

/// Whole numbers up to here are the same as fractions.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The digest of anything.
pub(super) fn digest(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// The members of a body, each as a digest; none if it is no object or too large.
pub(super) fn members(body: &Value) -> Option<Vec<(Box<str>, u64)>> {
    let members = body.as_object().filter(|members| members.len() <= MEMBERS)?;
    let mut all: Vec<_> = members.iter().map(|(name, value)| (name.as_str().into(), value_of(name, value))).collect();
    all.sort_unstable();
    Some(all)
}

fn value_of(name: &str, value: &Value) -> u64 {
    match value {
        Value::Null => 1,
        Value::Bool(truth) => 2 + u64::from(*truth),
        Value::Number(number) => number_of(number),
        Value::String(text) if name == "href" => digest(text.split('?').next()),
        Value::String(text) => digest(text),
        Value::Array(items) => {
            let sum = items.iter().fold(0, |sum: u64, item| sum.wrapping_add(value_of(name, item)));
            digest((5, items.len(), sum))
        }
        Value::Object(members) => {
            let pair = |(name, value): (&String, &Value)| digest((name, value_of(name, value)));
            digest((6, members.iter().fold(0, |sum: u64, member| sum.wrapping_add(pair(member)))))
        }
    }
}

fn number_of(number: &Number) -> u64 {
    match number.as_f64().filter(|number| number.abs() < EXACT) {
        // Both zeros are equal.
        Some(number) => digest((7, (number + 0.0).to_bits())),
        None => digest((8, number.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn order_and_the_queries_of_links_are_aside() {
        let one = json!({"a": [1, {"b": 2, "c": null}], "links": [{"rel": "self", "href": "/x?pretty=true"}]});
        let same = json!({"links": [{"href": "/x", "rel": "self"}], "a": [{"c": null, "b": 2.0}, 1]});
        assert_eq!(members(&one), members(&same));
        for other in [
            json!({"a": [1, {"b": 2}], "links": one["links"]}),
            json!({"a": [1, {"b": "2", "c": null}], "links": one["links"]}),
            json!({"a": [1, {"b": 2.5, "c": null}], "links": one["links"]}),
            json!({"a": one["a"], "links": [{"rel": "self", "href": "/y"}]}),
        ] {
            assert_ne!(members(&one), members(&other), "{other}");
        }
        assert_eq!(members(&json!([1])), None);
    }
}
