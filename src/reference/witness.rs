//! Tells an observer what crossed the wire.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use hyper::body::Bytes;
use hyper::header::HeaderMap;
use hyper::http::response::Parts;
use hyper::{Method, header};
use url::Url;

use super::http::Call;
use super::world::World;
use crate::digest::params;
use crate::exchange::{Exchange, Request, Response, Role};

/// Is told of every exchange as soon as its answer is made. It must be quick: the client waits for it.
#[derive(Clone)]
pub struct Witness(Arc<dyn Fn(Exchange) + Send + Sync>);

impl Witness {
    /// A witness that does this with each exchange.
    pub fn new(tell: impl Fn(Exchange) + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    pub(crate) fn tell(&self, exchange: Exchange) {
        (self.0)(exchange);
    }
}

impl fmt::Debug for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Witness")
    }
}

/// What a call and its answer were.
pub(crate) fn exchange(
    world: &World,
    call: &Call,
    sent: Bytes,
    answer: (&Parts, Vec<u8>),
    started: DateTime<Utc>,
) -> Option<Exchange> {
    let url = world.base.origin_url(&call.target);
    let mut request = Request::new(call.method.as_str(), Url::parse(&url).ok()?);
    request.headers = listed(&call.headers);
    request.body = (!sent.is_empty()).then(|| sent.into());
    request.user = user(world, call);
    let (head, body) = answer;
    let body = if call.method == Method::HEAD { Vec::new() } else { body };
    let response =
        Response { status: head.status.as_u16(), headers: listed(&head.headers), body, ..Response::default() };
    let role = if request.user.is_none() && response.status == 401 { Role::Challenge } else { Role::Asked };
    let duration = (world.wall() - started).to_std().unwrap_or_default();
    Some(Exchange { request, response, started, duration, role })
}

fn listed(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

/// The name of the user whom the credentials name, right or wrong.
fn user(world: &World, call: &Call) -> Option<String> {
    let credentials = params::authorization(call.header(&header::AUTHORIZATION).first()?);
    let username = credentials.get("username")?;
    world.store.users.iter().find(|user| user.username == username).map(|user| user.name.to_owned())
}
