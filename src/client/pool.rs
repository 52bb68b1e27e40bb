//! Connections that are kept open: HTTP/1.1 with nothing added, followed, retried or decoded on the way.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, redirect, retry};
use rustls::ClientConfig;

use super::budget::Part;
use super::outgoing::unsendable;
use super::route::Route;
use super::{BODY_LIMIT, ClientError, cause};
use crate::exchange::{Obstacle, Request, Response};
use crate::target::Proxy;

/// Shorter than servers keep idle connections: a request must not meet a connection that is being closed.
const IDLE: Duration = Duration::from_secs(3);

/// A pool of connections that go this way.
pub(super) fn pool(tls: &ClientConfig, route: &Route, proxy: &Proxy) -> Result<reqwest::Client, ClientError> {
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls.clone())
        .http1_only()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .pool_idle_timeout(IDLE)
        .local_address(route.address);
    if let Some(time) = route.connect_timeout {
        builder = builder.connect_timeout(time);
    }
    let unusable = |error: reqwest::Error| ClientError::Tls(error.to_string());
    let builder = match proxy {
        Proxy::None => builder.no_proxy(),
        Proxy::At(url) => builder.no_proxy().proxy(reqwest::Proxy::all(url.as_str()).map_err(unusable)?),
        // Without a word about it the library reads the environment.
        Proxy::Environment => builder,
    };
    builder.build().map_err(unusable)
}

/// Sends a request with exactly its headers and reads the answer into this part of the memory.
pub(super) async fn exchange(
    pool: &reqwest::Client,
    request: &Request,
    memory: &mut Part,
) -> Result<Response, Obstacle> {
    let method = Method::from_bytes(request.method.as_bytes()).map_err(|error| unsendable(error.to_string()))?;
    let mut outgoing = pool.request(method, request.url.clone()).headers(headers(request)?);
    if let Some(body) = &request.body {
        outgoing = outgoing.body(body.clone());
    }
    let broken = |error: reqwest::Error| cause::of_pooled(&request.url, &error);
    let mut incoming = outgoing.send().await.map_err(broken)?;
    let mut response = Response { status: incoming.status().as_u16(), ..Response::default() };
    for (name, value) in incoming.headers() {
        response.headers.push((name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    }
    // A body that grows by doubling would take up to three times its bytes on the way.
    let stated = incoming.content_length().and_then(|length| usize::try_from(length).ok());
    response.body.reserve_exact(stated.unwrap_or_default().min(BODY_LIMIT));
    while let Some(chunk) = incoming.chunk().await.map_err(broken)? {
        let room = BODY_LIMIT - response.body.len();
        memory.take_bytes(chunk.len().min(room)).await;
        if chunk.len() > room {
            response.body.extend_from_slice(&chunk[..room]);
            response.cut = true;
            break;
        }
        response.body.extend_from_slice(&chunk);
    }
    Ok(response)
}

fn headers(request: &Request) -> Result<HeaderMap, Obstacle> {
    let mut headers = HeaderMap::new();
    for (name, value) in &request.headers {
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|error| unsendable(error.to_string()))?;
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|error| unsendable(error.to_string()))?;
        headers.append(key, value);
    }
    Ok(headers)
}
