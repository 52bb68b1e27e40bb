//! Paths that no resource has: nothing stands for them, but for faults.

use hyper::StatusCode;

use super::behaviour::Behaviour;
use super::fault::Fault;
use super::problem::Refusal;
use super::route::{self, Register, Resource, Within};

/// The resource of a path; what has none is refused.
pub(crate) fn find(behaviour: &Behaviour, path: Option<&[String]>) -> Result<Resource, Refusal> {
    route::find(path).or_else(|refusal| instead(behaviour, path.unwrap_or_default(), refusal))
}

/// What stands for a path that no resource has.
fn instead(behaviour: &Behaviour, path: &[String], refusal: Refusal) -> Result<Resource, Refusal> {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    match names.as_slice() {
        ["groups", group, _] if behaviour.shows(Fault::UnknownInGroupIsEmpty) => {
            Ok(Resource::InGroup((*group).to_owned(), Within::Register(Register::LogCollectionJobs)))
        }
        ["groups", _, "hosts", ..] if behaviour.shows(Fault::TailOfHostIgnored) => route::find(path.get(..4)),
        ["groups", _, "databaseUsers", "admin", ..] if behaviour.shows(Fault::TailOfDatabaseUserIgnored) => {
            route::find(path.get(..5))
        }
        ["users", _, "whitelist", ..] if behaviour.shows(Fault::TailOfEntryIs400) => {
            Err(refusal.with_status(StatusCode::BAD_REQUEST))
        }
        _ if behaviour.shows(Fault::UnknownPathIs400) => Err(refusal.with_status(StatusCode::BAD_REQUEST)),
        _ => Err(refusal),
    }
}
