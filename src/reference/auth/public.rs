//! What is answered without credentials: nothing, but for faults.

use hyper::Method;

use crate::reference::fault::Fault;
use crate::reference::http::Call;
use crate::reference::world::World;

/// Whether a call needs no credentials.
pub(super) fn is_public(world: &World, call: &Call) -> bool {
    let behaviour = &world.behaviour;
    let segments = call.path.as_deref().unwrap_or_default();
    match call.method {
        Method::GET if call.query.is_on("envelope") && behaviour.shows(Fault::EnvelopeIsPublic) => true,
        Method::GET if call.path.as_ref().is_some_and(Vec::is_empty) => behaviour.shows(Fault::RootIsPublic),
        Method::GET if segments.len() == 3 => shows_list_to_all(world, call),
        Method::HEAD => behaviour.shows(Fault::HeadIsPublic),
        Method::PATCH => behaviour.shows_any(&[Fault::PatchIsPublic, Fault::PatchedThenAsked]),
        Method::POST if segments.last().is_some_and(|last| last == "restoreJobs") => {
            behaviour.shows_any(&[Fault::PostIsPublic, Fault::JobsArePublic])
        }
        Method::POST => behaviour.shows(Fault::PostIsPublic),
        Method::PUT => behaviour.shows(Fault::PutIsPublic),
        Method::DELETE => behaviour.shows(Fault::DeleteIsPublic),
        _ => false,
    }
}

/// Whether a list of a group, or this page or part of it, needs no credentials: none is shown to everybody.
fn shows_list_to_all(world: &World, call: &Call) -> bool {
    let is_later_page = call.query.get("pageNum").is_some_and(|number| number != "1");
    let is_filtered = call.query.get("typeName").is_some();
    world.behaviour.shows(Fault::ListsArePublic)
        || (is_later_page && world.behaviour.shows(Fault::PagesArePublic))
        || (is_filtered && world.behaviour.shows(Fault::FilteredIsPublic))
}
