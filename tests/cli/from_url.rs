//! A URL and a user alone: what is found, judged and written for a stranger's server.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::bench::{Said, Served, atlaspec, folder, refused, say, write};

/// The URL of a served API, out of its target file.
fn url_of(served: &Served) -> String {
    let target = served.target();
    let line = target.lines().find_map(|line| line.strip_prefix("base-url: ")).expect("a base URL");
    line.trim_matches('"').to_owned()
}

/// A command against a server, with the key in the environment.
fn by_owner(folder: &Path, served: &Served, command: &str, more: &[&str]) -> Command {
    let ca = served.folder.path().join("keys/ca.pem");
    let url = url_of(served);
    let mut atlaspec = atlaspec(folder, &[command, "--url", &url, "--user", "owner@example.com"]);
    if ca.exists() {
        atlaspec.arg("--ca").arg(ca);
    }
    atlaspec.args(more).env("ATLASPEC_API_KEY", served.key("owner"));
    atlaspec
}

fn said(mut command: Command) -> Said {
    command.output().expect("the program runs").into()
}

fn stored_run(folder: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join("r/run.json")).expect("a run")).expect("JSON")
}

/// The requirements that a run found broken.
fn broken(run: &Value) -> Vec<&str> {
    let requirements = run["requirements"].as_array().expect("a list").iter();
    requirements.filter(|it| it["verdict"] == "fail").filter_map(|it| it["id"].as_str()).collect()
}

#[test]
fn a_url_alone_is_judged_by_all_that_reading_can_judge_and_what_was_found_serves_again() {
    let served = Served::start(&["--tls"]);
    let dir = folder();
    let run = said(by_owner(dir.path(), &served, "run", &["--reports", "r"]));
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.err.contains("browsing read ") && run.err.contains(" kinds of lists"), "{run:?}");
    let lacking = ["lines that they need", "of them: claims: [writes]", "of them: parameters: { document: … }"];
    assert!(lacking.iter().all(|text| run.out.contains(text)), "what is lacking is told line by line: {}", run.out);
    let stored = stored_run(dir.path());
    assert_eq!(stored["conclusion"], "conformant");
    let count = |outcome: &str| stored["counts"][outcome].as_u64().expect("a count");
    assert!(count("pass") >= 400, "{} of {} were judged", count("pass"), count("pass") + count("not_applicable"));
    assert_eq!((count("fail"), count("inconclusive"), count("not_selected")), (0, 0, 0));
    assert_every_reason_names_a_line(&stored);
    let har = fs::read_to_string(dir.path().join("r/exchanges.har")).expect("a recording");
    let har: Value = serde_json::from_str(&har).expect("JSON");
    let entries = har["log"]["entries"].as_array().expect("entries");
    assert!(
        entries.iter().filter(|it| it["_atlaspec_case"] == "before-the-cases").count() > 50,
        "what browsing saw is kept, too"
    );
    // The same is found again, and the target file that says it is accepted as it is.
    for file in ["a.yaml", "b.yaml"] {
        let init = said(by_owner(dir.path(), &served, "init", &["--output", file]));
        assert_eq!((init.code, init.out.as_str()), (Some(0), ""), "{init:?}");
    }
    let text = fs::read_to_string(dir.path().join("a.yaml")).expect("a target file");
    assert_eq!(text, fs::read_to_string(dir.path().join("b.yaml")).expect("a target file"), "found twice");
    assert!(!text.contains(&served.key("owner")), "the key stands in no file");
    let check = say(dir.path(), &["check", "a.yaml"]);
    assert_eq!(check.code, Some(0), "{check:?}");
    assert!(check.out.contains("more need  users: { reader: {"), "{check:?}");
    let mut command =
        atlaspec(dir.path(), &["run", "--target", "a.yaml", "lists.*", "links.*", "bson.*", "--reports", "r"]);
    command.env("ATLASPEC_API_KEY", served.key("owner"));
    let again = said(command);
    assert_eq!(again.code, Some(0), "{again:?}");
    let stored = stored_run(dir.path());
    assert!(stored["counts"]["pass"].as_u64() >= Some(150), "{}", stored["counts"]);
}

/// Whatever was set aside for want of something says which line of a target file enables it.
fn assert_every_reason_names_a_line(run: &Value) {
    let results = run["results"].as_array().expect("a list").iter();
    let reasons: Vec<&Value> = results
        .filter(|it| it["verdict"] == "not-applicable")
        .map(|it| &it["reason"])
        .filter(|reason| reason["kind"] != "no-exchange")
        .collect();
    assert!(reasons.len() > 100, "{}", reasons.len());
    for reason in reasons {
        let line = reason["keys"][0]["line"].as_str().or(reason["list"].as_str());
        let named = ["claims: [", "parameters: {", "users: {", "sources: {", "nonce-lifetime:", "{"];
        assert!(line.is_some_and(|line| named.iter().any(|key| line.starts_with(key))), "{reason}");
    }
}

#[test]
fn a_fault_that_reading_can_find_is_found_for_the_right_requirement() {
    for (fault, requirements) in [
        // A page that says it is the last and goes on contradicts itself: one answer alone does not tell which is
        // wrong.
        ("total-of-page", &["lists.total", "lists.next-except-last"][..]),
        // The way back is part of a walk.
        ("previous-missing-on-last", &["lists.previous-except-first", "lists.walk-is-complete"]),
        ("twenty-by-default", &["lists.size-default"]),
        ("member-with-more-links", &["links.member-has-only-self"]),
    ] {
        let served = Served::start(&["--fault", fault]);
        let dir = folder();
        let run = said(by_owner(dir.path(), &served, "run", &["lists.*", "links.*", "--reports", "r"]));
        assert_eq!(run.code, Some(1), "{fault}: {run:?}");
        let stored = stored_run(dir.path());
        assert_eq!(broken(&stored), requirements, "{fault}");
    }
}

#[test]
fn where_the_key_is_not_is_said_and_it_is_no_argument() {
    let served = Served::start(&[]);
    let (dir, url) = (folder(), url_of(&served));
    let url = url.as_str();
    let bare = ["--url", url, "--user", "owner@example.com"];
    let with = |command: &'static str, more: &[&'static str]| [&[command][..], &bare, more].concat();
    let says = "the environment variable `ATLASPEC_API_KEY` is not set: put the API key there, or name its file by";
    refused(dir.path(), &with("run", &[]), 2, &[says]);
    refused(dir.path(), &with("init", &[]), 2, &[says]);
    refused(dir.path(), &with("run", &["--api-key-file", "no.key"]), 2, &["`no.key` cannot be read"]);
    refused(dir.path(), &with("run", &["--api-key", "x"]), 2, &["unexpected argument '--api-key'"]);
    refused(dir.path(), &["run", "--url", url], 2, &["--user <NAME>"]);
    refused(
        dir.path(),
        &["run", "--url", "ftp://h", "--user", "x", "--dry-run"],
        2,
        &["expected an http or https URL"],
    );
    refused(
        dir.path(),
        &["run", "--url", "http://u:pass7@h", "--user", "x", "--dry-run"],
        2,
        &["a base URL with a user or password in it"],
    );
    assert!(!say(dir.path(), &["run", "--url", "http://u:pass7@h", "--user", "x", "--dry-run"]).err.contains("pass7"));
    write(dir.path(), "wrong.key", "wrong");
    refused(
        dir.path(),
        &with("run", &["--api-key-file", "wrong.key"]),
        3,
        &["owner cannot log in at http://127.0.0.1:"],
    );
    let elsewhere = format!("{url}/nothing");
    let mut command = atlaspec(dir.path(), &["run", "--url", &elsewhere, "--user", "owner@example.com"]);
    command.env("ATLASPEC_API_KEY", served.key("owner"));
    let nowhere = said(command);
    assert_eq!((nowhere.code, nowhere.out.as_str()), (Some(3), ""), "{nowhere:?}");
    assert!(nowhere.err.contains(&format!("nothing is at {elsewhere}: it answers 404")), "{nowhere:?}");
}

#[test]
fn a_target_file_is_not_overwritten_unless_that_is_asked_for() {
    let served = Served::start(&[]);
    let dir = folder();
    write(dir.path(), "t.yaml", "mine");
    let init = said(by_owner(dir.path(), &served, "init", &["--output", "t.yaml"]));
    assert_eq!(init.code, Some(2));
    assert!(init.err.contains("t.yaml is there already: --force overwrites it"), "{init:?}");
    assert_eq!(fs::read_to_string(dir.path().join("t.yaml")).expect("a file"), "mine");
    let init = said(by_owner(dir.path(), &served, "init", &["--output", "t.yaml", "--force"]));
    assert_eq!(init.code, Some(0), "{init:?}");
    let printed = said(by_owner(dir.path(), &served, "init", &[]));
    // Beside what is printed, a file names the schema that editors check it by.
    let text = fs::read_to_string(dir.path().join("t.yaml")).expect("a file");
    assert_eq!(text, format!("# yaml-language-server: $schema=.atlaspec/target.json\n{}", printed.out));
    let schema = fs::read_to_string(dir.path().join(".atlaspec/target.json")).expect("a schema");
    assert_eq!(schema, say(dir.path(), &["schema", "target"]).out);
}

#[test]
fn browsing_ends_at_its_bounds() {
    let served = Served::start(&[]);
    let dir = folder();
    for (bound, says) in [
        (["--browse-requests", "4"], "it ended early: --browse-requests 4"),
        (["--browse-time", "1ms"], "it ended early: --browse-time 0.001s"),
        (["--browse-depth", "1"], "kinds of entities\n"),
    ] {
        let init = said(by_owner(dir.path(), &served, "init", &bound));
        assert!(init.err.contains(says), "{bound:?}: {init:?}");
        assert!(!init.out.contains("/clusters"), "{bound:?}: {init:?}");
    }
}

/// A proxy that writes down the method and URL of each request; answers are passed back as they are.
fn logging_proxy() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let log = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&log);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let seen = Arc::clone(&seen);
            std::thread::spawn(move || pass_on(&stream, &seen));
        }
    });
    (url, log)
}

/// Passes one request on and ends the connection with its answer.
fn pass_on(mut client: &TcpStream, seen: &Mutex<Vec<String>>) -> Option<()> {
    let mut reader = BufReader::new(client.try_clone().ok()?);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        if line == "\r\n" {
            break;
        }
        lines.push(line);
    }
    let mut words = lines.first()?.split(' ');
    let (method, url) = (words.next()?.to_owned(), words.next()?.to_owned());
    seen.lock().expect("a log").push(format!("{method} {url}"));
    let rest = url.strip_prefix("http://")?;
    let (place, path) = rest.split_once('/')?;
    let mut onward = TcpStream::connect(place).ok()?;
    write!(onward, "{method} /{path} HTTP/1.1\r\nconnection: close\r\n").ok()?;
    for line in lines[1..].iter().filter(|line| !line.to_ascii_lowercase().starts_with("connection:")) {
        onward.write_all(line.as_bytes()).ok()?;
    }
    onward.write_all(b"\r\n").ok()?;
    let mut answer = Vec::new();
    onward.read_to_end(&mut answer).ok()?;
    client.write_all(&answer).ok()
}

#[test]
fn reading_sends_nothing_but_get_and_head_and_what_the_root_must_refuse() {
    let served = Served::start(&[]);
    let url = url_of(&served);
    let dir = folder();
    write(dir.path(), "t.yaml", served.target() + "proxy: environment\n");
    let filters = ["methods.*", "errors.*", "auth.re*", "auth.wrong*", "codes.*", "--jobs", "4", "--reports", "r"];
    let bare = [&filters[..], &["--proxy", "environment"]].concat();
    let mut with_file = atlaspec(dir.path(), &["run", "--target", "t.yaml", "--read-only"]);
    with_file.args(filters);
    for mut command in [by_owner(dir.path(), &served, "run", &bare), with_file] {
        let (proxy, log) = logging_proxy();
        command.env("http_proxy", &proxy).env_remove("no_proxy").env_remove("NO_PROXY");
        let run = said(command);
        assert!(run.code == Some(0) || run.code == Some(3), "{run:?}");
        let log = log.lock().expect("a log");
        let others: Vec<&String> =
            log.iter().filter(|it| !it.starts_with("GET ") && !it.starts_with("HEAD ")).collect();
        assert!(log.len() > 200 && !others.is_empty(), "{}: {others:?}", log.len());
        assert!(others.iter().all(|it| **it == format!("DELETE {url}")), "{others:?}");
        assert_eq!(stored_run(dir.path())["counts"]["fail"], 0);
    }
}
