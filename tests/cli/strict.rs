//! Gates that are stricter than the verdicts, and runs of a part.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::bench::{Said, folder, refused, say, write};

/// A case of two tests that violates a SHOULD requirement or passes, and one that is inconclusive.
fn cases(dir: &Path, second: &str) {
    let case = |id: &str, requirement: &str, needs: &str, rest: &str| {
        format!(
            "  - id: lists.{id}\n    purpose: Ensure that {id} is there.\n    requirements: [{requirement}]\n    \
             needs: {needs}\n{rest}"
        )
    };
    let steps = |status: &str| {
        format!("    steps:\n      - request: GET {{list.long}}\n        expect: {{ status: {status} }}\n")
    };
    let loops = format!("    for-each: {{ size: [200, {second}] }}\n{}", steps("\"{size}\""));
    let unclear = "    preamble:\n      - request: GET {list.long}\n        expect: { status: 418 }\n";
    let text = [
        "format: 1\nchapter: lists\ncases:\n".to_owned(),
        case("passing", "lists.page-number-default", "[lists, list.long]", &steps("200")),
        case("soft", "errors.reason-exact", "[lists, list.long]", &loops),
        case("unclear", "lists.page-number-default", "[lists, list.long]", &(unclear.to_owned() + &steps("200"))),
    ];
    write(dir, "mine/a.yaml", text.concat());
}

fn run(dir: &Path, words: &[&str]) -> Said {
    say(dir, &[&["run", "--only-cases", "mine", "--reports", "r", "--quiet"], words].concat())
}

fn stored(dir: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(dir.join("r/run.json")).expect("a run")).expect("JSON")
}

/// Ids and verdicts of what was run.
fn ran(dir: &Path) -> Vec<String> {
    let run = stored(dir);
    let results = run["results"].as_array().expect("results").iter();
    let is_run = |it: &&Value| it["verdict"] != "not-selected";
    results.filter(is_run).map(|it| format!("{} {}", it["id"], it["verdict"]).replace('"', "")).collect()
}

#[test]
fn a_gate_can_be_stricter_than_the_verdicts() {
    let dir = folder();
    cases(dir.path(), "418");
    let with = |words: &[&str]| run(dir.path(), words);
    assert_eq!(with(&["lists.soft"]).code, Some(0));
    assert!(stored(dir.path()).get("strictness").is_none());
    let said = with(&["lists.soft", "--fail-on", "should,inconclusive"]);
    assert_eq!((said.code, said.err.as_str()), (Some(1), "--fail-on should: 1 test violated a SHOULD requirement\n"));
    let strict = stored(dir.path());
    assert_eq!(strict["conclusion"], "conformant", "no verdict changes");
    assert_eq!(strict["strictness"], serde_json::json!({ "fail_on": ["should", "inconclusive"] }));
    let again = say(dir.path(), &["report", "r/run.json", "--format", "junit"]);
    assert_eq!((again.code, again.err), (Some(1), said.err), "rendering again never changes the code");

    assert_eq!(with(&["lists.unclear"]).code, Some(3));
    let said = with(&["lists.unclear", "--fail-on", "inconclusive"]);
    assert!(said.code == Some(1) && said.err.contains("--fail-on inconclusive: 1 test could not"), "{said:?}");
    assert_eq!(with(&["lists.passing", "--min-tests", "1", "--min-requirements", "1"]).code, Some(0));
    let said = with(&["lists.passing", "--min-tests", "2", "--min-requirements", "9"]);
    let told = "--min-tests 2: only 1 test was judged\n--min-requirements 9: only 1 requirement was judged\n";
    assert_eq!((said.code, said.err.as_str()), (Some(3), told));
    refused(dir.path(), &["run", "--fail-on", "may"], 2, &["invalid value 'may' for '--fail-on <RESULT>'"]);
}

#[test]
fn what_is_skipped_is_left_out_by_case_test_or_requirement() {
    let dir = folder();
    cases(dir.path(), "418");
    for (skip, left) in [
        ("lists.{soft,unclear}", &["lists.passing pass"][..]),
        ("lists.soft[size=418]", &["lists.passing pass", "lists.soft[size=200] pass", "lists.unclear inconclusive"]),
        ("errors.reason-*", &["lists.passing pass", "lists.unclear inconclusive"]),
    ] {
        run(dir.path(), &["--skip", skip]);
        assert_eq!(ran(dir.path()), left, "{skip}");
        let filters = &stored(dir.path())["selection"]["filters"];
        assert_eq!(filters[1], format!("skip {skip}"), "{filters}");
    }
    let says = "no case, invariant or requirement `lists.sof`: did you mean `lists.soft`?";
    let said = run(dir.path(), &["--skip", "lists.sof"]);
    assert!(said.code == Some(2) && said.err.contains(says), "{said:?}");
}

#[test]
fn what_did_not_pass_is_run_again() {
    let dir = folder();
    cases(dir.path(), "418");
    run(dir.path(), &[]);
    fs::copy(dir.path().join("r/run.json"), dir.path().join("old.json")).expect("a copy");
    run(dir.path(), &["--last-failed"]);
    let failed = ["lists.soft[size=418] warn", "lists.unclear inconclusive"];
    assert_eq!(ran(dir.path()), failed);
    let said = run(dir.path(), &["--last-failed", "lists.soft"]);
    assert_eq!((said.code, ran(dir.path())), (Some(0), vec![failed[0].to_owned()]));
    run(dir.path(), &["lists.passing"]);
    let said = run(dir.path(), &["--last-failed"]);
    assert!(said.code == Some(2) && said.err.contains("--last-failed has nothing to run"), "{said:?}");
    // A run that judged nothing is not the last one.
    run(dir.path(), &["--last-failed=old.json"]);
    run(dir.path(), &["lits.*"]);
    run(dir.path(), &["--last-failed"]);
    assert_eq!(ran(dir.path()), failed);
    assert_eq!(
        stored(dir.path())["selection"]["filters"],
        serde_json::json!(["only the cases of mine", "last failed"])
    );
    let said = say(dir.path(), &["run", "--last-failed", "--reports", "new"]);
    assert!(said.code == Some(2) && said.err.contains("no run is stored in new"), "{said:?}");
}
