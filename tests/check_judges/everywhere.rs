//! The rules for the whole body: what breaks them, and above all what does not.

use atlaspec::suite::{Check, Rule};
use serde_json::{Value, json};

use crate::fixture::{answered, got, verdict};

#[track_caller]
fn holds(rule: Rule, body: Value) {
    assert_eq!(verdict(Check::Everywhere(rule), &got("/x", &body.to_string())), "pass", "{body}");
}

#[track_caller]
fn breaks(rule: Rule, body: Value, sentence: &str) {
    let said = verdict(Check::Everywhere(rule), &got("/x", &body.to_string()));
    assert_eq!(said, format!("fail: {sentence}"));
}

#[test]
fn members_are_named_once() {
    let said = |body: &str| verdict(Check::Everywhere(Rule::UniqueMembers), &got("/x", body));
    assert_eq!(said(r#"{"a":{"b":1},"b":2}"#), "pass");
    assert_eq!(said(r#"{"a":[{"b":1,"\u0062":1}]}"#), "fail: members are named twice: $.a[0].b");
    let many = format!("{{{}}}", ["\"a\":1"; 9].join(","));
    assert!(said(&many).ends_with("$.a and 3 more"), "{}", said(&many));
}

#[test]
fn nothing_is_null() {
    holds(Rule::NoNull, json!({"a": "null", "b": [0, false, ""]}));
    // An element of an array is no field.
    holds(Rule::NoNull, json!({"rows": [[null, 1], null]}));
    breaks(Rule::NoNull, json!({"a": [{"b": null}], "c": null}), "$.a[0].b is null; $.c is null");
    breaks(
        Rule::NoNull,
        json!([{"a": null, "b": null, "c": null}, {"a": null, "b": null, "c": null}, {"a": null}]),
        "$[0].a is null; $[0].b is null; $[0].c is null; $[1].a is null; $[1].b is null; and 2 more",
    );
}

#[test]
fn dates_are_iso_8601() {
    let rule = Rule::DatesIso8601;
    for fine in [
        json!({"created": "2016-01-31T10:00:00Z", "day": "2016-01-31", "x": ["2016-99-99"]}),
        json!({"name": "2016-13-45T00:00:00Z-backup", "version": "4.0.12", "date": "every Monday"}),
        json!({"updated": 3, "updates": 1_451_606_400, "createdAt": "", "validate": 1_451_606_400, "format": 1_451_606_400}),
        json!({"day": null, "expiresAt": "never", "startDate": "MONDAY", "day2": 1_451_606_400}),
        json!({"t": {"date": "yesterday", "increment": 1}}),
        // Where any text may stand, one may be written like a date; and what has happened may be counted.
        json!({"title": "2016-13-45T00:00:00Z", "tags": ["2016-02-30T10:00:00"], "clusterName": "2016-13-45T00:00:00Z"}),
        json!({"inserted": 5, "updated": 1_234_567_890, "deleted": 2_000_000_000}),
        json!({"lastMidnight": "2016-01-31T24:00:00Z", "hour": "2016-01-31T10Z"}),
        // What holds any value may hold dates as a database writes them; and digits are not always a time.
        json!({"query": {"created": {"$date": "2016-01-31T10:00:00Z"}}, "a": {"$date": "x", "b": 1}, "b": {"$date": {}}}),
        json!({"updated": "1451606400", "createdAt": "14516064000", "id": "1451606400000"}),
    ] {
        holds(rule, fine);
    }
    breaks(
        rule,
        json!({"a": [{"when": "2016-13-45T00:00:00Z"}]}),
        "$.a[0].when is \"2016-13-45T00:00:00Z\", which is no date of ISO 8601: there is no such day",
    );
    breaks(rule, json!({"day": 1}), "$.day is 1, which is no date of ISO 8601 but a number");
    breaks(
        rule,
        json!({"day": "today"}),
        "$.day is \"today\", which is no date of ISO 8601: it is not written as ISO 8601 asks",
    );
    for (name, value) in [
        ("created", json!(1_451_606_400_000_i64)),
        ("startedAt", json!(1_451_606_400)),
        ("createdAt", json!(1_451_606_400_000_i64)),
        ("createdAt", json!("1451606400")),
        ("created", json!("1451606400000")),
        ("created", json!({"$date": "2016-01-31T10:00:00+01:00"})),
        ("any", json!({"$date": 1_451_606_400_000_i64})),
        ("content", json!({"$date": {"$numberLong": "1451606400000"}})),
        ("endDate", json!("01/31/2016")),
        ("updated", json!("2016-01-31 10:00:00")),
        ("date", json!("Sun, 31 Jan 2016 10:00:00 GMT")),
        ("expires_at", json!("Jan 31, 2016")),
        ("modified", json!("Sunday, 31-Jan-16 10:00:00 GMT")),
    ] {
        let said = verdict(Check::Everywhere(rule), &got("/x", &json!({ name: value }).to_string()));
        assert!(said.starts_with(&format!("fail: $.{name} is {value}, which is no date of ISO 8601")), "{said}");
    }
}

#[test]
fn dates_are_designated_utc() {
    let rule = Rule::DatesUtc;
    for fine in [
        json!({"created": "2016-01-31T10:00:00Z", "a": "20160131T100000+0000", "day": "2016-01-31", "date": "yesterday"}),
        json!({"t": {"date": "2016-01-31T10:00:00", "increment": 1}, "x": "2016-01-31"}),
        json!({"description": "2016-01-31T10:00:00", "tags": ["2016-01-31T10:00:00+02:00"]}),
    ] {
        holds(rule, fine);
    }
    breaks(
        rule,
        json!({"created": "2016-01-31T10:00:00"}),
        "$.created is \"2016-01-31T10:00:00\", which names no time zone",
    );
    breaks(
        rule,
        json!({"any": "2016-01-31T10:00:00+01:00"}),
        "$.any is \"2016-01-31T10:00:00+01:00\", which is not designated UTC",
    );
    breaks(rule, json!({"day": "2016-01-31T10:00"}), "$.day is \"2016-01-31T10:00\", which names no time zone");
}

#[test]
fn an_error_may_echo_any_date() {
    let echo =
        answered("POST", "/x", 400, r#"{"error":400,"value":"2016-13-45T00:00:00","created":"2016-01-01 00:00:00"}"#);
    assert_eq!(verdict(Check::Everywhere(Rule::DatesIso8601), &echo), "pass");
    assert_eq!(verdict(Check::Everywhere(Rule::DatesUtc), &echo), "pass");
}

#[test]
fn timestamps() {
    let stamp = |date: &str, increment: Value| json!({"last": {"date": date, "increment": increment}});
    for rule in [Rule::TimestampsShape, Rule::TimestampsSeconds, Rule::TimestampsInt32] {
        holds(rule, stamp("2016-01-31T10:00:00Z", json!(7)));
        holds(rule, json!({"date": "2016-01-31", "value": 5, "increment2": 1}));
        // What is counted by the day, or opens at a time, is no timestamp.
        holds(rule, json!([{"date": "2016-01-31", "increment": 2.5}, {"time": "10:00", "increment": 5}]));
        holds(rule, json!({"date": "2016-01-31", "increment": 2, "price": 3}));
    }
    breaks(
        Rule::TimestampsShape,
        json!({"last": {"date": "2016-01-31T10:00:00Z", "increment": 1, "more": 1}}),
        "$.last is a timestamp with further members: more",
    );
    breaks(
        Rule::TimestampsSeconds,
        stamp("2016-01-31T10:00:00.5Z", json!(7)),
        "$.last.date is \"2016-01-31T10:00:00.5Z\", which is not to the second",
    );
    breaks(
        Rule::TimestampsInt32,
        stamp("2016-01-31T10:00:00Z", json!(1_u64 << 40)),
        "$.last.increment is 1099511627776, which is no integer of 32 bits",
    );
}

#[test]
fn units() {
    holds(Rule::UnitsInNames, json!({"diskSizeGB": 10, "timeout": "30s", "weightKB": 1, "pageSize": 3}));
    breaks(
        Rule::UnitsInNames,
        json!({"a": [{"timeout": 30}], "weight": 2}),
        "$.a[0].timeout is a number in a unit that its name does not say; $.weight is a number in a unit that its name does not say",
    );
}

#[test]
fn links_have_their_shape() {
    holds(Rule::LinkShape, json!({"links": [{"rel": "self", "href": "/", "title": 1}], "a": {"links": []}}));
    // Deeper inside, something else may be called so.
    holds(Rule::LinkShape, json!({"links": [], "counts": {"links": 48}, "page": {"links": ["a", "b"]}}));
    holds(
        Rule::LinkMembers,
        json!({"links": [{"rel": "self", "href": "/"}, {"href": "/", "more": 1}], "counts": {"links": 48}}),
    );
    breaks(
        Rule::LinkMembers,
        json!({"links": [{"rel": "self", "href": "/", "title": 1, "type": 2}]}),
        "$.links holds, as element 0, a link with more than rel and href: title, type",
    );
    breaks(Rule::LinkShape, json!({"results": [{"links": 3}]}), "$.results[0].links is 3, expected an array of links");
    breaks(Rule::LinkShape, json!({"links": {"self": "/"}}), "$.links is {\"self\":\"/\"}, expected an array of links");
    breaks(
        Rule::LinkShape,
        json!({"a": {"links": [{"rel": "self", "href": "/"}, {"href": "/"}]}}),
        "$.a.links holds, as element 1, {\"href\":\"/\"}, expected an object with the strings rel and href",
    );
    breaks(
        Rule::LinkShape,
        json!({"links": [{"rel": "self", "href": null}]}),
        "$.links holds, as element 0, {\"rel\":\"self\",\"href\":null}, expected an object with the strings rel and href",
    );
    holds(Rule::LinkShape, json!({"links": [{"rel": "self", "href": ""}, {"rel": "next", "href": "?pageNum=2"}]}));
    for href in ["", "https://h/a b", "not a URL"] {
        breaks(
            Rule::LinkShape,
            json!({"links": [{"rel": "next", "href": href}]}),
            &format!(
                "$.links holds, as element 0, {{\"rel\":\"next\",\"href\":\"{href}\"}}, expected a URL as its href"
            ),
        );
    }
}

#[test]
fn members_of_a_list_have_self_alone() {
    let list = |links: Value| json!({"results": [{"links": [{"rel": "self", "href": "/"}]}, {"links": links}, 7]});
    holds(Rule::ItemsOnlySelf, list(json!([{"rel": "self", "href": "/"}])));
    holds(Rule::ItemsOnlySelf, json!({"links": [{"rel": "up", "href": "/"}]}));
    breaks(
        Rule::ItemsOnlySelf,
        list(json!([{"rel": "self", "href": "/"}, {"rel": "up", "href": "/"}])),
        "$.results[1] has further links than self: up",
    );
    breaks(Rule::ItemsOnlySelf, list(json!([])), "$.results[1] has no self link");
    breaks(
        Rule::ItemsOnlySelf,
        json!({"status": 200, "content": list(json!([]))}),
        "$.content.results[1] has no self link",
    );
}

#[test]
fn relations_are_registered_or_uris() {
    let link = |rel: &str| json!({"links": [{"rel": rel, "href": "/"}]});
    for rel in ["self", "Previous", "up", "http://mms.mongodb.com/hosts", "urn:x:y"] {
        holds(Rule::ExtensionRelIsUri, link(rel));
    }
    breaks(
        Rule::ExtensionRelIsUri,
        link("hosts"),
        "$.links names relations that are neither registered nor URIs: \"hosts\"",
    );
    breaks(
        Rule::ExtensionRelIsUri,
        link("/hosts"),
        "$.links names relations that are neither registered nor URIs: \"/hosts\"",
    );
}
