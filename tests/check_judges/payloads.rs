//! The payload schemas on documents that the specification allows and forbids.

use atlaspec::suite::Check;
use serde_json::{Value, json};

use crate::fixture::{got, verdict};

fn judged(schema: &str, value: &Value) -> String {
    verdict(Check::Schema(schema.to_owned()), &got("/x", &value.to_string()))
}

#[track_caller]
fn valid(schema: &str, value: Value) {
    assert_eq!(judged(schema, &value), "pass", "{value}");
}

#[track_caller]
fn invalid(schema: &str, value: Value, place: &str) {
    let said = judged(schema, &value);
    assert!(said.starts_with(&format!("fail: the body is not valid against schema `{schema}`: {place}: ")), "{said}");
}

fn link(rel: &str) -> Value {
    json!({"rel": rel, "href": "/x"})
}

#[test]
fn links() {
    valid("link", json!({"rel": "self", "href": "https://h/x", "title": "t"}));
    invalid("link", json!({"rel": "self"}), "$");
    invalid("link", json!({"rel": "", "href": "/"}), "$.rel");
    invalid("link", json!({"rel": "self", "href": 1}), "$.href");
    valid("links", json!([link("self"), link("http://h/hosts")]));
    invalid("links", json!({"self": "/x"}), "$");
    invalid("links", json!([link("self"), "x"]), "$[1]");
}

#[test]
fn entities() {
    valid("entity", json!({"id": "i", "links": [link("up"), link("self")]}));
    invalid("entity", json!({"id": "i"}), "$");
    invalid("entity", json!({"links": [link("up")]}), "$.links");
    invalid("entity", json!({"links": [link("self"), {"rel": "up"}]}), "$.links[1]");
    invalid("entity", json!([]), "$");
    valid("root", json!({"links": [link("self"), link("http://h/groups")]}));
    invalid("root", json!({"links": [link("self")]}), "$.links");
}

#[test]
fn lists() {
    let list = |total: Value, results: Value| json!({"totalCount": total, "results": results, "links": [link("self")]});
    valid("list", list(json!(1), json!([{"id": "i"}])));
    valid("list", list(json!(0), json!([])));
    invalid("list", list(json!(-1), json!([])), "$.totalCount");
    invalid("list", list(json!("1"), json!([])), "$.totalCount");
    invalid("list", list(json!(1), json!({})), "$.results");
    invalid("list", list(json!(1), json!([1])), "$.results[0]");
    invalid("list", json!({"totalCount": 0, "results": []}), "$");
    valid("list-links", json!([link("previous"), link("next"), link("self")]));
    invalid("list-links", json!([link("self"), link("up")]), "$[1].rel");
    invalid("list-links", json!([link("next")]), "$");
    invalid("list-links", json!([]), "$");
}

#[test]
fn envelopes() {
    valid("envelope", json!({"status": 200, "content": {}}));
    invalid("envelope", json!({"status": 200, "content": {}, "headers": {}}), "$");
    invalid("envelope", json!({"status": "200", "content": {}}), "$.status");
    invalid("envelope", json!({"content": {}}), "$");
    let list = json!({"status": 200, "totalCount": 0, "results": [], "links": [link("self")]});
    valid("envelope-list", list.clone());
    let mut more = list.clone();
    more["content"] = json!({});
    invalid("envelope-list", more, "$");
    let mut less = list;
    less.as_object_mut().unwrap().remove("status");
    invalid("envelope-list", less, "$");
}

#[test]
fn errors() {
    valid("error", json!({"error": 404, "reason": "Not Found", "detail": "d", "errorCode": "X", "parameters": []}));
    invalid("error", json!({"error": "404", "reason": "Not Found", "detail": "d"}), "$.error");
    invalid("error", json!({"error": 404, "reason": "", "detail": "d"}), "$.reason");
    invalid("error", json!({"error": 404, "reason": "Not Found", "detail": ""}), "$.detail");
    invalid("error", json!({"error": 404, "reason": "Not Found"}), "$");
}

#[test]
fn timestamps() {
    valid("timestamp", json!({"date": "2016-01-31T10:00:00Z", "increment": 1}));
    valid("timestamp", json!({"date": "20160131T100000+0000", "increment": -1}));
    invalid("timestamp", json!({"date": "2016-01-31T10:00:00.5Z", "increment": 1}), "$.date");
    invalid("timestamp", json!({"date": "2016-01-31T10:00:00+01:00", "increment": 1}), "$.date");
    invalid("timestamp", json!({"date": "2016-01-31T10:00:00Z", "increment": 4_294_967_296_u64}), "$.increment");
    invalid("timestamp", json!({"date": "2016-01-31T10:00:00Z", "increment": 1, "x": 1}), "$");
}
