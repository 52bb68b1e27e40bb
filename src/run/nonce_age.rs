//! Nonces that a case uses by itself: one that has grown too old meanwhile says nothing about the target.

use chrono::{DateTime, Utc};

use crate::exchange::{Credentials, Exchange, Role};
use crate::suite::Selector;

use super::perform::Performer;

impl Performer<'_> {
    /// Whether a request since the exchange of number `first` was refused over a nonce whose lifetime had passed by
    /// then: a slow target, maintenance or a full rate limit came between.
    pub(super) fn used_nonce_too_late(&self, first: usize) -> bool {
        (first..self.exchanges.len()).any(|number| self.is_too_late(number, first) || self.is_spent(number, first))
    }

    fn is_too_late(&self, number: usize, first: usize) -> bool {
        let exchange = &self.exchanges[number];
        let Credentials::Nonce { nonce, .. } = &exchange.request.credentials else { return false };
        let lifetime = self.engine.target.trusted_nonce_lifetime();
        let Some(issued) = (first..number).find(|&earlier| self.offers(&self.exchanges[earlier], nonce)) else {
            return false;
        };
        let age = (self.over_at(number) - self.exchanges[issued].started).to_std();
        // A case that waits between the two lets the lifetime pass on purpose.
        let on_purpose = self.waited.iter().any(|before| (issued + 1..=number).contains(before));
        exchange.response.status == 401 && !on_purpose && age.is_ok_and(|age| age >= lifetime)
    }

    /// Whether this very count of the nonce was sent before and put off, by 429 or 503: it may have been counted by
    /// then.
    fn is_spent(&self, number: usize, first: usize) -> bool {
        let exchange = &self.exchanges[number];
        let credentials = &exchange.request.credentials;
        let was_put_off = |earlier: &Exchange| matches!(earlier.role, Role::Throttled | Role::Retried);
        matches!(credentials, Credentials::Nonce { .. })
            && exchange.response.status == 401
            && self.exchanges[first..number].iter().any(|it| was_put_off(it) && it.request.credentials == *credentials)
    }

    /// When an exchange was over for certain. Its duration does not tell: another case may have turned the clock
    /// forward while it was on its way.
    fn over_at(&self, number: usize) -> DateTime<Utc> {
        self.exchanges.get(number + 1).map_or_else(|| self.engine.clock.now(), |next| next.started)
    }

    /// Whether the challenge of an answer has this nonce.
    fn offers(&self, exchange: &Exchange, nonce: &str) -> bool {
        let offered = self.engine.judge.save(&Selector::ChallengeNonce, exchange, &self.scope);
        offered.is_some_and(|offered| offered.as_str() == Some(nonce))
    }
}
