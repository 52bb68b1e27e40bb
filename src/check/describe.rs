//! What a matcher wants, in words for a person.

use serde_json::Value;

use super::matcher::Matching;
use super::show;
use crate::suite::{DateForm, JsonType, Matcher};

impl Matching<'_> {
    /// What a matcher wants, for a person.
    pub(super) fn describe(&self, matcher: &Matcher) -> String {
        let shown =
            |template: &Value| self.filled(template).map_or_else(|_| show::value(template), |v| show::value(&v));
        let each =
            |all: &[Matcher], between: &str| all.iter().map(|one| self.describe(one)).collect::<Vec<_>>().join(between);
        match matcher {
            Matcher::Equals(value) => shown(value),
            Matcher::Not(inner) => format!("anything but {}", self.describe(inner)),
            Matcher::OneOf(options) => match options.split_last() {
                Some((last, others)) if !others.is_empty() => {
                    format!("{} or {}", each(others, ", "), self.describe(last))
                }
                _ => each(options, ", "),
            },
            Matcher::AllOf(all) => each(all, " and "),
            Matcher::Above(bound) => format!("a number above {}", shown(bound)),
            Matcher::Below(bound) => format!("a number below {}", shown(bound)),
            Matcher::AtLeast(bound) => format!("a number of at least {}", shown(bound)),
            Matcher::AtMost(bound) => format!("a number of at most {}", shown(bound)),
            Matcher::Type(wanted) => type_name(*wanted).to_owned(),
            Matcher::Present(true) => "a value".to_owned(),
            Matcher::Present(false) => "nothing".to_owned(),
            Matcher::Length(inner) => format!("something of length {}", self.describe(inner)),
            Matcher::Matches(pattern) => format!("a text that matches `{}`", show::cut(pattern, 80)),
            Matcher::Contains(inner) => format!("something that contains {}", self.describe(inner)),
            Matcher::Every(inner) => format!("an array in which each element is {}", self.describe(inner)),
            Matcher::Unique => "an array without equal elements".to_owned(),
            Matcher::Reversed(list) => format!("backwards {}", shown(list)),
            Matcher::Date(form) => date_name(*form).to_owned(),
            Matcher::Instant(date) => format!("the instant {}", shown(date)),
            Matcher::Before(date) => format!("a date before {}", shown(date)),
            Matcher::After(date) => format!("a date after {}", shown(date)),
            Matcher::LeadsTo(url) => format!("a link that leads to {}", shown(url)),
            Matcher::SameAs { .. } => "the same value as before".to_owned(),
            Matcher::Kept(sent) => format!("what was sent, {}", shown(sent)),
            Matcher::Where(conditions) => conditions
                .iter()
                .map(|(path, matcher)| format!("{} {}", show::cut(path, 80), self.describe(matcher)))
                .collect::<Vec<_>>()
                .join(" and "),
        }
    }
}

fn type_name(wanted: JsonType) -> &'static str {
    match wanted {
        JsonType::String => "a string",
        JsonType::Integer => "an integer",
        JsonType::Number => "a number",
        JsonType::Boolean => "a boolean",
        JsonType::Array => "an array",
        JsonType::Object => "an object",
        JsonType::Null => "null",
    }
}

fn date_name(form: DateForm) -> &'static str {
    match form {
        DateForm::Iso8601 => "a date of ISO 8601",
        DateForm::Utc => "a date of ISO 8601 that is designated UTC",
        DateForm::Seconds => "a date of ISO 8601 that is designated UTC, to the second",
    }
}
