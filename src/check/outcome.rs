//! What came of one check, before it becomes a finding.

use super::place::{Step, below_root};
use super::reading::Unreadable;
use crate::verdict::{Finding, Verdict};

/// What came of one check.
pub(super) type Outcome = Result<(), Trouble>;

/// Why a check does not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The target does not do as expected.
    Broken(Box<Miss>),
    /// The check could not be made; says nothing about the target.
    Unclear(String),
}

/// A value that is not as expected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Miss {
    /// The way from the judged value to the part that is wrong, innermost step first.
    way: Vec<Step<'static>>,
    /// What follows the name of the part: `is 3, expected 4`.
    pub(super) sentence: String,
    /// What was expected.
    pub(super) expected: Option<String>,
    /// What came.
    pub(super) actual: Option<String>,
    /// The places of the answer that are wrong, as far as they are told apart.
    pub(super) places: Vec<Place>,
}

/// A place of an answer that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// JSONPath of the place in the body, or the name of another part of the answer (`header Allow`).
    pub path: String,
    /// What is wrong with it, place and all.
    pub why: String,
}

impl Miss {
    /// A miss in a sentence of its own.
    pub(super) fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), ..Self::default() }
    }

    /// The same miss with what came.
    pub(super) fn with_actual(self, actual: String) -> Self {
        Self { actual: Some(actual), ..self }
    }
}

impl Trouble {
    /// A violation in a sentence of its own.
    pub(super) fn broken(sentence: impl Into<String>) -> Self {
        Self::Broken(Box::new(Miss::new(sentence)))
    }

    /// A violation: what was expected, and what came.
    pub(super) fn unlike(expected: impl Into<String>, actual: impl Into<String>) -> Self {
        let (expected, actual) = (expected.into(), actual.into());
        let sentence = format!("is {actual}, expected {expected}");
        Self::Broken(Box::new(Miss { expected: Some(expected), actual: Some(actual), ..Miss::new(sentence) }))
    }

    /// A violation in a sentence of its own, at one place.
    pub(super) fn broken_at(path: impl Into<String>, sentence: impl Into<String>) -> Self {
        let sentence = sentence.into();
        let places = vec![Place { path: path.into(), why: sentence.clone() }];
        Self::Broken(Box::new(Miss { places, ..Miss::new(sentence) }))
    }

    /// The same violation at these places.
    pub(super) fn at(mut self, places: Vec<Place>) -> Self {
        if let Self::Broken(miss) = &mut self {
            miss.places = places;
        }
        self
    }

    /// The places that are wrong.
    pub(super) fn places(&self) -> &[Place] {
        match self {
            Self::Broken(miss) => &miss.places,
            Self::Unclear(_) => &[],
        }
    }

    /// The same trouble, seen from the value around it.
    pub(super) fn inside(mut self, step: Step<'static>) -> Self {
        if let Self::Broken(miss) = &mut self {
            miss.way.push(step);
        }
        self
    }

    /// The same trouble with the name of the judged value before its sentence.
    pub(super) fn of(mut self, subject: &str) -> Self {
        if let Self::Broken(miss) = &mut self {
            miss.way.reverse();
            let place = below_root(&miss.way);
            miss.sentence = format!("{subject}{place} {}", miss.sentence);
            miss.places = vec![Place { path: format!("{subject}{place}"), why: miss.sentence.clone() }];
            miss.way.clear();
        }
        self
    }

    /// The same trouble, and the index of the element that it is about, if it is about one.
    pub(super) fn take_index(mut self) -> (Self, Option<usize>) {
        let mut index = None;
        if let Self::Broken(miss) = &mut self
            && let Some(Step::Index(outermost)) = miss.way.last()
        {
            index = Some(*outermost);
            miss.way.pop();
        }
        (self, index)
    }

    /// The sentence that a person reads.
    #[cfg(test)]
    pub(super) fn sentence(&self) -> &str {
        match self {
            Self::Broken(miss) => &miss.sentence,
            Self::Unclear(why) => why,
        }
    }
}

impl From<Unreadable> for Trouble {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::NoJson(why) => Self::broken(why),
            Unreadable::Unclear(why) => Self::Unclear(why),
        }
    }
}

/// The finding of a check; `prefix` says which of several answers it is about.
pub(super) fn finding(check: &str, outcome: Outcome, prefix: &str, suffix: &str) -> Finding {
    match outcome {
        Ok(()) => Finding::pass(check),
        Err(Trouble::Unclear(why)) => Finding::inconclusive(check, format!("{prefix}{why}{suffix}")),
        Err(Trouble::Broken(miss)) => Finding {
            expected: miss.expected,
            actual: miss.actual,
            ..Finding::new(check, Verdict::Fail, format!("{prefix}{}{suffix}", miss.sentence))
        },
    }
}
