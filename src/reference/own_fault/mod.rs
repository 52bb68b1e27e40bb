//! Faults of a file that a user wrote: which responses they alter, and how.
//!
//! A fault is a row *when → edit*. It is applied to a finished response, so no other part of the server knows of it. The doors:
//! [`OwnFault::load`] for a file, [`OwnFaults::alter`] for a response.

mod apply;
mod grammar;
mod load;
mod when;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hyper::body::Bytes;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use super::http::Call;
use super::world::World;
use when::{Request, When};

pub use grammar::faults_schema;

/// A fault that a user described.
#[derive(Clone, Debug)]
pub struct OwnFault {
    /// Its name, for messages.
    name: String,
    when: When,
    edit: Edit,
}

/// What becomes of a response.
#[derive(Clone, Debug, Default)]
struct Edit {
    /// How much later it is sent.
    delay: Duration,
    status: Option<StatusCode>,
    /// The headers that are set; a header without a value is removed.
    headers: Vec<(HeaderName, Option<HeaderValue>)>,
    /// The text that takes the place of the body.
    body: Option<String>,
    /// What is removed from a JSON body.
    remove: Vec<JsonPath>,
    /// The values that are set in a JSON body.
    set: Vec<(JsonPath, Value)>,
    /// The members that objects of a JSON body get.
    add: Vec<(JsonPath, Map<String, Value>)>,
}

impl OwnFault {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// The faults of a running server, and how many responses each of them has matched.
#[derive(Debug)]
pub(crate) struct OwnFaults {
    faults: Vec<OwnFault>,
    matched: Mutex<Vec<u64>>,
}

impl OwnFaults {
    /// These faults, none of which has matched a response yet.
    pub(crate) fn new(faults: Vec<OwnFault>) -> Self {
        let matched = Mutex::new(vec![0; faults.len()]);
        Self { faults, matched }
    }

    /// The response as the faults make it, which may take a while.
    pub(crate) async fn alter(&self, world: &World, call: &Call, mut response: Response<Bytes>) -> Response<Bytes> {
        if self.faults.is_empty() {
            return response;
        }
        let request = Request::of(world, call);
        let shown = self.shown(&request, response.status());
        let delay: Duration = shown.iter().map(|edit| edit.delay).sum();
        if !delay.is_zero() {
            world.sleep(delay).await;
        }
        for edit in shown {
            edit.apply(&mut response);
        }
        response
    }

    /// The edits of the faults that show in this response. Each is counted.
    fn shown(&self, request: &Request<'_>, status: StatusCode) -> Vec<&Edit> {
        let mut matched = self.matched.lock().unwrap_or_else(PoisonError::into_inner);
        let matching =
            self.faults.iter().zip(matched.iter_mut()).filter(|(fault, _)| fault.when.matches(request, status));
        let shown = matching.filter_map(|(fault, matched)| {
            *matched += 1;
            fault.when.includes(*matched).then_some(&fault.edit)
        });
        shown.collect()
    }
}
