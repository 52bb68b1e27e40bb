//! Matchers: conditions on one JSON value.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Number, Value};
use url::Url;

use super::Judge;
use super::address;
use super::json_path::Found;
use super::kept;
use super::meaning::Meaning;
use super::number;
use super::outcome::{Outcome, Trouble};
use super::place::{Step, below_root, steps_of};
use super::same::{self, Comparison};
use super::show;
use crate::suite::{JsonType, Matcher, Scope};
use crate::verdict::Datum;

/// The longest array that is shown whole where it is not the expected one.
const SHOWN_WHOLE: usize = 3;

/// What a matcher looks at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject<'a> {
    /// There is no value.
    Nothing,
    /// One value.
    Value(&'a Value),
    /// The array of all values that a path found.
    Several(&'a Value),
}

/// Matches values within one step of a case.
#[derive(Clone, Copy)]
pub(super) struct Matching<'a> {
    /// Parsed paths, compiled patterns and the base URL.
    pub(super) judge: &'a Judge,
    /// What templates stand for.
    pub(super) scope: &'a Scope,
    /// What relative links in the judged value are resolved against; the base URL if it came with no answer.
    pub(super) document: Option<&'a Url>,
}

impl Matching<'_> {
    fn meaning(&self) -> Meaning<'_> {
        self.judge.meaning(self.document)
    }

    /// Whether what a path finds in a value matches.
    pub(super) fn at_path(&self, value: &Value, path: &str, matcher: &Matcher) -> Outcome {
        let path = self.text(path)?;
        let path = self.judge.paths.get(&path).map_err(Trouble::Unclear)?;
        match path.find(value) {
            Found::One(found) => {
                let subject = found.map_or(Subject::Nothing, Subject::Value);
                let step = || Step::Path(below_root(&steps_of(path.steps())).into(), path.steps().to_vec());
                self.holds(matcher, subject).map_err(|trouble| trouble.inside(step()))
            }
            Found::Many(found) => {
                let all = Value::Array(found.into_iter().cloned().collect());
                self.holds(matcher, Subject::Several(&all)).map_err(|trouble| {
                    let (trouble, index) = trouble.take_index();
                    let place = index.and_then(|index| path.location(value, index));
                    let (shown, steps) = place.map_or_else(
                        || (path.text().strip_prefix('$').unwrap_or(path.text()).to_owned(), path.steps().to_vec()),
                        |steps| (below_root(&steps_of(&steps)), steps),
                    );
                    trouble.inside(Step::Path(shown.into(), steps))
                })
            }
        }
    }

    /// Whether the subject matches.
    pub(super) fn holds(&self, matcher: &Matcher, subject: Subject<'_>) -> Outcome {
        match matcher {
            Matcher::Not(inner) => self.not(inner, subject),
            Matcher::OneOf(options) => self.one_of(matcher, options, subject),
            Matcher::AllOf(all) => self.all_of(all, subject),
            Matcher::Present(wanted) => present(*wanted, subject),
            _ => match subject {
                Subject::Nothing => Err(Trouble::unlike(self.describe(matcher), Datum::Missing)),
                Subject::Value(value) | Subject::Several(value) => self.value(matcher, value),
            },
        }
    }

    fn value(&self, matcher: &Matcher, value: &Value) -> Outcome {
        match matcher {
            Matcher::Not(_) | Matcher::OneOf(_) | Matcher::AllOf(_) | Matcher::Present(_) => {
                self.holds(matcher, Subject::Value(value))
            }
            Matcher::Equals(wanted) => self.equals(wanted, value),
            Matcher::Above(bound) => self.ordered(matcher, bound, value, Ordering::is_gt),
            Matcher::Below(bound) => self.ordered(matcher, bound, value, Ordering::is_lt),
            Matcher::AtLeast(bound) => self.ordered(matcher, bound, value, Ordering::is_ge),
            Matcher::AtMost(bound) => self.ordered(matcher, bound, value, Ordering::is_le),
            Matcher::Type(wanted) => self.unless(is_of_type(*wanted, value), matcher, value),
            Matcher::Length(inner) => self.length(inner, matcher, value),
            Matcher::Matches(pattern) => self.pattern(pattern, matcher, value),
            Matcher::Contains(inner) => self.contains(inner, matcher, value),
            Matcher::Every(inner) => self.every(inner, matcher, value),
            Matcher::Unique => self.unique(matcher, value),
            Matcher::Reversed(list) => self.reversed(list, value),
            Matcher::Date(form) => self.date(*form, matcher, value),
            Matcher::Instant(wanted) => self.instant(wanted, matcher, value),
            Matcher::Before(bound) => self.dated(bound, matcher, value, Ordering::is_lt),
            Matcher::After(bound) => self.dated(bound, matcher, value, Ordering::is_gt),
            Matcher::LeadsTo(url) => self.leads_to(url, value),
            Matcher::SameAs { baselines, except } => self.same_as(baselines, except, value),
            Matcher::Kept(sent) => kept::judge(&self.filled(sent)?, value, &self.meaning()),
            Matcher::Where(conditions) => {
                conditions.iter().try_for_each(|(path, matcher)| self.at_path(value, path, matcher))
            }
        }
    }

    fn not(&self, inner: &Matcher, subject: Subject<'_>) -> Outcome {
        match self.holds(inner, subject) {
            Ok(()) => Err(Trouble::unlike(format!("anything but {}", self.describe(inner)), shown(subject))),
            Err(Trouble::Broken(_)) => Ok(()),
            Err(unclear @ Trouble::Unclear(_)) => Err(unclear),
        }
    }

    fn one_of(&self, matcher: &Matcher, options: &[Matcher], subject: Subject<'_>) -> Outcome {
        let (mut unclear, mut broken) = (None, Vec::new());
        for option in options {
            match self.holds(option, subject) {
                Ok(()) => return Ok(()),
                Err(trouble @ Trouble::Broken(_)) => broken.push((option, trouble)),
                Err(trouble @ Trouble::Unclear(_)) => unclear = Some(trouble),
            }
        }
        let said = unclear.or_else(|| what_was_wanted(broken));
        Err(said.unwrap_or_else(|| Trouble::unlike(self.describe(matcher), shown(subject))))
    }

    /// A violation outweighs what cannot be told.
    fn all_of(&self, all: &[Matcher], subject: Subject<'_>) -> Outcome {
        let mut unclear = Ok(());
        for matcher in all {
            match self.holds(matcher, subject) {
                Ok(()) => {}
                Err(Trouble::Unclear(why)) => unclear = Err(Trouble::Unclear(why)),
                broken @ Err(Trouble::Broken(_)) => return broken,
            }
        }
        unclear
    }

    fn equals(&self, wanted: &Value, value: &Value) -> Outcome {
        if matches!(wanted, Value::Null | Value::Bool(_) | Value::Number(_)) && self.meaning().equal(wanted, value) {
            return Ok(());
        }
        let wanted = self.filled(wanted)?;
        match (&wanted, value) {
            _ if self.meaning().equal(&wanted, value) => Ok(()),
            (Value::Array(left), Value::Array(right)) if left.len().max(right.len()) > SHOWN_WHOLE => {
                self.unless_equal(&wanted, value)
            }
            _ => Err(Self::unlike(&wanted, value)),
        }
    }

    fn ordered(&self, matcher: &Matcher, bound: &Value, value: &Value, fits: fn(Ordering) -> bool) -> Outcome {
        let bound = self.filled(bound)?;
        let bound = spelt_number(&bound)
            .ok_or_else(|| Trouble::Unclear(format!("{} is no number to compare with", show::value(&bound))))?;
        let order = number::of(value).map(|value| value.cmp(&bound));
        self.unless(order.is_some_and(fits), matcher, value)
    }

    fn length(&self, inner: &Matcher, matcher: &Matcher, value: &Value) -> Outcome {
        let length = match value {
            Value::Array(items) => items.len(),
            Value::Object(members) => members.len(),
            Value::String(text) => text.chars().count(),
            Value::Null | Value::Bool(_) | Value::Number(_) => return self.unless(false, matcher, value),
        };
        self.holds(inner, Subject::Value(&Value::from(length))).map_err(|mut trouble| {
            if let Trouble::Broken(miss) = &mut trouble {
                let length = miss.sentence.strip_prefix("is ").unwrap_or(&miss.sentence);
                miss.sentence = format!("has length {length}");
            }
            trouble
        })
    }

    fn pattern(&self, pattern: &str, matcher: &Matcher, value: &Value) -> Outcome {
        let pattern = self.judge.patterns.get(&self.text(pattern)?).map_err(Trouble::Unclear)?;
        self.unless(value.as_str().is_some_and(|text| pattern.is_match(text)), matcher, value)
    }

    fn contains(&self, inner: &Matcher, matcher: &Matcher, value: &Value) -> Outcome {
        match value {
            Value::Array(items) => self.any_element(inner, items, matcher, value),
            Value::String(text) => {
                let Matcher::Equals(part) = inner else {
                    return Err(Trouble::Unclear("`contains` on a string wants a text".to_owned()));
                };
                let part = self.filled(part)?;
                let part = part.as_str().map_or_else(|| part.to_string(), str::to_owned);
                self.unless(text.contains(&part), matcher, value)
            }
            _ => self.unless(false, matcher, value),
        }
    }

    fn any_element(&self, inner: &Matcher, items: &[Value], matcher: &Matcher, value: &Value) -> Outcome {
        let mut unclear = None;
        for item in items {
            match self.holds(inner, Subject::Value(item)) {
                Ok(()) => return Ok(()),
                Err(Trouble::Broken(_)) => {}
                Err(trouble @ Trouble::Unclear(_)) => unclear = Some(trouble),
            }
        }
        unclear.map_or_else(|| self.unless(false, matcher, value), Err)
    }

    fn every(&self, inner: &Matcher, matcher: &Matcher, value: &Value) -> Outcome {
        let Value::Array(items) = value else { return self.unless(false, matcher, value) };
        let mut unclear = Ok(());
        for (at, item) in items.iter().enumerate() {
            match self.holds(inner, Subject::Value(item)) {
                Ok(()) => {}
                Err(Trouble::Unclear(why)) => unclear = Err(Trouble::Unclear(why)),
                Err(broken @ Trouble::Broken(_)) => return Err(broken.inside(Step::Index(at))),
            }
        }
        unclear
    }

    fn unique(&self, matcher: &Matcher, value: &Value) -> Outcome {
        let Value::Array(items) = value else { return self.unless(false, matcher, value) };
        self.meaning().first_repeated(items).map_or(Ok(()), |(first, again)| {
            let what = show::value(&items[again]);
            Err(Trouble::broken(format!("holds {what} twice, as element {first} and as element {again}")))
        })
    }

    fn reversed(&self, list: &Value, value: &Value) -> Outcome {
        let mut wanted = self.filled(list)?;
        let Value::Array(items) = &mut wanted else {
            return Err(Trouble::Unclear(format!("{} is no list to reverse", show::value(&wanted))));
        };
        items.reverse();
        self.unless_equal(&wanted, value)
    }

    fn unlike(wanted: &Value, value: &Value) -> Trouble {
        let (wanted, value) = show::pair(wanted, value);
        Trouble::unlike(wanted, value)
    }

    fn unless_equal(&self, wanted: &Value, value: &Value) -> Outcome {
        let (Value::Array(left), Value::Array(right)) = (wanted, value) else {
            return Err(Self::unlike(wanted, value));
        };
        let differing = left.iter().zip(right).position(|(left, right)| !self.meaning().equal(left, right));
        match differing {
            Some(at) => Err(Self::unlike(&left[at], &right[at]).inside(Step::Index(at))),
            None if left.len() == right.len() => Ok(()),
            None => {
                let (wanted, came) = (left.len(), right.len());
                Err(Trouble::broken(format!("has {came} elements, expected {wanted}")))
            }
        }
    }

    fn leads_to(&self, wanted: &Value, value: &Value) -> Outcome {
        let base = &self.judge.facts.base_url;
        let wanted = self.filled(wanted)?;
        let goal = wanted
            .as_str()
            .and_then(|text| address::meant(text, base))
            .ok_or_else(|| Trouble::Unclear(format!("{} is no URL to compare with", show::value(&wanted))))?;
        let reached = value.as_str().and_then(|text| match self.document {
            Some(document) => document.join(text).ok(),
            None => address::meant(text, base),
        });
        if reached.is_some_and(|url| self.judge.identity(&url) == self.judge.identity(&goal)) {
            Ok(())
        } else {
            Err(Trouble::unlike(format!("a link that leads to {}", show::cut(goal.as_str(), 200)), show::datum(value)))
        }
    }

    fn same_as(&self, baselines: &[Value], except: &Value, value: &Value) -> Outcome {
        let baselines = baselines.iter().map(|value| self.filled(value)).collect::<Result<Vec<_>, _>>()?;
        let except = names(&self.filled(except)?);
        let comparison = Comparison { meaning: self.meaning(), except: &except };
        let found = same::compare(&baselines.iter().collect::<Vec<_>>(), value, &comparison);
        match found.places.first() {
            Some((_, expected, actual)) => {
                let sentence = format!("is {actual}, expected {expected}{}", found.others());
                let steps = below_root(&steps_of(&found.first));
                Err(Trouble::broken(sentence).inside(Step::Path(steps.into(), found.first)))
            }
            None if found.is_about_nothing() => {
                Err(Trouble::Unclear("the values to compare with have nothing in common".to_owned()))
            }
            None => Ok(()),
        }
    }

    pub(super) fn unless(&self, holds: bool, matcher: &Matcher, value: &Value) -> Outcome {
        if holds { Ok(()) } else { Err(Trouble::unlike(self.describe(matcher), show::datum(value))) }
    }

    /// A value with its templates filled in.
    pub(super) fn filled(&self, template: &Value) -> Result<Value, Trouble> {
        self.scope.value(template).map_err(|error| Trouble::Unclear(error.to_string()))
    }

    /// A text with its templates filled in.
    pub(super) fn text<'t>(&self, template: &'t str) -> Result<Cow<'t, str>, Trouble> {
        if !template.contains('{') {
            return Ok(Cow::Borrowed(template));
        }
        self.scope.text(template).map(Cow::Owned).map_err(|error| Trouble::Unclear(error.to_string()))
    }
}

/// The trouble of the one option that states what is wanted, where the others only say when nothing is: if a value is
/// missing, or is not of some kind.
fn what_was_wanted(broken: Vec<(&Matcher, Trouble)>) -> Option<Trouble> {
    let mut stated = broken.into_iter().filter(|(option, _)| !is_exemption(option));
    let (_, trouble) = stated.next()?;
    stated.next().is_none().then_some(trouble)
}

fn is_exemption(option: &Matcher) -> bool {
    match option {
        Matcher::Present(false) | Matcher::Not(_) => true,
        Matcher::Where(conditions) => conditions.iter().all(|(_, condition)| is_exemption(condition)),
        _ => false,
    }
}

fn present(wanted: bool, subject: Subject<'_>) -> Outcome {
    let is_there = match subject {
        Subject::Nothing => false,
        Subject::Value(_) => true,
        Subject::Several(all) => all.as_array().is_some_and(|all| !all.is_empty()),
    };
    match (wanted, is_there) {
        (true, false) => Err(Trouble::unlike("a value", Datum::Missing)),
        (false, true) => Err(Trouble::unlike("nothing", shown(subject))),
        _ => Ok(()),
    }
}

fn shown(subject: Subject<'_>) -> Datum {
    match subject {
        Subject::Nothing => Datum::Missing,
        Subject::Value(value) | Subject::Several(value) => show::datum(value),
    }
}

/// The number, or the number that a text from a header or a saved value spells.
fn spelt_number(value: &Value) -> Option<number::Decimal> {
    let spelt = || serde_json::from_str::<Number>(value.as_str()?.trim()).ok();
    number::of(value).or_else(|| Some(number::Decimal::of(&spelt()?)))
}

/// The names that an array of strings holds, or the one that a string is.
pub(super) fn names(value: &Value) -> Vec<String> {
    match value {
        Value::String(name) => vec![name.clone()],
        Value::Array(names) => names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}

fn is_of_type(wanted: JsonType, value: &Value) -> bool {
    match wanted {
        JsonType::String => value.is_string(),
        JsonType::Integer => number::of(value).is_some_and(|number| number.is_whole()),
        JsonType::Number => value.is_number(),
        JsonType::Boolean => value.is_boolean(),
        JsonType::Array => value.is_array(),
        JsonType::Object => value.is_object(),
        JsonType::Null => value.is_null(),
    }
}
