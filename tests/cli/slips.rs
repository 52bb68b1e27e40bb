//! Slips that authors make: each message says what to write instead.

use crate::bench::{folder, refused, write};

/// A case file with these lines of a step and of `needs`.
fn case(needs: &str, step: &str) -> String {
    format!(
        "format: 1\nchapter: own\ncases:\n  - id: own.a\n    purpose: Ensure that it is so.\n    \
         requirements: [lists.page-number-default]\n    needs: [{needs}]\n    steps:\n      - {step}\n"
    )
}

#[test]
fn a_slip_in_a_case_is_told_with_what_to_write() {
    let dir = folder();
    let lists = "lists, list.long";
    let get = |expect: &str| case(lists, &format!("request: GET {{list.long}}\n        expect: {expect}"));
    for (text, says) in [
        (get("{ status: 200 }").replace("is so.", "is so"), &["5:14", "ends with a full stop"][..]),
        (get("{ body: { results: 1 } }"), &["`results` is not a JSONPath: write `$.results`"]),
        (get("{ body: { \"[0].id\": 1 } }"), &["write `$[0].id`"]),
        (get("{ body: { $.a: { greater: 1 } } }"), &["`greater` is no key of a matcher", "help: write `above`"]),
        (get("{ body: { $.a: { min: 1 } } }"), &["help: write `at-least`"]),
        (get("{ body: { $.a: { regex: x } } }"), &["help: write `matches`"]),
        (get("{ code: 200 }"), &["help: write `status`"]),
        (
            case(lists, "request: GTE {list.long}\n        expect: { status: 200 }"),
            &["9:18", "`GTE` is not a method of HTTP", "write `GET`; a method that is unknown on purpose"],
        ),
        (case(lists, "request: get {list.long}\n        expect: { status: 200 }"), &["with the method in capitals"]),
        (
            case(lists, "request: GET {list.long}\n        save: { x: results }\n        expect: { status: 200 }"),
            &["10:20", "`results` is not a JSONPath: write `$.results`"],
        ),
        (
            case("widget", "request: GET {widget}\n        expect: { status: 200 }"),
            &[
                "`widget` is no claim, user, source or parameter of a target",
                "`{widget}` names nothing that is known here",
                "write a name of your own as `custom.NAME`",
                "into the target file: `parameters: { custom: { NAME: … } }`",
            ],
        ),
    ] {
        write(dir.path(), "a.yaml", &text);
        refused(dir.path(), &["check", "a.yaml"], 2, says);
    }
}

#[test]
fn a_file_of_another_kind_is_told_by_its_kind() {
    let dir = folder();
    write(dir.path(), "a.yaml", case("lists", "request: GET /\n        expect: { status: 200 }"));
    write(dir.path(), "d/b.yaml", "name: b\n");
    write(dir.path(), "d/a.yaml", "\"name\": a\n");
    write(dir.path(), "d/case.yaml", "chapter: x\n");
    write(dir.path(), "e/x.txt", "");
    for (arguments, says) in [
        (
            &["run", "--target", "d"][..],
            "`d` is a folder, and a target file is due; name a file in it, as `d/a.yaml` or `d/b.yaml`",
        ),
        (
            &["cleanup", "--target", "e"],
            "`e` is a folder, and a target file is due; name a file: `atlaspec new target FILE`",
        ),
        (
            &["run", "--target", "a.yaml"],
            "`a.yaml` is a case file, and a target file is due; give case files with --only-cases a.yaml",
        ),
        (
            &["run", "--only-cases", "d/b.yaml"],
            "`d/b.yaml` is a target file, and case files are due; give it with --target d/b.yaml",
        ),
    ] {
        refused(dir.path(), arguments, 2, &[says]);
    }
}

#[test]
fn a_target_file_may_have_its_keys_in_quotes() {
    let dir = folder();
    let text = "\"name\": t\n\"base-url\": http://127.0.0.1:9/\n\"users\": { \"owner\": { \"username\": o, \"api-key\": KEY } }\n";
    write(dir.path(), "t.yaml", text.replace("KEY", "\"canary-7\""));
    for command in [&["check", "t.yaml"][..], &["run", "--target", "t.yaml"]] {
        refused(
            dir.path(),
            command,
            2,
            &["t.yaml:3:", "the place of a key like `{ env: NAME }`", "1 problem in 1 file"],
        );
        let said = crate::bench::say(dir.path(), command);
        assert!(!said.err.contains("canary-7"), "{said:?}");
    }
    write(dir.path(), "t.yaml", text.replace("KEY", "{ \"url\": x }"));
    refused(dir.path(), &["check", "t.yaml"], 2, &["t.yaml:3:", "the place of a key"]);
    write(dir.path(), "t.yaml", text.replace("KEY", "{ \"env\": PATH }").replace("base-url", "host"));
    refused(dir.path(), &["check", "t.yaml"], 2, &["`host` is no key of a target file", "help: write `base-url`"]);
}
