//! What is wrong with a response, without what differs from test to test: findings of equal symptoms are about one
//! mistake of the target.

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

use super::exchange::StoredExchange;
use super::run::CaseResult;
use crate::exchange::{Obstacle, is_safe};
use crate::reason::Reason;
use crate::verdict::{Datum, Finding, Location, PathStep, Verdict};

/// What is wrong with a response.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Symptom {
    /// The status.
    Status {
        /// Method and kind of path.
        request: String,
        /// The status that came.
        status: u16,
        /// Who asked for what, and what was expected; nothing where the status is wrong whatever was asked for.
        context: Option<String>,
    },
    /// Another refusal than the expected one, and which was expected; of wrong credentials, that they were wrong.
    Refusal(u16, String),
    /// A value of the body that has no parts, or that is missing.
    Value {
        /// The place in the body.
        place: String,
        /// The type of the value.
        kind: &'static str,
        /// What was expected instead, where a finding says it as a value.
        expected: Option<String>,
        /// What the test had sent before; nothing where the response is wrong whatever was sent.
        context: Option<String>,
    },
    /// The body is not what a parser can read, or breaks a rule about responses: the sentence says how.
    Rule(String),
    /// Following a link from page to page ended so.
    WalkEnd(String),
    /// A link leads to another origin.
    Origin(String),
    /// A user cannot log in.
    Login(String),
}

impl Symptom {
    /// The symptoms of a finding that did not pass; none if it can be compared with no other finding.
    pub fn all(result: &CaseResult, finding: &Finding, base_url: &str) -> Vec<Self> {
        if finding.verdict == Verdict::Pass {
            return Vec::new();
        }
        if let Some(of_reason) = finding.reason.as_deref().and_then(|reason| Self::of_reason(reason, base_url)) {
            return vec![of_reason];
        }
        let Some(exchange) = finding.exchange.and_then(|at| result.exchanges.get(at)) else { return Vec::new() };
        let context =
            || (finding.seen_in.is_none()).then(|| sent(result, finding.exchange)).filter(|sent| !sent.is_empty());
        let one = |location: &Location| match location {
            Location::Status => status(finding, exchange, context),
            Location::Body { pointer } => value(finding, exchange, &pointer.0, context),
            Location::Byte { .. } | Location::Header { .. } => Some(rule(finding)),
            Location::WalkEnd => finding.actual.as_ref().map(|end| Self::WalkEnd(end.to_string())),
            _ => finding.seen_in.is_some().then(|| rule(finding)),
        };
        let foreign = origin(finding, base_url).map(Self::Origin);
        let astray = finding.cause.as_ref().map(|cause| Self::Rule(alike(cause)));
        foreign.into_iter().chain(astray).chain(finding.location.iter().chain(&finding.also).filter_map(one)).collect()
    }

    fn of_reason(reason: &Reason, base_url: &str) -> Option<Self> {
        match reason {
            Reason::Obstacle { obstacle: Obstacle::NoLogin { user, .. } } => Some(Self::Login(user.clone())),
            Reason::ForeignLink { url, .. } => foreign(url, base_url).map(Self::Origin),
            _ => None,
        }
    }

    /// Whether this shows the response to be wrong whatever was sent before.
    pub(super) fn is_of_response(&self) -> bool {
        match self {
            Self::Status { context, .. } | Self::Value { context, .. } => context.is_none(),
            Self::Refusal(..) | Self::Rule(_) | Self::WalkEnd(_) | Self::Origin(_) | Self::Login(_) => true,
        }
    }

    /// Whether the mistake that shows itself so may show itself as the other one, too.
    pub fn explains(&self, other: &Self) -> bool {
        let covers = |one: &Option<String>, other: &Option<String>| one.is_none() || one == other;
        match (self, other) {
            (
                Self::Status { request, status, context },
                Self::Status { request: its_request, status: its_status, context: its_context },
            ) => request == its_request && status == its_status && covers(context, its_context),
            (
                Self::Value { place, kind, expected, context },
                Self::Value { place: its_place, kind: its_kind, expected: its_expected, context: its_context },
            ) => {
                let as_expected = covers(expected, its_expected) || its_expected.is_none();
                place == its_place && kind == its_kind && as_expected && covers(context, its_context)
            }
            _ => self == other,
        }
    }
}

/// A wrong status. That a request was accepted which should be refused is a matter of that request alone, so that only
/// equal ones are compared.
fn status(finding: &Finding, exchange: &StoredExchange, context: impl FnOnce() -> Option<String>) -> Option<Symptom> {
    let StoredExchange { method, url, user, credentials, status, .. } = exchange;
    let whatever = |request| Some(Symptom::Status { request, status: *status, context: None });
    let kind = format!("{method} {}", path_kind(url));
    if *status >= 500 || finding.seen_in.is_some() {
        return whatever(kind);
    }
    let wanted = finding.expected.as_ref().map(ToString::to_string).unwrap_or_default();
    let is_success_wanted = wanted.starts_with('2');
    let who = format!("{user:?} {credentials:?}");
    match user {
        Some(user) if *status == 401 && is_success_wanted && credentials.is_none() => {
            return Some(Symptom::Login(user.clone()));
        }
        _ if is_success_wanted => {}
        _ if *status >= 400 && wanted.starts_with('4') => {
            let wanted = if credentials.is_some() { "wrong credentials".to_owned() } else { wanted };
            return Some(Symptom::Refusal(*status, wanted));
        }
        _ if is_safe(method) => return whatever(format!("{method} {url} {who} {wanted}")),
        _ => return None,
    }
    let context = Some(format!("{who} {}", context().unwrap_or_default()));
    Some(Symptom::Status { request: kind, status: *status, context })
}

/// A wrong value; an array or object may be wrong in more than one way, so that there the sentence of a rule decides.
fn value(
    finding: &Finding,
    exchange: &StoredExchange,
    steps: &[PathStep],
    context: impl FnOnce() -> Option<String>,
) -> Option<Symptom> {
    let body = exchange.response_body.as_ref().and_then(|body| serde_json::from_str::<Value>(&body.text).ok())?;
    let found = steps.iter().try_fold(&body, |value, step| match step {
        PathStep::Name(name) => value.get(name),
        PathStep::Index(index) => value.get(index),
    });
    let kind = match found {
        None => "nothing",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::String(_)) => "string",
        Some(Value::Array(_) | Value::Object(_)) => return finding.seen_in.is_some().then(|| rule(finding)),
    };
    let inside = steps.strip_prefix(&[PathStep::Name("content".to_owned())]);
    let steps = inside.filter(|_| body.get("status").is_some()).unwrap_or(steps);
    let expected = match &finding.expected {
        Some(Datum::Value(wanted)) => Some(wanted.to_string()),
        _ => None,
    };
    Some(Symptom::Value { place: place_kind(steps), kind, expected, context: context() })
}

fn rule(finding: &Finding) -> Symptom {
    Symptom::Rule(alike(&finding.message))
}

/// What a test had sent that may change something, until an exchange: methods, kinds of paths and of bodies, and who.
fn sent(result: &CaseResult, until: Option<usize>) -> String {
    let until = until.map_or(result.exchanges.len(), |at| at + 1);
    let all = result.exchanges.iter().take(until).filter(|exchange| !is_safe(&exchange.method));
    let each = all.map(|exchange| {
        let body = exchange.request_body.as_ref().map(|body| shape(&body.text)).unwrap_or_default();
        let who = format!("{:?} {:?}", exchange.user, exchange.credentials);
        format!("{} {} {who} {body}", exchange.method, path_kind(&exchange.url))
    });
    each.collect::<Vec<_>>().join("\n")
}

/// The names and types of a body's members.
fn shape(text: &str) -> String {
    let mut parts = BTreeMap::new();
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        note_parts(&value, "", &mut parts);
    }
    parts.into_iter().map(|(name, kind)| format!("{name}:{kind}")).collect::<Vec<_>>().join(",")
}

fn note_parts(value: &Value, name: &str, parts: &mut BTreeMap<String, &'static str>) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(items) => {
            for item in items {
                note_parts(item, &format!("{name}[]"), parts);
            }
            "array"
        }
        Value::Object(members) => {
            for (member, value) in members {
                note_parts(value, &format!("{name}.{member}"), parts);
            }
            "object"
        }
    };
    parts.insert(name.to_owned(), kind);
}

/// The path of a URL with a star for each segment that holds a digit, as ids do, and the names of its parameters.
fn path_kind(url: &str) -> String {
    let Ok(url) = Url::parse(url) else { return url.to_owned() };
    let segments = url.path().split('/').map(|segment| if has_digit(segment) { "*" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

fn place_kind(steps: &[PathStep]) -> String {
    let each = steps.iter().map(|step| match step {
        PathStep::Name(name) => format!("/{name}"),
        PathStep::Index(_) => "/*".to_owned(),
    });
    each.collect()
}

/// The other origin to which the value that came leads, if it is a URL.
fn origin(finding: &Finding, base_url: &str) -> Option<String> {
    match &finding.actual {
        Some(Datum::Value(Value::String(text))) => foreign(text, base_url),
        _ => None,
    }
}

fn foreign(text: &str, base_url: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let own = Url::parse(base_url).ok()?.origin();
    (url.origin() != own).then(|| url.origin().ascii_serialization())
}

/// A sentence without what differs from test to test: numbers, and what is quoted.
pub fn alike(message: &str) -> String {
    let mut text = String::new();
    for (at, part) in message.split('`').enumerate() {
        let is_quoted = at % 2 == 1;
        if is_quoted {
            text.push('`');
            continue;
        }
        for letter in part.chars() {
            match letter {
                '0'..='9' if text.ends_with('#') => {}
                '0'..='9' => text.push('#'),
                _ => text.push(letter),
            }
        }
    }
    text
}
