//! Groups.

use super::{Exchange, path};
use crate::reference::fault::Fault;
use crate::reference::http::{Answer, Outcome};
use crate::reference::route::Kind;
use crate::reference::store::Group;
use crate::reference::world::World;
use crate::reference::{links, page};

/// What a group leads to, beside the kinds that are only read.
const RELATED: [&str; 5] = ["alertConfigs", "restoreJobs", "users", "measurements", "automationConfig"];

/// The groups that the user is a member of.
pub(super) fn list(exchange: &Exchange<'_>) -> Outcome {
    let user = exchange.admitted.user;
    let members = exchange.world.store.groups.iter().filter(|group| user.role_in(&group.id).is_some()).collect();
    let tell = |group: &Group| (group.fields.clone(), path(group, ""));
    page::answer(exchange.world, exchange.call, "/groups", members, tell)
}

/// A group and the way to all that is in it.
pub(super) fn read(world: &World, group: &Group) -> Answer {
    let dead = world.behaviour.shows(Fault::DeadLink).then_some("agents");
    let names = Kind::ALL.into_iter().map(Kind::plural).chain(RELATED).chain(dead);
    let related: Vec<(&str, String)> = names.map(|name| (name, path(group, &format!("/{name}")))).collect();
    Answer::entity(links::whole(world, group.fields.clone(), &path(group, ""), &related))
}
