//! How exchanges are read: what is a representation and what a file, and what a request asked for.

use atlaspec::audit::Account;
use atlaspec::record::Outcome;
use atlaspec::report::note;
use serde_json::{Value, json};
use url::Url;

use crate::precision::audited;
use crate::seeded::traffic::{BASE, KINDS, Kind, Sample};

fn sample(kind: Kind) -> Sample {
    Sample::of(KINDS.iter().position(|known| *known == kind).expect("a kind"))
}

fn of(entries: &[Value]) -> Account {
    audited(&json!({"log": {"entries": entries}}).to_string(), &Url::parse(BASE).expect("a URL"))
}

fn found(account: &Account) -> Vec<String> {
    account.groups.iter().map(|group| format!("{} {} {}", group.invariant, group.path, group.place)).collect()
}

fn outcome(account: &Account, id: &str) -> (Outcome, String) {
    let result = account.run.results.iter().find(|result| result.id == id).expect("an invariant");
    (result.verdict, note(result).unwrap_or_default())
}

/// The entry with another label and body.
fn labelled(label: &str, disposition: &str, text: &str) -> Value {
    let mut sample = sample(Kind::Entity);
    sample.headers = vec![("Content-Type", label.to_owned()), ("Content-Disposition", disposition.to_owned())];
    sample.text = Some(text.to_owned());
    sample.entry(1)
}

#[test]
fn a_download_is_not_an_entity() {
    let json = r#"{"a":1}"#;
    for (label, disposition, text) in [
        ("text/csv", "inline", "a,b"),
        ("application/gzip", "inline", "x"),
        ("application/octet-stream", "", "{not json"),
        ("application/json", "attachment; filename=\"a.json\"", json),
        ("text/html", "", "<html></html>"),
        ("application/x-ndjson", "", "{\"a\":1}\n{\"a\":null}\n"),
        ("application/x-ndjson", "", "{\"a\":null}\n"),
        ("application/jsonl", "", "[1]\n[2]\n"),
        ("application/jsonlines; charset=utf-8", "", "{}\n{}"),
        ("application/json-seq", "", "\u{1e}{\"a\":1}\n"),
        ("text/x-json-log", "", "{\"a\":1} x"),
    ] {
        let account = of(&[labelled(label, disposition, text)]);
        assert_eq!((found(&account), account.recordings[0].downloads), (Vec::new(), 1), "{label} {disposition}");
        assert_eq!(outcome(&account, "codes.no-5xx").0, Outcome::Pass, "{label}: the status is judged");
    }
    // A body that is an object or array counts as JSON, whatever its label.
    let account = of(&[labelled("text/plain", "inline", json)]);
    assert!(found(&account).iter().any(|group| group.starts_with("entities.json-media-type")), "{:?}", found(&account));
    assert_eq!(account.recordings[0].downloads, 0);
    // JSON by its label is judged as JSON.
    let account = of(&[labelled("application/json", "inline", "oops")]);
    assert_eq!(found(&account), ["entities.get-answers-json /groups/*/clusters/* $"]);
}

#[test]
fn a_query_that_the_recorder_lost_is_not_blamed_on_the_server() {
    let page = |query: &'static str, authorization: Option<&str>| {
        let mut page = sample(Kind::Page);
        page.query = query;
        let mut entry = page.entry(1);
        if let Some(value) = authorization {
            let headers = entry["request"]["headers"].as_array_mut().expect("headers");
            headers.push(json!({"name": "Authorization", "value": value}));
        }
        of(&[entry])
    };
    let lost = page("", None);
    assert_eq!(found(&lost), [""; 0]);
    let why = "could not be judged on 1: the page names a size or number that the request does not have: \
               the recorder may have lost the query";
    assert_eq!(outcome(&lost, "lists.every-self-is-its-page"), (Outcome::Inconclusive, why.to_owned()));
    // What was signed was sent.
    let path = Sample::of(KINDS.iter().position(|kind| *kind == Kind::Page).expect("a kind")).path;
    let signed = page("", Some(&format!("Digest username=\"me\", uri=\"/api/atlas/v1.0{path}\"")));
    assert!(found(&signed).contains(&"lists.every-self-is-its-page /groups/*/hosts $.links".to_owned()), "{signed:?}");
    assert!(!found(&page("?itemsPerPage=7", None)).is_empty(), "another size than was asked for");
}

#[test]
fn a_total_that_was_not_asked_for_is_said() {
    let mut page = sample(Kind::FirstPage);
    page.query = "?includeCount=false";
    page.body.as_object_mut().expect("an object").remove("totalCount");
    let account = of(&[page.entry(1)]);
    let message = &account.groups[0].examples[0].message;
    assert!(message.ends_with("(the request has `includeCount=false`)"), "{message}");
}

#[test]
fn a_body_that_is_kept_elsewhere_is_not_empty() {
    let mut entry = sample(Kind::Entity).entry(1);
    entry["response"]["content"] = json!({"size": 12, "mimeType": "application/json", "_file": "1f2e.json"});
    let account = of(&[entry]);
    assert_eq!(found(&account), [""; 0]);
    let (_, why) = outcome(&account, "fields.nothing-is-null");
    assert_eq!(why, "could not be judged on 1: the body is kept in a file beside the recording, which is not read");
}

#[test]
fn what_took_no_time_is_counted_and_compared_with_nothing() {
    let mut entries: Vec<Value> = (0..3).map(|second| sample(Kind::Entity).entry(second)).collect();
    entries[1]["request"]["url"] =
        json!(format!("{}?pretty=true", entries[1]["request"]["url"].as_str().expect("a URL")));
    let text = format!("{:#}", json!({"id": "another"}));
    entries[1]["response"]["content"] = json!({"text": text, "mimeType": "application/json"});
    entries[1]["response"]["headers"] = json!([{"name": "Content-Type", "value": "application/json"}]);
    entries[1]["response"]["bodySize"] = json!(-1);
    let is_found = |entries: &[Value]| found(&of(entries)).iter().any(|group| group.starts_with("pretty.every-value"));
    assert!(is_found(&entries));
    entries[2]["time"] = json!(0);
    entries[2]["timings"] = json!({"send": 0, "wait": 0, "receive": 0});
    assert!(!is_found(&entries), "out of a cache");
    assert_eq!(of(&entries).recordings[0].untimed, 1);
}

#[test]
fn a_member_without_a_name_is_told_by_what_it_stands_in() {
    let mut sample = sample(Kind::Entity);
    sample.body[""] = Value::Null;
    assert_eq!(found(&of(&[sample.entry(1)])), ["fields.nothing-is-null /groups/*/clusters/* $"]);
}

#[test]
fn an_empty_receipt_is_no_entity() {
    for (method, body) in
        [("POST", json!({})), ("PATCH", json!({"accepted": true})), ("DELETE", json!({"message": "gone"}))]
    {
        let mut sample = sample(Kind::Accepted);
        sample.method = method;
        sample.body = body;
        assert_eq!(found(&of(&[sample.entry(1)])), [""; 0], "{method}");
    }
}

#[test]
fn an_array_is_a_list_of_entities_or_of_something_else() {
    let array = |body: Value| {
        let mut page = sample(Kind::FirstPage);
        page.body = body;
        found(&of(&[page.entry(1)]))
    };
    let own = |id: u32| json!({"id": id, "links": [{"rel": "self", "href": format!("{BASE}/hosts/{id}")}]});
    assert_eq!(array(json!([own(1), own(2)])), ["lists.every-list-has-its-fields /groups/*/users $"]);
    for other in [json!([]), json!(["a", "b"]), json!([1, 2]), json!([{"from": 1, "to": 2}])] {
        assert_eq!(array(other.clone()), [""; 0], "{other}");
    }
}

#[test]
fn self_may_have_another_form_but_not_another_id() {
    let with = |id: Value, own: &str, asked: &str| {
        let mut sample = sample(Kind::Entity);
        sample.path = asked.to_owned();
        sample.body["id"] = id;
        sample.body["links"][0]["href"] = json!(own);
        found(&of(&[sample.entry(1)]))
    };
    let wrong = ["links.no-self-is-a-parent /hosts/* $.links"];
    assert_eq!(with(json!("h1"), "/api/atlas/v1.0/hosts/h2", "/hosts/h1"), wrong);
    assert_eq!(with(json!(17), "https://api.example.com/api/atlas/v1.0/hosts/18", "/hosts/17"), wrong);
    for (id, own, asked) in [
        (json!("h1"), "https://other.example.com/groups/5a/hosts/h1", "/hosts/h1"),
        (json!("h1"), "/api/atlas/v1.0/hosts/h1/?pretty=true", "/hosts/h1"),
        (json!("a:1"), "/api/atlas/v1.0/hosts/a:1", "/hosts/a%3A1"),
        (json!("5a1"), "/api/atlas/v1.0/hosts/5a1", "/hosts/byName/h1"),
    ] {
        assert_eq!(with(id, own, asked), [""; 0], "{own} {asked}");
    }
}

#[test]
fn every_link_self_is_looked_at() {
    let with = |owns: &[&str]| {
        let mut sample = sample(Kind::Entity);
        sample.path = "/groups/5a/hosts/h1".to_owned();
        sample.body["id"] = json!("h1");
        let link = |own: &&str| json!({"rel": "self", "href": format!("{BASE}{own}")});
        sample.body["links"] = owns.iter().map(link).collect();
        found(&of(&[sample.entry(1)]))
    };
    let wrong = ["links.no-self-is-a-parent /groups/*/hosts/* $.links"];
    assert_eq!(with(&["/groups/5a/hosts/h1", "/groups/5a/hosts"]), wrong);
    assert_eq!(with(&["/groups/5a/hosts", "/groups/5a/hosts/h1"]), wrong);
    assert_eq!(with(&["/groups/5a/hosts/h1", "/groups/5a/hosts/h1"]), [""; 0]);
}
