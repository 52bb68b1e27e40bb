//! What is kept of an exchange to hold it against others.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use url::Url;

use super::value::{digest, members};
use crate::audit::har::Recorded;
use crate::check::View;
use crate::exchange::Request;

/// How a resource was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Plain,
    Pretty,
    Enveloped,
    Head,
}

/// From when until when it took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) started: DateTime<Utc>,
    pub(super) ended: DateTime<Utc>,
}

/// An exchange that was read.
#[derive(Debug)]
pub(super) struct Glance {
    /// The resource, and who asked for it.
    pub(super) key: u64,
    pub(super) how: How,
    pub(super) span: Span,
    pub(super) status: u16,
    /// The media type; `None` if the headers are not recorded.
    pub(super) media: Option<String>,
    pub(super) members: Vec<(Box<str>, u64)>,
    pub(super) entry: usize,
    pub(super) url: Url,
}

/// Recordings are exact to the millisecond, some less.
const ROUNDING: TimeDelta = TimeDelta::milliseconds(5);

impl Span {
    /// The time of an exchange, if it is recorded.
    pub(super) fn of(recorded: &Recorded) -> Option<Self> {
        let started = recorded.exchange.started;
        let took = TimeDelta::from_std(recorded.exchange.duration).ok()?;
        (started != DateTime::UNIX_EPOCH).then_some(Self { started, ended: started.checked_add_signed(took)? })
    }

    /// Whether it was over before the other began.
    pub(super) fn is_before(self, other: Self) -> bool {
        self.ended <= other.started + ROUNDING
    }
}

impl Glance {
    /// `None` of what cannot be held against anything: what is not known whole, is asked for under a condition, or
    /// was answered in a way that says nothing of the resource.
    pub(super) fn of(entry: usize, recorded: &Recorded, view: &View<'_>, who: u64) -> Option<Self> {
        let (request, response) = (&recorded.exchange.request, &recorded.exchange.response);
        let gaps = &recorded.gaps;
        let how = how(request)?;
        let is_known = gaps.query.is_none() && gaps.status.is_none() && (how == How::Head || gaps.body.is_none());
        if !is_known {
            return None;
        }
        let members = match how {
            How::Head => Vec::new(),
            _ if response.status == 200 => view.plain_body().and_then(members).unwrap_or_default(),
            _ => Vec::new(),
        };
        let media = response.header("content-type").unwrap_or_default();
        let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        Some(Self {
            key: resource(&request.url, who, &["envelope", "pretty"]),
            how,
            span: Span::of(recorded)?,
            status: response.status,
            media: gaps.headers.is_none().then_some(media),
            members,
            entry,
            url: request.url.clone(),
        })
    }
}

fn how(request: &Request) -> Option<How> {
    let query = request.url.query().unwrap_or_default();
    let switch = |name: &str| {
        if !query.contains(name) {
            return Some(false);
        }
        let mut all = request.url.query_pairs().filter(|(key, _)| key == name);
        match (all.next(), all.next()) {
            (None, _) => Some(false),
            (Some((_, on)), None) if on == "true" => Some(true),
            // Written otherwise, it may mean either.
            _ => None,
        }
    };
    match (request.method.as_str(), switch("pretty")?, switch("envelope")?) {
        ("GET", false, false) => Some(How::Plain),
        ("GET", true, false) => Some(How::Pretty),
        ("GET", false, true) => Some(How::Enveloped),
        ("HEAD", false, false) => Some(How::Head),
        _ => None,
    }
}

/// A resource as this client sees it, whatever these parameters say.
pub(super) fn resource(url: &Url, who: u64, aside: &[&str]) -> u64 {
    if url.query().is_none() {
        return digest((url.path(), 0_u64, who));
    }
    let pairs = url.query_pairs().filter(|(name, _)| !aside.contains(&name.as_ref()));
    let query = pairs.fold(0_u64, |sum, pair| sum.wrapping_add(digest(pair)));
    digest((url.path(), query, who))
}

/// Who asks, and for which form: what may change an answer. `None` if the request is not known whole, or asks under a
/// condition.
pub(super) fn who(recorded: &Recorded) -> Option<u64> {
    if recorded.gaps.request_headers.is_some() {
        return None;
    }
    let mut who = 0_u64;
    for (name, value) in &recorded.exchange.request.headers {
        match name.as_str() {
            "range" | "if-none-match" | "if-modified-since" | "if-match" | "if-unmodified-since" | "if-range" => {
                return None;
            }
            "authorization" => who = who.wrapping_add(digest((name, user(value)))),
            "accept" | "accept-language" | "cookie" => who = who.wrapping_add(digest((name, value))),
            _ => {}
        }
    }
    Some(who)
}

/// The user whom credentials name, or the scheme.
fn user(value: &str) -> &str {
    let named = value.split_once("username=").map(|(_, rest)| rest.trim_start_matches('"'));
    match named {
        Some(rest) => rest.split(['"', ',']).next().unwrap_or_default(),
        None => value,
    }
}

/// The entity that a body is of: where its link `self` leads, and its `id`.
pub(super) fn own<'a>(body: &'a Value, document: &Url) -> Option<(Url, &'a str)> {
    let id = body.get("id")?.as_str()?;
    let is_self = |link: &&Value| link["rel"].as_str().is_some_and(|rel| rel.eq_ignore_ascii_case("self"));
    let href = body.get("links")?.as_array()?.iter().find(is_self)?["href"].as_str()?;
    Some((document.join(href).ok()?, id))
}
