//! Rules for every part of a body.

use serde_json::{Map, Value};

use super::answer::Answer;
use super::outcome::{Outcome, Trouble};
use super::place::{Step, from_root};
use super::{Facts, dated, links, show, timestamps, units};
use crate::suite::Rule;

/// The most places that a message lists.
const PLACES: usize = 5;

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

    /// Whether the same object has a member of this name.
    pub(super) fn beside(&self, name: &str) -> bool {
        self.around.is_some_and(|members| members.contains_key(name))
    }

    /// JSONPath of the part.
    pub(super) fn place(&self) -> String {
        from_root(self.way)
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
    let mut broken = Broken::default();
    let value = answer.value()?;
    if rule == Rule::ItemsOnlySelf {
        links::items_only_self(value, &mut broken);
    } else {
        let is_error = answer.exchange.response.status >= 400;
        each_part(value, None, &mut Vec::new(), &mut |part| look_at(rule, part, facts, is_error, &mut broken));
    }
    broken.outcome()
}

fn look_at(rule: Rule, part: &Part<'_, '_>, facts: &Facts, is_error: bool, broken: &mut Broken) {
    let why = match rule {
        Rule::NoNull => part.value.is_null().then(|| "is null".to_owned()),
        // An error may echo whatever date was sent.
        Rule::DatesIso8601 | Rule::DatesUtc if is_error => None,
        Rule::DatesIso8601 => dated::no_iso_8601(part, facts),
        Rule::DatesUtc => dated::not_utc(part, facts),
        Rule::TimestampsShape => timestamps::wrong_shape(part.value),
        Rule::TimestampsSeconds => timestamps::wrong_date(part.value),
        Rule::TimestampsInt32 => timestamps::wrong_increment(part.value),
        Rule::UnitsInNames => units::without_unit(part, facts),
        Rule::LinkShape => links::wrong_shape(part),
        Rule::ExtensionRelIsUri => links::rel_is_no_uri(part),
        Rule::UniqueMembers | Rule::ItemsOnlySelf => None,
    };
    if let Some(why) = why {
        broken.add(&part.place(), &why);
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
    Err(Trouble::broken(format!("members are named twice: {}{more}", scan.repeated.join(", "))))
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
}

impl Broken {
    /// Adds a place.
    pub(super) fn add(&mut self, place: &str, why: &str) {
        self.count += 1;
        if self.shown.len() < PLACES {
            self.shown.push(format!("{} {why}", show::cut(place, 200)));
        }
    }

    fn outcome(self) -> Outcome {
        if self.count == 0 {
            return Ok(());
        }
        let more = self.count - self.shown.len();
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        Err(Trouble::broken(format!("{}{more}", self.shown.join("; "))))
    }
}
