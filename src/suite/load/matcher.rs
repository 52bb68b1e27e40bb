//! Reads matchers.

use serde_json::Value;

use super::reading::Reading;
use super::text::pattern;
use crate::suite::{DateForm, JsonType, Matcher, StatusMatcher};
use crate::yaml::{Entry, Node};

/// The key that is no condition.
const SAYS: &str = "says";

impl Reading<'_> {
    /// The matcher of an expectation, which may say its own sentence.
    pub(super) fn outer_matcher(&mut self, node: &Node) -> Matcher {
        let conditions = node.entries().iter().filter(|entry| entry.key != SAYS).count();
        if let Some(says) = node.entry(SAYS).filter(|_| conditions == 0) {
            self.problem(says.at, "`says` goes with a condition");
        }
        self.conditions(node)
    }

    /// A matcher inside another one, or inside something else: an object of conditions, or the value itself.
    pub(super) fn matcher(&mut self, node: &Node) -> Matcher {
        if let Some(says) = node.entry(SAYS) {
            self.problem(says.at, "`says` stands in the outermost matcher of an expectation");
        }
        self.conditions(node)
    }

    fn conditions(&mut self, node: &Node) -> Matcher {
        let entries = node.entries();
        if entries.is_empty() {
            return Matcher::Equals(node.json());
        }
        if let (Some(except), None) = (node.entry("except"), node.entry("same-as")) {
            self.problem(except.at, "`except` goes with `same-as`");
        }
        let mut all: Vec<Matcher> = entries.iter().filter_map(|entry| self.condition(node, entry)).collect();
        if all.len() == 1 { all.remove(0) } else { Matcher::AllOf(all) }
    }

    fn condition(&mut self, node: &Node, entry: &Entry) -> Option<Matcher> {
        let value = &entry.value;
        Some(match entry.key.as_str() {
            "equals" => Matcher::Equals(value.json()),
            "not" => Matcher::Not(Box::new(self.matcher(value))),
            "one-of" => Matcher::OneOf(self.matchers(value)),
            "all-of" => Matcher::AllOf(self.matchers(value)),
            "above" => Matcher::Above(value.json()),
            "below" => Matcher::Below(value.json()),
            "at-least" => Matcher::AtLeast(value.json()),
            "at-most" => Matcher::AtMost(value.json()),
            "type" => Matcher::Type(json_type(value.text()?)?),
            "present" => Matcher::Present(value.truth()?),
            "length" => Matcher::Length(Box::new(self.matcher(value))),
            "matches" => self.pattern(value)?,
            "contains" => Matcher::Contains(Box::new(self.matcher(value))),
            "every" => Matcher::Every(Box::new(self.matcher(value))),
            "unique" => Matcher::Unique,
            "reversed" => Matcher::Reversed(value.json()),
            "date" => Matcher::Date(date_form(value.text()?)?),
            "instant" => Matcher::Instant(value.json()),
            "before" => Matcher::Before(value.json()),
            "after" => Matcher::After(value.json()),
            "leads-to" => Matcher::LeadsTo(value.json()),
            "same-as" => Matcher::SameAs {
                baselines: value.one_or_many().iter().map(Node::json).collect(),
                except: node.get("except").map_or(Value::Array(Vec::new()), Node::json),
            },
            "kept" => Matcher::Kept(value.json()),
            "where" => Matcher::Where(self.matchers_by_path(value)),
            _ => return None,
        })
    }

    fn matchers(&mut self, node: &Node) -> Vec<Matcher> {
        node.items().iter().map(|item| self.matcher(item)).collect()
    }

    fn matchers_by_path(&mut self, node: &Node) -> Vec<(String, Matcher)> {
        let mut all = Vec::new();
        for entry in node.entries() {
            self.path(entry.at, &entry.key);
            all.push((entry.key.clone(), self.matcher(&entry.value)));
        }
        all
    }

    fn pattern(&mut self, node: &Node) -> Option<Matcher> {
        let text = node.text()?;
        if let Some(message) = pattern(text) {
            self.problem(node.at, message);
        }
        Some(Matcher::Matches(text.to_owned()))
    }
}

/// What the author of an outermost matcher says of a value that does not match.
pub(super) fn says(matcher: &Node) -> Option<String> {
    matcher.get(SAYS).and_then(Node::text).map(str::to_owned)
}

/// Which status codes a value means, or `None` if it is of the wrong shape.
pub(super) fn status(node: &Node) -> Option<StatusMatcher> {
    if let Some(not) = node.get("not") {
        return Some(StatusMatcher::Not(Box::new(status(not)?)));
    }
    if let Some(below) = node.get("below") {
        return Some(StatusMatcher::Below(code(below)?));
    }
    match node.text() {
        Some(template) if template.starts_with('{') => Some(StatusMatcher::Template(template.to_owned())),
        Some(class) => class.strip_suffix("xx")?.parse().ok().map(StatusMatcher::Class),
        None if !node.items().is_empty() => {
            Some(StatusMatcher::OneOf(node.items().iter().filter_map(status).collect()))
        }
        None => code(node).map(StatusMatcher::Code),
    }
}

fn code(node: &Node) -> Option<u16> {
    u16::try_from(node.whole()?).ok()
}

fn json_type(word: &str) -> Option<JsonType> {
    Some(match word {
        "string" => JsonType::String,
        "integer" => JsonType::Integer,
        "number" => JsonType::Number,
        "boolean" => JsonType::Boolean,
        "array" => JsonType::Array,
        "object" => JsonType::Object,
        "null" => JsonType::Null,
        _ => return None,
    })
}

fn date_form(word: &str) -> Option<DateForm> {
    Some(match word {
        "iso-8601" => DateForm::Iso8601,
        "utc" => DateForm::Utc,
        "seconds" => DateForm::Seconds,
        _ => return None,
    })
}
