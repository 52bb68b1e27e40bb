//! How values of the target are shown in messages: short, and without characters that a terminal would obey.

use std::fmt::Write as _;
use std::io;

use serde_json::Value;

use crate::verdict::{Datum, is_obeyed};

/// The most characters of a value that a message shows.
const LENGTH: usize = 200;
/// The most bytes of a value in which a difference is looked for.
const LONGEST: usize = 1024 * 1024;

/// A value as compact JSON, cut.
pub(super) fn value(value: &Value) -> String {
    cut(&written(value, LENGTH * 4 + 4), LENGTH)
}

/// A value as findings keep it.
pub(super) fn datum(shown: &Value) -> Datum {
    Datum::value_or(shown, value(shown))
}

/// A value as compact JSON, or as much of it as goes into these bytes.
fn written(value: &Value, bytes: usize) -> String {
    let mut out = Limited { bytes: Vec::new(), left: bytes };
    // An error says only that the limit was met, which the cut makes visible.
    let _ = serde_json::to_writer(&mut out, value);
    String::from_utf8_lossy(&out.bytes).into_owned()
}

/// Two values that differ, as compact JSON; where they are long, the part around the first difference.
pub(super) fn pair(left: &Value, right: &Value) -> (Datum, Datum) {
    let (around_left, around_right) = excerpts(left, right);
    (Datum::value_or(left, around_left), Datum::value_or(right, around_right))
}

fn excerpts(left: &Value, right: &Value) -> (String, String) {
    let (left, right) = (written(left, LONGEST), written(right, LONGEST));
    let same = left.chars().zip(right.chars()).take_while(|(left, right)| left == right).count();
    if same < LENGTH / 2 {
        return (cut(&left, LENGTH), cut(&right, LENGTH));
    }
    let from = same - LENGTH / 4;
    let around = |text: &str| {
        let rest: String = text.chars().skip(from).take(LENGTH + 1).collect();
        format!("…{}", cut(&rest, LENGTH))
    };
    (around(&left), around(&right))
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
    fn of_long_values_the_part_is_shown_where_they_differ() {
        assert_eq!(pair(&json!([1, 2]), &json!([1, 3])), (Datum::Value(json!([1, 2])), Datum::Value(json!([1, 3]))));
        let list = |last: u32| json!((0..500).chain([last]).collect::<Vec<u32>>());
        let (left, right) = excerpts(&list(7), &list(8));
        assert!(left.starts_with('…') && left.ends_with(",499,7]"), "{left}");
        assert!(right.ends_with(",499,8]") && right.chars().count() < LENGTH, "{right}");
        let (short, long) = excerpts(&json!(vec![1; 300]), &json!(vec![1; 900]));
        assert!(short.ends_with("1]") && long.ends_with('…'), "{short} {long}");
    }

    #[test]
    fn nothing_reaches_the_terminal_that_it_would_obey() {
        assert_eq!(text("a\u{1b}[31mb\u{202e}c\u{9b}"), r#""a\u{1b}[31mb\u{202e}c\u{9b}""#);
    }
}
