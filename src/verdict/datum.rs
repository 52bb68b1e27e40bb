//! What was expected and what came instead, as values.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::location::is_obeyed;

/// The longest value that is kept whole, in characters of its JSON text.
const LONGEST: usize = 200;

/// What was expected, or what came instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Datum {
    /// This value.
    Value(Value),
    /// A value that is too long to be kept whole: a part of its JSON text, as people read it.
    Excerpt(String),
    /// A description.
    Text(String),
    /// Nothing.
    Missing,
}

impl Datum {
    /// This value, if it is short and harmless to show; `excerpt` is shown otherwise.
    pub fn value_or(value: &Value, excerpt: String) -> Self {
        let text = if is_small(value) { value.to_string() } else { String::new() };
        let is_plain = !text.is_empty() && text.chars().count() <= LONGEST && !text.chars().any(is_obeyed);
        if is_plain { Self::Value(value.clone()) } else { Self::Excerpt(excerpt) }
    }

    /// The same with every text in it changed.
    #[must_use]
    pub fn map_texts(self, text: &impl Fn(&str) -> String) -> Self {
        match self {
            Self::Value(value) => Self::Value(map_texts(value, text)),
            Self::Excerpt(shown) => Self::Excerpt(text(&shown)),
            Self::Text(shown) => Self::Text(text(&shown)),
            Self::Missing => Self::Missing,
        }
    }
}

/// Whether a value may have a short text: long texts are not written to be measured.
fn is_small(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => text.len() <= 4 * LONGEST,
        Value::Array(items) => items.len() <= LONGEST && items.iter().all(is_small),
        Value::Object(members) => {
            members.len() <= LONGEST && members.iter().all(|(name, member)| name.len() <= LONGEST && is_small(member))
        }
    }
}

fn map_texts(value: Value, text: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::String(shown) => Value::String(text(&shown)),
        Value::Array(items) => items.into_iter().map(|item| map_texts(item, text)).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(name, member)| (text(&name), map_texts(member, text))).collect()
        }
        Value::Number(number) => {
            // Digits may be a key, too.
            let (plain, shown) = (number.to_string(), text(&number.to_string()));
            if plain == shown { Value::Number(number) } else { Value::String(shown) }
        }
        other @ (Value::Null | Value::Bool(_)) => other,
    }
}

impl fmt::Display for Datum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::Excerpt(text) | Self::Text(text) => f.write_str(text),
            Self::Missing => f.write_str("missing"),
        }
    }
}

impl From<String> for Datum {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Datum {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u16> for Datum {
    fn from(number: u16) -> Self {
        Self::Value(Value::from(number))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn short_values_are_kept_and_long_ones_shown() {
        let of = |value: Value| Datum::value_or(&value, "excerpt".to_owned());
        for value in [json!(3), json!(null), json!({ "a": ["b", true] })] {
            assert_eq!(of(value.clone()), Datum::Value(value));
        }
        for value in [json!("x".repeat(LONGEST)), json!(vec![1; 150]), json!("a\u{202e}b")] {
            assert_eq!(of(value), Datum::Excerpt("excerpt".to_owned()));
        }
    }

    #[test]
    fn every_text_of_a_value_can_be_changed() {
        let hide = |text: &str| text.replace("key", "…").replace("1234", "…");
        let value = Datum::Value(json!({ "key": ["a key", 1234, 5] })).map_texts(&hide);
        assert_eq!(value, Datum::Value(json!({ "…": ["a …", "…", 5] })));
        assert_eq!(Datum::from("the key").map_texts(&hide), Datum::from("the …"));
    }

    #[test]
    fn a_datum_is_stored_and_read_back() {
        for (datum, text) in [
            (Datum::Value(json!(3)), r#"{"value":3}"#),
            (Datum::Text("a number".to_owned()), r#"{"text":"a number"}"#),
            (Datum::Missing, r#""missing""#),
        ] {
            assert_eq!(serde_json::to_string(&datum).unwrap(), text);
            assert_eq!(serde_json::from_str::<Datum>(text).unwrap(), datum);
        }
    }
}
