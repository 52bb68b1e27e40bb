//! The control of a running server: a port of its own, so that nothing of it can be taken for the API.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::outage::Outage;
use super::query::Query;
use super::worlds::Worlds;

/// What can be asked for.
const HELP: &str = "\
POST /reset                                     data, counters and memory as at the start
POST /expire-nonces                             every nonce issued so far is stale
POST /fail?status=503&times=2&retry-after=1     the next requests with right credentials fail
";
/// The time that a connection may take.
const WITHIN: Duration = Duration::from_secs(10);

/// Serves the control port until it is dropped.
pub(super) async fn accept(listener: TcpListener, worlds: Arc<Worlds>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let worlds = Arc::clone(&worlds);
                    connections.spawn(async move {
                        let service = service_fn(move |request| {
                            let answer = answer(&worlds, &request);
                            async move { Ok::<_, Infallible>(answer) }
                        });
                        let connection = http1::Builder::new()
                            .timer(TokioTimer::new())
                            .header_read_timeout(WITHIN)
                            .keep_alive(false)
                            .serve_connection(TokioIo::new(stream), service);
                        // A broken connection concerns its client alone.
                        let _ = tokio::time::timeout(WITHIN, connection).await;
                    });
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }
}

fn answer(worlds: &Worlds, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    // Browsers name the page that sends a request: none has any business here.
    if request.headers().contains_key(header::ORIGIN) {
        return said(StatusCode::FORBIDDEN, "not from a web page\n");
    }
    match (request.method(), request.uri().path()) {
        (&Method::GET, "/") => said(StatusCode::OK, HELP),
        (&Method::POST, "/reset") => done(|| worlds.reset()),
        (&Method::POST, "/expire-nonces") => done(|| worlds.current().expire_nonces()),
        (&Method::POST, "/fail") => match outage(request.uri().query().unwrap_or_default()) {
            Some(outage) => done(|| worlds.current().outages.begin(outage)),
            None => said(StatusCode::BAD_REQUEST, "status is 400 to 599; times and retry-after are numbers\n"),
        },
        _ => said(StatusCode::NOT_FOUND, HELP),
    }
}

/// The outage that a query asks for: one refusal with 503 where it says no more.
fn outage(query: &str) -> Option<Outage> {
    let query = Query::parse(query);
    let number = |name: &str| query.get(name).map(str::parse::<u32>).transpose().ok();
    let status = u16::try_from(number("status")?.unwrap_or(503)).ok()?;
    Outage::new(status, number("times")?.unwrap_or(1), number("retry-after")?)
}

fn done(work: impl FnOnce()) -> Response<Full<Bytes>> {
    work();
    said(StatusCode::NO_CONTENT, "")
}

fn said(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *response.status_mut() = status;
    if !text.is_empty() {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_is_read_from_a_query() {
        assert_eq!(outage(""), Outage::new(503, 1, None));
        assert_eq!(outage("status=429&times=3&retry-after=2"), Outage::new(429, 3, Some(2)));
        for wrong in ["status=200", "status=x", "times=-1", "status=70000", "retry-after=soon"] {
            assert_eq!(outage(wrong), None, "{wrong}");
        }
    }
}
