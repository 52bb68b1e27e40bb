//! Formats of a run, its archive of exchanges, and what it says about the run before.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::bench::{folder, say, write};

/// A case that fails, beside one that passes.
const FAILING: &str = "\
format: 1
chapter: lists
cases:
  - id: lists.failing
    purpose: Ensure that a case that fails is there.
    requirements: [lists.page-number-default]
    needs: [lists, list.long]
    steps:
      - request: GET {list.long}
        expect: { status: 418 }
";

/// The same case, which passes.
fn passing() -> String {
    FAILING.replace("418", "200")
}

fn json(path: impl AsRef<Path>) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("a file")).expect("JSON")
}

#[test]
fn no_format_changes_the_exit_code() {
    let dir = folder();
    write(dir.path(), "bad/a.yaml", FAILING);
    write(dir.path(), "good/a.yaml", passing());
    for format in ["human", "json", "junit", "html", "markdown", "github", "ctrf", "tap", "earl", "badge", "badge-svg"]
    {
        for (cases, code) in [("bad", 1), ("good", 0)] {
            let said =
                say(dir.path(), &["run", "--only-cases", cases, "--reports", cases, "--format", format, "--quiet"]);
            assert_eq!(said.code, Some(code), "{format}: {}", said.err);
            assert!(!said.out.is_empty(), "{format}");
            let run = format!("{cases}/run.json");
            let again = say(dir.path(), &["report", &run, "--only-cases", cases, "--format", format, "--quiet"]);
            assert_eq!(again.code, Some(code), "{format}: {}", again.err);
            assert!(format == "human" || again.out == said.out, "{format} is rendered again as it was");
        }
    }
}

#[test]
fn a_run_of_another_format_is_refused_in_one_sentence() {
    let dir = folder();
    write(dir.path(), "old.json", r#"{"format":1,"results":[{"reason":"interrupted"}]}"#);
    for arguments in [&["report", "old.json"][..], &["diff", "old.json", "old.json"], &["merge", "old.json"]] {
        let said = say(dir.path(), arguments);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{arguments:?}: {said:?}");
        let sentence = "the stored run has format 1, but this program reads format 2: make it again with this version";
        assert_eq!(said.err.matches(sentence).count(), 1, "{arguments:?}: {}", said.err);
        assert!(said.err.contains("old.json") && said.err.lines().count() == 1, "{arguments:?}: {}", said.err);
    }
}

#[test]
fn report_writes_several_formats_and_says_which() {
    let dir = folder();
    write(dir.path(), "good/a.yaml", passing());
    say(dir.path(), &["run", "--only-cases", "good", "--reports", "r"]);
    let said = say(dir.path(), &["report", "r/run.json", "--reports", "again"]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), ""));
    assert_eq!(said.err, "wrote again/report.html\nwrote again/junit.xml\nwrote again/summary.md\n");
    let said = say(dir.path(), &["report", "r/run.json", "--reports", "more", "--format", "tap", "--format", "earl"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), "wrote more/run.tap\nwrote more/earl.jsonld\n"));
    let said = say(dir.path(), &["report", "r/run.json", "--format", "tap", "--format", "earl"]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("several formats need a folder"), "{}", said.err);
}

#[test]
fn the_archive_has_every_exchange_whole() {
    let dir = folder();
    let said = say(dir.path(), &["run", "lists.*", "--reports", "r"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let har = json(dir.path().join("r/exchanges.har"));
    assert_eq!(har["log"]["version"], "1.2");
    let entries = har["log"]["entries"].as_array().expect("a list");
    let run = json(dir.path().join("r/run.json"));
    let results = run["results"].as_array().expect("a list");
    let stored: usize = results.iter().map(|it| it["exchanges"].as_array().expect("a list").len()).sum();
    assert!(entries.len() > stored, "{} entries, {stored} stored", entries.len());
    let mut longest = 0;
    for entry in entries {
        let content = &entry["response"]["content"];
        let text = content["text"].as_str().unwrap_or_default();
        assert_eq!(content["size"], text.len(), "a body is whole");
        longest = longest.max(text.len());
        let id = entry["_atlaspec_case"].as_str().expect("a case");
        let is_before = id == "before-the-cases";
        assert!(is_before || results.iter().any(|result| result["id"] == id), "{id} is a case of the run");
        assert!(entry["time"].as_f64().is_some_and(|time| time > 0.0), "{entry}");
    }
    assert!(longest > 10_000, "{longest}");
    let before = entries.iter().filter(|entry| entry["_atlaspec_case"] == "before-the-cases");
    // As nobody, and as five users of whom each is challenged once.
    assert_eq!(before.count(), 1 + 2 * 5, "the first logins");
    let challenges = entries.iter().filter(|entry| entry["_atlaspec_role"] == "challenge");
    assert!(challenges.clone().count() > 0 && challenges.clone().all(|entry| entry["response"]["status"] == 401));
}

#[test]
fn a_run_says_what_changed_since_the_last_one() {
    let dir = folder();
    let run = |text: &str| {
        write(dir.path(), "mine/a.yaml", text);
        say(dir.path(), &["run", "--only-cases", "mine", "--reports", "r"])
    };
    let said = run(&passing());
    assert!(said.code == Some(0) && !said.out.contains("changed"), "{}", said.out);
    fs::copy(dir.path().join("r/run.json"), dir.path().join("old.json")).expect("a copy");
    let said = run(FAILING);
    assert!(said.code == Some(1) && said.out.contains("  1 broken: lists.failing\n"), "{}", said.out);
    let summary = fs::read_to_string(dir.path().join("r/summary.md")).expect("a summary");
    assert!(summary.contains("- 1 broken&#58; lists.failing\n"), "{summary}");
    let history = fs::read_to_string(dir.path().join("r/history.jsonl")).expect("a history");
    let conclusions: Vec<Value> =
        history.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["conclusion"].clone()).collect();
    assert_eq!(conclusions, ["conformant", "non-conformant"]);

    // A run of other cases is compared by what both judged.
    write(dir.path(), "mine/b.yaml", passing().replace("lists.failing", "lists.passing"));
    fs::create_dir(dir.path().join("other")).expect("a folder");
    fs::copy(dir.path().join("r/run.json"), dir.path().join("other/run.json")).expect("a copy");
    let said = say(dir.path(), &["run", "--only-cases", "mine", "--reports", "other", "lists.passing"]);
    let told = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("of other cases: only what both judged is compared) nothing changed"), "{}", said.out);

    let said = say(dir.path(), &["diff", "old.json", "r/run.json"]);
    assert_eq!(said.code, Some(1));
    assert!(
        said.out.contains("broken: 1\n  lists.failing passed → failed\n") && said.out.contains("the suite changed")
    );
    let said = say(dir.path(), &["diff", "r/run.json", "old.json", "--format", "json"]);
    let found: Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!((said.code, &found["cases"][0]["kind"]), (Some(0), &Value::from("fixed")));
    let said = say(dir.path(), &["diff", "old.json", "old.json", "--format", "markdown"]);
    assert_eq!((said.code, said.out.lines().next()), (Some(0), Some("## Nothing changed.")));
    let said = say(dir.path(), &["diff", "old.json", "mine/a.yaml"]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("mine/a.yaml: this is no stored run"), "{}", said.err);
}

#[test]
fn what_is_left_of_a_damaged_folder_stops_no_run() {
    let dir = folder();
    write(dir.path(), "mine/a.yaml", passing());
    write(dir.path(), "r/run.json", "{\"format\": 1, \"tool");
    write(dir.path(), "r/history.jsonl", b"\xff\xfe no line\n{\"started\":");
    let said = say(dir.path(), &["run", "--only-cases", "mine", "--reports", "r"]);
    let note =
        "note: this run is missing in r/history.jsonl: what is there is not a history of runs and is left alone\n";
    assert_eq!((said.code, said.err.as_str()), (Some(0), note), "{said:?}");
    let history = fs::read(dir.path().join("r/history.jsonl")).expect("the file that was there");
    assert_eq!(history, b"\xff\xfe no line\n{\"started\":");
    assert_eq!(json(dir.path().join("r/run.json"))["conclusion"], "conformant");
}
