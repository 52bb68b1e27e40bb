//! `--fail-fast`: what begins after a failure, and what the run says of the rest.

use std::path::Path;

use serde_json::Value;

use crate::bench::{Served, folder, say, write};

/// A case of one request that expects a status.
fn case(name: &str, status: u16) -> String {
    format!(
        "  - id: lists.{name}
    purpose: Ensure that a list answers so.
    requirements: [lists.page-number-default]
    needs: [lists, list.long]
    steps:
      - request: GET {{list.long}}
        expect: {{ status: {status} }}
"
    )
}

fn cases(cases: &[String]) -> String {
    format!("format: 1\nchapter: lists\ncases:\n{}", cases.concat())
}

fn run(folder: &Path, more: &[&str]) -> (Option<i32>, String, Value) {
    let said = say(folder, &[&["run", "--only-cases", "mine", "--reports", "r", "--fail-fast"], more].concat());
    let text = std::fs::read_to_string(folder.join("r/run.json")).unwrap_or_else(|error| panic!("{error}: {said:?}"));
    (said.code, said.out, serde_json::from_str(&text).expect("JSON"))
}

/// Ids and verdicts, in the order of the ids.
fn verdicts(run: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    run["results"].as_array().expect("results").iter().map(|it| (text(&it["id"]), text(&it["verdict"]))).collect()
}

fn are(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, verdict)| (format!("lists.{name}"), (*verdict).to_owned())).collect()
}

#[test]
fn one_worker_ends_after_exactly_one_failure() {
    let dir = folder();
    write(dir.path(), "mine/a.yaml", cases(&[case("a", 200), case("b", 418), case("c", 418), case("d", 200)]));
    let (code, out, run) = run(dir.path(), &["--jobs", "1"]);
    assert_eq!(code, Some(1), "{out}");
    let expected = [("a", "pass"), ("b", "fail"), ("c", "not-selected"), ("d", "not-selected")];
    assert_eq!(verdicts(&run), are(&expected));
    assert_eq!(run["results"][3]["reason"], serde_json::json!({ "kind": "fail-fast", "failed": "lists.b" }));
    let selection = &run["selection"];
    assert_eq!((&selection["complete"], &selection["ended_by"]), (&false.into(), &"lists.b".into()));
    assert_eq!(selection["interrupted"], false);
    let words = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("The run ended early, when lists.b failed: --fail-fast."), "{out}");
    let schema: Value = serde_json::from_str(include_str!("../../schemas/run.schema.json")).expect("JSON");
    assert_eq!(jsonschema::validate(&schema, &run).map_err(|error| error.to_string()), Ok(()));
}

#[test]
fn a_run_without_a_failure_is_whole() {
    let dir = folder();
    write(dir.path(), "mine/a.yaml", cases(&[case("a", 200), case("b", 200)]));
    let (code, out, run) = run(dir.path(), &[]);
    assert_eq!((code, verdicts(&run)), (Some(0), are(&[("a", "pass"), ("b", "pass")])), "{out}");
    assert_eq!(run["selection"].get("ended_by"), None);
}

#[test]
fn known_failures_and_warnings_end_nothing() {
    let dir = folder();
    let warning = case("c", 418).replace("lists.page-number-default", "lists.bad-paging-parameter");
    write(dir.path(), "mine/a.yaml", cases(&[case("b", 418), warning, case("d", 418), case("e", 200)]));
    write(dir.path(), "known.yaml", "format: 1\nknown-failures:\n  - { cases: lists.b, reason: known }\n");
    let (code, out, run) = run(dir.path(), &["--jobs", "1", "--known-failures", "known.yaml"]);
    assert_eq!(code, Some(1), "{out}");
    let expected = [("b", "fail"), ("c", "warn"), ("d", "fail"), ("e", "not-selected")];
    assert_eq!(verdicts(&run), are(&expected), "{out}");
}

#[test]
fn what_runs_is_finished_and_cleans_up() {
    let served = Served::start(&[]);
    let slow = case("a-slow", 200).replace("    steps:\n", "    steps:\n      - wait: 1s\n")
        + "    postamble:\n      - request: GET {list.long}?cleaned=up\n";
    write(served.folder.path(), "mine/a.yaml", cases(&[slow, case("b", 418), case("c", 200)]));
    let (code, out, run) = run(served.folder.path(), &["--target", "t.yaml", "--jobs", "2"]);
    assert_eq!(code, Some(1), "{out}");
    assert_eq!(verdicts(&run), are(&[("a-slow", "pass"), ("b", "fail"), ("c", "not-selected")]), "{out}");
    let exchanges = std::fs::read_to_string(served.folder.path().join("r/exchanges.har")).expect("a recording");
    assert!(exchanges.contains("cleaned=up"), "its postamble has run");
}
