//! Texts of a language of their own: paths (`JSONPath`), patterns, durations, lines of requests.

use regex::RegexBuilder;
use serde_json_path::JsonPath;

use crate::suite::template::with_word;

/// The longest JSONPath or pattern; longer ones are mistakes or attacks.
const LONGEST: usize = 512;
/// The deepest filters inside filters: parsing takes twice the time for each.
const FILTERS: usize = 6;
/// The most brackets and parentheses: the parser's depth is not bounded.
const BRACKETS: usize = 32;
/// The most memory of a compiled pattern.
const PATTERN_SIZE: usize = 1 << 20;

/// Why a JSONPath costs more than any needs, or `None`.
pub(crate) fn too_costly(path: &str) -> Option<String> {
    if path.len() > LONGEST {
        Some(format!("a JSONPath of {} bytes is longer than the {LONGEST} allowed", path.len()))
    } else if path.matches("[?").count() > FILTERS {
        Some(format!("a JSONPath with more than {FILTERS} filters"))
    } else if path.matches(['[', '(']).count() > BRACKETS {
        Some(format!("a JSONPath with more than {BRACKETS} brackets and parentheses"))
    } else {
        None
    }
}

/// Why a text is no usable JSONPath, or `None`. Templates in it count as a word, a number or the start of a path.
pub(super) fn json_path(template: &str) -> Option<String> {
    if let Some(why) = too_costly(template) {
        return Some(why);
    }
    let parse = |word| -> Result<(), String> {
        let path = with_word(template, word).map_err(|error| error.to_string())?;
        JsonPath::parse(&path).map(drop).map_err(|error| format!("`{template}` is not a JSONPath: {error}"))
    };
    let wrong = parse("x").err().filter(|_| parse("0").is_err() && parse("$").is_err())?;
    let with_dollar = if template.starts_with(['[', '.']) { format!("${template}") } else { format!("$.{template}") };
    let lacks_only_that = !template.starts_with('$') && json_path(&with_dollar).is_none();
    Some(if lacks_only_that { format!("`{template}` is not a JSONPath: write `{with_dollar}`") } else { wrong })
}

/// Why a text is no usable pattern, or `None`. Templates in it count as a word.
pub(super) fn pattern(template: &str) -> Option<String> {
    if template.len() > LONGEST {
        return Some(format!("a pattern of {} bytes is longer than the {LONGEST} allowed", template.len()));
    }
    // A template that is not closed is reported with the names of templates.
    let pattern = with_word(template, "x").ok()?;
    let error = RegexBuilder::new(&pattern).size_limit(PATTERN_SIZE).build().err()?;
    let words = error.to_string();
    let last = words.lines().last().unwrap_or_default();
    Some(format!("the pattern does not compile: {}", last.strip_prefix("error: ").unwrap_or(last)))
}

/// Method and URL of a line like `GET /groups/{group}`; templates may have blanks inside.
pub(super) fn request_line(line: &str) -> (&str, &str) {
    let mut open = 0_usize;
    for (at, letter) in line.char_indices() {
        match letter {
            '{' => open += 1,
            '}' => open = open.saturating_sub(1),
            ' ' if open == 0 => return (&line[..at], line[at + 1..].trim()),
            _ => {}
        }
    }
    (line, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_checked_with_templates_in_them() {
        for good in [
            "$",
            "$['{member}'].x",
            "$.results[{n}]",
            "$.items[?@['{a.{b}}'] == '{name}']",
            "$..links[0]",
            "{job.at}[0]",
        ] {
            assert_eq!(json_path(good), None, "{good}");
        }
        assert!(json_path("$.a[").unwrap().starts_with("`$.a[` is not a JSONPath: "));
        assert_eq!(json_path("id").unwrap(), "`id` is not a JSONPath: write `$.id`");
        assert_eq!(json_path("[0].{name}").unwrap(), "`[0].{name}` is not a JSONPath: write `$[0].{name}`");
        assert!(json_path("a[").unwrap().starts_with("`a[` is not a JSONPath: at position"));
    }

    #[test]
    fn hostile_paths_are_refused_before_they_are_parsed() {
        assert_eq!(json_path(&"$[?@".repeat(7)).unwrap(), "a JSONPath with more than 6 filters");
        assert_eq!(json_path(&"(".repeat(33)).unwrap(), "a JSONPath with more than 32 brackets and parentheses");
        assert_eq!(json_path(&"a".repeat(513)).unwrap(), "a JSONPath of 513 bytes is longer than the 512 allowed");
    }

    #[test]
    fn patterns_are_compiled_within_bounds() {
        assert_eq!(pattern(r"^\d{4}-{name}$"), None);
        assert_eq!(pattern("(").unwrap(), "the pattern does not compile: unclosed group");
        assert!(pattern(r"(\w{1000}){1000}").unwrap().contains("size limit"));
    }

    #[test]
    fn a_line_is_method_and_url() {
        assert_eq!(request_line("GET /a/{b}?c=1"), ("GET", "/a/{b}?c=1"));
        assert_eq!(request_line("{f.method} {f.path}"), ("{f.method}", "{f.path}"));
        assert_eq!(request_line("DELETE"), ("DELETE", ""));
    }
}
