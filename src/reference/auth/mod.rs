//! Digest authentication (RFC 7616), the verifying side. The formulas are those of [`crate::digest`], which printed
//! vectors pin; what is right and what is wrong is decided here.

mod credentials;
mod nonce;

use chrono::TimeDelta;
use hyper::{StatusCode, header};

use super::http::Call;
use super::problem::Refusal;
use super::store::User;
use super::world::World;
use crate::digest::hash::Algorithm;
use credentials::Credentials;
use nonce::Age;

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
        [] => return Err(unauthorized(world, "This request needs Digest credentials.", Stale::No)),
        [value] => Credentials::read(value).ok_or_else(wrong)?,
        _ => return Err(wrong()),
    };
    check_uri(call, &credentials)?;
    let nonce = world.nonces.issued(&credentials.nonce).ok_or_else(wrong)?;
    let user = signer(world, call, &credentials).ok_or_else(wrong)?;
    match nonce.age(world.now(), NONCE_LIFETIME) {
        Age::Live if world.nonces.take(&nonce, credentials.count) => Ok(user),
        Age::Live => Err(wrong()),
        Age::Expired => Err(unauthorized(world, "The nonce is too old.", Stale::Yes)),
    }
}

/// Refuses credentials that were made for another resource (RFC 7616, section 3.4.6: with 400). One without its
/// query is another.
fn check_uri(call: &Call, credentials: &Credentials) -> Result<(), Refusal> {
    if credentials.is_for(&call.target) {
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
        && credentials.is_made_with(key, call.method.as_str());
    user.filter(|_| right)
}

/// A 401 with fresh challenges: one nonce for all algorithms, for clients that mix the challenges up.
pub(crate) fn unauthorized(world: &World, detail: &str, stale: Stale) -> Refusal {
    let nonce = world.nonces.issue(world.now());
    let challenges = ALGORITHMS.map(|algorithm| challenge(algorithm, &nonce, stale));
    let refusal = Refusal::new(StatusCode::UNAUTHORIZED, detail);
    challenges.iter().fold(refusal, |refusal, challenge| refusal.with_header(header::WWW_AUTHENTICATE, challenge))
}

fn challenge(algorithm: Algorithm, nonce: &str, stale: Stale) -> String {
    let stale = stale == Stale::Yes;
    let algorithm = algorithm.name();
    format!(r#"Digest realm="{REALM}", nonce="{nonce}", qop="auth", algorithm={algorithm}, stale={stale}"#)
}
