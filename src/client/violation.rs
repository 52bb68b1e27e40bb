//! Logging in wrongly on purpose. The worker's good nonces are never touched, and no refusal is answered.

use data_encoding::BASE64;
use secrecy::ExposeSecret;

use super::login::{Probe, challenge, no_login, nonce, right, who};
use super::outgoing::{request_target, unsendable};
use super::{Agent, Login};
use crate::digest::answer::{Offer, Qop};
use crate::digest::session::{Session, Signed};
use crate::exchange::{Credentials, Exchange, Obstacle, Request};

/// A user who does not exist.
const NOBODY: &str = "atlaspec-nobody";
/// Sent in the clear: it must have nothing in common with the true key.
const NO_KEY: &str = "atlaspec-wrong-key";

impl Agent {
    /// Sends a Digest with one thing wrong in it, on a nonce fetched for it.
    pub(super) async fn falsify(
        &mut self,
        request: &Request,
        login: Login<'_>,
        log: &mut Vec<Exchange>,
    ) -> Result<(), Obstacle> {
        let key = self.false_key(request, login)?;
        let Some(offer) = self.fetch(request, login, log).await? else { return Ok(()) };
        let uri = other_uri(request);
        let mut signed = right(request, login);
        match request.credentials {
            Credentials::WrongKey | Credentials::KeyOf(_) => signed.key = &key,
            Credentials::UnknownUser => signed.username = NOBODY,
            Credentials::OtherUri => signed.uri = &uri,
            Credentials::OtherMethod => signed.method = other_method(&request.method),
            _ => {}
        }
        let mut credentials = Session::new(offer, nonce()?).sign(signed);
        if request.credentials == Credentials::OneDigitChanged {
            change_last_digit(&mut credentials.response);
        }
        let mut authorization = credentials.to_string();
        if request.credentials == Credentials::CutOff {
            authorization.truncate(within_response(&authorization, &credentials.response));
        }
        self.send_with(request, &authorization, log).await
    }

    /// A key that is not the user's: one that nobody has, or that of another.
    fn false_key(&self, request: &Request, login: Login<'_>) -> Result<String, Obstacle> {
        let own = login.user.key.expose_secret();
        let Credentials::KeyOf(other) = &request.credentials else { return Ok(format!("{own}x")) };
        let key = self.client.user(other)?.key.expose_secret();
        if key == own {
            return Err(unsendable(format!("`{}` and `{other}` of the target file have the same key", login.name)));
        }
        Ok(key.to_owned())
    }

    /// Sends a right Digest over a nonce that no server issued.
    pub(super) async fn invent_nonce(
        &mut self,
        request: &Request,
        login: Login<'_>,
        log: &mut Vec<Exchange>,
    ) -> Result<(), Obstacle> {
        let Some(known) = self.any_offer(request, login, log).await? else { return Ok(()) };
        let invented = Offer { nonce: nonce()?, ..known };
        self.send_signed(request, Session::new(invented, nonce()?), right(request, login), log).await
    }

    /// Sends a right Digest over this nonce and count. The client's own nonce stays with the challenge that it answers:
    /// a count that comes again is a replay, also to a server that counts for each client by itself.
    pub(super) async fn reuse_nonce(
        &mut self,
        request: &Request,
        login: Login<'_>,
        (wanted, count): (&str, u32),
        log: &mut Vec<Exchange>,
    ) -> Result<(), Obstacle> {
        let issued = self.offers.iter().rfind(|(offer, _)| offer.nonce == wanted).cloned();
        let (offer, cnonce) = if let Some(known) = issued {
            known
        } else {
            let Some(known) = self.any_offer(request, login, log).await? else { return Ok(()) };
            (Offer { nonce: wanted.to_owned(), ..known }, nonce()?)
        };
        self.send_signed(request, Session::counting_from(offer, cnonce, count), right(request, login), log).await
    }

    /// Sends the credentials that were accepted last on this method and URL, character for character.
    pub(super) async fn replay(
        &mut self,
        request: &Request,
        login: Login<'_>,
        log: &mut Vec<Exchange>,
    ) -> Result<(), Obstacle> {
        if self.accepted_before(request, login).is_none() {
            let rightly = Request { credentials: Credentials::Right, ..request.clone() };
            self.log_in(&rightly, login, log).await?;
        }
        let Some(authorization) = self.accepted_before(request, login) else {
            return Err(no_login(login, log, "no credentials were accepted that could be sent again"));
        };
        self.send_with(request, &authorization, log).await
    }

    fn accepted_before(&self, request: &Request, login: Login<'_>) -> Option<String> {
        let accepted = self.accepted.get(&who(request, login))?;
        let same = accepted.method == request.method && accepted.url == request.url;
        same.then(|| accepted.authorization.clone())
    }

    /// Sends HTTP Basic; the true key takes no part in it.
    pub(super) async fn send_basic(
        &mut self,
        request: &Request,
        login: Login<'_>,
        log: &mut Vec<Exchange>,
    ) -> Result<(), Obstacle> {
        let pair = BASE64.encode(format!("{}:{NO_KEY}", login.user.username).as_bytes());
        self.send_with(request, &format!("Basic {pair}"), log).await
    }

    async fn send_signed(
        &mut self,
        request: &Request,
        mut session: Session,
        signed: Signed<'_>,
        log: &mut Vec<Exchange>,
    ) -> Result<(), Obstacle> {
        self.send_with(request, &session.sign(signed).to_string(), log).await
    }

    async fn send_with(
        &mut self,
        request: &Request,
        authorization: &str,
        log: &mut Vec<Exchange>,
    ) -> Result<(), Obstacle> {
        log.push(self.transmit(request, Some(authorization)).await?);
        Ok(())
    }

    /// A challenge seen before, or else a new one; none where everybody is put off, which is then the answer.
    async fn any_offer(
        &mut self,
        request: &Request,
        login: Login<'_>,
        log: &mut Vec<Exchange>,
    ) -> Result<Option<Offer>, Obstacle> {
        match self.offers.back() {
            Some((offer, _)) => Ok(Some(offer.clone())),
            None => self.fetch(request, login, log).await,
        }
    }

    /// A new challenge. Where nobody is asked for credentials there is none, and one is made up: any will be wrong.
    /// None where everybody is put off, which is then the answer.
    async fn fetch(
        &mut self,
        request: &Request,
        login: Login<'_>,
        log: &mut Vec<Exchange>,
    ) -> Result<Option<Offer>, Obstacle> {
        match self.probe(request, log).await? {
            Probe::PutOff => Ok(None),
            Probe::Refused => challenge(login, log).map(Some),
            Probe::Open => Ok(Some(Offer { nonce: nonce()?, qop: Qop::Auth, ..Offer::default() })),
        }
    }
}

/// The method that stands in a Digest for another method: a client that may only read could write with a Digest for `GET`. A
/// server that handles HEAD as GET must still check a Digest of HEAD (RFC 7616 section 3.4.3).
fn other_method(method: &str) -> &'static str {
    if method == "GET" { "DELETE" } else { "GET" }
}

/// The target of another request: of another query where there is one, of another path elsewhere.
fn other_uri(request: &Request) -> String {
    let mut url = request.url.clone();
    match request.url.query() {
        Some(query) => url.set_query(Some(&format!("{query}&atlaspec=other"))),
        None => url.set_path(&format!("{}/atlaspec-other", request.url.path().trim_end_matches('/'))),
    }
    request_target(&url).to_owned()
}

/// The place in the middle of the value of `response`.
fn within_response(authorization: &str, response: &str) -> usize {
    authorization.find(response).map_or(authorization.len() / 2, |at| at + response.len() / 2)
}

fn change_last_digit(response: &mut String) {
    let last = response.pop();
    response.push(if last == Some('0') { '1' } else { '0' });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_last_digit_is_changed() {
        for (before, after) in [("ab0", "ab1"), ("ab1", "ab0"), ("abf", "ab0")] {
            let mut response = before.to_owned();
            change_last_digit(&mut response);
            assert_eq!(response, after);
        }
    }

    #[test]
    fn credentials_are_cut_off_within_the_response() {
        let authorization = "Digest realm=\"r\", response=\"0123\", nc=1";
        assert_eq!(&authorization[..within_response(authorization, "0123")], "Digest realm=\"r\", response=\"01");
    }

    #[test]
    fn the_other_uri_differs_in_its_query_or_else_in_its_path() {
        for (url, other) in [("https://h/a/?b=c", "/a/?b=c&atlaspec=other"), ("https://h/a/", "/a/atlaspec-other")] {
            let url = url::Url::parse(url).unwrap();
            assert_eq!(other_uri(&Request::new("GET", url)), other);
        }
    }
}
