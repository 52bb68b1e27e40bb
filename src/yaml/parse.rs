//! From a text to a tree: the only place that knows the YAML parser.

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{DuplicateKeyPolicy, Error, Location, MergeKeyPolicy, Options, Spanned};

use super::node::{Content, Entry, Node, Position};
use super::{Problem, SIZE_LIMIT, written};

/// The text of a file, if it is one that can be read: UTF-8, without NUL, of a sensible size.
pub fn text(file: &str, bytes: &[u8]) -> Result<String, Problem> {
    if bytes.len() > SIZE_LIMIT {
        return Err(oversize(file, bytes.len()));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        end_of(&before).problem(file, "the file is not UTF-8 from here on")
    })?;
    match text.split_once('\0') {
        Some((before, _)) => Err(end_of(before).problem(file, "a NUL byte stands here")),
        None => Ok(text.to_owned()),
    }
}

/// The tree of a YAML text.
pub(crate) fn parse(file: &str, text: &str) -> Result<Node, Problem> {
    if text.len() > SIZE_LIMIT {
        return Err(oversize(file, text.len()));
    }
    if let Some((before, _)) = text.split_once('\0') {
        return Err(end_of(before).problem(file, "a NUL byte stands here"));
    }
    let mut tree: Node = serde_saphyr::from_str_with_options(text, options()).map_err(|error| refused(file, &error))?;
    written::restore(&mut tree, text);
    Ok(tree)
}

fn oversize(file: &str, length: usize) -> Problem {
    Position::START.problem(file, format!("the file has {length} bytes, more than the {SIZE_LIMIT} that are read"))
}

/// The place just after a text.
fn end_of(text: &str) -> Position {
    let line = text.rsplit('\n').next().unwrap_or_default();
    Position::new(text.matches('\n').count() + 1, line.chars().count() + 1)
}

fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: 48,
            max_nodes: 50_000,
            max_documents: 1,
            max_aliases: 200,
            max_anchors: 100,
            max_merge_keys: 0,
        },
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        reject_unsupported_tags: true,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        with_snippet: false,
    }
}

/// The parser's complaint in one line, with its options and limits in the words of the format.
fn refused(file: &str, error: &Error) -> Problem {
    let error = error.without_snippet();
    let at = error.location().filter(|location| location.line() > 0).map_or(Position::START, position);
    at.problem(file, complaint(error))
}

fn complaint(error: &Error) -> String {
    match error {
        Error::DuplicateMappingKey { key: Some(key), .. } => format!("the key `{key}` is there already"),
        Error::MergeKeyNotAllowed { .. } => "YAML's merge key `<<` is not part of the format".to_owned(),
        Error::NonFiniteFloat { .. } => "JSON has no such number".to_owned(),
        Error::Budget { breach, .. } => format!("the file is {}", too_much(breach)),
        Error::AliasError { error, .. } if !matches!(**error, Error::Budget { .. }) => complaint(error),
        Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. }
        | Error::AliasError { .. } => "the file repeats itself through too many aliases".to_owned(),
        other => in_one_line(&other.to_string()),
    }
}

fn too_much(breach: &BudgetBreach) -> &'static str {
    match breach {
        BudgetBreach::Documents { .. } => "more than one document",
        BudgetBreach::Depth { .. } => "nested too deeply",
        BudgetBreach::Aliases { .. } | BudgetBreach::Anchors { .. } | BudgetBreach::AliasAnchorRatio { .. } => {
            "full of anchors and aliases"
        }
        _ => "too large to be one of its kind",
    }
}

/// The first line of a complaint, without the place that it names a second time.
fn in_one_line(words: &str) -> String {
    let first = words.lines().next().unwrap_or_default();
    let first = first.strip_prefix("error: ").unwrap_or(first);
    match first.split(" at line ").next().unwrap_or(first).trim_end_matches([',', ':']) {
        "recursion limit exceeded" => "the file is nested too deeply".to_owned(),
        words => words.to_owned(),
    }
}

fn position(location: Location) -> Position {
    let number = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
    Position::new(number(location.line()), number(location.column()))
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Content>::deserialize(deserializer)?;
        Ok(Self { at: position(spanned.referenced), content: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value that JSON can express")
    }

    fn visit_unit<E>(self) -> Result<Content, E> {
        Ok(Content::Null)
    }

    fn visit_none<E>(self) -> Result<Content, E> {
        Ok(Content::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Content, D::Error> {
        Content::deserialize(deserializer)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Content, E> {
        Ok(Content::Bool(truth))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Content, E> {
        Ok(Content::Number(number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Content, E> {
        Ok(Content::Number(number.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Content, E> {
        Number::from_f64(number).map(Content::Number).ok_or_else(|| E::custom("JSON has no such number"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Content, E> {
        Ok(Content::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Content, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Content::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content, A::Error> {
        let mut entries: Vec<Entry> = Vec::new();
        while let Some(key) = map.next_key::<Node>()? {
            let name = match key.content {
                Content::Text(text) => text,
                Content::Number(number) => number.to_string(),
                Content::Bool(truth) => truth.to_string(),
                _ => return Err(A::Error::custom("a key is a plain text")),
            };
            entries.push(Entry { key: name, at: key.at, value: map.next_value()? });
        }
        Ok(Content::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refusal(text: &str) -> String {
        let problem = parse("f.yaml", text).unwrap_err();
        format!("{}:{}: {}", problem.source.line, problem.source.column, problem.message)
    }

    #[test]
    fn every_key_and_value_has_its_place() {
        let tree = parse("f", "a: 1\nb:\n  - c: { d: [x, 'y'] }\n    \u{e9}: { ü: z, $.k: 2 }\n").unwrap();
        let mut seen = Vec::new();
        tree.each_text(&mut |at, text| seen.push((text, at.line, at.column)));
        assert_eq!(
            seen,
            [
                ("a", 1, 1),
                ("b", 2, 1),
                ("c", 3, 5),
                ("d", 3, 10),
                ("x", 3, 14),
                ("y", 3, 17),
                ("\u{e9}", 4, 5),
                ("ü", 4, 10),
                ("z", 4, 13),
                ("$.k", 4, 16),
            ]
        );
        assert_eq!(tree.get("b").unwrap().at, Position::new(3, 3));
        assert_eq!(tree.get("b").unwrap().items()[0].get("c").unwrap().at, Position::new(3, 8));
    }

    #[test]
    fn values_are_those_of_json() {
        let tree = parse("f", "[yes, true, 012, 1_0, 1.5, -3, ~, null, '', 2xx, {}, []]").unwrap();
        assert_eq!(tree.json(), json!(["yes", true, "012", "1_0", 1.5, -3, null, null, "", "2xx", {}, []]));
    }

    #[test]
    fn what_is_no_yaml_is_one_problem_with_its_place() {
        let refusals: Vec<String> =
            ["a: 1\na: 2\n", "a: [1\n", "a: .nan\n", "--- 1\n--- 2\n", "<<: { a: 1 }\n", "a: !x 1\n", "? [a]\n: 1\n"]
                .map(refusal)
                .into();
        assert_eq!(
            refusals,
            [
                "2:1: the key `a` is there already",
                "1:4: unclosed bracket '['",
                "1:4: JSON has no such number",
                "2:1: the file is more than one document",
                "1:1: YAML's merge key `<<` is not part of the format",
                "1:7: unsupported tag `!x`",
                "1:1: a key is a plain text",
            ]
        );
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_where_they_stand() {
        let problem = text("f", b"a: 1\nb: \xff\n").unwrap_err();
        assert_eq!((problem.source.line, problem.source.column), (2, 4));
        assert_eq!(text("f", b"a\0").unwrap_err().message, "a NUL byte stands here");
        assert!(text("f", &vec![b'a'; SIZE_LIMIT + 1]).unwrap_err().message.contains("more than"));
    }
}
