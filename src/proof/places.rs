//! The places of a JSON body: every member and item once for each pattern of path.

use std::collections::BTreeSet;

use serde_json::Value;

/// A step from a value to one inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Member(String),
    Item(usize),
}

/// A place of a body.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The way to its first occurrence.
    pub(super) path: Vec<Step>,
    /// The pattern of the path: `$.results[*].id`, `$.links[self].href`.
    pub(super) pattern: String,
}

/// All places of a value, the root first.
pub(super) fn places(value: &Value) -> Vec<Place> {
    let mut found = Places { seen: BTreeSet::new(), all: Vec::new() };
    found.visit(value, &mut Vec::new(), "$");
    found.all
}

struct Places {
    seen: BTreeSet<String>,
    all: Vec<Place>,
}

impl Places {
    fn visit(&mut self, value: &Value, path: &mut Vec<Step>, pattern: &str) {
        if self.seen.insert(pattern.to_owned()) {
            self.all.push(Place { path: path.clone(), pattern: pattern.to_owned() });
        }
        match value {
            Value::Object(members) => {
                for (name, inner) in members {
                    path.push(Step::Member(name.clone()));
                    self.visit(inner, path, &format!("{pattern}.{name}"));
                    path.pop();
                }
            }
            Value::Array(items) => {
                for (at, inner) in items.iter().enumerate() {
                    path.push(Step::Item(at));
                    // What a link is about is its relation.
                    let rel = inner.get("rel").and_then(Value::as_str).unwrap_or("*");
                    self.visit(inner, path, &format!("{pattern}[{rel}]"));
                    path.pop();
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// The value at the end of a path.
pub(super) fn at<'v>(value: &'v Value, path: &[Step]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, step| match step {
        Step::Member(name) => value.get(name),
        Step::Item(at) => value.get(at),
    })
}

/// The value at the end of a path, to be altered.
pub(super) fn at_mut<'v>(value: &'v mut Value, path: &[Step]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, step| match step {
        Step::Member(name) => value.get_mut(name),
        Step::Item(at) => value.get_mut(at),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pattern_is_a_place_once_and_a_link_is_known_by_its_relation() {
        let body = json!({
            "results": [{"id": 1}, {"id": 2, "on": true}],
            "links": [{"rel": "self", "href": "x"}, {"rel": "next", "href": "y"}],
        });
        let found = places(&body);
        let patterns: Vec<&str> = found.iter().map(|it| it.pattern.as_str()).collect();
        assert_eq!(
            patterns,
            [
                "$",
                "$.results",
                "$.results[*]",
                "$.results[*].id",
                "$.results[*].on",
                "$.links",
                "$.links[self]",
                "$.links[self].rel",
                "$.links[self].href",
                "$.links[next]",
                "$.links[next].rel",
                "$.links[next].href",
            ]
        );
        assert_eq!(at(&body, &found[4].path), Some(&json!(true)));
    }
}
