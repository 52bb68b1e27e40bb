//! Parameters of an author's own: `parameters: { custom: … }`.

use crate::bench::{Served, folder, refused, say, with_line, write};

/// Cases that use parameters of their own, one of which is tried for each value of a list, and one for each name.
const CASES: &str = "\
format: 1
chapter: own
cases:
  - id: own.one
    purpose: Ensure that what the file names is there.
    requirements: [lists.page-number-default]
    needs: [custom.place]
    steps:
      - request: GET {custom.place.path}
        expect: { status: 200, headers: { Content-Type: { contains: '{custom.place.type}' } } }
  - id: own.each
    purpose: Ensure that each place of the file is there.
    requirements: [lists.page-number-default]
    needs: [group, custom.parts]
    for-each: { part: '{custom.parts}' }
    steps:
      - request: GET /groups/{group}/{part}
        expect: { status: 200 }
  - id: own.named
    purpose: Ensure that each name of the file is there.
    requirements: [lists.page-number-default]
    needs: [group, custom]
    for-each: { name: '{custom.named}' }
    let: { path: '{custom.named.{name}}' }
    steps:
      - request: GET {path}
        expect: { status: 200 }
";

/// The line of a target file that declares them.
const CUSTOM: &str = "  custom: { place: { path: '/groups/{group}', type: application/json }, parts: [hosts, alertConfigs], \
    named: { a: /groups, b: '/groups/{group}' } }";

#[test]
fn cases_use_parameters_of_their_own() {
    let served = Served::start(&[]);
    let dir = served.folder.path();
    write(dir, "mine/a.yaml", CASES);
    let target = served.target();
    let group = target.lines().find(|line| line.starts_with("  group:")).expect("a group").to_owned();
    write(dir, "t.yaml", with_line(&target, "group", &format!("{group}\n{CUSTOM}")));
    let said = say(dir, &["run", "--target", "t.yaml", "--only-cases", "mine", "--reports", "r"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let run: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(dir.join("r/run.json")).expect("a run")).expect("JSON");
    let passed = run["results"].as_array().expect("results").iter().filter(|it| it["verdict"] == "pass");
    let passed: Vec<&str> = passed.filter_map(|it| it["id"].as_str()).collect();
    let each = ["own.each[part=alertConfigs]", "own.each[part=hosts]", "own.named[name=a]", "own.named[name=b]"];
    assert!(each.iter().chain(&["own.one"]).all(|id| passed.contains(id)), "{passed:?}");

    // Without them the cases are skipped, and the file is told what to write.
    write(dir, "t.yaml", with_line(&target, "group", &format!("{group}\n  custom: {{ plaec: 1 }}")));
    let said =
        say(dir, &["run", "--target", "t.yaml", "--only-cases", "mine", "--reports", "r", "own.one", "own.each"]);
    assert_eq!(said.code, Some(3), "{said:?}");
    let page = std::fs::read_to_string(dir.join("r/run.json")).expect("a run");
    for says in [
        "parameters: { custom: { place: … } }",
        "the file has `custom.plaec`",
        "parameters: { custom: { parts: … } }",
        "a name of the suite's own",
    ] {
        assert!(page.contains(says), "{says}: {page}");
    }
}

#[test]
fn a_slip_with_parameters_of_their_own_is_told_with_what_to_write() {
    let dir = folder();
    let target = "name: t\nbase-url: http://127.0.0.1:9/\nusers: { owner: { username: o, api-key: { env: PATH } } }\n";
    for (parameters, says) in [
        ("custom: { Place: 1 }", &["no case can use the name `Place`", "write a small letter, then letters"][..]),
        ("custom: { a.b: 1 }", &["no case can use the name `a.b`"]),
        ("custom: [a]", &["expected a map of names and values, found a list"]),
        ("custom: { a: '{grup}' }", &["`{grup}` names no parameter of this file"]),
        ("stations: [a, b]", &["`stations` is a name of your own", "write it under `custom`"]),
        ("custm: { a: 1 }", &["did you mean `custom`?"]),
    ] {
        write(dir.path(), "t.yaml", format!("{target}parameters: {{ {parameters} }}\n"));
        refused(dir.path(), &["check", "t.yaml"], 2, says);
    }
    for (from, to, says) in [
        ("[custom.place]", "[custom.plaice]", &["`custom.place` is the target's", "did you mean `custom.plaice`?"][..]),
        ("[custom.place]", "[custom.place.path]", &["what is inside `custom.place` cannot be needed"]),
        ("[custom.place]", "[custom.Place]", &["`custom.Place`"]),
        ("{ path: '{custom.named", "{ custom: '{custom.named", &["`custom` is a name of the target's"]),
    ] {
        write(dir.path(), "a.yaml", CASES.replacen(from, to, 1));
        refused(dir.path(), &["check", "a.yaml"], 2, says);
    }
}
