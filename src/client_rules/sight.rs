//! One exchange as the rules look at it: its credentials read once.

use chrono::{DateTime, Utc};

use crate::digest::params::{self, Challenge};
use crate::exchange::{Exchange, Response};

/// What stands in stored exchanges in place of a proof or a key.
const TAKEN_OUT: [&str; 2] = ["[redacted]", "[secret]"];

/// An exchange and what its headers say about who sent it.
pub(super) struct Sight<'a> {
    pub(super) exchange: &'a Exchange,
    /// The values of `Authorization`.
    pub(super) authorizations: Vec<&'a str>,
    /// The first of them, if it is Digest.
    pub(super) digest: Option<Challenge>,
    /// When the answer was complete.
    pub(super) ended: DateTime<Utc>,
}

impl<'a> Sight<'a> {
    pub(super) fn of(exchange: &'a Exchange) -> Self {
        let authorizations: Vec<&str> = sent(exchange, "authorization").collect();
        let digest = authorizations.first().map(|value| params::authorization(value)).filter(|it| it.is("Digest"));
        Self { exchange, authorizations, digest, ended: exchange.ended() }
    }

    pub(super) fn method(&self) -> &str {
        &self.exchange.request.method
    }

    pub(super) fn status(&self) -> u16 {
        self.exchange.response.status
    }

    pub(super) fn started(&self) -> DateTime<Utc> {
        self.exchange.started
    }

    /// Who sent the request: the user whom the Digest names, else whoever has these credentials. Nobody if there are none.
    pub(super) fn user(&self) -> &str {
        match &self.digest {
            Some(digest) => digest.get("username").unwrap_or_default(),
            None => self.authorizations.first().copied().unwrap_or_default(),
        }
    }

    /// A header of the request.
    pub(super) fn sent(&self, name: &str) -> Option<&'a str> {
        sent(self.exchange, name).next()
    }

    /// The body of the request, if it is not empty.
    pub(super) fn body(&self) -> Option<&'a [u8]> {
        self.exchange.request.body.as_deref().filter(|body| !body.is_empty())
    }

    /// Method and URL: what is the same when a request is sent again.
    pub(super) fn request_line(&self) -> String {
        format!("{} {}", self.method(), self.exchange.request.url)
    }

    /// The Digest challenges of the answer.
    pub(super) fn challenges(&self) -> Vec<Challenge> {
        challenges(&self.exchange.response)
    }

    /// Whether the answer refuses the credentials for the age of their nonce alone.
    pub(super) fn is_called_stale(&self) -> bool {
        let stale = |challenge: &Challenge| challenge.get("stale").is_some_and(|it| it.eq_ignore_ascii_case("true"));
        self.status() == 401 && self.digest.is_some() && self.challenges().iter().any(stale)
    }
}

fn sent<'a>(exchange: &'a Exchange, name: &str) -> impl Iterator<Item = &'a str> {
    let headers = exchange.request.headers.iter();
    headers.filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn challenges(response: &Response) -> Vec<Challenge> {
    let mut all = params::challenges(response.header_values("www-authenticate"));
    all.retain(|challenge| challenge.is("Digest"));
    all
}

/// Whether a value was taken out before it was stored, so that it says nothing.
pub(super) fn is_taken_out(value: &str) -> bool {
    TAKEN_OUT.iter().any(|mark| value.contains(mark))
}
