//! The automation configuration of a group: the resource that API whitelists protect.

use serde_json::json;

use super::{Exchange, fields, path};
use crate::reference::document::{self, Field, Kind, Presence};
use crate::reference::fault::Fault;
use crate::reference::http::{Answer, Outcome, Verb};
use crate::reference::links;
use crate::reference::store::Group;
use crate::reference::variation::writes;
use crate::reference::world::World;

/// What a client may set, all or some of it.
const FIELDS: &[Field] = &[
    Field { name: "goalVersion", kind: Kind::Whole(1, 1_000_000), presence: Presence::Optional },
    Field { name: "downloadBase", kind: Kind::Text, presence: Presence::Optional },
];

/// Shows the configuration, or sets its goal.
pub(super) fn one(exchange: &Exchange<'_>, group: &Group) -> Outcome {
    let world = exchange.world;
    if exchange.admitted.verb == Verb::Get {
        return Ok(read(world, group));
    }
    let behaviour = &world.behaviour;
    let sent = exchange.sent.object(behaviour)?;
    let sent = if behaviour.shows(Fault::GoalUnknownIgnored) { document::known(FIELDS, sent) } else { sent };
    let accepted = document::accept(behaviour, FIELDS, &sent)?;
    let mut settings = world.store.automation();
    let stored = settings.entry(group.id.clone()).or_default();
    if behaviour.shows(Fault::PatchOfAutomationResets) {
        stored.clear();
    }
    stored.extend(accepted);
    drop(settings);
    Ok(writes::changed(world, read(world, group)))
}

fn read(world: &World, group: &Group) -> Answer {
    let mut fields = fields(json!({ "groupId": group.id, "goalVersion": 1, "downloadBase": "/var/lib/automation" }));
    fields.extend(world.store.automation().get(&group.id).cloned().unwrap_or_default());
    Answer::entity(links::whole(world, fields, &path(group, "/automationConfig"), &[("group", path(group, ""))]))
}
