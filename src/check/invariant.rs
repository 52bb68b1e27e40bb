//! Invariants: cases without a request, judged on whatever exchanges they select.

use serde_json::Value;

use super::answer::Answer;
use super::{Judge, address, status};
use crate::exchange::{Connection, Exchange};
use crate::suite::{BodyKind, Invariant, Methods, Scope, When};
use crate::verdict::Finding;

impl Judge {
    /// Whether an invariant speaks about an exchange. Raw connections, bodies cut short and other origins than the
    /// target's (its plain http addresses among them) are left out.
    pub fn selects(&self, when: &When, exchange: &Exchange) -> bool {
        let (request, response) = (&exchange.request, &exchange.response);
        let asks =
            |wanted: Option<bool>, name| wanted.is_none_or(|wanted| wanted == address::asks_for(&request.url, name));
        request.connection == Connection::Pooled
            && !response.cut
            && request.url.origin() == self.facts.base_url.origin()
            && when.status.as_ref().is_none_or(|matcher| status::holds(matcher, response.status))
            && when.methods.as_ref().is_none_or(|methods| is_method(methods, &request.method))
            && asks(when.envelope, "envelope")
            && asks(when.pretty, "pretty")
            && when.body.is_none_or(|kind| self.is_body(kind, exchange))
    }

    /// Judges an invariant on an exchange that it selects; see [`Judge::selects`].
    ///
    /// The body is judged without its envelope where the request asked for one and the body has its shape; but an
    /// invariant about `body: json`, or about `envelope: true` and no kind of body, sees the envelope.
    pub fn invariant(&self, invariant: &Invariant, exchange: &Exchange, number: usize, scope: &Scope) -> Vec<Finding> {
        let mut answer = self.read(exchange);
        if !sees_envelope(&invariant.when) {
            answer.inner = without_envelope(&answer);
        }
        self.blocks(&invariant.expect, &answer, number, scope)
    }

    fn is_body(&self, kind: BodyKind, exchange: &Exchange) -> bool {
        let answer = self.read(exchange);
        let class = exchange.response.status / 100;
        let value = || answer.value().ok().filter(|body| body.is_object());
        let inner = without_envelope(&answer);
        let is_list = || inner.as_ref().or_else(value).is_some_and(|body| body.get("results").is_some());
        match kind {
            BodyKind::Json => answer.value().is_ok(),
            BodyKind::Error => class >= 4 && !answer.is_empty(),
            BodyKind::List => class == 2 && value().is_some() && is_list(),
            BodyKind::Entity => class == 2 && value().is_some_and(|body| is_entity(body, exchange)) && !is_list(),
        }
    }
}

/// An empty object is a common answer to a request that changes something (`202` with `{}`), and represents nothing.
fn is_entity(body: &Value, exchange: &Exchange) -> bool {
    exchange.request.method == "GET" || body.as_object().is_some_and(|members| !members.is_empty())
}

fn sees_envelope(when: &When) -> bool {
    when.body == Some(BodyKind::Json) || when.body.is_none() && when.envelope == Some(true)
}

/// The body without the envelope that the request asked for, if it came in one.
fn without_envelope(answer: &Answer<'_>) -> Option<Value> {
    if !address::asks_for(&answer.exchange.request.url, "envelope") {
        return None;
    }
    let members = answer.value().ok()?.as_object()?;
    match members.get("content") {
        Some(content) if members.contains_key("status") => Some(content.clone()),
        _ if members.contains_key("results") && members.contains_key("status") => {
            let mut list = members.clone();
            list.shift_remove("status");
            Some(Value::Object(list))
        }
        _ => None,
    }
}

fn is_method(methods: &Methods, method: &str) -> bool {
    match methods {
        Methods::Only(all) => all.iter().any(|one| one == method),
        Methods::Not(all) => all.iter().all(|one| one != method),
    }
}
