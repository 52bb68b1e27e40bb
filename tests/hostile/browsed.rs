//! Browsing: servers that are hostile to whoever only reads on and on.

use crate::bench::{Ends, Row, browsed_battery, row};
use crate::server::Reply;
use crate::site::{answer, json};
use crate::{bytes, challenges, connection, json as bodies};

/// A page of links that nobody has seen before, so many.
fn links(turn: usize, count: usize, prefix: &str) -> String {
    let link = |number: usize| format!(r#"{{"rel":"r{turn}-{number}","href":"{prefix}/w{turn}x{number}z"}}"#);
    let links: Vec<String> = (0..count).map(link).collect();
    format!(r#"{{"links":[{}]}}"#, links.join(","))
}

fn mazes() -> Vec<Row> {
    let somehow = Ends::Somehow;
    vec![
        row("ever more links", somehow, |seen| json(links(seen.turn, 50, "/api/atlas/v1.0"))),
        row("a hundred thousand links", somehow, |seen| json(links(seen.turn, 100_000, "/api/atlas/v1.0"))),
        row("links that lead deeper", somehow, |seen| json(links(seen.turn, 2, seen.target.trim_end_matches('/')))),
        row("bodies of nearly two megabytes", somehow, |seen| {
            let text =
                format!(r#"{{"id":"{}",{}"#, "x".repeat(1_900_000), &links(seen.turn, 5, "/api/atlas/v1.0")[1..]);
            json(text)
        })
        .in_memory(150),
        row("bodies that never end", somehow, |_| {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
            Reply::Flood(head.into(), format!("10000\r\n{}\r\n", "[".repeat(65_536)).into(), usize::MAX, Vec::new())
        }),
        row("503 for ever", somehow, |_| answer("503 Service Unavailable", "retry-after: 0\r\n", "{}")),
    ]
}

fn slow() -> Vec<Row> {
    let drip = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n".to_vec();
    vec![
        row("one byte a second", Ends::Somehow, move |_| Reply::Drip(drip.clone())).until_timeout(),
        row("silence behind the root", Ends::Somehow, |_| Reply::Stall(Vec::new())).until_timeout(),
        row("connections that are reset", Ends::Somehow, |_| Reply::Reset(b"HTTP/1.1 200 OK\r\n".to_vec())),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn browsing_ends_in_every_maze() {
    browsed_battery(mazes()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn browsing_ends_where_nothing_comes() {
    browsed_battery(slow()).await;
}

/// What is hostile to cases is hostile to browsing: the same servers, of which nothing but the URL is known.
#[tokio::test(flavor = "multi_thread")]
async fn browsing_ends_whatever_bytes_come() {
    browsed_battery(bytes::endless()).await;
    browsed_battery(bytes::framing()).await;
    browsed_battery(bytes::codings()).await;
    browsed_battery(bytes::heads()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn browsing_ends_whatever_values_come() {
    browsed_battery(bodies::shapes()).await;
    browsed_battery(bodies::sizes()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn browsing_ends_whoever_is_asked_for_a_key() {
    browsed_battery(challenges::rows()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn browsing_ends_however_connections_fail() {
    browsed_battery(connection::rows()).await;
    browsed_battery(connection::clocks()).await;
}
