//! The root, where browsing begins.

use serde_json::json;

use super::fields;
use crate::reference::fault::Fault;
use crate::reference::http::{Answer, Verb};
use crate::reference::links;
use crate::reference::store::User;
use crate::reference::world::World;

/// The root as a user sees it: the way to their groups and to themselves.
pub(super) fn read(world: &World, user: &User, verb: Verb) -> Answer {
    if verb == Verb::Delete {
        // Only a fault admits it.
        return Answer::gone();
    }
    let own =
        [("groups", "/groups".to_owned()), ("user", format!("/users/{}", user.id)), ("whitelist", whitelist(user))];
    let dead = world.behaviour.shows(Fault::DeadLinkOfRoot);
    let second = world.behaviour.shows(Fault::DeadSecondLinkOfRoot);
    let lost = world.behaviour.shows(Fault::RootLinksToItself);
    let related: Vec<(&str, String)> = own
        .into_iter()
        .filter(|_| !world.behaviour.shows(Fault::RootLeadsNowhere))
        .map(|(name, path)| (name, if lost { String::new() } else { path }))
        .map(|(name, path)| (name, if dead && name == "whitelist" { path + "s" } else { path }))
        .chain(second.then(|| ("groups", "/groups/0".to_owned())))
        .collect();
    let fields = fields(json!({ "appName": "atlaspec reference", "apiVersion": "1.0" }));
    Answer::entity(links::whole(world, fields, "", &related))
}

fn whitelist(user: &User) -> String {
    format!("/users/{}/whitelist", user.id)
}
