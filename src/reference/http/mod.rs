//! From a request of the HTTP library to its answer: who, may they, what, and in which form.

mod answer;
mod body;
mod call;

use std::net::IpAddr;

use hyper::body::Incoming;
use hyper::{Request, Response};

use super::wire::Postscript;
use super::world::World;
use super::{access, api, auth, freedom, limits, render, route};

pub(crate) use answer::{Answer, Content, Outcome};
pub(crate) use body::Sent;
pub(crate) use call::{Call, Verb};

/// Answers one request.
pub(crate) async fn serve(
    world: &World,
    peer: IpAddr,
    request: Request<Incoming>,
    postscript: &Postscript,
) -> Response<freedom::Sending> {
    let (head, incoming) = request.into_parts();
    let call = Call::new(&world.base, &head, peer);
    let outcome = match freedom::traffic::interrupt(world).await.and_then(|()| admit(world, &call)) {
        Ok(admitted) => match body::read(&call, incoming).await {
            Ok(sent) => api::answer(world, &call, &admitted, &sent),
            Err(refusal) => Err(refusal),
        },
        Err(refusal) => {
            body::discard(&call, incoming).await;
            Err(refusal)
        }
    };
    freedom::dressed(world, &call, render::response(world, &call, outcome, postscript))
}

/// Decides, before the body is looked at, whether a call may be done. The order matters: nothing about a resource
/// is told to whom it does not concern.
fn admit<'w>(world: &'w World, call: &Call) -> Result<access::Admitted<'w>, super::problem::Refusal> {
    call.check_host()?;
    let user = auth::authenticate(world, call)?;
    let route = route::find(call.path.as_deref())?;
    let admitted = access::admit(world, call, user, route)?;
    limits::count(world, &admitted)?;
    Ok(admitted)
}
