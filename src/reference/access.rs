//! What a user may do: membership, supported methods, API whitelists, roles.

use std::net::IpAddr;

use chrono::TimeDelta;
use hyper::header::HeaderName;
use hyper::{Method, StatusCode, header};

use super::auth;
use super::fault::Fault;
use super::http::{Call, Outcome, Verb};
use super::problem::Refusal;
use super::route::{self, Kind, Resource, Within};
use super::store::{Group, Role, User};
use super::variation::Variation;
use super::world::World;

/// A call that may be done: by whom, on what, and how.
#[derive(Clone, Debug)]
pub(crate) struct Admitted<'w> {
    pub(crate) user: &'w User,
    pub(crate) resource: Resource,
    pub(crate) verb: Verb,
    /// The group that the resource is tied to.
    pub(crate) group: Option<&'w Group>,
}

/// Decides whether `user` may do what the call asks for.
///
/// A group that does not exist is told from one that the user is no member of (404 and 401): the specification
/// has it so. All else about the group is told to members only.
pub(crate) fn admit<'w>(
    world: &'w World,
    call: &Call,
    user: &'w User,
    resource: Resource,
) -> Result<Admitted<'w>, Refusal> {
    let group = match &resource {
        Resource::InGroup(id, within) => Some(group(world, call, user, id, within)?),
        Resource::User(id) | Resource::Whitelist(id) | Resource::WhitelistEntry(id, _) => {
            person(world, call, user, id, &resource)?;
            None
        }
        Resource::Root
        | Resource::Groups
        | Resource::GroupByName(_)
        | Resource::Organizations
        | Resource::Organization(_) => None,
    };
    let verb = verb(world, call, &resource)?;
    check_whitelist(world, call, user, &resource)?;
    check_role(world, call, user, &resource, group, verb)?;
    Ok(Admitted { user, resource, verb, group })
}

/// The group, if it exists and the user is a member of it.
fn group<'w>(world: &'w World, call: &Call, user: &User, id: &str, within: &Within) -> Result<&'w Group, Refusal> {
    let Some(group) = world.store.group(id) else { return missing_group(world, call, id, within) };
    let is_owner = || user.name == world.store.users[0].name && call.verb() == Some(Verb::Get);
    let enters = || is_owner() && world.behaviour.shows(Fault::OwnerEntersEveryGroup);
    if user.role_in(&group.id).is_some() || is_open(world, call, within) || enters() {
        return Ok(group);
    }
    if call.method == Method::POST && world.behaviour.shows(Fault::StrangersJudgedLate) {
        return Err(Refusal::bad_request("The body lacks a field."));
    }
    Err(stranger(world))
}

/// Whether a group is open to who is no member: it is not.
fn is_open(world: &World, call: &Call, within: &Within) -> bool {
    let behaviour = &world.behaviour;
    let entity = matches!(within, Within::One(..) | Within::AlertConfig(_));
    match call.method {
        Method::HEAD => behaviour.shows_any(&[Fault::StrangersRead, Fault::StrangersHead]),
        Method::GET => {
            behaviour.shows(Fault::StrangersRead)
                || (behaviour.shows(Fault::StrangersReadEnveloped) && call.query.is_on("envelope"))
                || (behaviour.shows(Fault::StrangersReadPages) && call.query.get("pageNum").is_some())
                || (behaviour.shows(Fault::StrangersReadEntities) && entity)
                || opening(within).is_some_and(|fault| behaviour.shows(fault))
        }
        Method::POST if *within == Within::RestoreJobs && behaviour.shows(Fault::StrangersStartJobs) => true,
        Method::DELETE if matches!(within, Within::RestoreJob(_)) && behaviour.shows(Fault::StrangersDeleteJobs) => {
            true
        }
        Method::PATCH => behaviour.shows_any(&[Fault::StrangersPatch, Fault::StrangersWriteThenRefused]),
        _ => behaviour.shows(Fault::StrangersWriteThenRefused),
    }
}

/// What opens one kind of resource to the reads of who is no member.
fn opening(within: &Within) -> Option<Fault> {
    Some(match within {
        Within::Group => Fault::StrangersSeeGroup,
        Within::Members => Fault::StrangersSeeMembers,
        Within::Measurements => Fault::StrangersReadLimited,
        Within::List(Kind::Snapshot) | Within::One(Kind::Snapshot, _) => Fault::StrangersReadSnapshots,
        Within::RestoreJobs => Fault::StrangersListJobs,
        Within::RestoreJob(_) => Fault::StrangersReadJobs,
        _ => return None,
    })
}

/// The refusal of who is no member of a group.
fn stranger(world: &World) -> Refusal {
    let refusal = auth::unauthorized(world, "The user is not a member of this group.", auth::Stale::No);
    match &world.behaviour {
        behaviour if behaviour.shows(Fault::StrangersAre403) => forbidden(refusal.detail),
        behaviour if behaviour.shows(Fault::ChallengeMissingForStrangers) => Refusal { headers: Vec::new(), ..refusal },
        _ => refusal,
    }
}

/// What stands for a group that does not exist: nothing.
fn missing_group<'w>(world: &'w World, call: &Call, id: &str, within: &Within) -> Result<&'w Group, Refusal> {
    let behaviour = &world.behaviour;
    let (posted, paged) = (call.verb() == Some(Verb::Post), call.query.get("pageNum").is_some());
    let listed = matches!(within, Within::List(_));
    let enveloped = call.query.is_on("envelope");
    let events = *within == Within::List(Kind::Event);
    let empty = behaviour.shows(Fault::MissingContextIsEmpty)
        || (behaviour.shows(Fault::MissingContextOfPage) && paged)
        || (behaviour.shows(Fault::MissingContextOfEvents) && events)
        || (behaviour.shows(Fault::MissingContextOfEnvelope) && enveloped);
    if (empty && listed) || (behaviour.shows(Fault::MissingContextCreates) && posted) {
        return Ok(&world.store.groups[1]);
    }
    if behaviour.shows(Fault::MissingContextIs401) && !posted {
        return Err(stranger(world));
    }
    let refusal = Refusal::not_found("group", id);
    Err(match behaviour {
        _ if posted && behaviour.shows(Fault::MissingContextIs400) => refusal.with_status(StatusCode::BAD_REQUEST),
        _ if posted && behaviour.shows(Fault::MissingContextIs403OnWrite) => refusal.with_status(StatusCode::FORBIDDEN),
        _ => refusal,
    })
}

/// The person of a personal resource: everybody is seen by those they share a group with; whitelists are one's own.
fn person(world: &World, call: &Call, user: &User, id: &str, resource: &Resource) -> Result<(), Refusal> {
    let person = world.store.user(id).ok_or_else(|| Refusal::not_found("user", id))?;
    let acquainted = user.grants.iter().any(|(group, _)| person.role_in(group).is_some());
    let shown = match resource {
        Resource::User(_) => acquainted,
        _ => person.id == user.id || is_shared(world, call, resource, acquainted),
    };
    if shown { Ok(()) } else { Err(forbidden("Only the user themselves may see this.")) }
}

/// Whether what is one's own is open to others, who may be in a group with its owner: it is not.
fn is_shared(world: &World, call: &Call, resource: &Resource, acquainted: bool) -> bool {
    let behaviour = &world.behaviour;
    match (call.verb(), resource) {
        (Some(Verb::Get), Resource::Whitelist(_)) => behaviour.shows(Fault::WhitelistsRead),
        (Some(Verb::Post), Resource::Whitelist(_)) => behaviour.shows(Fault::WhitelistsExtended),
        (Some(Verb::Get), Resource::WhitelistEntry(..)) => acquainted && behaviour.shows(Fault::EntriesRead),
        (Some(Verb::Delete), Resource::WhitelistEntry(..)) => behaviour.shows(Fault::EntriesRemoved),
        _ => false,
    }
}

/// What the method does, if the resource supports it.
fn verb(world: &World, call: &Call, resource: &Resource) -> Result<Verb, Refusal> {
    match call.verb() {
        Some(verb) if supports(world, call, resource, verb) => Ok(verb),
        _ => Err(unsupported(world, call, resource)),
    }
}

fn supports(world: &World, call: &Call, resource: &Resource, verb: Verb) -> bool {
    let behaviour = &world.behaviour;
    let deletable = behaviour.shows(Fault::RootDeletable) && *resource == Resource::Root;
    if call.method == Method::HEAD && is_headless(world, resource) {
        return false;
    }
    let unknown = (verb == Verb::Put && behaviour.takes(Variation::NoPut))
        || (verb == Verb::Patch && behaviour.takes(Variation::NoPatch));
    (route::supported(resource).contains(&verb) && !unknown) || (deletable && verb == Verb::Delete)
}

/// Whether a resource knows GET and no HEAD.
fn is_headless(world: &World, resource: &Resource) -> bool {
    let behaviour = &world.behaviour;
    behaviour.takes(Variation::NoHead)
        || behaviour.shows(Fault::HeadUnsupported)
        || (behaviour.shows(Fault::HeadUnsupportedOnLists) && is_list(resource))
}

fn is_list(resource: &Resource) -> bool {
    matches!(resource, Resource::Groups | Resource::InGroup(_, Within::List(_) | Within::AlertConfigs))
}

/// The status for a method that a resource does not support.
fn unsupported_status(world: &World, call: &Call, resource: &Resource) -> StatusCode {
    let behaviour = &world.behaviour;
    let body = call.header(&header::CONTENT_LENGTH).iter().any(|length| *length != "0");
    match behaviour {
        _ if behaviour.shows(Fault::UnsupportedIs404) => StatusCode::NOT_FOUND,
        _ if behaviour.shows(Fault::UnsupportedOnListIs404) && is_list(resource) => StatusCode::NOT_FOUND,
        _ if behaviour.shows(Fault::UnsupportedWithBodyIs400) && body => StatusCode::BAD_REQUEST,
        _ if behaviour.shows(Fault::RootDeleteIs403) && *resource == Resource::Root => StatusCode::FORBIDDEN,
        _ if behaviour.shows(Fault::PatchUnsupportedIs501) && call.method == Method::PATCH => {
            StatusCode::NOT_IMPLEMENTED
        }
        _ => StatusCode::METHOD_NOT_ALLOWED,
    }
}

fn unsupported(world: &World, call: &Call, resource: &Resource) -> Refusal {
    if *resource == Resource::Root && call.method == Method::DELETE {
        let next = auth::use_of_nonce(call).map(|(nonce, count)| format!("{nonce} {}", count + 1));
        world.behaviour.note(Fault::RootGoneAfterDelete, &next.unwrap_or_default());
    }
    if let Resource::InGroup(group, Within::Registered(register, key)) = resource
        && call.method == Method::PUT
        && world.behaviour.shows(Fault::UnsupportedPutRemoves)
    {
        world.store.registers().remove(group, *register, key);
    }
    let detail = format!("This resource does not support the method {}.", call.method);
    let refusal = Refusal::new(unsupported_status(world, call, resource), detail);
    if refusal.status != StatusCode::METHOD_NOT_ALLOWED || world.behaviour.shows(Fault::AllowMissing) {
        return refusal;
    }
    let all = world.behaviour.shows(Fault::AllowNamesAll);
    let allow = if all { "GET, HEAD, POST, PUT, PATCH, DELETE".to_owned() } else { route::allow(resource) };
    let allow = if is_headless(world, resource) { allow.replace(", HEAD", "") } else { allow };
    refusal.with_header(header::ALLOW, &allow)
}

/// A protected resource is shown only to an address on the whitelist of the user whose key is used.
fn check_whitelist(world: &World, call: &Call, user: &User, resource: &Resource) -> Result<(), Refusal> {
    let Resource::InGroup(group, Within::AutomationConfig) = resource else { return Ok(()) };
    let head = call.method == Method::HEAD;
    let writes = call.verb() != Some(Verb::Get);
    let listed = match &world.behaviour {
        behaviour if behaviour.shows(Fault::WhitelistOpen) => true,
        behaviour if behaviour.shows(Fault::WhitelistClosed) => false,
        behaviour if behaviour.shows(Fault::WhitelistIgnoresHead) && head => true,
        behaviour if behaviour.shows(Fault::WhitelistIgnoresEnvelope) && call.query.is_on("envelope") => true,
        behaviour if behaviour.shows(Fault::WhitelistClosedToHead) && head => false,
        behaviour if behaviour.shows(Fault::WhitelistClosedToWrites) && writes => false,
        behaviour if behaviour.shows_any(&[Fault::WhitelistIgnoresWrites, Fault::UnlistedWriteDone]) && writes => true,
        _ => listed(world, user, group, client(world, call)),
    };
    if listed { Ok(()) } else { Err(unlisted(world, call)) }
}

/// The refusal of an address that is not on the whitelist.
fn unlisted(world: &World, call: &Call) -> Refusal {
    let detail = format!("The address {} is not on the API whitelist of this user.", call.peer);
    let hidden = world.behaviour.takes(Variation::WhitelistIs401);
    if hidden { auth::unauthorized(world, &detail, auth::Stale::No) } else { forbidden(detail) }
}

/// Whether a user may reach protected resources from an address.
fn listed(world: &World, user: &User, group: &str, address: IpAddr) -> bool {
    let (behaviour, whitelist) = (&world.behaviour, world.store.whitelist());
    let youngest =
        world.now() - if behaviour.shows(Fault::EntriesLate) { TimeDelta::minutes(1) } else { TimeDelta::zero() };
    let own = whitelist.of(&user.id).any(|entry| entry.address == address && entry.created <= youngest)
        || behaviour.noted(Fault::EntriesLinger, &entry_of(&user.id, address));
    let owner = world.store.users.first().is_some_and(|owner| whitelist.holds(&owner.id, address));
    let mut others = world.store.users.iter().filter(|user| whitelist.holds(&user.id, address));
    match behaviour {
        _ if behaviour.shows(Fault::WhitelistShared) => others.next().is_some(),
        _ if behaviour.shows(Fault::WhitelistOfMembers) => others.any(|user| user.role_in(group).is_some()),
        _ if behaviour.shows(Fault::WhitelistOfOwnerForAll) => own || owner,
        _ if behaviour.shows(Fault::WhitelistOfOwnerAlone) => own && owner,
        _ if behaviour.shows(Fault::WhitelistOfNetwork) => {
            whitelist.of(&user.id).any(|entry| network(entry.address) == network(address))
        }
        _ => own,
    }
}

/// What stands for an entry that was removed.
pub(crate) fn entry_of(user: &str, address: IpAddr) -> String {
    format!("{user} {address}")
}

/// The address of the client: the one that the connection comes from, whatever a header states.
fn client(world: &World, call: &Call) -> IpAddr {
    let forwarded = HeaderName::from_static("x-forwarded-for");
    let stated = call.header(&forwarded).first().and_then(|stated| stated.split(',').next()?.trim().parse().ok());
    stated.filter(|_| world.behaviour.shows(Fault::ForwardedBelieved)).unwrap_or(call.peer)
}

/// The first three numbers of an address.
fn network(address: IpAddr) -> Option<[u8; 3]> {
    match address {
        IpAddr::V4(address) => Some([address.octets()[0], address.octets()[1], address.octets()[2]]),
        IpAddr::V6(_) => None,
    }
}

/// Only those who may write in a group change anything in it.
fn check_role(
    world: &World,
    call: &Call,
    user: &User,
    resource: &Resource,
    group: Option<&Group>,
    verb: Verb,
) -> Result<(), Refusal> {
    let reads = user.grants.iter().all(|(_, role)| *role == Role::ReadOnly);
    if *resource == Resource::Root && reads && world.behaviour.shows(Fault::RootForWritersAlone) {
        return Err(reader(world));
    }
    let role = group.and_then(|group| user.role_in(&group.id));
    if role != Some(Role::ReadOnly) || may_as_reader(world, call, resource, verb) {
        return Ok(());
    }
    Err(reader(world))
}

/// The refusal of a read-only user.
fn reader(world: &World) -> Refusal {
    let detail = "The role of this user in the group allows reading only.";
    if world.behaviour.shows(Fault::ReaderIs401) {
        return auth::unauthorized(world, detail, auth::Stale::No);
    }
    forbidden(detail)
}

fn may_as_reader(world: &World, call: &Call, resource: &Resource, verb: Verb) -> bool {
    let behaviour = &world.behaviour;
    let entity = matches!(resource, Resource::InGroup(_, Within::One(..) | Within::AlertConfig(_)));
    let job = matches!(resource, Resource::InGroup(_, Within::RestoreJobs | Within::RestoreJob(_)));
    match verb {
        Verb::Get if call.method == Method::HEAD && behaviour.shows(Fault::ReaderCannotHead) => false,
        Verb::Get if entity && behaviour.shows(Fault::ReaderSeesListsAlone) => false,
        Verb::Get => !behaviour.shows(Fault::ReaderLockedOut),
        Verb::Patch if behaviour.shows(Fault::ReaderPatches) => true,
        Verb::Delete if behaviour.shows(Fault::ReaderDeletes) => true,
        Verb::Post if job && behaviour.shows(Fault::ReaderStartsJobs) => true,
        Verb::Delete if job && behaviour.shows(Fault::ReaderCallsOffJobs) => true,
        _ => behaviour.shows_any(&[Fault::ReaderWrites, Fault::ReaderWritesThenForbidden]),
    }
}

/// What is told of a call that was done: its outcome, but for faults that ask only then whether it might be done.
pub(crate) fn told(world: &World, call: &Call, admitted: &Admitted<'_>, outcome: Outcome) -> Outcome {
    let behaviour = &world.behaviour;
    let role = admitted.group.map(|group| admitted.user.role_in(&group.id));
    if behaviour.shows(Fault::PatchedThenAsked) && !call.has(&header::AUTHORIZATION) {
        return Err(auth::unauthorized(world, "This request needs Digest credentials.", auth::Stale::No));
    }
    if behaviour.shows(Fault::MalformedLoginPatches) && auth::is_malformed(world, call) {
        return Err(auth::unauthorized(world, "The credentials are not complete.", auth::Stale::No));
    }
    if behaviour.shows(Fault::WrongKeyPatches) && call.method == Method::PATCH && !auth::is_signed(world, call) {
        return Err(auth::unauthorized(world, "The credentials are not valid.", auth::Stale::No));
    }
    if let Resource::InGroup(group, Within::AutomationConfig) = &admitted.resource
        && behaviour.shows(Fault::UnlistedWriteDone)
        && admitted.verb != Verb::Get
        && !listed(world, admitted.user, group, call.peer)
    {
        return Err(unlisted(world, call));
    }
    match role {
        _ if admitted.verb == Verb::Get => outcome,
        Some(None) if behaviour.shows(Fault::StrangersWriteThenRefused) => Err(stranger(world)),
        Some(Some(Role::ReadOnly)) if behaviour.shows(Fault::ReaderWritesThenForbidden) => Err(reader(world)),
        _ => outcome,
    }
}

fn forbidden(detail: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::FORBIDDEN, detail)
}
