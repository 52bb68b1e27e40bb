//! Seeded mistakes: in recorded traffic of a server that conforms, a script makes one mistake of each kind in a response
//! of its own. The audit finds all of them, and nothing else.

mod alterations;
pub(crate) mod traffic;

use std::collections::{BTreeMap, BTreeSet};

use atlaspec::audit::Audit;
use atlaspec::check::Facts;
use chrono::DateTime;
use serde_json::{Value, json};
use url::Url;

use crate::live::suite;
use crate::precision::audited;
use alterations::{ALL, Alteration};
use traffic::{BASE, KINDS, Sample};

/// How many responses are recorded at least.
const RESPONSES: usize = 300;

/// The recording: a sample each, altered where an alteration is given; by entry, counted from 1.
fn recording() -> (String, BTreeMap<usize, &'static Alteration>) {
    let mut waiting: Vec<&'static Alteration> = ALL.iter().collect();
    let (mut entries, mut altered) = (Vec::new(), BTreeMap::new());
    let mut number = 0;
    while number < RESPONSES || !waiting.is_empty() {
        let mut sample = Sample::of(number);
        // Every other one of a kind conforms.
        let is_spared = (number / KINDS.len()).is_multiple_of(2);
        let next = waiting.iter().position(|alteration| alteration.kind == sample.kind && !is_spared);
        if let Some(alteration) = next.map(|at| waiting.remove(at)) {
            (alteration.make)(&mut sample);
            altered.insert(number + 1, alteration);
        }
        entries.push(sample.entry(number % 3_600));
        number += 1;
    }
    (json!({"log": {"version": "1.2", "entries": entries}}).to_string(), altered)
}

#[test]
fn nothing_is_found_where_nothing_was_seeded() {
    let entries: Vec<_> = (0..RESPONSES).map(|number| Sample::of(number).entry(number)).collect();
    let account = audited(&json!({"log": {"entries": entries}}).to_string(), &Url::parse(BASE).expect("a URL"));
    assert!(account.groups.is_empty(), "{:#?}", account.groups);
    assert_eq!(account.recordings[0].judged, RESPONSES);
}

#[test]
fn every_mistake_that_one_response_shows_is_found_and_nothing_else() {
    assert!(ALL.len() >= 70);
    let (text, altered) = recording();
    let facts = Facts::of(Url::parse(BASE).expect("a URL"));
    let mut wrong = Vec::new();
    let entries: Value = serde_json::from_str(&text).expect("JSON");
    for (number, alteration) in &altered {
        let mut audit = Audit::new(suite(), facts.clone()).expect("an audit");
        let one = json!({"log": {"entries": [entries["log"]["entries"][number - 1]]}}).to_string();
        audit.recording("a.har", one.as_bytes()).expect("a recording");
        let account = audit.finish(DateTime::UNIX_EPOCH, 0);
        let found: BTreeSet<&str> =
            account.groups.iter().flat_map(|group| &group.requirements).map(String::as_str).collect();
        if found != alteration.breaks.iter().copied().collect() {
            wrong.push(format!("{}: found {found:?}, expected {:?}", alteration.name, alteration.breaks));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // All together: the groups of equal findings name no entry in which nothing was seeded.
    let account = audited(&text, &Url::parse(BASE).expect("a URL"));
    for example in account.groups.iter().flat_map(|group| &group.examples) {
        assert!(altered.contains_key(&example.entry), "{example:?}");
    }
}
