//! The root, where browsing begins.

use serde_json::json;

use super::fields;
use crate::reference::fault::Fault;
use crate::reference::http::{Answer, Outcome, Verb};
use crate::reference::links;
use crate::reference::problem::Refusal;
use crate::reference::store::User;
use crate::reference::world::World;

/// The root as a user sees it: the way to their groups and to themselves.
pub(super) fn read(world: &World, user: &User, verb: Verb) -> Outcome {
    if verb == Verb::Delete {
        // Only a fault admits it.
        world.behaviour.note(Fault::RootDeletedOnce, "");
        return Ok(Answer::gone());
    }
    if world.behaviour.noted(Fault::RootDeletedOnce, "") {
        return Err(Refusal::not_found("root", ""));
    }
    let groups = if world.behaviour.shows(Fault::GroupsUnreadable) { "/group" } else { "/groups" };
    let groups = (!world.behaviour.shows(Fault::RootWithoutGroups)).then(|| ("groups", groups.to_owned()));
    let own = [("user", format!("/users/{}", user.id)), ("whitelist", whitelist(user))];
    let related: Vec<(&str, String)> = groups.into_iter().chain(own).collect();
    let fields = fields(json!({ "appName": "atlaspec reference", "apiVersion": "1.0" }));
    Ok(Answer::entity(links::whole(world, fields, "", &related)))
}

fn whitelist(user: &User) -> String {
    format!("/users/{}/whitelist", user.id)
}
