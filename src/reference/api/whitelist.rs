//! The API whitelist of a user: the addresses from which they may reach protected resources.

use std::net::IpAddr;

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use super::{Exchange, fields};
use crate::reference::access;
use crate::reference::behaviour::Behaviour;
use crate::reference::document::{self, Field, Kind, Presence};
use crate::reference::fault::Fault;
use crate::reference::http::{Answer, Outcome, Verb};
use crate::reference::problem::Refusal;
use crate::reference::store::{Entry, NotAdded};
use crate::reference::variation::writes;
use crate::reference::world::World;
use crate::reference::{dates, links, page};

/// What a client sends.
const FIELDS: &[Field] = &[Field { name: "ipAddress", kind: Kind::Text, presence: Presence::Required }];

/// Lists the addresses, or adds one.
pub(super) fn list_or_add(exchange: &Exchange<'_>, user: &str) -> Outcome {
    if exchange.admitted.verb == Verb::Post {
        return add(exchange, user);
    }
    let entries = exchange.world.store.whitelist();
    let tell = |entry: &Entry| (shown(exchange.world, entry), own_path(entry));
    page::answer(exchange.world, exchange.call, &path(user), entries.of(user).collect(), tell)
}

/// Shows an address, or removes it.
pub(super) fn entry(exchange: &Exchange<'_>, user: &str, text: &str) -> Outcome {
    let world = exchange.world;
    let missing = || Refusal::not_found("whitelist entry", text);
    let address: IpAddr = text.parse().map_err(|_| missing())?;
    let mut entries = world.store.whitelist();
    let entry = entries.of(user).find(|entry| entry.address == address).ok_or_else(missing)?;
    let entity = links::whole(world, shown(world, entry), &own_path(entry), &[]);
    if exchange.admitted.verb == Verb::Delete {
        entries.remove(user, address);
        world.behaviour.note(Fault::EntriesLinger, &access::entry_of(user, address));
        return Ok(writes::removed(world, entity));
    }
    if let Some(reads) = reads(world, entry) {
        world.behaviour.note(Fault::ReadsCounted, &read_of(entry, reads));
    }
    Ok(Answer::entity(entity))
}

fn add(exchange: &Exchange<'_>, user: &str) -> Outcome {
    let behaviour = &exchange.world.behaviour;
    let accepted = document::accept(behaviour, FIELDS, &exchange.sent.object(behaviour)?)
        .map_err(|refusal| refused(behaviour, refusal))?;
    let address = accepted["ipAddress"]
        .as_str()
        .and_then(|text| text.parse::<IpAddr>().ok())
        .map(|address| address.to_canonical());
    let address = address.ok_or_else(|| Refusal::field("ipAddress", "must be an IP address"))?;
    let world = exchange.world;
    let entry = Entry { user: user.to_owned(), address, created: dates::to_second(world.now()) };
    match world.store.whitelist().add(entry.clone()) {
        Ok(()) => {}
        Err(NotAdded::Present) => {
            return Err(Refusal::new(StatusCode::CONFLICT, format!("The address {address} is on the whitelist.")));
        }
        Err(NotAdded::Full) => return Err(Refusal::bad_request("The whitelist is full.")),
    }
    let path = own_path(&entry);
    let entity = links::whole(world, shown(world, &entry), &path, &[]);
    Ok(writes::made(world, Answer::made(StatusCode::CREATED, entity, &world.base.url(&path))))
}

/// The refusal of an entry, which names what is invalid.
fn refused(behaviour: &Behaviour, refusal: Refusal) -> Refusal {
    let unnamed = behaviour.shows(Fault::AddressUnnamed);
    if unnamed { Refusal::bad_request("The entry is not complete.") } else { refusal }
}

fn shown(world: &World, entry: &Entry) -> Map<String, Value> {
    let mut shown = fields(json!({ "ipAddress": entry.address.to_string(), "created": dates::write(entry.created) }));
    shown.extend(reads(world, entry).map(|reads| ("count".to_owned(), reads.into())));
    shown
}

/// No more reads of an entry are counted.
const MOST_READS: usize = 10_000;

/// How often an entry was read, where a fault counts that.
fn reads(world: &World, entry: &Entry) -> Option<usize> {
    if !world.behaviour.shows(Fault::ReadsCounted) {
        return None;
    }
    (0..MOST_READS).find(|reads| !world.behaviour.noted(Fault::ReadsCounted, &read_of(entry, *reads)))
}

fn read_of(entry: &Entry, number: usize) -> String {
    format!("{number} {}", own_path(entry))
}

fn path(user: &str) -> String {
    format!("/users/{user}/whitelist")
}

fn own_path(entry: &Entry) -> String {
    format!("{}/{}", path(&entry.user), entry.address)
}
