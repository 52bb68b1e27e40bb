//! A made-up conversation of a client and a server.

use std::time::Duration;

use chrono::TimeDelta;
use url::Url;

use super::super::*;
use crate::digest::answer::{NameForm, Offer, Qop};
use crate::digest::session::{Session, Signed};
use crate::exchange::{Request, Response, Role};
use crate::verdict::settle;

pub(super) const KEY: &str = "0a1b2c3d-key";
pub(super) const BASE: &str = "http://127.0.0.1:8080/api/atlas/v1.0";

/// A made-up conversation: each exchange takes ten milliseconds.
pub(super) struct Talk {
    pub(super) watch: Watch,
    pub(super) now: DateTime<Utc>,
    pub(super) findings: Vec<Finding>,
}

/// One exchange of it.
#[derive(Clone)]
pub(super) struct Said {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: &'static str,
    pub(super) status: u16,
    pub(super) answer: Vec<(&'static str, String)>,
    pub(super) told: &'static str,
}

pub(super) fn get(path: &str) -> Said {
    Said {
        method: "GET",
        path: path.to_owned(),
        headers: Vec::new(),
        body: "",
        status: 200,
        answer: Vec::new(),
        told: "{}",
    }
}

impl Said {
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(super) fn signed(self, session: &mut Session) -> Self {
        let value = credentials(session, self.method, &format!("/api/atlas/v1.0{}", self.path));
        self.with("authorization", value)
    }

    pub(super) fn answered(self, status: u16) -> Self {
        Self { status, ..self }
    }

    pub(super) fn and(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.answer.push((name, value.into()));
        self
    }

    pub(super) fn stale(self) -> Self {
        self.answered(401).and("www-authenticate", challenge("two", "true"))
    }

    pub(super) fn sending(self, method: &'static str, body: &'static str) -> Self {
        Self { method, body, ..self }
    }
}

pub(super) fn challenge(nonce: &str, stale: &str) -> String {
    format!("Digest realm=\"r\", nonce=\"{nonce}\", opaque=\"o\", algorithm=MD5, qop=\"auth\", stale={stale}")
}

pub(super) fn offer(nonce: &str) -> Offer {
    Offer {
        realm: "r".to_owned(),
        nonce: nonce.to_owned(),
        opaque: Some("o".to_owned()),
        algorithm_text: Some("MD5".to_owned()),
        qop: Qop::Auth,
        username: NameForm::Plain,
        ..Offer::default()
    }
}

pub(super) fn session(nonce: &str) -> Session {
    Session::new(offer(nonce), "c".to_owned())
}

pub(super) fn credentials(session: &mut Session, method: &str, uri: &str) -> String {
    session.sign(Signed { username: "u", key: KEY, method, uri, body: b"" }).to_string()
}

impl Talk {
    pub(super) fn new() -> Self {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(1);
        let watch = Watch::knowing([("u".to_owned(), SecretString::from(KEY))]);
        Self { watch, now, findings: Vec::new() }
    }

    /// With the challenge of nonce `one` told.
    pub(super) fn begun() -> Self {
        let mut talk = Self::new();
        talk.say(get("").answered(401).and("www-authenticate", challenge("one", "false")));
        talk
    }

    pub(super) fn say(&mut self, said: Said) -> Vec<Finding> {
        let mut request = Request::new(said.method, Url::parse(&format!("{BASE}{}", said.path)).unwrap());
        request.headers = said.headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        request.body = Some(said.body.as_bytes().to_vec());
        let response = Response {
            status: said.status,
            headers: said.answer.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            body: said.told.as_bytes().to_vec(),
            ..Response::default()
        };
        let (started, duration) = (self.now, Duration::from_millis(10));
        let found = self.watch.see(&Exchange { request, response, started, duration, role: Role::Asked });
        self.findings.extend(found.clone());
        self.now += TimeDelta::milliseconds(11);
        found
    }

    pub(super) fn wait(&mut self, seconds: i64) {
        self.now += TimeDelta::seconds(seconds);
    }

    pub(super) fn end(mut self) -> Vec<Finding> {
        self.findings.extend(self.watch.finish(self.now));
        self.findings
    }
}

pub(super) fn about(findings: &[Finding], rule: Rule) -> Option<Verdict> {
    let of: Vec<Finding> =
        findings.iter().filter(|finding| finding.requirements == [rule.info().id]).cloned().collect();
    settle(&of)
}

pub(super) fn broken(findings: &[Finding]) -> Vec<&str> {
    let broken = findings.iter().filter(|finding| finding.verdict == Verdict::Fail);
    broken.map(|finding| finding.requirements[0].as_str()).collect()
}
