//! Reads a file of known failures: every problem at once.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::grammar::KNOWN_FAILURES;
use super::{Entry, KnownFailures};
use crate::id_pattern::IdPattern;
use crate::yaml::{self, Node, Problem, Shape};

impl KnownFailures {
    /// The list that a file holds, as it is to be read on a day.
    pub fn load(file: &str, text: &str, today: NaiveDate) -> Result<Self, Vec<Problem>> {
        let mut tree = yaml::parse(file, text).map_err(|problem| vec![problem])?;
        let mut problems = Vec::new();
        yaml::check(&Shape::Object(&KNOWN_FAILURES), &mut tree, file, &mut problems);
        let nodes = tree.get("known-failures").map(Node::items).unwrap_or_default();
        let mut entries: Vec<Entry> = Vec::new();
        for node in nodes {
            let Some(entry) = entry(node, file, &mut problems) else { continue };
            match entries.iter().find(|earlier| earlier.shown() == entry.shown()) {
                Some(earlier) => problems.push(Problem {
                    message: format!("`{}` is listed already, at line {}", entry.shown(), earlier.source.line),
                    source: entry.source,
                    help: None,
                }),
                None => entries.push(entry),
            }
        }
        problems.sort();
        if problems.is_empty() {
            Ok(Self { file: file.to_owned(), entries, today, also: BTreeMap::new() })
        } else {
            Err(problems)
        }
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// The entry as far as it can be read; the grammar has reported what is missing.
fn entry(node: &Node, file: &str, problems: &mut Vec<Problem>) -> Option<Entry> {
    let text = |key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
    let mut is_whole = true;
    let mut pattern = |key: &str| {
        let node = node.get(key)?;
        let read = IdPattern::new(node.text()?);
        let failed = |error| problems.push(node.at.problem(file, format!("not a pattern of ids: {error}")));
        let pattern = read.map_err(failed).ok();
        is_whole &= pattern.is_some();
        pattern
    };
    let (cases, requirement) = (pattern("cases"), pattern("requirement"));
    let first = node.get("cases").or_else(|| node.get("requirement"))?;
    if !is_whole || cases.is_none() && requirement.is_none() {
        return None;
    }
    let expires = node.get("expires").and_then(|node| Some((node.at, node.text()?)));
    let expires = match expires.map(|(at, text)| (at, NaiveDate::parse_from_str(text, "%Y-%m-%d"))) {
        None => None,
        Some((_, Ok(date))) => Some(date),
        Some((at, Err(_))) => {
            problems.push(at.problem(file, "no day of the calendar"));
            None
        }
    };
    let source = first.at.of(file);
    let (owner, link, sometimes) = (text("owner"), text("link"), node.get("sometimes").is_some());
    Some(Entry { cases, requirement, sometimes, reason: text("reason")?, owner, link, expires, source })
}
