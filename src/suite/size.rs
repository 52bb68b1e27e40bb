//! How large the values of templates may become: a few lines that double a text would else fill the memory.

use serde_json::Value;

use super::template::TemplateError;

/// The most bytes of text that a template gives, and all values together that a case binds.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// The most JSON values of them, and names that are looked up.
const MOST_VALUES: usize = 400_000;
/// How deep arrays and objects of a bound value may stand inside each other.
const MOST_DEPTH: usize = 200;

/// Why a template gives too much, in the words of a message.
pub(super) fn bounds() -> String {
    format!("{} MiB of text or {MOST_VALUES} values", MOST_BYTES / (1024 * 1024))
}

/// What may still be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Room {
    bytes: usize,
    values: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { bytes: MOST_BYTES, values: MOST_VALUES }
    }
}

impl Room {
    /// Takes room for text.
    pub(super) fn take_text(&mut self, text: &str) -> Result<(), TemplateError> {
        self.take(text.len(), 0)
    }

    /// Takes room for one value, its parts not counted.
    pub(super) fn take_one(&mut self) -> Result<(), TemplateError> {
        self.take(0, 1)
    }

    /// Takes room for a value with all its parts.
    pub(super) fn take_value(&mut self, value: &Value) -> Result<(), TemplateError> {
        self.take_part(value, MOST_DEPTH)
    }

    fn take_part(&mut self, value: &Value, depth: usize) -> Result<(), TemplateError> {
        let Some(depth) = depth.checked_sub(1) else { return Err(TemplateError::TooNested(MOST_DEPTH)) };
        self.take_one()?;
        match value {
            Value::String(text) => self.take_text(text),
            Value::Array(items) => items.iter().try_for_each(|item| self.take_part(item, depth)),
            Value::Object(members) => members.iter().try_for_each(|(name, value)| {
                self.take_text(name)?;
                self.take_part(value, depth)
            }),
            Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
        }
    }

    fn take(&mut self, bytes: usize, values: usize) -> Result<(), TemplateError> {
        let left = self.bytes.checked_sub(bytes).zip(self.values.checked_sub(values));
        let (bytes, values) = left.ok_or_else(|| TemplateError::TooLarge(bounds()))?;
        *self = Self { bytes, values };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::*;
    use crate::suite::{Scope, Uniques};

    fn scope(globals: Value) -> Scope {
        let Value::Object(globals) = globals else { unreachable!("an object") };
        Scope::new(Arc::new(globals), Uniques::new("t"))
    }

    /// Binds names of which each holds the last one so often; the error, and how many were bound.
    fn bound(first: &Value, next: impl Fn(&str) -> Value) -> (TemplateError, usize) {
        let mut scope = scope(json!({}));
        scope.bind("n0", first).expect("it is small");
        (1..)
            .find_map(|number| {
                Some((scope.bind(format!("n{number}"), &next(&format!("{{n{}}}", number - 1))).err()?, number))
            })
            .expect("an end")
    }

    #[test]
    fn what_doubles_ends_at_the_bounds() {
        let (error, lines) = bound(&json!("12345678"), |last| json!(format!("{last}{last}")));
        assert_eq!(error, TemplateError::TooLarge(bounds()));
        assert!(lines < 24, "{lines}");
        let (error, lines) = bound(&json!([]), |last| json!([last, last]));
        assert_eq!(error, TemplateError::TooLarge(bounds()));
        assert!(lines < 20, "{lines}");
        let (error, _) = bound(&json!({}), |last| json!({ "a": last }));
        assert_eq!(error, TemplateError::TooNested(MOST_DEPTH));
    }

    #[test]
    fn parameters_that_name_each_other_end_at_the_bounds_even_if_they_are_empty() {
        for last in ["", "x"] {
            let many = |name: &str| format!("{{{name}}}").repeat(1_000);
            let scope = scope(json!({ "a": many("b"), "b": many("c"), "c": many("d"), "d": last }));
            assert_eq!(scope.text("{a}"), Err(TemplateError::TooLarge(bounds())));
            assert_eq!(scope.text("{d}"), Ok(last.to_owned()));
        }
    }

    #[test]
    fn what_a_target_may_send_can_be_saved_and_sent_back() {
        let mut scope = scope(json!({}));
        let body = json!({ "text": "x".repeat(2 * 1024 * 1024), "values": vec![7; 100_000] });
        scope.set("saved", body.clone());
        assert_eq!(scope.value(&json!({ "again": "{saved}" })), Ok(json!({ "again": body })));
    }
}
