//! Exchanges and expectations in few words.

use std::sync::Arc;
use std::time::Duration;

use atlaspec::check::{Facts, Judge};
use atlaspec::exchange::{Exchange, Request, Response, Role};
use atlaspec::suite::{Block, Check, Expectation, Matcher, Scope, Uniques};
use atlaspec::verdict::{Finding, Source, Verdict};
use chrono::DateTime;
use serde_json::{Map, Value};
use url::Url;

pub(crate) const BASE: &str = "https://h.example/api/atlas/v1.0";

macro_rules! payloads {
    ($($name:literal),*) => {
        [$(($name, include_str!(concat!("../../schemas/payloads/", $name, ".schema.json")))),*]
    };
}

pub(crate) fn schemas() -> Vec<(String, Value)> {
    let all = payloads!(
        "entity",
        "envelope",
        "envelope-list",
        "error",
        "link",
        "links",
        "list",
        "list-links",
        "root",
        "timestamp"
    );
    all.map(|(name, text)| (name.to_owned(), serde_json::from_str(text).unwrap())).into()
}

pub(crate) fn judge() -> Judge {
    let facts = Facts {
        base_url: Url::parse(BASE).unwrap(),
        page_maximum: 100,
        date_members: vec!["day".to_owned()],
        unit_members: vec!["weight".to_owned()],
    };
    Judge::new(&schemas(), facts).unwrap()
}

pub(crate) fn scope() -> Scope {
    let mut scope = Scope::new(Arc::new(Map::new()), Uniques::new("t"));
    scope.set("three", Value::from(3));
    scope.set("list", serde_json::json!([1, 2, 3]));
    scope
}

/// `GET` of a path below the base URL, answered with 200 and this JSON text.
pub(crate) fn got(path: &str, body: &str) -> Exchange {
    answered("GET", path, 200, body)
}

pub(crate) fn answered(method: &str, path: &str, status: u16, body: &str) -> Exchange {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Exchange {
        request: Request::new(method, Url::parse(&format!("{BASE}{path}")).unwrap()),
        response: Response { status, headers, body: body.as_bytes().to_vec(), ..Response::default() },
        started: DateTime::UNIX_EPOCH,
        duration: Duration::from_millis(1500),
        role: Role::Asked,
    }
}

pub(crate) fn with_header(mut exchange: Exchange, name: &str, value: &str) -> Exchange {
    exchange.response.headers.retain(|(known, _)| known != name);
    exchange.response.headers.push((name.to_owned(), value.to_owned()));
    exchange
}

pub(crate) fn expectation(check: Check) -> Expectation {
    Expectation { check, says: None, source: Source { file: "cases/x.yaml".to_owned(), line: 3, column: 5 } }
}

pub(crate) fn block(checks: impl IntoIterator<Item = Check>) -> [Block; 1] {
    [Block {
        proves: vec!["a.b".to_owned()],
        given: Vec::new(),
        expectations: checks.into_iter().map(expectation).collect(),
    }]
}

pub(crate) fn body(path: &str, matcher: Matcher) -> Check {
    Check::Body(path.to_owned(), matcher)
}

pub(crate) fn equals(value: impl Into<Value>) -> Matcher {
    Matcher::Equals(value.into())
}

/// What came of one check on one answer, in few words: `pass`, `fail: …` or `inconclusive: …`.
pub(crate) fn verdict(check: Check, exchange: &Exchange) -> String {
    let findings = judge().answer(&block([check]), exchange, 7, &scope());
    assert_eq!(findings.len(), 1);
    words(&findings[0])
}

pub(crate) fn words(finding: &Finding) -> String {
    match finding.verdict {
        Verdict::Pass => "pass".to_owned(),
        Verdict::Fail => format!("fail: {}", finding.message),
        Verdict::Inconclusive => format!("inconclusive: {}", finding.message),
    }
}
