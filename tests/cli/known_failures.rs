//! Lists of known failures, as a team keeps them.

use std::fs;

use serde_json::Value;

use crate::bench::{folder, say, write};

/// A case that fails, one that passes, and one that cannot be judged.
const CASES: &str = "\
format: 1
chapter: lists
cases:
  - id: lists.failing
    purpose: Ensure that something fails.
    requirements: [lists.page-number-default]
    needs: [lists, list.long]
    steps:
      - request: GET {list.long}
        expect: { status: 418 }
  - id: lists.passing
    purpose: Ensure that something passes.
    requirements: [lists.page-number-default]
    needs: [lists, list.long]
    steps:
      - request: GET {list.long}
        expect: { status: 200 }
";
const UNCLEAR: &str = "  - id: lists.unclear
    purpose: Ensure that something cannot be judged.
    requirements: [lists.page-number-default]
    needs: [lists, list.long]
    preamble:
      - request: GET {list.long}
        expect: { status: 418 }
    steps:
      - request: GET {list.long}
        expect: { status: 200 }
";

fn listing(ids: &[&str]) -> String {
    let entries = ids.iter().map(|id| format!("  - {{ cases: '{id}', reason: a reason }}\n"));
    format!("format: 1\nknown-failures:\n{}", entries.collect::<String>())
}

const RUN: [&str; 6] = ["run", "--only-cases", "mine", "--reports", "r", "--known-failures"];

#[test]
fn a_first_list_makes_the_next_run_green_and_shows_what_is_known() {
    let dir = folder();
    write(dir.path(), "mine/a.yaml", CASES);
    let first = ["run", "--only-cases", "mine", "--reports", "r", "--write-known-failures", "known.yaml"];
    let said = say(dir.path(), &first);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.err.ends_with("wrote known.yaml: 1 entry for 1 failed test\n"), "{}", said.err);
    let text = fs::read_to_string(dir.path().join("known.yaml")).expect("a list");
    assert!(text.starts_with("# yaml-language-server: $schema=.atlaspec/known-failures.json\n"), "{text}");
    assert!(dir.path().join(".atlaspec/known-failures.json").exists());
    let entry = "  - requirement: \"lists.page-number-default\"\n    cases: \"lists.failing\"\n";
    assert!(text.contains(entry), "{text}");
    let said = say(dir.path(), &["check", "known.yaml"]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), "no problems: 1 list of known failures\n"), "{said:?}");
    let said = say(dir.path(), &[&RUN[..], &["known.yaml"]].concat());
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.contains("KNOWN FAILURE lists.failing"), "{}", said.out);
    assert!(said.out.contains("known.yaml (1 entry): 1 failure known, 0 regressions, 0 flaws"), "{}", said.out);
    let read = |name: &str| fs::read_to_string(dir.path().join("r").join(name)).expect("a report");
    let run: Value = serde_json::from_str(&read("run.json")).expect("JSON");
    let schema: Value = serde_json::from_str(include_str!("../../schemas/run.schema.json")).expect("JSON");
    assert_eq!(jsonschema::validate(&schema, &run).map_err(|error| error.to_string()), Ok(()));
    assert_eq!(run["conclusion"], "non-conformant");
    let standing =
        |id: &str| run["results"].as_array().unwrap().iter().find(|it| it["id"] == id).unwrap()["standing"].clone();
    assert_eq!((standing("lists.failing"), standing("lists.passing")), ("as-expected".into(), "as-expected".into()));
    let junit = read("junit.xml");
    assert!(junit.contains("failures=\"0\"") && junit.contains("message=\"known failure: "), "{junit}");
    assert!(read("summary.md").contains("### Known failures"));
    assert!(read("report.html").contains("as the list of known failures says"));
    let again = say(dir.path(), &["report", "r/run.json", "--format", "json"]);
    assert_eq!(again.code, Some(0), "rendering never changes the code");
    let refused = say(dir.path(), &first);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.err.contains("known.yaml: the file is there already; --force replaces it"), "{refused:?}");
    assert!(refused.out.is_empty(), "before anything is judged: {refused:?}");
    write(dir.path(), "known.yaml", "mine");
    assert_eq!(say(dir.path(), &[&first[..], &["--force"]].concat()).code, Some(1));
    assert_eq!(fs::read_to_string(dir.path().join("known.yaml")).expect("a list"), text);
}

#[test]
fn what_is_wrong_with_a_list_fails_the_run_with_its_place() {
    let dir = folder();
    write(dir.path(), "mine/a.yaml", CASES);
    let list = listing(&["lists.failing", "lists.pass*", "lists.gone"])
        + "  - { cases: lists.failin?, reason: old, expires: 2020-01-01 }\n";
    write(dir.path(), "known.yaml", list);
    let said = say(dir.path(), &[&RUN[..], &["known.yaml"]].concat());
    assert_eq!(said.code, Some(1), "{said:?}");
    let out = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for text in [
        "stale entry `lists.pass*` at known.yaml:4:14:",
        "(lists.passing)",
        "unmatched entry `lists.gone` at known.yaml:5:14:",
        "expired entry `lists.failin?` at known.yaml:6:14: it expired after 2020-01-01: old",
    ] {
        assert!(out.contains(text), "{text}: {out}");
    }
    let junit = fs::read_to_string(dir.path().join("r/junit.xml")).expect("a report");
    assert!(junit.contains("<testsuite name=\"known-failures\" tests=\"3\""), "{junit}");
}

#[test]
fn a_case_that_could_not_be_judged_is_excused_only_as_a_consequence_of_known_failures() {
    let dir = folder();
    write(dir.path(), "known.yaml", listing(&["lists.failing", "lists.unclear"]));
    let run = |unclear: &str| {
        write(dir.path(), "mine/a.yaml", format!("{CASES}{unclear}"));
        say(dir.path(), &[&RUN[..], &["known.yaml"]].concat())
    };
    // It could not be set up because of what the known failure is about.
    let said = run(UNCLEAR);
    let told = "Every failure is on the list of known failures: exit code 0.";
    assert!(said.code == Some(0) && said.out.replace('\n', " ").contains(told), "{said:?}");
    let said = run(&UNCLEAR.replace("{ status: 418 }", "{ body: { $.totalCount: { below: 0 } } }"));
    let told = "Exit code 3, because 1 test is inconclusive.";
    assert!(said.code == Some(3) && said.out.replace('\n', " ").contains(told), "{said:?}");
}

#[test]
fn a_list_that_is_none_is_refused_before_anything_is_sent() {
    let dir = folder();
    write(dir.path(), "known.yaml", "format: 1\nknown-failures:\n  - cases: lists.a\n");
    for arguments in [&["check", "known.yaml"][..], &["run", "--known-failures", "known.yaml"]] {
        let said = say(dir.path(), arguments);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        assert!(said.err.contains("known.yaml:3:5") && said.err.contains("needs `reason`"), "{said:?}");
    }
}
