//! `run --prove`: what it says of expectations that cannot fail, of permitted spellings, and of failures.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::bench::{Said, Served, folder, say, write, write_secret};

fn json(folder: &Path, name: &str) -> Value {
    let text = fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    serde_json::from_str(&text).expect("JSON")
}

/// What is wrong in a file by its schema.
fn problems(schema: &str, value: &Value) -> Vec<String> {
    let schema = serde_json::from_str(schema).expect("JSON");
    let schema = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
    schema.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// One case of one request.
fn case(expect: &str) -> String {
    format!(
        "format: 1
chapter: lists
cases:
  - id: lists.planted
    purpose: Ensure that a list answers so.
    requirements: [lists.page-number-default]
    needs: [lists, list.long]
    steps:
      - request: GET {{list.long}}
        expect:
{expect}"
    )
}

fn proven(folder: &Path, more: &[&str]) -> (Said, Value) {
    let said = say(folder, &[&["run", "--prove", "--reports", "r"], more].concat());
    let proof = json(folder, "r/proof.json");
    assert_eq!(problems(include_str!("../../schemas/proof.schema.json"), &proof), Vec::<String>::new());
    let run = json(folder, "r/run.json");
    assert_eq!(problems(include_str!("../../schemas/run.schema.json"), &run), Vec::<String>::new());
    (said, proof)
}

/// How many tests were replayed, and how many invariants judged mutants.
fn proven_results(proof: &Value) -> usize {
    let replayed = proof["totals"]["replayed"].as_u64().expect("a number");
    usize::try_from(replayed).expect("a small one") + proof["invariants"].as_array().expect("a list").len()
}

#[test]
fn an_expectation_that_cannot_fail_is_named_with_its_line() {
    let dir = folder();
    let expect = "          status: 200
          headers: { X-Planted: { one-of: [{ present: true }, { present: false }] } }
";
    write(dir.path(), "mine/a.yaml", case(expect));
    let (said, proof) = proven(dir.path(), &["--only-cases", "mine"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let title = "Expectations that no alteration made fail: 1\n";
    let after = said.out.split_once(title).unwrap_or_else(|| panic!("{}", said.out)).1;
    assert!(after.trim_start().starts_with("mine/a.yaml:12:22\n"), "{after}");
    let expectations = proof["expectations"].as_array().expect("a list");
    assert_eq!(expectations.len(), 2);
    assert_eq!((&expectations[1]["source"]["line"], &expectations[1]["killed"]), (&12.into(), &0.into()));
    assert!(expectations[0]["killed"].as_u64() > Some(2), "the status notices other statuses: {proof}");
    let page = fs::read_to_string(dir.path().join("r/report.html")).expect("a page");
    assert!(page.contains("Could these passes have failed?") && page.contains("It would have noticed "));
}

#[test]
fn a_case_that_fails_on_a_permitted_spelling_is_a_false_alarm() {
    let dir = folder();
    write(dir.path(), "mine/a.yaml", case("          headers: { Content-Type: application/json }\n"));
    let (said, proof) = proven(dir.path(), &["--only-cases", "mine"]);
    assert!(said.out.contains("Tests that do not pass a permitted spelling: 1\n"), "{}", said.out);
    assert!(said.out.contains("  lists.planted: media-type-case at mine/a.yaml:11:22: "), "{}", said.out);
    let alarms = proof["false_alarms"].as_array().expect("a list");
    assert_eq!((alarms.len(), &alarms[0]["spelling"]), (1, &"media-type-case".into()));
    assert_eq!(proof["totals"]["equivalents_killed"], 1);
}

#[test]
fn a_requirement_without_evidence_is_not_certified_where_evidence_is_required() {
    let dir = folder();
    write(dir.path(), "mine/a.yaml", case("          headers: { X-Planted: { present: false } }\n"));
    let (said, _) = proven(dir.path(), &["--only-cases", "mine"]);
    let title = "Requirements that passed without evidence on this target: 1\n  lists.page-number-default\n";
    assert!(said.out.contains(title), "{}", said.out);
    let page = fs::read_to_string(dir.path().join("r/report.html")).expect("a page");
    assert!(page.contains("Passed without evidence: it would have noticed none of "));
    say(dir.path(), &["run", "lists.total-of-empty*", "--reports", "plain"]);
    let key = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
    write_secret(dir.path(), "key.pem", key);
    for (run, says) in [
        ("r/run.json", "lists.page-number-default passed without evidence on this target"),
        ("plain/run.json", "nobody knows whether its passes could have failed"),
    ] {
        let said = say(dir.path(), &["certify", run, "--key", "key.pem", "--require-evidence"]);
        assert!(said.code == Some(1) && said.err.contains(says), "{said:?}");
        let said = say(dir.path(), &["certify", run, "--key", "key.pem"]);
        assert!(!said.err.contains(says), "{said:?}");
    }
}

#[test]
fn failures_stay_failures_and_are_not_proven() {
    let served = Served::start(&["--fault", "self-is-list"]);
    let arguments = ["links.*", "--target", "t.yaml", "--sample", "9"];
    let (said, proof) = proven(served.folder.path(), &arguments);
    assert_eq!(said.code, Some(1), "{said:?}");
    let run = json(served.folder.path(), "r/run.json");
    let results = run["results"].as_array().expect("a list");
    let of = |verdict: &str| results.iter().filter(|result| result["verdict"] == verdict).count();
    assert!(of("fail") > 0, "{said:?}");
    assert_eq!(proven_results(&proof), of("pass"), "{:?}", proof["not_replayed"]);
    for result in results.iter().filter(|result| result["verdict"] == "fail") {
        assert_eq!(result.get("evidence"), None);
    }
    let tests = proof["tests"].as_array().expect("a list");
    assert!(tests.iter().all(|test| test["strength"]["made"].as_u64() <= Some(9)), "a sample is a sample");
}

#[test]
fn every_pass_of_the_embedded_run_is_replayed_and_accepts_every_permitted_spelling() {
    let dir = folder();
    let (said, proof) = proven(dir.path(), &["--sample", "0"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(proof["not_replayed"], Value::Array(Vec::new()));
    assert_eq!(proof["false_alarms"], Value::Array(Vec::new()));
    let run = json(dir.path(), "r/run.json");
    let results = run["results"].as_array().expect("a list");
    let passed = results.iter().filter(|result| result["verdict"] == "pass").count();
    assert_eq!(proven_results(&proof), passed);
}
