//! `--dry-run`, for people and for programs, and what a target file need not have for it.

use serde_json::Value;

use crate::bench::{folder, refused, say, write};

const TARGET: &str = "\
name: t
base-url: https://api.example.com/api
users:
  owner: { username: o, api-key: { file: nowhere.key } }
claims: [lists]
parameters:
  list: { long: /hosts }
";

#[test]
fn a_plan_for_programs_needs_no_key() {
    let dir = folder();
    write(dir.path(), "t.yaml", TARGET);
    let said = say(dir.path(), &["run", "--target", "t.yaml", "--chapter", "lists", "--dry-run", "--format", "json"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    let plan: Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!((&plan["format"], &plan["target"]["name"]), (&1.into(), &"t".into()));
    let cases = plan["cases"].as_array().expect("cases");
    let lines = |case: &Value| case["steps"].as_array().expect("steps").clone();
    assert!(cases.len() > 5, "{}", cases.len());
    assert!(cases.iter().all(|case| case["id"].as_str().is_some_and(|id| id.starts_with("lists."))));
    let reads =
        |line: &Value| line.as_str().is_some_and(|line| line.starts_with("GET https://api.example.com/api/hosts"));
    assert!(cases.iter().flat_map(lines).any(|line| reads(&line)), "requests are told");
    let aside = plan["set_aside"].as_array().expect("a list");
    let why = |it: &Value| {
        (it["verdict"].as_str().map(str::to_owned), it["reason"]["kind"].is_string() && it["message"].is_string())
    };
    assert!(aside.iter().any(|it| why(it) == (Some("not-applicable".to_owned()), true)), "{aside:?}");
    assert!(aside.iter().any(|it| why(it) == (Some("not-selected".to_owned()), true)), "{aside:?}");
    assert!(!dir.path().join("reports").exists());
    let told = say(dir.path(), &["run", "--target", "t.yaml", "--chapter", "lists", "--dry-run"]);
    assert_eq!(told.code, Some(0), "{told:?}");
}

#[test]
fn a_plan_has_no_other_form() {
    refused(folder().path(), &["run", "--dry-run", "--format", "junit"], 2, &["or with --format json for programs"]);
}
