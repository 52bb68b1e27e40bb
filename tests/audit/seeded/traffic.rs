//! Recorded traffic of a server that conforms: one response of each kind after the other, none about the same resource.

use serde_json::{Value, json};

pub(crate) const BASE: &str = "https://api.example.com/api/atlas/v1.0";

/// What kind of exchange it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Entity,
    Snapshot,
    Page,
    FirstPage,
    Missing,
    Refused,
    Forbidden,
    Enveloped,
    EnvelopedPage,
    Pretty,
    Created,
    Accepted,
    AddedTo,
}

pub(crate) const KINDS: [Kind; 13] = [
    Kind::Entity,
    Kind::Snapshot,
    Kind::Page,
    Kind::FirstPage,
    Kind::Missing,
    Kind::Refused,
    Kind::Forbidden,
    Kind::Enveloped,
    Kind::EnvelopedPage,
    Kind::Pretty,
    Kind::Created,
    Kind::Accepted,
    Kind::AddedTo,
];

/// A response and its request, before it is recorded.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) kind: Kind,
    pub(crate) method: &'static str,
    /// Below the base URL.
    pub(crate) path: String,
    pub(crate) query: &'static str,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Value,
    /// The text of the body, if it is not just the value written as asked for.
    pub(crate) text: Option<String>,
}

impl Sample {
    /// The conforming exchange of this number.
    pub(crate) fn of(number: usize) -> Self {
        let kind = KINDS[number % KINDS.len()];
        let group = format!("/groups/5a{number}");
        let headers = vec![("Content-Type", "application/json".to_owned())];
        let base = Self {
            kind,
            method: "GET",
            path: group.clone(),
            query: "",
            status: 200,
            headers,
            body: Value::Null,
            text: None,
        };
        let cluster = format!("{group}/clusters/7c{number}");
        match kind {
            Kind::Entity => Self { body: entity(&cluster), path: cluster, ..base },
            Kind::Snapshot => {
                let path = format!("{group}/snapshots/9d{number}");
                Self { body: snapshot(&path), path, ..base }
            }
            Kind::Page => {
                let path = format!("{group}/hosts");
                Self { body: page(&path), path, query: "?pageNum=2&itemsPerPage=5&status=up", ..base }
            }
            Kind::FirstPage => {
                let path = format!("{group}/users");
                Self { body: first_page(&path, 3), path, ..base }
            }
            Kind::Missing => Self { status: 404, body: error(404, "Not Found"), path: cluster, ..base },
            Kind::Refused => {
                let challenge = r#"Digest realm="r", nonce="n1", qop="auth", algorithm=MD5, stale=false"#.to_owned();
                let headers = [base.headers.clone(), vec![("WWW-Authenticate", challenge)]].concat();
                Self { status: 401, body: error(401, "Unauthorized"), headers, ..base }
            }
            Kind::Forbidden => {
                let headers = [base.headers.clone(), vec![("Allow", "GET, HEAD".to_owned())]].concat();
                let body = error(405, "Method Not Allowed");
                Self { method: "DELETE", status: 405, body, headers, path: "/".to_owned(), ..base }
            }
            Kind::Enveloped => {
                let body = json!({"status": 200, "content": entity(&cluster)});
                Self { body, path: cluster, query: "?envelope=true", ..base }
            }
            Kind::EnvelopedPage => {
                let path = format!("{group}/users");
                let mut body = first_page(&path, 2);
                body["status"] = json!(200);
                Self { body, path, query: "?envelope=true", ..base }
            }
            Kind::Pretty => Self { body: entity(&cluster), path: cluster, query: "?pretty=true", ..base },
            Kind::Created => {
                Self { method: "POST", status: 201, body: entity(&cluster), path: format!("{group}/clusters"), ..base }
            }
            Kind::Accepted => Self { method: "PATCH", status: 202, body: entity(&cluster), path: cluster, ..base },
            Kind::AddedTo => {
                let path = format!("{group}/whitelist");
                Self { method: "POST", body: first_page(&path, 2), path, ..base }
            }
        }
    }

    /// The entry of a recording.
    pub(crate) fn entry(&self, number: usize) -> Value {
        let pair = |name: &str, value: &str| json!({"name": name, "value": value});
        let text = self.text.clone().unwrap_or_else(|| self.written());
        let mut headers: Vec<Value> = self.headers.iter().map(|(name, value)| pair(name, value)).collect();
        headers.push(pair("Content-Length", &text.len().to_string()));
        let label = self.headers.iter().find(|(name, _)| *name == "Content-Type").map_or("", |(_, value)| value);
        let minute = number / 60;
        json!({
            "startedDateTime": format!("2026-03-01T10:{minute:02}:{:02}.000Z", number % 60), "time": 20,
            "request": {
                "method": self.method, "url": format!("{BASE}{}{}", self.path, self.query),
                "headers": [pair("Host", "api.example.com"), pair("User-Agent", "x/1"), pair("Content-Type", "application/json")],
            },
            "response": {
                "status": self.status, "headers": headers,
                "content": {"size": text.len(), "mimeType": label, "text": text}, "bodySize": text.len(),
            },
        })
    }

    fn written(&self) -> String {
        if self.kind == Kind::Pretty { format!("{:#}", self.body) } else { self.body.to_string() }
    }
}

pub(crate) fn link(rel: &str, path: &str) -> Value {
    json!({"rel": rel, "href": format!("{BASE}{path}")})
}

fn entity(path: &str) -> Value {
    json!({
        "id": path.rsplit('/').next(), "name": "Cluster", "created": "2016-01-31T10:00:00Z", "diskSizeGB": 10,
        "retentionValue": 3, "retentionUnit": "days",
        "members": [{"host": "h1", "priority": 1}, {"host": "h2", "priority": 2}],
        "links": [link("self", path), {"rel": "https://api.example.com/rel/hosts", "href": format!("{BASE}{path}/hosts")}],
    })
}

fn snapshot(path: &str) -> Value {
    json!({
        "id": path.rsplit('/').next(), "lastOplog": {"date": "2016-01-31T10:00:00Z", "increment": 3},
        "links": [link("self", path)],
    })
}

pub(crate) fn item(list: &str, id: usize) -> Value {
    json!({"id": format!("{id}"), "hostname": format!("h{id}"), "links": [link("self", &format!("{list}/{id}"))]})
}

fn page(list: &str) -> Value {
    let to = |rel: &str, number: u32| link(rel, &format!("{list}?pageNum={number}&itemsPerPage=5&status=up"));
    json!({
        "totalCount": 40, "results": (6..11).map(|id| item(list, id)).collect::<Vec<_>>(),
        "links": [to("self", 2), to("previous", 1), to("next", 3)],
    })
}

pub(crate) fn first_page(list: &str, items: usize) -> Value {
    json!({
        "totalCount": items, "results": (0..items).map(|id| item(list, id)).collect::<Vec<_>>(),
        "links": [link("self", list)],
    })
}

fn error(status: u16, reason: &str) -> Value {
    json!({"error": status, "reason": reason, "detail": "There is more to say about it."})
}
