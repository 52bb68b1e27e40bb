//! Alert configurations: documents that are created, replaced, changed and removed.

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use super::{Exchange, fields, path};
use crate::reference::document::{self, Field, Kind, Presence};
use crate::reference::fault::Fault;
use crate::reference::freedom::{Freedom, traffic, writes};
use crate::reference::http::{Answer, Outcome, Verb};
use crate::reference::problem::Refusal;
use crate::reference::store::{AlertConfig, AlertConfigs, Group, Taken};
use crate::reference::world::World;
use crate::reference::{dates, links, page};

/// What a client may set.
const FIELDS: &[Field] = &[
    Field { name: "name", kind: Kind::Text, presence: Presence::Required },
    Field {
        name: "eventTypeName",
        kind: Kind::OneOf(&["HOST_DOWN", "HOST_UP", "PRIMARY_ELECTED", "USER_LOGIN"]),
        presence: Presence::Required,
    },
    Field { name: "enabled", kind: Kind::Flag, presence: Presence::DefaultFlag(true) },
    Field { name: "note", kind: Kind::Text, presence: Presence::Optional },
    Field { name: "activeFrom", kind: Kind::Date, presence: Presence::Optional },
    Field { name: "notification", kind: Kind::Object(NOTIFICATION), presence: Presence::Required },
];
const NOTIFICATION: &[Field] = &[
    Field { name: "email", kind: Kind::Email, presence: Presence::Required },
    Field { name: "delayMin", kind: Kind::Whole(0, 1440), presence: Presence::DefaultWhole(0) },
];
/// What no client may set.
const UNMODIFIABLE: [&str; 5] = ["id", "groupId", "created", "updated", "links"];

/// Lists the documents, or creates one.
pub(super) fn list_or_create(exchange: &Exchange<'_>, group: &Group) -> Outcome {
    if exchange.admitted.verb == Verb::Post {
        return create(exchange, group);
    }
    let configs = traffic::seen(exchange.world, &exchange.world.store.alert_configs());
    let members =
        configs.of(&group.id).map(|config| (shown(exchange.world, config), own_path(group, &config.id))).collect();
    page::answer(exchange.world, exchange.call, &path(group, "/alertConfigs"), members)
}

/// Reads, replaces, changes or removes one document.
pub(super) fn one(exchange: &Exchange<'_>, group: &Group, id: &str) -> Outcome {
    if exchange.admitted.verb == Verb::Get {
        return read(exchange, group, id);
    }
    let mut configs = exchange.world.store.alert_configs();
    traffic::remember(exchange.world, &mut configs);
    let Some(stored) = configs.get(&group.id, id) else { return missing(exchange, id) };
    let settings = match exchange.admitted.verb {
        Verb::Put => replaced(exchange, group, stored),
        Verb::Patch => changed(exchange, group, stored),
        Verb::Delete => {
            let answer = writes::removed(exchange.world, whole(exchange.world, group, stored));
            remove(exchange.world, &mut configs, group, id);
            return Ok(answer);
        }
        Verb::Get | Verb::Post => return read(exchange, group, id),
    };
    let settings = match settings {
        Ok(settings) => settings,
        Err(refusal) => {
            let stored = stored.clone();
            apply_in_spite(exchange, &mut configs, stored);
            return Err(refusal);
        }
    };
    let config = AlertConfig { settings, updated: dates::to_second(exchange.world.now()), ..stored.clone() };
    put(exchange.world, &mut configs, &config)?;
    Ok(writes::changed(exchange.world, Answer::entity(whole(exchange.world, group, &config))))
}

fn read(exchange: &Exchange<'_>, group: &Group, id: &str) -> Outcome {
    let configs = traffic::seen(exchange.world, &exchange.world.store.alert_configs());
    match configs.get(&group.id, id) {
        Some(stored) => Ok(Answer::entity(whole(exchange.world, group, stored))),
        None => missing(exchange, id),
    }
}

fn missing(exchange: &Exchange<'_>, id: &str) -> Outcome {
    if exchange.admitted.verb == Verb::Delete && exchange.world.behaviour.shows(Fault::MissingDeleteIs204) {
        return Ok(Answer::gone());
    }
    Err(Refusal::not_found("alert configuration", id))
}

fn remove(world: &World, configs: &mut AlertConfigs, group: &Group, id: &str) {
    if !world.behaviour.shows(Fault::DeleteKeeps) {
        configs.remove(&group.id, id);
    }
}

/// Stores a document whose name nobody else has.
fn put(world: &World, configs: &mut AlertConfigs, config: &AlertConfig) -> Result<(), Refusal> {
    let stored = configs.put(config.clone());
    if stored.is_err() && world.behaviour.shows(Fault::ConflictStored) {
        configs.overwrite(config.clone());
    }
    stored.map_err(|Taken| taken(world, config))
}

/// What a refused update changes: nothing.
fn apply_in_spite(exchange: &Exchange<'_>, configs: &mut AlertConfigs, stored: AlertConfig) {
    let behaviour = &exchange.world.behaviour;
    if !behaviour.shows(Fault::AppliedThenRefused) || exchange.admitted.verb != Verb::Patch {
        return;
    }
    let Ok(sent) = exchange.sent.object(behaviour) else { return };
    let patched = document::patched(&stored.settings, document::known(FIELDS, sent));
    if let Ok(settings) = document::accept(behaviour, FIELDS, &patched) {
        configs.overwrite(AlertConfig { settings, ..stored });
    }
}

fn create(exchange: &Exchange<'_>, group: &Group) -> Outcome {
    let world = exchange.world;
    let mut sent = exchange.sent.object(&world.behaviour)?;
    check_order(world, &sent)?;
    take_unmodifiable(world, &mut sent, &fields(json!({ "groupId": group.id })))?;
    let settings = accept(world, Fault::UnknownOnCreate, sent)?;
    let now = dates::to_second(world.now());
    let config =
        AlertConfig { id: world.store.fresh_id(), group: group.id.clone(), created: now, updated: now, settings };
    if !world.behaviour.shows(Fault::PostStoresNothing) {
        let mut configs = world.store.alert_configs();
        traffic::remember(world, &mut configs);
        configs.put(config.clone()).map_err(|Taken| taken(world, &config))?;
    }
    let url = world.base.url(&own_path(group, &config.id));
    Ok(writes::made(world, Answer::made(created(world), whole(world, group, &config), &url)))
}

fn created(world: &World) -> StatusCode {
    if world.behaviour.shows(Fault::CreatedIs200) { StatusCode::OK } else { StatusCode::CREATED }
}

/// The order of the fields means nothing.
fn check_order(world: &World, sent: &Map<String, Value>) -> Result<(), Refusal> {
    let first = sent.keys().next().map(String::as_str);
    if world.behaviour.shows(Fault::NameComesFirst) && first != Some("name") {
        return Err(Refusal::bad_request("The field name must come first."));
    }
    Ok(())
}

/// The settings as they are stored; `ignoring` is the fault that would ignore unknown fields.
fn accept(world: &World, ignoring: Fault, sent: Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
    let sent = if world.behaviour.shows(ignoring) { document::known(FIELDS, sent) } else { sent };
    document::accept(&world.behaviour, FIELDS, &sent).map_err(|refusal| invalid(world, refusal))
}

fn take_unmodifiable(
    world: &World,
    sent: &mut Map<String, Value>,
    current: &Map<String, Value>,
) -> Result<(), Refusal> {
    if world.behaviour.takes(Freedom::UnmodifiableEvenSame) {
        if let Some(name) = UNMODIFIABLE.iter().find(|name| sent.contains_key(**name)) {
            return Err(Refusal::bad_request(format!("The field {name} cannot be modified.")));
        }
    }
    let taken = document::take_unmodifiable(sent, &UNMODIFIABLE, current);
    if world.behaviour.shows(Fault::UnmodifiableIgnored) {
        sent.retain(|name, _| !UNMODIFIABLE.contains(&name.as_str()));
        return Ok(());
    }
    taken.map_err(|refusal| invalid(world, refusal))
}

/// The refusal of an invalid field, which names it.
fn invalid(world: &World, refusal: Refusal) -> Refusal {
    let unnamed = world.behaviour.shows(Fault::FieldUnnamed);
    let other = world.behaviour.shows(Fault::InvalidIs422);
    Refusal {
        detail: if unnamed { "The document is invalid.".to_owned() } else { refusal.detail },
        status: if other { StatusCode::UNPROCESSABLE_ENTITY } else { refusal.status },
        ..refusal
    }
}

/// PUT: what is left out goes back to its default, or away.
fn replaced(exchange: &Exchange<'_>, group: &Group, stored: &AlertConfig) -> Result<Map<String, Value>, Refusal> {
    if exchange.world.behaviour.shows(Fault::PutMerges) {
        return changed(exchange, group, stored);
    }
    let sent = sent_update(exchange, group, stored)?;
    writes::check_complete(&exchange.world.behaviour, FIELDS, &sent)?;
    accept(exchange.world, Fault::UnknownOnUpdate, sent)
}

/// PATCH: what is left out stays.
fn changed(exchange: &Exchange<'_>, group: &Group, stored: &AlertConfig) -> Result<Map<String, Value>, Refusal> {
    let sent = sent_update(exchange, group, stored)?;
    let mut kept = stored.settings.clone();
    if exchange.world.behaviour.shows(Fault::PatchReplaces) {
        kept.retain(|name, _| FIELDS.iter().any(|field| field.name == name && field.presence == Presence::Required));
    }
    accept(exchange.world, Fault::UnknownOnUpdate, document::patched(&kept, sent))
}

/// The settings that an update sends.
fn sent_update(exchange: &Exchange<'_>, group: &Group, stored: &AlertConfig) -> Result<Map<String, Value>, Refusal> {
    let mut sent = exchange.sent.object(&exchange.world.behaviour)?;
    take_unmodifiable(exchange.world, &mut sent, &fields(whole(exchange.world, group, stored)))?;
    Ok(sent)
}

fn taken(world: &World, config: &AlertConfig) -> Refusal {
    let name = config.settings["name"].as_str().unwrap_or_default();
    let detail = format!("The field name must be unique in the group, and {name:?} is taken.");
    let wrong = world.behaviour.shows(Fault::ConflictIs400);
    Refusal::new(if wrong { StatusCode::BAD_REQUEST } else { StatusCode::CONFLICT }, detail)
}

fn whole(world: &World, group: &Group, config: &AlertConfig) -> Value {
    links::whole(world, shown(world, config), &own_path(group, &config.id), &[("group", path(group, ""))])
}

fn shown(world: &World, config: &AlertConfig) -> Map<String, Value> {
    let mut shown = fields(json!({
        "id": config.id,
        "groupId": config.group,
        "created": dates::write(config.created),
        "updated": dates::write(config.updated),
    }));
    if world.behaviour.shows(Fault::NullForUnset) {
        shown.insert("note".to_owned(), Value::Null);
    }
    shown.extend(config.settings.clone());
    shown
}

fn own_path(group: &Group, id: &str) -> String {
    path(group, &format!("/alertConfigs/{id}"))
}
