//! Hosts, clusters, events and snapshots: entities that are only read.

use chrono::{DateTime, Utc};
use hyper::StatusCode;

use super::{Exchange, path, registers};
use crate::reference::behaviour::Behaviour;
use crate::reference::dates::{self, Reading};
use crate::reference::fault::Fault;
use crate::reference::http::{Answer, Content, Outcome};
use crate::reference::problem::Refusal;
use crate::reference::query::Query;
use crate::reference::route::{Kind, Register};
use crate::reference::store::{Group, Record, Role};
use crate::reference::variation::traffic;
use crate::reference::world::World;
use crate::reference::{links, page};

/// The entities of a kind that the query leaves.
pub(super) fn list(exchange: &Exchange<'_>, group: &Group, kind: Kind) -> Outcome {
    let filter = Filter::asked(&exchange.world.behaviour, kind, &exchange.call.query)?;
    let records = traffic::present(exchange.world, kind, group.records(kind));
    let list = path(group, &format!("/{}", kind.plural()));
    let mut members: Vec<&Record> = records.iter().filter(|record| filter.leaves(record)).collect();
    if exchange.admitted.user.role_in(&group.id) == Some(Role::ReadOnly)
        && exchange.world.behaviour.shows(Fault::ReadersSeeHalf)
    {
        members.truncate(members.len() / 2);
    }
    let tell = |record: &Record| (record.fields.clone(), own_path(group, kind, &record.id));
    let made = made(exchange, group, kind);
    let answer = if made.is_empty() {
        page::answer(exchange.world, exchange.call, &list, members, tell)?
    } else {
        let all = members.into_iter().map(tell).chain(made).collect();
        page::answer(exchange.world, exchange.call, &list, all, |member| member)?
    };
    Ok(recounted(exchange.world, answer, records.len()))
}

/// What clients made of a kind; a filter leaves none of it.
fn made(exchange: &Exchange<'_>, group: &Group, kind: Kind) -> Vec<page::Member> {
    if kind != Kind::Cluster || exchange.call.query.get("typeName").is_some() {
        return Vec::new();
    }
    registers::members(exchange.world, group, Register::Clusters)
}

/// The page with its own total, which counts what the filter leaves.
fn recounted(world: &World, mut answer: Answer, all: usize) -> Answer {
    if let Content::List(list) = &mut answer.content
        && world.behaviour.shows(Fault::TotalIgnoresFilter)
    {
        list["totalCount"] = all.into();
    }
    answer
}

/// One entity.
pub(super) fn read(world: &World, group: &Group, kind: Kind, id: &str) -> Outcome {
    let record = find(group, kind, id).ok_or_else(|| missing(world, kind, id))?;
    let group_path = path(group, if spoiled(world, kind, Kind::Host, Fault::DeadLinkOfHost) { "0" } else { "" });
    let status = spoiled(world, kind, Kind::Cluster, Fault::FailingLink).then(|| ("status", path(group, "/status")));
    let related: Vec<(&str, String)> = [("group", group_path)].into_iter().chain(status).collect();
    Ok(Answer::entity(links::whole(world, record.fields.clone(), &own_path(group, kind, id), &related)))
}

/// Whether a fault that spoils one kind spoils this one.
fn spoiled(world: &World, kind: Kind, spoiled: Kind, fault: Fault) -> bool {
    kind == spoiled && world.behaviour.shows(fault)
}

fn missing(world: &World, kind: Kind, id: &str) -> Refusal {
    let refusal = Refusal::not_found(kind.singular(), id);
    let gone = world.behaviour.shows(Fault::MissingIs410);
    if gone { Refusal { status: StatusCode::GONE, ..refusal } } else { refusal }
}

/// An entity of a group by its id.
pub(super) fn find<'g>(group: &'g Group, kind: Kind, id: &str) -> Option<&'g Record> {
    group.records(kind).iter().find(|record| record.id == id)
}

fn own_path(group: &Group, kind: Kind, id: &str) -> String {
    path(group, &format!("/{}/{id}", kind.plural()))
}

/// What a query asks for; parameters that a list does not know mean nothing.
#[derive(Debug, Default)]
struct Filter {
    type_name: Option<String>,
    earliest: Option<DateTime<Utc>>,
    latest: Option<DateTime<Utc>>,
}

impl Filter {
    fn asked(behaviour: &Behaviour, kind: Kind, query: &Query) -> Result<Self, Refusal> {
        if behaviour.shows(Fault::EnvelopeForgetsFilter) && query.is_on("envelope") {
            return Ok(Self::default());
        }
        Ok(match kind {
            Kind::Host | Kind::Cluster => {
                Self { type_name: query.get("typeName").map(str::to_owned), ..Self::default() }
            }
            Kind::Event => Self {
                earliest: date(behaviour, query, "minDate")?,
                latest: date(behaviour, query, "maxDate")?,
                ..Self::default()
            },
            Kind::Snapshot => Self::default(),
        })
    }

    /// Whether a record stays; both dates are included.
    fn leaves(&self, record: &Record) -> bool {
        let text = |name: &str| record.fields.get(name).and_then(|value| value.as_str());
        let created = || text("created").and_then(dates::parse);
        self.type_name.as_deref().is_none_or(|wanted| text("typeName") == Some(wanted))
            && self.earliest.is_none_or(|earliest| created().is_some_and(|created| created >= earliest))
            && self.latest.is_none_or(|latest| created().is_some_and(|created| created <= latest))
    }
}

/// A parameter that is a date.
fn date(behaviour: &Behaviour, query: &Query, name: &str) -> Result<Option<DateTime<Utc>>, Refusal> {
    let Some(text) = query.get(name) else { return Ok(None) };
    let refusal = || {
        if behaviour.shows(Fault::MalformedParameterUnnamed) {
            Refusal::bad_request("The query parameter of the request must be an ISO 8601 date.")
        } else {
            Refusal::parameter(name, "must be an ISO 8601 date")
        }
    };
    match dates::parse_as(text, reading(behaviour, name)) {
        None if !behaviour.shows(Fault::MalformedQueryDate) => Err(refusal()),
        date => Ok(date),
    }
}

fn reading(behaviour: &Behaviour, name: &str) -> Reading {
    match behaviour {
        _ if behaviour.shows(Fault::QueryOffsetIgnored) => Reading::OffsetIgnored,
        _ if behaviour.shows(Fault::LatestOffsetIgnored) && name == "maxDate" => Reading::OffsetIgnored,
        _ if behaviour.shows(Fault::QueryLocalAssumed) => Reading::LocalAssumed,
        _ if behaviour.shows(Fault::QueryZonelessRefused) => Reading::ZoneDemanded,
        _ if behaviour.shows(Fault::QueryDatesByDay) => Reading::DayOnly,
        _ if behaviour.shows(Fault::QueryFractionRefused) => Reading::FractionRefused,
        _ => Reading::Right,
    }
}
