//! `summary.md` for the page of a CI job: short, and never longer than such pages take.

use std::fmt::Write as _;

use super::view::{self, Violation};
use super::{labels, since, standings, visible};
use crate::record::{Outcome, Run};
use crate::verdict::Level;

/// Most bytes of a summary; pages of CI jobs and comments refuse longer ones.
const MOST_BYTES: usize = 60_000;
/// Most bytes of the part about violations, so that the rest always fits.
const MOST_BYTES_OF_VIOLATIONS: usize = 40_000;
/// Most characters of one text of the target.
const MOST_CHARACTERS: usize = 200;
/// Most lines about known failures.
const MOST_ENTRIES: usize = 40;
/// Most cases named for one requirement.
const MOST_CASES: usize = 5;

/// The run as Markdown.
pub(super) fn render(run: &Run) -> String {
    let mut text = heading(run);
    text.push_str(&changes(run));
    text.push_str(&violations(run));
    text.push_str(&known_failures(run));
    text.push_str(&chapters(run));
    text.push_str(&reasons(run, "Could not be judged", &[Outcome::Defect, Outcome::Inconclusive, Outcome::Flaky]));
    text.push_str(&reasons(run, "Skipped", &[Outcome::NotApplicable, Outcome::NotSelected]));
    let _ = writeln!(
        text,
        "\n{} {}, suite {} (`{}`), started {}.",
        escaped(&run.tool.name),
        escaped(&run.tool.version),
        escaped(&run.suite.name),
        code(&run.suite.digest),
        run.started.format("%Y-%m-%d %H:%M:%S UTC")
    );
    bounded(text, MOST_BYTES)
}

fn heading(run: &Run) -> String {
    let title = labels::conclusion(run.conclusion);
    let counts = labels::OUTCOMES.into_iter().filter(|outcome| run.counts.of(*outcome) > 0);
    let counts: Vec<String> =
        counts.map(|outcome| format!("{} {}", run.counts.of(outcome), labels::outcome(outcome))).collect();
    format!(
        "## {title}: {}\n\n{}\n\n{} in {}, at `{}`.\n",
        escaped(&run.target.name),
        labels::meaning(run),
        if counts.is_empty() { "no cases".to_owned() } else { counts.join(", ") },
        labels::duration(run.duration_ms),
        code(&run.target.base_url)
    )
}

fn changes(run: &Run) -> String {
    let Some(previous) = run.history.as_ref().and_then(|history| history.previous.as_ref()) else {
        return String::new();
    };
    let lines: Vec<String> = since::lines(previous).iter().map(|line| format!("- {}\n", escaped(line))).collect();
    format!("\n### What changed {}\n\n{}", escaped(&since::heading(previous)), lines.concat())
}

fn violations(run: &Run) -> String {
    let violations = view::violations(run);
    let mut text = String::new();
    let parts = [
        (Level::Must, "Violated requirements"),
        (Level::Should, "Warnings: violated SHOULD requirements"),
        (Level::May, "Information: MAY requirements that are not met"),
    ];
    for (level, title) in parts {
        let of_level: Vec<&Violation<'_>> = violations.iter().filter(|violation| violation.level == level).collect();
        if of_level.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n### {title}\n");
        for (told, violation) in of_level.iter().enumerate() {
            if text.len() > MOST_BYTES_OF_VIOLATIONS {
                let _ = writeln!(text, "- … and {}, in the full report", labels::count(of_level.len() - told, "more"));
                break;
            }
            text.push_str(&item(violation, &run.target.base_url));
        }
    }
    text
}

fn item(violation: &Violation<'_>, base_url: &str) -> String {
    let level = labels::level(violation.level);
    let mut text = format!("- **{level}** `{}` {}\n", code(violation.id), escaped(violation.statement()));
    for (result, findings) in violation.cases.iter().take(MOST_CASES) {
        let message = findings.first().map(|finding| labels::headline(result, finding, base_url)).unwrap_or_default();
        let place = format!("{}:{}", result.source.file, result.source.line);
        let _ = writeln!(text, "  - `{}`: {} (`{}`)", code(&result.id), escaped(&message), code(&place));
    }
    if violation.cases.len() > MOST_CASES {
        let _ = writeln!(text, "  - … and {}", labels::count(violation.cases.len() - MOST_CASES, "more case"));
    }
    let consequences: Vec<String> =
        violation.consequences.iter().take(MOST_CASES).map(|it| format!("`{}`", code(it.id))).collect();
    if !consequences.is_empty() {
        let more = violation.consequences.len() - consequences.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let _ = writeln!(text, "  - and because of that: {}{more}", consequences.join(", "));
    }
    text
}

fn known_failures(run: &Run) -> String {
    let Some(summary) = standings::summary(run) else { return String::new() };
    let mut text = format!("\n### Known failures\n\n{}\n\n", escaped(&summary));
    let known = run.results.iter().filter_map(|result| Some((&result.id, standings::excuse(run, result)?)));
    let known =
        known.map(|(id, excuse)| format!("- known: `{}`. Reason in the list: {}\n", code(id), escaped(&excuse)));
    let problems = standings::problems(run).into_iter().map(|problem| format!("- **{}**\n", escaped(&problem)));
    problems.chain(known).take(MOST_ENTRIES).for_each(|line| text.push_str(&line));
    text
}

fn chapters(run: &Run) -> String {
    let mut text = String::from("\n| chapter | passed | failed | warning | info | inconclusive | skipped |\n");
    text.push_str("|---|--:|--:|--:|--:|--:|--:|\n");
    for chapter in view::chapters(run) {
        let sum = |outcomes: &[Outcome]| outcomes.iter().map(|outcome| chapter.count(*outcome)).sum::<usize>();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} |",
            escaped(chapter.name),
            sum(&[Outcome::Pass]),
            sum(&[Outcome::Fail]),
            sum(&[Outcome::Warn]),
            sum(&[Outcome::Observed]),
            sum(&[Outcome::Inconclusive, Outcome::Flaky, Outcome::Defect]),
            sum(&[Outcome::NotApplicable, Outcome::NotSelected])
        );
    }
    text
}

fn reasons(run: &Run, title: &str, outcomes: &[Outcome]) -> String {
    let reasons = view::by_reason(run, outcomes);
    if reasons.is_empty() {
        return String::new();
    }
    let mut text = format!("\n### {title}\n\n");
    for reason in reasons.iter().take(20) {
        let word = labels::outcome(reason.outcome);
        let _ = writeln!(text, "- {} {word}: {}", reason.results.len(), escaped(&reason.text));
    }
    text
}

/// Text that Markdown shows as it is: every character that could mean something is an entity or escaped.
pub(super) fn escaped(text: &str) -> String {
    let mut shown = String::new();
    for c in visible::clip(&visible::line(text), MOST_CHARACTERS).chars() {
        match c {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            // A mention or a bare address would become a link.
            '@' => shown.push_str("&#64;"),
            ':' => shown.push_str("&#58;"),
            '.' if ends_with_www(&shown) => shown.push_str("&#46;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '!' | '|' | '~' | '$' => {
                shown.push('\\');
                shown.push(c);
            }
            c => shown.push(c),
        }
    }
    shown
}

/// Whether the next dot would begin a bare address without a scheme.
fn ends_with_www(text: &str) -> bool {
    text.len() >= 3 && text.as_bytes()[text.len() - 3..].eq_ignore_ascii_case(b"www")
}

/// Text between backticks: the backtick itself and the bar of tables are replaced.
pub(super) fn code(text: &str) -> String {
    visible::clip(&visible::line(text), MOST_CHARACTERS).replace('`', "'").replace('|', "¦")
}

/// The text, cut at the end of a line if it is longer than pages take.
pub(super) fn bounded(text: String, most: usize) -> String {
    if text.len() <= most {
        return text;
    }
    let end = text[..text.floor_char_boundary(most)].rfind('\n').unwrap_or(0);
    format!("{}\n\n… cut; the full report says all.\n", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_a_link() {
        assert_eq!(
            escaped("see www.example.com, WWW.x, https://x"),
            "see www&#46;example.com, WWW&#46;x, https&#58;//x"
        );
    }
}
