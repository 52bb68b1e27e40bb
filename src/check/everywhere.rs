//! Rules for every part of a body.

use serde_json::{Map, Value};

use super::answer::Answer;
use super::outcome::{Outcome, Place, Trouble};
use super::place::{Step, from_root, kind, path_steps};
use super::{Facts, dated, links, show, timestamps, units};
use crate::suite::Rule;
use crate::verdict::Location;

/// The most places that a message lists.
const PLACES: usize = 5;

/// The most kinds of places that are told apart.
const KINDS: usize = 20;

/// A part of a body and where it stands.
pub(super) struct Part<'a, 'w> {
    /// The way to it.
    pub(super) way: &'w [Step<'a>],
    /// The value.
    pub(super) value: &'a Value,
    /// The object that it is a member of.
    pub(super) around: Option<&'a Map<String, Value>>,
}

impl Part<'_, '_> {
    /// The member's name, if it is a member of an object.
    pub(super) fn name(&self) -> Option<&str> {
        match self.way.last() {
            Some(Step::Name(name)) => Some(name),
            _ => None,
        }
    }

    /// The member's name, or that of the member in whose array it stands.
    pub(super) fn nearest_name(&self) -> Option<&str> {
        self.way.iter().rev().find_map(|step| match step {
            Step::Name(name) => Some(name.as_ref()),
            Step::Index(_) | Step::Path(..) => None,
        })
    }

    /// Whether the same object has a member of this name.
    pub(super) fn beside(&self, name: &str) -> bool {
        self.around.is_some_and(|members| members.contains_key(name))
    }
}

/// Whether nothing in the body breaks a rule. In an empty body nothing does.
pub(super) fn judge(rule: Rule, answer: &Answer<'_>, facts: &Facts) -> Outcome {
    if answer.is_empty() {
        return Ok(());
    }
    if rule == Rule::UniqueMembers {
        return unique_members(answer);
    }
    let value = answer.value()?;
    if rule == Rule::ItemsOnlySelf {
        let mut broken = Broken::default();
        links::items_only_self(value, &mut broken);
        return broken.outcome();
    }
    let found = answer.broken.get_or_init(|| BrokenRules::of(value, facts, answer.status >= 400));
    found.broken.iter().find(|(broken, _)| *broken == rule).map_or(Ok(()), |(_, broken)| broken.outcome())
}

/// Whether a body holds anything that a rule speaks about.
pub(super) fn has_occasion(rule: Rule, answer: &Answer<'_>, facts: &Facts) -> bool {
    let Ok(value) = answer.value() else { return false };
    match rule {
        Rule::UniqueMembers => {
            value.is_object() || value.as_array().is_some_and(|items| items.iter().any(Value::is_object))
        }
        Rule::ItemsOnlySelf => links::items(value).1.iter().any(Value::is_object),
        _ => {
            let found = answer.broken.get_or_init(|| BrokenRules::of(value, facts, answer.status >= 400));
            found.occasions.contains(&rule)
        }
    }
}

/// The rules for every part that a body breaks, and those that it gives an occasion for: found in one walk through it.
#[derive(Debug, Default)]
pub(super) struct BrokenRules {
    broken: Vec<(Rule, Broken)>,
    occasions: Vec<Rule>,
}

impl BrokenRules {
    fn of(value: &Value, facts: &Facts, is_error: bool) -> Self {
        let mut found = Self::default();
        each_part(value, None, &mut Vec::new(), &mut |part| found.look_at(part, facts, is_error));
        found
    }

    fn look_at(&mut self, part: &Part<'_, '_>, facts: &Facts, is_error: bool) {
        self.meet(&[Rule::NoNull], || part.name().is_some());
        match part.value {
            // An element of an array is no field.
            Value::Null => self.note(Rule::NoNull, part, part.name().map(|_| "is null".to_owned())),
            Value::Object(_) => {
                let all = [Rule::TimestampsShape, Rule::TimestampsSeconds, Rule::TimestampsInt32];
                self.meet(&all, || timestamps::is_timestamp(part.value));
                let is_inside = part.name() == Some("$timestamp");
                self.note(Rule::TimestampsShape, part, timestamps::wrong_shape(part.value).filter(|_| !is_inside));
                self.wrapped_date(part, is_error);
            }
            Value::Number(_) => {
                self.meet(&[Rule::UnitsInNames], || units::is_in_a_unit(part, facts));
                self.note(Rule::UnitsInNames, part, units::without_unit(part, facts));
            }
            Value::Array(_) | Value::Bool(_) | Value::String(_) => {}
        }
        self.note(Rule::TimestampsSeconds, part, timestamps::wrong_date(part));
        self.note(Rule::TimestampsInt32, part, timestamps::wrong_increment(part));
        // An error may echo whatever date was sent.
        if !is_error && matches!(part.value, Value::Bool(_) | Value::Number(_) | Value::String(_)) {
            self.meet(&[Rule::DatesIso8601], || dated::is_date(part, facts));
            self.meet(&[Rule::DatesUtc], || dated::is_instant(part, facts));
            self.note(Rule::DatesIso8601, part, dated::no_iso_8601(part, facts));
            self.note(Rule::DatesUtc, part, dated::not_utc(part, facts));
        }
        if links::is_links(part) {
            self.meet(&[Rule::LinkShape, Rule::LinkMembers], || true);
            self.meet(&[Rule::ExtensionRelIsUri], || links::has_extension(part));
            self.note(Rule::LinkShape, part, links::wrong_shape(part));
            self.note(Rule::LinkMembers, part, links::has_more_members(part));
            self.note(Rule::ExtensionRelIsUri, part, links::rel_is_no_uri(part));
        }
    }

    /// Looks at an object that may be a date as the database writes it.
    fn wrapped_date(&mut self, part: &Part<'_, '_>, is_error: bool) {
        let why = if is_error { None } else { dated::wrapped(part) };
        self.meet(&[Rule::DatesIso8601], || why.is_some());
        self.note(Rule::DatesIso8601, part, why);
    }

    fn note(&mut self, rule: Rule, part: &Part<'_, '_>, why: Option<String>) {
        let Some(why) = why else { return };
        let at = self.broken.iter().position(|(known, _)| *known == rule).unwrap_or_else(|| {
            self.broken.push((rule, Broken::default()));
            self.broken.len() - 1
        });
        self.broken[at].1.add(part.way, &why);
    }

    /// Notes that a part is of the kind that some rules speak about.
    fn meet(&mut self, rules: &[Rule], is_met: impl FnOnce() -> bool) {
        if !self.occasions.contains(&rules[0]) && is_met() {
            self.occasions.extend(rules);
        }
    }
}

fn unique_members(answer: &Answer<'_>) -> Outcome {
    let scan = &answer.reading.scan;
    if scan.fault.is_some() || answer.exchange.response.cut {
        answer.value()?;
    }
    if scan.repeated_count == 0 {
        return Ok(());
    }
    let more = scan.repeated_count - scan.repeated.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let place = |(at, path): &(usize, String)| Place {
        location: Location::Byte { at: *at },
        path: path.clone(),
        why: format!("{path} is named twice"),
    };
    let places = scan.repeated.iter().map(place).collect();
    let named: Vec<&str> = scan.repeated.iter().map(|(_, path)| path.as_str()).collect();
    Err(Trouble::broken(format!("members are named twice: {}{more}", named.join(", "))).at(places))
}

/// Calls `look` for a value and for every part of it.
fn each_part<'a>(
    value: &'a Value,
    around: Option<&'a Map<String, Value>>,
    way: &mut Vec<Step<'a>>,
    look: &mut dyn FnMut(&Part<'a, '_>),
) {
    look(&Part { way, value, around });
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                way.push(Step::Index(at));
                each_part(item, None, way, look);
                way.pop();
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                way.push(Step::Name(name.into()));
                each_part(member, Some(members), way, look);
                way.pop();
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The places that break a rule.
#[derive(Debug, Default)]
pub(super) struct Broken {
    shown: Vec<String>,
    count: usize,
    /// The first place of each kind; places are of one kind if they differ in indexes alone.
    places: Vec<(String, Place)>,
}

impl Broken {
    /// Adds a place.
    pub(super) fn add(&mut self, way: &[Step<'_>], why: &str) {
        self.count += 1;
        let place = &from_root(way);
        let kind = kind(place);
        if self.places.len() < KINDS && self.places.iter().all(|(known, _)| *known != kind) {
            let path = show::cut(place, 200);
            let location = Location::at(path_steps(way));
            self.places.push((kind, Place { location, why: format!("{path} {why}"), path }));
        }
        if self.shown.len() < PLACES {
            self.shown.push(format!("{} {why}", show::cut(place, 200)));
        }
    }

    fn outcome(&self) -> Outcome {
        if self.count == 0 {
            return Ok(());
        }
        let more = self.count - self.shown.len();
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        let places = self.places.iter().map(|(_, place)| place.clone()).collect();
        Err(Trouble::broken(format!("{}{more}", self.shown.join("; "))).at(places))
    }
}
