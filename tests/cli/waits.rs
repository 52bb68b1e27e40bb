//! A target that refuses requests for a while: whoever watches no progress hears of it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::process::Stdio;

use crate::bench::{atlaspec, folder, write};

/// A server that shows its root and answers 429 to any other question.
fn throttling() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(stream.try_clone().expect("a copy")).lines().map_while(Result::ok);
            let first = lines.next().unwrap_or_default();
            lines.take_while(|line| !line.is_empty()).for_each(drop);
            let (status, body) = if first.starts_with("GET / ") { ("200 OK", "{}") } else { ("429 Slow", "{}") };
            let head = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-type: application/json\r\n");
            // Whoever hung up wants no answer.
            let _ = write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len());
        }
    });
    url
}

#[test]
fn a_wait_for_the_rate_limit_is_told_where_no_progress_is_shown() {
    let dir = folder();
    write(dir.path(), "o.key", "secret-key");
    let target = format!(
        "name: t\nbase-url: {}\nusers:\n  owner: {{ username: o, api-key: {{ file: o.key }} }}\nclaims: [lists]\n\
         parameters: {{ list: {{ long: /hosts }} }}\n",
        throttling()
    );
    write(dir.path(), "t.yaml", target);
    let mut child = atlaspec(dir.path(), &["run", "--target", "t.yaml", "lists.*", "--jobs", "1", "--reports", "r"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let told = BufReader::new(child.stderr.take().expect("it is piped")).lines().map_while(Result::ok);
    let note = told.into_iter().find(|line| line.starts_with("waiting "));
    child.kill().expect("it is ours");
    child.wait().expect("it ends");
    let note = note.expect("a note");
    assert!(note.ends_with(" s for the next rate-limit window (the target answered 429), 0 failed so far"), "{note}");
}
