//! Lines of case files, as the page quotes them.

use crate::report::{Sources, labels, visible};
use crate::verdict::Source;

/// Lines quoted before and after the one that is meant.
const AROUND: usize = 3;
/// Most characters of a line.
const LONGEST: usize = 400;

/// A place of a case file, with the lines around it where the file is at hand.
pub(super) struct SourceView {
    pub(super) place: String,
    pub(super) lines: Vec<SourceLine>,
}

pub(super) struct SourceLine {
    pub(super) number: usize,
    pub(super) text: String,
    pub(super) meant: bool,
}

impl SourceView {
    pub(super) fn of(source: &Source, sources: &Sources<'_>) -> Self {
        Self { place: visible::line(&labels::place(source)), lines: lines(source, sources) }
    }

    /// The place alone.
    pub(super) fn without_lines(self) -> Self {
        Self { lines: Vec::new(), ..self }
    }
}

/// The lines around the place, from no earlier than the case they belong to.
fn lines(source: &Source, sources: &Sources<'_>) -> Vec<SourceLine> {
    let text = |line: usize| sources(&Source { line, ..source.clone() });
    if text(source.line).is_none() {
        return Vec::new();
    }
    let first = source.line.saturating_sub(AROUND).max(1);
    let found: Vec<(usize, String)> =
        (first..=source.line + AROUND).filter_map(|line| Some((line, text(line)?))).collect();
    let of_case = |(line, text): &(usize, String)| *line <= source.line && text.trim_start().starts_with("- id:");
    let from = found.iter().rposition(of_case).unwrap_or(0);
    let next_case = |(line, text): &(usize, String)| *line > source.line && text.trim_start().starts_with("- id:");
    let until = found.iter().position(next_case).unwrap_or(found.len());
    let found = &found[from..until];
    let indent = found.iter().filter(|(_, text)| !text.trim().is_empty()).map(|(_, text)| indent(text)).min();
    let shown = |(number, text): &(usize, String)| SourceLine {
        number: *number,
        text: visible::line(&visible::clip(text.get(indent.unwrap_or(0)..).unwrap_or_default().trim_end(), LONGEST)),
        meant: *number == source.line,
    };
    found.iter().map(shown).collect()
}

fn indent(text: &str) -> usize {
    text.len() - text.trim_start_matches(' ').len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "cases:\n  - id: a.b\n    steps:\n      - request: GET /\n        expect: { status: 200 }\n\n  - id: a.c\n    x: y\n";

    #[test]
    fn lines_around_the_place_stay_within_its_case() {
        let sources = |source: &Source| FILE.lines().nth(source.line - 1).map(str::to_owned);
        let view = SourceView::of(&Source { file: "a.yaml".to_owned(), line: 5, column: 9 }, &sources);
        let shown: Vec<(usize, &str, bool)> =
            view.lines.iter().map(|line| (line.number, line.text.as_str(), line.meant)).collect();
        let expected = [
            (2, "- id: a.b", false),
            (3, "  steps:", false),
            (4, "    - request: GET /", false),
            (5, "      expect: { status: 200 }", true),
            (6, "", false),
        ];
        assert_eq!(shown, expected);
        assert_eq!(view.place, "a.yaml:5:9");
    }

    #[test]
    fn without_the_file_only_the_place_is_told() {
        let view = SourceView::of(&Source { file: "a.yaml".to_owned(), line: 5, column: 9 }, &|_| None);
        assert!(view.lines.is_empty());
    }
}
