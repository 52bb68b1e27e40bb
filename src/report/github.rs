//! Annotations for the log of a GitHub job: one workflow command a line.
//!
//! Everything between the colons is data: what could end a command or begin another is escaped.

use std::fmt::Write as _;

use super::{labels, standings, view, visible};
use crate::record::{CaseResult, Conclusion, Outcome, Run};
use crate::verdict::Source;

/// Most cases that are annotated; GitHub shows fewer on a job's page, the rest stands in its log.
const MOST_CASES: usize = 100;
/// Most characters of one text.
const MOST_CHARACTERS: usize = 600;

/// The conclusion, then what went wrong, the worst first.
pub(super) fn render(run: &Run) -> String {
    let command = match run.conclusion {
        Conclusion::Conformant | Conclusion::NoViolation => "notice",
        Conclusion::NonConformant | Conclusion::Undecided => "error",
    };
    let title = format!("{}: {}", labels::conclusion(run.conclusion), run.target.name);
    let mut text = annotation(command, None, &title, &labels::meaning(run));
    for problem in run.list_problems().iter().take(MOST_CASES) {
        text.push_str(&annotation("error", Some(&problem.source), &problem.pattern, &standings::problem(problem)));
    }
    let mut telling: Vec<(&CaseResult, &str)> =
        run.results.iter().filter_map(|result| Some((result, command_of(result)?))).collect();
    telling.sort_by_key(|(result, _)| result.verdict);
    for (result, command) in telling.iter().take(MOST_CASES) {
        text.push_str(&case(result, command));
    }
    if telling.len() > MOST_CASES {
        let more = labels::count(telling.len() - MOST_CASES, "more case");
        text.push_str(&annotation("notice", None, "More", &format!("{more} in the full report")));
    }
    text
}

fn command_of(result: &CaseResult) -> Option<&'static str> {
    match result.verdict {
        Outcome::Fail | Outcome::Flaky if result.is_excused() => Some("notice"),
        Outcome::Fail | Outcome::Defect | Outcome::Flaky | Outcome::Inconclusive => Some("error"),
        Outcome::Warn => Some("warning"),
        Outcome::Observed => Some("notice"),
        Outcome::Pass | Outcome::NotApplicable | Outcome::NotSelected => None,
    }
}

fn case(result: &CaseResult, command: &str) -> String {
    let worst = view::worst(result);
    let source = worst.and_then(|finding| finding.source.as_ref()).unwrap_or(&result.source);
    let mut message = format!("{}: {}", labels::outcome(result.verdict), view::message(result));
    if let Some(finding) = worst {
        for (label, value) in [("expected", &finding.expected), ("actual", &finding.actual)] {
            if let Some(value) = value {
                let _ =
                    write!(message, "\n{label} {}", visible::clip(&visible::line(&value.to_string()), MOST_CHARACTERS));
            }
        }
        let _ = write!(message, "\nrequirement {}", finding.requirements.join(", "));
    }
    annotation(command, Some(source), &result.id, &message)
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
