//! Marks that people and programs leave where they took secrets out of a recording.

/// Words of such marks.
const WORDS: [&str; 9] =
    ["redacted", "removed", "hidden", "filtered", "scrubbed", "masked", "sanitized", "omitted", "stripped"];

/// The longest mark.
const LONGEST: usize = 40;

/// Whether a text is a mark and nothing else.
pub(in crate::audit) fn is_taken_out(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return false;
    }
    let is_crossed_out = text.chars().count() >= 3 && text.chars().all(|letter| "*xX#•█".contains(letter));
    let is_word = |text: &str| WORDS.iter().any(|word| word.eq_ignore_ascii_case(text));
    let bare = text.trim_matches(|letter: char| !letter.is_alphanumeric());
    is_crossed_out || is_word(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_known() {
        assert!(
            ["[redacted]", "REDACTED", "<removed>", "***", "XXXXX", "--hidden--"].iter().all(|text| is_taken_out(text))
        );
        assert!(!["", "x", "{}", "redacted yesterday", "Digest realm=\"x\""].iter().any(|text| is_taken_out(text)));
    }
}
