//! From a request of the HTTP library to its answer: who, may they, what, and in which form.

mod answer;
mod body;
mod call;

use std::net::IpAddr;

use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response, StatusCode, header};

use super::fault::Fault;
use super::problem::Refusal;
use super::wire::Postscript;
use super::world::World;
use super::{access, api, auth, limits, render, unknown, variation, witness};

pub(crate) use answer::{Answer, Content, Outcome};
pub(crate) use body::Sent;
pub(crate) use call::{Call, Verb};

/// Answers one request.
pub(crate) async fn serve(
    world: &World,
    peer: IpAddr,
    request: Request<Incoming>,
    postscript: &Postscript,
) -> Response<variation::Sending> {
    let (head, incoming) = request.into_parts();
    let (call, started) = (Call::new(&world.base, &head, peer), world.wall());
    world.delay().await;
    let (outcome, sent) = outcome(world, &call, incoming).await;
    let response = render::response(world, &call, outcome, postscript);
    let response = world.own_faults.alter(world, &call, response).await;
    let response = variation::dressed(world, &call, response);
    let response = variation::respelled(world, &call, response);
    let Some(witness) = &world.witness else { return response };
    let (head, sending) = response.into_parts();
    if let Some(exchange) = witness::exchange(world, &call, sent, (&head, sending.bytes()), started) {
        witness.tell(exchange);
    }
    Response::from_parts(head, sending)
}

/// What becomes of a call, and the body that came with it.
async fn outcome(world: &World, call: &Call, incoming: Incoming) -> (Outcome, Bytes) {
    match variation::traffic::interrupt(world).await.and_then(|()| admit(world, call)) {
        Ok(admitted) => match body::read(call, incoming).await {
            Ok(sent) => {
                let outcome = access::told(world, call, &admitted, api::answer(world, call, &admitted, &sent));
                (outcome, sent.bytes)
            }
            Err(refusal) => (Err(refusal), Bytes::new()),
        },
        Err(refusal) => {
            let sent = body::discard(call, incoming).await;
            (Err(refusal), sent)
        }
    }
}

/// Decides, before the body is looked at, whether a call may be done. The order matters: nothing about a resource
/// is told to whom it does not concern.
fn admit<'w>(world: &'w World, call: &Call) -> Result<access::Admitted<'w>, Refusal> {
    call.check_host()?;
    let user = auth::authenticate(world, call)?;
    world.outages.interrupt()?;
    check_fragile(world, call)?;
    let resource = unknown::find(&world.behaviour, call.path.as_deref())?;
    let admitted = access::admit(world, call, user, resource)?;
    limits::count(world, call, &admitted)?;
    Ok(admitted)
}

/// Refuses nothing; a fault fails over requests that are odd.
fn check_fragile(world: &World, call: &Call) -> Result<(), Refusal> {
    let behaviour = &world.behaviour;
    let segments = call.path.as_deref().unwrap_or_default();
    let switch = |name: &str| call.query.get(name).is_some_and(|value| !["true", "false"].contains(&value));
    let fails = (behaviour.shows(Fault::BadPathFails) && segments.iter().any(|segment| segment.contains('\u{fffd}')))
        || (behaviour.shows(Fault::BadRangeFails) && call.has(&header::RANGE))
        || (behaviour.shows(Fault::BareSwitchFails) && (switch("envelope") || switch("pretty")))
        || (behaviour.shows(Fault::FailingLink) && segments.last().is_some_and(|segment| segment == "status"));
    if fails {
        return Err(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "Something unexpected went wrong."));
    }
    Ok(())
}
