//! Whether an error document names a field.

use serde_json::Value;

use super::outcome::{Miss, Outcome, Trouble};
use super::show;
use crate::verdict::{Location, PathStep};

/// Whether the field stands, as a word of its own, in any text of the document: in a string, or as the name of a
/// member below the top level. Of a path (`a.b`) the last part is enough.
pub(super) fn judge(document: &Value, field: &str) -> Outcome {
    let last = field.rsplit('.').next().unwrap_or(field);
    if last.is_empty() {
        return Err(Trouble::Unclear("there is no name to look for".to_owned()));
    }
    if is_named(document, last, Level::Top) {
        Ok(())
    } else {
        let sentence = format!("the error document does not name {}", show::text(field));
        let trouble = Trouble::Broken(Box::new(Miss::new(sentence).with_actual(show::datum(document))));
        let place = place_of_detail(document);
        let path = place.to_string();
        Err(trouble.at_place(place, path))
    }
}

/// Where the name is missing: in the detail of the document, which may stand in an envelope.
fn place_of_detail(document: &Value) -> Location {
    let enveloped = document.get("error").is_none() && document.get("content").is_some_and(Value::is_object);
    let way = if enveloped { &["content", "detail"][..] } else { &["detail"] };
    Location::at(way.iter().map(|name| PathStep::Name((*name).to_owned())))
}

/// Where a value stands in the document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Top,
    Below,
}

fn is_named(value: &Value, field: &str, level: Level) -> bool {
    match value {
        Value::String(text) => holds_word(text, field),
        Value::Array(items) => items.iter().any(|item| is_named(item, field, Level::Below)),
        Value::Object(members) => members.iter().any(|(name, value)| {
            level == Level::Below && holds_word(name, field) || is_named(value, field, Level::Below)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn holds_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let mut before = text[..at].chars().rev();
        let mut after = text[at + word.len()..].chars();
        !goes_on(before.next(), before.next()) && !goes_on(after.next(), after.next())
    })
}

/// Whether an identifier goes on with these characters; a hyphen belongs to it between letters only.
fn goes_on(next: Option<char>, second: Option<char>) -> bool {
    let belongs = |character: Option<char>| character.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$');
    belongs(next) || next == Some('-') && belongs(second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn names(detail: &str, field: &str) -> bool {
        judge(&json!({"error": 400, "reason": "Bad Request", "detail": detail}), field).is_ok()
    }

    #[test]
    fn a_field_is_named_by_a_word_of_its_own() {
        for detail in
            ["naem", "Invalid field: naem.", "\"naem\" is unknown", "a.naem", "$.naem", "/naem", "naem - bad", "[naem]"]
        {
            assert!(names(detail, "naem"), "{detail}");
        }
        assert!(names("Invalid attribute notify.delayMin", "delayMin"));
        assert!(names("unknown field foo", "notification.foo"));
        for detail in ["naems", "xnaem", "my_naem", "naem2", "my-naem", "NAEM", "", "näem", "naemä"] {
            assert!(!names(detail, "naem"), "{detail}");
        }
    }

    #[test]
    fn any_text_of_the_document_counts() {
        assert_eq!(judge(&json!({"detail": "bad", "parameters": ["naem"]}), "naem"), Ok(()));
        assert_eq!(judge(&json!({"fields": {"naem": "unknown"}}), "naem"), Ok(()));
        assert!(judge(&json!({"detail": "bad"}), "detail").is_err());
    }

    #[test]
    fn what_is_not_named_is_said() {
        let why = judge(&json!({"detail": "bad"}), "naem").unwrap_err();
        assert_eq!(why.sentence(), "the error document does not name \"naem\"");
    }
}
