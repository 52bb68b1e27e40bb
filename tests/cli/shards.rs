//! A suite that several machines share, and the run that they make together.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::bench::{Served, folder, say};

fn stored(folder: &Path, reports: &str) -> Value {
    let text = fs::read_to_string(folder.join(reports).join("run.json")).expect("a run");
    serde_json::from_str(&text).expect("JSON")
}

/// Id and outcome of every result.
fn outcomes(run: &Value) -> Vec<(String, String)> {
    let text = |it: &Value, key: &str| it[key].as_str().expect("a text").to_owned();
    run["results"].as_array().expect("results").iter().map(|it| (text(it, "id"), text(it, "verdict"))).collect()
}

#[test]
fn shards_together_are_the_run_of_the_whole() {
    let served = Served::start(&[]);
    let dir = &served.folder;
    let mut files = Vec::new();
    for number in 1..=3 {
        let (shard, reports) = (format!("{number}/3"), format!("r{number}"));
        let said = say(
            dir.path(),
            &["run", "--target", "t.yaml", "envelope.*", "errors.*", "--shard", &shard, "--reports", &reports],
        );
        assert_eq!(said.code, Some(0), "{said:?}");
        let run = stored(dir.path(), &reports);
        assert_eq!((&run["selection"]["shard"], &run["selection"]["complete"]), (&shard.into(), &false.into()));
        files.push(format!("{reports}/run.json"));
    }
    let said = say(dir.path(), &["run", "--target", "t.yaml", "envelope.*", "errors.*", "--reports", "whole"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let merge: Vec<&str> = ["merge", "--reports", "all"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let said = say(dir.path(), &merge);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    assert!(said.out.contains("Conformant: reference"), "{}", said.out);
    let (merged, whole) = (stored(dir.path(), "all"), stored(dir.path(), "whole"));
    assert_eq!(outcomes(&merged), outcomes(&whole));
    assert_eq!(merged["requirements"], whole["requirements"]);
    assert_eq!((&merged["counts"], &merged["selection"]), (&whole["counts"], &whole["selection"]));
    let passed: u64 = (1..=3)
        .map(|number| {
            let run = stored(dir.path(), &format!("r{number}"));
            let passed = run["counts"]["pass"].as_u64().expect("a number");
            assert!(passed > 3, "shard {number} has its part: {passed}");
            passed
        })
        .sum();
    assert!(passed >= merged["counts"]["pass"].as_u64().expect("a number"), "invariants are judged by every shard");
    for name in ["report.html", "junit.xml", "summary.md"] {
        assert!(dir.path().join("all").join(name).exists(), "{name}");
    }
}

#[test]
fn shards_of_the_embedded_server_fit_together_whatever_their_ports() {
    let dir = folder();
    for (shard, reports) in [("1/2", "one"), ("2/2", "two")] {
        let said = say(dir.path(), &["run", "links.*", "auth.no-plain-http", "--shard", shard, "--reports", reports]);
        assert_eq!(said.code, Some(0), "{said:?}");
    }
    let base_url = |reports: &str| stored(dir.path(), reports)["target"]["base_url"].clone();
    assert_ne!(base_url("one"), base_url("two"));
    let said = say(dir.path(), &["merge", "one/run.json", "two/run.json", "--reports", "all"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    assert_eq!(base_url("all"), base_url("one"));
}

#[test]
fn what_does_not_fit_together_is_refused_by_name() {
    let served = Served::start(&[]);
    let dir = &served.folder;
    for (shard, reports) in [("1/2", "one"), ("1/2", "again")] {
        let said = say(dir.path(), &["run", "--target", "t.yaml", "errors.*", "--shard", shard, "--reports", reports]);
        assert_eq!(said.code, Some(0), "{said:?}");
    }
    let said = say(dir.path(), &["merge", "one/run.json", "again/run.json", "--reports", "all"]);
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
    assert!(said.err.contains("again/run.json: shard 1/2 is there already, in one/run.json"), "{said:?}");
    assert!(said.err.contains("these shards are missing: 2/2"), "{said:?}");
    assert!(!dir.path().join("all").exists());
    let said = say(dir.path(), &["run", "--shard", "3/2"]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("a shard is `K/N`, the K-th of N"), "{said:?}");
}
