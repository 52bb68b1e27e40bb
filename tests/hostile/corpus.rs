//! The fuzz targets' functions on what is kept of their findings, and on small changes of it, as many as
//! `PROPTEST_CASES` says: `cargo fuzz` goes further.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::entries;

/// The seeds of one target.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("a corpus").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{target} has no seeds");
    paths.into_iter().map(|path| fs::read(path).expect("a seed")).collect()
}

/// A seed with some bytes replaced, left out or repeated.
fn changed(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), any::<u8>(), 0..4_u8);
    (prop::sample::select(seeds), prop::collection::vec(change, 1..6)).prop_map(|(mut bytes, changes)| {
        for (at, byte, how) in changes {
            let at = at.index(bytes.len() + 1);
            match how {
                0 => bytes.truncate(at.max(1)),
                1 => bytes.insert(at, byte),
                2 if at < bytes.len() => bytes[at] = byte,
                _ => bytes.extend_from_within(at..bytes.len().min(at + 64)),
            }
        }
        bytes
    })
}

fn replay(target: &str, entry: fn(&[u8])) {
    replay_all(target, seeds(target), entry);
}

fn replay_all(target: &str, seeds: Vec<Vec<u8>>, entry: fn(&[u8])) {
    for seed in &seeds {
        entry(seed);
    }
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let run = runner.run(&changed(seeds), |bytes| {
        entry(&bytes);
        Ok(())
    });
    run.unwrap_or_else(|error| panic!("{target}: {error}"));
}

#[test]
fn case_files() {
    replay("case_file", entries::case_file);
}

#[test]
fn target_files() {
    replay("target_file", entries::target_file);
}

#[test]
fn challenges() {
    replay("challenge", entries::challenge);
}

#[test]
fn links() {
    replay("link", entries::link);
}

#[test]
fn json_texts() {
    replay("json", entries::json);
}

#[test]
fn stored_runs() {
    replay("run_json", entries::run_json);
}

#[test]
fn filters() {
    replay("filter", entries::filter);
}

#[test]
fn lists_of_known_failures() {
    replay("known_failures", entries::known_failures);
}

#[test]
fn templates() {
    replay("template", entries::template);
}

#[test]
fn certificates() {
    // The page changes with its template: it is made, not kept.
    let page = entries::PAGE.as_bytes().to_vec();
    replay_all("certificate", [seeds("certificate"), vec![page]].concat(), entries::certificate);
}

#[test]
fn journals() {
    replay("journal", entries::journal);
}
