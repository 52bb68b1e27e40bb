//! An exchange as the invariants see it: read once, and what `when` asks about it known beforehand.

use std::cell::OnceCell;
use std::sync::Arc;

use serde_json::Value;

use super::address::Switch;
use super::answer::{Answer, Inner};
use super::list::{is_bare_list, is_list};
use super::misnamed::is_misnamed_list;
use super::{Judge, address, number, status};
use crate::exchange::{Connection, Exchange};
use crate::suite::{BodyKind, Methods, When};

/// Why nobody can tell whether an invariant speaks about an answer.
const UNCLEAR_SWITCH: &str = "the query says of `envelope` or `pretty` neither just `true` nor just `false`";

/// An exchange, read once for all invariants.
pub struct View<'a> {
    /// The answer with its envelope on.
    pub(super) whole: Answer<'a>,
    /// The answer without the envelope that the request asked for, if it came in one.
    pub(super) bare: Option<Answer<'a>>,
    is_evidence: bool,
    envelope: Switch,
    pretty: Switch,
    gaps: Gaps,
}

/// What is not known of an exchange that somebody else recorded; by default all is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gaps {
    /// Why the body is not as it was sent.
    pub body: Option<&'static str>,
    /// Why the headers of the answer are not all there.
    pub headers: Option<&'static str>,
    /// Why the media type of the answer is not known.
    pub media_type: Option<&'static str>,
    /// Why the headers of the request are not all there.
    pub request_headers: Option<&'static str>,
    /// Why the query of the request is not as it was sent.
    pub query: Option<&'static str>,
    /// Why the status is not known.
    pub status: Option<&'static str>,
}

/// Whether an invariant speaks about an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selected {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// That cannot be told, for this reason.
    Unclear(&'static str),
}

impl Judge {
    /// An exchange, read once for all invariants.
    pub fn view<'a>(&self, exchange: &'a Exchange) -> View<'a> {
        let request = &exchange.request;
        let is_evidence = request.connection == Connection::Pooled
            && !exchange.response.cut
            && address::is_below(&request.url, &self.facts.base_url);
        let envelope = address::switch(&request.url, "envelope");
        let pretty = address::switch(&request.url, "pretty");
        let mut whole = Answer::new(exchange, self.readings.once(&exchange.response));
        if envelope != Switch::Off {
            whole.status = told_status(&whole);
        }
        let bare = if envelope == Switch::Off { None } else { without_envelope(&whole) };
        View { whole, bare, is_evidence, envelope, pretty, gaps: Gaps::default() }
    }

    /// The status that an answer tells: that of the response, or of an error in an envelope that came with success.
    pub fn told_status(&self, exchange: &Exchange) -> u16 {
        let own = exchange.response.status;
        if own / 100 != 2 || address::switch(&exchange.request.url, "envelope") == Switch::Off {
            return own;
        }
        told_status(&self.read(exchange))
    }

    /// Whether an invariant speaks about an exchange. Raw connections, bodies cut short and what is not below the
    /// base URL (plain http addresses, pages for people) are left out.
    pub fn selects(&self, when: &When, view: &View<'_>) -> Selected {
        if !view.is_evidence {
            return Selected::No;
        }
        let (request, response) = (&view.whole.exchange.request, &view.whole.exchange.response);
        let known = |gap: Option<&'static str>, fits: bool| match gap {
            Some(why) => Selected::Unclear(why),
            None if fits => Selected::Yes,
            None => Selected::No,
        };
        let asked = |wanted: Option<bool>, asks: Switch| match (wanted, asks) {
            (None, _) => Selected::Yes,
            (Some(_), Switch::Unclear) => Selected::Unclear(UNCLEAR_SWITCH),
            (Some(wanted), _) => known(view.gaps.query, wanted == (asks == Switch::On)),
        };
        let of_method = when.methods.as_ref().is_none_or(|methods| is_method(methods, &request.method));
        // Whoever speaks of a body means what that says; whoever does not means the response, and an error in an
        // envelope that came with success is none of its.
        let (said, sent) = (view.whole.status, response.status);
        let of_status = when.status.as_ref().is_none_or(|matcher| {
            status::holds(matcher, said) && (when.body.is_some() || status::holds(matcher, sent))
        });
        let parts = [
            if of_method { Selected::Yes } else { Selected::No },
            known(view.gaps.status, of_status),
            asked(when.envelope, view.envelope),
            asked(when.pretty, view.pretty),
        ];
        let settled = Selected::all(&parts);
        match (settled, when.body) {
            (Selected::No, _) | (_, None) => settled,
            (_, Some(kind)) => Selected::all(&[settled, view.is_body(kind)]),
        }
    }
}

impl Selected {
    /// One `No` is enough to leave an exchange out, whatever is unclear beside it.
    fn all(parts: &[Self]) -> Self {
        if parts.contains(&Self::No) {
            return Self::No;
        }
        parts.iter().copied().find(|part| *part != Self::Yes).unwrap_or(Self::Yes)
    }
}

impl<'a> View<'a> {
    /// The same view of an exchange of which this is not known.
    #[must_use]
    pub fn lacking(self, gaps: Gaps) -> Self {
        Self { gaps, ..self }
    }

    /// The status that the answer tells: that of the response, or of an error in an envelope that came with success.
    pub fn status(&self) -> u16 {
        self.whole.status
    }

    /// The whole body; none if it is no JSON.
    pub fn value(&self) -> Option<&Value> {
        self.whole.value().ok()
    }

    /// The body as it is without an envelope; none if it is no JSON, or lacks the envelope that was asked for.
    pub fn plain_body(&self) -> Option<&Value> {
        let answer = match self.envelope {
            Switch::On => self.bare.as_ref()?,
            Switch::Off => &self.whole,
            Switch::Unclear => return None,
        };
        answer.value().ok()
    }

    /// Whether the body is an array.
    pub fn is_array(&self) -> bool {
        self.plain_body().is_some_and(Value::is_array)
    }

    /// What is not known of the exchange.
    pub fn gaps(&self) -> &Gaps {
        &self.gaps
    }

    /// The answer as an invariant judges it: without its envelope where the request asked for one and the body has its
    /// shape; but an invariant about `body: json`, or about `envelope: true` and no kind of body, sees the envelope.
    pub(super) fn judged_by(&self, when: &When) -> &Answer<'a> {
        match &self.bare {
            Some(bare) if !sees_envelope(when) => bare,
            _ => &self.whole,
        }
    }

    fn is_body(&self, kind: BodyKind) -> Selected {
        let class = self.whole.status / 100;
        // Neither an error nor a success can become the other by what its body says.
        let fits_class = match kind {
            BodyKind::Json => true,
            BodyKind::Error => class >= 4,
            BodyKind::List | BodyKind::Entity => class == 2,
        };
        match (fits_class, self.gaps.body) {
            (true, Some(why)) => Selected::Unclear(why),
            (true, None) if self.has_shape(kind) => Selected::Yes,
            (false, _) | (true, None) => Selected::No,
        }
    }

    fn has_shape(&self, kind: BodyKind) -> bool {
        let whole = self.whole.value().ok();
        let inner = || self.bare.as_ref().and_then(|bare| bare.value().ok()).or(whole);
        let url = &self.whole.exchange.request.url;
        let is_list = || inner().is_some_and(|body| is_list(body) || is_bare_list(body) || is_misnamed_list(body, url));
        match kind {
            BodyKind::Json => whole.is_some(),
            BodyKind::Error => !self.whole.is_empty(),
            BodyKind::List => is_list(),
            BodyKind::Entity => whole.is_some_and(|body| is_entity(body, self.whole.exchange)) && !is_list(),
        }
    }
}

/// Whether an object is an entity. What answers a read always is; what answers a request that changes something may be a
/// receipt (`202` with `{}`), and is an entity if it has an id or links, alone or in an envelope.
fn is_entity(body: &Value, exchange: &Exchange) -> bool {
    let Some(members) = body.as_object() else { return false };
    let has = |name: &str| members.contains_key(name);
    exchange.request.method == "GET" || has("id") || has("links") || has("status") && has("content")
}

fn sees_envelope(when: &When) -> bool {
    when.body == Some(BodyKind::Json) || when.body.is_none() && when.envelope == Some(true)
}

/// The status that an answer tells to whoever asked for an envelope. Clients who cannot see the status of the response
/// may be answered with success and told the error inside.
fn told_status(whole: &Answer<'_>) -> u16 {
    let own = whole.exchange.response.status;
    let inner = || {
        let body = whole.value().ok()?;
        body.get("content")?.get("error")?;
        let told = number::whole(body.get("status")?).filter(|told| (400..600).contains(told))?;
        u16::try_from(told).ok()
    };
    if own / 100 == 2 { inner().unwrap_or(own) } else { own }
}

/// The answer without its envelope, if it came in one.
fn without_envelope<'a>(whole: &Answer<'a>) -> Option<Answer<'a>> {
    let members = whole.value().ok()?.as_object()?;
    let inner = match members.get("content") {
        Some(_) if members.contains_key("status") => Inner::Content,
        _ if members.contains_key("results") && members.contains_key("status") => {
            let mut list = members.clone();
            list.shift_remove("status");
            Inner::Value(Value::Object(list))
        }
        _ => return None,
    };
    let answer = Answer::new(whole.exchange, Arc::clone(&whole.reading));
    Some(Answer { inner, status: whole.status, broken: OnceCell::new(), ..answer })
}

fn is_method(methods: &Methods, method: &str) -> bool {
    match methods {
        Methods::Only(all) => all.iter().any(|one| one == method),
        Methods::Not(all) => all.iter().all(|one| one != method),
    }
}
