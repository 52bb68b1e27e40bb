//! When two JSON values are the same: numbers by value, members in any order; and, for answers to different
//! requests, links wherever they lead to the same place.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::{Number, Value};
use url::Url;

use super::address;
use super::place::{Step, from_root};
use super::show;

/// The most places that are listed.
const PLACES: usize = 5;

/// Whether two values are equal; numbers by value.
pub(super) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => same_number(left, right),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| equal(left, right)))
        }
        _ => left == right,
    }
}

fn same_number(left: &Number, right: &Number) -> bool {
    match (left.as_i128(), right.as_i128()) {
        (Some(left), Some(right)) => left == right,
        _ => left.as_f64() == right.as_f64(),
    }
}

/// A text that is the same for equal values and for no others.
pub(super) fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write_canonical(value, &mut out);
    out
}

fn write_canonical(value: &Value, out: &mut String) {
    match value {
        Value::Number(number) => match (number.as_i128(), number.as_f64()) {
            // The sum makes the negative zero a zero.
            (None, Some(float)) if float.fract() == 0.0 => drop(write!(out, "{:.0}", float + 0.0)),
            _ => out.push_str(&number.to_string()),
        },
        Value::Array(items) => {
            out.push('[');
            for item in items {
                write_canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort();
            out.push('{');
            for name in names {
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                write_canonical(&members[name], out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Null | Value::Bool(_) | Value::String(_) => out.push_str(&value.to_string()),
    }
}

/// The indexes of the first two equal elements.
pub(super) fn first_repeated(items: &[Value]) -> Option<(usize, usize)> {
    let mut seen = HashMap::new();
    items.iter().enumerate().find_map(|(at, item)| seen.insert(canonical(item), at).map(|first| (first, at)))
}

/// How answers to different requests are compared.
#[derive(Clone, Debug)]
pub(super) struct Comparison<'a> {
    /// What links are resolved against.
    pub(super) base: &'a Url,
    /// Names of members that are not compared.
    pub(super) except: &'a [String],
}

/// What a comparison found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Differences {
    /// The first places that differ: JSONPath, expected, actual.
    pub(super) places: Vec<(String, String, String)>,
    /// How many places differ.
    pub(super) count: usize,
    /// JSONPath of an array whose size is not the same in all baselines.
    pub(super) unsettled_size: Option<String>,
    /// How many single values stood still and were compared.
    pub(super) compared: usize,
    /// How many places are not alike in all baselines.
    pub(super) moved: usize,
}

impl Differences {
    /// Whether the baselines have nothing in common, so that nothing was compared.
    pub(super) fn is_about_nothing(&self) -> bool {
        self.compared == 0 && self.count == 0 && self.moved > 0
    }

    /// The differing places as one sentence, or `None` if there are none.
    pub(super) fn sentence(&self) -> Option<String> {
        let shown: Vec<String> = self
            .places
            .iter()
            .map(|(place, expected, actual)| format!("{place} is {actual}, expected {expected}"))
            .collect();
        let more = self.count - self.places.len();
        match (shown.is_empty(), more) {
            (true, _) => None,
            (false, 0) => Some(shown.join("; ")),
            (false, _) => Some(format!("{}; and {more} more", shown.join("; "))),
        }
    }
}

/// Compares a value with baselines: only what is alike in all of them is compared.
pub(super) fn compare(baselines: &[&Value], actual: &Value, comparison: &Comparison<'_>) -> Differences {
    let mut walk = Walk { comparison, way: Vec::new(), found: Differences::default() };
    if !baselines.is_empty() {
        walk.any(baselines, actual);
    }
    walk.found
}

struct Walk<'a, 'c> {
    comparison: &'c Comparison<'c>,
    way: Vec<Step<'a>>,
    found: Differences,
}

impl<'a> Walk<'a, '_> {
    fn any(&mut self, baselines: &[&'a Value], actual: &'a Value) {
        let objects: Vec<_> = baselines.iter().filter_map(|value| value.as_object()).collect();
        let arrays: Vec<&'a [Value]> =
            baselines.iter().filter_map(|value| value.as_array().map(Vec::as_slice)).collect();
        match actual {
            Value::Object(actual) if objects.len() == baselines.len() => self.objects(&objects, actual),
            Value::Array(actual) if arrays.len() == baselines.len() => self.arrays(&arrays, actual),
            _ => self.whole(baselines, actual),
        }
    }

    fn objects(
        &mut self,
        baselines: &[&'a serde_json::Map<String, Value>],
        actual: &'a serde_json::Map<String, Value>,
    ) {
        for (name, first) in baselines[0] {
            let values: Vec<&Value> = baselines.iter().filter_map(|members| members.get(name)).collect();
            if self.is_excepted(name) {
                continue;
            }
            if values.len() < baselines.len() {
                self.found.moved += 1;
                continue;
            }
            self.way.push(Step::Name(name.into()));
            match actual.get(name) {
                Some(actual) => self.any(&values, actual),
                None => self.differs(show::value(first), "missing".to_owned()),
            }
            self.way.pop();
        }
        for (name, value) in actual {
            if !self.is_excepted(name) && baselines.iter().all(|members| !members.contains_key(name)) {
                self.way.push(Step::Name(name.into()));
                self.differs("nothing".to_owned(), show::value(value));
                self.way.pop();
            }
        }
    }

    fn arrays(&mut self, baselines: &[&'a [Value]], actual: &'a [Value]) {
        let length = baselines[0].len();
        if baselines.iter().any(|items| items.len() != length) {
            self.found.moved += 1;
            self.found.unsettled_size.get_or_insert_with(|| from_root(&self.way));
            return;
        }
        if actual.len() != length {
            self.differs(format!("{length} elements"), format!("{} elements", actual.len()));
            return;
        }
        let baselines: Vec<Vec<&Value>> = baselines.iter().map(|items| self.ordered(items)).collect();
        for (at, actual) in self.ordered(actual).into_iter().enumerate() {
            let values: Vec<&Value> = baselines.iter().map(|items| items[at]).collect();
            self.way.push(Step::Index(at));
            self.any(&values, actual);
            self.way.pop();
        }
    }

    /// The elements in the order in which they are compared. The links of an entity are a set: no order is promised.
    fn ordered(&self, items: &'a [Value]) -> Vec<&'a Value> {
        let mut items: Vec<&Value> = items.iter().collect();
        if self.name() == Some("links") {
            items.sort_by_cached_key(|link| {
                let href = link["href"].as_str().map(|href| self.place_of(href));
                (link["rel"].as_str().map(str::to_owned), href)
            });
        }
        items
    }

    fn whole(&mut self, baselines: &[&Value], actual: &Value) {
        if baselines.iter().any(|value| !self.alike(baselines[0], value)) {
            self.found.moved += 1;
            return;
        }
        self.found.compared += 1;
        if !self.alike(baselines[0], actual) {
            let (expected, came) = show::pair(baselines[0], actual);
            self.differs(expected, came);
        }
    }

    fn alike(&self, left: &Value, right: &Value) -> bool {
        match (self.name(), left, right) {
            (Some("href"), Value::String(left), Value::String(right)) => self.place_of(left) == self.place_of(right),
            _ => equal(left, right),
        }
    }

    /// Where a link leads; one that cannot be resolved is taken as it is.
    fn place_of(&self, href: &str) -> String {
        self.comparison.base.join(href).map_or_else(|_| href.to_owned(), |url| address::identity(&url))
    }

    fn name(&self) -> Option<&str> {
        match self.way.last() {
            Some(Step::Name(name)) => Some(name),
            _ => None,
        }
    }

    fn is_excepted(&self, name: &str) -> bool {
        self.comparison.except.iter().any(|except| except == name)
    }

    fn differs(&mut self, expected: String, actual: String) {
        self.found.count += 1;
        if self.found.places.len() < PLACES {
            self.found.places.push((from_root(&self.way), expected, actual));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn compared(baselines: &[Value], actual: &Value, except: &[&str]) -> Differences {
        let base = Url::parse("https://h/api").unwrap();
        let except: Vec<String> = except.iter().map(|name| (*name).to_owned()).collect();
        compare(&baselines.iter().collect::<Vec<_>>(), actual, &Comparison { base: &base, except: &except })
    }

    #[expect(clippy::needless_pass_by_value, reason = "reads better where it is called")]
    fn sentence(baseline: Value, actual: Value) -> Option<String> {
        compared(&[baseline], &actual, &[]).sentence()
    }

    #[test]
    fn numbers_are_equal_by_value() {
        assert!(equal(&json!([1, {"a": 2}]), &json!([1.0, {"a": 2.0}])));
        assert!(!equal(&json!(9_007_199_254_740_993_u64), &json!(9_007_199_254_740_992_u64)));
        assert!(!equal(&json!(1), &json!("1")));
        assert_eq!(canonical(&json!({"b": 1.0, "a": [1]})), canonical(&json!({"a": [1.0], "b": 1})));
    }

    #[test]
    fn repeated_elements_are_found() {
        assert_eq!(first_repeated(&[json!({"a": 1, "b": 2}), json!(1), json!({"b": 2.0, "a": 1})]), Some((0, 2)));
        assert_eq!(first_repeated(&[json!("1"), json!(1), json!(null), json!("null")]), None);
    }

    #[test]
    fn order_of_members_and_presentation_in_links_are_aside() {
        let left =
            json!({"a": 1, "links": [{"rel": "self", "href": "https://h/api/x?b=1&a=2"}, {"rel": "up", "href": "/"}]});
        let right = json!({"links": [{"href": "/", "rel": "up"}, {"href": "/api/x?a=2&envelope=true&b=1", "rel": "self"}], "a": 1.0});
        assert_eq!(sentence(left, right), None);
        assert_eq!(
            sentence(json!({"href": "/x"}), json!({"href": "/y"})).as_deref(),
            Some(r#"$.href is "/y", expected "/x""#)
        );
    }

    #[test]
    fn differing_places_are_listed_with_both_values() {
        assert_eq!(
            sentence(json!({"a": [1, 2], "b": 1}), json!({"a": [2, 1], "c": null})).as_deref(),
            Some(
                "$.a[0] is 2, expected 1; $.a[1] is 1, expected 2; $.b is missing, expected 1; $.c is null, expected nothing"
            )
        );
        assert_eq!(
            sentence(json!([1, 2, 3, 4, 5, 6, 7]), json!([0, 0, 0, 0, 0, 0, 0])).unwrap().rsplit("; ").next(),
            Some("and 2 more")
        );
        assert_eq!(sentence(json!([1]), json!([1, 2])).as_deref(), Some("$ is 2 elements, expected 1 elements"));
        assert_eq!(sentence(json!({"a": {}}), json!({"a": []})).as_deref(), Some("$.a is [], expected {}"));
    }

    #[test]
    fn only_what_stood_still_is_compared() {
        let found =
            compared(&[json!({"t": 1, "a": 1, "x": 0}), json!({"t": 2, "a": 1})], &json!({"t": 3, "a": 1}), &[]);
        assert_eq!((found.sentence(), found.compared), (None, 1));
        let found = compared(&[json!({"t": 1, "a": 1}), json!({"t": 2, "a": 1})], &json!({"t": 3, "a": 2}), &[]);
        assert_eq!(found.sentence().as_deref(), Some("$.a is 2, expected 1"));
        let found = compared(&[json!({"r": [1]}), json!({"r": [1, 2]})], &json!({"r": []}), &[]);
        assert_eq!((found.count, found.unsettled_size.as_deref()), (0, Some("$.r")));
        assert!(found.is_about_nothing());
        assert!(!compared(&[json!({}), json!({})], &json!({}), &[]).is_about_nothing());
    }

    #[test]
    fn excepted_members_are_left_out_at_any_depth() {
        let found = compared(&[json!({"a": [{"at": 1, "b": 1}]})], &json!({"a": [{"b": 1}], "at": 3}), &["at"]);
        assert_eq!(found.sentence(), None);
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(json!(null)),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[a-z/?&=]{0,6}".prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::hash_map("href|links|rel|[a-c]", inner, 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_value_is_the_same_as_itself(value in any_json()) {
            prop_assert!(equal(&value, &value));
            prop_assert_eq!(compared(&[value.clone(), value.clone()], &value, &[]).count, 0);
        }

        #[test]
        fn equal_values_and_no_others_have_one_canonical_text(left in any_json(), right in any_json()) {
            prop_assert_eq!(equal(&left, &right), canonical(&left) == canonical(&right));
        }
    }
}
