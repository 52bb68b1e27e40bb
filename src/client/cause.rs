//! From the errors of the libraries below to the reasons why there is no answer.

use std::error::Error;
use std::io;

use url::Url;

use crate::exchange::Obstacle;

type Cause = dyn Error + 'static;

/// Why a pooled exchange has no answer.
pub(super) fn of_pooled(url: &Url, error: &reqwest::Error) -> Obstacle {
    let causes = chain(error);
    let reason = causes.last().map_or_else(|| "unknown cause".to_owned(), ToString::to_string);
    let url_text = url.to_string();
    if error.is_builder() {
        return Obstacle::Unsendable { reason };
    }
    if let Some(tls) = causes.iter().find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return Obstacle::Tls { url: url_text, reason: tls.to_string() };
    }
    if error.is_connect() && error.is_timeout() {
        return Obstacle::Unreachable { url: url_text, reason: "no connection within the time for that".to_owned() };
    }
    if error.is_connect() {
        return if url.scheme() == "https" && causes.iter().any(|cause| is_hang_up(*cause)) {
            Obstacle::Tls { url: url_text, reason }
        } else {
            Obstacle::Unreachable { url: url_text, reason }
        };
    }
    if causes.iter().any(|cause| is_nonsense(*cause)) {
        return Obstacle::Malformed { url: url_text, reason };
    }
    Obstacle::Broken { url: url_text, reason }
}

/// Why no TLS connection came about on an open socket.
pub(super) fn of_handshake(url: &Url, error: &io::Error) -> Obstacle {
    let causes = chain(error);
    let reason = causes.iter().find_map(|cause| cause.downcast_ref::<rustls::Error>()).map(ToString::to_string);
    Obstacle::Tls { url: url.to_string(), reason: reason.unwrap_or_else(|| error.to_string()) }
}

/// An error and what it was caused by. An `io::Error` hides what it wraps from `source`.
fn chain<'a>(error: &'a Cause) -> Vec<&'a Cause> {
    let mut causes: Vec<&'a Cause> = vec![error];
    let mut current = error;
    while let Some(next) = wrapped(current).or_else(|| current.source()) {
        causes.push(next);
        current = next;
    }
    causes
}

fn wrapped(error: &Cause) -> Option<&Cause> {
    error.downcast_ref::<io::Error>()?.get_ref().map(|inner| inner as &Cause)
}

fn is_hang_up(cause: &Cause) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    cause
        .downcast_ref::<io::Error>()
        .is_some_and(|error| matches!(error.kind(), UnexpectedEof | ConnectionReset | ConnectionAborted | BrokenPipe))
}

fn is_nonsense(cause: &Cause) -> bool {
    let by_hyper = cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse);
    let by_framing = cause
        .downcast_ref::<io::Error>()
        .is_some_and(|error| matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData));
    by_hyper || by_framing
}
