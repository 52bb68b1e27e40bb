//! What a change of one document does to the others, and what reads and refused changes do to any: nothing, but for faults.

use hyper::Method;
use serde_json::Value;

use super::Exchange;
use crate::reference::dates;
use crate::reference::fault::Fault;
use crate::reference::http::Verb;
use crate::reference::store::{AlertConfig, AlertConfigs, Group};
use crate::reference::world::World;

/// After a POST.
pub(super) fn created(world: &World, configs: &mut AlertConfigs, created: &AlertConfig) {
    let renamed = |name: &Value| Value::from(format!("{}-2", name.as_str().unwrap_or_default()));
    if world.behaviour.shows(Fault::PostRenamesNeighbour) {
        touch(configs, created, "name", renamed);
    }
}

/// After a PUT or a PATCH.
pub(super) fn changed(exchange: &Exchange<'_>, configs: &mut AlertConfigs, changed: &AlertConfig) {
    let behaviour = &exchange.world.behaviour;
    let touches = match exchange.admitted.verb {
        Verb::Put => behaviour.shows(Fault::PutTouchesNeighbour),
        Verb::Patch => behaviour.shows(Fault::PatchTouchesNeighbour),
        Verb::Get | Verb::Post | Verb::Delete => false,
    };
    if touches {
        touch(configs, changed, "eventTypeName", |_| changed.settings["eventTypeName"].clone());
    }
}

/// After a GET or a HEAD of a document: nothing changes.
pub(super) fn read(exchange: &Exchange<'_>, configs: &mut AlertConfigs, read: &AlertConfig) {
    let world = exchange.world;
    let fault = if exchange.call.method == Method::HEAD { Fault::HeadTouches } else { Fault::GetTouches };
    if world.behaviour.shows(fault) {
        mark_updated(world, configs, read.clone());
    }
}

/// Before a list is shown: nothing changes.
pub(super) fn listed(world: &World, group: &Group) {
    if world.behaviour.shows(Fault::ListTouches) {
        let mut configs = world.store.alert_configs();
        let all: Vec<AlertConfig> = configs.of(&group.id).cloned().collect();
        for config in all {
            mark_updated(world, &mut configs, config);
        }
    }
}

/// After a PATCH that is refused for an unknown field: nothing changes.
pub(super) fn refused(world: &World, configs: &mut AlertConfigs, refused: &AlertConfig) {
    if world.behaviour.shows(Fault::TouchedThenRefused) {
        mark_updated(world, configs, refused.clone());
    }
    if world.behaviour.shows(Fault::NeighbourPatchedThenRefused) {
        touch(configs, refused, "eventTypeName", |_| "HOST_UP".into());
    }
}

/// Before a DELETE.
pub(super) fn removed(world: &World, configs: &mut AlertConfigs, removed: &AlertConfig) {
    if world.behaviour.shows(Fault::DeleteTakesNeighbour)
        && let Some(before) = configs.before(removed).cloned()
    {
        configs.remove(&before.group, &before.id);
    }
}

/// Takes what was done with a document for an update of it.
fn mark_updated(world: &World, configs: &mut AlertConfigs, config: AlertConfig) {
    configs.overwrite(AlertConfig { updated: dates::to_second(world.now()), ..config });
}

/// Gives a field of the document that was created before another one a new value.
fn touch(configs: &mut AlertConfigs, config: &AlertConfig, field: &str, value: impl Fn(&Value) -> Value) {
    let Some(mut before) = configs.before(config).cloned() else { return };
    if let Some(old) = before.settings.get_mut(field) {
        *old = value(old);
    }
    configs.overwrite(before);
}
