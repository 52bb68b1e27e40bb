//! Alterations of a recorded run: in responses of the reference server, one thing is made wrong at a time. The audit finds
//! each kind of alteration that one response can show, and nothing else.
//!
//! `kinds.txt` is the table of the kinds. It was begun from the text of the specification alone, without looking at the
//! invariants.

mod response;
mod steps;

use std::collections::BTreeSet;
use std::thread;

use atlaspec::audit::Account;
use serde_json::{Value, json};
use url::Url;

use crate::live::{Server, har, traffic};
use crate::precision::audited;
use response::Kind;
use steps::{Place, altered};

/// The table. Each line has a name, the kind of response, the steps of the alteration, and the requirements that it
/// violates; `-` with a reason if an audit cannot know.
const TABLE: &str = include_str!("kinds.txt");

/// How many responses of a kind are recorded at most.
const OF_EACH_KIND: usize = 14;

/// In how many responses of its kind an alteration is tried.
const TRIED: usize = 2;

/// Chapters whose requests get responses of all kinds.
const CHAPTERS: [&str; 9] =
    ["bson", "codes", "entities", "envelope", "errors", "lists", "methods", "pretty", "rate"];

/// A line of the table.
struct Row {
    name: &'static str,
    response: &'static str,
    steps: &'static str,
    violates: BTreeSet<&'static str>,
}

fn rows() -> Vec<Row> {
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let row = |line: &'static str| {
        let cells: Vec<&str> = line.split(" | ").map(str::trim).collect();
        let [name, response, steps, violates] = cells[..] else { panic!("four cells are expected: {line}") };
        let violates = if violates.starts_with('-') { "" } else { violates };
        Row { name, response, steps, violates: violates.split(' ').filter(|id| !id.is_empty()).collect() }
    };
    lines.map(row).collect()
}

/// A recorded run, as far as it is altered: a few responses of each kind, no request twice.
struct Recording {
    base: Url,
    entries: Vec<(Kind, Value)>,
}

impl Recording {
    fn new() -> Self {
        let (exchanges, base) = traffic(Server::default(), &CHAPTERS);
        let mut log: Value = serde_json::from_str(&har(&exchanges)).expect("a recording");
        let mut entries: Vec<(Kind, Value)> = Vec::new();
        let mut seen = BTreeSet::new();
        for entry in log["log"]["entries"].as_array_mut().expect("entries").iter_mut().map(Value::take) {
            let Some(kind) = Kind::of(&entry) else { continue };
            let request = format!("{} {} {}", entry["request"]["method"], entry["request"]["url"], kind.name());
            if entries.iter().filter(|(known, _)| *known == kind).count() < OF_EACH_KIND && seen.insert(request) {
                entries.push((kind, entry));
            }
        }
        Self { base, entries }
    }

    /// The audit of the recording, with another entry in one place.
    fn audited(&self, changed: Option<(usize, Value)>) -> Account {
        let mut entries: Vec<&Value> = self.entries.iter().map(|(_, entry)| entry).collect();
        if let Some((at, entry)) = &changed {
            entries[*at] = entry;
        }
        audited(&json!({"log": {"version": "1.2", "entries": entries}}).to_string(), &self.base)
    }

    /// What is wrong with what is found for a kind of alteration, if anything.
    fn flaw(&self, row: &Row) -> Option<String> {
        let of_kind = self.entries.iter().enumerate().filter(|(_, (kind, _))| kind.name() == row.response);
        let mut tried = 0;
        for (at, (_, entry)) in of_kind {
            let Some(changed) = altered(entry, row.steps, &Place::of(entry, &self.base)) else { continue };
            let account = self.audited(Some((at, changed)));
            let found: BTreeSet<&str> =
                account.groups.iter().flat_map(|group| &group.requirements).map(String::as_str).collect();
            let mut examples = account.groups.iter().flat_map(|group| &group.examples);
            if found != row.violates {
                return Some(format!("{}: found {found:?}, expected {:?}", row.name, row.violates));
            }
            if let Some(other) = examples.find(|example| example.entry != at + 1) {
                return Some(format!("{}: found elsewhere: {other:?}", row.name));
            }
            tried += 1;
            if tried == TRIED {
                break;
            }
        }
        (tried == 0).then(|| format!("{}: no response can be altered so", row.name))
    }
}

#[test]
fn each_kind_of_alteration_is_found_and_nothing_else() {
    let recording = Recording::new();
    let before = recording.audited(None);
    assert!(before.groups.is_empty(), "{:#?}", before.groups);
    assert!((250..=350).contains(&before.recordings[0].judged), "{:?}", before.recordings);
    let rows = rows();
    assert!(rows.iter().filter(|row| !row.violates.is_empty()).count() >= 70);
    let (recording, halves) = (&recording, rows.split_at(rows.len() / 2));
    let flaws = |rows: &[Row]| -> Vec<String> { rows.iter().filter_map(|row| recording.flaw(row)).collect() };
    let flaws = thread::scope(|scope| {
        let second = scope.spawn(|| flaws(halves.1));
        [flaws(halves.0), second.join().expect("no panic")].concat()
    });
    assert!(flaws.is_empty(), "{} of {} kinds:\n{}", flaws.len(), rows.len(), flaws.join("\n"));
}
