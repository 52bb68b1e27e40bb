//! The way to a target: from which address, through which proxy, within which time.

use std::net::IpAddr;
use std::time::Duration;

use hyper::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use url::Url;

use crate::target::Proxy;

/// The way to a target.
#[derive(Debug)]
pub(super) struct Route {
    /// The local address to send from.
    pub(super) address: Option<IpAddr>,
    /// The time until a connection is there.
    pub(super) connect_timeout: Option<Duration>,
    matcher: Option<Matcher>,
}

/// A proxy on the way.
#[derive(Debug)]
pub(super) struct Between {
    pub(super) host: String,
    pub(super) port: u16,
    /// What it is to be told about us.
    pub(super) authorization: Option<String>,
}

impl Route {
    pub(super) fn new(address: Option<IpAddr>, proxy: &Proxy, connect_timeout: Option<Duration>) -> Self {
        let matcher = match proxy {
            Proxy::None => None,
            Proxy::At(url) => Some(Matcher::builder().all(url.as_str()).build()),
            Proxy::Environment => Some(Matcher::from_env()),
        };
        Self { address, connect_timeout, matcher }
    }

    /// The proxy on the way to a URL, or why it cannot be spoken to on a connection of our own.
    pub(super) fn between(&self, url: &Url) -> Result<Option<Between>, String> {
        let intercept = self.matcher.as_ref().and_then(|it| it.intercept(&url.as_str().parse::<Uri>().ok()?));
        intercept.map(|it| between(&it)).transpose()
    }
}

fn between(intercept: &Intercept) -> Result<Between, String> {
    let uri = intercept.uri();
    let unusable = || format!("a raw connection cannot go through the proxy {uri}");
    if uri.scheme_str() != Some("http") {
        return Err(unusable());
    }
    let host = uri.host().ok_or_else(unusable)?.trim_matches(['[', ']']).to_owned();
    let authorization = intercept.basic_auth().and_then(|value| value.to_str().ok()).map(str::to_owned);
    Ok(Between { host, port: uri.port_u16().unwrap_or(80), authorization })
}
