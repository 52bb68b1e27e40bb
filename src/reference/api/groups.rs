//! Groups.

use super::{Exchange, path};
use crate::reference::fault::Fault;
use crate::reference::http::{Answer, Outcome};
use crate::reference::problem::Refusal;
use crate::reference::route::Kind;
use crate::reference::store::Group;
use crate::reference::world::World;
use crate::reference::{links, page};

/// What a group leads to, beside the kinds that are only read.
const RELATED: [&str; 6] =
    ["alertConfigs", "restoreJobs", "users", "measurements", "automationConfig", "databaseUsers"];

/// The groups that the user is a member of.
pub(super) fn list(exchange: &Exchange<'_>) -> Outcome {
    let user = exchange.admitted.user;
    let members = exchange.world.store.groups.iter().filter(|group| user.role_in(&group.id).is_some()).collect();
    let tell = |group: &Group| (group.fields.clone(), path(group, ""));
    page::answer(exchange.world, exchange.call, "/groups", members, tell)
}

/// A group of the user by its name.
pub(super) fn by_name(exchange: &Exchange<'_>, name: &str) -> Outcome {
    let user = exchange.admitted.user;
    let named = |group: &&Group| group.fields.get("name").is_some_and(|it| it == name);
    let mut own = exchange.world.store.groups.iter().filter(|group| user.role_in(&group.id).is_some());
    let group = own.find(named).ok_or_else(|| Refusal::not_found("group", name))?;
    Ok(read(exchange.world, group))
}

/// A group and the way to all that is in it.
pub(super) fn read(world: &World, group: &Group) -> Answer {
    let dead = world.behaviour.shows(Fault::DeadLink).then_some("agents");
    let names = Kind::ALL.into_iter().filter(|kind| is_linked(world, *kind)).map(Kind::plural).chain(RELATED);
    let mut related: Vec<(&str, String)> =
        names.chain(dead).map(|name| (name, path(group, &format!("/{name}")))).collect();
    if world.behaviour.shows(Fault::DeadSecondLink) {
        related.push(("users", path(group, "/teams")));
    }
    Answer::entity(links::whole(world, group.fields.clone(), &path(group, ""), &related))
}

/// Whether a group leads to what there is of a kind: it does.
fn is_linked(world: &World, kind: Kind) -> bool {
    let fault = match kind {
        Kind::Host => Fault::HostsUnlinked,
        Kind::Event => Fault::EventsUnlinked,
        Kind::Cluster => Fault::ClustersUnlinked,
        Kind::Snapshot => return true,
    };
    !world.behaviour.shows(fault)
}
