//! Shows problems of files to a person: the line, a caret under the place, what may have been meant, and how many.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::report::Colour;
use crate::report::counted;
use crate::yaml::Problem;

/// The longest line that is shown; of a longer one only the place is named.
const LONGEST_LINE: usize = 500;
/// How the names of keys in a target file end: `api-key:`, `"client-key" :`.
const KEY: &str = "-key";

/// All problems, sorted by file and line, and their count. `text_of` gives the text of a file, if it can be shown.
pub(crate) fn render(problems: &[Problem], text_of: &dyn Fn(&str) -> Option<String>, colour: Colour) -> String {
    let renderer = match colour {
        Colour::Never => Renderer::plain(),
        Colour::Always => Renderer::styled(),
    };
    let sorted: BTreeSet<&Problem> = problems.iter().collect();
    let mut texts: Vec<(&str, Option<String>)> = Vec::new();
    let mut out = String::new();
    for problem in &sorted {
        let file = problem.source.file.as_str();
        if texts.last().is_none_or(|(last, _)| *last != file) {
            texts = vec![(file, text_of(file))];
        }
        let text = texts.first().and_then(|(_, text)| text.as_deref());
        out.push_str(&renderer.render(&[group(problem, text)]));
        out.push_str("\n\n");
    }
    let files: BTreeSet<&str> = sorted.iter().map(|problem| problem.source.file.as_str()).collect();
    // Writing to a `String` cannot fail.
    let _ = writeln!(out, "{} in {}", counted(sorted.len(), "problem"), counted(files.len(), "file"));
    out
}

fn group<'a>(problem: &'a Problem, text: Option<&'a str>) -> Group<'a> {
    let source = &problem.source;
    let line = text.and_then(|text| shown(text, source.line));
    let title = Level::ERROR.primary_title(problem.message.as_str());
    let group = match line {
        Some(line) if line.len() <= LONGEST_LINE => title.element(
            Snippet::source(line.clone())
                .line_start(source.line)
                .path(source.file.as_str())
                .annotation(AnnotationKind::Primary.span(span(&line, source.column))),
        ),
        Some(_) | None => {
            title.element(Origin::path(source.file.as_str()).line(source.line).char_column(source.column))
        }
    };
    match &problem.help {
        Some(help) => group.element(Level::HELP.message(help.as_str())),
        None => group,
    }
}

/// A line of a file, without what may be a key that somebody wrote into a target file: output ends up in logs.
fn shown(text: &str, number: usize) -> Option<Cow<'_, str>> {
    let mut before = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if index + 1 == number {
            return Some(if goes_on(&before, line) { Cow::Borrowed("…") } else { without_key(line) });
        }
        before.push(line);
    }
    None
}

/// Whether a line goes on with the value of an `api-key` above it: the first line after a bare one, and deeper ones.
fn goes_on(before: &[&str], line: &str) -> bool {
    let Some(start) = before.iter().rposition(|line| around_key(line).is_some()) else { return false };
    let value = around_key(before[start]).map_or("", |(_, value)| value);
    let indent = |line: &str| line.len() - line.trim_start().len();
    let between = || before[start + 1..].iter().copied().filter(|line| !line.trim().is_empty());
    let deeper = between().chain([line]).all(|line| indent(line) > indent(before[start]));
    let next = value.trim().is_empty() && between().next().is_none();
    let known = is_place(value) || is_place(line) || ["username:", "role:"].iter().any(|key| line.contains(key));
    (deeper || next) && !known
}

fn without_key(line: &str) -> Cow<'_, str> {
    match around_key(line) {
        Some((before, value)) if !value.trim().is_empty() && !is_place(value) => Cow::Owned(format!("{before} …")),
        _ => without_login(line),
    }
}

/// A line up to the colon after the name of a key, in quotes or not, and what follows.
fn around_key(line: &str) -> Option<(&str, &str)> {
    line.match_indices(KEY).find_map(|(at, _)| {
        let rest = line[at + KEY.len()..].trim_start_matches(['"', '\'']).trim_start();
        let value = rest.strip_prefix(':')?;
        Some((&line[..line.len() - value.len()], value))
    })
}

/// A line without the user and password that somebody wrote into a URL.
fn without_login(line: &str) -> Cow<'_, str> {
    match line.split_once("://") {
        Some((before, rest)) if rest.contains('@') => Cow::Owned(format!("{before}://…")),
        _ => Cow::Borrowed(line),
    }
}

/// Whether a value begins as the place of a key does.
fn is_place(value: &str) -> bool {
    let value = value.trim_start().trim_start_matches('{').trim_start();
    let names = |value: &str| !value.trim_start().starts_with(['[', '{']);
    let one = value.strip_prefix("env:").or_else(|| value.strip_prefix("file:"));
    one.is_some_and(names) || value.starts_with("command:")
}

/// The bytes of the word that starts at a column; inside the line and on character boundaries, whatever the column.
fn span(line: &str, column: usize) -> Range<usize> {
    let start = line.char_indices().nth(column.saturating_sub(1)).map_or(line.len(), |(at, _)| at);
    let rest = &line[start..];
    let word = rest.find(|letter: char| letter.is_whitespace() || ",:]}".contains(letter)).unwrap_or(rest.len());
    let first = rest.chars().next().map_or(0, char::len_utf8);
    start..start + word.max(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Source;

    fn problem(line: usize, column: usize, help: Option<&str>) -> Problem {
        Problem {
            source: Source { file: "cases/a.yaml".into(), line, column },
            message: "`expcet` is no key of a step".into(),
            help: help.map(str::to_owned),
        }
    }

    #[test]
    fn the_line_is_shown_with_its_place_and_what_was_meant() {
        let text = |_: &str| Some("steps:\n  - request: GET /\n    expcet: { status: 200 }\n".to_owned());
        let shown = render(&[problem(3, 5, Some("did you mean `expect`?"))], &text, Colour::Never);
        insta::assert_snapshot!(shown, @r"
        error: `expcet` is no key of a step
         --> cases/a.yaml:3:5
          |
        3 |     expcet: { status: 200 }
          |     ^^^^^^
          |
          = help: did you mean `expect`?

        1 problem in 1 file
        ");
    }

    #[test]
    fn places_outside_the_text_are_shown_as_well_as_they_can() {
        let text = |_: &str| Some("ü\x1b[31m\n".to_owned());
        for (line, column) in [(0, 0), (1, 0), (1, 2), (1, 99), (2, 1), (99, 99)] {
            let shown = render(&[problem(line, column, None)], &text, Colour::Never);
            assert!(shown.contains("cases/a.yaml"), "{shown}");
            assert!(!shown.contains('\x1b'), "{shown}");
        }
        let without = render(&[problem(3, 5, None), problem(1, 1, None)], &|_| None, Colour::Never);
        insta::assert_snapshot!(without, @r"
        error: `expcet` is no key of a step
        --> cases/a.yaml:1:1

        error: `expcet` is no key of a step
        --> cases/a.yaml:3:5

        2 problems in 1 file
        ");
    }

    #[test]
    fn a_key_in_a_target_file_is_not_repeated() {
        for line in [
            "api-key: s3cret",
            "o: { username: a, api-key: s3cret }",
            "api-key: { key: s3cret }",
            r#""api-key": "s3cret""#,
            r#""o": { "my-key-name": a, 'api-key' : s3cret }"#,
        ] {
            let shown = render(&[problem(1, 10, None)], &|_| Some(line.to_owned()), Colour::Never);
            assert!(!shown.contains("s3cret"), "{shown}");
        }
        for (lines, number) in [
            ("o: { api-key:\n      s3cret }", 2),
            ("api-key:\n\ns3cret", 3),
            ("  api-key: |\n    x\n    s3cret", 3),
            ("  api-key: {\n    s3cret: 1 }", 2),
        ] {
            let shown = render(&[problem(number, 5, None)], &|_| Some(lines.to_owned()), Colour::Never);
            assert!(!shown.contains("s3cret") && shown.contains('…'), "{shown}");
        }
        for line in ["client-key: -----BEGIN s3cret", "proxy: http://me:s3cret@proxy/"] {
            let shown = render(&[problem(1, 10, None)], &|_| Some(line.to_owned()), Colour::Never);
            assert!(!shown.contains("s3cret"), "{shown}");
        }
        for (lines, number) in [
            ("api-key: { env: NAME }", 1),
            ("  api-key:\n    env: NAME", 2),
            ("  o:\n    api-key:\n    username: NAME", 3),
            ("  o: { api-key: s3cret }\n  p: { username: NAME }", 2),
            ("  o: { api-key: { env: X } }\nclaims: NAME", 2),
        ] {
            let shown = render(&[problem(number, 1, None)], &|_| Some(lines.to_owned()), Colour::Never);
            assert!(shown.contains("NAME"), "{shown}");
        }
    }

    #[test]
    fn colour_is_only_there_when_asked_for() {
        let text = |_: &str| Some("a: 1\n".to_owned());
        assert!(render(&[problem(1, 1, None)], &text, Colour::Always).contains('\x1b'));
    }

    #[test]
    fn a_line_too_long_to_show_is_named() {
        let text = |_: &str| Some("x".repeat(100_000));
        let shown = render(&[problem(1, 70_000, None)], &text, Colour::Never);
        assert!(shown.contains("cases/a.yaml:1:70000") && shown.len() < 1000, "{shown}");
    }
}
