//! Exchanges about the same URL, held against each other: what a server that errs shows, and that one that conforms
//! shows nothing, though it moves by itself.

use std::collections::{BTreeMap, BTreeSet};

use atlaspec::audit::{Account, Audit};
use atlaspec::check::Facts;
use atlaspec::cli::Embedded;
use atlaspec::client::{Client, Worker};
use atlaspec::clock::Clock;
use atlaspec::exchange::{Exchange, Request};
use atlaspec::reason::Reason;
use atlaspec::reference::{Fault, Settings, Variation};
use serde_json::{Value, json};
use url::Url;

use crate::live::{Server, har, suite};
use crate::precision::audited;

/// The results that exchanges held against each other have, and those that a requirement is broken by.
const RELATIONS: [(&str, &str); 6] = [
    ("methods.every-head-is-as-its-gets", "head-unlabelled"),
    ("pretty.every-value-is-the-plain-one", "pretty-loses-group"),
    ("envelope.every-content-is-the-plain-entity", "envelope-loses-links"),
    ("envelope.every-list-is-the-plain-one", "envelope-list-adds-count"),
    ("lists.every-page-has-one-total", "total-of-pages-so-far"),
    ("links.every-self-has-one-id", "self-of-snapshot-is-group"),
];

struct Walk {
    worker: Worker,
    all: Vec<Exchange>,
}

impl Walk {
    async fn ask(&mut self, method: &str, url: &str) -> Option<Value> {
        let user = Some("owner".to_owned());
        let request = Request { user, ..Request::new(method, Url::parse(url).expect("a URL")) };
        let sent = self.worker.send(request).await;
        assert_eq!(sent.obstacle, None, "{url}");
        self.all.extend(sent.exchanges);
        let answer = &self.all.last().expect("an exchange").response;
        (answer.status == 200).then(|| serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    /// Asks for a resource in every way, between two plain reads; a list also for its pages.
    async fn every_way(&mut self, url: &str) -> Vec<String> {
        let body = self.ask("GET", url).await.unwrap_or_default();
        self.ask("HEAD", url).await;
        for switch in ["pretty", "envelope"] {
            let mark = if url.contains('?') { '&' } else { '?' };
            self.ask("GET", &format!("{url}{mark}{switch}=true")).await;
        }
        let links = hrefs(&body);
        for own in &links {
            // What self leads to is read before and after the entity itself.
            if own != url && body["links"].as_array().is_some_and(|all| all.iter().any(|it| is_self(it, own))) {
                self.ask("GET", own).await;
                self.ask("GET", url).await;
                self.ask("GET", own).await;
            }
        }
        if body.get("results").is_some() && !url.contains('?') {
            for page in [1, 2, 1] {
                self.ask("GET", &format!("{url}?itemsPerPage=2&pageNum={page}")).await;
            }
        }
        self.ask("GET", url).await;
        links
    }
}

fn is_self(link: &Value, href: &str) -> bool {
    link["rel"] == "self" && link["href"] == href
}

/// The links of a body, and the first of each item.
fn hrefs(body: &Value) -> Vec<String> {
    let items = body["results"].as_array().into_iter().flatten().take(2);
    let all = [body].into_iter().chain(items).filter_map(|it| it["links"].as_array()).flatten();
    all.filter_map(|link| link["href"].as_str().map(str::to_owned)).collect()
}

/// What is read of a server by browsing it, a resource of each kind.
fn walked(server: Server) -> (Vec<Exchange>, Url) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("threads");
    runtime.block_on(async {
        let clock = Clock::adjustable();
        let settings =
            Settings { faults: server.faults, variations: server.variations, ..Settings::new(7, clock.clone()) };
        let (embedded, target) = Embedded::with(settings).await.expect("the server starts");
        let client = Client::new(&target, embedded.clock()).expect("a client");
        let base = target.base_url.clone();
        let mut walk = Walk { worker: client.worker(), all: Vec::new() };
        let entities = target.parameters["entities"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let group = target.parameters["group"].as_str().expect("a group");
        let mut waiting = vec![base.to_string()];
        waiting.extend(entities.map(|path| format!("{base}{}", path.replace("{group}", group))));
        let mut known = BTreeSet::new();
        while let Some(url) = waiting.pop().filter(|_| known.len() < 30) {
            let url = base.join(&url).expect("a link");
            let is_of_page = url.query().is_some();
            if !is_of_page && known.insert(kind(&url)) {
                waiting.extend(walk.every_way(url.as_str()).await);
            }
        }
        embedded.stop().await;
        (walk.all, base)
    })
}

/// The path without ids, and whether it is the first or second of its kind.
fn kind(url: &Url) -> String {
    url.path_segments().into_iter().flatten().map(|name| if name.len() > 20 { "*" } else { name }).collect()
}

fn held(account: &Account) -> BTreeMap<&str, usize> {
    let is_relation = |id: &str| RELATIONS.iter().any(|(relation, _)| *relation == id);
    let mut held = BTreeMap::new();
    for group in account.groups.iter().filter(|group| is_relation(&group.invariant)) {
        *held.entry(group.invariant.as_str()).or_default() += group.exchanges;
    }
    held
}

fn outcome(account: &Account, id: &str) -> String {
    let result = account.run.results.iter().find(|result| result.id == id).expect("a relation");
    format!("{:?}", result.verdict)
}

#[test]
fn each_relation_is_shown_broken() {
    for (relation, name) in RELATIONS {
        let fault = Fault::from_name(name).unwrap_or_else(|| panic!("no fault is called {name}"));
        let (exchanges, base) = walked(Server { faults: vec![fault], ..Server::default() });
        let account = audited(&har(&exchanges), &base);
        let held = held(&account);
        assert!(held.contains_key(relation), "{name} is not found: {held:?}");
        assert_eq!(held.len(), 1, "{name} is taken for others: {held:?}");
    }
}

#[test]
fn nothing_is_found_where_all_is_well() {
    let (exchanges, base) = walked(Server::default());
    let account = audited(&har(&exchanges), &base);
    assert!(account.groups.is_empty(), "{:#?}", account.groups);
    for (relation, _) in &RELATIONS[..5] {
        assert_eq!(outcome(&account, relation), "Pass", "{relation}");
    }
}

#[test]
fn what_moves_by_itself_is_not_held_against_anybody() {
    let together: [&[&str]; 4] = [
        &["volatile", "list-grows", "hrefs-keep-switches"],
        &["come-and-go", "list-shrinks", "self-as-requested"],
        &["seen-late", "query-reversed"],
        &["seen-unevenly"],
    ];
    for names in together {
        let variation =
            |name: &&str| Variation::from_name(name).unwrap_or_else(|| panic!("no variation is called {name}"));
        let (exchanges, base) =
            walked(Server { variations: names.iter().map(variation).collect(), ..Server::default() });
        let account = audited(&har(&exchanges), &base);
        assert!(account.groups.is_empty(), "{names:?}: {:#?}", account.groups);
    }
}

const BASE: &str = "https://h/api/v1.0";

/// An entry at this second: method, what follows the base URL, status and body.
fn entry(second: u32, method: &str, path: &str, status: u16, body: &Value) -> Value {
    let text = if body.is_null() { String::new() } else { body.to_string() };
    let header = |name: &str, value: &str| json!({"name": name, "value": value});
    let typed: Vec<Value> =
        if text.is_empty() { vec![header("Date", "x")] } else { vec![header("Content-Type", "application/json")] };
    json!({
        "startedDateTime": format!("2016-01-31T10:{:02}:{:02}Z", second / 60, second % 60), "time": 10,
        "request": {"method": method, "url": format!("{BASE}{path}"), "headers": [header("Host", "h")]},
        "response": {"status": status, "headers": typed, "content": {"size": text.len(), "text": text}, "bodySize": text.len()},
    })
}

fn envelope(content: &Value) -> Value {
    json!({"status": 200, "content": content})
}

fn thing(state: &str) -> Value {
    json!({"id": "5a1", "state": state, "links": [{"rel": "self", "href": format!("{BASE}/things/5a1")}]})
}

fn of(entries: &[Value]) -> Account {
    audited(&json!({"log": {"entries": entries}}).to_string(), &Url::parse(BASE).expect("a URL"))
}

const THING: &str = "/things/5a1";
const CONTENT: &str = "envelope.every-content-is-the-plain-entity";

fn read(second: u32, state: &str) -> Value {
    entry(second, "GET", THING, 200, &thing(state))
}

fn enveloped(second: u32, state: &str) -> Value {
    entry(second, "GET", "/things/5a1?envelope=true", 200, &envelope(&thing(state)))
}

#[test]
fn two_plain_reads_that_agree_are_evidence() {
    let account = of(&[read(1, "on"), enveloped(2, "off"), read(3, "on")]);
    let group = &account.groups[0];
    assert_eq!((group.invariant.as_str(), group.place.as_str(), group.exchanges), (CONTENT, "$.content.state", 1));
    let example = &group.examples[0];
    assert_eq!((example.entry, example.url.as_str()), (2, "https://h/api/v1.0/things/5a1?envelope=true"));
    assert_eq!(example.message, "the member state has another value than in the plain reads before and after it");
    assert_eq!(outcome(&of(&[read(1, "on"), enveloped(2, "on"), read(3, "on")]), CONTENT), "Pass");
}

#[test]
fn writes_in_other_recordings_stand_between_reads() {
    let read_twice = vec![read(1, "on"), enveloped(2, "off"), read(3, "on")];
    let changed = |times: &[(u32, &str)]| -> Vec<Value> {
        let write = |(second, time): &(u32, &str)| {
            let mut write = entry(*second, "PATCH", "/others", 200, &thing("off"));
            if !time.is_empty() {
                write["startedDateTime"] = json!(time);
            }
            write
        };
        times.iter().map(write).collect()
    };
    let found = |recordings: [&[Value]; 2]| {
        let base = Url::parse(BASE).expect("a URL");
        let mut audit = Audit::new(suite(), Facts::of(base)).expect("an audit");
        let texts = recordings.map(|entries| json!({"log": {"entries": entries}}).to_string());
        for text in &texts {
            audit.foresee(text.as_bytes()).expect("a recording");
        }
        for text in &texts {
            audit.recording("a.har", text.as_bytes()).expect("a recording");
        }
        let account = audit.finish(chrono::DateTime::UNIX_EPOCH, 0);
        let is_found = held(&account).contains_key(CONTENT);
        if is_found { "Fail".to_owned() } else { outcome(&account, CONTENT) }
    };
    let untimed = (2, "yesterday");
    for (writes, expected) in [
        (changed(&[]), "Fail"),
        (changed(&[(30, "")]), "Fail"),
        (changed(&[(2, "")]), "NotApplicable"),
        (changed(&[(30, ""), (0, "")]), "NotApplicable"),
        (changed(&[untimed]), "Inconclusive"),
        (changed(&[(2, "2016-01-31T12:00:02")]), "Inconclusive"),
    ] {
        assert_eq!(found([&read_twice, &writes]), expected, "{writes:?}");
        assert_eq!(found([&writes, &read_twice]), expected, "{writes:?}");
    }
}

#[test]
fn an_error_in_an_envelope_that_came_with_success_is_no_read() {
    let told = |status: u16| {
        let error = json!({"error": status, "reason": "x", "detail": "x"});
        entry(2, "GET", "/things/5a1?envelope=true", 200, &json!({"status": status, "content": error}))
    };
    for status in [404, 429, 503] {
        let account = of(&[read(1, "on"), told(status), read(3, "on")]);
        assert!(held(&account).is_empty(), "{status}: {:#?}", account.groups);
    }
}

#[test]
fn nothing_less_is_evidence() {
    let written = |second| entry(second, "PATCH", THING, 200, &thing("off"));
    let mut lost = entry(2, "PATCH", THING, 200, &thing("off"));
    lost["response"]["status"] = json!(0);
    let mut untimed = enveloped(2, "off");
    untimed["startedDateTime"] = Value::Null;
    let mut other = enveloped(2, "off");
    other["request"]["headers"] =
        json!([{"name": "Host", "value": "h"}, {"name": "Authorization", "value": "Digest username=\"b\""}]);
    let mut conditional = enveloped(2, "off");
    conditional["request"]["headers"] = json!([{"name": "Host", "value": "h"}, {"name": "If-Match", "value": "x"}]);
    for (why, entries) in [
        ("nothing after", vec![read(1, "on"), enveloped(2, "off")]),
        ("nothing before", vec![enveloped(2, "off"), read(3, "on")]),
        ("moved", vec![read(1, "on"), enveloped(2, "off"), read(3, "off")]),
        ("written before", vec![read(1, "on"), written(2), enveloped(3, "off"), read(4, "on")]),
        ("written after", vec![read(1, "on"), enveloped(2, "off"), written(3), read(4, "on")]),
        ("written just now", vec![written(1), read(3, "on"), enveloped(4, "off"), read(5, "on")]),
        ("lost between", vec![read(1, "on"), enveloped(2, "off"), lost, read(3, "on")]),
        ("long apart", vec![read(1, "on"), enveloped(2, "off"), read(90, "on")]),
        ("at the same time", vec![read(1, "on"), enveloped(1, "off"), read(1, "on")]),
        ("of another", vec![read(1, "on"), other, read(3, "on")]),
        ("under a condition", vec![read(1, "on"), conditional, read(3, "on")]),
        ("moves", vec![read(1, "on"), read(2, "off"), read(3, "on"), enveloped(4, "off"), read(5, "on")]),
        (
            "gone between",
            vec![
                read(1, "on"),
                enveloped(2, "off"),
                entry(3, "GET", THING, 404, &json!({"error": 404, "reason": "Not Found", "detail": "gone"})),
                read(4, "on"),
            ],
        ),
    ] {
        let account = of(&entries);
        assert!(held(&account).is_empty(), "{why}: {:#?}", account.groups);
        let result = account.run.results.iter().find(|result| result.id == CONTENT).expect("a relation");
        assert_ne!(format!("{:?}", result.verdict), "Inconclusive", "{why}");
    }
    let account = of(&[read(1, "on"), untimed, read(3, "on")]);
    assert!(held(&account).is_empty(), "{:#?}", account.groups);
    let account = of(&[read(1, "on"), enveloped(2, "off")]);
    let result = account.run.results.iter().find(|result| result.id == CONTENT).expect("a relation");
    assert_eq!(result.reason, Some(Reason::NothingToCompare { exchanges: 1 }));
}
