//! Alert configurations: documents that are created, replaced, changed and removed.

use hyper::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::lenience::{self, accept, take_unmodifiable};
use super::{Exchange, MOST, answers, fields, neighbours, path, too_many};
use crate::reference::document::{self, Field, Kind, Presence};
use crate::reference::fault::Fault;
use crate::reference::http::{Answer, Outcome, Verb};
use crate::reference::problem::Refusal;
use crate::reference::store::{AlertConfig, AlertConfigs, Group, Taken};
use crate::reference::variation::traffic;
use crate::reference::variation::writes::{self, Chosen};
use crate::reference::world::World;
use crate::reference::{dates, links, page};

/// What a client may set.
pub(super) const FIELDS: &[Field] = &[
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
    Field { name: "matchers", kind: Kind::Objects(MATCHER), presence: Presence::Optional },
    Field { name: "intervalMin", kind: Kind::Whole(0, LONGEST_INTERVAL), presence: Presence::Optional },
    Field { name: "tags", kind: Kind::Texts, presence: Presence::Optional },
];
/// What a number of 64 bits holds, and one of 32 does not.
const LONGEST_INTERVAL: i64 = 1 << 40;
const MATCHER: &[Field] = &[
    Field { name: "fieldName", kind: Kind::OneOf(&["HOSTNAME", "TYPE_NAME"]), presence: Presence::Required },
    Field { name: "value", kind: Kind::Text, presence: Presence::Required },
    Field { name: "since", kind: Kind::Date, presence: Presence::Optional },
];
const NOTIFICATION: &[Field] = &[
    Field { name: "email", kind: Kind::Email, presence: Presence::Required },
    Field { name: "delayMin", kind: Kind::Whole(0, 1440), presence: Presence::DefaultWhole(0) },
];

/// Lists the documents, or creates one.
pub(super) fn list_or_create(exchange: &Exchange<'_>, group: &Group) -> Outcome {
    if exchange.admitted.verb == Verb::Post {
        return create(exchange, group);
    }
    let world = exchange.world;
    if exchange.call.method == Method::HEAD && world.behaviour.shows(Fault::HeadSwitchesOff) {
        world.store.alert_configs().switch_off(&group.id);
    }
    neighbours::listed(world, group);
    let configs = traffic::seen(world, &world.store.alert_configs());
    let fifties = exchange.call.query.get("itemsPerPage") == Some("50");
    let members = configs.of(&group.id).filter(|config| is_listed(world, config, fifties)).collect();
    let tell = |config: &AlertConfig| (in_list(world, shown(world, config)), own_path(group, &config.id));
    page::answer(world, exchange.call, &path(group, "/alertConfigs"), members, tell)
}

/// A document as a list shows it: as it is.
fn in_list(world: &World, mut shown: Map<String, Value>) -> Map<String, Value> {
    if world.behaviour.shows(Fault::ListShowsEnabled) {
        shown.insert("enabled".to_owned(), Value::Bool(true));
    }
    shown
}

/// Whether a stored document is in the list, which may be told in fifties: each is.
fn is_listed(world: &World, config: &AlertConfig, fifties: bool) -> bool {
    let noted = |fault: Fault| world.behaviour.noted(fault, &config.id);
    !(noted(Fault::PostUnlisted) || noted(Fault::DeleteKeepsEntity) || (!fifties && noted(Fault::DeletedOnPages)))
}

/// Reads, replaces, changes or removes one document.
pub(super) fn one(exchange: &Exchange<'_>, group: &Group, id: &str) -> Outcome {
    let world = exchange.world;
    let mut configs = world.store.alert_configs();
    let reads = exchange.admitted.verb == Verb::Get;
    let seen = if reads { traffic::seen(world, &configs) } else { traffic::changing(world, &mut configs) };
    let found = seen.get(&group.id, id).or_else(|| elsewhere(exchange, &seen, id));
    let gone = [Fault::DeleteKeepsInList, Fault::DeletedOnPages].iter().any(|fault| world.behaviour.noted(*fault, id));
    let stored = found.filter(|_| !gone).cloned();
    let Some(stored) = stored else { return missing(exchange, &mut configs, group, id) };
    let settings = match exchange.admitted.verb {
        Verb::Put => replaced(exchange, group, &stored),
        Verb::Patch => changed(exchange, group, &stored),
        Verb::Delete if shows_elsewhere(exchange, Fault::DeleteElsewhereKeeps, group) => return Ok(Answer::gone()),
        Verb::Delete => {
            remove(world, &mut configs, &stored);
            return Ok(writes::removed(world, whole(world, group, &stored)));
        }
        Verb::Get | Verb::Post => {
            neighbours::read(exchange, &mut configs, &stored);
            return Ok(Answer::entity(whole(world, group, &stored)));
        }
    };
    let settings = settings.inspect_err(|_| lenience::apply_in_spite(exchange, &mut configs, &stored))?;
    let (updated, created) = (dates::to_second(world.now()), lenience::created_kept(exchange, &stored));
    let config = AlertConfig { created, updated, settings, ..stored.clone() };
    put_update(exchange, &mut configs, &lenience::stored_by_update(exchange, &stored, &config))?;
    neighbours::changed(exchange, &mut configs, &config);
    let before = || whole(world, group, &stored);
    let entity = answers::to_update(exchange, whole(world, group, &config), &path(group, "/alertConfigs"), before);
    Ok(writes::changed(world, Answer::entity(entity)))
}

/// Whether a fault shows that is one of all groups but the first.
fn shows_elsewhere(exchange: &Exchange<'_>, fault: Fault, group: &Group) -> bool {
    exchange.world.store.groups.first().is_some_and(|first| first.id != group.id)
        && exchange.world.behaviour.shows(fault)
}

/// A document of another group than that of the path, which is there for nobody.
fn elsewhere<'c>(exchange: &Exchange<'_>, configs: &'c AlertConfigs, id: &str) -> Option<&'c AlertConfig> {
    let (behaviour, user) = (&exchange.world.behaviour, exchange.admitted.user);
    let deletes = exchange.admitted.verb == Verb::Delete;
    configs.any(id).filter(|config| {
        behaviour.shows(Fault::GroupOfPathIgnored)
            || (behaviour.shows(Fault::GroupOfPathIgnoredOnDelete) && deletes)
            || (behaviour.shows(Fault::OwnGroupsMixed) && user.role_in(&config.group).is_some())
    })
}

/// What is answered about a document that does not exist.
fn missing(exchange: &Exchange<'_>, configs: &mut AlertConfigs, group: &Group, id: &str) -> Outcome {
    let (world, behaviour) = (exchange.world, &exchange.world.behaviour);
    let refusal = Refusal::not_found("alert configuration", id);
    match exchange.admitted.verb {
        Verb::Delete if behaviour.shows(Fault::MissingDeleteIs204) => Ok(Answer::gone()),
        Verb::Patch if behaviour.shows(Fault::MissingPatchIs400) => Err(refusal.with_status(StatusCode::BAD_REQUEST)),
        Verb::Put if behaviour.shows(Fault::MissingPutCreates) => {
            let settings = accept(world, Verb::Put, exchange.sent.object(behaviour)?)?;
            let config = made(world, group, id.to_owned(), settings);
            put(world, configs, &config)?;
            Ok(Answer::entity(whole(world, group, &config)))
        }
        _ => Err(refusal),
    }
}

fn remove(world: &World, configs: &mut AlertConfigs, stored: &AlertConfig) {
    let behaviour = &world.behaviour;
    behaviour.note(Fault::DeleteKeepsName, name_of(stored));
    let kept = [Fault::DeleteKeepsInList, Fault::DeleteKeepsEntity, Fault::DeletedOnPages];
    if kept.iter().any(|fault| behaviour.note(*fault, &stored.id)) || behaviour.shows(Fault::DeleteKeeps) {
        return;
    }
    neighbours::removed(world, configs, stored);
    configs.remove(&stored.group, &stored.id);
}

fn name_of(config: &AlertConfig) -> &str {
    config.settings.get("name").and_then(Value::as_str).unwrap_or_default()
}

/// Stores a document whose name nobody else has.
fn put(world: &World, configs: &mut AlertConfigs, config: &AlertConfig) -> Result<(), Refusal> {
    if world.behaviour.shows(Fault::ConflictAllowed) {
        configs.overwrite(config.clone());
        return Ok(());
    }
    let update = configs.get(&config.group, &config.id).is_some();
    if world.behaviour.noted(Fault::DeleteKeepsName, name_of(config)) {
        return Err(taken(world, config, update));
    }
    configs.put(config.clone()).map_err(|Taken| {
        lenience::store_in_spite(world, configs, config);
        taken(world, config, update)
    })
}

/// Stores an updated document whose name nobody else has.
fn put_update(exchange: &Exchange<'_>, configs: &mut AlertConfigs, config: &AlertConfig) -> Result<(), Refusal> {
    let behaviour = &exchange.world.behaviour;
    let replaced = exchange.admitted.verb == Verb::Put;
    put(exchange.world, configs, config).or_else(|refusal| {
        let allowed = behaviour.shows(if replaced { Fault::PutConflictAllowed } else { Fault::RenameConflictAllowed });
        if allowed || (replaced && behaviour.shows(Fault::PutConflictStored)) {
            configs.overwrite(config.clone());
        }
        if allowed { Ok(()) } else { Err(refusal) }
    })
}

fn create(exchange: &Exchange<'_>, group: &Group) -> Outcome {
    let world = exchange.world;
    let (chosen, settings) = created(exchange, group).inspect_err(|_| {
        if let Some(settings) = lenience::created_in_spite(exchange) {
            world.store.alert_configs().overwrite(made(world, group, world.store.fresh_id(), settings));
        }
    })?;
    let config = chosen.over(made(world, group, world.store.fresh_id(), lenience::kept_of_post(world, settings)));
    world.behaviour.note(Fault::PostUnlisted, &config.id);
    if !world.behaviour.shows(Fault::PostStoresNothing) {
        put_new(world, &config)?;
    }
    let url = world.base.url(&own_path(group, &config.id));
    let entity = answers::to_post(world, whole(world, group, &config), &path(group, "/alertConfigs"));
    Ok(writes::made(world, Answer::made(status_of_created(world), entity, &url)))
}

fn put_new(world: &World, config: &AlertConfig) -> Result<(), Refusal> {
    let mut configs = world.store.alert_configs();
    if configs.of(&config.group).count() >= MOST {
        return Err(too_many());
    }
    traffic::remember(world, &mut configs);
    put(world, &mut configs, config)?;
    neighbours::created(world, &mut configs, config);
    Ok(())
}

fn made(world: &World, group: &Group, id: String, settings: Map<String, Value>) -> AlertConfig {
    let now = dates::to_second(world.now());
    AlertConfig { id, group: group.id.clone(), created: now, updated: now, settings }
}

/// The settings that a POST sends, and what else it chooses.
fn created(exchange: &Exchange<'_>, group: &Group) -> Result<(Chosen, Map<String, Value>), Refusal> {
    let world = exchange.world;
    let mut sent = exchange.sent.object(&world.behaviour)?;
    check_order(world, Fault::NameComesFirst, &sent)?;
    let taken = |id: &str| world.store.alert_configs().get(&group.id, id).is_some();
    let chosen = Chosen::take(&world.behaviour, &mut sent, taken);
    take_unmodifiable(world, Verb::Post, &mut sent, &fields(json!({ "groupId": group.id })))?;
    let sent = lenience::whatever_order(world, Verb::Post, sent);
    Ok((chosen, accept(world, Verb::Post, sent)?))
}

fn status_of_created(world: &World) -> StatusCode {
    if world.behaviour.shows(Fault::CreatedIs200) { StatusCode::OK } else { StatusCode::CREATED }
}

/// The order of the fields means nothing, but for this fault.
fn check_order(world: &World, fault: Fault, sent: &Map<String, Value>) -> Result<(), Refusal> {
    let first = sent.keys().next().map(String::as_str);
    if world.behaviour.shows(fault) && first != Some("name") {
        return Err(Refusal::field("name", "must come first"));
    }
    Ok(())
}

/// PUT: what is left out goes back to its default, or away.
fn replaced(exchange: &Exchange<'_>, group: &Group, stored: &AlertConfig) -> Result<Map<String, Value>, Refusal> {
    let behaviour = &exchange.world.behaviour;
    if behaviour.shows(Fault::PutMerges) || shows_elsewhere(exchange, Fault::PutElsewhereMerges, group) {
        return changed(exchange, group, stored);
    }
    let mut sent = sent_update(exchange, group, stored)?;
    check_order(exchange.world, Fault::OrderMattersOnPut, &sent)?;
    if behaviour.shows(Fault::PutOfSameIs409) && sent.get("name") == stored.settings.get("name") {
        return Err(taken(exchange.world, stored, true));
    }
    if behaviour.shows(Fault::PutKeepsRequired) {
        let required = FIELDS.iter().filter(|field| field.presence == Presence::Required).map(|field| field.name);
        for (name, value) in required.filter_map(|name| stored.settings.get_key_value(name)) {
            sent.entry(name).or_insert_with(|| value.clone());
        }
    }
    writes::check_complete(behaviour, FIELDS, &sent)?;
    if let Some(enabled) = stored.settings.get("enabled").filter(|_| behaviour.shows(Fault::PutKeepsFlags)) {
        sent.entry("enabled").or_insert_with(|| enabled.clone());
    }
    if let Some(date) = stored.settings.get("activeFrom").filter(|_| behaviour.shows(Fault::PutKeepsDate)) {
        sent.entry("activeFrom").or_insert_with(|| date.clone());
    }
    accept(exchange.world, Verb::Put, sent)
}

/// PATCH: what is left out stays.
fn changed(exchange: &Exchange<'_>, group: &Group, stored: &AlertConfig) -> Result<Map<String, Value>, Refusal> {
    let sent = sent_update(exchange, group, stored)?;
    let flagged = sent.len() > 1 && sent.keys().next().is_some_and(|name| name == "enabled");
    if flagged && exchange.world.behaviour.shows(Fault::FlagsComeLast) {
        return Err(Refusal::field("enabled", "must come last"));
    }
    if exchange.world.behaviour.shows(Fault::PatchOfSameIs409) && sent.get("name") == stored.settings.get("name") {
        return Err(taken(exchange.world, stored, true));
    }
    if lenience::ignores_update(exchange.world, &sent) {
        return Ok(stored.settings.clone());
    }
    let sent = lenience::whatever_order(exchange.world, Verb::Patch, sent);
    let elsewhere = shows_elsewhere(exchange, Fault::PatchElsewhereReplaces, group);
    let kept = lenience::kept_by_patch(exchange.world, stored.settings.clone(), elsewhere);
    accept(exchange.world, Verb::Patch, document::patched(&kept, sent))
}

/// The settings that an update sends.
fn sent_update(exchange: &Exchange<'_>, group: &Group, stored: &AlertConfig) -> Result<Map<String, Value>, Refusal> {
    let mut sent = exchange.sent.object(&exchange.world.behaviour)?;
    let current = fields(whole(exchange.world, group, stored));
    take_unmodifiable(exchange.world, exchange.admitted.verb, &mut sent, &current)?;
    Ok(sent)
}

fn taken(world: &World, config: &AlertConfig, update: bool) -> Refusal {
    let behaviour = &world.behaviour;
    let status = match behaviour {
        _ if behaviour.shows(Fault::ConflictIs400) => StatusCode::BAD_REQUEST,
        _ if update && behaviour.shows(Fault::RenameConflictIs400) => StatusCode::BAD_REQUEST,
        _ if behaviour.shows(Fault::TakenIs460) => StatusCode::from_u16(460).unwrap_or(StatusCode::CONFLICT),
        _ => StatusCode::CONFLICT,
    };
    Refusal::new(status, format!("The field name must be unique in the group, and {:?} is taken.", name_of(config)))
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
    if world.behaviour.shows(Fault::NullForUnset) || world.behaviour.noted(Fault::NullAfterPut, &config.id) {
        shown.insert("note".to_owned(), Value::Null);
    }
    shown.extend(config.settings.clone());
    if world.behaviour.shows(Fault::DefaultLeftOut) {
        let is_default = |name: &str, value: &Value| {
            let flag = value.as_bool().map(Presence::DefaultFlag);
            FIELDS.iter().any(|field| field.name == name && Some(field.presence) == flag)
        };
        shown.retain(|name, value| !is_default(name, value));
    }
    shown
}

fn own_path(group: &Group, id: &str) -> String {
    path(group, &format!("/alertConfigs/{id}"))
}
