//! Where a value differs from others. Only what is alike in all of those is compared.

use serde_json::Value;

use super::meaning::Meaning;
use super::place::{Step, from_root, path_steps};
use super::show;
use crate::verdict::PathStep;

/// The most places that are listed.
const PLACES: usize = 5;

/// How responses to different requests are compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comparison<'a> {
    /// When two values are the same.
    pub(super) meaning: Meaning<'a>,
    /// Names of members that are not compared.
    pub(super) except: &'a [String],
}

/// What a comparison found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Differences {
    /// The first places that differ: JSONPath, expected, actual.
    pub(super) places: Vec<(String, String, String)>,
    /// The way to the first of them.
    pub(super) first: Vec<PathStep>,
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

    /// The differing places after the first one, as a remark behind a sentence about that.
    pub(super) fn others(&self) -> String {
        let names = self.places.iter().skip(1).map(|(place, ..)| place.strip_prefix("$.").unwrap_or(place).to_owned());
        let more = self.count.saturating_sub(self.places.len());
        let names: Vec<String> = names.chain((more > 0).then(|| format!("{more} more"))).collect();
        if names.is_empty() { String::new() } else { format!(" (also different: {})", names.join(", ")) }
    }

    /// The differing places of a value at this path as one sentence, or `None` if there are none.
    pub(super) fn sentence(&self, root: &str) -> Option<String> {
        let shown: Vec<String> = self
            .places
            .iter()
            .map(|(place, expected, actual)| {
                let place = place.strip_prefix('$').unwrap_or(place);
                format!("{root}{place} is {actual}, expected {expected}")
            })
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
            let of = |length: usize| format!("an array of length {length}");
            self.differs(of(length), of(actual.len()));
            return;
        }
        let meaning = self.comparison.meaning;
        let name = self.name().map(str::to_owned);
        let ordered = |items: &'a [Value]| meaning.ordered(name.as_deref(), items);
        let baselines: Vec<Vec<&Value>> = baselines.iter().map(|items| ordered(items)).collect();
        for (at, actual) in ordered(actual).into_iter().enumerate() {
            let values: Vec<&Value> = baselines.iter().map(|items| items[at]).collect();
            self.way.push(Step::Index(at));
            self.any(&values, actual);
            self.way.pop();
        }
    }

    fn whole(&mut self, baselines: &[&Value], actual: &Value) {
        if baselines.iter().any(|value| !self.alike(baselines[0], value)) {
            self.found.moved += 1;
            return;
        }
        self.found.compared += 1;
        if !self.alike(baselines[0], actual) {
            let (expected, came) = show::pair(baselines[0], actual);
            self.differs(expected.to_string(), came.to_string());
        }
    }

    fn alike(&self, left: &Value, right: &Value) -> bool {
        self.comparison.meaning.alike(self.name(), left, right)
    }

    /// The name of the member that is looked at, or of the one in whose array it stands.
    fn name(&self) -> Option<&str> {
        self.way.iter().rev().find_map(|step| match step {
            Step::Name(name) => Some(name.as_ref()),
            Step::Index(_) | Step::Path(..) => None,
        })
    }

    fn is_excepted(&self, name: &str) -> bool {
        self.comparison.except.iter().any(|except| except == name)
    }

    fn differs(&mut self, expected: String, actual: String) {
        if self.found.count == 0 {
            self.found.first = path_steps(&self.way);
        }
        self.found.count += 1;
        if self.found.places.len() < PLACES {
            self.found.places.push((from_root(&self.way), expected, actual));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::arbitrary::any_json;
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;
    use url::Url;

    fn compared(baselines: &[Value], actual: &Value, except: &[&str]) -> Differences {
        let base = Url::parse("https://h/api").unwrap();
        let except: Vec<String> = except.iter().map(|name| (*name).to_owned()).collect();
        let meaning = Meaning { base: &base, page_size: 100 };
        compare(&baselines.iter().collect::<Vec<_>>(), actual, &Comparison { meaning, except: &except })
    }

    #[expect(clippy::needless_pass_by_value, reason = "reads better where it is called")]
    fn sentence(baseline: Value, actual: Value) -> Option<String> {
        compared(&[baseline], &actual, &[]).sentence("$")
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
        assert_eq!(
            sentence(json!([1]), json!([1, 2])).as_deref(),
            Some("$ is an array of length 2, expected an array of length 1")
        );
        assert_eq!(sentence(json!({"a": {}}), json!({"a": []})).as_deref(), Some("$.a is [], expected {}"));
    }

    #[test]
    fn a_spelling_is_neither_a_difference_nor_a_movement() {
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let spellings = [
            r#"{"created": "2026-11-29T06:26:07Z", "size": 5, "tags": ["b", "a"], "seen": ["2026-11-29T06:26:07Z"]}"#,
            r#"{"size": 5.0, "created": "2026-11-29T06:26:07.000+00:00", "tags": ["b", "a"], "seen": ["20261129T062607Z"]}"#,
            r#"{"tags": ["b", "a"], "size": 50e-1, "seen": ["2026-11-29T07:26:07+01:00"], "created": "20261129T062607.0Z"}"#,
        ];
        let [first, second, third] = spellings.map(read);
        let found = compared(&[first.clone(), second], &third, &[]);
        assert_eq!((found.sentence("$"), found.moved, found.compared), (None, 0, 5));
        let other =
            json!({"created": "2026-11-29T06:26:08Z", "size": 5, "tags": ["a", "b"], "seen": ["2026-11-29T06:26:07Z"]});
        assert_eq!(compared(&[first], &other, &[]).count, 3);
    }

    #[test]
    fn only_what_stood_still_is_compared() {
        let found =
            compared(&[json!({"t": 1, "a": 1, "x": 0}), json!({"t": 2, "a": 1})], &json!({"t": 3, "a": 1}), &[]);
        assert_eq!((found.sentence("$"), found.compared), (None, 1));
        let found = compared(&[json!({"t": 1, "a": 1}), json!({"t": 2, "a": 1})], &json!({"t": 3, "a": 2}), &[]);
        assert_eq!(found.sentence("$").as_deref(), Some("$.a is 2, expected 1"));
        let found = compared(&[json!({"r": [1]}), json!({"r": [1, 2]})], &json!({"r": []}), &[]);
        assert_eq!((found.count, found.unsettled_size.as_deref()), (0, Some("$.r")));
        assert!(found.is_about_nothing());
        assert!(!compared(&[json!({}), json!({})], &json!({}), &[]).is_about_nothing());
    }

    #[test]
    fn excepted_members_are_left_out_at_any_depth() {
        let found = compared(&[json!({"a": [{"at": 1, "b": 1}]})], &json!({"a": [{"b": 1}], "at": 3}), &["at"]);
        assert_eq!(found.sentence("$"), None);
    }

    proptest! {
        #[test]
        fn every_value_is_the_same_as_itself(value in any_json()) {
            prop_assert_eq!(compared(&[value.clone(), value.clone()], &value, &[]).count, 0);
        }
    }
}
