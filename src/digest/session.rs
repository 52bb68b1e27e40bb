//! A nonce and how often it was used.

use super::answer::{Credentials, FirstNonces, Offer, Signing};

/// The use of one nonce by one user: counts, and carries on with the nonce that the server names next.
#[derive(Clone, Debug)]
pub struct Session {
    offer: Offer,
    cnonce: String,
    first_nonce: String,
    next: u32,
}

/// What one request contributes to its Digest.
#[derive(Clone, Copy)]
pub struct Signed<'a> {
    /// The user name.
    pub username: &'a str,
    /// The key.
    pub key: &'a str,
    /// The method.
    pub method: &'a str,
    /// The request target: path and query.
    pub uri: &'a str,
    /// The body.
    pub body: &'a [u8],
}

impl Session {
    /// A session that answers a challenge; `cnonce` serves all its requests.
    pub fn new(offer: Offer, cnonce: String) -> Self {
        Self { first_nonce: offer.nonce.clone(), offer, cnonce, next: 1 }
    }

    /// A session whose next request has this count.
    pub fn counting_from(offer: Offer, cnonce: String, next: u32) -> Self {
        Self { next, ..Self::new(offer, cnonce) }
    }

    /// The credentials of the next request: the count goes up by one.
    pub fn sign(&mut self, request: Signed<'_>) -> Credentials {
        let count = self.next;
        self.next = count.saturating_add(1);
        Signing {
            offer: &self.offer,
            username: request.username,
            key: request.key,
            method: request.method,
            uri: request.uri,
            body: request.body,
            count,
            cnonce: &self.cnonce,
            first: FirstNonces { nonce: &self.first_nonce, cnonce: &self.cnonce },
        }
        .credentials()
    }

    /// Goes on with the nonce that `Authentication-Info` named.
    ///
    /// The key of a session algorithm stays bound to the first nonce: only a new challenge ends it (RFC 7616, section
    /// 3.4.2).
    pub fn renew(&mut self, next_nonce: &str) {
        next_nonce.clone_into(&mut self.offer.nonce);
        self.next = 1;
    }
}

#[cfg(test)]
mod tests {
    use super::super::hash::Algorithm;
    use super::*;
    use crate::digest::answer::Qop;

    const REQUEST: Signed<'_> = Signed { username: "u", key: "k", method: "GET", uri: "/", body: b"" };

    fn session(algorithm: Algorithm) -> Session {
        let offer = Offer { nonce: "one".to_owned(), algorithm, qop: Qop::Auth, ..Offer::default() };
        Session::new(offer, "c".to_owned())
    }

    #[test]
    fn counts_rise_by_one_and_begin_anew_with_the_next_nonce() {
        let mut session = session(Algorithm::Md5);
        assert_eq!((session.sign(REQUEST).nc, session.sign(REQUEST).nc), ("00000001".into(), "00000002".into()));
        session.renew("two");
        let signed = session.sign(REQUEST);
        assert_eq!((signed.nonce.as_str(), signed.nc.as_str()), ("two", "00000001"));
    }

    #[test]
    fn a_session_key_stays_bound_to_the_first_nonce() {
        let algorithm = Algorithm::Sha256Sess;
        let mut session = session(algorithm);
        session.renew("two");
        let hash = |text: &str| algorithm.hash(text.as_bytes());
        let key = hash(&format!("{}:one:c", hash("u::k")));
        let expected = hash(&format!("{key}:two:00000001:c:auth:{}", hash("GET:/")));
        assert_eq!(session.sign(REQUEST).response, expected);
    }

    #[test]
    fn the_count_is_hexadecimal_and_stops_at_its_end() {
        let offer = Offer { qop: Qop::Auth, ..Offer::default() };
        assert_eq!(Session::counting_from(offer.clone(), "c".to_owned(), 42).sign(REQUEST).nc, "0000002a");
        assert_eq!(Session::counting_from(offer, "c".to_owned(), u32::MAX).sign(REQUEST).nc, "ffffffff");
    }
}
