//! Digests computed anew, where the keys of the users are known.

use std::collections::{BTreeMap, HashMap};

use secrecy::{ExposeSecret, SecretString};

use super::rule::Rule;
use super::sight::{Sight, is_taken_out};
use super::{fail, finding, pass};
use crate::digest::answer::{self, Qop};
use crate::digest::hash::Algorithm;
use crate::digest::params::Challenge;
use crate::verdict::{Finding, Verdict};

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// The keys by user name, and what was seen of each.
#[derive(Default)]
pub(super) struct Proofs {
    keys: HashMap<String, SecretString>,
    seen: BTreeMap<String, Seen>,
}

/// Whether a user's Digest was ever right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Right,
    WrongOnly,
}

impl std::fmt::Debug for Proofs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proofs").field("seen", &self.seen).finish_non_exhaustive()
    }
}

impl Proofs {
    pub(super) fn knowing(keys: impl IntoIterator<Item = (String, SecretString)>) -> Self {
        Self { keys: keys.into_iter().collect(), seen: BTreeMap::new() }
    }

    pub(super) fn judge(&mut self, sight: &Sight<'_>, findings: &mut Vec<Finding>) {
        if self.is_key_in_url(sight) {
            findings.push(fail(Rule::KeyNeverSent, "a user's API key stands in the URL"));
        }
        let Some(digest) = &sight.digest else { return };
        let Some(key) = self.keys.get(sight.user()) else { return };
        let Some(sum) = Sum::of(digest, key.expose_secret(), sight.body().unwrap_or_default()) else { return };
        let made_for = METHODS.iter().find(|method| sum.is_for(method));
        let seen = if made_for.is_some() || sum.is_for(sight.method()) { Seen::Right } else { Seen::WrongOnly };
        let known = self.seen.entry(sight.user().to_owned()).or_insert(seen);
        if seen == Seen::Right {
            *known = seen;
        }
        if sum.is_for(sight.method()) {
            findings.push(pass(Rule::DigestForRequest));
        } else if let Some(other) = made_for {
            let message = "the Digest is made for another method";
            findings.push(fail(Rule::DigestForRequest, message).expected(sight.method(), *other));
        }
    }

    /// A user whose Digests were all wrong has another key, or computes wrongly: which of both cannot be told.
    pub(super) fn finish(&self, findings: &mut Vec<Finding>) {
        for (user, _) in self.seen.iter().filter(|(_, seen)| **seen == Seen::WrongOnly) {
            let message = format!("no Digest of {user} was right: the key is another, or the computation is wrong");
            findings.push(finding(Rule::DigestForRequest, Verdict::Inconclusive, message));
        }
    }

    fn is_key_in_url(&self, sight: &Sight<'_>) -> bool {
        let url = sight.exchange.request.url.as_str();
        // Shorter ones may stand in any URL by chance.
        self.keys.values().any(|key| key.expose_secret().len() >= 8 && url.contains(key.expose_secret()))
    }
}

/// What a response is computed from.
struct Sum<'a> {
    digest: &'a Challenge,
    algorithm: Algorithm,
    qop: Qop,
    key: &'a str,
    body: &'a [u8],
}

impl<'a> Sum<'a> {
    /// `None` if a part is missing, was taken out, or is not known here.
    fn of(digest: &'a Challenge, key: &'a str, body: &'a [u8]) -> Option<Self> {
        let algorithm = digest.get("algorithm").map_or(Some(Algorithm::Md5), Algorithm::from_name)?;
        let qop = digest.get("qop").map_or(Some(Qop::Unstated), Qop::from_name)?;
        let there = |name: &str| digest.get(name).is_some_and(|value| !is_taken_out(value));
        let needed: &[&str] =
            if qop == Qop::Unstated { &["response"] } else { &["response", "cnonce", "nc", "nonce", "uri"] };
        needed.iter().all(|name| there(name)).then_some(Self { digest, algorithm, qop, key, body })
    }

    fn is_for(&self, method: &str) -> bool {
        let text = |name: &str| self.digest.get(name).unwrap_or_default();
        let (nonce, cnonce) = (text("nonce"), text("cnonce"));
        let ha1 = answer::ha1(self.algorithm, text("username"), text("realm"), self.key, nonce, cnonce);
        let ha2 = answer::ha2(self.algorithm, method, text("uri"), self.qop, self.body);
        let response = answer::response(self.algorithm, &ha1, nonce, text("nc"), cnonce, self.qop, &ha2);
        response.eq_ignore_ascii_case(text("response"))
    }
}
