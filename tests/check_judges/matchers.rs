//! Every matcher, on values that match and on values that do not.

use atlaspec::suite::{DateForm, JsonType, Matcher};
use serde_json::{Value, json};

use crate::fixture::{body, equals, got, verdict};

fn judged(matcher: Matcher, value: &Value) -> String {
    verdict(body("$.v", matcher), &got("/x", &json!({ "v": value }).to_string()))
}

#[track_caller]
fn holds(matcher: Matcher, value: Value) {
    assert_eq!(judged(matcher, &value), "pass", "{value}");
}

#[track_caller]
fn breaks(matcher: Matcher, value: Value, sentence: &str) {
    assert_eq!(judged(matcher, &value), format!("fail: $.v{sentence}"));
}

fn boxed(matcher: Matcher) -> Box<Matcher> {
    Box::new(matcher)
}

#[test]
fn equality_is_by_value() {
    holds(equals(1), json!(1.0));
    holds(equals(json!({"a": [1], "b": null})), json!({"b": null, "a": [1.0]}));
    breaks(equals("1"), json!(1), " is 1, expected \"1\"");
    breaks(equals("{list}"), json!([1, 2]), " is [1,2], expected [1,2,3]");
}

#[test]
fn logic() {
    let small = || Matcher::Below(json!(3));
    holds(Matcher::Not(boxed(small())), json!(3));
    breaks(Matcher::Not(boxed(small())), json!(2), " is 2, expected anything but a number below 3");
    holds(Matcher::OneOf(vec![equals("a"), small()]), json!(2));
    breaks(Matcher::OneOf(vec![equals("a"), small()]), json!(4), " is 4, expected \"a\" or a number below 3");
    holds(Matcher::AllOf(vec![Matcher::Type(JsonType::Integer), small()]), json!(2));
    breaks(
        Matcher::AllOf(vec![Matcher::Type(JsonType::Integer), small()]),
        json!(3),
        " is 3, expected a number below 3",
    );
}

#[test]
fn an_option_that_states_what_is_wanted_tells_the_failure() {
    let absent = || Matcher::Present(false);
    let no_list = || Matcher::Where(vec![("$.a".to_owned(), Matcher::Not(boxed(Matcher::Type(JsonType::Array))))]);
    let two = || Matcher::Where(vec![("$.a".to_owned(), Matcher::Length(boxed(equals(2))))]);
    breaks(Matcher::OneOf(vec![absent(), equals("a")]), json!("b"), " is \"b\", expected \"a\"");
    breaks(Matcher::OneOf(vec![no_list(), two()]), json!({ "a": [1] }), ".a has length 1, expected 2");
    breaks(
        Matcher::OneOf(vec![two(), Matcher::Type(JsonType::String)]),
        json!({ "a": [1] }),
        " is {\"a\":[1]}, expected $.a something of length 2 or a string",
    );
}

#[test]
fn of_a_long_array_the_first_other_element_is_told() {
    breaks(equals(json!([1, 2, 3, 4])), json!([1, 2, 5, 4]), "[2] is 5, expected 3");
    breaks(equals(json!([1, 2, 3, 4])), json!([1, 2, 3]), " has 3 elements, expected 4");
}

#[test]
fn what_is_unclear_is_neither_a_pass_nor_a_fail() {
    let unclear = || equals("{none}");
    let why = "inconclusive: `{none}` has no value here";
    for matcher in [
        unclear(),
        Matcher::Not(boxed(unclear())),
        Matcher::OneOf(vec![unclear(), equals(2)]),
        Matcher::AllOf(vec![unclear(), equals(json!([1]))]),
        Matcher::Contains(boxed(unclear())),
        Matcher::Every(boxed(unclear())),
        Matcher::Length(boxed(unclear())),
    ] {
        assert_eq!(judged(matcher, &json!([1])), why);
    }
    holds(Matcher::OneOf(vec![unclear(), equals(1)]), json!(1));
    breaks(Matcher::AllOf(vec![unclear(), equals(2)]), json!(1), " is 1, expected 2");
}

#[test]
fn order() {
    holds(Matcher::Above(json!(1)), json!(1.5));
    breaks(Matcher::Above(json!(1)), json!(1), " is 1, expected a number above 1");
    breaks(Matcher::Below(json!(1)), json!(1), " is 1, expected a number below 1");
    holds(Matcher::AtLeast(json!("{three}")), json!(3));
    breaks(Matcher::AtLeast(json!(3)), json!(2), " is 2, expected a number of at least 3");
    holds(Matcher::AtMost(json!(3)), json!(3));
    breaks(Matcher::AtMost(json!(3)), json!("3"), " is \"3\", expected a number of at most 3");
    assert_eq!(judged(Matcher::Above(json!("x")), &json!(1)), "inconclusive: \"x\" is no number to compare with");
}

#[test]
fn types() {
    use JsonType::{Array, Boolean, Integer, Null, Number, Object, String};
    let samples = [json!("a"), json!(1), json!(1.5), json!(true), json!([]), json!({}), json!(null)];
    let is = |kind| samples.iter().map(|sample| judged(Matcher::Type(kind), sample) == "pass").collect::<Vec<_>>();
    let only = |places: &[usize]| (0..samples.len()).map(|at| places.contains(&at)).collect::<Vec<_>>();
    assert_eq!(is(String), only(&[0]));
    assert_eq!(is(Integer), only(&[1]));
    assert_eq!(is(Number), only(&[1, 2]));
    assert_eq!(is(Boolean), only(&[3]));
    assert_eq!(is(Array), only(&[4]));
    assert_eq!(is(Object), only(&[5]));
    assert_eq!(is(Null), only(&[6]));
    holds(Matcher::Type(Integer), json!(2.0));
    breaks(Matcher::Type(Integer), json!("2"), " is \"2\", expected an integer");
}

#[test]
fn presence() {
    holds(Matcher::Present(true), json!(null));
    breaks(Matcher::Present(false), json!(null), " is null, expected nothing");
}

#[test]
fn lengths() {
    holds(Matcher::Length(boxed(equals(2))), json!("äö"));
    holds(Matcher::Length(boxed(equals(1))), json!({"a": 1}));
    breaks(Matcher::Length(boxed(equals(2))), json!([1]), " has length 1, expected 2");
    breaks(Matcher::Length(boxed(equals(2))), json!(2), " is 2, expected something of length 2");
}

#[test]
fn texts() {
    holds(Matcher::Matches(r"^\d{4}$".into()), json!("2016"));
    breaks(Matcher::Matches("^a".into()), json!("ba"), " is \"ba\", expected a text that matches `^a`");
    breaks(Matcher::Matches("^a".into()), json!(1), " is 1, expected a text that matches `^a`");
    assert_eq!(judged(Matcher::Matches("(".into()), &json!("a")), "inconclusive: pattern `(` cannot be used");
    holds(Matcher::Contains(boxed(equals("b{three}"))), json!("ab3c"));
    breaks(Matcher::Contains(boxed(equals("x"))), json!("abc"), " is \"abc\", expected something that contains \"x\"");
}

#[test]
fn arrays() {
    holds(Matcher::Contains(boxed(Matcher::Above(json!(2)))), json!([1, 3]));
    breaks(Matcher::Contains(boxed(equals(2))), json!([1]), " is [1], expected something that contains 2");
    holds(Matcher::Every(boxed(Matcher::Type(JsonType::Integer))), json!([]));
    breaks(
        Matcher::Every(boxed(Matcher::Type(JsonType::Integer))),
        json!([1, "a"]),
        "[1] is \"a\", expected an integer",
    );
    holds(Matcher::Unique, json!([1, "1", {"a": 1}]));
    breaks(Matcher::Unique, json!(["a", 1, 1.0]), " holds 1.0 twice, as element 1 and as element 2");
    holds(Matcher::Reversed(json!("{list}")), json!([3, 2, 1]));
    breaks(Matcher::Reversed(json!("{list}")), json!([1, 2, 3]), "[0] is 1, expected 3");
    breaks(Matcher::Reversed(json!("{list}")), json!([3, 2]), " has 2 elements, expected 3");
}

#[test]
fn dates() {
    let at = "2016-01-31T10:00:00Z";
    holds(Matcher::Date(DateForm::Iso8601), json!("20160131T110000+0100"));
    breaks(
        Matcher::Date(DateForm::Iso8601),
        json!("yesterday"),
        " is \"yesterday\", which is no date: it is not written as ISO 8601 asks",
    );
    breaks(Matcher::Date(DateForm::Iso8601), json!(1), " is 1, which is no date: it is no string");
    holds(Matcher::Date(DateForm::Utc), json!("2016-01-31T10:00:00.5+00:00"));
    breaks(
        Matcher::Date(DateForm::Utc),
        json!("2016-01-31T10:00:00-00:00"),
        " is \"2016-01-31T10:00:00-00:00\", expected a date of ISO 8601 that is designated UTC",
    );
    holds(Matcher::Date(DateForm::Seconds), json!(at));
    breaks(
        Matcher::Date(DateForm::Seconds),
        json!("2016-01-31T10:00:00.0Z"),
        " is \"2016-01-31T10:00:00.0Z\", expected a date of ISO 8601 that is designated UTC, to the second",
    );
    holds(Matcher::Instant(json!("2016-01-31T11:00:00+01:00")), json!("2016-01-31T10:00:00.999Z"));
    holds(Matcher::Instant(json!("2016-01-31T10:00:00")), json!(at));
    breaks(
        Matcher::Instant(json!(at)),
        json!("2016-01-31T11:00:00Z"),
        " is \"2016-01-31T11:00:00Z\", expected the instant \"2016-01-31T10:00:00Z\"",
    );
    holds(Matcher::Before(json!("2016-02-01")), json!(at));
    breaks(
        Matcher::Before(json!(at)),
        json!(at),
        " is \"2016-01-31T10:00:00Z\", expected a date before \"2016-01-31T10:00:00Z\"",
    );
    holds(Matcher::After(json!("2016-01-30")), json!(at));
    breaks(
        Matcher::After(json!(at)),
        json!("2015-01-01"),
        " is \"2015-01-01\", expected a date after \"2016-01-31T10:00:00Z\"",
    );
    assert_eq!(judged(Matcher::After(json!("soon")), &json!(at)), "inconclusive: \"soon\" is no date to compare with");
}

#[test]
fn urls() {
    let to = |url: &str| Matcher::LeadsTo(json!(url));
    holds(to("/groups/g"), json!("https://h.example/api/atlas/v1.0/groups/g?pageNum=1&itemsPerPage=100&envelope=true"));
    holds(to("/groups/g"), json!("/api/atlas/v1.0/groups/g/"));
    holds(to("/x?b=2&a=1"), json!("?a=1&b=2"));
    breaks(
        to("/groups/g"),
        json!("/groups/g"),
        " is \"/groups/g\", expected a link that leads to https://h.example/api/atlas/v1.0/groups/g",
    );
    breaks(to("/x"), json!(7), " is 7, expected a link that leads to https://h.example/api/atlas/v1.0/x");
    assert_eq!(judged(Matcher::LeadsTo(json!(7)), &json!("/")), "inconclusive: 7 is no URL to compare with");
}

#[test]
fn sameness() {
    let same =
        |baselines: &[Value], except: &[&str]| Matcher::SameAs { baselines: baselines.to_vec(), except: json!(except) };
    holds(same(&[json!({"a": 1, "href": "/x?envelope=true"})], &[]), json!({"href": "/x", "a": 1}));
    holds(same(&[json!({"a": 1, "t": 1}), json!({"a": 1, "t": 2})], &[]), json!({"a": 1, "t": 3}));
    holds(same(&[json!({"a": 1, "t": 1})], &["t"]), json!({"a": 1}));
    holds(same(&[json!("{list}")], &[]), json!([1, 2, 3]));
    assert_eq!(
        judged(same(&[json!(1), json!(2)], &[]), &json!(3)),
        "inconclusive: the values to compare with have nothing in common"
    );
    breaks(
        same(&[json!({"a": 1, "b": [1]})], &[]),
        json!({"a": 2, "b": [2]}),
        ".a is 2, expected 1 (also different: b[0])",
    );
}

#[test]
fn parts() {
    let conditions = || Matcher::Where(vec![("$.a".into(), equals(1)), ("$.b".into(), Matcher::Present(false))]);
    holds(conditions(), json!({"a": 1}));
    breaks(conditions(), json!({"a": 1, "b": 2}), ".b is 2, expected nothing");
    breaks(Matcher::Every(boxed(conditions())), json!([{"a": 1}, {"a": 2}]), "[1].a is 2, expected 1");
}

#[test]
fn messages_stay_short_and_harmless() {
    let said = judged(equals("x"), &json!(format!("\u{1b}[31m{}", "y".repeat(100_000))));
    assert!(said.chars().count() < 300 && !said.contains('\u{1b}'), "{said}");
}
