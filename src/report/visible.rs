//! Texts of a target made harmless: what a terminal or a reader would obey is shown instead.

use std::fmt::Write as _;

/// The text on one line: every control and direction character is shown as a sign.
pub(crate) fn line(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), show)
}

/// The text with its line breaks and tabs as they are and every other control character shown as a sign.
pub(super) fn block(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.chars().fold(String::with_capacity(text.len()), |mut shown, c| match c {
        '\n' | '\t' => {
            shown.push(c);
            shown
        }
        _ => show(shown, c),
    })
}

fn show(mut shown: String, c: char) -> String {
    match c {
        // The pictures of control characters stand in their order.
        '\0'..='\x1f' => shown.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or(c)),
        '\x7f' => shown.push('\u{2421}'),
        c if is_unseen(c) => {
            // Writing to a string cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
        }
        c => shown.push(c),
    }
    shown
}

/// Whether a character is unseen, turns the direction of text, or is no character (which XML refuses).
fn is_unseen(c: char) -> bool {
    let code = u32::from(c);
    matches!(code, 0x80..=0x9f | 0xad | 0x61c | 0x180e | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff
        | 0xfdd0..=0xfdef | 0xe0000..=0xe0fff)
        || code & 0xfffe == 0xfffe
}

/// At most `limit` characters of the text, and how many were left out.
pub(super) fn clip(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some((end, _)) => format!("{} … ({} more characters)", &text[..end], text[end..].chars().count()),
    }
}

/// The text in at most so many characters; one that was cut ends in `…`.
pub(super) fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some(_) => text.chars().take(limit.saturating_sub(1)).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_commands_and_directions_become_signs() {
        assert_eq!(line("a\x1b[31mb\r\n\0\x7f\u{9b}1m\u{202e}c"), "a␛[31mb␍␊␀␡\\u{9b}1m\\u{202e}c");
        assert_eq!(line("ä 漢 😀"), "ä 漢 😀");
        assert_eq!(line("\u{ffff}\u{1fffe}"), "\\u{ffff}\\u{1fffe}");
    }

    #[test]
    fn blocks_keep_their_lines() {
        assert_eq!(block("a\r\n\tb\rc\x07"), "a\n\tb␍c␇");
    }

    #[test]
    fn clipping_counts_characters() {
        assert_eq!((cut("äöü", 3), cut("äöüß", 3)), ("äöü".to_owned(), "äö…".to_owned()));
        assert_eq!(clip("äöü", 3), "äöü");
        assert_eq!(clip("äöüß", 3), "äöü … (1 more characters)");
    }
}
