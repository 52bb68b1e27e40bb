//! Values as digests: equal ones have equal digests, whatever the order of their members and items.
//!
//! What presentation may change is left out: the queries of links, which may carry its parameters on.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use serde_json::Value;
use url::Url;

use crate::check::Meaning;

/// The most members of a body that are told apart; the rest is not looked at.
const MEMBERS: usize = 64;

/// The members of an object, each as a digest, by name.
pub(super) type Members = Vec<(Box<str>, u64)>;

/// The digest of anything.
pub(super) fn digest(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// The members of a body, each as a digest; none if it is no object or too large.
pub(super) fn members(body: &Value, document: &Url) -> Option<Members> {
    let members = body.as_object().filter(|members| members.len() <= MEMBERS)?;
    // No default size: what links say of pages is left out.
    let meaning = Meaning { base: document, page_size: 0 };
    let mut all: Vec<_> =
        members.iter().map(|(name, value)| (name.as_str().into(), value_of(meaning, name, value))).collect();
    all.sort_unstable();
    Some(all)
}

fn value_of(meaning: Meaning<'_>, name: &str, value: &Value) -> u64 {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => digest((1, meaning.canonical(value))),
        Value::String(text) if name == "href" => digest((2, meaning.place_of(text).split('?').next())),
        Value::String(text) => digest((3, meaning.told_by_all(name, text))),
        Value::Array(items) => {
            let sum = items.iter().fold(0, |sum: u64, item| sum.wrapping_add(value_of(meaning, name, item)));
            digest((5, items.len(), sum))
        }
        Value::Object(members) => {
            let pair = |(name, value): (&String, &Value)| digest((name, value_of(meaning, name, value)));
            digest((6, members.iter().fold(0, |sum: u64, member| sum.wrapping_add(pair(member)))))
        }
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
        let document = Url::parse("https://h/y/z").unwrap();
        let members = |body: &Value| members(body, &document);
        assert_eq!(members(&one), members(&same));
        let dated = json!({"created": "2026-11-29T06:26:07Z", "links": [{"rel": "self", "href": "/y/a"}]});
        let so = json!({"created": "2026-11-29T06:26:07.250+00:00", "links": [{"rel": "SELF", "href": "HTTPS://H:443/y/%61"}]});
        assert_eq!(members(&dated), members(&so));
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
