//! Where an answer ends, and what comes after it.

use atlaspec::client::Sent;
use atlaspec::exchange::{Obstacle, Request};

use super::server::{Reply, Seen, Server, answered, ok, raw, worker};

async fn ask(method: &str, behaviour: impl FnMut(&Seen) -> Reply + Send + 'static) -> Sent {
    let server = Server::start(behaviour).await;
    worker(&server).send(raw(Request::new(method, server.url.clone()))).await
}

async fn read(method: &str, answer: &'static str) -> (String, String) {
    let sent = ask(method, move |_| Reply::Close(answer.as_bytes().to_vec())).await;
    let response = answered(&sent);
    (String::from_utf8(response.body.clone()).unwrap(), String::from_utf8(response.trailing.clone()).unwrap())
}

fn pair(body: &str, trailing: &str) -> (String, String) {
    (body.to_owned(), trailing.to_owned())
}

#[tokio::test]
async fn the_end_is_found_however_it_is_marked() {
    let cases = [
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", pair("ab", "")),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabcd", pair("ab", "cd")),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\ncontent-length: 2\r\n\r\nab", pair("ab", "")),
        (
            "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\nA\r\n0123456789\r\n0\r\nT: v\r\n\r\n",
            pair("ab0123456789", ""),
        ),
        ("HTTP/1.0 200 OK\r\n\r\nto the end", pair("to the end", "")),
        ("HTTP/1.1 204 No Content\r\n\r\nx", pair("", "x")),
        ("HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n", pair("", "")),
        ("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", pair("a", "")),
    ];
    for (answer, expected) in cases {
        assert_eq!(read("GET", answer).await, expected, "{answer}");
    }
}

#[tokio::test]
async fn a_body_after_head_is_seen() {
    assert_eq!(read("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").await, pair("", "{}"));
    assert_eq!(read("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n").await, pair("", ""));
    // A server that stays although it was asked to close is not waited for until the time is up.
    let sent = ask("HEAD", |_| Reply::Stall(b"HTTP/1.1 200 OK\r\n\r\nlate".to_vec())).await;
    assert_eq!(answered(&sent).trailing, b"late");
}

#[tokio::test]
async fn headers_keep_their_order_and_repetitions() {
    let text = "HTTP/1.1 200 OK\r\nB: 1\r\nA:\t2 \r\nB: 3\r\nContent-Length: 0\r\n\r\n";
    let sent = ask("GET", move |_| Reply::Close(text.as_bytes().to_vec())).await;
    let expected = [("b", "1"), ("a", "2"), ("b", "3"), ("content-length", "0")];
    let headers: Vec<_> = answered(&sent).headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(headers, expected);
}

#[tokio::test]
async fn what_is_no_http_is_told_apart_from_what_breaks_off() {
    let malformed = |reason: &str| Err(reason.to_owned());
    let broken = |reason: &str| Ok(reason.to_owned());
    let cases = [
        ("HTTP/1.1 abc\r\n\r\n", malformed("`HTTP/1.1 abc` is no status line")),
        ("HTTP/2 200\r\n\r\n", malformed("`HTTP/2 200` is no status line")),
        ("HTTP/1.1 2000 OK\r\n\r\n", malformed("`HTTP/1.1 2000 OK` is no status line")),
        ("HTTP/1.1 200 OK\r\nA : b\r\n\r\n", malformed("`A : b` is no header line")),
        ("HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n", malformed("` folded` is no header line")),
        ("HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\na", malformed("Content-Length is no number")),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            malformed("several values of Content-Length"),
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
            malformed("the last Transfer-Encoding is another than chunked"),
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            malformed("a chunk does not begin with its size"),
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
            malformed("a chunk is longer than its size"),
        ),
        ("", broken("closed before a status line")),
        ("HTTP/1.1 200 OK\r\nA: b", broken("closed within the header")),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", broken("closed with 6 bytes of the body to come")),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", broken("closed before a chunk")),
    ];
    for (answer, expected) in cases {
        let sent = ask("GET", move |_| Reply::Close(answer.as_bytes().to_vec())).await;
        let found = match sent.obstacle {
            Some(Obstacle::Malformed { reason, .. }) => Err(reason),
            Some(Obstacle::Broken { reason, .. }) => Ok(reason),
            other => panic!("{answer:?} gave {other:?}"),
        };
        assert_eq!(found, expected, "{answer:?}");
    }
}

#[tokio::test]
async fn a_header_without_end_is_refused() {
    for (line, reason) in [("a", "the header is too long"), ("a: b\r\n", "the header has too many lines")] {
        let head = b"HTTP/1.1 200 OK\r\n".to_vec();
        let sent = ask("GET", move |_| Reply::Endless(head.clone(), line.repeat(1000).into_bytes())).await;
        let Some(Obstacle::Malformed { reason: found, .. }) = sent.obstacle else {
            panic!("{line:?} was taken");
        };
        assert_eq!(found, reason);
    }
}

#[tokio::test]
async fn a_request_without_host_and_with_a_false_length_goes_out_as_asked() {
    let server = Server::start(|_| ok("")).await;
    let mut request = Request::new("POST", server.at("/api?x=y"));
    request.omit = vec!["host".to_owned(), "accept".to_owned(), "user-agent".to_owned()];
    request.headers = vec![("Content-Length".to_owned(), "2".to_owned())];
    request.body = Some(b"abcd".to_vec());
    answered(&worker(&server).send(request).await);
    let seen = &server.seen()[0];
    let expected = "POST /api?x=y HTTP/1.1\r\nContent-Length: 2\r\nconnection: close\r\n\r\nab";
    assert_eq!(String::from_utf8_lossy(&seen.bytes), expected);
}
