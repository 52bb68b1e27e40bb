//! The right way to log in: one exchange while the nonce is good, and a renewal when it no longer is.

use data_encoding::HEXLOWER;
use secrecy::ExposeSecret;
use url::Url;

use super::outgoing::{request_target, unsendable};
use super::{Agent, Login};
use crate::digest::answer::{Freshness, Offer, strongest};
use crate::digest::params::{challenges, info};
use crate::digest::session::{Session, Signed};
use crate::exchange::{Credentials, Exchange, Obstacle, Request, Response, Role, is_safe};

/// How often a request is signed anew because the server calls a nonce too old that is not.
const RENEWALS: usize = 2;
/// How often a request is signed anew in any event.
const MOST_RENEWALS: usize = 8;
/// How many challenges are remembered.
const OFFERS: usize = 16;

/// Whose nonces: the user's name and the source address's.
pub(super) type Who = (String, Option<String>);

/// The credentials that a server accepted last.
pub(super) struct Accepted {
    pub(super) method: String,
    pub(super) url: Url,
    pub(super) authorization: String,
}

/// Where the nonce of a session comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Age {
    /// Fetched for this very request.
    Fresh,
    /// Used or fetched before: it may have expired.
    Old,
}

/// What the first try, without credentials, led to.
enum Knock {
    /// Nobody asked for credentials: the answer is there. So it is where everybody is put off.
    Answered,
    /// A challenge.
    Challenged(Offer),
}

/// What came of asking for a challenge.
pub(super) enum Probe {
    /// The server answers nobody for now: whoever knocks has to come again later, and that is the answer.
    PutOff,
    /// A 401.
    Refused,
    /// Nobody is asked for credentials.
    Open,
}

impl Agent {
    /// Sends a request with the right Digest. A write is never carried out twice.
    pub(super) async fn log_in(
        &mut self,
        request: &Request,
        login: Login<'_>,
        log: &mut Vec<Exchange>,
    ) -> Result<(), Obstacle> {
        let who = who(request, login);
        let mut age = Age::Old;
        let mut issued = self.client.now();
        if !self.sessions.contains_key(&who) {
            match self.knock(request, login, log).await? {
                Knock::Answered => return Ok(()),
                Knock::Challenged(offer) => self.open(&who, offer)?,
            }
            age = Age::Fresh;
        }
        let mut unexplained = 0;
        for renewal in 0..=MOST_RENEWALS {
            let authorization = self.sign(&who, request, login)?;
            let exchange = self.transmit(request, Some(&authorization)).await?;
            let refused_with = self.settle(&who, request, authorization, &exchange)?;
            log.push(exchange);
            // A fresh nonce that is refused, and not for its age, is refused for the user: that is the answer.
            let outlived = self.client.outlived(issued);
            let worn = age == Age::Old || outlived;
            let again = refused_with.is_some_and(|freshness| freshness == Freshness::Stale || worn);
            unexplained += usize::from(!outlived);
            if !again || unexplained > RENEWALS || renewal == MOST_RENEWALS {
                break;
            }
            mark_challenge(log);
            age = Age::Fresh;
            issued = self.client.now();
        }
        Ok(())
    }

    /// Draws the consequences of an answer for the session. Says what a new challenge said about the nonce.
    fn settle(
        &mut self,
        who: &Who,
        request: &Request,
        authorization: String,
        exchange: &Exchange,
    ) -> Result<Option<Freshness>, Obstacle> {
        if exchange.response.status != 401 {
            self.continue_with_next_nonce(who, &exchange.response);
            let accepted = Accepted { method: request.method.clone(), url: request.url.clone(), authorization };
            self.accepted.insert(who.clone(), accepted);
            return Ok(None);
        }
        let Some(offer) = offer(&exchange.response) else {
            self.sessions.remove(who);
            return Ok(None);
        };
        let freshness = offer.freshness;
        self.open(who, offer)?;
        Ok(Some(freshness))
    }

    /// Asks without credentials. What could have an effect is not asked itself, but a GET of the same URL; if that is
    /// answered, the request goes out as it is, once: whoever refuses it has not carried it out.
    async fn knock(&mut self, request: &Request, login: Login<'_>, log: &mut Vec<Exchange>) -> Result<Knock, Obstacle> {
        if is_safe(&request.method) && request.body.is_none() {
            return self.try_openly(&openly(request), login, log).await;
        }
        match self.probe(request, log).await? {
            Probe::PutOff => Ok(Knock::Answered),
            Probe::Refused => challenge(login, log).map(Knock::Challenged),
            Probe::Open => self.try_openly(&openly(request), login, log).await,
        }
    }

    /// Asks for a challenge by a request of nobody that has no effect.
    pub(super) async fn probe(&mut self, request: &Request, log: &mut Vec<Exchange>) -> Result<Probe, Obstacle> {
        let exchange = self.transmit(&bare(request), None).await?;
        let status = exchange.response.status;
        log.push(exchange);
        if [429, 503].contains(&status) {
            return Ok(Probe::PutOff);
        }
        mark_challenge(log);
        Ok(if status == 401 { Probe::Refused } else { Probe::Open })
    }

    async fn try_openly(
        &mut self,
        request: &Request,
        login: Login<'_>,
        log: &mut Vec<Exchange>,
    ) -> Result<Knock, Obstacle> {
        let exchange = self.transmit(request, None).await?;
        let refused = exchange.response.status == 401;
        log.push(exchange);
        if !refused {
            return Ok(Knock::Answered);
        }
        mark_challenge(log);
        challenge(login, log).map(Knock::Challenged)
    }

    pub(super) fn open(&mut self, who: &Who, offer: Offer) -> Result<(), Obstacle> {
        self.sessions.insert(who.clone(), Session::new(offer, nonce()?));
        Ok(())
    }

    fn sign(&mut self, who: &Who, request: &Request, login: Login<'_>) -> Result<String, Obstacle> {
        let session =
            self.sessions.get_mut(who).ok_or_else(|| unsendable("there is no nonce to sign with".to_owned()))?;
        Ok(session.sign(right(request, login)).to_string())
    }

    fn continue_with_next_nonce(&mut self, who: &Who, response: &Response) {
        let params = response.header_values("authentication-info").flat_map(info);
        let next =
            params.filter(|param| param.name.eq_ignore_ascii_case("nextnonce") && !param.value.is_empty()).last();
        if let (Some(next), Some(session)) = (next, self.sessions.get_mut(who)) {
            session.renew(&next.value);
        }
    }

    /// Keeps a challenge, with the nonce of the client that answers it.
    pub(super) fn remember(&mut self, offer: Offer) -> Result<(), Obstacle> {
        let cnonce = nonce()?;
        if self.offers.len() == OFFERS {
            self.offers.pop_front();
        }
        self.offers.push_back((offer, cnonce));
        Ok(())
    }
}

pub(super) fn who(request: &Request, login: Login<'_>) -> Who {
    (login.name.to_owned(), request.source.clone())
}

/// What a right Digest of this request is made from.
pub(super) fn right<'a>(request: &'a Request, login: Login<'a>) -> Signed<'a> {
    Signed {
        username: &login.user.username,
        key: login.user.key.expose_secret(),
        method: &request.method,
        uri: request_target(&request.url),
        body: request.body.as_deref().unwrap_or_default(),
    }
}

/// The best challenge of a 401.
pub(super) fn offer(response: &Response) -> Option<Offer> {
    if response.status != 401 {
        return None;
    }
    strongest(&challenges(response.header_values("www-authenticate")))
}

/// A request of nobody to the same URL that has no effect.
fn bare(request: &Request) -> Request {
    let describes_body = |name: &str| {
        name.to_ascii_lowercase().starts_with("content-") || name.eq_ignore_ascii_case("transfer-encoding")
    };
    let mut bare = openly(request);
    if !is_safe(&bare.method) {
        "GET".clone_into(&mut bare.method);
    }
    bare.body = None;
    bare.headers.retain(|(name, _)| !describes_body(name));
    bare
}

/// The same request, by nobody.
fn openly(request: &Request) -> Request {
    Request { user: None, credentials: Credentials::Right, ..request.clone() }
}

/// A random nonce of the client's.
pub(super) fn nonce() -> Result<String, Obstacle> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| unsendable(format!("the system gives no random bytes: {error}")))?;
    Ok(HEXLOWER.encode(&bytes))
}

/// The last exchange served to fetch a nonce.
fn mark_challenge(log: &mut [Exchange]) {
    if let Some(last) = log.last_mut() {
        last.role = Role::Challenge;
    }
}

/// The challenge of the last exchange, a 401.
pub(super) fn challenge(login: Login<'_>, log: &[Exchange]) -> Result<Offer, Obstacle> {
    log.last()
        .and_then(|exchange| offer(&exchange.response))
        .ok_or_else(|| no_login(login, log, "the 401 holds no Digest challenge that can be answered"))
}

pub(super) fn no_login(login: Login<'_>, log: &[Exchange], reason: &str) -> Obstacle {
    let url = log.last().map_or_else(String::new, |exchange| exchange.request.url.to_string());
    Obstacle::NoLogin { user: login.name.to_owned(), url, reason: reason.to_owned() }
}
