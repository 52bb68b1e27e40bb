//! The embedded server and suite: a whole run, its reports, and the commands that only read.

use std::fs;

use serde_json::Value;

use crate::bench::{folder, say, write};

#[test]
fn a_whole_run_finds_the_reference_server_conformant() {
    let dir = folder();
    let said = say(dir.path(), &["run"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    assert!(said.out.contains("Conformant: reference"), "{}", said.out);
    let text = fs::read_to_string(dir.path().join("reports/reference/run.json")).expect("a run");
    let run: Value = serde_json::from_str(&text).expect("JSON");
    let schema = serde_json::from_str(include_str!("../../schemas/run.schema.json")).expect("JSON");
    let schema = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
    let wrong: Vec<String> = schema.iter_errors(&run).map(|error| error.to_string()).collect();
    assert_eq!(wrong, Vec::<String>::new(), "a real run is as the schema says");
    assert_eq!(run["conclusion"], "conformant");
    assert_eq!(run["selection"]["complete"], true);
    for outcome in ["fail", "warn", "inconclusive", "defect", "not_selected"] {
        assert_eq!(run["counts"][outcome], 0, "{outcome}");
    }
}

#[test]
fn a_run_writes_its_reports_and_they_can_be_rendered_again() {
    let dir = folder();
    let said = say(dir.path(), &["run", "lists.*"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    let reports = dir.path().join("reports/reference");
    let mut names: Vec<String> = fs::read_dir(&reports)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    let written =
        ["exchanges.har", "history.jsonl", "journal.jsonl", "junit.xml", "report.html", "run.json", "summary.md"];
    assert_eq!(names, written);
    let run = reports.join("run.json").display().to_string();
    for (format, name) in
        [("json", "run.json"), ("html", "report.html"), ("junit", "junit.xml"), ("markdown", "summary.md")]
    {
        let said = say(dir.path(), &["report", &run, "--format", format, "--output", "again"]);
        assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (Some(0), "", "wrote again\n"), "{format}");
        let same = fs::read(dir.path().join("again")).expect("a file") == fs::read(reports.join(name)).expect("a file");
        assert!(same, "{format} is not what the run wrote");
    }
    let said = say(dir.path(), &["report", &run]);
    assert_eq!(said.code, Some(0));
    assert!(said.out.contains("Conformant: reference"), "{}", said.out);
}

#[test]
fn what_is_printed_is_only_what_was_asked_for() {
    let dir = folder();
    let said = say(dir.path(), &["run", "lists.total*", "--format", "json"]);
    let run: Value = serde_json::from_str(&said.out).expect("standard output is JSON and nothing else");
    assert_eq!((said.code, &run["conclusion"]), (Some(0), &Value::from("conformant")));
    assert!(said.err.contains("Conformant: reference"), "the summary stands beside it: {}", said.err);
    let said = say(dir.path(), &["run", "lists.total*", "--format", "junit", "--quiet"]);
    assert!(said.out.starts_with("<?xml"), "{}", said.out);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
}

#[test]
fn list_explain_and_check_know_the_suite() {
    let dir = folder();
    let said = say(dir.path(), &["list", "cases", "lists.total*"]);
    assert_eq!(said.code, Some(0));
    assert!(said.out.lines().count() > 1 && said.out.lines().all(|line| line.starts_with("lists.total")), "{said:?}");
    let said = say(dir.path(), &["list", "requirements", "--format", "json"]);
    let requirements: Value = serde_json::from_str(&said.out).expect("JSON");
    assert!(requirements.as_array().expect("a list").iter().any(|it| it["id"] == "lists.total"));
    let said = say(dir.path(), &["explain", "lists.total"]);
    assert!(said.out.contains("a requirement, must") && said.out.contains("Judged by\n"), "{said:?}");
    let said = say(dir.path(), &["explain", "lists.total-of-empty"]);
    assert!(said.out.contains("a case, must") && said.out.contains("stated at    cases/lists/"), "{said:?}");
    let said = say(dir.path(), &["check"]);
    assert_eq!(said.code, Some(0));
    assert!(said.out.starts_with("no problems: "), "{said:?}");
}

#[test]
fn schemas_are_those_of_the_repository() {
    let dir = folder();
    for (format, text) in [
        ("case", include_str!("../../schemas/case.schema.json")),
        ("target", include_str!("../../schemas/target.schema.json")),
        ("run", include_str!("../../schemas/run.schema.json")),
        ("proof", include_str!("../../schemas/proof.schema.json")),
        ("known-failures", include_str!("../../schemas/known-failures.schema.json")),
        ("faults", include_str!("../../schemas/faults.schema.json")),
    ] {
        let said = say(dir.path(), &["schema", format]);
        assert_eq!((said.code, said.out.as_str()), (Some(0), text), "{format}");
    }
}

#[test]
fn completions_and_the_manual_page_are_there() {
    let dir = folder();
    for shell in ["bash", "zsh", "fish"] {
        let said = say(dir.path(), &["completions", shell]);
        assert_eq!(said.code, Some(0));
        assert!(said.out.contains("atlaspec") && said.out.contains("read-only"), "{shell}");
    }
    let said = say(dir.path(), &["man"]);
    assert!(said.code == Some(0) && said.out.contains(".TH atlaspec"), "{said:?}");
}

#[test]
fn target_files_and_case_files_are_told_apart() {
    let dir = folder();
    let users = "users:\n  owner: { username: o, api-key: { env: ATLASPEC_NOT_SET } }\n";
    write(dir.path(), "t.yaml", format!("name: t\nbase-url: https://127.0.0.1/\n{users}"));
    let said = say(dir.path(), &["check", "t.yaml"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.starts_with("no problems: 1 target file\n\nt.yaml enables "), "{said:?}");
    assert!(said.out.contains("more need  parameters: { list: { long: … } }\n"), "{said:?}");
    write(dir.path(), "t.yaml", format!("name: t\nbase_url: https://127.0.0.1/\n{users}"));
    let said = say(dir.path(), &["check", "t.yaml"]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("did you mean `base-url`?") && !said.err.contains("case"), "{said:?}");
}
