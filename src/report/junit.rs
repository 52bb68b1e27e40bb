//! `junit.xml` for CI systems: one suite a chapter, one test a case.
//!
//! It keeps to what the schema of Jenkins' xUnit plugin allows, which refuses whatever it does not know: requirement,
//! file and line of a case stand in its `system-out`.

use std::fmt::Write as _;
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::account::{self, Account};
use super::paint::Colour;
use super::view::{self, Chapter};
use super::{Sources, labels, script, standings, unjudged, visible};
use crate::record::{CaseResult, Outcome, Run, StoredBody, StoredExchange};
use crate::verdict::Verdict;

/// Most exchanges of one case that are shown in full.
const MOST_EXCHANGES: usize = 4;
/// Most characters of a message, which is an attribute: some readers take no more than 4 KB.
const LONGEST_MESSAGE: usize = 900;
/// Most characters of a body.
const MOST_CHARACTERS: usize = 4_000;

/// The folder of the reports and the page of the CI job, as GitLab's dialect names them.
#[derive(Clone, Copy, Debug, Default)]
pub struct GitlabJob<'a> {
    /// The folder, seen from the root of the project, without a slash at its end; nothing if the text is printed.
    pub folder: &'a str,
    /// The URL of the job, where its artefacts are shown; nothing outside a job.
    pub url: Option<&'a str>,
}

/// The run as JUnit XML.
pub(super) fn render(run: &Run, sources: &Sources<'_>) -> String {
    rendered(run, sources, None)
}

/// The same as GitLab shows more of: the file of each case, the page of the report, and the script that repeats a failed
/// test as an attachment (<https://docs.gitlab.com/ci/testing/unit_test_reports/>).
pub fn gitlab(run: &Run, sources: &Sources<'_>, job: GitlabJob<'_>) -> String {
    rendered(run, sources, Some(job))
}

fn rendered(run: &Run, sources: &Sources<'_>, gitlab: Option<GitlabJob<'_>>) -> String {
    let mut report = Report::new(visible::line(&format!("atlaspec {}", run.target.name)));
    report.set_time(Duration::from_millis(run.duration_ms));
    report.add_test_suites(nothing_judged(run));
    report.add_test_suites(list_problems(run));
    report.add_test_suites(view::chapters(run).iter().map(|chapter| suite(run, chapter, sources, gitlab)));
    let text = report.to_string().expect("writing XML to memory cannot fail");
    // The root may not say how many were skipped, by that schema; its name holds no quote that could deceive us.
    text.replacen(&format!(" skipped=\"{}\"", report.skipped), "", 1)
}

/// A test with an error, where nothing was judged.
fn nothing_judged(run: &Run) -> Option<TestSuite> {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_type(unjudged::NAME).set_message(unjudged::sentence(run)?);
    let mut case = TestCase::new(unjudged::NAME, status);
    case.set_classname(unjudged::SUITE);
    let mut suite = TestSuite::new(unjudged::SUITE);
    suite.set_timestamp(run.started);
    suite.add_test_case(case);
    Some(suite)
}

/// A failed test for everything that is wrong with the list of known failures.
fn list_problems(run: &Run) -> Option<TestSuite> {
    let problems = run.list_problems();
    let mut suite = (!problems.is_empty()).then(|| TestSuite::new(standings::SUITE))?;
    suite.set_timestamp(run.started);
    suite.add_test_cases(problems.iter().map(|problem| {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_type(labels::flaw(problem.flaw)).set_message(visible::line(&standings::problem(problem)));
        let mut case = TestCase::new(visible::line(&problem.pattern), status);
        case.set_classname(standings::SUITE);
        case.set_system_out(format!("source {}\n", visible::line(&labels::place(&problem.source))));
        case
    }));
    Some(suite)
}

fn suite(run: &Run, chapter: &Chapter<'_>, sources: &Sources<'_>, gitlab: Option<GitlabJob<'_>>) -> TestSuite {
    let mut suite = TestSuite::new(visible::line(chapter.name));
    suite.set_timestamp(run.started);
    suite.set_time(Duration::from_millis(chapter.results.iter().map(|result| result.duration_ms).sum()));
    suite.add_test_cases(chapter.results.iter().map(|result| case(run, result, sources, gitlab)));
    suite
}

fn case(run: &Run, result: &CaseResult, sources: &Sources<'_>, gitlab: Option<GitlabJob<'_>>) -> TestCase {
    let mut case = TestCase::new(visible::line(&result.id), status(run, result, sources));
    case.set_classname(visible::line(&result.chapter));
    case.set_time(Duration::from_millis(result.duration_ms));
    let mut out = system_out(run, result, sources);
    if let Some(job) = gitlab {
        case.extra.insert("file".into(), visible::line(&result.source.file).into());
        out.push_str(&job.lines_of(result));
    }
    case.set_system_out(out);
    case
}

impl GitlabJob<'_> {
    /// Where more is told of a test that did not pass.
    fn lines_of(self, result: &CaseResult) -> String {
        let below =
            |file: &str| if self.folder.is_empty() { file.to_owned() } else { format!("{}/{file}", self.folder) };
        let mut text = String::new();
        if matches!(result.verdict, Outcome::Fail | Outcome::Inconclusive | Outcome::Flaky | Outcome::Defect) {
            let page = below("report.html");
            let page = self.url.map_or(page.clone(), |url| format!("{url}/artifacts/file/{page}"));
            let _ = writeln!(text, "page {}", visible::line(&page));
        }
        if script::is_repeatable(result) {
            let path = below(&format!("{}/{}", script::FOLDER, script::file_name(&result.id)));
            let _ = writeln!(text, "[[ATTACHMENT|{}]]", visible::line(&path));
        }
        text
    }
}

fn status(run: &Run, result: &CaseResult, sources: &Sources<'_>) -> TestCaseStatus {
    if let Some(excuse) = standings::excuse(run, result) {
        let mut status = TestCaseStatus::skipped();
        status.set_type("known failure").set_message(format!("known failure: {}", visible::line(&excuse)));
        return status;
    }
    let mut status = match result.verdict {
        Outcome::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Outcome::Inconclusive | Outcome::Flaky | Outcome::Defect => TestCaseStatus::non_success(NonSuccessKind::Error),
        Outcome::NotApplicable | Outcome::NotSelected => TestCaseStatus::skipped(),
        Outcome::Warn | Outcome::Observed | Outcome::Pass => return TestCaseStatus::success(),
    };
    status
        .set_type(labels::outcome(result.verdict))
        .set_message(visible::clip(&visible::line(&view::headline(result, &run.target.base_url)), LONGEST_MESSAGE));
    if matches!(result.verdict, Outcome::Fail | Outcome::Inconclusive | Outcome::Flaky | Outcome::Defect) {
        status.set_description(told(run, result, sources));
    }
    status
}

fn told(run: &Run, result: &CaseResult, sources: &Sources<'_>) -> String {
    let statement = |id: &str| {
        let known = run.requirements.iter().find(|requirement| requirement.id == id)?;
        Some(known.statement.clone())
    };
    let account = Account { colour: Colour::Never, sources, statement: &statement, target: &run.target };
    account.of(result)
}

/// What the case is about; the account of what CI counts as passed though something was seen; the exchanges of what
/// went wrong.
fn system_out(run: &Run, result: &CaseResult, sources: &Sources<'_>) -> String {
    let mut text = format!("verdict {}\n", labels::outcome(result.verdict));
    for id in &result.requirements {
        let _ = writeln!(text, "requirement {}", visible::line(id));
    }
    let _ = writeln!(text, "source {}", visible::line(&labels::place(&result.source)));
    match result.verdict {
        Outcome::Warn | Outcome::Observed => text.push_str(&told(run, result, sources)),
        Outcome::Fail | Outcome::Flaky if result.is_excused() => {
            text.push_str("known failure\n");
            text.push_str(&told(run, result, sources));
        }
        Outcome::Fail | Outcome::Inconclusive | Outcome::Flaky | Outcome::Defect => text.push_str(&exchanges(result)),
        Outcome::Pass | Outcome::NotApplicable | Outcome::NotSelected => {}
    }
    text
}

/// A line for each exchange, and those in full that findings speak about.
fn exchanges(result: &CaseResult) -> String {
    let lines = result.exchanges.iter().map(|exchange| account::summary(exchange) + "\n");
    let failed = result.findings.iter().filter(|finding| finding.verdict != Verdict::Pass);
    let mut telling: Vec<usize> = failed.filter_map(|finding| finding.exchange).collect();
    telling.sort_unstable();
    telling.dedup();
    let telling = telling.iter().filter_map(|at| result.exchanges.get(*at)).take(MOST_EXCHANGES);
    lines.chain(telling.map(in_full)).collect()
}

fn in_full(exchange: &StoredExchange) -> String {
    let mut text = format!("\n> {} {}\n", visible::line(&exchange.method), visible::line(&exchange.url));
    text.push_str(&message("> ", &exchange.request_headers, exchange.request_body.as_ref()));
    let _ = writeln!(text, "< {}", exchange.status);
    text.push_str(&message("< ", &exchange.response_headers, exchange.response_body.as_ref()));
    text
}

fn message(mark: &str, headers: &[(String, String)], body: Option<&StoredBody>) -> String {
    let mut text = String::new();
    for (name, value) in headers {
        let _ = writeln!(text, "{mark}{}", visible::line(&format!("{name}: {value}")));
    }
    if let Some(body) = body {
        let _ = writeln!(text, "{mark}\n{}", visible::clip(&visible::block(&body.text), MOST_CHARACTERS));
    }
    text
}
