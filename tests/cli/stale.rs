//! Reports of an earlier run, where a later one judges nothing: no reader may take them for its result.

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use serde_json::Value;

use crate::bench::{Served, folder, say, with_line, write};

/// Formats with a word of their own for what is worst, beside the reason.
const FORMATS: [(&str, &str, &str); 10] = [
    ("json", "run.json", "\"conclusion\": \"undecided\""),
    ("html", "report.html", "Inconclusive"),
    ("junit", "junit.xml", "errors=\"1\""),
    ("markdown", "summary.md", "## Inconclusive"),
    ("github", "annotations.txt", "::error title=Inconclusive"),
    ("ctrf", "ctrf.json", "\"failed\": 1"),
    ("tap", "run.tap", "not ok 1 - run nothing was judged"),
    ("earl", "earl.jsonld", "earl:cantTell"),
    ("badge", "badge.json", "\"isError\": true"),
    ("badge-svg", "badge.svg", "nothing judged"),
];

/// The target of a server, and the same with nobody there, with a wrong key, and with an authority that is none.
fn targets(served: &Served) {
    let dir = served.folder.path();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let nobody = listener.local_addr().expect("an address");
    drop(listener);
    let target = served.target();
    write(dir, "down.yaml", with_line(&target, "base-url", &format!("base-url: http://{nobody}/api")));
    write(dir, "wrong.key", "wrong");
    write(dir, "key.yaml", target.replace("keys/owner.key", "wrong.key"));
    write(dir, "ca.yaml", format!("{target}tls: {{ ca: no.pem }}\n"));
}

/// A folder with green reports of every format.
fn green(dir: &Path) {
    let said = say(dir, &["run", "--target", "t.yaml", "lists.total-of-empty", "--reports", "r", "--prove"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(dir.join("r/proof.json").exists());
    let words = FORMATS.iter().filter(|(format, ..)| *format != "json").flat_map(|(format, ..)| ["--format", *format]);
    let words: Vec<&str> = ["report", "r/run.json", "--reports", "r"].into_iter().chain(words).collect();
    assert_eq!(say(dir, &words).code, Some(0));
}

/// Asserts that every report says that nothing was judged, and why.
fn all_say(dir: &Path, why: &str) {
    for (format, name, worst) in FORMATS {
        let text = fs::read_to_string(dir.join("r").join(name)).expect(name);
        assert!(text.contains(worst), "{name}: {worst} is not said: {text}");
        assert!(format.starts_with("badge") || text.contains(why), "{name}: {why} is not said: {text}");
    }
    for name in ["exchanges.har", "proof.json"] {
        assert!(!dir.join("r").join(name).exists(), "{name} was that of another run");
    }
}

#[test]
fn where_nothing_is_judged_no_report_of_an_earlier_run_stays() {
    let served = Served::start(&[]);
    let dir = served.folder.path();
    targets(&served);
    for (target, code, why) in
        [("down.yaml", 3, "cannot be reached"), ("key.yaml", 3, "cannot log in"), ("ca.yaml", 2, "cannot be read")]
    {
        green(dir);
        let said = say(dir, &["run", "--target", target, "--reports", "r"]);
        assert_eq!(said.code, Some(code), "{target}: {said:?}");
        all_say(dir, why);
    }
    green(dir);
    let said = say(dir, &["run", "--target", "t.yaml", "--reports", "r", "lits.*"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    all_say(dir, "did you mean");
    // The run before is still the one that the next one is compared with.
    let said = say(dir, &["run", "--target", "t.yaml", "lists.total-of-empty", "--reports", "r"]);
    assert!(said.code == Some(0) && said.out.contains("nothing changed"), "{said:?}");
    assert!(!dir.join("r/last-judged.json").exists());
    let tap = fs::read_to_string(dir.join("r/run.tap")).expect("a report");
    assert!(tap.contains("\nok 1 - "), "reports of other formats are those of the same run: {tap}");
}

#[test]
fn a_target_that_is_down_has_reports_of_every_format() {
    let served = Served::start(&[]);
    let dir = served.folder.path();
    targets(&served);
    for (target, why) in [("down.yaml", "cannot be reached"), ("key.yaml", "cannot log in")] {
        for (format, name, worst) in FORMATS {
            let said = say(dir, &["run", "--target", target, "--reports", "r", "--format", format]);
            assert_eq!(said.code, Some(3), "{said:?}");
            assert!(said.out.contains(worst), "{format}: {worst} is not said: {}", said.out);
            assert!(format.starts_with("badge") || said.out.contains(why), "{format}: {}", said.out);
            let is_usual = ["json", "html", "junit", "markdown"].contains(&format);
            assert_eq!(dir.join("r").join(name).exists(), is_usual, "{name}");
        }
        fs::remove_dir_all(dir.join("r")).expect("a folder");
    }
}

#[test]
fn what_is_stored_of_a_run_that_judged_nothing_is_a_run() {
    let dir = folder();
    write(dir.path(), "r/junit.xml", "<testsuites/>");
    write(dir.path(), "t.yaml", "name: x y\nbase-url: nonsense\n");
    let said = say(dir.path(), &["run", "--target", "t.yaml", "--reports", "r"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    let text = fs::read_to_string(dir.path().join("r/run.json")).expect("a run");
    let run: Value = serde_json::from_str(&text).expect("JSON");
    let schema = serde_json::from_str(include_str!("../../schemas/run.schema.json")).expect("JSON");
    let schema = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
    let wrong: Vec<String> = schema.iter_errors(&run).map(|error| error.to_string()).collect();
    assert_eq!((wrong, &run["target"]["name"]), (Vec::<String>::new(), &Value::from("x y")));
    assert!(
        run["nothing_judged"].as_str().is_some_and(|why| why.starts_with("t.yaml:1: ")),
        "{}",
        run["nothing_judged"]
    );
    let said = say(dir.path(), &["report", "r/run.json", "--format", "human"]);
    assert_eq!(said.code, Some(3), "{said:?}");
    assert!(said.out.contains("Nothing was judged: t.yaml:1:"), "{}", said.out);
}

#[test]
fn a_run_of_which_everything_was_skipped_is_never_green() {
    let served = Served::start(&[]);
    let dir = served.folder.path();
    // Of two tests, a thousand machines get none.
    let words = ["run", "--target", "t.yaml", "lists.total-of-empty", "--shard", "7/1000", "--reports", "r"];
    let said = say(dir, &words);
    assert_eq!(said.code, Some(3), "{said:?}");
    let junit = fs::read_to_string(dir.join("r/junit.xml")).expect("a report");
    assert!(junit.contains("errors=\"1\"") && junit.contains("nothing was judged: all "), "{junit}");
}

#[test]
fn an_audit_of_nothing_replaces_the_reports_of_an_earlier_one() {
    let dir = folder();
    write(dir.path(), "a.har", "{\"log\": {\"entries\": []}}");
    for name in ["junit.xml", "audit.json"] {
        write(dir.path(), &format!("r/{name}"), "green");
    }
    let said = say(dir.path(), &["audit", "a.har", "--reports", "r"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    let junit = fs::read_to_string(dir.path().join("r/junit.xml")).expect("a report");
    assert!(junit.contains("nothing was judged: a.har: no JSON response is recorded"), "{junit}");
    assert!(!dir.path().join("r/audit.json").exists());
}

#[test]
fn a_plan_replaces_nothing() {
    let served = Served::start(&[]);
    let dir = served.folder.path();
    green(dir);
    let before = fs::read(dir.join("r/junit.xml")).expect("a report");
    let said = say(dir, &["run", "--target", "t.yaml", "--dry-run", "--reports", "r"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(fs::read(dir.join("r/junit.xml")).expect("a report"), before);
}
