//! The root, where browsing begins.

use serde_json::json;

use super::fields;
use crate::reference::http::Answer;
use crate::reference::links;
use crate::reference::store::User;
use crate::reference::world::World;

/// The root as a user sees it: the way to their groups and to themselves.
pub(super) fn read(world: &World, user: &User) -> Answer {
    let related =
        [("groups", "/groups".to_owned()), ("user", format!("/users/{}", user.id)), ("whitelist", whitelist(user))];
    let fields = fields(json!({ "appName": "atlaspec reference", "apiVersion": "1.0" }));
    Answer::entity(links::whole(world, fields, "", &related))
}

fn whitelist(user: &User) -> String {
    format!("/users/{}/whitelist", user.id)
}
