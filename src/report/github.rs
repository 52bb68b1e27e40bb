//! Annotations for the log of a GitHub job: one workflow command a line.
//!
//! Everything between the colons is data: what could end a command or begin another is escaped.

use std::fmt::Write as _;

use super::{labels, standings, view, visible};
use crate::record::{CaseResult, Conclusion, Outcome, Run};
use crate::verdict::Source;

/// Most annotations of one command: GitHub shows no more of a step. The last one says how many more there are.
const MOST: usize = 10;
/// Most entries of a list of known failures that are told one by one.
const MOST_FLAWS: usize = 3;
/// Most characters of one text.
const MOST_CHARACTERS: usize = 600;

/// The conclusion, then what went wrong: regressions, violations, what is inconclusive, and what is wrong with the list
/// of known failures; then warnings and notices.
pub(super) fn render(run: &Run) -> String {
    let title = format!("{}: {}", labels::conclusion(run.conclusion), run.target.name);
    let conclusion = |command| annotation(command, None, &title, &labels::meaning(run));
    let (mut errors, mut notices) = match run.conclusion {
        Conclusion::Conformant | Conclusion::NoViolation => (Vec::new(), vec![conclusion("notice")]),
        Conclusion::NonConformant | Conclusion::Undecided => (vec![conclusion("error")], Vec::new()),
    };
    let mut telling: Vec<&CaseResult> = run.results.iter().filter(|result| command_of(result).is_some()).collect();
    telling.sort_by_key(|result| (!result.is_regression(), result.verdict));
    let of = |command: &'static str| {
        telling.iter().filter(move |it| command_of(it) == Some(command)).map(|it| case(run, it, command))
    };
    errors.extend(of("error"));
    errors.extend(flaws(run));
    notices.extend(of("notice"));
    let kinds = [("error", errors), ("warning", of("warning").collect()), ("notice", notices)];
    kinds.into_iter().map(|(command, texts)| at_most(command, texts)).collect()
}

/// What is wrong with the list of known failures, in one annotation where that is much.
fn flaws(run: &Run) -> Vec<String> {
    let problems = run.list_problems();
    let Some(first) = problems.first().filter(|_| problems.len() > MOST_FLAWS) else {
        let each = problems.iter();
        return each.map(|it| annotation("error", Some(&it.source), &it.pattern, &standings::problem(it))).collect();
    };
    let title = format!("{} wrong entries of {}", problems.len(), first.source.file);
    let told: Vec<String> = problems.iter().map(standings::problem).collect();
    vec![annotation("error", Some(&first.source), &title, &visible::clip(&told.join("\n"), 4 * MOST_CHARACTERS))]
}

/// The annotations of a command, no more than GitHub shows.
fn at_most(command: &str, mut texts: Vec<String>) -> String {
    if texts.len() > MOST {
        let more = texts.len() - (MOST - 1);
        texts.truncate(MOST - 1);
        let noun = labels::count(more, &format!("more {command}"));
        texts.push(annotation(command, None, &noun, "All of them are in the full report."));
    }
    texts.concat()
}

fn command_of(result: &CaseResult) -> Option<&'static str> {
    match result.verdict {
        // Its cause is told.
        _ if !result.because.is_empty() => None,
        Outcome::Fail | Outcome::Flaky if result.is_excused() => Some("notice"),
        Outcome::Fail | Outcome::Defect | Outcome::Flaky | Outcome::Inconclusive => Some("error"),
        Outcome::Warn => Some("warning"),
        Outcome::Observed => Some("notice"),
        Outcome::Pass | Outcome::NotApplicable | Outcome::NotSelected => None,
    }
}

/// What came of a test. It leads to an explanation, and not to a case file, which who reads it need not have.
fn case(run: &Run, result: &CaseResult, command: &str) -> String {
    let worst = view::worst(result);
    let mut message = format!("{}: {}", labels::outcome(result.verdict), view::headline(result, &run.target.base_url));
    if let Some(finding) = worst {
        for (label, value) in [("expected", &finding.expected), ("actual", &finding.actual)] {
            if let Some(value) = value {
                let value = visible::clip(&visible::line(&value.to_string()), MOST_CHARACTERS);
                // Writing to a `String` cannot fail.
                let _ = write!(message, "\n{label} {value}");
            }
        }
    }
    let about = worst.and_then(|finding| finding.requirements.first()).or(result.requirements.first());
    let _ = write!(message, "\natlaspec explain {}", visible::line(about.unwrap_or(&result.id)));
    annotation(command, None, &result.id, &message)
}

fn annotation(command: &str, source: Option<&Source>, title: &str, message: &str) -> String {
    let title = property(&visible::clip(&visible::line(title), MOST_CHARACTERS));
    let place = source.map(|source| {
        let file = property(&visible::line(&source.file));
        format!("file={file},line={},col={},", source.line, source.column)
    });
    let lines: Vec<String> = message.lines().map(visible::line).collect();
    format!("::{command} {}title={title}::{}\n", place.unwrap_or_default(), data(&lines.join("\n")))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_command_or_begins_another() {
        let source = Source { file: "a,b:c%d\n.yaml".to_owned(), line: 3, column: 4 };
        let line = annotation("error", Some(&source), "x::y,z\r\n::error::", "50%\n::warning::forged\r\n");
        let expected = "::error file=a%2Cb%3Ac%25d␊.yaml,line=3,col=4,title=x%3A%3Ay%2Cz␍␊%3A%3Aerror%3A%3A::\
                        50%25%0A::warning::forged\n";
        assert_eq!(line, expected);
    }
}
