//! Restore jobs: asynchronous operations, accepted at once and finished a little later.

use chrono::TimeDelta;
use hyper::{StatusCode, header};
use serde_json::{Map, Value, json};

use super::{Exchange, answers, fields, path, records};
use crate::reference::document::{self, Field, Kind, Presence};
use crate::reference::fault::Fault;
use crate::reference::http::{Answer, Outcome, Verb};
use crate::reference::problem::Refusal;
use crate::reference::store::{Group, RestoreJob};
use crate::reference::variation::{Variation, writes};
use crate::reference::world::World;
use crate::reference::{dates, links, page, route};

/// What a client sends.
const FIELDS: &[Field] = &[
    Field { name: "snapshotId", kind: Kind::Text, presence: Presence::Required },
    Field { name: "deliveryMethod", kind: Kind::OneOf(&["HTTP", "AUTOMATED"]), presence: Presence::Required },
    Field { name: "comment", kind: Kind::Text, presence: Presence::Optional },
    Field { name: "notBefore", kind: Kind::Date, presence: Presence::Optional },
];

/// Lists the jobs, or starts one.
pub(super) fn list_or_start(exchange: &Exchange<'_>, group: &Group) -> Outcome {
    if exchange.admitted.verb == Verb::Post {
        return start(exchange, group);
    }
    let world = exchange.world;
    let jobs = world.store.restore_jobs();
    let tell = |job: &RestoreJob| (shown(world, job), own_path(group, &job.id));
    page::answer(world, exchange.call, &path(group, "/restoreJobs"), jobs.of(&group.id).collect(), tell)
}

/// Shows one job as it stands, or calls it off.
pub(super) fn one(exchange: &Exchange<'_>, group: &Group, id: &str) -> Outcome {
    let world = exchange.world;
    let mut jobs = world.store.restore_jobs();
    if world.behaviour.shows(Fault::JobIsLost) {
        return Err(Refusal::not_found("restore job", id));
    }
    let any = jobs.any(id).filter(|_| world.behaviour.shows(Fault::JobsOfAnyGroup));
    let job =
        jobs.of(&group.id).find(|job| job.id == id).or(any).ok_or_else(|| Refusal::not_found("restore job", id))?;
    let entity = whole(world, group, job);
    if exchange.admitted.verb == Verb::Delete {
        jobs.remove(id);
        return Ok(writes::removed(world, entity));
    }
    Ok(Answer::entity(entity))
}

fn start(exchange: &Exchange<'_>, group: &Group) -> Outcome {
    let world = exchange.world;
    let with_charset = exchange.call.header(&header::CONTENT_TYPE).iter().any(|value| value.contains("charset"));
    if with_charset && world.behaviour.shows(Fault::JobCharsetRefused) {
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body must be application/json."));
    }
    let sent = exchange.sent.object(&world.behaviour)?;
    let ignoring = world.behaviour.shows(Fault::JobUnknownIgnored);
    let mut sent = if ignoring { document::known(FIELDS, sent) } else { sent };
    if world.behaviour.shows(Fault::JobFieldMadeUp) {
        sent.entry("deliveryMethod").or_insert_with(|| "HTTP".into());
    }
    if world.behaviour.shows(Fault::JobOffsetIgnored) {
        forget_offset(&mut sent);
    }
    let order = match document::accept(&world.behaviour, FIELDS, &sent) {
        Ok(order) => order,
        Err(refusal) => {
            start_in_spite(world, group, sent);
            return Err(refusal);
        }
    };
    let snapshot = order["snapshotId"].as_str().unwrap_or_default();
    if records::find(group, route::Kind::Snapshot, snapshot).is_none() {
        return Err(Refusal::field("snapshotId", "names no snapshot of this group"));
    }
    if world.behaviour.shows(Fault::JobStartsTwice) {
        add(world, group, order.clone());
    }
    let job = add(world, group, order);
    let url = world.base.url(&own_path(group, &job.id));
    let answer = Answer::made(accepted(world), answers::to_start(world, whole(world, group, &job)), &url);
    let untraceable = world.behaviour.shows(Fault::JobUntraceable);
    let answer = if untraceable { Answer { headers: Vec::new(), ..answer } } else { answer };
    Ok(writes::made(world, answer))
}

/// Reads the time of a job as one of UTC, whatever its offset is.
fn forget_offset(sent: &mut Map<String, Value>) {
    if let Some(time) = sent.get("notBefore").and_then(Value::as_str).and_then(|date| date.get(..19)) {
        sent.insert("notBefore".to_owned(), format!("{time}Z").into());
    }
}

/// What is started of an operation that is refused for its fields: nothing.
fn start_in_spite(world: &World, group: &Group, sent: Map<String, Value>) {
    if world.behaviour.shows(Fault::JobStartedThenRefused)
        && let Ok(order) = document::accept(&world.behaviour, FIELDS, &document::known(FIELDS, sent))
    {
        add(world, group, order);
    }
}

/// Adds a job.
fn add(world: &World, group: &Group, order: Map<String, Value>) -> RestoreJob {
    let job = RestoreJob { id: world.store.fresh_id(), group: group.id.clone(), created: world.now(), order };
    world.store.restore_jobs().add(job.clone());
    job
}

/// The time that a job takes.
fn takes(world: &World) -> TimeDelta {
    let long = world.behaviour.takes(Variation::JobsTakeLong);
    if long { TimeDelta::seconds(20) } else { TimeDelta::milliseconds(300) }
}

fn accepted(world: &World) -> StatusCode {
    match &world.behaviour {
        behaviour if behaviour.shows(Fault::AcceptedIs200) => StatusCode::OK,
        behaviour if behaviour.shows(Fault::JobIs299) => StatusCode::from_u16(299).unwrap_or(StatusCode::ACCEPTED),
        _ => StatusCode::ACCEPTED,
    }
}

fn whole(world: &World, group: &Group, job: &RestoreJob) -> Value {
    let snapshot = job.order["snapshotId"].as_str().unwrap_or_default();
    let related = [("group", path(group, "")), ("snapshot", path(group, &format!("/snapshots/{snapshot}")))];
    links::whole(world, shown(world, job), &own_path(group, &job.id), &related)
}

fn shown(world: &World, job: &RestoreJob) -> Map<String, Value> {
    let finished = job.finished(world.now(), takes(world)).filter(|_| !world.behaviour.shows(Fault::JobNeverEnds));
    let status = if finished.is_some() { "FINISHED" } else { "IN_PROGRESS" };
    let mut shown =
        fields(json!({ "id": job.id, "groupId": job.group, "created": dates::write(dates::to_second(job.created)) }));
    shown.extend(job.order.clone());
    shown.insert("status".to_owned(), status.into());
    if let Some(finished) = finished {
        shown.insert("finished".to_owned(), dates::write(dates::to_second(finished)).into());
        if world.behaviour.shows(Fault::FinishedJobChanged) {
            shown.insert("deliveryMethod".to_owned(), "AUTOMATED".into());
        }
    }
    shown
}

fn own_path(group: &Group, id: &str) -> String {
    path(group, &format!("/restoreJobs/{id}"))
}
