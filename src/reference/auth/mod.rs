//! Digest authentication (RFC 7616), the verifying side. The formulas are those of [`crate::digest`], which printed
//! vectors pin; what is right and what is wrong is decided here.

mod credentials;
mod nonce;

use chrono::TimeDelta;
use hyper::{StatusCode, header};

use super::fault::Fault;
use super::http::{Call, Verb};
use super::problem::Refusal;
use super::store::User;
use super::world::World;
use crate::digest::answer::Qop;
use crate::digest::hash::Algorithm;
use credentials::Credentials;
use nonce::{Age, Nonce};

pub(crate) use nonce::Nonces;

/// The realm of all users.
const REALM: &str = "Atlas API";

/// The algorithms that may be used, the strongest first: a client is to take the first that it knows.
const ALGORITHMS: [Algorithm; 2] = [Algorithm::Sha256, Algorithm::Md5];

/// How long a nonce lives.
pub(crate) const NONCE_LIFETIME: TimeDelta = TimeDelta::seconds(60);

/// Whether a refusal says that only the nonce was too old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stale {
    Yes,
    No,
}

/// The user who makes a call.
///
/// Nothing is told but that the credentials are missing or wrong, except for a nonce too old: then the rest was
/// right, and the client may try again with a fresh one without asking its user.
pub(crate) fn authenticate<'w>(world: &'w World, call: &Call) -> Result<&'w User, Refusal> {
    let wrong = || unauthorized(world, "The credentials are not valid.", Stale::No);
    let credentials = match call.header(&header::AUTHORIZATION).as_slice() {
        [] => return without_credentials(world, call),
        [value] => Credentials::read(value, demand(world)).ok_or_else(wrong)?,
        _ => return Err(wrong()),
    };
    check_uri(world, call, &credentials)?;
    let user = signer(world, call, &credentials).ok_or_else(wrong)?;
    if world.behaviour.shows(Fault::QueryRefused) && call.target.contains('?') {
        return Err(wrong());
    }
    let Some(nonce) = world.nonces.issued(&credentials.nonce) else {
        return if world.behaviour.shows(Fault::ForeignNonce) { Ok(user) } else { Err(wrong()) };
    };
    match nonce.age(world.now(), lifetime(world)) {
        Age::Live if take(world, &nonce, credentials.count) => Ok(user),
        Age::Live => Err(wrong()),
        Age::Expired => Err(unauthorized(world, "The nonce is too old.", expired(world))),
    }
}

fn without_credentials<'w>(world: &'w World, call: &Call) -> Result<&'w User, Refusal> {
    let root = call.path.as_ref().is_some_and(Vec::is_empty) && call.verb() == Some(Verb::Get);
    if root && world.behaviour.shows(Fault::RootIsPublic) {
        return Ok(&world.store.users[0]);
    }
    Err(unauthorized(world, "This request needs Digest credentials.", Stale::No))
}

/// What credentials must protect.
fn demand(world: &World) -> Qop {
    if world.behaviour.shows(Fault::QopMissing) { Qop::Unstated } else { Qop::Auth }
}

fn lifetime(world: &World) -> TimeDelta {
    let eternal = world.behaviour.shows(Fault::NonceEternal) || world.behaviour.shows(Fault::NonceConstant);
    if eternal { TimeDelta::MAX } else { NONCE_LIFETIME }
}

/// A nonce for a challenge: another one each time.
fn issue(world: &World) -> String {
    if world.behaviour.shows(Fault::NonceConstant) { world.nonces.first() } else { world.nonces.issue(world.now()) }
}

fn take(world: &World, nonce: &Nonce, count: u32) -> bool {
    let uncounted = [Fault::ReplayAccepted, Fault::NonceConstant, Fault::QopMissing];
    world.nonces.take(nonce, count) || uncounted.into_iter().any(|fault| world.behaviour.shows(fault))
}

/// What the refusal of an expired nonce says.
fn expired(world: &World) -> Stale {
    if world.behaviour.shows(Fault::ExpiredNotStale) { Stale::No } else { Stale::Yes }
}

/// Refuses credentials that were made for another resource (RFC 7616, section 3.4.6: with 400). One without its
/// query is another.
fn check_uri(world: &World, call: &Call, credentials: &Credentials) -> Result<(), Refusal> {
    if credentials.is_for(&call.target) || world.behaviour.shows(Fault::UriUnchecked) {
        return Ok(());
    }
    Err(Refusal::bad_request("The uri of the credentials is not that of the request."))
}

/// The user whose key made the response, if there is one.
fn signer<'w>(world: &'w World, call: &Call, credentials: &Credentials) -> Option<&'w User> {
    let user = world.store.users.iter().find(|user| user.username == credentials.username);
    // Computed for nobody, too: the time of an answer does not tell who exists.
    let key = user.map_or("", |user| user.key.as_str());
    let right = credentials.realm == REALM
        && ALGORITHMS.contains(&credentials.algorithm)
        && is_made_with(world, call, credentials, key);
    if user.is_none() && world.behaviour.shows(Fault::AnybodyIsOwner) {
        return world.store.users.first();
    }
    user.filter(|_| right)
}

fn is_made_with(world: &World, call: &Call, credentials: &Credentials, key: &str) -> bool {
    let right = [call.method.as_str()];
    let any = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    let methods: &[&str] = if world.behaviour.shows(Fault::MethodUnchecked) { &any } else { &right };
    methods.iter().any(|method| credentials.is_made_with(key, method))
        || world.behaviour.shows(Fault::ResponseUnchecked)
}

/// A 401 with fresh challenges: one nonce for all algorithms, for clients that mix the challenges up.
pub(crate) fn unauthorized(world: &World, detail: &str, stale: Stale) -> Refusal {
    let nonce = issue(world);
    let basic = world.behaviour.shows(Fault::BasicOffered).then(|| format!("Basic realm=\"{REALM}\""));
    let digest = ALGORITHMS.iter().map(|algorithm| challenge(world, *algorithm, &nonce, stale));
    let challenges: Vec<String> = digest.chain(basic).collect();
    let refusal = Refusal::new(StatusCode::UNAUTHORIZED, detail);
    challenges.iter().fold(refusal, |refusal, challenge| refusal.with_header(header::WWW_AUTHENTICATE, challenge))
}

fn challenge(world: &World, algorithm: Algorithm, nonce: &str, stale: Stale) -> String {
    let stale = stale == Stale::Yes;
    let algorithm = algorithm.name();
    let qop = match demand(world) {
        Qop::Unstated => "",
        _ if world.behaviour.shows(Fault::QopUnquoted) => "qop=auth, ",
        _ => "qop=\"auth\", ",
    };
    format!(r#"Digest realm="{REALM}", nonce="{nonce}", {qop}algorithm={algorithm}, stale={stale}"#)
}
