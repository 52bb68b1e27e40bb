//! Measurements of a group: the resource that is rate limited.

use serde_json::json;

use super::{fields, path};
use crate::reference::http::Answer;
use crate::reference::links;
use crate::reference::route::Kind;
use crate::reference::store::Group;
use crate::reference::world::World;

/// The measurements as of the start of the world; they stand still.
pub(super) fn read(world: &World, group: &Group) -> Answer {
    let hosts = group.records(Kind::Host);
    let uptimes = hosts.iter().filter_map(|host| host.fields["uptimeMsec"].as_u64());
    let fields = fields(json!({
        "groupId": group.id,
        "hostCount": hosts.len(),
        "averageUptimeMsec": uptimes.sum::<u64>() / hosts.len().max(1) as u64,
    }));
    Answer::entity(links::whole(world, fields, &path(group, "/measurements"), &[("group", path(group, ""))]))
}
