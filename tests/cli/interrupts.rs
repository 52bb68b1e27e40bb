//! Ctrl-C, SIGTERM and SIGHUP, as a terminal and a CI send them.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::bench::{Served, atlaspec, folder, signal, with_line, write};

/// What a run says first whose target has no TLS.
const OF_PLAIN_HTTP: &str = "note: only an https target can conform";

/// A run that waits for the turn of a minute, seen to have begun.
fn waiting_run(served: &Served) -> Child {
    begun_run(served.folder.path(), &["rate.window", "lists.*"])
}

/// A run of these cases, seen to have begun.
fn begun_run(folder: &Path, cases: &[&str]) -> Child {
    let arguments = [&["run", "--target", "t.yaml", "--jobs", "1", "--reports", "r"], cases].concat();
    let mut child =
        atlaspec(folder, &arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
    let mut first = String::new();
    BufReader::new(child.stdout.as_mut().expect("it is piped")).read_line(&mut first).expect("a line");
    assert!(first.starts_with("judging reference"), "{first}");
    child
}

#[test]
fn an_interrupted_run_ends_soon_with_the_reports_of_what_it_judged() {
    let served = Served::start(&[]);
    for name in ["INT", "TERM", "HUP"] {
        let child = waiting_run(&served);
        let begun = Instant::now();
        signal(name, child.id());
        let output = child.wait_with_output().expect("it ends");
        // The waits of the rate chapter take up to two minutes when nobody interrupts.
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        let told = String::from_utf8(output.stderr).expect("UTF-8");
        let is_progress = |line: &&str| line.starts_with("waiting ") || line.starts_with("progress: ");
        let told: Vec<&str> = told.lines().filter(|line| !is_progress(line)).collect();
        assert!(told[0].starts_with(OF_PLAIN_HTTP), "{told:?}");
        assert!(told[1].starts_with("interrupted: cleaning up"), "{told:?}");
        let folder = served.folder.path().join("r");
        let text = fs::read_to_string(folder.join("run.json")).expect("a run");
        let run: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!((&run["conclusion"], &run["selection"]["interrupted"]), (&"undecided".into(), &true.into()));
        let not_run = |it: &&Value| it["verdict"] == "not-selected" && it["reason"]["kind"] == "interrupted";
        assert!(run["results"].as_array().expect("results").iter().filter(not_run).count() > 10, "{name}");
        for name in ["report.html", "junit.xml", "summary.md"] {
            assert!(folder.join(name).exists(), "{name}");
        }
    }
}

#[test]
fn a_second_interrupt_ends_at_once_and_leaves_the_journal() {
    let served = Served::start(&[]);
    let (told, asked) = channel();
    let base = format!("base-url: {}", silent_behind_the_root(told));
    let dir = folder();
    write(dir.path(), "t.yaml", with_line(&served.target(), "base-url", &base));
    let mut child = begun_run(dir.path(), &["lists.*"]);
    // The first case is on its way, and what nobody answers cannot be finished.
    asked.recv_timeout(Duration::from_mins(1)).expect("a case asks");
    signal("INT", child.id());
    let mut lines = BufReader::new(child.stderr.as_mut().expect("it is piped")).lines();
    let mut line = || lines.next().expect("a line").expect("text");
    assert!(line().starts_with(OF_PLAIN_HTTP));
    let told = line();
    assert!(told.contains("interrupt again to end at once"), "{told}");
    signal("INT", child.id());
    assert_eq!(child.wait().expect("it ends").code(), Some(3));
    let left: Vec<_> = fs::read_dir(dir.path().join("r")).expect("a folder").flatten().collect();
    assert!(left.iter().any(|entry| entry.file_name() == "journal.jsonl"), "{left:?}");
    let junit = fs::read_to_string(dir.path().join("r/junit.xml")).expect("a report");
    assert!(junit.contains("nothing was judged: the run was ended at once"), "{junit}");
}

#[test]
fn serve_ends_at_either_signal() {
    for name in ["INT", "TERM"] {
        let mut served = Served::start(&["--tls"]);
        signal(name, served.id());
        assert_eq!(served.end(), Some(0), "{name}");
    }
}

#[test]
fn the_private_keys_of_serve_are_removed_at_its_end() {
    let folder = folder();
    let mut child = atlaspec(folder.path(), &["serve"]).stderr(Stdio::piped()).spawn().expect("the program runs");
    let mut first = String::new();
    BufReader::new(child.stderr.as_mut().expect("it is piped")).read_line(&mut first).expect("a line");
    let keys = first.trim_end().rsplit("keys in ").next().expect("a folder").to_owned();
    assert!(fs::metadata(format!("{keys}/owner.key")).expect("a key").is_file());
    signal("TERM", child.id());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert!(fs::metadata(&keys).is_err(), "{keys} is left");
}

/// A server that shows its root and one link, and says nothing to any other question; it tells of each.
fn silent_behind_the_root(told: Sender<()>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for mut stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(stream.try_clone().expect("a copy")).lines().map_while(Result::ok);
            let first = lines.next().unwrap_or_default();
            lines.take_while(|line| !line.is_empty()).for_each(drop);
            if !first.starts_with("GET / ") {
                kept.push(stream);
                if told.send(()).is_err() {
                    return;
                }
                continue;
            }
            let body = r#"{"links":[{"rel":"http://r.example/deep","href":"/deep"}]}"#;
            let length = body.len();
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\n";
            // Whoever hung up wants no answer.
            let _ = write!(stream, "{head}content-length: {length}\r\n\r\n{body}");
        }
    });
    url
}

#[test]
fn an_interrupt_while_browsing_ends_it_at_once_and_leaves_nothing() {
    for name in ["INT", "TERM", "HUP"] {
        let (told, asked) = channel();
        let url = silent_behind_the_root(told);
        let folder = folder();
        let child = atlaspec(folder.path(), &["run", "--url", &url, "--user", "u", "--reports", "r"])
            .env("ATLASPEC_API_KEY", "k")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        asked.recv_timeout(Duration::from_mins(1)).expect("it is browsed");
        let begun = Instant::now();
        signal(name, child.id());
        let output = child.wait_with_output().expect("it ends");
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        let told = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(told.ends_with("interrupted: nothing was judged\n"), "{told}");
        assert!(output.stdout.is_empty());
        let junit = fs::read_to_string(folder.path().join("r/junit.xml")).expect("a report");
        assert!(junit.contains("nothing was judged: the run was interrupted before its first test"), "{junit}");
    }
}

/// Waits until a file is there.
fn wait_for(path: &Path) {
    let begun = Instant::now();
    while !path.exists() {
        assert!(begun.elapsed() < Duration::from_mins(1), "{} never comes", path.display());
        // The system tells nobody.
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_signal_before_anything_is_sent_ends_every_command_as_interrupted() {
    let dir = folder();
    let key = "{ command: [sh, -c, 'echo > begun; exec sleep 60 2>&-'] }";
    let target =
        format!("name: t\nbase-url: http://127.0.0.1:9/\nusers:\n  owner: {{ username: o, api-key: {key} }}\n");
    write(dir.path(), "t.yaml", target);
    for command in [&["run", "--target", "t.yaml"][..], &["cleanup", "--target", "t.yaml"]] {
        for name in ["INT", "TERM", "HUP"] {
            let child = atlaspec(dir.path(), command).stderr(Stdio::piped()).spawn().expect("the program runs");
            wait_for(&dir.path().join("begun"));
            fs::remove_file(dir.path().join("begun")).expect("it was there");
            signal(name, child.id());
            let output = child.wait_with_output().expect("it ends");
            assert_eq!(output.status.code(), Some(3), "{command:?} {name}: {output:?}");
            assert!(output.stderr.starts_with(b"interrupted: "), "{command:?} {name}: {output:?}");
        }
    }
}

#[test]
fn a_run_that_prints_to_nobody_can_be_interrupted() {
    let served = Served::start(&[]);
    let arguments = ["run", "--target", "t.yaml", "lists.total-*", "--format", "html", "--reports", "r"];
    let mut child =
        atlaspec(served.folder.path(), &arguments).stdout(Stdio::piped()).spawn().expect("the program runs");
    // All reports are written, and nobody reads the page that is printed.
    wait_for(&served.folder.path().join("r/history.jsonl"));
    signal("TERM", child.id());
    assert_eq!(child.wait().expect("it ends").code(), Some(3));
}

#[test]
fn a_run_that_was_told_to_ignore_hangups_goes_on() {
    let served = Served::start(&[]);
    let program = assert_cmd::cargo::cargo_bin!("atlaspec");
    let script = "trap '' HUP; exec \"$0\" run --target t.yaml --jobs 1 --reports r rate.window 'lists.*'";
    let mut child = Command::new("sh")
        .current_dir(served.folder.path())
        .args(["-c", script])
        .arg(program)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut first = String::new();
    BufReader::new(child.stdout.as_mut().expect("it is piped")).read_line(&mut first).expect("a line");
    signal("HUP", child.id());
    signal("TERM", child.id());
    // Had both counted, the second would have ended it at once, without a report.
    assert_eq!(child.wait().expect("it ends").code(), Some(3));
    assert!(served.folder.path().join("r/run.json").exists());
}
