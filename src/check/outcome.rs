//! What came of one check, before it becomes a finding.

use super::place::{Step, below_root, path_steps};
use super::reading::Unreadable;
use crate::suite::{Expectation, Scope};
use crate::verdict::{Datum, Finding, Location, Verdict};

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
    pub(super) expected: Option<Datum>,
    /// What came.
    pub(super) actual: Option<Datum>,
    /// The places of the answer that are wrong, as far as they are told apart.
    pub(super) places: Vec<Place>,
}

/// A place of an answer that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The place.
    pub location: Location,
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
    pub(super) fn with_actual(self, actual: Datum) -> Self {
        Self { actual: Some(actual), ..self }
    }
}

impl Trouble {
    /// A violation in a sentence of its own.
    pub(super) fn broken(sentence: impl Into<String>) -> Self {
        Self::Broken(Box::new(Miss::new(sentence)))
    }

    /// A violation: what was expected, and what came.
    pub(super) fn unlike(expected: impl Into<Datum>, actual: impl Into<Datum>) -> Self {
        let (expected, actual) = (expected.into(), actual.into());
        let sentence = format!("is {actual}, expected {expected}");
        Self::Broken(Box::new(Miss { expected: Some(expected), actual: Some(actual), ..Miss::new(sentence) }))
    }

    /// A violation in a sentence of its own, at one place.
    pub(super) fn broken_at(location: Location, sentence: impl Into<String>) -> Self {
        let path = location.to_string();
        Self::broken(sentence).at_place(location, path)
    }

    /// The same violation at this place, which is shown by this path.
    pub(super) fn at_place(mut self, location: Location, path: String) -> Self {
        if let Self::Broken(miss) = &mut self {
            miss.places = vec![Place { location, path, why: miss.sentence.clone() }];
        }
        self
    }

    /// The same violation at these places.
    pub(super) fn at(mut self, places: Vec<Place>) -> Self {
        if let Self::Broken(miss) = &mut self {
            miss.places = places;
        }
        self
    }

    /// Whether the target does not do as expected.
    pub(super) fn is_broken(&self) -> bool {
        matches!(self, Self::Broken(_))
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
    pub(super) fn of(self, subject: &Location) -> Self {
        self.of_part(&subject.to_string(), subject)
    }

    /// The same trouble with the name of the judged value, which stands at this place, before its sentence.
    pub(super) fn of_part(self, subject: &str, location: &Location) -> Self {
        self.of_named(subject, location, |_, path| path.to_owned())
    }

    /// The same trouble with what stands for the path of the judged value, which begins with `subject`, before its
    /// sentence.
    pub(super) fn of_named(
        mut self,
        subject: &str,
        location: &Location,
        name: impl FnOnce(&[Step<'static>], &str) -> String,
    ) -> Self {
        let Self::Broken(miss) = &mut self else { return self };
        miss.way.reverse();
        let way = std::mem::take(&mut miss.way);
        let path = format!("{subject}{}", below_root(&way));
        miss.sentence = format!("{} {}", name(&way, &path), miss.sentence);
        let location = location.clone().below(path_steps(&way));
        self.at_place(location, path)
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
            Unreadable::NoJson { at: Some(at), why } => {
                Self::broken(why).at_place(Location::Byte { at }, Location::root().to_string())
            }
            Unreadable::NoJson { at: None, why } => Self::broken(why),
            Unreadable::Unclear(why) => Self::Unclear(why),
        }
    }
}

/// The finding of a check; `prefix` says which of several answers it is about.
pub(super) fn finding(check: &str, outcome: Outcome, prefix: &str, suffix: &str) -> Finding {
    match outcome {
        Ok(()) => Finding::pass(check),
        Err(Trouble::Unclear(why)) => Finding::inconclusive(check, format!("{prefix}{why}{suffix}")),
        Err(Trouble::Broken(miss)) => {
            let mut places = miss.places.into_iter().map(|place| place.location);
            Finding {
                location: places.next(),
                also: places.collect(),
                expected: miss.expected,
                actual: miss.actual,
                ..Finding::new(check, Verdict::Fail, format!("{prefix}{}{suffix}", miss.sentence))
            }
        }
    }
}

/// A finding with the line that states its expectation; if it failed, with what the author of the case says then.
pub(super) fn stated(found: Finding, expectation: &Expectation, scope: &Scope) -> Finding {
    let says = expectation.says.as_deref().filter(|_| found.verdict == Verdict::Fail);
    let says = says.and_then(|template| scope.text(template).ok());
    Finding { source: Some(expectation.source.clone()), says, ..found }
}
