//! The user's own case files: wrong ones, none, and a few good ones.

use std::fs;

use crate::bench::{folder, refused, say, write};

const CASE: &str = "\
format: 1
chapter: lists
cases:
  - id: lists.mine
    purpose: Ensure that the first page is there.
    requirements: [lists.page-number-default]
    needs: [lists, list.long]
    steps:
      - request: GET {list.long}
        expect: { status: 200 }
";

#[test]
fn all_problems_of_all_files_are_said_at_once() {
    let dir = folder();
    write(dir.path(), "mine/a.yaml", CASE.replace("expect", "expcet"));
    write(dir.path(), "mine/b.yaml", CASE.replace("lists.page", "lists.pge"));
    write(dir.path(), "mine/c.yaml", b"format: 1\n\xff");
    write(dir.path(), "mine/d.yaml", "format: [");
    write(dir.path(), "mine/readme.txt", "not a case file");
    let says = [
        "mine/a.yaml:10:9",
        "`expcet` is no key of a step",
        "did you mean `expect`?",
        "mine/b.yaml:6:20",
        "did you mean `lists.page-number-default`?",
        "mine/c.yaml:2:1",
        "mine/d.yaml:1:9",
        "in 4 files",
    ];
    refused(dir.path(), &["check", "mine"], 2, &says);
    for command in [&["run", "--only-cases", "mine"][..], &["list", "cases", "--only-cases", "mine"]] {
        refused(dir.path(), command, 2, &says[5..6]);
    }
    fs::remove_file(dir.path().join("mine/c.yaml")).expect("it was there");
    for command in [&["run", "--only-cases", "mine"][..], &["list", "cases", "--only-cases", "mine"]] {
        refused(dir.path(), command, 2, &says[..5]);
    }
    refused(dir.path(), &["check", "mine", "missing.yaml"], 2, &["missing.yaml:1:1", "No such file"]);
}

#[test]
fn a_folder_without_cases_is_named() {
    let dir = folder();
    fs::create_dir(dir.path().join("empty")).expect("it can be made");
    refused(dir.path(), &["run", "--only-cases", "empty"], 2, &["error: no case files (`*.yaml`) in `empty`"]);
    refused(dir.path(), &["check", "empty"], 2, &["error: nothing to check in `empty`"]);
}

#[test]
fn own_cases_need_not_judge_every_requirement() {
    let dir = folder();
    write(dir.path(), "mine/a.yaml", CASE);
    let said = say(dir.path(), &["check", "mine"]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), "no problems: 1 case, 0 invariants\n"), "{said:?}");
    let said = say(dir.path(), &["run", "--only-cases", "mine"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.contains("Only a part of the\nsuite was selected."), "{}", said.out);
    let run = fs::read_to_string(dir.path().join("reports/reference/run.json")).expect("a run");
    let run: serde_json::Value = serde_json::from_str(&run).expect("JSON");
    assert_eq!(run["suite"]["name"], "custom");
    assert_eq!(run["selection"]["filters"], serde_json::json!(["only the cases of mine"]));
    assert_eq!(run["selection"]["complete"], false);
}

#[test]
fn a_case_that_fails_makes_the_target_non_conformant() {
    let dir = folder();
    write(dir.path(), "mine/a.yaml", CASE.replace("200", "418"));
    let said = say(dir.path(), &["run", "--only-cases", "mine"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    for text in ["FAILED lists.mine", "the status is 200, expected 418", "at mine/a.yaml:10:19", "Not conformant"] {
        assert!(said.out.contains(text), "{text}: {}", said.out);
    }
}

#[test]
fn templates_that_grow_beyond_all_bounds_are_told_with_their_line() {
    let dir = folder();
    let doubled = |number: usize| format!("      n{}: \"{{n{number}}}{{n{number}}}\"\n", number + 1);
    let lines: String = (0..41).map(doubled).collect();
    let bomb = CASE.replace("    steps:", &format!("    let:\n      n0: abcdefgh\n{lines}    steps:"));
    write(dir.path(), "mine/a.yaml", bomb);
    // Twenty lines hold nearly 16 MiB together, and the next one as much again.
    let says = ["mine/a.yaml:30:", "the templates give too much: more than 16 MiB of text", "1 problem in 1 file"];
    refused(dir.path(), &["check", "mine"], 2, &says);
    refused(dir.path(), &["run", "--only-cases", "mine"], 2, &says);
}

#[test]
fn own_cases_are_added_to_the_embedded_suite_with_their_own_requirements() {
    let dir = folder();
    write(dir.path(), "mine/a.yaml", CASE.replace("lists.page-number-default", "mine.answers"));
    let requirements =
        "format: 1\nrequirements:\n  - { id: mine.answers, level: must, statement: It answers., section: Ours }\n";
    write(dir.path(), "mine/requirements.yaml", requirements);
    let checked = say(dir.path(), &["check", "mine"]);
    assert_eq!(checked.out, "no problems: 1 case, 0 invariants\n", "{checked:?}");
    let said = say(dir.path(), &["run", "--cases", "mine", "lists.mine", "--reports", "r"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let run = fs::read_to_string(dir.path().join("r/run.json")).expect("a run");
    let run: serde_json::Value = serde_json::from_str(&run).expect("JSON");
    let verdict = |id: &str| {
        let all = run["requirements"].as_array().expect("requirements");
        all.iter().find(|it| it["id"] == id).expect("a requirement")["verdict"].clone()
    };
    assert_eq!(verdict("mine.answers"), "pass");
    assert!(verdict("lists.total").is_string(), "the embedded requirements are there, too");
    assert_eq!(run["suite"]["name"], "custom");
    assert!(run["results"].as_array().expect("results").len() > 400);
    refused(dir.path(), &["run", "--cases", "mine", "--only-cases", "mine"], 2, &["cannot be used with"]);

    // Alone they are a suite, whose folders have any name.
    let alone = say(dir.path(), &["run", "--only-cases", "mine", "--reports", "alone"]);
    assert_eq!(alone.code, Some(0), "{alone:?}");
    // One with an id of the embedded suite is no addition, and what is wrong is wrong with the suite.
    let clash = requirements.replace("mine.answers", "lists.total");
    write(dir.path(), "mine/requirements.yaml", clash);
    write(dir.path(), "mine/a.yaml", CASE.replace("lists.page-number-default", "lists.totl"));
    refused(
        dir.path(),
        &["check", "mine"],
        2,
        &["there is no requirement `lists.totl`", "did you mean `lists.total`?"],
    );
}
