//! Every fault shows: a tour of the house tells a faulty server from a right one.

use std::time::Duration;

use atlaspec::reference::{Fault, FaultInfo, Tls};
use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::limits::turn_to;
use crate::visitor::{House, Reply, Visitor};
use crate::wire::talk;

/// What a visitor notes; what differs from server to server by chance is left out.
struct Notes {
    house: House,
    lines: Vec<String>,
}

impl Notes {
    fn note(&mut self, what: &str, reply: &Reply) {
        let headers = ["content-type", "allow", "retry-after"].map(|name| reply.header(name)).join(" ");
        let challenges: Vec<String> = reply.headers.get_all("www-authenticate").iter().map(without_nonce).collect();
        let body =
            serde_json::from_str(&reply.text).map_or_else(|_| reply.text.clone(), |body| sorted(body).to_string());
        let body = body.replace(&self.house.server.base_url(), "");
        let (lines, bytes) = (reply.text.lines().count(), reply.text.len());
        self.lines.push(format!("{what}: {} {headers} {challenges:?} {lines} {bytes} {body}", reply.status));
    }

    async fn get(&mut self, visitor: &Visitor, path: &str) -> Reply {
        let reply = visitor.get(path).await;
        self.note(path, &reply);
        reply
    }

    async fn write(&mut self, visitor: &Visitor, method: &str, path: &str, body: &Value) -> Reply {
        let reply = visitor.write(method, path, body).await;
        self.note(&format!("{method} {path}"), &reply);
        reply
    }
}

fn without_nonce(value: &reqwest::header::HeaderValue) -> String {
    let text = value.to_str().unwrap();
    match (text.find("nonce="), text.find(", qop")) {
        (Some(start), Some(end)) => format!("{}{}", &text[..start], &text[end..]),
        _ => text.to_owned(),
    }
}

/// The value with its members in order, and without the dates of this very day.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> = members.into_iter().collect();
            members.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Object(members.into_iter().map(|(name, value)| (name, sorted(value))).collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        Value::String(text) if text.len() >= 20 && text.starts_with("20") && &text[..4] > "2020" => json!("today"),
        plain => plain,
    }
}

fn document(name: &str) -> Value {
    json!({ "name": name, "eventTypeName": "HOST_DOWN", "notification": { "email": "a@b" }, "note": "n" })
}

/// Reads everything in every form.
async fn read(notes: &mut Notes) {
    let owner = notes.house.user("owner");
    let parameter = |name: &str| notes.house.parameter(name);
    let texts = |value: Value| {
        value.as_array().unwrap().iter().map(|path| path.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let mut paths = [texts(parameter("entities")), texts(parameter("lists"))].concat();
    for query in [
        "?itemsPerPage=4",
        "?itemsPerPage=4&pageNum=3",
        "?envelope=true&pageNum=2&itemsPerPage=4",
        "?envelope=false",
        "?pretty=true",
    ] {
        paths.push(notes.house.in_group(&format!("/clusters{query}")));
    }
    for query in [
        "?itemsPerPage=100",
        "?itemsPerPage=101",
        "?pageNum=x",
        "?pageNum=99999999999999999999",
        "?typeName=SHARD_MONGOS&itemsPerPage=9",
    ] {
        paths.push(notes.house.in_group(&format!("/hosts{query}")));
    }
    let between = notes.house.path("dated", "between");
    for date in [&format!("{between}Z"), &between, &format!("{between}%2B05:00"), "yesterday"] {
        paths.push(notes.house.in_group(&format!("/events?minDate={date}")));
    }
    let entity = notes.house.parameter("entity").as_str().unwrap().to_owned();
    paths
        .extend(["envelope=true", "pretty=true", "envelope=true&pretty=true"].map(|query| format!("{entity}?{query}")));
    let missing = notes.house.path("missing", "entity");
    paths.extend([format!("{missing}?envelope=true"), format!("{missing}?pretty=true"), missing]);
    paths.extend([notes.house.path("list", "empty"), notes.house.path("missing", "list")]);
    for path in paths {
        notes.get(&owner, &path).await;
    }
    let head = owner.send(Method::HEAD, &entity, None).await;
    notes.note("HEAD", &head);
    let raw = talk(&notes.house, "HEAD /api/atlas/v1.0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    notes.lines.push(format!("raw HEAD ends with its head: {}", raw.ends_with("\r\n\r\n")));
}

/// Writes everything, rightly and wrongly.
async fn write(notes: &mut Notes) {
    let (owner, list) = (notes.house.user("owner"), notes.house.in_group("/alertConfigs"));
    for (method, path) in [("DELETE", "/"), ("PUT", "/groups")] {
        notes.write(&owner, method, path, &json!({})).await;
    }
    let mut other = document("other");
    other["activeFrom"] = json!("2016-11-01T01:30:00+02:00");
    let other = notes.write(&owner, "POST", &list, &other).await;
    let made = notes.write(&owner, "POST", &list, &document("made")).await;
    let path = made.header("location").strip_prefix(&owner.base).unwrap().to_owned();
    notes.get(&owner, &path).await;
    for (method, body) in [
        ("PATCH", json!({ "enabled": false })),
        ("PATCH", json!({ "activeFrom": "2016-11-01T01:30:00" })),
        ("PATCH", json!({ "nmae": "x", "enabled": true })),
        ("PUT", json!({ "name": "made", "eventTypeName": "HOST_UP", "notification": { "email": "a@b" } })),
        ("PUT", json!({ "nmae": "x", "name": "made", "eventTypeName": "HOST_UP", "notification": { "email": "a@b" } })),
        ("PATCH", json!({ "id": "x" })),
        ("PATCH", json!({ "name": "other" })),
    ] {
        notes.write(&owner, method, &path, &body).await;
        notes.get(&owner, &path).await;
    }
    notes
        .write(
            &owner,
            "POST",
            &list,
            &json!({ "nmae": "x", "name": "new", "eventTypeName": "HOST_UP", "notification": { "email": "a@b" } }),
        )
        .await;
    notes
        .write(
            &owner,
            "POST",
            &list,
            &json!({ "eventTypeName": "HOST_UP", "notification": { "email": "a@b" }, "name": "last" }),
        )
        .await;
    for (content_type, text) in [
        ("text/plain", document("text").to_string()),
        ("application/json; charset=utf-8", document("charset").to_string()),
        ("application/json", "{".to_owned()),
    ] {
        let reply = owner.send(Method::POST, &list, Some((content_type, text))).await;
        notes.note(content_type, &reply);
    }
    notes.write(&owner, "DELETE", &path, &json!({})).await;
    notes.get(&owner, &path).await;
    notes.write(&owner, "DELETE", &path, &json!({})).await;
    let missing = notes.house.path("document", "missing-list");
    notes.write(&owner, "POST", &missing, &document("lost")).await;
    assert!(other.header("location").starts_with(&owner.base));
    let job = notes.house.parameter("job");
    notes.write(&owner, "POST", job["list"].as_str().unwrap(), &job["valid"]).await;
}

/// Logs in rightly and wrongly.
async fn log_in(notes: &mut Notes) {
    let owner = notes.house.user("owner");
    let nobody = owner.anonymous(Method::GET, "/").await;
    notes.note("nobody", &nobody);
    let (mut wrong, mut unknown) = (owner.clone(), owner.clone());
    wrong.key.push('x');
    unknown.username.insert(0, 'x');
    notes.get(&wrong, "/").await;
    notes.get(&unknown, "/").await;
    notes.get(&owner, "/groups?pageNum=1").await;
    let fresh = owner.challenge("/groups").await.nonce != owner.challenge("/groups").await.nonce;
    notes.lines.push(format!("another nonce: {fresh}"));
    let mut forged = owner.challenge("/groups").await;
    let head = owner.sign(forged.clone(), &Method::HEAD, "/");
    let other_uri = owner.sign(owner.challenge("/groups").await, &Method::GET, "/groups");
    let good = owner.sign(owner.challenge("/groups").await, &Method::GET, "/");
    let late = owner.sign(owner.challenge("/groups").await, &Method::GET, "/");
    forged.nonce = "A".repeat(32);
    let forged = owner.sign(forged, &Method::GET, "/");
    for (what, signed) in
        [("method", &head), ("uri", &other_uri), ("forged", &forged), ("good", &good), ("again", &good)]
    {
        let reply = owner.send_with(Method::GET, "/", None, signed).await;
        notes.note(what, &reply);
    }
    notes.house.clock.sleep(Duration::from_secs(70)).await;
    let reply = owner.send_with(Method::GET, "/", None, &late).await;
    notes.note("late", &reply);
}

/// Comes as everybody, from everywhere.
async fn come(notes: &mut Notes) {
    let list = notes.house.in_group("/alertConfigs");
    for user in ["reader", "outsider"] {
        let visitor = notes.house.user(user);
        notes.get(&visitor, &list).await;
        notes.write(&visitor, "POST", &list, &document(user)).await;
    }
    let restricted = notes.house.path("restricted", "path");
    for (user, address) in [("owner", "127.0.0.2"), ("owner", "127.0.0.3"), ("owner", "127.0.0.4")] {
        let visitor = notes.house.user_from(user, address);
        let reply = visitor.get(&restricted).await;
        notes.note(address, &reply);
    }
}

/// Asks too often.
async fn hurry(notes: &mut Notes) {
    let (owner, second) = (notes.house.user("owner"), notes.house.user("second"));
    let [limited, other, free] = ["path", "other", "free"].map(|name| notes.house.path("limited", name));
    turn_to(&notes.house, 30).await;
    for (visitor, path, count) in [
        (&owner, &limited, 100),
        (&owner, &limited, 1),
        (&second, &limited, 1),
        (&second, &other, 1),
        (&second, &free, 1),
    ] {
        for _ in 0..count {
            let status = visitor.get(path).await.status;
            notes.lines.push(format!("{} {path}: {status}", visitor.username));
        }
    }
    turn_to(&notes.house, 1).await;
    let status = owner.get(&limited).await.status;
    notes.lines.push(format!("the next minute: {status}"));
}

async fn tour(fault: Option<Fault>, chapter: &str) -> Vec<String> {
    let tls = if chapter == "https" { Tls::On } else { Tls::Off };
    let house = House::with(|settings| {
        settings.faults = fault.into_iter().collect();
        settings.tls = tls;
    })
    .await;
    let mut notes = Notes { house, lines: Vec::new() };
    match chapter {
        "https" => {
            let answer =
                talk(&notes.house, "GET /api/atlas/v1.0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
            notes.lines.push(format!("plain HTTP: {}", answer.contains("HTTP/1.1 ")));
        }
        "auth" => {
            log_in(&mut notes).await;
            come(&mut notes).await;
        }
        "rate" => hurry(&mut notes).await,
        _ => {
            read(&mut notes).await;
            write(&mut notes).await;
        }
    }
    notes.lines
}

/// The tour on which a fault must show.
fn chapter(info: &FaultInfo) -> &'static str {
    match info.violates[0] {
        "auth.https-only" => "https",
        id if id.starts_with("auth.") => "auth",
        id if id.starts_with("rate.") => "rate",
        _ => "all",
    }
}

#[tokio::test]
async fn a_tour_of_a_right_server_is_always_the_same() {
    for chapter in ["https", "auth", "rate", "all"] {
        assert_eq!(tour(None, chapter).await, tour(None, chapter).await);
    }
}

#[tokio::test]
async fn every_fault_shows() {
    let mut right = std::collections::HashMap::new();
    for chapter in ["https", "auth", "rate", "all"] {
        right.insert(chapter, tour(None, chapter).await);
    }
    let mut hidden = Vec::new();
    for info in Fault::table() {
        let chapter = chapter(info);
        if tour(Some(info.fault), chapter).await == right[chapter] {
            hidden.push(info.name);
        }
    }
    assert_eq!(hidden, Vec::<&str>::new());
}
