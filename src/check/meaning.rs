//! When two values of a target mean the same, however they are written. Whatever compares two responses asks here:
//! a server may write the same value differently in every response.
//!
//! Numbers are compared by value, dates as instants, links and other URLs after normalization, names of relations
//! without case, objects and links without order, arrays in order. Any other text is compared as it is.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::Value;
use url::Url;

use super::dated::holds_any_text;
use super::{address, dates, number};

/// The member whose array is a set of links: no order is promised.
const LINKS: &str = "links";
/// The member that says where a link leads.
const HREF: &str = "href";
/// The member that names the relation of a link.
const REL: &str = "rel";

/// How values are compared.
#[derive(Clone, Copy, Debug)]
pub struct Meaning<'a> {
    /// What links are resolved against.
    pub base: &'a Url,
    /// How many items a page has where a URL names no size.
    pub page_size: u64,
}

impl Meaning<'_> {
    /// Whether two values are the same.
    pub fn equal(&self, left: &Value, right: &Value) -> bool {
        self.alike(None, left, right)
    }

    /// Whether two values of the member of this name are the same. The elements of an array are of its member.
    pub(super) fn alike(&self, name: Option<&str>, left: &Value, right: &Value) -> bool {
        match (left, right) {
            (Value::Number(left), Value::Number(right)) => number::same(left, right),
            (Value::String(left), Value::String(right)) => left == right || self.same_text(name, left, right),
            (Value::Array(left), Value::Array(right)) => {
                let pairs = || self.ordered(name, left).into_iter().zip(self.ordered(name, right));
                left.len() == right.len() && pairs().all(|(left, right)| self.alike(name, left, right))
            }
            (Value::Object(left), Value::Object(right)) => {
                let same = |(name, left): (&String, &Value)| {
                    right.get(name).is_some_and(|right| self.alike(Some(name), left, right))
                };
                left.len() == right.len() && left.iter().all(same)
            }
            _ => left == right,
        }
    }

    /// The elements of an array in the order in which they are compared.
    pub(super) fn ordered<'v>(&self, name: Option<&str>, items: &'v [Value]) -> Vec<&'v Value> {
        let mut items: Vec<&Value> = items.iter().collect();
        if name == Some(LINKS) {
            items.sort_by_cached_key(|link| {
                let text = |name: &str| link[name].as_str().map(|text| self.text(Some(name), text).into_owned());
                (text(REL), text(HREF))
            });
        }
        items
    }

    fn same_text(&self, name: Option<&str>, left: &str, right: &str) -> bool {
        match name {
            Some(HREF) => self.place_of(left) == self.place_of(right),
            Some(REL) => left.eq_ignore_ascii_case(right),
            _ if holds_plain_text(name) => false,
            _ => dates::same_instant(left, right) || is_same_url(left, right),
        }
    }

    /// A text that is the same for texts that mean the same, as far as one of them alone can tell: of dates that are
    /// written with more and with fewer digits it is not.
    fn text<'t>(&self, name: Option<&str>, text: &'t str) -> Cow<'t, str> {
        match name {
            Some(HREF) => self.place_of(text).into(),
            Some(REL) => text.to_ascii_lowercase().into(),
            _ if holds_plain_text(name) => text.into(),
            _ => match (dates::instant(text), web_url(text)) {
                (Some(instant), _) => instant.to_rfc3339().into(),
                (None, Some(url)) => address::normal(&url).into(),
                (None, None) => text.into(),
            },
        }
    }

    /// A text that is the same for texts that mean the same in every response: dates are told to the second.
    pub fn told_by_all(&self, name: &str, text: &str) -> String {
        let instant = if holds_plain_text(Some(name)) { None } else { dates::instant(text) };
        instant.map_or_else(|| self.text(Some(name), text).into_owned(), |instant| instant.timestamp().to_string())
    }

    /// Where a link leads; one that cannot be resolved is taken as it is.
    pub fn place_of(&self, href: &str) -> String {
        let url = self.base.join(href);
        url.map_or_else(|_| href.to_owned(), |url| address::identity(&url, self.page_size))
    }

    /// A text that is the same for equal values and for no others; of dates it is exact.
    pub fn canonical(&self, value: &Value) -> String {
        let mut out = String::new();
        self.write(None, value, &mut out);
        out
    }

    fn write(&self, name: Option<&str>, value: &Value, out: &mut String) {
        match value {
            Value::Number(number) => out.push_str(&number::Decimal::of(number).text()),
            Value::String(text) => drop(write!(out, "{}", Value::from(self.text(name, text)))),
            Value::Array(items) => {
                out.push('[');
                for item in self.ordered(name, items) {
                    self.write(name, item, out);
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
                    self.write(Some(name), &members[name], out);
                    out.push(',');
                }
                out.push('}');
            }
            Value::Null | Value::Bool(_) => out.push_str(&value.to_string()),
        }
    }

    /// The indexes of the first two equal elements.
    pub(super) fn first_repeated(&self, items: &[Value]) -> Option<(usize, usize)> {
        let mut seen = HashMap::new();
        items.iter().enumerate().find_map(|(at, item)| seen.insert(self.canonical(item), at).map(|first| (first, at)))
    }
}

/// Whether a member of this name holds text that is neither a date nor a URL, whatever it looks like.
fn holds_plain_text(name: Option<&str>) -> bool {
    name.is_some_and(|name| holds_any_text(name) && !name.eq_ignore_ascii_case("url"))
}

fn is_same_url(left: &str, right: &str) -> bool {
    let normal = |text: &str| web_url(text).map(|url| address::normal(&url));
    normal(left).is_some_and(|left| normal(right) == Some(left))
}

/// The absolute URL of the web that a text is, if it is one.
fn web_url(text: &str) -> Option<Url> {
    let is_web = text.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"));
    let url = Url::parse(text).ok().filter(|_| is_web)?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

#[cfg(test)]
mod tests {
    use super::super::arbitrary::any_json;
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn with<T>(look: impl FnOnce(&Meaning<'_>) -> T) -> T {
        let base = Url::parse("https://h/api").unwrap();
        look(&Meaning { base: &base, page_size: 100 })
    }

    #[expect(clippy::needless_pass_by_value, reason = "reads better where it is called")]
    fn equal(left: Value, right: Value) -> bool {
        with(|meaning| meaning.equal(&left, &right))
    }

    fn read(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn numbers_are_equal_by_value() {
        assert!(equal(json!([1, {"a": 2}]), json!([1.0, {"a": 2.0}])));
        assert!(equal(read("[1e2, 0.50, 12345678901234567890123]"), read("[100, 5e-1, 12345678901234567890123.0]")));
        assert!(!equal(read("12345678901234567890123"), read("12345678901234567890124")));
        assert!(!equal(json!(9_007_199_254_740_993_u64), json!(9_007_199_254_740_992_u64)));
        assert!(!equal(json!(1), json!("1")));
    }

    #[test]
    fn dates_are_equal_as_instants() {
        let date = "2026-11-29T06:26:07Z";
        for other in [
            "2026-11-29T06:26:07.000Z",
            "2026-11-29T06:26:07,0Z",
            "2026-11-29T06:26:07+00:00",
            "20261129T062607Z",
            "2026-11-29T07:26:07+01:00",
            "2026-11-29T06:26:07.25Z",
        ] {
            assert!(equal(json!({ "created": date }), json!({ "created": other })), "{other}");
            assert!(equal(json!({ "seen": [date] }), json!({ "seen": [other] })), "{other}");
            assert!(!equal(json!({ "name": date }), json!({ "name": other })), "{other}: a name may be any text");
        }
        for other in ["2026-11-29T06:26:08Z", "2026-11-29T06:26:07+01:00", "2026-11-29", "soon"] {
            assert!(!equal(json!({ "created": date }), json!({ "created": other })), "{other}");
        }
        assert!(equal(json!("2026-11-29T06:26:07.123Z"), json!("2026-11-29T06:26:07.123456Z")));
        assert!(!equal(json!("2026-11-29T06:26:07.123Z"), json!("2026-11-29T06:26:07.124Z")));
        assert!(!equal(json!("20261129"), json!("2026-11-29")), "without a time of day it may be any number");
    }

    #[test]
    fn links_are_equal_where_they_lead_to_the_same_place() {
        let left =
            json!({"a": 1, "links": [{"rel": "self", "href": "https://h/api/x?b=1&a=2"}, {"rel": "up", "href": "/"}]});
        let right = json!({"links": [{"href": "/", "rel": "UP"}, {"href": "/%61pi/x?a=2&envelope=true&b=1", "rel": "Self"}], "a": 1.0});
        assert!(equal(left, right));
        assert!(equal(json!({"href": "HTTPS://H:443/api/../x"}), json!({"href": "//h/x"})));
        assert!(!equal(json!({"href": "/x"}), json!({"href": "/y"})));
    }

    #[test]
    fn other_urls_are_equal_after_normalization() {
        assert!(equal(json!(["HTTPS://H/%7ea?x=1&y=2"]), json!(["https://h:443/~a?y=2&x=1"])));
        assert!(equal(json!({"url": "http://h"}), json!({"url": "HTTP://h/"})));
        for (left, right) in
            [("https://h/a", "https://h/a/"), ("https://h/a", "https://h/a?pretty=true"), ("/a", "/%61")]
        {
            assert!(!equal(json!(left), json!(right)), "{left} {right}");
        }
        assert!(!equal(json!({"comment": "http://h"}), json!({"comment": "http://H"})), "a comment may be any text");
    }

    #[test]
    fn repeated_elements_are_found() {
        let first_repeated = |items: &[Value]| with(|meaning| meaning.first_repeated(items));
        assert_eq!(first_repeated(&[json!({"a": 1, "b": 2}), json!(1), json!({"b": 2.0, "a": 1})]), Some((0, 2)));
        assert_eq!(first_repeated(&[json!("1"), json!(1), json!(null), json!("null")]), None);
        assert_eq!(first_repeated(&[json!("https://h/a"), json!("HTTPS://H/%61")]), Some((0, 1)));
        assert_eq!(first_repeated(&[json!("2026-11-29T06:26:07Z"), json!("2026-11-29T06:26:07.5Z")]), None);
    }

    proptest! {
        #[test]
        fn equal_values_and_no_others_have_one_canonical_text(left in any_json(), right in any_json()) {
            with(|meaning| {
                prop_assert!(meaning.equal(&left, &left));
                prop_assert_eq!(meaning.equal(&left, &right), meaning.canonical(&left) == meaning.canonical(&right));
                Ok(())
            })?;
        }
    }
}
