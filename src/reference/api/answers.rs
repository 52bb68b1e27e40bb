//! What writes are answered: the entity as it is stored, but for faults.

use serde_json::{Value, json};

use super::Exchange;
use crate::reference::fault::Fault;
use crate::reference::http::Verb;
use crate::reference::world::World;

/// The answer to a POST that made an entity of the list at this path.
pub(super) fn to_post(world: &World, mut entity: Value, list: &str) -> Value {
    let behaviour = &world.behaviour;
    if behaviour.shows(Fault::LinksMissingOnCreate) {
        without_links(&mut entity);
    }
    if behaviour.shows(Fault::PostAnswersDefaults) {
        with_defaults(&mut entity);
    }
    if behaviour.shows(Fault::SelfOfCreatedIsOther) {
        let other = world.store.alert_configs().of(&world.store.groups[0].id).next().map(|first| first.id.clone());
        return led_astray(world, entity, &format!("{list}/{}", other.unwrap_or_default()));
    }
    if behaviour.shows(Fault::SelfOfCreatedIsList) { led_astray(world, entity, list) } else { entity }
}

/// The answer to a POST that started something.
pub(super) fn to_start(world: &World, mut entity: Value) -> Value {
    if world.behaviour.shows(Fault::LinksMissingOnAccepted) {
        without_links(&mut entity);
    }
    if world.behaviour.shows(Fault::JobUntraceable) {
        without_self(&mut entity);
    }
    entity
}

/// The answer to an update of an entity of the list at this path; `before` tells it as it was.
pub(super) fn to_update(exchange: &Exchange<'_>, entity: Value, list: &str, before: impl FnOnce() -> Value) -> Value {
    let behaviour = &exchange.world.behaviour;
    let replaced = exchange.admitted.verb == Verb::Put;
    let either = |put: Fault, patch: Fault| behaviour.shows(if replaced { put } else { patch });
    let mut entity = if either(Fault::PutAnswersOld, Fault::PatchAnswersOld) { before() } else { entity };
    if either(Fault::LinksMissingOnReplace, Fault::LinksMissingOnUpdate) {
        without_links(&mut entity);
    }
    if either(Fault::SelfMissingAfterReplace, Fault::SelfMissingAfterUpdate) {
        without_self(&mut entity);
    }
    if !replaced && behaviour.shows(Fault::PatchAnswersDefaults) {
        with_defaults(&mut entity);
    }
    if either(Fault::SelfOfReplacedIsList, Fault::SelfOfChangedIsList) {
        return led_astray(exchange.world, entity, list);
    }
    entity
}

fn without_links(entity: &mut Value) {
    if let Some(members) = entity.as_object_mut() {
        members.remove("links");
    }
}

fn without_self(entity: &mut Value) {
    if let Some(links) = entity.get_mut("links").and_then(Value::as_array_mut) {
        links.retain(|link| link["rel"] != "self");
    }
}

/// The entity with its self link to another path, such as its list.
fn led_astray(world: &World, mut entity: Value, path: &str) -> Value {
    entity["links"] = json!([{ "rel": "self", "href": world.base.url(path) }]);
    entity
}

/// The entity with the default of a nested field.
fn with_defaults(entity: &mut Value) {
    if let Some(notification) = entity.get_mut("notification") {
        notification["delayMin"] = json!(0);
    }
}
