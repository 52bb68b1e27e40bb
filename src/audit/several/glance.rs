//! What is kept of an exchange to hold it against others.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use url::Url;

use super::value::{Members, digest, members};
use crate::audit::credentials::named_in;
use crate::audit::har::{Recorded, Timing};
use crate::check::{MediaType, SAME_RESOURCE, View, href, is_list, normal_path, whole};
use crate::exchange::Request;

/// How a resource was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Plain,
    Pretty,
    Enveloped,
    Head,
}

/// From when until when it took, as far as that is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) started: Option<DateTime<Utc>>,
    pub(super) ended: Option<DateTime<Utc>>,
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
    pub(super) members: Members,
    /// Who asked.
    pub(super) who: u64,
    /// The `totalCount` of a list.
    pub(super) total: Option<u64>,
    /// Where a list goes on.
    pub(super) page: Option<PageOf>,
    /// The `id` of an entity.
    pub(super) id: Option<u64>,
    /// The resource to which the link `self` of an entity leads.
    pub(super) own: Option<u64>,
    pub(super) entry: usize,
    pub(super) url: Url,
}

/// Which page of a list was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct PageOf {
    /// The list, whichever its page.
    pub(super) list: u64,
    /// Whether it names no previous page.
    pub(super) is_first: bool,
    /// The resource that its link `next` leads to.
    pub(super) next: Option<u64>,
}

/// Recordings are exact to the millisecond, some less.
const ROUNDING: TimeDelta = TimeDelta::milliseconds(5);

impl Span {
    /// The time of an exchange.
    pub(super) fn of(time: Timing) -> Self {
        Self { started: time.started, ended: time.ended() }
    }

    /// Whether it is known that it was over before the other began.
    pub(super) fn is_before(self, other: Self) -> bool {
        self.ended.zip(other.started).is_some_and(|(ended, started)| ended <= started + ROUNDING)
    }
}

impl Glance {
    /// `None` of what cannot be held against anything: what is not known whole, is asked for under a condition, or
    /// was answered in a way that says nothing of the resource.
    pub(super) fn of(entry: usize, recorded: &Recorded, view: &View<'_>, span: Span) -> Option<Self> {
        let who = who(recorded)?;
        let (request, response) = (&recorded.exchange.request, &recorded.exchange.response);
        let gaps = view.gaps();
        let how = how(request)?;
        let is_known = gaps.query.is_none() && gaps.status.is_none() && (how == How::Head || gaps.body.is_none());
        if !is_known {
            return None;
        }
        // An error in an envelope that came with success is no read.
        let status = view.status();
        let body = if status == 200 { view.plain_body() } else { None };
        let members = body.filter(|_| how != How::Head).and_then(|body| members(body, &request.url));
        let members = members.unwrap_or_default();
        let list = body.filter(|body| is_list(body));
        let media = MediaType::read(&response.header("content-type").unwrap_or_default()).family();
        Some(Self {
            key: resource(&request.url, who, &SWITCHES),
            how,
            span,
            status,
            media: gaps.headers.or(gaps.media_type).is_none().then_some(media),
            members,
            who,
            total: list.and_then(|list| whole(list.get("totalCount")?)),
            page: list.filter(|_| how == How::Plain).map(|list| page(list, &request.url, who)),
            id: body.and_then(|body| body.get("id")?.as_str()).map(digest),
            own: body.and_then(|body| own(body, &request.url)).map(|own| resource(&own, who, &SWITCHES)),
            entry,
            url: request.url.clone(),
        })
    }

    /// About how many bytes it takes.
    pub(super) fn weight(&self) -> usize {
        400 + self.url.as_str().len() + self.members.len() * 64
    }
}

fn page(list: &Value, url: &Url, who: u64) -> PageOf {
    let leads = |rel: &str| url.join(href(list.get("links")?, rel)?).ok();
    PageOf {
        list: resource(url, who, &SAME_RESOURCE),
        is_first: leads("previous").is_none(),
        next: leads("next").map(|next| resource(&next, who, &SWITCHES)),
    }
}

/// Parameters that choose how a resource is shown.
const SWITCHES: [&str; 2] = ["envelope", "pretty"];

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
        return digest((normal_path(url.path()), 0_u64, who));
    }
    let pairs = url.query_pairs().filter(|(name, _)| !aside.contains(&name.as_ref()));
    let query = pairs.fold(0_u64, |sum, pair| sum.wrapping_add(digest(pair)));
    digest((normal_path(url.path()), query, who))
}

/// Who asks, and for which form: what may change an answer. `None` if the request is not known whole, or asks under a
/// condition.
fn who(recorded: &Recorded) -> Option<u64> {
    if recorded.gaps.request_headers.is_some() {
        return None;
    }
    let mut who = 0_u64;
    for (name, value) in &recorded.exchange.request.headers {
        match name.as_str() {
            "range" | "if-none-match" | "if-modified-since" | "if-match" | "if-unmodified-since" | "if-range" => {
                return None;
            }
            "authorization" => who = who.wrapping_add(digest((name, named_in(value).unwrap_or(value)))),
            "accept" | "accept-language" | "cookie" => who = who.wrapping_add(digest((name, value))),
            _ => {}
        }
    }
    Some(who)
}

/// Where the link `self` of an entity with an `id` leads, at the same origin.
fn own(body: &Value, document: &Url) -> Option<Url> {
    body.get("id")?.as_str()?;
    let own = document.join(href(body.get("links")?, "self")?).ok()?;
    Some(own).filter(|own| own.origin() == document.origin())
}
