//! How documents are taken: strictly, but for faults. Each function says first what a right server does.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use super::Exchange;
use super::alert_configs::FIELDS;
use super::kept;
use super::neighbours;
use crate::reference::behaviour::Behaviour;
use crate::reference::dates;
use crate::reference::document::{self, Kind, Presence};
use crate::reference::fault::Fault;
use crate::reference::http::Verb;
use crate::reference::problem::{Part, Refusal};
use crate::reference::store::{AlertConfig, AlertConfigs};
use crate::reference::variation::Variation;
use crate::reference::world::World;

/// What no client may set.
const UNMODIFIABLE: [&str; 5] = ["id", "groupId", "created", "updated", "links"];

/// The settings as they are stored; unknown fields are refused.
pub(super) fn accept(world: &World, verb: Verb, sent: Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
    let behaviour = &world.behaviour;
    let sent = completed(behaviour, verb, tolerated(world, verb, sent));
    let accepted = document::accept(behaviour, FIELDS, &sent).map_err(|refusal| invalid(world, verb, refusal))?;
    Ok(kept::of_alert_config(behaviour, verb, accepted))
}

/// What is sent, with nothing added.
fn completed(behaviour: &Behaviour, verb: Verb, mut sent: Map<String, Value>) -> Map<String, Value> {
    if verb != Verb::Post {
        return sent;
    }
    if behaviour.shows(Fault::DefaultTurnedRound) {
        sent.entry("enabled").or_insert(false.into());
    }
    if sent.get("enabled") == Some(&false.into()) && behaviour.shows(Fault::FalseIsNoValue) {
        sent.remove("enabled");
    }
    if behaviour.shows(Fault::NotificationMadeUp) {
        sent.entry("notification").or_insert_with(|| json!({ "email": "nobody@example.com" }));
    }
    sent
}

/// What is sent, all of it.
fn tolerated(world: &World, verb: Verb, sent: Map<String, Value>) -> Map<String, Value> {
    let created = verb == Verb::Post;
    let (all, nested): (&[Fault], Fault) = match verb {
        Verb::Post => (&[Fault::UnknownOnCreate], Fault::NestedUnknownOnCreate),
        Verb::Put => (&[Fault::UnknownOnUpdate, Fault::UnknownOnPut], Fault::NestedUnknownOnUpdate),
        _ => (&[Fault::UnknownOnUpdate], Fault::NestedUnknownOnUpdate),
    };
    let behaviour = &world.behaviour;
    let (null, caseless) = (Fault::NullUnknownOnCreate, Fault::CaselessOnCreate);
    let recased = if created { Fault::CaselessTakenOnCreate } else { Fault::CaselessTakenOnUpdate };
    let items = if created { Fault::ItemsUnknownOnCreate } else { Fault::ItemsUnknownOnUpdate };
    match behaviour {
        _ if behaviour.shows(items) => sent.into_iter().map(known_in_items).collect(),
        _ if behaviour.shows(recased) => sent.into_iter().map(|(name, value)| (known_name(name), value)).collect(),
        _ if behaviour.shows_any(all) => document::known(FIELDS, sent),
        _ if behaviour.shows(nested) => {
            let top =
                sent.iter().filter(|(name, _)| !is_known(name)).map(|(name, value)| (name.clone(), value.clone()));
            let unknown: Vec<(String, Value)> = top.collect();
            document::known(FIELDS, sent).into_iter().chain(unknown).collect()
        }
        _ if created && behaviour.shows(null) => {
            sent.into_iter().filter(|(name, value)| is_known(name) || !value.is_null()).collect()
        }
        _ if created && behaviour.shows(caseless) => {
            let nearly = |name: &str| FIELDS.iter().any(|field| field.name.eq_ignore_ascii_case(name));
            sent.into_iter().filter(|(name, _)| is_known(name) || !nearly(name)).collect()
        }
        _ => sent,
    }
}

fn is_known(name: &str) -> bool {
    FIELDS.iter().any(|field| field.name == name)
}

/// A field whose objects in arrays have lost what is not known: a fault.
fn known_in_items((name, value): (String, Value)) -> (String, Value) {
    match FIELDS.iter().find(|field| field.name == name).map(|field| field.kind) {
        Some(Kind::Objects(fields)) => (name, document::known_in_items(fields, value)),
        _ => (name, value),
    }
}

/// The name of the known field that differs by case alone, if there is one: a fault.
fn known_name(name: String) -> String {
    let known = FIELDS.iter().find(|field| field.name.eq_ignore_ascii_case(&name));
    known.map_or(name, |field| field.name.to_owned())
}

/// Refuses fields that no client may set, unless they have the value that they have anyway.
pub(super) fn take_unmodifiable(
    world: &World,
    verb: Verb,
    sent: &mut Map<String, Value>,
    current: &Map<String, Value>,
) -> Result<(), Refusal> {
    let behaviour = &world.behaviour;
    if behaviour.shows(Fault::CreatedIgnored) {
        sent.remove("created");
    }
    let others = sent.keys().any(|name| is_known(name));
    let ignored = behaviour.shows(Fault::UnmodifiableIgnored)
        || (behaviour.shows(Fault::UnmodifiableIgnoredOnCreate) && verb == Verb::Post)
        || (behaviour.shows(Fault::UnmodifiableIgnoredOnPut) && verb == Verb::Put)
        || (behaviour.shows(Fault::UnmodifiableIgnoredBesideValid) && verb == Verb::Patch && others);
    if ignored {
        sent.retain(|name, _| !UNMODIFIABLE.contains(&name.as_str()));
        return Ok(());
    }
    if let Some(name) = UNMODIFIABLE.iter().find(|name| sent.contains_key(**name))
        && behaviour.takes(Variation::UnmodifiableEvenSame)
    {
        let refusal = Refusal::unmodifiable(*name);
        return Err(invalid(world, verb, refusal));
    }
    document::take_unmodifiable(sent, &UNMODIFIABLE, current).map_err(|refusal| invalid(world, verb, refusal))
}

/// The refusal of an invalid field, which names it.
fn invalid(world: &World, verb: Verb, refusal: Refusal) -> Refusal {
    let behaviour = &world.behaviour;
    let lies_in = |object: &str| {
        let path = refusal.invalid.as_ref().and_then(|invalid| invalid.name.split_once('.'));
        path.is_some_and(|(first, _)| first == object)
    };
    let is_unmodifiable = refusal.invalid.as_ref().is_some_and(|invalid| invalid.part == Part::UnmodifiableField);
    let unnamed = match behaviour {
        _ if behaviour.shows(Fault::FieldUnnamed) => true,
        _ if behaviour.shows(Fault::UnnamedOnPut) => verb == Verb::Put,
        _ if behaviour.shows(Fault::NestedUnnamed) => lies_in("notification"),
        _ if behaviour.shows(Fault::ItemsUnnamed) => lies_in("matchers"),
        _ if behaviour.shows(Fault::UnmodifiableUnnamed) => is_unmodifiable,
        _ => false,
    };
    let other = behaviour.shows(Fault::InvalidIs422);
    let refusal = if other { refusal.with_status(hyper::StatusCode::UNPROCESSABLE_ENTITY) } else { refusal };
    if unnamed {
        let detail = "The notification or another part is invalid.".to_owned();
        return Refusal { detail, invalid: None, ..refusal };
    }
    refusal
}

/// What a PATCH keeps of the stored settings: all of them.
pub(super) fn kept_by_patch(world: &World, mut kept: Map<String, Value>, resets: bool) -> Map<String, Value> {
    let presence = |name: &str| FIELDS.iter().find(|field| field.name == name).map(|field| field.presence);
    if resets || world.behaviour.shows(Fault::PatchReplaces) {
        kept.retain(|name, _| presence(name) == Some(Presence::Required));
    }
    if world.behaviour.shows(Fault::PatchDropsOptional) {
        kept.retain(|name, _| presence(name) != Some(Presence::Optional));
    }
    if world.behaviour.shows(Fault::PatchResetsFlags) {
        kept.retain(|_, value| !value.is_boolean());
    }
    if world.behaviour.shows(Fault::PatchDropsDate) {
        kept.remove("activeFrom");
    }
    if world.behaviour.shows(Fault::PatchResetsNested) {
        reset_nested(&mut kept);
    }
    kept
}

/// What of the sent fields counts, in whatever order they come: all of them.
pub(super) fn whatever_order(world: &World, verb: Verb, mut sent: Map<String, Value>) -> Map<String, Value> {
    let behaviour = &world.behaviour;
    let first = sent.keys().next().is_some_and(|name| name == "name");
    if verb == Verb::Post && !first && behaviour.shows(Fault::OrderResetsNested) {
        reset_nested(&mut sent);
    }
    let flag = sent.keys().position(|name| name == "enabled").filter(|_| verb == Verb::Patch);
    match flag.filter(|_| behaviour.shows(Fault::FlagEndsPatch)) {
        Some(flag) => sent.into_iter().take(flag + 1).collect(),
        None => sent,
    }
}

/// Takes away what has a default in the objects of a document.
fn reset_nested(settings: &mut Map<String, Value>) {
    for field in FIELDS {
        let (Kind::Object(inner), Some(Value::Object(object))) = (field.kind, settings.get_mut(field.name)) else {
            continue;
        };
        let required = |name: &str| inner.iter().any(|it| it.name == name && it.presence == Presence::Required);
        object.retain(|name, _| required(name));
    }
}

/// Whether an update is answered as if it were none: none is.
pub(super) fn ignores_update(world: &World, sent: &Map<String, Value>) -> bool {
    world.behaviour.shows(Fault::UnknownAloneOnPatch) && !sent.is_empty() && !sent.keys().any(|name| is_known(name))
}

/// What an update stores: the changed document.
pub(super) fn stored_by_update(exchange: &Exchange<'_>, stored: &AlertConfig, config: &AlertConfig) -> AlertConfig {
    let behaviour = &exchange.world.behaviour;
    match exchange.admitted.verb {
        Verb::Put if behaviour.shows(Fault::PutIgnored) => stored.clone(),
        Verb::Patch if behaviour.shows(Fault::PatchShowsOnly) => stored.clone(),
        Verb::Put if behaviour.shows(Fault::PutShowsOnly) => {
            let settings = document::patched(&stored.settings, config.settings.clone());
            AlertConfig { settings, ..config.clone() }
        }
        Verb::Put if stored.settings.contains_key("note") && !config.settings.contains_key("note") => {
            behaviour.note(Fault::NullAfterPut, &config.id);
            config.clone()
        }
        _ => config.clone(),
    }
}

/// The date of creation after an update: as it was.
pub(super) fn created_kept(exchange: &Exchange<'_>, stored: &AlertConfig) -> DateTime<Utc> {
    let behaviour = &exchange.world.behaviour;
    match exchange.admitted.verb {
        Verb::Patch if behaviour.shows(Fault::PatchTruncatesCreated) => {
            stored.created.duration_trunc(TimeDelta::days(1)).unwrap_or(stored.created)
        }
        Verb::Patch if behaviour.shows(Fault::PatchTouchesCreated) => dates::to_second(exchange.world.now()),
        Verb::Put if behaviour.shows(Fault::PutTouchesCreated) => dates::to_second(exchange.world.now()),
        _ => stored.created,
    }
}

/// What a POST keeps of what it is sent: all of it.
pub(super) fn kept_of_post(world: &World, mut settings: Map<String, Value>) -> Map<String, Value> {
    if world.behaviour.shows(Fault::PostForgetsOptional) {
        settings.remove("note");
    }
    if world.behaviour.shows(Fault::PostLowersCase)
        && let Some(Value::String(name)) = settings.get_mut("eventTypeName")
    {
        *name = name.to_lowercase();
    }
    if let Some(notification) =
        settings.get_mut("notification").filter(|_| world.behaviour.shows(Fault::PostForgetsNested))
    {
        notification["delayMin"] = json!(0);
    }
    settings
}

/// What a refused POST stores: nothing.
pub(super) fn created_in_spite(exchange: &Exchange<'_>) -> Option<Map<String, Value>> {
    let behaviour = &exchange.world.behaviour;
    let spoiled = match behaviour {
        _ if behaviour.shows(Fault::CreatedThenRefused) => exchange.sent.object(behaviour).ok(),
        _ if behaviour.shows(Fault::OtherTypeStored) => exchange.sent.of_any_type(),
        _ if behaviour.shows(Fault::RequiredCreatedThenRefused) => {
            exchange.sent.object(behaviour).ok().and_then(with_event)
        }
        _ if behaviour.shows(Fault::WrongTypeCreatedThenRefused) => {
            exchange.sent.object(behaviour).ok().map(|mut sent| {
                if sent.get("notification").is_some_and(Value::is_string) {
                    sent.insert("notification".to_owned(), json!({ "email": "ops@example.com" }));
                }
                sent
            })
        }
        _ => None,
    };
    document::accept(behaviour, FIELDS, &document::known(FIELDS, spoiled?)).ok()
}

/// The settings with the event that they lack, if they lack it.
fn with_event(mut settings: Map<String, Value>) -> Option<Map<String, Value>> {
    settings.insert("eventTypeName".to_owned(), "HOST_DOWN".into()).is_none().then_some(settings)
}

/// What a refused update changes: nothing.
pub(super) fn apply_in_spite(exchange: &Exchange<'_>, configs: &mut AlertConfigs, stored: &AlertConfig) {
    let behaviour = &exchange.world.behaviour;
    let Ok(sent) = exchange.sent.object(behaviour) else { return apply_unread(exchange, configs, stored) };
    let unknown = sent.keys().any(|name| !is_known(name) && !UNMODIFIABLE.contains(&name.as_str()));
    let unmodifiable = sent.keys().any(|name| UNMODIFIABLE.contains(&name.as_str()));
    let known = document::known(FIELDS, sent.clone());
    let nested = known.iter().any(|(name, value)| sent.get(name) != Some(value));
    if unknown && exchange.admitted.verb == Verb::Patch {
        neighbours::refused(exchange.world, configs, stored);
    }
    let patched = match exchange.admitted.verb {
        Verb::Put if unknown && behaviour.shows(Fault::PutAppliedThenRefused) => known,
        Verb::Put if nested && behaviour.shows(Fault::NestedPutThenRefused) => known,
        Verb::Put if unmodifiable && behaviour.shows(Fault::UnmodifiablePutThenRefused) => known,
        Verb::Put if behaviour.shows(Fault::RequiredPutThenRefused) => with_event(known).unwrap_or_default(),
        Verb::Patch if is_applied(exchange.world, unknown, nested, unmodifiable) => {
            document::patched(&stored.settings, known)
        }
        Verb::Patch if behaviour.shows(Fault::WrongTypeThenRefused) => {
            let scalar = known.into_iter().filter(|(_, value)| !value.is_array());
            document::patched(&stored.settings, scalar.collect())
        }
        _ => return,
    };
    if let Ok(settings) = document::accept(behaviour, FIELDS, &patched) {
        configs.overwrite(AlertConfig { settings, ..stored.clone() });
    }
}

/// What an update changes whose body is refused as a whole: nothing.
fn apply_unread(exchange: &Exchange<'_>, configs: &mut AlertConfigs, stored: &AlertConfig) {
    let behaviour = &exchange.world.behaviour;
    let settings = match exchange.admitted.verb {
        Verb::Put if behaviour.shows(Fault::OtherTypeReplaces) => exchange.sent.of_any_type(),
        Verb::Patch if behaviour.shows(Fault::ArrayAppliedThenRefused) => {
            exchange.sent.first_of_array().map(|sent| document::patched(&stored.settings, sent))
        }
        _ => None,
    };
    let accepted = settings.and_then(|settings| document::accept(behaviour, FIELDS, &settings).ok());
    if let Some(settings) = accepted {
        configs.overwrite(AlertConfig { settings, ..stored.clone() });
    }
}

/// Whether a PATCH with such fields is applied although it is refused: it is not.
fn is_applied(world: &World, unknown: bool, nested: bool, unmodifiable: bool) -> bool {
    let behaviour = &world.behaviour;
    (unknown && behaviour.shows(Fault::AppliedThenRefused))
        || (nested && behaviour.shows(Fault::NestedAppliedThenRefused))
        || (unmodifiable && behaviour.shows(Fault::UnmodifiableAppliedThenRefused))
}

/// What is stored of a document whose name is taken: nothing.
pub(super) fn store_in_spite(world: &World, configs: &mut AlertConfigs, config: &AlertConfig) {
    let behaviour = &world.behaviour;
    let known = configs.get(&config.group, &config.id).is_some();
    if (known && behaviour.shows(Fault::ConflictStored)) || (!known && behaviour.shows(Fault::ConflictAdds)) {
        configs.overwrite(config.clone());
    }
    if !known && behaviour.shows(Fault::ConflictOverwrites) {
        let name = config.settings.get("name");
        let first = configs.of(&config.group).find(|other| other.settings.get("name") == name).cloned();
        if let Some(first) = first {
            configs.overwrite(AlertConfig { settings: config.settings.clone(), ..first });
        }
    }
}
