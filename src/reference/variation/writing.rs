//! How JSON is written.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{PrettyFormatter, Serializer};

use super::Variation;
use crate::reference::behaviour::Behaviour;

/// The text of a body that was written so; a compact one has no indentation to change.
pub(crate) fn write(behaviour: &Behaviour, value: &Value, text: String) -> String {
    let spaced = text.contains('\n');
    let mut text = match behaviour {
        _ if !spaced => text,
        _ if behaviour.takes(Variation::IndentByTabs) => indented(value, "\t").unwrap_or(text),
        // No line break stands inside a string: there it is escaped.
        _ if behaviour.takes(Variation::IndentByFour) => indented(value, "    ").unwrap_or(text).replace('\n', "\r\n"),
        _ => text,
    };
    if behaviour.takes(Variation::Escapes) {
        text = escaped(&text);
    }
    if behaviour.takes(Variation::NewlineAtTheEnd) {
        text.push('\n');
    }
    text
}

fn indented(value: &Value, by: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(by.as_bytes()));
    value.serialize(&mut serializer).ok()?;
    String::from_utf8(bytes).ok()
}

/// Neither a slash nor a character that is not ASCII stands outside strings.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '/' => escaped.push_str("\\/"),
            character if character.is_ascii() => escaped.push(character),
            character => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing to a `String` cannot fail.
                    let _ = write!(escaped, "\\u{unit:04X}");
                }
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_writing_is_the_same_value() {
        let value = json!({ "a/b": ["é\u{1F418}\n\\", {}], "c": {} });
        let variations =
            [Variation::IndentByTabs, Variation::IndentByFour, Variation::NewlineAtTheEnd, Variation::Escapes];
        for variation in variations {
            for text in [value.to_string(), format!("{value:#}")] {
                let written = write(&Behaviour::new([], [variation]), &value, text);
                assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), value, "{written}");
            }
        }
        assert_eq!(write(&Behaviour::default(), &value, value.to_string()), value.to_string());
    }

    #[test]
    fn each_changes_what_it_is_about() {
        let value = json!(["é/"]);
        let written = |variation, text: String| write(&Behaviour::new([], [variation]), &value, text);
        assert_eq!(written(Variation::IndentByTabs, format!("{value:#}")), "[\n\t\"é/\"\n]");
        assert_eq!(written(Variation::IndentByFour, format!("{value:#}")), "[\r\n    \"é/\"\r\n]");
        assert_eq!(written(Variation::Escapes, value.to_string()), r#"["\u00E9\/"]"#);
        assert_eq!(written(Variation::NewlineAtTheEnd, value.to_string()), "[\"é/\"]\n");
    }
}
