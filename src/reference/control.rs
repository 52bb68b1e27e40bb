//! The control of a running server: a port of its own, so that nothing of it can be taken for the API.
//!
//! Whoever uses it shows a token that only readers of the server's secrets know. Web pages are kept out, also those that
//! have a name of their own resolved to this machine (DNS rebinding).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use secrecy::{ExposeSecret, SecretString};
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
/// What is said to whoever shows no token.
const NO_TOKEN: &str =
    "the header Authorization must be `Bearer` and the token in the file control.token beside the keys\n";
/// Most connections at once; others wait to be accepted.
const MOST_CONNECTIONS: usize = 100;
/// The time that a connection may take.
const WITHIN: Duration = Duration::from_secs(10);

/// What a control port needs: the data that it changes, and the token that its users must show.
pub(super) struct Control {
    /// The data.
    pub(super) worlds: Arc<Worlds>,
    /// The token.
    pub(super) token: SecretString,
}

/// Serves the control port until it is dropped.
pub(super) async fn accept(listener: TcpListener, control: Arc<Control>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Some(_) = connections.join_next() => {}
            accepted = listener.accept(), if connections.len() < MOST_CONNECTIONS => match accepted {
                Ok((stream, _)) => {
                    let control = Arc::clone(&control);
                    connections.spawn(async move {
                        let service = service_fn(move |request| {
                            let answer = answer(&control, &request);
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

fn answer(control: &Control, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    if let Err(why) = check_sender(request.headers()) {
        return said(StatusCode::FORBIDDEN, why);
    }
    if request.method() == Method::POST && !shows(request.headers(), &control.token) {
        let mut response = said(StatusCode::UNAUTHORIZED, NO_TOKEN);
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        return response;
    }
    let worlds = &control.worlds;
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

/// Refuses web pages: browsers say which page sends a request (`Origin`, `Sec-Fetch-Site`), and a page whose name leads to
/// this machine is told by `Host`.
fn check_sender(headers: &HeaderMap) -> Result<(), &'static str> {
    let from_page = headers.get("sec-fetch-site").is_some_and(|site| site != "none");
    if headers.contains_key(header::ORIGIN) || from_page {
        return Err("not from a web page\n");
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, port)| if port.ends_with(']') { host } else { name });
    if ["127.0.0.1", "localhost", "[::1]"].contains(&name.to_ascii_lowercase().as_str()) {
        return Ok(());
    }
    Err("the header Host must name 127.0.0.1, localhost or [::1]\n")
}

/// Whether the request shows the token, as RFC 6750 has it.
fn shows(headers: &HeaderMap, token: &SecretString) -> bool {
    let shown = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
    let (scheme, shown) = shown.split_at_checked("Bearer ".len()).unwrap_or_default();
    let token = token.expose_secret().as_bytes();
    // All bytes are looked at, so that the time tells nothing about the token.
    let differences = shown.iter().zip(token).fold(0, |all, (one, other)| all | (one ^ other));
    scheme.eq_ignore_ascii_case(b"Bearer ") && shown.len() == token.len() && differences == 0
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

    fn headers(fields: &[(&'static str, &'static str)]) -> HeaderMap {
        let fields = fields.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)));
        fields.collect::<HeaderMap>()
    }

    #[test]
    fn only_this_machine_may_ask_and_no_page() {
        for host in ["127.0.0.1", "127.0.0.1:8081", "LOCALHOST:1", "[::1]:8081", "[::1]"] {
            assert_eq!(check_sender(&headers(&[("host", host)])), Ok(()), "{host}");
        }
        for host in ["example.com", "example.com:8081", "127.0.0.1.example.com", "", "::1"] {
            assert!(check_sender(&headers(&[("host", host)])).is_err(), "{host}");
        }
        let home = ("host", "localhost:1");
        assert_eq!(check_sender(&headers(&[home, ("sec-fetch-site", "none")])), Ok(()));
        for page in [("origin", "null"), ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")] {
            assert!(check_sender(&headers(&[home, page])).is_err(), "{page:?}");
        }
    }

    #[test]
    fn the_token_is_the_whole_token() {
        let token = SecretString::from("abc");
        assert!(shows(&headers(&[("authorization", "Bearer abc")]), &token));
        assert!(shows(&headers(&[("authorization", "bearer abc")]), &token));
        for wrong in ["Bearer abd", "Bearer ab", "Bearer abcd", "Bearer ", "Bearer", "Basic abc", "abc", ""] {
            assert!(!shows(&headers(&[("authorization", wrong)]), &token), "{wrong}");
        }
        assert!(!shows(&headers(&[]), &token));
    }

    #[test]
    fn an_outage_is_read_from_a_query() {
        assert_eq!(outage(""), Outage::new(503, 1, None));
        assert_eq!(outage("status=429&times=3&retry-after=2"), Outage::new(429, 3, Some(2)));
        for wrong in ["status=200", "status=x", "times=-1", "status=70000", "retry-after=soon"] {
            assert_eq!(outage(wrong), None, "{wrong}");
        }
    }
}
