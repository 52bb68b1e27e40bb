//! What a terminal was told of a run so far: equal failures are told once, and many do not push all else away.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::view;
use crate::record::{CaseResult, Outcome, Symptom, alike};
use crate::verdict::Verdict;

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
    /// What was told to be wrong with responses, each with the test that told it.
    symptoms: Vec<(Symptom, String)>,
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Telling {
    /// With all its details.
    Full,
    /// In one line: a test that was told before shows the same.
    Like(String),
    /// In one line.
    Line,
    /// Not, but that there are more.
    LastLine,
    /// Not at all.
    Nothing,
}

impl Repeats {
    /// How the next failure is told.
    pub(super) fn telling(&self, result: &CaseResult, base_url: &str) -> Telling {
        let mut told = self.0.borrow_mut();
        if !told.kinds.insert(Kind::of(result)) {
            return Telling::Nothing;
        }
        if let Some(test) = told.like(result, base_url) {
            return Telling::Like(test);
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

impl Told {
    /// The test told before that shows the same as this one, if all that this one shows was told; notes the rest.
    fn like(&mut self, result: &CaseResult, base_url: &str) -> Option<String> {
        let wrong = result.findings.iter().filter(|finding| finding.verdict != Verdict::Pass);
        let wrong: Vec<Vec<Symptom>> = wrong.map(|finding| Symptom::all(result, finding, base_url)).collect();
        let known = |symptoms: &Vec<Symptom>| {
            let told = self.symptoms.iter().find(|(told, _)| symptoms.iter().any(|it| told.explains(it)));
            told.map(|(_, test)| test.clone())
        };
        let each: Option<Vec<String>> = wrong.iter().map(known).collect();
        let like = each.and_then(|tests| tests.into_iter().next());
        if like.is_none() && result.verdict == Outcome::Fail {
            self.symptoms.extend(wrong.into_iter().flatten().map(|symptom| (symptom, result.id.clone())));
        }
        like
    }
}

impl Kind {
    fn of(result: &CaseResult) -> Self {
        let about = view::worst(result).map_or(&result.requirements, |finding| &finding.requirements);
        Self { outcome: result.verdict, requirements: about.clone(), message: alike(&view::message(result)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::StoredExchange;
    use crate::record::sample;
    use crate::verdict::{Finding, Location};

    const BASE: &str = "http://h/api";

    fn failed(id: &str, message: &str) -> CaseResult {
        let finding = Finding { requirements: vec!["lists.total".to_owned()], ..Finding::fail("body", message) };
        CaseResult { findings: vec![finding], ..sample::case(id, Outcome::Fail) }
    }

    #[test]
    fn equal_failures_are_told_once() {
        let repeats = Repeats::default();
        assert_eq!(repeats.telling(&failed("a.b[size=7]", "`x` is 7, expected 23"), BASE), Telling::Full);
        assert_eq!(repeats.telling(&failed("a.b[size=8]", "`y` is 8, expected 230"), BASE), Telling::Nothing);
        assert_eq!(repeats.telling(&failed("a.c", "it is missing"), BASE), Telling::Full);
    }

    #[test]
    fn many_failures_are_told_in_a_line_each_and_then_no_more() {
        let repeats = Repeats::default();
        repeats.note(&"line\n".repeat(FULL_UNTIL));
        let letters = ('a'..='z').map(|letter| repeats.telling(&failed("a.b", &letter.to_string()), BASE));
        let told: Vec<Telling> = letters.collect();
        assert!(told[..MOST_LINES].iter().all(|it| *it == Telling::Line), "{told:?}");
        assert_eq!(told[MOST_LINES], Telling::LastLine);
        assert!(told[MOST_LINES + 1..].iter().all(|it| *it == Telling::Nothing), "{told:?}");
    }

    #[test]
    fn a_test_that_shows_what_another_one_showed_is_told_in_a_line() {
        let answered_500 = |id: &str, requirement: &str, url: &str| {
            let finding = Finding {
                requirements: vec![requirement.to_owned()],
                location: Some(Location::Status),
                exchange: Some(0),
                ..Finding::fail("status", format!("the status is 500, expected 200 of {id}"))
            };
            let exchange = StoredExchange { url: url.to_owned(), status: 500, ..sample::exchange() };
            CaseResult { findings: vec![finding], exchanges: vec![exchange], ..sample::case(id, Outcome::Fail) }
        };
        let repeats = Repeats::default();
        let tell = |id, requirement, url| repeats.telling(&answered_500(id, requirement, url), BASE);
        assert_eq!(tell("a.b", "lists.total", "http://h/api/hosts/1"), Telling::Full);
        assert_eq!(tell("a.c", "lists.shape", "http://h/api/hosts/2"), Telling::Like("a.b".to_owned()));
        assert_eq!(tell("a.d", "lists.shape", "http://h/api/users"), Telling::Full, "of another kind of path");
    }
}
