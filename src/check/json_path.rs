//! JSONPath (RFC 9535) behind a guard: what would cost the parser or the query too much is refused.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use serde_json_path::{JsonPath, PathElement};

use crate::suite::too_costly;
use crate::verdict::PathStep;

/// How many parsed paths are kept. Paths with saved values in them are many, and each is used but a few times.
const KEPT: usize = 1_000;

/// A parsed path.
#[derive(Debug)]
pub(super) struct Path {
    text: String,
    parsed: JsonPath,
    is_singular: bool,
    /// The steps to the one place that a singular path names, as far as no element is counted from the end.
    steps: Vec<PathStep>,
    /// The names of a path that is nothing but names after dots.
    plain: Option<Vec<String>>,
}

/// What a path found.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Found<'a> {
    /// The path can name one place only: its value, if it is there.
    One(Option<&'a Value>),
    /// All values, of a path that can name several places.
    Many(Vec<&'a Value>),
}

impl Path {
    /// Parses a path, or says why it cannot be used.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let unusable = |why: &str| format!("JSONPath `{}` cannot be used: {why}", super::show::cut(text, 80));
        // What was saved from an answer may stand in it, so that it is looked at again.
        if let Some(why) = too_costly(text) {
            return Err(unusable(&why));
        }
        let parsed = JsonPath::parse(text).map_err(|error| unusable(&error.to_string()))?;
        let steps = singular(text);
        let is_singular = steps.is_some();
        let steps = steps.into_iter().flatten().map_while(|step| step).collect();
        Ok(Self { text: text.to_owned(), parsed, is_singular, steps, plain: plain(text) })
    }

    /// What the path finds in a value.
    pub(super) fn find<'a>(&self, value: &'a Value) -> Found<'a> {
        if let Some(names) = &self.plain {
            let step = |value: &'a Value, name: &String| value.as_object()?.get(name);
            return Found::One(names.iter().try_fold(value, step));
        }
        let found = self.parsed.query(value).all();
        if self.is_singular { Found::One(found.first().copied()) } else { Found::Many(found) }
    }

    /// The way to where the path found its value of this index.
    pub(super) fn location(&self, value: &Value, index: usize) -> Option<Vec<PathStep>> {
        let located = self.parsed.query_located(value);
        let location = located.get(index)?.location();
        let step = |element: &PathElement<'_>| match element {
            PathElement::Name(name) => PathStep::Name((*name).to_owned()),
            PathElement::Index(index) => PathStep::Index(*index),
        };
        Some(location.iter().map(step).collect())
    }

    /// The steps to the one place that the path names; none of a path that can name several.
    pub(super) fn steps(&self) -> &[PathStep] {
        &self.steps
    }

    /// The path as it was written.
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

/// The names of a path like `$.a.b`, which most are.
fn plain(text: &str) -> Option<Vec<String>> {
    let is_plain = |name: &&str| {
        let rest = |c: char| c.is_ascii_alphanumeric() || c == '_';
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(rest)
    };
    let mut names = text.split('.');
    (names.next() == Some("$")).then_some(())?;
    names.map(|name| Some(name).filter(is_plain).map(str::to_owned)).collect()
}

/// The steps of a well-formed path that can name one place only: it has name and index selectors alone (RFC 9535,
/// section 2.3.5.1). An index that counts from the end is a step that is not known.
fn singular(text: &str) -> Option<Vec<Option<PathStep>>> {
    let mut rest = text.strip_prefix('$').unwrap_or(text).trim_start();
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let (step, after) = match rest.as_bytes() {
            [b'.', b'.' | b'*', ..] => return None,
            [b'.', ..] => {
                let name = &rest[1..];
                let end = name.find(['.', '[', ' ']).unwrap_or(name.len());
                (Some(PathStep::Name(name[..end].to_owned())), &name[end..])
            }
            [b'[', ..] => {
                let (step, after) = selector(rest[1..].trim_start())?;
                (step, after.trim_start().strip_prefix(']')?)
            }
            _ => return None,
        };
        steps.push(step);
        rest = after.trim_start();
    }
    Some(steps)
}

/// The one name or index that begins here, and what follows it.
fn selector(text: &str) -> Option<(Option<PathStep>, &str)> {
    let quote = text.chars().next().filter(|first| matches!(first, '\'' | '"'));
    let Some(quote) = quote else {
        let rest = text.trim_start_matches(|character: char| character.is_ascii_digit() || character == '-');
        let index = &text[..text.len() - rest.len()];
        return (!index.is_empty()).then_some((index.parse().ok().map(PathStep::Index), rest));
    };
    let mut is_escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if character == quote => return Some((name(&text[1..at], quote), &text[at + 1..])),
            _ => {}
        }
    }
    None
}

/// A name between quotes, its escapes decoded: they are those of JSON, and that of a single quote.
fn name(quoted: &str, quote: char) -> Option<PathStep> {
    let json = match quote {
        '\'' => format!("\"{}\"", quoted.replace("\\'", "'").replace('"', "\\\"")),
        _ => format!("\"{quoted}\""),
    };
    serde_json::from_str(&json).ok().map(PathStep::Name)
}

/// Parsed paths, by their text.
#[derive(Debug, Default)]
pub(super) struct Paths(Mutex<HashMap<String, Arc<Path>>>);

impl Paths {
    /// The path of this text.
    pub(super) fn get(&self, text: &str) -> Result<Arc<Path>, String> {
        if let Some(path) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(text) {
            return Ok(Arc::clone(path));
        }
        let path = Arc::new(Path::parse(text)?);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(text.to_owned(), Arc::clone(&path));
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn singular_paths_are_told_from_others() {
        for text in ["$", "$.a.b", "$['a b'][0]", "$[\"]\"].x", "$.a[-1]", "$[ 'it\\'s' ]", "$.ä.b"] {
            assert!(Path::parse(text).unwrap().is_singular, "{text}");
        }
        for text in ["$..a", "$.*", "$[*]", "$[0,1]", "$[0:2]", "$.a[?@.b]", "$['a','b']", "$.a[?@['x']=='$.b'].c"] {
            assert!(!Path::parse(text).unwrap().is_singular, "{text}");
        }
    }

    #[test]
    fn a_path_to_one_place_knows_its_steps() {
        for (text, pointer) in [
            ("$", ""),
            ("$.a.b[2]", "/a/b/2"),
            (r#"$['it\'s "x"']["\u0061"]"#, "/it's \"x\"/a"),
            ("$.a[-1].b", "/a"),
            ("$..a", ""),
        ] {
            let steps = Path::parse(text).unwrap().steps().to_vec();
            assert_eq!(String::from(crate::verdict::Pointer(steps)), pointer, "{text}");
        }
    }

    #[test]
    fn plain_paths_find_what_parsed_ones_do() {
        let value = json!({"a": {"b": [1, {"c": null}]}, "b": 2});
        for text in ["$", "$.a", "$.a.b", "$.a.b.c", "$.b.x", "$.x", "$.a_1"] {
            let path = Path::parse(text).unwrap();
            assert!(path.plain.is_some(), "{text}");
            let parsed = path.parsed.query(&value).all();
            assert_eq!(path.find(&value), Found::One(parsed.first().copied()), "{text}");
        }
        for text in ["$.a[0]", "$..a", "$.*", "$['a']", "$ .a", "$.ä"] {
            assert_eq!(plain(text), None, "{text}");
        }
    }

    #[test]
    fn hostile_paths_are_refused() {
        let why = |text: String| Path::parse(&text).unwrap_err();
        assert!(
            why(format!("$.{}", "a".repeat(600)))
                .ends_with("cannot be used: a JSONPath of 602 bytes is longer than the 512 allowed")
        );
        assert!(why(format!("${}", "[?@".repeat(7))).ends_with("cannot be used: a JSONPath with more than 6 filters"));
        assert!(
            why(format!("$[?{}1", "(".repeat(40)))
                .ends_with("cannot be used: a JSONPath with more than 32 brackets and parentheses")
        );
        assert!(why("$.".into()).starts_with("JSONPath `$.` cannot be used: "));
    }

    #[test]
    fn what_is_found_knows_its_place() {
        let value = json!({"links": [{"rel": "self"}, {"rel": "next"}]});
        let path = Path::parse("$.links[?@.rel=='next'].rel").unwrap();
        assert_eq!(path.find(&value), Found::Many(vec![&json!("next")]));
        let shown = |steps: Vec<PathStep>| crate::verdict::Pointer(steps).to_string();
        assert_eq!(path.location(&value, 0).map(shown).as_deref(), Some("$.links[1].rel"));
        assert_eq!(path.location(&value, 1), None);
        assert_eq!(Path::parse("$.links[5]").unwrap().find(&value), Found::One(None));
    }

    #[test]
    fn kept_paths_stay_few() {
        let paths = Paths::default();
        for number in 0..KEPT * 2 {
            paths.get(&format!("$.a{number}")).unwrap();
        }
        assert!(paths.0.lock().unwrap().len() <= KEPT);
    }
}
