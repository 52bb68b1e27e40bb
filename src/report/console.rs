//! A run on a terminal: what went wrong as it happens, and a summary at the end.

use std::fmt::Write as _;

use super::account::{Account, WIDTH};
use super::paint::Colour;
use super::repeats::{Repeats, Telling};
use super::wrap::wrapped;
use super::{Format, Sources, labels, lacking, since, standings, view, visible};
use crate::record::{Awaited, CaseResult, Event, Outcome, Run, TargetIdentity};
use crate::verdict::Level;

/// Most combinations of missing lines of the target file that are told one by one.
const MOST_REASONS: usize = 3;
/// Most reasons why something could not be judged.
const MOST_OPEN: usize = 5;
/// Most characters of what was seen of a violated requirement.
const LONGEST_HEADLINE: usize = 160;
/// The fewest characters of a sentence that say anything.
const SHORTEST: usize = 16;

/// How much is told of what went well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Nothing but the summary.
    Summary,
    /// What is not as expected, when it happens.
    Failures,
    /// Every case, and waiting too.
    Everything,
}

/// A terminal's view of a run: every text is complete lines, fit for 80 columns where it can be broken.
pub struct Console<'a> {
    /// Whether colours are used; the caller knows the terminal.
    pub colour: Colour,
    /// How much is told.
    pub detail: Detail,
    /// Gives lines of case files.
    pub sources: &'a Sources<'a>,
    /// Gives the statement of a requirement.
    pub statement: &'a dyn Fn(&str) -> Option<String>,
    /// What is judged.
    pub target: &'a TargetIdentity,
    /// How many characters fit into a line; lines of the list of violated requirements are cut there.
    pub width: usize,
    /// What was told so far.
    pub repeats: Repeats,
}

impl Console<'_> {
    /// What is to be printed on this event, if anything.
    pub fn event(&self, event: &Event<'_>) -> Option<String> {
        match event {
            Event::RunStarted { planned } => (self.detail != Detail::Summary).then(|| self.opening(*planned)),
            Event::CaseStarted { .. } | Event::RunFinished(_) => None,
            Event::Waiting { id, milliseconds, awaits } => {
                (self.detail == Detail::Everything).then(|| self.waiting(id, *milliseconds, *awaits))
            }
            Event::CaseFinished(result) => self.tells(result.verdict).then(|| self.case(result)).flatten(),
        }
    }

    /// That a case waits, and what for.
    fn waiting(&self, id: &str, milliseconds: u64, awaits: Awaited) -> String {
        let (id, time) = (visible::line(id), self.colour.dim(&labels::duration(milliseconds)));
        format!("{} {id} {time} {}\n", word("wait"), labels::awaited(awaits))
    }

    /// A finished run from its beginning: what its events would have told, and the summary.
    pub fn replay(&self, run: &Run, reports: Option<&str>) -> String {
        let told = run.results.iter().filter_map(|result| self.event(&Event::CaseFinished(result)));
        told.chain([self.summary(run, reports)]).collect()
    }

    /// The conclusion, the counts, a table of the chapters, what was set aside, and where the reports are.
    pub fn summary(&self, run: &Run, reports: Option<&str>) -> String {
        let mut text = format!("\n{}\n", self.colour.dim(&"-".repeat(WIDTH)));
        text.push_str(&self.chapters(run));
        text.push_str(&self.open_questions(run));
        text.push_str(&self.set_aside(run));
        text.push_str(&self.known_failures(run));
        text.push_str(&self.left_behind(run));
        text.push_str(&self.changes(run));
        text.push_str(&self.violated(run));
        text.push_str(&self.ending(run));
        if let Some(reports) = reports {
            let _ = writeln!(text, "report: {}/{}", visible::line(reports), Format::Html.file_name());
        }
        text
    }

    fn tells(&self, outcome: Outcome) -> bool {
        match self.detail {
            Detail::Summary => false,
            Detail::Everything => true,
            Detail::Failures => {
                matches!(
                    outcome,
                    Outcome::Fail | Outcome::Defect | Outcome::Inconclusive | Outcome::Flaky | Outcome::Warn
                )
            }
        }
    }

    fn opening(&self, planned: usize) -> String {
        let target = self.colour.bold(&visible::line(&self.target.name));
        let cases = labels::count(planned, "case");
        format!("judging {target} at {}: {cases}\n", visible::line(&self.target.base_url))
    }

    /// What is told of a test. Equal failures are told once, unless everything is wanted.
    fn case(&self, result: &CaseResult) -> Option<String> {
        if self.detail == Detail::Everything {
            return Some(self.in_full(result));
        }
        if result.is_excused() {
            let known = self.colour.outcome(Outcome::Warn, &word("known failure"));
            return Some(format!("{known} {}\n", visible::line(&result.id)));
        }
        match self.repeats.telling(result, &self.target.base_url) {
            Telling::Like(test) => Some(self.like(result, &test)),
            Telling::Full => {
                let text = self.in_full(result);
                self.repeats.note(&text);
                Some(text)
            }
            Telling::Line => Some(self.in_a_line(result)),
            Telling::LastLine => Some(format!("{} more is told at the end; all of it with --verbose\n", word("…"))),
            Telling::Nothing => None,
        }
    }

    /// That a test shows what another one showed before.
    fn like(&self, result: &CaseResult, test: &str) -> String {
        let outcome = self.colour.outcome(result.verdict, &word(labels::outcome(result.verdict)));
        let said = format!("{}: the same as in {}", visible::line(&result.id), visible::line(test));
        format!("{outcome} {}\n", visible::cut(&said, WIDTH - 15))
    }

    fn in_a_line(&self, result: &CaseResult) -> String {
        let outcome = self.colour.outcome(result.verdict, &word(labels::outcome(result.verdict)));
        let said =
            format!("{}: {}", visible::line(&result.id), visible::line(&view::headline(result, &self.target.base_url)));
        format!("{outcome} {}\n", visible::cut(&said, WIDTH - 15))
    }

    fn in_full(&self, result: &CaseResult) -> String {
        let outcome = self.colour.outcome(result.verdict, &word(labels::outcome(result.verdict)));
        let time = self.colour.dim(&labels::duration(result.duration_ms));
        let head = format!("{outcome} {} {time}\n", self.colour.bold(&visible::line(&result.id)));
        match result.verdict {
            Outcome::Pass => head,
            Outcome::NotApplicable | Outcome::NotSelected => {
                head + &wrapped(&visible::line(&labels::why(result)), 2, WIDTH)
            }
            Outcome::Fail
            | Outcome::Defect
            | Outcome::Inconclusive
            | Outcome::Flaky
            | Outcome::Warn
            | Outcome::Observed => {
                format!("{head}{}\n", self.account().of(result))
            }
        }
    }

    fn account(&self) -> Account<'_> {
        Account { colour: self.colour, sources: self.sources, statement: self.statement, target: self.target }
    }

    fn chapters(&self, run: &Run) -> String {
        let chapters = view::selected_chapters(run);
        let shown: Vec<&Column> = COLUMNS.iter().filter(|column| column.is_shown(&chapters)).collect();
        let mut heads = format!("{:<18}", "chapter");
        for column in &shown {
            let _ = write!(heads, "{:>1$}", column.head, column.head.len() + 2);
        }
        let mut text = self.colour.bold(&heads);
        text.push('\n');
        for chapter in &chapters {
            let _ = write!(text, "{:<18}", visible::clip(&visible::line(chapter.name), 17));
            for column in &shown {
                text.push_str(&self.cell(column.count(chapter), column.outcomes[0], column.head.len() + 2));
            }
            text.push('\n');
        }
        text
    }

    /// Padded before it is painted: colour codes have no width.
    fn cell(&self, number: usize, outcome: Outcome, width: usize) -> String {
        let shown = if number == 0 { "-".to_owned() } else { number.to_string() };
        let outcome = if number == 0 { Outcome::NotApplicable } else { outcome };
        self.colour.outcome(outcome, &format!("{shown:>width$}"))
    }

    fn open_questions(&self, run: &Run) -> String {
        let reasons = view::by_reason(run, &[Outcome::Defect, Outcome::Inconclusive, Outcome::Flaky]);
        let most = if self.detail == Detail::Everything { reasons.len() } else { MOST_OPEN };
        let mut text = self.told("inconclusive", reasons.iter().take(most));
        if reasons.len() > most {
            let _ = writeln!(text, "  … and {}: --verbose", labels::count(reasons.len() - most, "more reason"));
        }
        text
    }

    fn set_aside(&self, run: &Run) -> String {
        let reasons = view::by_reason(run, &[Outcome::NotApplicable, Outcome::NotSelected]);
        let lacks = |it: &view::Reason<'_>| it.outcome == Outcome::NotApplicable && !it.missing_keys().is_empty();
        let (lacking, others): (Vec<_>, Vec<_>) = reasons.into_iter().partition(lacks);
        if lacking.len() <= MOST_REASONS {
            return self.told("skipped", lacking.iter().chain(&others));
        }
        let cases = lacking.iter().map(|reason| reason.results.len()).sum();
        let mut text = format!("\n{}\n", self.colour.bold("skipped"));
        let head =
            format!("{} not applicable: the target file lacks lines that they need", labels::count(cases, "case"));
        text.push_str(&wrapped(&head, 2, WIDTH));
        for (line, count) in lacking::by_line(&lacking) {
            text.push_str(&wrapped(&format!("{count} of them: {}", visible::line(line)), 4, WIDTH));
        }
        text + &others.iter().map(reason).collect::<String>()
    }

    fn told<'r>(&self, title: &str, reasons: impl Iterator<Item = &'r view::Reason<'r>>) -> String {
        let told: String = reasons.map(reason).collect();
        if told.is_empty() { told } else { format!("\n{}\n{told}", self.colour.bold(title)) }
    }

    fn changes(&self, run: &Run) -> String {
        let Some(previous) = run.history.as_ref().and_then(|history| history.previous.as_ref()) else {
            return String::new();
        };
        let lines: Vec<String> = since::lines(previous).iter().map(|line| wrapped(line, 2, WIDTH)).collect();
        let heading = wrapped(&format!("changed {}", since::heading(previous)), 0, WIDTH);
        format!("\n{}{}", heading.replacen("changed", &self.colour.bold("changed"), 1), lines.concat())
    }

    fn known_failures(&self, run: &Run) -> String {
        let Some(summary) = standings::summary(run) else { return String::new() };
        let mut text = format!("\n{}\n", self.colour.bold("known failures"));
        text.push_str(&wrapped(&visible::line(&summary), 2, WIDTH));
        for problem in standings::problems(run) {
            text.push_str(&self.colour.outcome(Outcome::Fail, &wrapped(&visible::line(&problem), 2, WIDTH)));
        }
        text
    }

    /// What somebody has to delete by hand, or with `atlaspec cleanup`.
    fn left_behind(&self, run: &Run) -> String {
        if run.left_behind.is_empty() {
            return String::new();
        }
        let mut text = format!("\n{}\n", self.colour.bold("created and not deleted"));
        for url in &run.left_behind {
            let _ = writeln!(text, "  {}", visible::line(url));
        }
        text
    }

    /// Each violated requirement, with what was seen of it: those of level MUST first, then the others.
    fn violated(&self, run: &Run) -> String {
        let (musts, shoulds): (Vec<_>, Vec<_>) = view::violations(run)
            .into_iter()
            .filter(|it| it.level > Level::May)
            .partition(|it| it.level == Level::Must);
        let mut text = String::new();
        for (title, violations) in [("violated", &musts), ("violated, of level SHOULD", &shoulds)] {
            if !violations.is_empty() {
                let _ = writeln!(text, "\n{}", self.colour.bold(title));
            }
            for violation in violations {
                text.push_str(&self.violation(violation));
                text.push_str(&consequences(violation));
            }
        }
        if let Some(first) = musts.first().or_else(|| shoulds.first()) {
            let _ = writeln!(text, "  more: `atlaspec explain {}`", visible::line(first.id));
        }
        text
    }

    /// Id and statement, cut at the width of the terminal, and below them what was seen, in how many tests.
    fn violation(&self, violation: &view::Violation<'_>) -> String {
        let id = visible::line(violation.id);
        let room = self.width.max(WIDTH).saturating_sub(id.chars().count() + "  : ".len()).max(SHORTEST);
        let statement = visible::cut(&visible::line(violation.statement()), room);
        format!("  {}: {statement}\n{}", self.colour.bold(&id), self.seen(violation))
    }

    /// What the first test saw of a violation, and how many tests saw something.
    fn seen(&self, violation: &view::Violation<'_>) -> String {
        let Some((result, findings)) = violation.cases.first() else { return String::new() };
        let known = if violation.cases.iter().all(|(result, _)| result.is_excused()) { "known, " } else { "" };
        let tests = labels::count(violation.cases.len(), "test");
        let tests = format!("({known}{tests}, first: {})", visible::cut(&visible::line(&result.id), WIDTH / 2));
        let headline = findings.first().map(|finding| labels::headline(result, finding, &self.target.base_url));
        let headline = visible::cut(&visible::line(&headline.unwrap_or_default()), LONGEST_HEADLINE);
        wrapped(&format!("{headline} {tests}"), 4, WIDTH)
    }

    fn ending(&self, run: &Run) -> String {
        let conclusion = self.colour.conclusion(run.conclusion, labels::conclusion(run.conclusion));
        let counts = labels::OUTCOMES.into_iter().filter_map(|outcome| {
            let number = run.counts.of(outcome);
            (number > 0).then(|| format!("{number} {}", labels::outcome(outcome)))
        });
        let counts: Vec<String> = counts.collect();
        let time = labels::duration(run.duration_ms);
        let meaning = wrapped(&labels::meaning(run), 0, WIDTH);
        let counts = wrapped(&format!("{} in {time}", counts.join(", ")), 0, WIDTH);
        format!("\n{conclusion}: {}\n{meaning}{counts}", visible::line(&run.target.name))
    }
}

/// What is violated only because something else is, in a line or two.
fn consequences(violation: &view::Violation<'_>) -> String {
    let ids: Vec<String> = violation.consequences.iter().map(|it| visible::line(it.id)).collect();
    if ids.is_empty() { String::new() } else { wrapped(&format!("and because of that: {}", ids.join(", ")), 4, WIDTH) }
}

/// How many results share a reason, and what it is.
fn reason(reason: &view::Reason<'_>) -> String {
    let said = visible::clip(&visible::line(&reason.text), 200);
    wrapped(&format!("{} {}: {said}", reason.results.len(), labels::outcome(reason.outcome)), 2, WIDTH)
}

/// A column of the table of chapters.
struct Column {
    head: &'static str,
    outcomes: &'static [Outcome],
}

/// The columns. All of them fit into a line.
const COLUMNS: [Column; 7] = [
    Column { head: "passed", outcomes: &[Outcome::Pass] },
    Column { head: "failed", outcomes: &[Outcome::Fail] },
    Column { head: "warning", outcomes: &[Outcome::Warn] },
    Column { head: "info", outcomes: &[Outcome::Observed] },
    Column { head: "inconclusive", outcomes: &[Outcome::Inconclusive, Outcome::Flaky] },
    Column { head: "error", outcomes: &[Outcome::Defect] },
    Column { head: "skipped", outcomes: &[Outcome::NotApplicable, Outcome::NotSelected] },
];

impl Column {
    fn count(&self, chapter: &view::Chapter<'_>) -> usize {
        self.outcomes.iter().map(|outcome| chapter.count(*outcome)).sum()
    }

    /// Whether there is anything to tell: what passed and failed always is.
    fn is_shown(&self, chapters: &[view::Chapter<'_>]) -> bool {
        matches!(self.outcomes, [Outcome::Pass | Outcome::Fail])
            || chapters.iter().any(|chapter| self.count(chapter) > 0)
    }
}

/// The first word of a line, as wide as all others.
fn word(outcome: &str) -> String {
    format!("{:>14}", outcome.to_uppercase())
}
