//! What a user may do: membership, supported methods, API whitelists, roles.

use std::net::IpAddr;

use hyper::{Method, StatusCode, header};

use super::auth;
use super::fault::Fault;
use super::freedom::Freedom;
use super::http::{Call, Verb};
use super::problem::Refusal;
use super::route::{self, Resource, Within};
use super::store::{Group, Role, User};
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
            person(world, user, id, &resource)?;
            None
        }
        Resource::Root | Resource::Groups => None,
    };
    let verb = verb(world, call, &resource)?;
    check_whitelist(world, call, user, &resource)?;
    check_role(world, user, group, verb)?;
    Ok(Admitted { user, resource, verb, group })
}

/// The group, if it exists and the user is a member of it.
fn group<'w>(world: &'w World, call: &Call, user: &User, id: &str, within: &Within) -> Result<&'w Group, Refusal> {
    let Some(group) = world.store.group(id) else { return missing_group(world, call, id, within) };
    let open = world.behaviour.shows(Fault::StrangersRead) && call.verb() == Some(Verb::Get);
    if open || user.role_in(&group.id).is_some() {
        return Ok(group);
    }
    Err(auth::unauthorized(world, "The user is not a member of this group.", auth::Stale::No))
}

/// What stands for a group that does not exist: nothing.
fn missing_group<'w>(world: &'w World, call: &Call, id: &str, within: &Within) -> Result<&'w Group, Refusal> {
    if world.behaviour.shows(Fault::MissingContextIsEmpty) && matches!(within, Within::List(_)) {
        return Ok(&world.store.groups[1]);
    }
    let refusal = Refusal::not_found("group", id);
    let spoiled = world.behaviour.shows(Fault::MissingContextIs400) && call.verb() == Some(Verb::Post);
    Err(if spoiled { Refusal { status: StatusCode::BAD_REQUEST, ..refusal } } else { refusal })
}

/// The person of a personal resource: everybody is seen by those they share a group with; whitelists are one's own.
fn person(world: &World, user: &User, id: &str, resource: &Resource) -> Result<(), Refusal> {
    let person = world.store.user(id).ok_or_else(|| Refusal::not_found("user", id))?;
    let shown = match resource {
        Resource::User(_) => user.grants.iter().any(|(group, _)| person.role_in(group).is_some()),
        _ => person.id == user.id,
    };
    if shown { Ok(()) } else { Err(forbidden("Only the user themselves may see this.")) }
}

/// What the method does, if the resource supports it.
fn verb(world: &World, call: &Call, resource: &Resource) -> Result<Verb, Refusal> {
    let head_refused = world.behaviour.shows(Fault::HeadUnsupported) && call.method == Method::HEAD;
    match call.verb() {
        Some(verb) if supports(world, resource, verb) && !head_refused => Ok(verb),
        _ => Err(unsupported(world, call, resource)),
    }
}

fn supports(world: &World, resource: &Resource, verb: Verb) -> bool {
    let behaviour = &world.behaviour;
    let unknown = (verb == Verb::Put && behaviour.takes(Freedom::NoPut))
        || (verb == Verb::Patch && behaviour.takes(Freedom::NoPatch));
    let deletable = world.behaviour.shows(Fault::RootDeletable) && *resource == Resource::Root;
    (route::supported(resource).contains(&verb) && !unknown) || (deletable && verb == Verb::Delete)
}

fn unsupported(world: &World, call: &Call, resource: &Resource) -> Refusal {
    if world.behaviour.shows(Fault::UnsupportedIs404) {
        return Refusal::new(StatusCode::NOT_FOUND, "Nothing is here for this method.");
    }
    let detail = format!("This resource does not support the method {}.", call.method);
    let refusal = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, detail);
    if world.behaviour.shows(Fault::AllowMissing) {
        return refusal;
    }
    refusal.with_header(header::ALLOW, &route::allow(resource))
}

/// A protected resource is shown only to an address on the whitelist of the user whose key is used.
fn check_whitelist(world: &World, call: &Call, user: &User, resource: &Resource) -> Result<(), Refusal> {
    let protected = matches!(resource, Resource::InGroup(_, Within::AutomationConfig));
    if !protected || listed(world, user, call.peer) {
        return Ok(());
    }
    let detail = format!("The address {} is not on the API whitelist of this user.", call.peer);
    let hidden = world.behaviour.takes(Freedom::WhitelistIs401);
    Err(if hidden { auth::unauthorized(world, &detail, auth::Stale::No) } else { forbidden(detail) })
}

/// Whether a user may reach protected resources from an address.
fn listed(world: &World, user: &User, address: IpAddr) -> bool {
    let whitelist = world.store.whitelist();
    if world.behaviour.shows(Fault::WhitelistShared) {
        return world.store.users.iter().any(|user| whitelist.holds(&user.id, address));
    }
    let listed = whitelist.holds(&user.id, address) && !world.behaviour.shows(Fault::WhitelistClosed);
    listed || world.behaviour.shows(Fault::WhitelistOpen)
}

/// Only those who may write in a group change anything in it.
fn check_role(world: &World, user: &User, group: Option<&Group>, verb: Verb) -> Result<(), Refusal> {
    let role = group.and_then(|group| user.role_in(&group.id));
    if role != Some(Role::ReadOnly) || may_as_reader(world, verb) {
        return Ok(());
    }
    Err(forbidden("The role of this user in the group allows reading only."))
}

fn may_as_reader(world: &World, verb: Verb) -> bool {
    match verb {
        Verb::Get => !world.behaviour.shows(Fault::ReaderLockedOut),
        _ => world.behaviour.shows(Fault::ReaderWrites),
    }
}

fn forbidden(detail: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::FORBIDDEN, detail)
}
