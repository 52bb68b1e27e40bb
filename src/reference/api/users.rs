//! Users, as others see them.

use hyper::header;
use serde_json::{Map, Value, json};

use super::{Exchange, fields, path};
use crate::reference::fault::Fault;
use crate::reference::http::{Answer, Outcome};
use crate::reference::problem::Refusal;
use crate::reference::store::{Group, User};
use crate::reference::world::World;
use crate::reference::{links, page};

/// One user.
pub(super) fn read(world: &World, id: &str) -> Outcome {
    let user = world.store.user(id).ok_or_else(|| Refusal::not_found("user", id))?;
    let mut entity = links::whole(world, shown(user), &own_path(user), &[]);
    if let Some(members) = entity.as_object_mut().filter(|_| world.behaviour.shows(Fault::LinksInHeader)) {
        members.remove("links");
        let link = format!("<{}>; rel=\"self\"", world.base.url(&own_path(user)));
        return Ok(Answer::entity(entity).with_header(header::LINK, &link));
    }
    Ok(Answer::entity(entity))
}

/// The members of a group.
pub(super) fn members(exchange: &Exchange<'_>, group: &Group) -> Outcome {
    let users = &exchange.world.store.users;
    let members = users.iter().filter(|user| user.role_in(&group.id).is_some()).collect();
    let tell = |user: &User| (shown(user), own_path(user));
    page::answer(exchange.world, exchange.call, &path(group, "/users"), members, tell)
}

fn own_path(user: &User) -> String {
    format!("/users/{}", user.id)
}

/// All but the key.
fn shown(user: &User) -> Map<String, Value> {
    let roles: Vec<Value> =
        user.grants.iter().map(|(group, role)| json!({ "groupId": group, "roleName": role.name() })).collect();
    fields(json!({ "id": user.id, "username": user.username, "emailAddress": user.username, "roles": roles }))
}
