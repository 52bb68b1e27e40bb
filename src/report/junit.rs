//! `junit.xml` for CI systems: one suite a chapter, one test a case.

use std::time::Duration;

use chrono::TimeDelta;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::account::{self, Account};
use super::paint::Colour;
use super::view::{self, Chapter};
use super::{Sources, standings, visible, words};
use crate::record::{CaseResult, Outcome, Run};
use crate::verdict::Verdict;

/// The run as JUnit XML.
pub(super) fn render(run: &Run, sources: &Sources<'_>) -> String {
    let mut report = Report::new(visible::line(&format!("atlaspec {}", run.target.name)));
    report.set_timestamp(run.started).set_time(Duration::from_millis(run.duration_ms));
    report.add_test_suites(list_problems(run));
    report.add_test_suites(view::chapters(run).iter().map(|chapter| suite(run, chapter, sources)));
    report.to_string().expect("writing XML to memory cannot fail")
}

/// A failed test for everything that is wrong with the list of known failures.
fn list_problems(run: &Run) -> Option<TestSuite> {
    let problems = &run.known_failures.as_ref().filter(|list| !list.problems.is_empty())?.problems;
    let mut suite = TestSuite::new("known-failures");
    suite.set_timestamp(run.started);
    suite.add_test_cases(problems.iter().map(|problem| {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_type(words::flaw(problem.flaw)).set_message(visible::line(&standings::problem(problem)));
        let mut case = TestCase::new(visible::line(&problem.pattern), status);
        case.set_classname("known-failures");
        case.extra.insert("file".into(), visible::line(&problem.source.file).into());
        case.extra.insert("line".into(), problem.source.line.to_string().into());
        case
    }));
    Some(suite)
}

fn suite(run: &Run, chapter: &Chapter<'_>, sources: &Sources<'_>) -> TestSuite {
    let mut suite = TestSuite::new(visible::line(chapter.name));
    suite.set_timestamp(run.started);
    suite.set_time(Duration::from_millis(chapter.results.iter().map(|result| result.duration_ms).sum()));
    suite.add_test_cases(chapter.results.iter().map(|result| case(run, result, sources)));
    suite
}

fn case(run: &Run, result: &CaseResult, sources: &Sources<'_>) -> TestCase {
    let mut case = TestCase::new(visible::line(&result.id), status(run, result, sources));
    let started = i64::try_from(result.started_ms).ok().and_then(TimeDelta::try_milliseconds);
    if let Some(started) = started.and_then(|started| run.started.checked_add_signed(started)) {
        case.set_timestamp(started);
    }
    case.set_classname(visible::line(&result.chapter));
    case.set_time(Duration::from_millis(result.duration_ms));
    case.add_property(("verdict", words::outcome(result.verdict)));
    for id in &result.requirements {
        case.add_property(("requirement", visible::line(id).as_str()));
    }
    case.extra.insert("file".into(), visible::line(&result.source.file).into());
    case.extra.insert("line".into(), result.source.line.to_string().into());
    let out = system_out(run, result, sources);
    if !out.is_empty() {
        case.set_system_out(out);
    }
    case
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
    status.set_type(words::outcome(result.verdict)).set_message(message(result));
    if matches!(result.verdict, Outcome::Fail | Outcome::Inconclusive | Outcome::Flaky | Outcome::Defect) {
        status.set_description(told(run, result, sources));
    }
    status
}

/// The worst finding, or why there is none.
fn message(result: &CaseResult) -> String {
    let worst = result.findings.iter().filter(|finding| finding.verdict == Verdict::Fail).map(|f| f.message.as_str());
    visible::line(worst.chain([view::reason(result)]).next().unwrap_or_default())
}

fn told(run: &Run, result: &CaseResult, sources: &Sources<'_>) -> String {
    let statement = |id: &str| {
        let known = run.requirements.iter().find(|requirement| requirement.id == id)?;
        Some(known.statement.clone())
    };
    let account = Account { colour: Colour::Never, sources, statement: &statement, target: &run.target };
    account.of(result)
}

/// The account of what CI counts as passed though something was seen, and the exchanges of what went wrong.
fn system_out(run: &Run, result: &CaseResult, sources: &Sources<'_>) -> String {
    match result.verdict {
        Outcome::Warn | Outcome::Observed => {
            format!("{}\n{}", words::outcome(result.verdict), told(run, result, sources))
        }
        Outcome::Fail | Outcome::Flaky if result.is_excused() => {
            format!("known failure\n{}", told(run, result, sources))
        }
        Outcome::Fail | Outcome::Inconclusive | Outcome::Flaky | Outcome::Defect => {
            result.exchanges.iter().map(|exchange| account::summary(exchange) + "\n").collect()
        }
        Outcome::Pass | Outcome::NotApplicable | Outcome::NotSelected => String::new(),
    }
}
