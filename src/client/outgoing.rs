//! The header lines of a request, and which of them a well-behaved client cannot leave out or change.

use secrecy::ExposeSecret;
use url::{Position, Url};

use crate::exchange::{Connection, Obstacle, Request};
use crate::target::{Header, HeaderText};

/// Path and query, as they stand in the request line and in a Digest.
pub(super) fn request_target(url: &Url) -> &str {
    &url[Position::BeforePath..Position::AfterQuery]
}

/// The same request with the header lines that go out.
pub(super) fn prepared(request: &Request, authorization: Option<&str>) -> Result<Request, Obstacle> {
    let mut prepared = request.clone();
    if needs_raw(request) {
        prepared.connection = Connection::Raw;
    }
    let given = |name: &str| request.headers.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
    prepared.headers = defaults(request).into_iter().filter(|(name, _)| !given(name)).collect();
    prepared.headers.extend(request.headers.iter().cloned());
    if prepared.connection == Connection::Raw && !given("connection") {
        prepared.headers.push(("connection".to_owned(), "close".to_owned()));
    }
    prepared.headers.retain(|(name, _)| !omitted(request, name));
    if let Some(authorization) = authorization {
        prepared.headers.push(("authorization".to_owned(), authorization.to_owned()));
    }
    check(&prepared)?;
    Ok(prepared)
}

/// The same request with the target file's own header lines, where it does not say otherwise itself.
pub(super) fn with_headers(request: &Request, own: &[Header]) -> Request {
    let mut request = request.clone();
    for Header { name, value } in own {
        let said = request.headers.iter().any(|(key, _)| key.eq_ignore_ascii_case(name)) || omitted(&request, name);
        let value = match value {
            HeaderText::Open(text) => text.clone(),
            HeaderText::Secret(text) => text.expose_secret().to_owned(),
        };
        if !said {
            request.headers.push((name.clone(), value));
        }
    }
    request
}

/// Whether only the raw connection can send this: pooled ones add these headers themselves.
fn needs_raw(request: &Request) -> bool {
    ["host", "accept", "content-length"].iter().any(|name| omitted(request, name))
        || request.headers.iter().any(|(name, _)| {
            ["content-length", "transfer-encoding", "connection"].iter().any(|own| name.eq_ignore_ascii_case(own))
        })
}

fn omitted(request: &Request, name: &str) -> bool {
    request.omit.iter().any(|omitted| omitted.eq_ignore_ascii_case(name))
}

fn defaults(request: &Request) -> Vec<(String, String)> {
    let mut lines = vec![
        ("host".to_owned(), request.url[Position::BeforeHost..Position::AfterPort].to_owned()),
        ("user-agent".to_owned(), concat!("atlaspec/", env!("CARGO_PKG_VERSION")).to_owned()),
        ("accept".to_owned(), "application/json".to_owned()),
    ];
    let chunked = request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("transfer-encoding"));
    match &request.body {
        Some(body) if !chunked => lines.push(("content-length".to_owned(), body.len().to_string())),
        // A server may wait for a body where the method has one and nothing says that there is none.
        None if ["POST", "PUT", "PATCH"].contains(&request.method.as_str()) => {
            lines.push(("content-length".to_owned(), "0".to_owned()));
        }
        Some(_) | None => {}
    }
    lines
}

/// Nothing captured from an answer may break out of its line.
fn check(request: &Request) -> Result<(), Obstacle> {
    let token = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"(),/:;<=>?@[\\]{}".contains(&byte))
    };
    if !token(&request.method) {
        return Err(unsendable(format!("`{}` is no method", request.method.escape_debug())));
    }
    for (name, value) in &request.headers {
        if !token(name) {
            return Err(unsendable(format!("`{}` is no header name", name.escape_debug())));
        }
        if value.bytes().any(|byte| byte == 0x7f || (byte < 0x20 && byte != b'\t')) {
            return Err(unsendable(format!("the value of header `{name}` holds a control character")));
        }
    }
    Ok(())
}

pub(super) fn unsendable(reason: String) -> Obstacle {
    Obstacle::Unsendable { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, url: &str) -> Request {
        Request::new(method, Url::parse(url).unwrap())
    }

    fn names(request: &Request) -> Vec<&str> {
        request.headers.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn the_target_is_what_the_request_line_will_say() {
        let url = Url::parse("https://h:1/a/../b c?x=%20&y='#f").unwrap();
        assert_eq!(request_target(&url), "/b%20c?x=%20&y=%27");
    }

    #[test]
    fn hosts_keep_their_brackets_and_lose_a_default_port() {
        for (url, host) in [("https://h:443/", "h"), ("https://[::1]:8443/", "[::1]:8443"), ("http://h:81", "h:81")] {
            let sent = prepared(&request("GET", url), None).unwrap();
            assert_eq!(sent.headers[0], ("host".to_owned(), host.to_owned()));
        }
    }

    #[test]
    fn a_given_header_stands_for_the_default_and_an_omitted_one_is_left_out() {
        let mut asked = request("POST", "https://h/");
        asked.headers = vec![("Accept".to_owned(), "text/html".to_owned()), ("x".to_owned(), "1".to_owned())];
        asked.omit = vec!["User-Agent".to_owned()];
        let sent = prepared(&asked, Some("Digest a")).unwrap();
        assert_eq!(names(&sent), ["host", "content-length", "Accept", "x", "authorization"]);
        assert_eq!(sent.connection, Connection::Pooled);
    }

    #[test]
    fn what_a_pooled_connection_cannot_send_goes_raw() {
        let mut without_host = request("GET", "https://h/");
        without_host.omit = vec!["host".to_owned()];
        let sent = prepared(&without_host, None).unwrap();
        assert_eq!((names(&sent), sent.connection), (vec!["user-agent", "accept", "connection"], Connection::Raw));
        let mut wrong_length = request("POST", "https://h/");
        wrong_length.headers = vec![("content-length".to_owned(), "7".to_owned())];
        assert_eq!(prepared(&wrong_length, None).unwrap().connection, Connection::Raw);
    }

    #[test]
    fn no_value_breaks_out_of_its_line() {
        let reason = |name: &str, value: &str, method: &str| {
            let mut asked = request(method, "https://h/");
            asked.headers = vec![(name.to_owned(), value.to_owned())];
            prepared(&asked, None).unwrap_err().to_string()
        };
        assert_eq!(reason("x", "a\r\nb: c", "GET"), "the value of header `x` holds a control character");
        assert_eq!(reason("x\n", "a", "GET"), "`x\\n` is no header name");
        assert_eq!(reason("x", "a", "GET /"), "`GET /` is no method");
    }
}
