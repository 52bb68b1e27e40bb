//! `serve` as a mock: the log, the judge of clients, and the state that is begun anew.
#![cfg(unix)]

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

use crate::bench::{Served, say, signal, write};

/// Requests as any client would make them.
const PLAIN: &str = "\
format: 1
chapter: lists
cases:
  - id: lists.plain
    purpose: Ensure that plain requests are answered.
    requirements: [lists.page-number-default]
    needs: [lists, list.long]
    steps:
      - walk: GET {list.long}
        expect: { body: { $.end: complete } }
";

/// Has our own client read a list to its end.
fn read_a_list(served: &Served) {
    write(served.folder.path(), "mine/a.yaml", PLAIN);
    let arguments = ["run", "--target", "t.yaml", "--only-cases", "mine", "--reports", "r", "lists.plain"];
    let said = say(served.folder.path(), &arguments);
    assert_eq!(said.code, Some(0), "{said:?}");
}

/// Sends one request as it stands, and returns the status of its answer.
fn send(served: &Served, head: &str, body: &str) -> u16 {
    let target = served.target();
    let base = target.lines().find_map(|line| line.strip_prefix("base-url: ")).expect("a base URL");
    let authority = base.trim_matches('"').trim_start_matches("http://").split('/').next().expect("an authority");
    let mut stream = TcpStream::connect(authority).expect("a connection");
    let text =
        format!("{head}\r\nHost: {authority}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(text.as_bytes()).expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer[9..12].parse().expect("a status")
}

/// The verdicts by rule, as the report has them.
fn verdicts(served: &Served, folder: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(served.folder.path().join(folder).join("run.json")).expect("a run");
    let run: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(run["target"]["name"], "mine");
    let word = |value: &Value| value.as_str().expect("a text").to_owned();
    run["results"].as_array().expect("results").iter().map(|it| (word(&it["id"]), word(&it["verdict"]))).collect()
}

#[test]
fn a_good_client_passes() {
    let mut served = Served::start(&["--check-client", "mine", "--reports", "j"]);
    read_a_list(&served);
    signal("TERM", served.id());
    assert_eq!(served.end(), Some(0));
    let verdicts = verdicts(&served, "j");
    let passed: Vec<&str> = verdicts.iter().filter(|it| it.1 == "pass").map(|it| it.0.as_str()).collect();
    assert_eq!(
        passed,
        [
            "client.digest-for-request",
            "client.digest-form",
            "client.digest-quoting",
            "client.key-never-sent",
            "client.nonce-counts",
            "client.page-numbers",
            "client.page-size",
        ]
    );
    assert!(verdicts.iter().all(|it| it.1 == "pass" || it.1 == "not-applicable"), "{verdicts:?}");
    for name in ["report.html", "junit.xml", "summary.md"] {
        assert!(served.folder.path().join("j").join(name).exists(), "{name}");
    }
}

#[test]
fn a_bad_client_is_caught_and_no_key_is_written() {
    let mut served = Served::start(&["--check-client", "mine", "--reports", "j", "--log", "log.jsonl"]);
    let key = served.key("owner");
    let basic = data_encoding::BASE64.encode(format!("owner@example.com:{key}").as_bytes());
    let root = "/api/atlas/v1.0";
    assert_eq!(send(&served, &format!("GET {root}?key={key} HTTP/1.1\r\nAuthorization: Basic {basic}"), ""), 401);
    assert_eq!(send(&served, &format!("POST {root}/groups?pageNum=0 HTTP/1.1"), "from=yesterday"), 401);
    assert_eq!(send(&served, &format!("GET {root}?from=2016-11-01T13:00:00 HTTP/1.1"), ""), 401);
    signal("INT", served.id());
    assert_eq!(served.end(), Some(1));
    let verdicts = verdicts(&served, "j");
    let found = |id: &str| verdicts.iter().find(|it| it.0 == id).map(|it| it.1.as_str());
    for id in ["client.key-never-sent", "client.content-type", "client.json-body", "client.page-numbers"] {
        assert_eq!(found(id), Some("fail"), "{id}");
    }
    assert_eq!(found("client.dates-with-zone"), Some("warn"));
    let folder = served.folder.path();
    for name in ["log.jsonl", "j/run.json", "j/report.html", "j/junit.xml", "j/summary.md"] {
        let text = fs::read_to_string(folder.join(name)).expect(name);
        assert!(!text.contains(&key) && !text.contains(&basic), "{name} holds the key");
    }
    let log = fs::read_to_string(folder.join("log.jsonl")).expect("a log");
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["exchange"]["status"], 401);
    assert_eq!(lines[1]["exchange"]["request_body"]["text"], "from=yesterday");
    assert!(lines[2]["time"].as_str().expect("a time").ends_with('Z'));
}

#[test]
fn serving_ends_when_its_time_is_over_and_a_client_unseen_is_undecided() {
    let mut served = Served::start(&["--check-client", "mine", "--reports", "j", "--duration", "300ms"]);
    assert_eq!(served.end(), Some(3));
    assert!(verdicts(&served, "j").iter().all(|it| it.1 == "not-applicable"));
}

#[test]
fn a_hangup_begins_anew_and_does_not_end() {
    let served = Served::start(&[]);
    signal("HUP", served.id());
    read_a_list(&served);
}

#[test]
fn a_file_of_faults_alters_responses_and_its_mistakes_are_told() {
    let folder = crate::bench::folder();
    let file = |text: &str| {
        write(folder.path(), "faults.yaml", text);
        folder.path().join("faults.yaml").display().to_string()
    };
    let faults = "format: 1\nfaults:\n  - name: endless\n    about: The last page has a link to another one.\n    \
        when: { path: '/groups/*/*', status: 200 }\n    edit: { set: { $.totalCount: 7000 } }\n";
    let path = file(faults);
    let said = say(folder.path(), &["check", "faults.yaml"]);
    assert!(said.code == Some(0) && said.out.contains("1 file of faults"), "{said:?}");
    let served = Served::start(&["--fault-file", &path]);
    let arguments = ["run", "--target", "t.yaml", "--reports", "r", "--quiet", "--requirement", "lists.total"];
    let said = say(served.folder.path(), &arguments);
    assert!(said.code == Some(1) && said.out.contains("totalCount"), "{said:?}");
    let path = file(&faults.replace("edit: { set", "edit: { sett"));
    let said = say(folder.path(), &["serve", "--fault-file", &path]);
    assert!(said.code == Some(2) && said.err.contains("did you mean `set`?"), "{said:?}");
    assert!(said.err.contains("faults.yaml:6:"), "{said:?}");
}
