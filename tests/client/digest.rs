//! A server that demands Digest. It verifies with another implementation than the client's.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use digest_auth::{AuthContext, AuthorizationHeader, HttpMethod};

use super::server::{KEY, Reply, Seen, Server, answer, ok};

/// How a server treats its nonces.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Nonces {
    /// How often each may be used.
    pub(crate) uses: u32,
    /// What it says when it was used too often.
    pub(crate) worn: Worn,
    /// Whether an answer names the next nonce.
    pub(crate) next: Next,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worn {
    Stale,
    Unsaid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Named,
    Unnamed,
}

pub(crate) const LASTING: Nonces = Nonces { uses: u32::MAX, worn: Worn::Stale, next: Next::Unnamed };

/// What the server issued, and how often each nonce was used.
#[derive(Clone, Default)]
pub(crate) struct Ledger {
    counts: Arc<Mutex<HashMap<String, u32>>>,
}

impl Ledger {
    pub(crate) fn issue(&self) -> String {
        let mut counts = self.counts.lock().unwrap();
        let nonce = format!("nonce-{}", counts.len() + 1);
        counts.insert(nonce.clone(), 0);
        nonce
    }

    pub(crate) fn knows(&self, nonce: &str) -> bool {
        self.counts.lock().unwrap().contains_key(nonce)
    }

    /// The count that this nonce must be used with next, or `None` if it was never issued.
    fn due(&self, nonce: &str) -> Option<u32> {
        self.counts.lock().unwrap().get(nonce).map(|count| count + 1)
    }

    fn used(&self, nonce: &str) {
        *self.counts.lock().unwrap().get_mut(nonce).unwrap() += 1;
    }
}

/// Starts a server that answers `ok` to a right Digest with the count that is due, and 401 to everything else.
pub(crate) async fn start(nonces: Nonces) -> (Server, Ledger) {
    let ledger = Ledger::default();
    let of_server = ledger.clone();
    (Server::start(move |seen| respond(&of_server, nonces, seen)).await, ledger)
}

pub(crate) fn respond(ledger: &Ledger, nonces: Nonces, seen: &Seen) -> Reply {
    let Some(credentials) = credentials(seen) else {
        return refuse(ledger, "");
    };
    let Some(due) = ledger.due(&credentials.nonce) else {
        return refuse(ledger, "");
    };
    if due > nonces.uses {
        return refuse(ledger, if nonces.worn == Worn::Stale { ", stale=true" } else { "" });
    }
    let key = if credentials.username == "ow ner" { KEY } else { "k2" };
    if credentials.nc != due || credentials.uri != seen.target || !proves(&credentials, seen, key, &seen.method) {
        return refuse(ledger, "");
    }
    ledger.used(&credentials.nonce);
    match nonces.next {
        Next::Unnamed => ok("{}"),
        Next::Named => answer("200 OK", &[format!("authentication-info: nextnonce=\"{}\"", ledger.issue())], "{}"),
    }
}

pub(crate) fn refuse(ledger: &Ledger, more: &str) -> Reply {
    let challenge = format!(
        "www-authenticate: Digest realm=\"r\", domain=\"\", nonce=\"{}\", algorithm=MD5, qop=\"auth\"{more}",
        ledger.issue()
    );
    answer("401 Unauthorized", &[challenge], "{}")
}

/// The Digest of a request, if it has one.
pub(crate) fn credentials(seen: &Seen) -> Option<AuthorizationHeader> {
    AuthorizationHeader::parse(seen.header("authorization")?).ok()
}

/// Whether the response is the one that this key and method give.
pub(crate) fn proves(credentials: &AuthorizationHeader, seen: &Seen, key: &str, method: &str) -> bool {
    let method = HttpMethod(method.to_owned().into());
    let context = AuthContext::new_with_method(
        credentials.username.clone(),
        key,
        credentials.uri.clone(),
        Some(seen.body.clone()),
        method,
    );
    let mut computed = credentials.clone();
    computed.digest(&context);
    computed.response == credentials.response
}
