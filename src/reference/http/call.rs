//! What a request asks for, read once.

use std::net::IpAddr;

use hyper::header::{self, HeaderMap, HeaderName};
use hyper::http::request::Parts;
use hyper::{Method, Version};

use crate::reference::problem::Refusal;
use crate::reference::query::Query;
use crate::reference::world::Base;

/// What a method does; HEAD does what GET does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// A request, apart from its body.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// The method as sent.
    pub(crate) method: Method,
    /// Path and query as sent: what a Digest is made over.
    pub(crate) target: String,
    /// The path below the root, or `None` if it lies elsewhere.
    pub(crate) path: Option<Vec<String>>,
    /// The query.
    pub(crate) query: Query,
    /// Where the request comes from.
    pub(crate) peer: IpAddr,
    /// The headers, in the order sent.
    pub(crate) headers: HeaderMap,
    version: Version,
}

impl Call {
    /// Reads the head of a request.
    pub(crate) fn new(base: &Base, head: &Parts, peer: IpAddr) -> Self {
        Self {
            method: head.method.clone(),
            target: head.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            path: base.below(head.uri.path()),
            query: Query::parse(head.uri.query().unwrap_or_default()),
            peer,
            headers: head.headers.clone(),
            version: head.version,
        }
    }

    /// What the method does, or `None` if no resource knows it.
    pub(crate) fn verb(&self) -> Option<Verb> {
        match self.method.as_str() {
            "GET" | "HEAD" => Some(Verb::Get),
            "POST" => Some(Verb::Post),
            "PUT" => Some(Verb::Put),
            "PATCH" => Some(Verb::Patch),
            "DELETE" => Some(Verb::Delete),
            _ => None,
        }
    }

    /// The values of a header; one that is no text is left out.
    pub(crate) fn header(&self, name: &HeaderName) -> Vec<&str> {
        self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect()
    }

    /// Whether a header is there, whatever it holds.
    pub(crate) fn has(&self, name: &HeaderName) -> bool {
        self.headers.contains_key(name)
    }

    /// Refuses an HTTP/1.1 request that names no host, or several (RFC 9112, section 3.2).
    pub(super) fn check_host(&self) -> Result<(), Refusal> {
        let hosts = self.headers.get_all(header::HOST).iter().count();
        if hosts == 1 || (hosts == 0 && self.version < Version::HTTP_11) {
            Ok(())
        } else {
            Err(Refusal::bad_request("The request must have exactly one Host header."))
        }
    }
}
