//! Digest authentication (RFC 7616), the verifying side. The formulas are those of [`crate::digest`], which printed
//! vectors pin; what is right and what is wrong is decided here.

mod credentials;
mod nonce;

use chrono::TimeDelta;
use hyper::{StatusCode, header};

use super::fault::Fault;
use super::freedom::{Freedom, challenge as choice};
use super::http::{Call, Verb};
use super::problem::Refusal;
use super::store::User;
use super::world::World;
use crate::digest::answer::Qop;
use crate::digest::hash::Algorithm;
use credentials::Credentials;
use nonce::{Age, Nonce};

pub(crate) use nonce::{Nonces, Order};

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
    if !choice::is_opaque_back(&world.behaviour, credentials.opaque.as_deref()) {
        return Err(wrong());
    }
    let user = signer(world, call, &credentials).ok_or_else(wrong)?;
    if world.behaviour.shows(Fault::QueryRefused) && call.target.contains('?') {
        return Err(wrong());
    }
    let Some(nonce) = world.nonces.issued(choice::nonce_inward(&world.behaviour, &credentials.nonce)) else {
        return if world.behaviour.shows(Fault::ForeignNonce) { Ok(user) } else { Err(unknown_nonce(world)) };
    };
    match nonce.age(world.now(), lifetime(world)) {
        Age::Live if take(world, &nonce, &credentials) => Ok(user),
        Age::Live => Err(used_nonce(world)),
        Age::Expired => Err(unauthorized(world, "The nonce is too old.", expired(world))),
    }
}

fn unknown_nonce(world: &World) -> Refusal {
    let stale = if world.behaviour.takes(Freedom::UnknownIsStale) { Stale::Yes } else { Stale::No };
    unauthorized(world, "The credentials are not valid.", stale)
}

fn used_nonce(world: &World) -> Refusal {
    let stale = if world.behaviour.takes(Freedom::NonceOnce) { Stale::Yes } else { Stale::No };
    unauthorized(world, "The credentials are not valid.", stale)
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
    let unstated = world.behaviour.shows(Fault::QopMissing) || world.behaviour.takes(Freedom::NoQop);
    if unstated { Qop::Unstated } else { Qop::Auth }
}

fn lifetime(world: &World) -> TimeDelta {
    let eternal = world.behaviour.shows(Fault::NonceEternal) || world.behaviour.shows(Fault::NonceConstant);
    if eternal { TimeDelta::MAX } else { choice::nonce_lifetime(&world.behaviour) }
}

/// A nonce for a challenge: another one each time.
pub(crate) fn issue(world: &World) -> String {
    let nonce = match choice::shared_since(&world.behaviour, world.now()) {
        _ if world.behaviour.shows(Fault::NonceConstant) => world.nonces.first(),
        Some(since) => world.nonces.of(since),
        None => world.nonces.issue(world.now()),
    };
    choice::nonce_outward(&world.behaviour, nonce)
}

fn take(world: &World, nonce: &Nonce, credentials: &Credentials) -> bool {
    let shared = world.behaviour.takes(Freedom::NonceShared);
    let nonce = if shared { nonce.for_client(&credentials.username, &credentials.cnonce) } else { *nonce };
    let order = choice::order(&world.behaviour);
    let uncounted = [Fault::ReplayAccepted, Fault::NonceConstant, Fault::QopMissing];
    world.nonces.take(&nonce, credentials.count, order)
        || world.behaviour.takes(Freedom::NoQop)
        || uncounted.into_iter().any(|fault| world.behaviour.shows(fault))
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
    let detail = "The uri of the credentials is not that of the request.";
    Err(match choice::other_uri(&world.behaviour) {
        StatusCode::UNAUTHORIZED => unauthorized(world, detail, Stale::No),
        status => Refusal::new(status, detail),
    })
}

/// The user whose key made the response, if there is one.
fn signer<'w>(world: &'w World, call: &Call, credentials: &Credentials) -> Option<&'w User> {
    let is_named =
        |user: &&User| choice::is_name(&world.behaviour, credentials.algorithm, &user.username, &credentials.username);
    let user = world.store.users.iter().find(is_named);
    // Computed for nobody, too: the time of an answer does not tell who exists.
    let key = user.map_or("", |user| user.key.as_str());
    let credentials = &credentials.clone().named(user.map(|user| user.username.as_str()));
    let right = credentials.realm == choice::realm(&world.behaviour)
        && choice::algorithms(&world.behaviour).contains(&credentials.algorithm)
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
    let basic = world
        .behaviour
        .shows(Fault::BasicOffered)
        .then(|| format!("Basic realm=\"{}\"", choice::realm(&world.behaviour)));
    let digest =
        choice::algorithms(&world.behaviour).iter().map(|algorithm| challenge(world, *algorithm, &nonce, stale));
    let challenges = choice::lines(&world.behaviour, digest.chain(basic).collect());
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
    let (realm, nonce) = (choice::quotable(choice::realm(&world.behaviour)), choice::quotable(nonce));
    let challenge = format!(r#"Digest realm="{realm}", nonce="{nonce}", {qop}algorithm={algorithm}, stale={stale}"#);
    choice::rewritten(&world.behaviour, challenge)
}
