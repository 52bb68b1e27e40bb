//! Files that `new` writes to begin with, and the schemas for editors.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::bench::{folder, refused, say, write};

/// Asserts that a command ends well; returns what it printed.
fn done(folder: &Path, arguments: &[&str]) -> String {
    let said = say(folder, arguments);
    assert_eq!(said.code, Some(0), "{arguments:?}: {said:?}");
    said.out
}

/// The schema that the first line of a file leads to.
fn schema_of(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap();
    let way = text.lines().next().unwrap().strip_prefix("# yaml-language-server: $schema=").unwrap();
    serde_json::from_str(&fs::read_to_string(path.parent().unwrap().join(way)).unwrap()).unwrap()
}

#[test]
fn what_is_written_is_accepted_and_has_a_schema() {
    let dir = folder();
    let new = [
        (&["new", "case", "mine/lists/First_Page.yaml"][..], "mine", "mine/lists/First_Page.yaml", "case"),
        (&["new", "case", "plain.yaml", "--chapter", "paging"], "plain.yaml", "plain.yaml", "case"),
        (&["new", "suite", "conventions", "--chapter", "boats"], "conventions", "conventions/boats/first.yaml", "case"),
        (&["new", "target", "deep/er/staging.yaml"], "deep/er/staging.yaml", "deep/er/staging.yaml", "target"),
    ];
    for (command, checked, file, schema) in new {
        done(dir.path(), command);
        let said = done(dir.path(), &["check", checked]);
        assert!(said.starts_with("no problems: 1 "), "{said}");
        assert_eq!(schema_of(&dir.path().join(file))["$id"], format!("urn:atlaspec:schema:{schema}"));
        let text = fs::read_to_string(dir.path().join(file)).unwrap();
        assert!(!text.contains('@') || schema == "target", "a place was not filled in: {text}");
    }
    let written = fs::read_to_string(dir.path().join("mine/lists/First_Page.yaml")).unwrap();
    assert!(
        written.contains("id: own.first-page ") && written.contains("check mine/lists/First_Page.yaml"),
        "{written}"
    );
    // The schemas beside them are no payload schemas.
    done(dir.path(), &["check", "mine", ".atlaspec", "plain.yaml"]);
}

#[test]
fn what_is_written_can_be_run() {
    let dir = folder();
    done(dir.path(), &["new", "case", "mine.yaml"]);
    let said = done(dir.path(), &["run", "--only-cases", "mine.yaml"]);
    assert!(said.contains("\nown  ") && said.contains("1 passed in"), "{said}");
    done(dir.path(), &["new", "suite", "own"]);
    let target =
        "name: t\nbase-url: http://127.0.0.1:9/api\nusers: { owner: { username: o, api-key: { env: PATH } } }\n";
    write(dir.path(), "t.yaml", target);
    let run = ["run", "--target", "t.yaml", "--only-cases", "own", "--dry-run", "--set", "parameters.entity=/x"];
    let said = done(dir.path(), &run);
    assert!(said.contains("things.read-one"), "{said}");
}

#[test]
fn nothing_is_replaced() {
    let dir = folder();
    write(dir.path(), "a.yaml", "mine");
    write(dir.path(), "own/things/first.yaml", "mine");
    write(dir.path(), ".atlaspec/case.json", "mine");
    refused(dir.path(), &["new", "case", "a.yaml"], 2, &["a.yaml: there already, and not replaced"]);
    refused(dir.path(), &["new", "target", "a.yaml"], 2, &["a.yaml: there already"]);
    refused(dir.path(), &["new", "suite", "own"], 2, &["own/things/first.yaml: there already"]);
    refused(dir.path(), &["new", "case", "b.yaml", "--chapter", "A b"], 2, &["kebab-case"]);
    assert!(!dir.path().join("own/requirements.yaml").exists(), "all or nothing");
    done(dir.path(), &["new", "case", "c.yaml"]);
    for path in ["a.yaml", "own/things/first.yaml", ".atlaspec/case.json"] {
        assert_eq!(fs::read_to_string(dir.path().join(path)).unwrap(), "mine");
    }
}

#[test]
fn the_schemas_of_all_formats_can_be_written() {
    let dir = folder();
    write(dir.path(), "s/case.json", "old");
    done(dir.path(), &["schema", "--write", "s"]);
    for name in ["case", "target", "known-failures", "run", "proof"] {
        let text = fs::read_to_string(dir.path().join(format!("s/{name}.json"))).unwrap();
        let schema: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(schema["$id"], format!("urn:atlaspec:schema:{name}"));
        jsonschema::validator_for(&schema).expect("a schema");
        assert_eq!(done(dir.path(), &["schema", name]), text, "{name}");
    }
    refused(dir.path(), &["schema"], 2, &["<FORMAT>"]);
}
