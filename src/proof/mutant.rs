//! Mutants: a recorded response with one thing altered.

use serde_json::Value;

use crate::exchange::{Exchange, Response};

use super::operator::Operator;
use super::{body, head};

/// A response with one thing altered.
#[derive(Clone, Debug)]
pub(super) struct Mutant {
    pub(super) operator: Operator,
    /// What is altered: `status`, a header, or a place of the body.
    pub(super) place: String,
    pub(super) response: Response,
}

/// The mutant of a request that got no response: it is answered.
pub(super) fn answered() -> Mutant {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    let response = Response { status: 200, headers, body: b"{}".to_vec(), ..Response::default() };
    Mutant { operator: Operator::SilenceAnswered, place: "status 200".to_owned(), response }
}

/// All mutants of a response. `other` is the body of another response of the run, `sent` a document that the test has
/// sent before.
pub(super) fn mutants(exchange: &Exchange, other: &[u8], sent: Option<&Value>) -> Vec<Mutant> {
    let mut mutants = head::mutants(&exchange.response);
    mutants.extend(body::mutants(&exchange.response, other, sent));
    mutants
}
