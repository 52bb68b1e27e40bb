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

/// How many entries before and after an altered one are judged with it.
const AROUND: usize = 30;

/// Chapters whose requests get responses of all kinds.
const CHAPTERS: [&str; 9] = ["bson", "codes", "entities", "envelope", "errors", "lists", "methods", "pretty", "rate"];

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

    /// The audit of these entries.
    fn audited(&self, entries: &[&Value]) -> Account {
        audited(&json!({"log": {"version": "1.2", "entries": entries}}).to_string(), &self.base)
    }

    /// The audit of what is around an entry, with an altered one in its place; and the place there, counted from 1.
    fn audited_around(&self, at: usize, changed: &Value) -> (Account, usize) {
        let from = at.saturating_sub(AROUND);
        let near = self.entries.iter().enumerate().skip(from).take(2 * AROUND);
        let entries: Vec<&Value> = near.map(|(place, (_, entry))| if place == at { changed } else { entry }).collect();
        (self.audited(&entries), at - from + 1)
    }

    /// What is wrong with what is found for a kind of alteration, if anything. The responses of its kind take turns.
    fn flaw(&self, row: &Row) -> Option<String> {
        let of_kind = self.entries.iter().enumerate().filter(|(_, (kind, _))| kind.name() == row.response);
        let mut all: Vec<(usize, &Value)> = of_kind.map(|(at, (_, entry))| (at, entry)).collect();
        let first = row.name.len() % all.len().max(1);
        all.rotate_left(first);
        let alter =
            |(at, entry): &(usize, &Value)| Some((*at, altered(entry, row.steps, &Place::of(entry, &self.base))?));
        let Some((at, changed)) = all.iter().find_map(alter) else {
            return Some(format!("{}: no response can be altered so", row.name));
        };
        let (account, place) = self.audited_around(at, &changed);
        let found: BTreeSet<&str> =
            account.groups.iter().flat_map(|group| &group.requirements).map(String::as_str).collect();
        if found != row.violates {
            return Some(format!("{}: found {found:?}, expected {:?}", row.name, row.violates));
        }
        let mut examples = account.groups.iter().flat_map(|group| &group.examples);
        let other = examples.find(|example| example.entry != place)?;
        Some(format!("{}: found elsewhere: {other:?}", row.name))
    }
}

#[test]
fn each_kind_of_alteration_is_found_and_nothing_else() {
    let recording = Recording::new();
    let all: Vec<&Value> = recording.entries.iter().map(|(_, entry)| entry).collect();
    let before = recording.audited(&all);
    assert!(before.groups.is_empty(), "{:#?}", before.groups);
    assert!((250..=350).contains(&before.recordings[0].judged), "{:?}", before.recordings);
    let rows = rows();
    let (recording, halves) = (&recording, rows.split_at(rows.len() / 2));
    let flaws = |rows: &[Row]| -> Vec<String> { rows.iter().filter_map(|row| recording.flaw(row)).collect() };
    let flaws = thread::scope(|scope| {
        let second = scope.spawn(|| flaws(halves.1));
        [flaws(halves.0), second.join().expect("no panic")].concat()
    });
    assert!(flaws.is_empty(), "{} of {} kinds:\n{}", flaws.len(), rows.len(), flaws.join("\n"));
    let found = rows.iter().filter(|row| !row.violates.is_empty()).count();
    assert!(found >= 70, "{found} kinds");
}
