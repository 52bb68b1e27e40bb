//! What was expected beside what came, with the words marked that differ.

use similar::{ChangeTag, TextDiff};

use super::markup::Markup;

/// Longest texts that are compared word by word, together.
const LONGEST: usize = 4_000;

/// Both texts as HTML; where they share nothing, or are too long to compare, nothing is marked.
pub(super) fn marked(expected: &str, actual: &str) -> (Markup, Markup) {
    if expected.len() + actual.len() > LONGEST {
        return (Markup::of(expected), Markup::of(actual));
    }
    let (before, after) = (words(expected), words(actual));
    let diff = TextDiff::from_slices(&before, &after);
    let shared = diff.iter_all_changes().any(|change| change.tag() == ChangeTag::Equal && has_letters(change.value()));
    if !shared {
        return (Markup::of(expected), Markup::of(actual));
    }
    let (mut left, mut right) = (Markup::default(), Markup::default());
    for change in diff.iter_all_changes() {
        match change.tag() {
            ChangeTag::Equal => {
                left.text(change.value());
                right.text(change.value());
            }
            ChangeTag::Delete => left.within("<mark>", change.value(), "</mark>"),
            ChangeTag::Insert => right.within("<mark>", change.value(), "</mark>"),
        }
    }
    (left, right)
}

fn has_letters(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// Runs of letters and digits, and every other character alone.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if first.is_alphanumeric() {
            rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        words.push(&rest[..end]);
        rest = &rest[end..];
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(expected: &str, actual: &str) -> (String, String) {
        let (left, right) = marked(expected, actual);
        (left.to_string(), right.to_string())
    }

    #[test]
    fn words_that_differ_are_marked() {
        let (left, right) = shown("\"2016-10-12T11:45:59Z\"", "\"2016-10-12 11:45:59Z\"");
        assert!(left.contains("<mark>12T11</mark>"), "{left}");
        assert!(right.contains("12<mark> </mark>") || right.contains("<mark>12</mark><mark> </mark>"), "{right}");
    }

    #[test]
    fn markup_of_the_target_stays_text() {
        let (left, right) = shown("<b> one", "<b> <mark>");
        assert_eq!(left, "&lt;b&gt; <mark>one</mark>");
        assert_eq!(right, "&lt;b&gt; <mark>&lt;</mark><mark>mark</mark><mark>&gt;</mark>");
    }

    #[test]
    fn what_shares_nothing_is_left_plain() {
        assert_eq!(shown("400", "200"), ("400".to_owned(), "200".to_owned()));
        assert_eq!(shown("\"a\"", "\"b\""), ("\"a\"".to_owned(), "\"b\"".to_owned()));
    }
}
