//! Marks that people and programs leave where they took secrets out of a recording.

use crate::record::is_secret;

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

/// Whether a part of a URL, or of a path, is such a mark. What a parameter for a secret holds leads nowhere else.
pub(in crate::audit) fn has_taken_out_part(url: &str) -> bool {
    let (place, query) = url.split_once(['?', '#']).unwrap_or((url, ""));
    let is_mark = |part: &str| {
        if part.contains('%') { is_taken_out(&percent_decoded(part)) } else { is_taken_out(part) }
    };
    let of_query = |pair: &str| pair.split_once('=').is_some_and(|(name, value)| !is_secret(name) && is_mark(value));
    place.split(['/', ':', ';', '.']).any(is_mark) || query.split(['&', '#']).any(of_query)
}

fn percent_decoded(part: &str) -> String {
    let plain = part.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    url::form_urlencoded::parse(plain.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_in_urls_are_known() {
        for url in [
            "[redacted]",
            "***",
            "https://h/groups/[redacted]/hosts",
            "https://h/groups/%5Bredacted%5D",
            "https://h/groups/%3Cremoved%3E?x=1",
            "https://***/groups/1",
            "https://[redacted]:8080/groups/1",
            "/groups/REDACTED",
            "/groups?name=***&x=1",
        ] {
            assert!(has_taken_out_part(url), "{url}");
        }
        for url in ["https://h/groups/1/hosts?x=*", "/", "", "https://h/a*/redacted-hosts", "/a?apiKey=redacted&x=1"] {
            assert!(!has_taken_out_part(url), "{url}");
        }
    }

    #[test]
    fn marks_are_known() {
        assert!(
            ["[redacted]", "REDACTED", "<removed>", "***", "XXXXX", "--hidden--"].iter().all(|text| is_taken_out(text))
        );
        assert!(!["", "x", "{}", "redacted yesterday", "Digest realm=\"x\""].iter().any(|text| is_taken_out(text)));
    }
}
