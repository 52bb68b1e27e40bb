//! Digest authentication (RFC 7616), the verifying side. The formulas are those of [`crate::digest`], which printed
//! vectors pin; what is right and what is wrong is decided here.

mod credentials;
mod malformed;
mod nonce;
mod public;

use chrono::{DateTime, DurationRound, TimeDelta};
use hyper::{Method, StatusCode, header};

use super::fault::Fault;
use super::http::{Call, Verb};
use super::problem::Refusal;
use super::store::User;
use super::variation::{Variation, challenge as choice};
use super::world::World;
use crate::digest::answer::Qop;
use crate::digest::hash::Algorithm;
use credentials::{Compared, Credentials};
use nonce::{Age, Nonce};

pub(crate) use nonce::{Nonces, Order};

/// What offers Basic: a fault.
const BASIC: &str = "Basic realm=\"Atlas API\"";

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
    let wrong = || refused(world);
    let credentials = match call.header(&header::AUTHORIZATION).as_slice() {
        [] => return without_credentials(world, call),
        [value] => match Credentials::read(value, demand(world)) {
            Some(credentials) => credentials,
            None => return malformed::user(world, call, value),
        },
        _ => return Err(wrong()),
    };
    check_uri(world, call, &credentials)?;
    if !choice::is_opaque_back(&world.behaviour, credentials.opaque.as_deref()) {
        return Err(wrong());
    }
    let user = signer(world, call, &credentials).ok_or_else(|| unsigned(world, &credentials))?;
    if refuses_right_digest(world, call, &credentials) {
        return Err(wrong());
    }
    let stated = choice::nonce_inward(&world.behaviour, credentials.algorithm, &credentials.nonce);
    let Some(nonce) = world.nonces.issued(stated) else {
        let taken = takes_foreign(world, call, &credentials.nonce);
        return if taken { Ok(user) } else { Err(refused_nonce(world, Variation::UnknownIsStale)) };
    };
    match world.nonces.age(&nonce, world.now(), lifetime(world, &credentials)) {
        Age::Live if take(world, &nonce, &credentials) => {
            world.behaviour.note(Fault::UsedNonceEternal, &credentials.nonce);
            world.behaviour.note(Fault::UnusedNonceEternal, &credentials.nonce);
            world.behaviour.note(Fault::NonceRenewed, &used_at(&credentials, world.now().timestamp()));
            Ok(user)
        }
        Age::Live => Err(refused_nonce(world, Variation::NonceOnce)),
        Age::Expired => Err(unauthorized(world, "The nonce is too old.", expired(world))),
    }
}

/// The nonce that a call was signed with, and its count.
pub(crate) fn use_of_nonce(call: &Call) -> Option<(String, u32)> {
    let credentials = Credentials::read(call.header(&header::AUTHORIZATION).first()?, Qop::Auth)?;
    Some((credentials.nonce, credentials.count))
}

/// The refusal of credentials that are wrong.
fn refused(world: &World) -> Refusal {
    let refusal = unauthorized(world, "The credentials are not valid.", Stale::No);
    if world.behaviour.shows(Fault::BasicOfferedAfterwards) {
        return refusal.with_header(header::WWW_AUTHENTICATE, BASIC);
    }
    refusal
}

/// The refusal of a nonce that is not good, which says so where a variation has it so.
fn refused_nonce(world: &World, told: Variation) -> Refusal {
    if world.behaviour.takes(told) {
        return unauthorized(world, "The nonce is not good any more.", Stale::Yes);
    }
    refused(world)
}

/// The refusal of credentials that no user's key made.
fn unsigned(world: &World, credentials: &Credentials) -> Refusal {
    let known = world.store.users.iter().any(|user| user.username == credentials.username);
    if known && world.behaviour.shows(Fault::WrongKeyIsStale) {
        return unauthorized(world, "The credentials are not valid.", Stale::Yes);
    }
    let refusal = refused(world);
    match &world.behaviour {
        behaviour if known && behaviour.shows(Fault::WrongKeyIs403) => refusal.with_status(StatusCode::FORBIDDEN),
        behaviour if !known && behaviour.shows(Fault::UnknownUserIs403) => refusal.with_status(StatusCode::FORBIDDEN),
        behaviour if !known && behaviour.shows(Fault::UnknownUserIs404) => refusal.with_status(StatusCode::NOT_FOUND),
        _ => refusal,
    }
}

/// Whether a right digest is refused: never.
fn refuses_right_digest(world: &World, call: &Call, credentials: &Credentials) -> bool {
    let behaviour = &world.behaviour;
    (behaviour.shows(Fault::QueryRefused) && call.target.contains('?'))
        || (behaviour.shows(Fault::HeadDigestRefused) && call.method == Method::HEAD)
        || (behaviour.shows(Fault::FirstUseRefused)
            && call.method == Method::GET
            && credentials.count == 1
            && call.path.as_ref().is_some_and(|path| path.len() == 4))
        || (behaviour.shows(Fault::PostDigestRefused) && call.method == Method::POST && credentials.count == 1)
}

/// Whether a nonce is taken that this server did not issue: never.
fn takes_foreign(world: &World, call: &Call, nonce: &str) -> bool {
    world.behaviour.shows(Fault::ForeignNonce)
        || (world.behaviour.shows(Fault::ForeignNonceOnReads) && call.verb() == Some(Verb::Get))
        || (world.behaviour.shows(Fault::ForeignNonceOnWrites) && call.verb() != Some(Verb::Get))
        || (world.behaviour.shows(Fault::NonceUnsealed) && nonce.len() >= 16)
}

fn without_credentials<'w>(world: &'w World, call: &Call) -> Result<&'w User, Refusal> {
    if call.method == Method::PUT && world.behaviour.shows(Fault::PutJudgedFirst) {
        return Err(Refusal::bad_request("The body must be a JSON object."));
    }
    if public::is_public(world, call) {
        return Ok(&world.store.users[0]);
    }
    let stale = if world.behaviour.shows(Fault::FirstChallengeStale) { Stale::Yes } else { Stale::No };
    let is_empty = call.method == Method::HEAD && world.behaviour.shows(Fault::NonceEmptyOnHead);
    let nonce = if is_empty { String::new() } else { issue(world) };
    let refusal = challenged(world, "This request needs Digest credentials.", &nonce, stale);
    if world.behaviour.shows(Fault::MissingLoginIs403) {
        return Err(Refusal::new(StatusCode::FORBIDDEN, refusal.detail));
    }
    let bare = world.behaviour.shows(Fault::ChallengeMissingOnHead) && call.method == Method::HEAD;
    Err(if bare { Refusal { headers: Vec::new(), ..refusal } } else { refusal })
}

/// What credentials must protect.
fn demand(world: &World) -> Qop {
    let unstated = world.behaviour.shows(Fault::QopMissing) || world.behaviour.takes(Variation::NoQop);
    if unstated { Qop::Unstated } else { Qop::Auth }
}

fn lifetime(world: &World, credentials: &Credentials) -> TimeDelta {
    let behaviour = &world.behaviour;
    match behaviour {
        _ if behaviour.shows_any(&[Fault::NonceEternal, Fault::NonceConstant, Fault::NonceOfTheDay]) => TimeDelta::MAX,
        _ if behaviour.noted(Fault::UsedNonceEternal, &credentials.nonce) => TimeDelta::MAX,
        _ if behaviour.shows(Fault::UnusedNonceEternal)
            && !behaviour.noted(Fault::UnusedNonceEternal, &credentials.nonce) =>
        {
            TimeDelta::MAX
        }
        _ if behaviour.shows(Fault::NonceRenewed) && is_lately_used(world, credentials) => TimeDelta::MAX,
        _ if behaviour.shows(Fault::LifetimeTwiceAsLong) => choice::nonce_lifetime(behaviour) * 2,
        _ => choice::nonce_lifetime(behaviour),
    }
}

/// Whether a nonce was used within the time that one lives.
fn is_lately_used(world: &World, credentials: &Credentials) -> bool {
    let (now, lifetime) = (world.now().timestamp(), choice::nonce_lifetime(&world.behaviour).num_seconds());
    (now - lifetime..=now).any(|second| world.behaviour.noted(Fault::NonceRenewed, &used_at(credentials, second)))
}

fn used_at(credentials: &Credentials, second: i64) -> String {
    format!("{second} {}", credentials.nonce)
}

/// A nonce for a challenge: another one each time.
pub(crate) fn issue(world: &World) -> String {
    let nonce = match &world.behaviour {
        behaviour if behaviour.shows(Fault::NonceConstant) => world.nonces.standing(DateTime::UNIX_EPOCH),
        behaviour if behaviour.shows(Fault::NonceOfTheDay) => {
            world.nonces.standing(world.now().duration_trunc(TimeDelta::days(1)).unwrap_or_default())
        }
        behaviour => match choice::shared_since(behaviour, world.now()) {
            Some(since) => world.nonces.standing(since),
            None => world.nonces.issue(world.now()),
        },
    };
    choice::nonce_outward(&world.behaviour, nonce)
}

fn take(world: &World, nonce: &Nonce, credentials: &Credentials) -> bool {
    let (Some(count), order) = (count(world, credentials), choice::order(&world.behaviour)) else { return false };
    let shared = world.behaviour.takes(Variation::NonceShared);
    let nonce = if shared { nonce.for_client(&credentials.username, &credentials.cnonce) } else { *nonce };
    let uncounted = [Fault::ReplayAccepted, Fault::NonceConstant, Fault::NonceOfTheDay, Fault::QopMissing];
    let again = world.behaviour.shows_any(&uncounted) || (world.behaviour.shows(Fault::FirstCountAgain) && count == 1);
    world.nonces.take(&nonce, count, order) || again || world.behaviour.takes(Variation::NoQop)
}

/// The count that credentials state: in hexadecimal digits, all of which mean something.
fn count(world: &World, credentials: &Credentials) -> Option<u32> {
    match &world.behaviour {
        behaviour if behaviour.shows(Fault::CountsAreDecimal) => credentials.decimal_count(),
        behaviour if behaviour.shows(Fault::CountsOfOneByte) => Some(credentials.count & 0xff),
        _ => Some(credentials.count),
    }
}

/// What the refusal of an expired nonce says.
fn expired(world: &World) -> Stale {
    if world.behaviour.shows(Fault::ExpiredNotStale) { Stale::No } else { Stale::Yes }
}

/// Refuses credentials that were made for another resource (RFC 7616, section 3.4.6: with 400). One without its
/// query is another.
fn check_uri(world: &World, call: &Call, credentials: &Credentials) -> Result<(), Refusal> {
    let unchecked = world.behaviour.shows(Fault::UriUnchecked)
        || (world.behaviour.shows(Fault::UriUncheckedOnWrites) && call.verb() != Some(Verb::Get))
        || (world.behaviour.shows(Fault::UriUncheckedOnRoot) && is_about(call, 0))
        || (world.behaviour.shows(Fault::UriUncheckedOnLists) && is_about(call, 3))
        || (world.behaviour.shows(Fault::UriPrefixChecked) && credentials.uri().starts_with(world.base.path()))
        || (world.behaviour.shows(Fault::QueryUnchecked)
            && without_query(credentials.uri()) == without_query(&call.target));
    if credentials.is_for(&call.target) || unchecked {
        return Ok(());
    }
    let detail = "The uri of the credentials is not that of the request.";
    let as_credentials = world.behaviour.takes(Variation::OtherUriIs401);
    Err(if as_credentials { unauthorized(world, detail, Stale::No) } else { Refusal::bad_request(detail) })
}

/// Whether a call reads what has so many segments in its path: none has the root, three a list of a group.
fn is_about(call: &Call, segments: usize) -> bool {
    call.verb() == Some(Verb::Get) && call.path.as_ref().is_some_and(|path| path.len() == segments)
}

fn without_query(target: &str) -> &str {
    target.split('?').next().unwrap_or(target)
}

/// The user of these credentials, if they are made with the right key.
fn signer<'w>(world: &'w World, call: &Call, credentials: &Credentials) -> Option<&'w User> {
    let signer = true_signer(world, call, credentials);
    if world.behaviour.shows(Fault::WrongKeyPatches) && call.method == Method::PATCH {
        return signer.or_else(|| named(world, credentials));
    }
    signer
}

/// Whether a call has credentials that are made with the right key.
pub(crate) fn is_signed(world: &World, call: &Call) -> bool {
    let credentials = call.header(&header::AUTHORIZATION).first().and_then(|it| Credentials::read(it, demand(world)));
    credentials.is_some_and(|credentials| true_signer(world, call, &credentials).is_some())
}

/// Whether a call has an Authorization header that is no complete Digest credentials.
pub(crate) fn is_malformed(world: &World, call: &Call) -> bool {
    let sent = call.header(&header::AUTHORIZATION);
    sent.first().is_some_and(|value| Credentials::read(value, demand(world)).is_none())
}

/// The name in the target file of the user whose name a call's credentials have, whether they are right or not.
pub(crate) fn user_named_by<'w>(world: &'w World, call: &Call) -> Option<&'w str> {
    let sent = call.header(&header::AUTHORIZATION);
    let credentials = Credentials::read(sent.first()?, demand(world))?;
    named(world, &credentials).map(|user| user.name)
}

/// The user whose name the credentials have.
fn named<'w>(world: &'w World, credentials: &Credentials) -> Option<&'w User> {
    let is_named =
        |user: &&User| choice::is_name(&world.behaviour, credentials.algorithm, &user.username, &credentials.username);
    world.store.users.iter().find(is_named)
}

/// The user whose key made the response, if there is one.
fn true_signer<'w>(world: &'w World, call: &Call, credentials: &Credentials) -> Option<&'w User> {
    let user = named(world, credentials);
    let credentials = &credentials.clone().named(user.map(|user| user.username.as_str()));
    // Computed for nobody, too: the time of an answer does not tell who exists.
    let key = user.map_or("", |user| user.key.as_str());
    let right = credentials.realm == choice::realm(&world.behaviour)
        && choice::algorithms(&world.behaviour).contains(&credentials.algorithm)
        && (is_made_with(world, call, credentials, key) || is_made_by_another(world, call, credentials));
    let reads = call.verb() == Some(Verb::Get);
    let anybody = world.behaviour.shows(Fault::AnybodyIsOwner);
    if user.is_none() && (anybody || (!reads && world.behaviour.shows(Fault::AnybodyWrites))) {
        return world.store.users.first();
    }
    user.filter(|_| right)
}

/// Whether the key of another user is as good: it is not.
fn is_made_by_another(world: &World, call: &Call, credentials: &Credentials) -> bool {
    let mut users = world.store.users.iter();
    world.behaviour.shows(Fault::AnyUsersKey) && users.any(|user| is_made_with(world, call, credentials, &user.key))
}

/// What makes any response of a known user good, where a call is of its kind.
fn unchecked(call: &Call) -> Option<Fault> {
    Some(match call.method {
        Method::POST => Fault::PostUnchecked,
        Method::PUT => Fault::PutUnchecked,
        Method::PATCH => Fault::PatchUnchecked,
        Method::DELETE => Fault::DeleteUnchecked,
        _ if is_about(call, 0) => Fault::RootUnchecked,
        _ if is_about(call, 3) => Fault::ListsUnchecked,
        _ => return None,
    })
}

fn is_made_with(world: &World, call: &Call, credentials: &Credentials, key: &str) -> bool {
    let behaviour = &world.behaviour;
    let any_method = match call.method {
        Method::GET => behaviour.shows_any(&[Fault::MethodUnchecked, Fault::MethodUncheckedOnReads]),
        Method::HEAD => behaviour.shows_any(&[Fault::MethodUnchecked, Fault::HeadTakesAnyMethod]),
        _ => behaviour.shows_any(&[Fault::MethodUnchecked, Fault::MethodUncheckedOnWrites]),
    };
    let any_method = any_method
        || (behaviour.shows(Fault::MethodUncheckedOnRoot) && is_about(call, 0))
        || (behaviour.shows(Fault::MethodUncheckedOnLists) && is_about(call, 3));
    let right = [call.method.as_str()];
    let any = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    let methods: &[&str] = match behaviour {
        _ if any_method => &any,
        _ if call.method == Method::HEAD && behaviour.shows(Fault::HeadTakesDigestOfGet) => &["GET", "HEAD"],
        _ => &right,
    };
    let made = methods.iter().any(|method| credentials.is_made_with(key, method, compared(world, call)));
    if made {
        behaviour.note(Fault::KeyCheckedOnce, &credentials.username);
    }
    let owner = &world.store.users[0];
    let unchecked = behaviour.shows(Fault::ResponseUnchecked)
        || (key != owner.key && behaviour.shows(Fault::OthersUnchecked))
        || (is_in_other_group(world, call) && behaviour.shows(Fault::OtherGroupUnchecked))
        || unchecked(call).is_some_and(|it| behaviour.shows(it));
    made || unchecked || behaviour.noted(Fault::KeyCheckedOnce, &credentials.username)
}

/// Whether a call writes in the owner's other group.
fn is_in_other_group(world: &World, call: &Call) -> bool {
    let other = world.store.groups.get(2).map(|group| group.id.as_str());
    let segments = call.path.as_deref().unwrap_or_default();
    call.verb() != Some(Verb::Get) && segments.get(1).map(String::as_str) == other
}

/// How much of a response is compared: all of it.
fn compared(world: &World, call: &Call) -> Compared {
    let writes = call.verb() != Some(Verb::Get);
    match &world.behaviour {
        behaviour if behaviour.shows(Fault::ResponseCutShortOnWrites) && writes => Compared::Digits(30),
        behaviour if behaviour.shows(Fault::ResponseCutShort) => Compared::Digits(30),
        behaviour if behaviour.shows(Fault::ResponseHalved) => Compared::Digits(16),
        _ => Compared::All,
    }
}

/// A 401 with fresh challenges: one nonce for all algorithms, for clients that mix the challenges up, unless each is to
/// have its own.
pub(crate) fn unauthorized(world: &World, detail: &str, stale: Stale) -> Refusal {
    challenged(world, detail, &issue(world), stale)
}

/// The same over this nonce.
fn challenged(world: &World, detail: &str, nonce: &str, stale: Stale) -> Refusal {
    let basic = world.behaviour.shows(Fault::BasicOffered).then(|| BASIC.to_owned());
    let digest =
        choice::algorithms(&world.behaviour).iter().map(|algorithm| challenge(world, *algorithm, nonce, stale));
    let challenges = choice::lines(&world.behaviour, digest.chain(basic).collect());
    let refusal = Refusal::new(StatusCode::UNAUTHORIZED, detail);
    challenges.iter().fold(refusal, |refusal, challenge| refusal.with_header(header::WWW_AUTHENTICATE, challenge))
}

fn challenge(world: &World, algorithm: Algorithm, nonce: &str, stale: Stale) -> String {
    let stale = stale == Stale::Yes;
    let plain = choice::nonce_for(&world.behaviour, algorithm, nonce);
    let algorithm = algorithm.name();
    let nonce = choice::quoted(&plain);
    let nonce = if world.behaviour.shows(Fault::NonceUnquoted) { plain } else { nonce };
    let realm = choice::quoted(choice::realm(&world.behaviour));
    let realm = if world.behaviour.shows(Fault::RealmQuotedWrongly) { "'Atlas API'" } else { &realm };
    let qop = match demand(world) {
        Qop::Unstated => "",
        _ if world.behaviour.shows(Fault::QopUnquoted) => "qop=auth, ",
        _ => "qop=\"auth\", ",
    };
    let challenge = format!("Digest realm={realm}, nonce={nonce}, {qop}algorithm={algorithm}, stale={stale}");
    choice::rewritten(&world.behaviour, challenge)
}
