//! Runs that are killed, as a machine that goes away kills them: what they judged is not lost, and what they created
//! can be found and deleted.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::bench::{Served, atlaspec, say, signal, write};

/// A case that has created something and waits; it cleans nothing up by itself.
const WAITING: &str = "\
format: 1
chapter: methods
cases:
  - id: methods.waiting
    purpose: Ensure that something is left when the run is killed now.
    requirements: [codes.created-201]
    needs: [writes, document]
    effects: writes
    steps:
      - request: POST {document.list}
        body: \"{document.valid}\"
        save: { made: location }
        expect: { status: 201 }
      - wait: 30m
      - request: GET {made}
        expect: { status: 200 }
";
/// Arguments of runs of that case for one kind, which say when it waits.
const RUN: [&str; 9] =
    ["run", "--target", "t.yaml", "--only-cases", "mine", "--reports", "r", "--verbose", "*document=alertConfigs*"];

/// Starts a run; returns it with its lines up to one that holds this text.
#[expect(clippy::zombie_processes, reason = "every caller kills it and waits; a test that panics ends the process")]
fn started(served: &Served, arguments: &[&str], until: &str) -> (Child, Vec<String>) {
    let mut child = atlaspec(served.folder.path(), arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let lines = BufReader::new(child.stdout.as_mut().expect("it is piped")).lines();
    let mut seen = Vec::new();
    for line in lines {
        seen.push(line.expect("a line"));
        if seen.last().is_some_and(|line| line.contains(until)) {
            return (child, seen);
        }
    }
    panic!("{until} is never said: {seen:?}");
}

/// A run that was killed while its case waited.
fn killed_while_waiting() -> Served {
    let served = Served::start(&[]);
    write(served.folder.path(), "mine/a.yaml", WAITING);
    let (mut child, _) = started(&served, &RUN, "WAIT methods.waiting");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    served
}

fn lines_of_journal(served: &Served) -> Vec<Value> {
    let text = fs::read_to_string(served.folder.path().join("r/journal.jsonl")).expect("a journal");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn a_killed_run_keeps_every_result_but_those_in_flight() {
    let served = Served::start(&[]);
    let arguments = ["run", "--target", "t.yaml", "lists.*", "--jobs", "1", "--reports", "r", "--verbose"];
    let (mut child, seen) = started(&served, &arguments, "lists.next-keeps-filter");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    let names = || {
        let entries = fs::read_dir(served.folder.path().join("r")).expect("a folder").flatten();
        let mut names: Vec<String> = entries.map(|it| it.file_name().into_string().expect("UTF-8")).collect();
        names.sort();
        names
    };
    assert_eq!(names(), ["exchanges.har.part", "journal.jsonl"], "no report is written");
    let said = say(served.folder.path(), &["report", "r/journal.jsonl", "--format", "json"]);
    assert_eq!(said.code, Some(3), "{said:?}");
    let run: Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!((&run["conclusion"], &run["selection"]["interrupted"]), (&"undecided".into(), &true.into()));
    let results = run["results"].as_array().expect("results");
    for line in seen.iter().filter(|line| line.trim_start().starts_with("PASSED ")) {
        let id = line.split_whitespace().nth(1).expect("an id");
        assert!(results.iter().any(|it| it["id"] == id && it["verdict"] == "pass"), "{id} is lost");
    }
    let rest = results.iter().filter(|it| it["reason"]["kind"] == "run-ended").count();
    assert!(rest > 10, "{rest} are not run");
    let page = say(served.folder.path(), &["report", "r/journal.jsonl", "--format", "html"]);
    assert!(page.out.contains("The run was interrupted before its end."), "{}", page.err);
}

#[test]
fn a_cleanup_deletes_what_a_killed_run_left() {
    let served = killed_while_waiting();
    let said = say(served.folder.path(), &["report", "r/journal.jsonl"]);
    assert!(said.out.contains("created and not deleted\n  http"), "{}", said.out);
    let cleanup = ["cleanup", "--target", "t.yaml", "--reports", "r", "--max-rate", "20/s"];
    let dry = say(served.folder.path(), &[&cleanup[..], &["--dry-run"]].concat());
    assert_eq!(dry.code, Some(3), "{dry:?}");
    let cleaned_up = say(served.folder.path(), &cleanup);
    assert_eq!(cleaned_up.code, Some(0), "{cleaned_up:?}");
    let ended = cleaned_up.out.lines().last().expect("a line");
    assert_eq!(ended, "1 thing deleted, 0 gone before, 0 left", "{cleaned_up:?}");
    let again = say(served.folder.path(), &cleanup);
    assert_eq!((again.code, again.out.as_str()), (Some(0), "0 things deleted, 0 gone before, 0 left\n"), "{again:?}");
}

#[test]
fn a_cleanup_finds_by_its_name_what_no_answer_told_of() {
    let served = killed_while_waiting();
    let path = served.folder.path().join("r/journal.jsonl");
    let text = fs::read_to_string(&path).expect("a journal");
    // As if the run had been killed before the answer came.
    let lines = text.lines().filter(|line| !line.starts_with("{\"settled\":"));
    fs::write(&path, lines.flat_map(|line| [line, "\n"]).collect::<String>()).expect("it can be written");
    let cleaned_up = say(served.folder.path(), &["cleanup", "--target", "t.yaml", "--reports", "r"]);
    assert_eq!(cleaned_up.code, Some(0), "{cleaned_up:?}");
    assert!(cleaned_up.out.ends_with("1 thing deleted, 0 gone before, 0 left\n"), "{cleaned_up:?}");
}

#[test]
fn where_no_list_is_nothing_was_left() {
    let served = killed_while_waiting();
    let path = served.folder.path().join("r/journal.jsonl");
    let lines = lines_of_journal(&served).into_iter().filter(|line| line.get("settled").is_none()).map(|mut line| {
        if let Some(url) = line.pointer_mut("/creating/url") {
            *url = format!("{}/nowhere", url.as_str().expect("a URL")).into();
        }
        format!("{line}\n")
    });
    fs::write(&path, lines.collect::<String>()).expect("it can be written");
    let cleaned_up = say(served.folder.path(), &["cleanup", "--target", "t.yaml", "--reports", "r"]);
    assert_eq!(
        (cleaned_up.code, cleaned_up.out.as_str()),
        (Some(0), "0 things deleted, 1 gone before, 0 left\n"),
        "{cleaned_up:?}"
    );
}

#[test]
fn a_cleanup_lists_what_it_cannot_delete_and_touches_nothing_of_others() {
    let served = killed_while_waiting();
    let path = served.folder.path().join("r/journal.jsonl");
    let text = fs::read_to_string(&path).expect("a journal");
    // Another run's name: what is there belongs to somebody else.
    let name = lines_of_journal(&served)[0]["begun"]["name"].as_str().expect("a name").to_owned();
    fs::write(&path, text.replace(&format!("\"name\":\"{name}\""), "\"name\":\"0000\"")).expect("it can be written");
    let cleaned_up = say(served.folder.path(), &["cleanup", "--target", "t.yaml", "--reports", "r"]);
    assert_eq!(cleaned_up.code, Some(3), "{cleaned_up:?}");
    let told = cleaned_up.out.lines().next().expect("a line");
    assert!(told.starts_with("left     http") && told.ends_with("does not bear the name atlaspec-0000-…"), "{told}");
}

#[test]
fn what_an_earlier_run_left_is_not_forgotten_by_the_next() {
    let served = killed_while_waiting();
    let arguments = ["run", "--target", "t.yaml", "lists.total-of-empty", "--reports", "r"];
    let said = say(served.folder.path(), &arguments);
    assert!(said.code == Some(0) && said.err.contains("its journal is kept as r/journal-"), "{said:?}");
    let cleaned_up = say(served.folder.path(), &["cleanup", "--target", "t.yaml", "--reports", "r"]);
    assert!(
        cleaned_up.code == Some(0) && cleaned_up.out.ends_with("1 thing deleted, 0 gone before, 0 left\n"),
        "{cleaned_up:?}"
    );
}

#[test]
fn an_interrupted_case_cleans_up_after_itself() {
    let served = Served::start(&[]);
    write(served.folder.path(), "mine/a.yaml", WAITING);
    let (child, _) = started(&served, &RUN, "WAIT methods.waiting");
    signal("INT", child.id());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let kinds: Vec<String> = lines_of_journal(&served)
        .iter()
        .map(|line| match &line["settled"]["fate"] {
            Value::Null => line.as_object().expect("an object").keys().next().expect("a key").clone(),
            Value::String(fate) => fate.clone(),
            fate => fate.as_object().expect("an object").keys().next().expect("a key").clone(),
        })
        .collect();
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).filter(|kind| *kind != "result").collect();
    assert_eq!(kinds, ["begun", "creating", "created", "deleted", "ended"]);
    let run: Value = serde_json::from_str(&fs::read_to_string(served.folder.path().join("r/run.json")).expect("a run"))
        .expect("JSON");
    assert!(run.get("left_behind").is_none(), "{run}");
}

#[test]
fn two_runs_do_not_write_one_journal() {
    let served = Served::start(&[]);
    write(served.folder.path(), "mine/a.yaml", WAITING);
    let (mut child, _) = started(&served, &RUN, "WAIT methods.waiting");
    let said = say(served.folder.path(), &RUN);
    let cleaned_up = say(served.folder.path(), &["cleanup", "--target", "t.yaml", "--reports", "r"]);
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    for said in [said, cleaned_up] {
        assert_eq!(said.code, Some(2), "{said:?}");
        assert!(said.err.contains("r/journal.jsonl: another run is writing this journal"), "{said:?}");
    }
}
