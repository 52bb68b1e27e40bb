//! What a step saves from an answer.

use serde_json::Value;

use super::json_path::Found;
use super::media_type::MediaType;
use super::{Judge, address, links};
use crate::digest::answer::strongest;
use crate::digest::params::challenges;
use crate::exchange::Exchange;
use crate::suite::{Scope, Selector};

impl Judge {
    /// What a selector finds in an exchange, or `None` if it is not there.
    pub fn save(&self, selector: &Selector, exchange: &Exchange, scope: &Scope) -> Option<Value> {
        let response = &exchange.response;
        match selector {
            Selector::Status => Some(Value::from(response.status)),
            Selector::Header(name) => response.header(name).map(Value::from),
            Selector::MediaType => response.header("content-type").map(|value| MediaType::read(&value).family().into()),
            Selector::ChallengeNonce => challenge_nonce(exchange),
            Selector::Location => self.location(exchange),
            Selector::Link(rel) => {
                self.next_page(exchange, &scope.text(rel).ok()?).map(|url| Value::from(url.as_str()))
            }
            Selector::Body(path) => {
                let reading = self.readings.of(response);
                let body = links::resolved(reading.value.as_ref().ok()?, &exchange.request.url);
                self.select(&scope.text(path).ok()?, &body)
            }
            Selector::RequestBody(path) => {
                let sent = serde_json::from_slice(exchange.request.body.as_deref()?).ok()?;
                self.select(&scope.text(path).ok()?, &sent)
            }
        }
    }

    /// The same for an answer without the envelope that its request asked for.
    pub fn save_inside(&self, selector: &Selector, exchange: &Exchange, scope: &Scope) -> Option<Value> {
        let view = self.view(exchange);
        match selector {
            Selector::Status => Some(Value::from(view.status())),
            Selector::Body(path) => {
                let body = view.bare.as_ref().unwrap_or(&view.whole);
                let body = links::resolved(body.value().ok()?, &exchange.request.url);
                self.select(&scope.text(path).ok()?, &body)
            }
            Selector::Header(_)
            | Selector::MediaType
            | Selector::ChallengeNonce
            | Selector::Location
            | Selector::Link(_)
            | Selector::RequestBody(_) => self.save(selector, exchange, scope),
        }
    }

    /// What a JSONPath, its templates filled in, finds in the summary of a walk.
    pub fn save_from_walk(&self, path: &str, summary: &Value) -> Option<Value> {
        self.select(path, summary)
    }

    fn select(&self, path: &str, value: &Value) -> Option<Value> {
        match self.paths.get(path).ok()?.find(value) {
            Found::One(found) => found.cloned(),
            Found::Many(found) => Some(Value::Array(found.into_iter().cloned().collect())),
        }
    }

    /// The URL of what was created, without parameters that change how it is presented. A refusal creates nothing.
    fn location(&self, exchange: &Exchange) -> Option<Value> {
        if self.told_status(exchange) / 100 != 2 {
            return None;
        }
        let own = || self.next_page(exchange, "self");
        let header = exchange.response.header_values("location").next();
        let url = header.and_then(|location| exchange.request.url.join(location).ok()).or_else(own)?;
        Some(Value::from(address::without_presentation(url).as_str()))
    }
}

/// The nonce of the challenge that the client answers: that of another may be good for its own algorithm alone. The first
/// where none can be answered.
fn challenge_nonce(exchange: &Exchange) -> Option<Value> {
    let all = challenges(exchange.response.header_values("www-authenticate"));
    let first = || all.iter().find(|challenge| challenge.is("Digest"))?.get("nonce").map(str::to_owned);
    strongest(&all).map(|offer| offer.nonce).or_else(first).map(Value::from)
}
