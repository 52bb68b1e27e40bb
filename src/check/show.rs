//! How values of the target are shown in messages: short, and without characters that a terminal would obey.

use std::fmt::Write as _;
use std::io;

use serde_json::Value;

/// The most characters of a value that a message shows.
const LENGTH: usize = 200;

/// A value as compact JSON, cut.
pub(super) fn value(value: &Value) -> String {
    let mut out = Limited { bytes: Vec::new(), left: LENGTH * 4 + 4 };
    // An error says only that the limit was met, which the cut makes visible.
    let _ = serde_json::to_writer(&mut out, value);
    cut(&String::from_utf8_lossy(&out.bytes), LENGTH)
}

/// A text between quotes, cut.
pub(super) fn text(text: &str) -> String {
    format!("\"{}\"", cut(text, LENGTH))
}

/// A text of at most `length` characters; what a terminal would obey is written as an escape.
pub(super) fn cut(text: &str, length: usize) -> String {
    let mut out = String::new();
    for (at, character) in text.chars().enumerate() {
        if at == length {
            out.push('…');
            break;
        }
        if is_obeyed(character) {
            let _ = write!(out, "{}", character.escape_unicode());
        } else {
            out.push(character);
        }
    }
    out
}

/// Whether a character controls a terminal or the direction of text.
fn is_obeyed(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Takes so many bytes and then refuses.
struct Limited {
    bytes: Vec<u8>,
    left: usize,
}

impl io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.left);
        if taken == 0 && !bytes.is_empty() {
            return Err(io::Error::other("enough"));
        }
        self.bytes.extend_from_slice(&bytes[..taken]);
        self.left -= taken;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn long_values_are_cut() {
        assert_eq!(value(&json!({"a": [1, 2]})), r#"{"a":[1,2]}"#);
        let long = value(&json!("ä".repeat(1_000_000)));
        assert_eq!(long.chars().count(), LENGTH + 1);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn nothing_reaches_the_terminal_that_it_would_obey() {
        assert_eq!(text("a\u{1b}[31mb\u{202e}c\u{9b}"), r#""a\u{1b}[31mb\u{202e}c\u{9b}""#);
    }
}
