//! Connections that are never accepted, never agreed on, cut, or answered out of turn; and clocks that are wrong.

use std::sync::{Arc, Mutex};

use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::bench::{Ends, Row, Told, battery, from_the_start, row, run_against, run_told};
use crate::server::{Reply, Seen};
use crate::site::{behind_the_root, message, page};

pub(crate) fn rows() -> Vec<Row> {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 700\r\n\r\n{".to_vec();
    let body = head.clone();
    let previous = Mutex::new(Vec::new());
    vec![
        row(
            "a reset within the header",
            Ends::Undecided("closed the connection before its response was complete"),
            |_| Reply::Reset(b"HTTP/1.1 200 O".to_vec()),
        ),
        row(
            "a reset within the body",
            Ends::Undecided("closed the connection before its response was complete"),
            move |_| Reply::Reset(body.clone()),
        ),
        row("no response at all", Ends::Undecided("gave no complete response within 500ms"), |_| {
            Reply::Stall(Vec::new())
        })
        .until_timeout(),
        row("half a response", Ends::Undecided("gave no complete response within 500ms"), move |_| {
            Reply::Stall(head.clone())
        })
        .until_timeout(),
        row("closed at once", Ends::Undecided("closed the connection before its response was complete"), |_| {
            Reply::Close(Vec::new())
        }),
        from_the_start("reset from the start", Ends::Unreached("closed the connection"), |_| Reply::Reset(Vec::new())),
        from_the_start("silent from the start", Ends::Unreached("gave no complete response within 500ms"), |_| {
            Reply::Stall(Vec::new())
        })
        .until_timeout(),
        row("answers to the request before", Ends::Fails(""), move |seen| {
            let Reply::Keep(now) = page(seen, "") else { unreachable!("a page is kept") };
            let before = std::mem::replace(&mut *previous.lock().unwrap(), now);
            Reply::Keep(if before.is_empty() { message("200 OK", "", "{}") } else { before })
        }),
    ]
}

/// A page whose `Date` is this.
fn dated(seen: &Seen, date: &str) -> Reply {
    let Reply::Keep(bytes) = page(seen, "") else { unreachable!("a page is kept") };
    let text = String::from_utf8(bytes).expect("a page is text");
    Reply::Keep(text.replacen("\r\n", &format!("\r\ndate: {date}\r\n"), 1).into_bytes())
}

#[expect(clippy::disallowed_methods, reason = "these servers tell a time that is off by a day")]
pub(crate) fn clocks() -> Vec<Row> {
    let now = chrono::Utc::now();
    let http = |date: chrono::DateTime<chrono::Utc>| date.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let (behind, ahead) = (http(now - chrono::TimeDelta::days(1)), http(now + chrono::TimeDelta::days(1)));
    let turned = [behind.clone(), ahead.clone()];
    vec![
        from_the_start(
            "a clock a day behind",
            Ends::Fails("totalCount"),
            behind_the_root(move |seen| dated(seen, &behind)),
        ),
        from_the_start(
            "a clock a day ahead",
            Ends::Fails("totalCount"),
            behind_the_root(move |seen| dated(seen, &ahead)),
        ),
        row("a clock that jumps", Ends::Fails("totalCount"), move |seen| dated(seen, &turned[seen.turn % 2])),
        row("a clock at the end of time", Ends::Fails("totalCount"), |seen| {
            dated(seen, "Fri, 31 Dec 9999 23:59:60 GMT")
        }),
        row("a date that is none", Ends::Fails("totalCount"), |seen| dated(seen, "yesterday\t\u{fc}")),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_fail() {
    battery(rows()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clocks_that_are_wrong() {
    battery(clocks()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_that_stalls_or_is_none() {
    for (name, bytes, ends) in [
        ("TLS that stalls", &b""[..], Ends::Unreached("gave no complete response within 500ms")),
        (
            "TLS that stalls within a record",
            b"\x16\x03\x03\x40\x00\x02",
            Ends::Unreached("gave no complete response within 500ms"),
        ),
        ("TLS that is none", b"220 mail.example.org ESMTP\r\n", Ends::Unreached("no TLS connection to")),
        ("TLS that is refused", b"\x15\x03\x03\x00\x02\x02\x28", Ends::Unreached("no TLS connection to")),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stalling = tokio::spawn(stall(listener, bytes));
        for told in [Told::File, Told::Url] {
            assert_eq!(run_told(told, "https", address, name, "500ms", ends).await, Vec::<String>::new());
        }
        stalling.abort();
    }
}

/// Says these bytes to everybody and keeps them waiting.
async fn stall(listener: TcpListener, bytes: &'static [u8]) {
    let mut kept = Vec::new();
    while let Ok((mut stream, _)) = listener.accept().await {
        let _ = stream.write_all(bytes).await;
        kept.push(stream);
    }
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn an_accept_queue_that_is_full() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let queue = Arc::new(Mutex::new(Vec::new()));
    // Nobody is accepted: once a connection is not made at once, the queue is full.
    while let Ok(Ok(stream)) =
        tokio::time::timeout(std::time::Duration::from_millis(500), TcpStream::connect(address)).await
    {
        queue.lock().unwrap().push(stream);
    }
    let ends = Ends::Unreached("gave no complete response within 500ms");
    assert_eq!(run_against("http", address, "a full queue", "500ms", ends).await, Vec::<String>::new());
}
