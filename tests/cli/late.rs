//! What can be known to go wrong is said before anything is sent; what goes wrong late takes no result away.

use std::fs;

use crate::bench::{folder, refused, say, write};

#[test]
fn all_that_is_wrong_on_this_machine_is_told_at_once() {
    let dir = folder();
    let target = "name: t\nbase-url: http://127.0.0.1:9/api\nusers:\n  \
        owner: { username: o, api-key: { file: no.key } }\n";
    write(dir.path(), "t.yaml", target);
    let words = ["run", "--target", "t.yaml", "--reports", "t.yaml/r", "--write-known-failures", "no/known.yaml"];
    let says = ["`no.key` cannot be read: ", "t.yaml/r: not a directory", "no/known.yaml: there is no folder no"];
    refused(dir.path(), &words, 2, &says);
    let words = ["run", "--target", "t.yaml", "--known-failures", "missing.yaml"];
    refused(dir.path(), &words, 2, &["`no.key` cannot be read: ", "missing.yaml: No such file"]);
}

#[test]
fn a_target_file_that_could_not_be_written_is_not_looked_for() {
    let dir = folder();
    let words = ["init", "--url", "http://127.0.0.1:9/api", "--user", "me", "--output", "no/t.yaml"];
    refused(dir.path(), &words, 2, &["no/t.yaml: there is no folder no"]);
}

#[test]
fn reports_that_cannot_be_written_at_the_end_hide_no_result() {
    let dir = folder();
    for report in ["run.json", "exchanges.har", "history.jsonl"] {
        fs::create_dir_all(dir.path().join("r").join(report).join("in-the-way")).expect("a folder");
    }
    let said = say(dir.path(), &["run", "lists.total-of-empty", "--reports", "r"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(said.out.contains("Conformant: reference"), "{said:?}");
    assert!(said.err.contains("note: this run is missing in r/history.jsonl: "), "{said:?}");
    for report in ["run.json", "exchanges.har"] {
        assert!(said.err.contains(&format!("error: r/{report}: ")), "{said:?}");
    }
    assert!(dir.path().join("r/junit.xml").exists(), "one report keeps back no other");
    let said = say(dir.path(), &["run", "lists.total-of-empty", "--reports", "r", "--format", "junit"]);
    assert!(said.code == Some(2) && said.out.starts_with("<?xml"), "{said:?}");
}
