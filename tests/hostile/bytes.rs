//! Answers that are wrong below JSON: lengths, chunks, codings, bytes that are no text, and no end of them.

use std::sync::Arc;

use crate::bench::{Ends, Row, battery, from_the_start, row};
use crate::server::Reply;
use crate::site::{answer, json, message, page};

const FOR_EVER: usize = usize::MAX;
const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

pub(crate) fn endless() -> Vec<Row> {
    let head = format!("{HEAD}connection: close\r\n\r\n[").into_bytes();
    vec![
        row("an endless body", Ends::Undecided("the body is too long to be read to its end"), move |_| {
            Reply::Flood(head.clone(), vec![b'1'; 64 * 1024], FOR_EVER, Vec::new())
        }),
        row("endless headers", Ends::Undecided("sent what is no HTTP response"), |_| {
            Reply::Flood(HEAD.into(), b"x-more: and more\r\n".repeat(1_000), FOR_EVER, Vec::new())
        }),
        row("one header without an end", Ends::Undecided("sent what is no HTTP response"), |_| {
            Reply::Flood(format!("{HEAD}x: ").into_bytes(), vec![b'x'; 64 * 1024], FOR_EVER, Vec::new())
        }),
        row("a byte a second", Ends::Undecided("gave no complete response within 500ms"), |seen| {
            let Reply::Keep(bytes) = page(seen, "") else { unreachable!("a page is kept") };
            Reply::Drip(bytes)
        })
        .until_timeout(),
        row("a string of 100 MB", Ends::Undecided("the body is too long to be read to its end"), |_| {
            let head = format!("{HEAD}content-length: {}\r\n\r\n[\"", 100 * 1024 * 1024 + 4);
            Reply::Flood(head.into_bytes(), vec![b's'; 1024 * 1024], 100, b"\"]".to_vec())
        }),
    ]
}

pub(crate) fn framing() -> Vec<Row> {
    let close = |text: String| move |_: &_| Reply::Close(text.clone().into_bytes());
    vec![
        row(
            "a length that is too long",
            Ends::Undecided("closed the connection before its response was complete"),
            close(format!("{HEAD}content-length: 700\r\n\r\n{{}}")),
        ),
        row(
            "a length that is too short",
            Ends::Fails("no JSON"),
            close(format!("{HEAD}content-length: 7\r\n\r\n{{\"a\":1, \"b\":2}}")),
        ),
        row(
            "a length beyond 64 bits",
            Ends::Undecided("sent what is no HTTP response"),
            close(format!("{HEAD}content-length: 99999999999999999999\r\n\r\n{{}}")),
        ),
        row(
            "a length of all that can be counted",
            Ends::Undecided("closed the connection before its response was complete"),
            close(format!("{HEAD}content-length: 9223372036854775807\r\n\r\n{{}}")),
        ),
        row(
            "two lengths",
            Ends::Undecided("sent what is no HTTP response"),
            close(format!("{HEAD}content-length: 2\r\ncontent-length: 3\r\n\r\n{{}}")),
        ),
        row(
            "a chunk without a size",
            Ends::Undecided("sent what is no HTTP response"),
            close(format!("{HEAD}transfer-encoding: chunked\r\n\r\nzz\r\n{{}}\r\n0\r\n\r\n")),
        ),
        row(
            "a chunk beyond 64 bits",
            Ends::Undecided("sent what is no HTTP response"),
            close(format!("{HEAD}transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n{{}}\r\n0\r\n\r\n")),
        ),
        row(
            "chunks that end early",
            Ends::Undecided("closed the connection before its response was complete"),
            close(format!("{HEAD}transfer-encoding: chunked\r\n\r\n2\r\n{{}}\r\n")),
        ),
        row("a chunk whose extension has no end", Ends::Undecided("sent what is no HTTP response"), |_| {
            let head = format!("{HEAD}transfer-encoding: chunked\r\n\r\n2;x=");
            Reply::Flood(head.into_bytes(), vec![b'x'; 64 * 1024], FOR_EVER, Vec::new())
        }),
        row("trailers without an end", Ends::Undecided("sent what is no HTTP response"), |_| {
            let head = format!("{HEAD}transfer-encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n");
            Reply::Flood(head.into_bytes(), b"x-more: and more\r\n".repeat(1_000), FOR_EVER, Vec::new())
        }),
    ]
}

pub(crate) fn codings() -> Vec<Row> {
    let coded = "content-type: application/json\r\ncontent-encoding: gzip\r\n";
    let bomb: Arc<[u8]> = gzip_bomb().into();
    vec![
        row("a gzip bomb", Ends::Undecided("the body is too large to be judged once it is decoded"), move |_| {
            answer("200 OK", coded, &bomb)
        }),
        row(
            "gzip that is none",
            Ends::Undecided("the body cannot be decoded with `gzip`, which its header names"),
            move |_| answer("200 OK", coded, "{}"),
        ),
        row("bytes that are no UTF-8", Ends::Fails("a byte that is not UTF-8 at byte 2"), |_| {
            json(b"{\"\xff\xfe\":1}")
        }),
        row("NUL bytes", Ends::Fails("no JSON"), |_| json([0; 4096])),
        row("terminal commands as a body", Ends::Fails("no JSON"), |_| json("\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m")),
        row("terminal commands in a header", Ends::Fails("header Content-Type"), |_| {
            answer("200 OK", "content-type: application/\u{202e}json\u{9b}31m\r\n", "{}")
        }),
        row("a header whose name is no text", Ends::Undecided("sent what is no HTTP response"), |_| {
            answer("200 OK", "content-type: application/json\r\nx-\u{fc}\u{1b}: y\r\n", "{}")
        }),
    ]
}

/// 1 GiB of zeros in a gzip member of a megabyte: one stored block over and over would be as long as what it holds, so
/// this is a block of fixed codes that repeats the byte before, 258 times a code.
fn gzip_bomb() -> Vec<u8> {
    let mut bits = vec![1_u8, 1, 0];
    // A literal 0, eight bits from 00110000.
    bits.extend([0, 0, 1, 1, 0, 0, 0, 0]);
    for _ in 0..600_000 {
        // Length 258 is code 285, eight bits from 11000101; distance 1 is code 0, five bits.
        bits.extend([1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]);
    }
    bits.extend([0; 7]);
    let packed = bits.chunks(8).map(|byte| byte.iter().enumerate().fold(0, |sum, (at, bit)| sum | (bit << at)));
    let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    head.into_iter().chain(packed).chain([0; 8]).collect()
}

pub(crate) fn heads() -> Vec<Row> {
    let mut rows: Vec<Row> =
        [("a flood of 100", "100 Continue"), ("a flood of 102", "102 Processing"), ("early hints", "103 Early Hints")]
            .into_iter()
            .map(|(name, status)| {
                row(name, Ends::Undecided("gave no complete response within 500ms"), move |_| {
                    let interim = format!("HTTP/1.1 {status}\r\nlink: </x>\r\n\r\n");
                    Reply::Flood(Vec::new(), interim.into_bytes(), FOR_EVER, Vec::new())
                })
                .until_timeout()
            })
            .collect();
    rows.push(row("HTTP/0.9", Ends::Undecided("sent what is no HTTP response"), |_| {
        Reply::Close(b"<html>{}</html>\r\n".to_vec())
    }));
    rows.push(from_the_start("HTTP/0.9 from the start", Ends::Unreached("sent what is no HTTP response"), |_| {
        Reply::Close(b"{\"links\":[]}\r\n".to_vec())
    }));
    rows.push(row("a switch of protocols", Ends::Fails("the status is 101"), |_| {
        Reply::Keep(b"HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n\0\0\0".to_vec())
    }));
    rows.push(row("a status beyond all", Ends::Undecided("sent what is no HTTP response"), |_| {
        Reply::Close(b"HTTP/1.1 1000 Much\r\n\r\n".to_vec())
    }));
    rows.push(row("two answers to each request", Ends::Fails("{\"one\":1}"), |_| {
        let one = message("200 OK", "content-type: application/json\r\n", "{\"one\":1}");
        Reply::Keep([one.clone(), one].concat())
    }));
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_without_an_end() {
    battery(endless()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_framed_wrongly() {
    battery(framing()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_no_text() {
    battery(codings()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_that_are_none() {
    battery(heads()).await;
}
