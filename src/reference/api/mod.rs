//! The resources, one file each.

mod alert_configs;
mod answers;
mod automation;
mod groups;
mod kept;
mod lenience;
mod measurements;
mod neighbours;
mod records;
mod registers;
mod restore_jobs;
mod root;
mod users;
mod whitelist;

use hyper::StatusCode;

use super::access::Admitted;
use super::auth;
use super::fault::Fault;
use super::http::{Call, Outcome, Sent, Verb};
use super::problem::Refusal;
use super::route::{Kind, Register, Resource, Within};
use super::store::Group;
use super::world::World;

/// The most things of a kind that the clients of a group may create.
const MOST: usize = 1000;

/// The refusal of one more.
fn too_many() -> Refusal {
    Refusal::bad_request("There are too many of these already.")
}

/// Does what an admitted call asks for.
pub(crate) fn answer(world: &World, call: &Call, admitted: &Admitted<'_>, sent: &Sent) -> Outcome {
    let exchange = Exchange { world, call, admitted, sent };
    match &admitted.resource {
        Resource::Root if is_root_gone(world, call) => Err(Refusal::not_found("resource", "/")),
        Resource::Root => Ok(root::read(world, admitted.user, admitted.verb)),
        Resource::Groups => groups::list(&exchange),
        Resource::GroupByName(name) => groups::by_name(&exchange, name),
        Resource::Organizations => registers::organizations(&exchange),
        Resource::Organization(id) => registers::one_organization(&exchange, id),
        Resource::User(id) => users::read(world, id),
        Resource::Whitelist(user) => whitelist::list_or_add(&exchange, user),
        Resource::WhitelistEntry(user, address) => whitelist::entry(&exchange, user, address),
        Resource::InGroup(id, within) => match admitted.group {
            Some(group) => in_group(&exchange, group, within),
            None => Err(Refusal::not_found("group", id)),
        },
    }
}

/// Whether the root cannot be read for the moment: it can.
fn is_root_gone(world: &World, call: &Call) -> bool {
    let fault = Fault::RootGoneAfterDelete;
    world.behaviour.shows(fault)
        && auth::use_of_nonce(call)
            .is_some_and(|(nonce, count)| world.behaviour.noted(fault, &format!("{nonce} {count}")))
}

/// One call and all that it is about.
struct Exchange<'a> {
    world: &'a World,
    call: &'a Call,
    admitted: &'a Admitted<'a>,
    sent: &'a Sent,
}

fn in_group(exchange: &Exchange<'_>, group: &Group, within: &Within) -> Outcome {
    match within {
        Within::Group => Ok(groups::read(exchange.world, group)),
        Within::List(Kind::Cluster) if exchange.admitted.verb == Verb::Post => {
            registers::list_or_create(exchange, group, Register::Clusters)
        }
        Within::List(kind) => records::list(exchange, group, *kind),
        Within::One(Kind::Cluster, id) if records::find(group, Kind::Cluster, id).is_none() => {
            registers::one(exchange, group, Register::Clusters, id)
        }
        Within::One(..) if exchange.admitted.verb != Verb::Get => Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "What the server holds from its start is only read; what clients made can be changed.",
        )),
        Within::One(kind, id) => records::read(exchange.world, group, *kind, id),
        Within::Register(register) => registers::list_or_create(exchange, group, *register),
        Within::Registered(register, key) => registers::one(exchange, group, *register, key),
        Within::AlertConfigs => alert_configs::list_or_create(exchange, group),
        Within::AlertConfig(id) => alert_configs::one(exchange, group, id),
        Within::RestoreJobs => restore_jobs::list_or_start(exchange, group),
        Within::RestoreJob(id) => restore_jobs::one(exchange, group, id),
        Within::Members => users::members(exchange, group),
        Within::Measurements => Ok(measurements::read(exchange.world, group)),
        Within::AutomationConfig => automation::one(exchange, group),
    }
}

/// The path of something in a group.
fn path(group: &Group, rest: &str) -> String {
    format!("/groups/{}{rest}", group.id)
}

/// The fields of an entity, from a JSON object.
fn fields(value: serde_json::Value) -> serde_json::Map<String, serde_json::Value> {
    match value {
        serde_json::Value::Object(fields) => fields,
        _ => serde_json::Map::new(),
    }
}
