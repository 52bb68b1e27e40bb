use serde_json::{Map, json};

use super::*;
use crate::suite::{Uniques, load};

const CASES: &str = "
format: 1
chapter: lists
cases:
  - id: lists.walk
    purpose: Ensure that a walk ends.
    requirements: [lists.total]
    needs: [list.long]
    for-each: { size: [1, 7] }
    steps:
      - request: GET {list.long}?itemsPerPage={size}
        expect: { status: 200 }
  - id: lists.change
    purpose: Ensure that a list changes.
    requirements: [lists.size]
    effects: writes
    needs: [document.list, document.update]
    for-each: { member: '{document.update}' }
    steps:
      - request: POST {document.list}
        body: '{member}'
        expect: { status: 201 }
invariants:
  - id: lists.every
    purpose: Ensure that each list is one.
    requirements: [lists.total]
    expect: { status: 200 }
";

const REQUIREMENTS: &str = "
format: 1
requirements:
  - { id: lists.total, level: must, statement: S., section: Lists }
  - { id: lists.size, level: should, statement: S., section: Lists }
";

fn suite() -> Suite {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    load(&[file("cases/requirements.yaml", REQUIREMENTS), file("cases/lists/a.yaml", CASES)]).unwrap()
}

fn scope(update: &Value) -> Scope {
    let mut globals = Map::new();
    globals.insert("list".into(), json!({ "long": "/l" }));
    globals.insert("document".into(), json!({ "list": "/d", "update": update }));
    Scope::new(Arc::new(globals), Uniques::new("t"))
}

fn planned(filters: &Filters) -> Plan {
    plan(&suite(), &|_| Ok(()), &scope(&json!({ "a": 1, "b": 2 })), filters).unwrap()
}

fn lacks(need: &str) -> Reason {
    let (kind, name) = (reason::KeyKind::Parameter, need.to_owned());
    Reason::lacks(MissingKey { kind, name, line: String::new(), purpose: None })
}

fn by_ids() -> Reason {
    Reason::Filter { by: reason::Filter::Id }
}

fn ids(plan: &Plan) -> Vec<&str> {
    let run = plan.to_run.iter().map(|one| one.id.as_str());
    run.chain(plan.invariants.iter().map(|one| one.id.as_str())).collect()
}

fn by_id(id: &str) -> Filters {
    Filters { ids: vec![id.into()], ..Filters::default() }
}

#[test]
fn every_combination_is_an_instance() {
    let plan = planned(&Filters::default());
    assert_eq!(
        ids(&plan),
        ["lists.change[member=a]", "lists.change[member=b]", "lists.walk[size=1]", "lists.walk[size=7]", "lists.every"]
    );
    assert_eq!(plan.to_run[3].variables, [("size".to_owned(), json!(7))]);
    assert_eq!(plan.set_aside, []);
}

#[test]
fn filters_choose_and_say_why_not() {
    let plan = planned(&by_id("lists.walk[size=7]"));
    assert_eq!(ids(&plan), ["lists.walk[size=7]"]);
    let aside: Vec<_> = plan.set_aside.iter().map(|one| (one.id.as_str(), one.why(), one.reason.clone())).collect();
    assert_eq!(
        aside,
        [
            ("lists.change", Why::NotSelected, by_ids()),
            ("lists.every", Why::NotSelected, by_ids()),
            ("lists.walk[size=1]", Why::NotSelected, by_ids()),
        ]
    );
    assert_eq!(ids(&planned(&by_id("lists.w*"))), ["lists.walk[size=1]", "lists.walk[size=7]"]);
    let levels = Filters { levels: vec![Level::Should], ..Filters::default() };
    assert_eq!(ids(&planned(&levels)), ["lists.change[member=a]", "lists.change[member=b]"]);
    let reading = Filters { read_only: true, ..Filters::default() };
    assert_eq!(planned(&reading).set_aside[0].reason, Reason::ReadOnly);
}

#[test]
fn a_filter_that_matches_nothing_is_a_mistake() {
    let message =
        |filters: &Filters| plan(&suite(), &|_| Ok(()), &scope(&json!({ "a": 1 })), filters).unwrap_err().to_string();
    assert_eq!(message(&by_id("lists.wlak")), "no case or invariant `lists.wlak`: did you mean `lists.walk`?");
    assert_eq!(
        message(&by_id("lists.{")),
        "`lists.{` is not a pattern of ids: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)"
    );
    let chapters = Filters { chapters: vec!["list".into()], ..Filters::default() };
    assert_eq!(message(&chapters), "no chapter `list`: did you mean `lists`?");
    let requirements = Filters { requirements: vec!["auth.x".into()], ..Filters::default() };
    assert_eq!(message(&requirements), "no requirement `auth.x`");
}

#[test]
fn what_the_target_lacks_sets_a_case_aside() {
    let has = |need: &str| if need == "list.long" { Err(lacks(need)) } else { Ok(()) };
    let plan = plan(&suite(), &has, &scope(&json!({})), &Filters::default()).unwrap();
    let aside: Vec<_> = plan.set_aside.iter().map(|one| (one.id.as_str(), one.why(), one.reason.clone())).collect();
    let empty = Reason::EmptyList { variable: "member".to_owned(), list: Some("{document.update}".to_owned()) };
    assert_eq!(
        aside,
        [("lists.change", Why::NotApplicable, empty), ("lists.walk", Why::NotApplicable, lacks("list.long")),]
    );
    assert_eq!(ids(&plan), ["lists.every"]);
}

#[test]
fn all_that_a_case_lacks_is_named_at_once() {
    let mut suite = suite();
    let needs = ["writes", "document", "document.update", "users.reader"];
    suite.cases[0].needs = needs.iter().map(|&need| need.to_owned()).collect();
    let id = suite.cases[0].id.clone();
    let scope = scope(&json!({ "a": 1 }));
    let reason = |missing: &[&str]| {
        let has = |need: &str| if missing.contains(&need) { Err(lacks(need)) } else { Ok(()) };
        let plan = plan(&suite, &has, &scope, &Filters::default()).unwrap();
        plan.set_aside.into_iter().find(|one| one.id == id).unwrap().reason
    };
    let names = |reason: Reason| reason.missing_keys().iter().map(|key| key.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(reason(&["writes"])), ["writes"]);
    assert_eq!(names(reason(&needs)), ["writes", "document", "users.reader"]);
}

#[test]
fn long_values_stay_apart() {
    let (a, b) = ("x".repeat(60) + "a", "x".repeat(60) + "b");
    let plan = plan(&suite(), &|_| Ok(()), &scope(&json!([a, b, "c", "c"])), &by_id("lists.change")).unwrap();
    let ids = ids(&plan);
    assert_eq!(ids.len(), 4);
    assert_ne!(ids[2], ids[3]);
    assert!(ids.iter().all(|id| id.chars().count() < 80), "{ids:?}");
    assert_eq!(ids[..2], ["lists.change[member=c]", "lists.change[member=c]#2"]);
}

/// What reading permits of a case with these requests, and what a target without the claim of writes does.
fn permitted(effects: &str, requests: &[&str]) -> [bool; 2] {
    let step = |request: &&str| format!("      - request: {request}\n        expect: {{ status: 405 }}\n");
    let steps = requests.iter().map(step).collect::<Vec<_>>().concat();
    let case = format!(
        "format: 1\nchapter: lists\ncases:\n  - id: lists.x\n    purpose: Ensure that it is so.\n    requirements: \
         [lists.total]\n    effects: {effects}\n    steps:\n{steps}"
    );
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let requirement = REQUIREMENTS.lines().filter(|line| !line.contains("lists.size")).collect::<Vec<_>>().join("\n");
    let suite = load(&[file("cases/requirements.yaml", &requirement), file("cases/lists/a.yaml", &case)]).unwrap();
    let has = |need: &str| if need == "writes" { Err(lacks(need)) } else { Ok(()) };
    let filters = [
        Filters { read_only: true, ..Filters::default() },
        Filters { writing: Writing::WhereClaimed, ..Filters::default() },
    ];
    filters.map(|filters| plan(&suite, &has, &scope(&json!({})), &filters).is_ok_and(|plan| !plan.to_run.is_empty()))
}

#[test]
fn reading_sends_get_head_and_what_the_root_must_refuse() {
    assert_eq!(permitted("reads", &["GET /a", "HEAD /"]), [true, true]);
    assert_eq!(permitted("writes", &["GET /", "DELETE /"]), [true, true]);
    for requests in [&["DELETE /a"][..], &["DELETE /", "POST /"], &["PUT /"], &["DELETE /?x=1"]] {
        assert_eq!(permitted("writes", requests), [false, false], "{requests:?}");
    }
    // What says that it writes is believed, though it sends GET alone.
    assert_eq!(permitted("writes", &["GET /start"]), [false, false]);
}

fn scope_of_kinds() -> Scope {
    let mut globals = Map::new();
    globals.insert("list".into(), json!({ "long": ["/a", "/b"] }));
    let boats = json!({ "list": "/boats", "update": { "a": 1 } });
    globals.insert("documents".into(), json!({ "boats": boats, "piers": { "list": "/piers" } }));
    Scope::new(Arc::new(globals), Uniques::new("t"))
}

#[test]
fn every_kind_has_a_test_of_its_own() {
    let has = |need: &str| if need == "documents.piers.update" { Err(lacks(need)) } else { Ok(()) };
    let scope = scope_of_kinds();
    let planned = plan(&suite(), &has, &scope, &Filters::default()).unwrap();
    assert_eq!(
        ids(&planned),
        [
            "lists.change[document=boats,member=a]",
            "lists.walk[list.long=/a,size=1]",
            "lists.walk[list.long=/a,size=7]",
            "lists.walk[list.long=/b,size=1]",
            "lists.walk[list.long=/b,size=7]",
            "lists.every"
        ]
    );
    let aside: Vec<_> = planned.set_aside.iter().map(|one| (one.id.as_str(), &one.reason)).collect();
    assert_eq!(aside, [("lists.change[document=piers]", &lacks("documents.piers.update"))]);
    let bound = planned.to_run[3].bind(scope);
    assert_eq!(bound.text("{list.long}").unwrap(), "/b");
    assert_eq!(planned.to_run[0].bind(scope_of_kinds()).text("{document.list}").unwrap(), "/boats");
}

#[test]
fn what_all_kinds_lack_is_said_once() {
    let has = |need: &str| if need == "writes" { Err(lacks(need)) } else { Ok(()) };
    let mut suite = suite();
    suite.cases[0].needs.insert(0, "writes".to_owned());
    let planned = plan(&suite, &has, &scope_of_kinds(), &by_id("lists.change")).unwrap();
    let aside: Vec<_> = planned.set_aside.iter().map(|one| (one.id.as_str(), &one.reason)).collect();
    assert_eq!(aside[0], ("lists.change", &lacks("writes")));
}

#[test]
fn each_kind_holds_its_own_lock() {
    let mut suite = suite();
    suite.cases[0].holds = vec!["documents".to_owned(), "clock".to_owned()];
    let planned = plan(&suite, &|_| Ok(()), &scope_of_kinds(), &by_id("lists.change")).unwrap();
    assert_eq!(planned.to_run[0].holds(), ["documents.boats", "clock"]);
}
