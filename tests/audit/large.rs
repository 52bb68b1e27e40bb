//! Large recordings in no order, and pages with large numbers.

use atlaspec::audit::{Account, Audit};
use atlaspec::check::Facts;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use url::Url;

use crate::live::suite;

const BASE: &str = "https://api.example.com/api/atlas/v1.0";
const PRETTY: &str = "pretty.every-value-is-the-plain-one";

/// Resources that are read three times each: more entries than wait for their turn in a recording that is in order.
const RESOURCES: usize = 2_500;

fn of(entries: &[Value]) -> Account {
    let mut audit = Audit::new(suite(), Facts::of(Url::parse(BASE).expect("a URL"))).expect("an audit");
    let text = json!({"log": {"entries": entries}}).to_string();
    audit.recording("a.har", text.as_bytes()).expect("a recording");
    audit.finish(DateTime::UNIX_EPOCH, 0)
}

fn found(account: &Account) -> Vec<&str> {
    account.groups.iter().map(|group| group.invariant.as_str()).collect()
}

fn entry(second: usize, path: &str, text: &str) -> Value {
    let pair = |name: &str, value: &str| json!({"name": name, "value": value});
    let started = "2026-03-01T10:00:00Z".parse::<DateTime<Utc>>().expect("a time");
    let second = i64::try_from(second).expect("a second");
    json!({
        "startedDateTime": (started + TimeDelta::seconds(second)).to_rfc3339(), "time": 20,
        "request": {"method": "GET", "url": format!("{BASE}{path}"), "headers": [pair("Host", "api.example.com")]},
        "response": {"status": 200, "headers": [pair("Content-Type", "application/json")], "content": {"text": text}},
    })
}

/// Two plain reads of each resource with a pretty one between them, which has another value for one resource.
fn reads() -> Vec<Value> {
    let of_one = |number: usize| {
        let path = format!("/clusters/{number:0400}");
        let body =
            |size: usize| json!({"diskSizeGB": size, "links": [{"rel": "self", "href": format!("{BASE}{path}")}]});
        let other = if number == RESOURCES / 2 { 11 } else { 10 };
        let pretty = format!("{:#}", body(other));
        let plain = body(10).to_string();
        [(path.clone(), plain.clone()), (format!("{path}?pretty=true"), pretty), (path, plain)]
    };
    let all = (0..RESOURCES).flat_map(of_one);
    all.enumerate().map(|(second, (path, text))| entry(second, &path, &text)).collect()
}

#[test]
fn a_recording_may_be_in_reverse_order_or_in_none() {
    let mut entries = reads();
    entries.reverse();
    assert_eq!(found(&of(&entries)), [PRETTY]);
    let count = entries.len();
    let mixed: Vec<Value> = (0..count).map(|number| entries[number * 4_001 % count].clone()).collect();
    assert_eq!(found(&of(&mixed)), [PRETTY]);
}

/// A page in the middle of a list that is said to be long enough.
fn page(number: u128, links: &[(&str, u128)]) -> Value {
    let list = "/groups/5a1/hosts";
    let item =
        |id: usize| json!({"id": id.to_string(), "links": [{"rel": "self", "href": format!("{BASE}{list}/{id}")}]});
    let link = |(rel, number): &(&str, u128)| json!({"rel": rel, "href": format!("{BASE}{list}?pageNum={number}&itemsPerPage=2")});
    let links: Vec<Value> = links.iter().map(link).collect();
    let body = json!({"totalCount": u64::MAX, "results": [item(1), item(2)], "links": links});
    entry(1, &format!("{list}?pageNum={number}&itemsPerPage=2"), &body.to_string())
}

#[test]
fn pages_may_have_large_numbers() {
    let none: [&str; 0] = [];
    for number in [(1 << 31) - 1, 1 << 31, (1 << 32) + 1, (1 << 53) + 1, 1 << 64, 10_u128.pow(30)] {
        let links = [("self", number), ("next", number + 1), ("previous", number - 1)];
        assert_eq!(found(&of(&[page(number, &links)])), none, "{number}");
    }
    for number in [(1 << 31) - 1, 1 << 31, (1 << 32) + 1, (1 << 53) + 1] {
        let lacks = [("self", number), ("next", number + 1)];
        assert_eq!(found(&of(&[page(number, &lacks)])), ["lists.every-previous-fits-its-page"], "{number}");
        let skips = [("self", number), ("next", number + 2), ("previous", number - 1)];
        assert_eq!(found(&of(&[page(number, &skips)])), ["lists.every-link-leads-one-page-on"], "{number}");
    }
    // The server may have counted otherwise.
    let other = 1 << 32;
    assert_eq!(found(&of(&[page(other, &[("self", 1), ("next", 2)])])), none);
}
