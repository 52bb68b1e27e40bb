//! The automation configuration of a group: the resource that API whitelists protect.

use serde_json::json;

use super::{fields, path};
use crate::reference::http::Answer;
use crate::reference::links;
use crate::reference::store::Group;
use crate::reference::world::World;

/// The configuration.
pub(super) fn read(world: &World, group: &Group) -> Answer {
    let fields = fields(json!({ "groupId": group.id, "goalVersion": 1, "downloadBase": "/var/lib/automation" }));
    Answer::entity(links::whole(world, fields, &path(group, "/automationConfig"), &[("group", path(group, ""))]))
}
