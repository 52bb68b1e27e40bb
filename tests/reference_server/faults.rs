//! The faults cover the requirements. That each of them shows, and under which requirement, is what `selftest` proves.

use std::collections::BTreeMap;

use atlaspec::cli;
use atlaspec::reference::Fault;
use atlaspec::verdict::Level;

/// How many faults break each requirement first.
fn broken() -> BTreeMap<&'static str, usize> {
    let mut broken = BTreeMap::new();
    for info in Fault::table() {
        *broken.entry(info.violates[0]).or_default() += 1;
    }
    broken
}

#[test]
fn every_must_is_broken_in_two_ways_and_every_should_in_one() {
    let suite = cli::embedded().unwrap_or_else(|problems| panic!("{problems:#?}"));
    let broken = broken();
    let few: Vec<(&str, usize)> = suite
        .requirements
        .iter()
        .map(|requirement| {
            let least = match requirement.level {
                Level::Must => 2,
                Level::Should => 1,
                Level::May => 0,
            };
            (requirement.id.as_str(), least)
        })
        .filter(|(id, least)| broken.get(id).copied().unwrap_or_default() < *least)
        .collect();
    assert_eq!(few, []);
}

#[test]
fn every_fault_breaks_a_requirement_that_there_is() {
    let suite = cli::embedded().unwrap_or_else(|problems| panic!("{problems:#?}"));
    let known: Vec<&str> = suite.requirements.iter().map(|requirement| requirement.id.as_str()).collect();
    for info in Fault::table() {
        for id in info.violates {
            assert!(known.contains(id), "{} violates {id}", info.name);
        }
    }
}

#[test]
fn faults_stand_in_the_order_of_the_requirements() {
    let suite = cli::embedded().unwrap_or_else(|problems| panic!("{problems:#?}"));
    let place = |id: &str| suite.requirements.iter().position(|requirement| requirement.id == id);
    let places: Vec<Option<usize>> = Fault::table().iter().map(|info| place(info.violates[0])).collect();
    assert!(places.is_sorted(), "{places:?}");
}
