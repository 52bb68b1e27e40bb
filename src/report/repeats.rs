//! What a terminal was told of a run so far: equal failures are told once, and many do not push all else away.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::view;
use crate::record::{CaseResult, Outcome};

/// Lines after which no further failure is told in full.
const FULL_UNTIL: usize = 28;
/// Most failures that are told in a line each.
const MOST_LINES: usize = 12;

/// What was told so far.
#[derive(Debug, Default)]
pub struct Repeats(RefCell<Told>);

#[derive(Debug, Default)]
struct Told {
    kinds: BTreeSet<Kind>,
    lines: usize,
    short: usize,
}

/// What equal failures share.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    outcome: Outcome,
    requirements: Vec<String>,
    message: String,
}

/// How a failure is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Telling {
    /// With all its details.
    Full,
    /// In one line.
    Line,
    /// Not, but that there are more.
    LastLine,
    /// Not at all.
    Nothing,
}

impl Repeats {
    /// How the next failure is told.
    pub(super) fn telling(&self, result: &CaseResult) -> Telling {
        let mut told = self.0.borrow_mut();
        if !told.kinds.insert(Kind::of(result)) {
            return Telling::Nothing;
        }
        if told.lines < FULL_UNTIL {
            return Telling::Full;
        }
        told.short += 1;
        match told.short {
            1..=MOST_LINES => Telling::Line,
            short if short == MOST_LINES + 1 => Telling::LastLine,
            _ => Telling::Nothing,
        }
    }

    /// Notes what was told in full.
    pub(super) fn note(&self, text: &str) {
        self.0.borrow_mut().lines += text.lines().count();
    }
}

impl Kind {
    fn of(result: &CaseResult) -> Self {
        let about = view::worst(result).map_or(&result.requirements, |finding| &finding.requirements);
        Self { outcome: result.verdict, requirements: about.clone(), message: alike(&view::message(result)) }
    }
}

/// A message without what differs from test to test: numbers, and what is quoted.
fn alike(message: &str) -> String {
    let mut text = String::new();
    for (at, part) in message.split('`').enumerate() {
        let is_quoted = at % 2 == 1;
        if is_quoted {
            text.push('`');
            continue;
        }
        for letter in part.chars() {
            match letter {
                '0'..='9' if text.ends_with('#') => {}
                '0'..='9' => text.push('#'),
                _ => text.push(letter),
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::sample;
    use crate::verdict::Finding;

    fn failed(id: &str, message: &str) -> CaseResult {
        let finding = Finding { requirements: vec!["lists.total".to_owned()], ..Finding::fail("body", message) };
        CaseResult { findings: vec![finding], ..sample::case(id, Outcome::Fail) }
    }

    #[test]
    fn equal_failures_are_told_once() {
        let repeats = Repeats::default();
        assert_eq!(repeats.telling(&failed("a.b[size=7]", "`x` is 7, expected 23")), Telling::Full);
        assert_eq!(repeats.telling(&failed("a.b[size=8]", "`y` is 8, expected 230")), Telling::Nothing);
        assert_eq!(repeats.telling(&failed("a.c", "it is missing")), Telling::Full);
    }

    #[test]
    fn many_failures_are_told_in_a_line_each_and_then_no_more() {
        let repeats = Repeats::default();
        repeats.note(&"line\n".repeat(FULL_UNTIL));
        let letters = ('a'..='z').map(|letter| repeats.telling(&failed("a.b", &letter.to_string())));
        let told: Vec<Telling> = letters.collect();
        assert!(told[..MOST_LINES].iter().all(|it| *it == Telling::Line), "{told:?}");
        assert_eq!(told[MOST_LINES], Telling::LastLine);
        assert!(told[MOST_LINES + 1..].iter().all(|it| *it == Telling::Nothing), "{told:?}");
    }
}
