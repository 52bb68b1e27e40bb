//! `ctrf.json`: the run as a Common Test Report (<https://ctrf.io>).

use serde_json::{Value, json};

use super::{labels, standings, unjudged, view, visible};
use crate::record::{CaseResult, ListProblem, Outcome, Run};

/// The version of the format that is written.
const SPEC_VERSION: &str = "0.0.0";

/// The run as CTRF.
pub(super) fn render(run: &Run) -> String {
    let start = run.started.timestamp_millis();
    let cases = run.results.iter().map(|result| test(run, result));
    let nothing = unjudged::sentence(run).map(|message| nothing_judged(&message));
    let suites =
        view::chapters(run).len() + usize::from(!run.list_problems().is_empty()) + usize::from(nothing.is_some());
    let tests: Vec<Value> = nothing.into_iter().chain(cases).chain(run.list_problems().iter().map(flaw)).collect();
    let count = |status: &str| tests.iter().filter(|test| test["status"] == status).count();
    let report = json!({
        "reportFormat": "CTRF",
        "specVersion": SPEC_VERSION,
        "generatedBy": format!("{} {}", run.tool.name, run.tool.version),
        "results": {
            "tool": { "name": run.tool.name, "version": run.tool.version },
            "summary": {
                "tests": tests.len(),
                "passed": count("passed"),
                "failed": count("failed"),
                "skipped": count("skipped"),
                "pending": 0,
                "other": count("other"),
                "suites": suites,
                "start": start,
                "stop": start.saturating_add_unsigned(run.duration_ms),
            },
            "tests": tests,
            "environment": {
                "appName": visible::line(&run.target.name),
                "extra": {
                    "baseUrl": visible::line(&run.target.base_url),
                    "suite": run.suite.name,
                    "suiteDigest": run.suite.digest,
                    "conclusion": run.conclusion,
                    "complete": run.selection.complete,
                },
            },
        },
    });
    format!("{report:#}\n")
}

/// A failed test where nothing was judged.
fn nothing_judged(message: &str) -> Value {
    json!({
        "name": unjudged::NAME,
        "status": "failed",
        "rawStatus": labels::outcome(Outcome::Inconclusive),
        "duration": 0,
        "suite": [unjudged::SUITE],
        "message": message,
    })
}

/// An entry of the list of known failures that is wrong.
fn flaw(problem: &ListProblem) -> Value {
    json!({
        "name": visible::line(&problem.pattern),
        "status": "failed",
        "rawStatus": labels::flaw(problem.flaw),
        "duration": 0,
        "suite": [standings::SUITE],
        "message": visible::line(&standings::problem(problem)),
        "filePath": visible::line(&problem.source.file),
        "line": problem.source.line,
    })
}

/// What could not be judged is `other`: neither passed nor held against the target.
fn status_of(result: &CaseResult) -> &'static str {
    match result.verdict {
        Outcome::Fail | Outcome::Flaky if result.is_excused() => "skipped",
        Outcome::Fail => "failed",
        Outcome::Defect | Outcome::Flaky | Outcome::Inconclusive => "other",
        Outcome::Warn | Outcome::Observed | Outcome::Pass => "passed",
        Outcome::NotApplicable | Outcome::NotSelected => "skipped",
    }
}

fn test(run: &Run, result: &CaseResult) -> Value {
    let start = run.started.timestamp_millis().saturating_add_unsigned(result.started_ms);
    let source = view::worst(result).and_then(|finding| finding.source.as_ref()).unwrap_or(&result.source);
    let mut test = json!({
        "name": visible::line(&result.id),
        "status": status_of(result),
        "rawStatus": labels::outcome(result.verdict),
        "duration": result.duration_ms,
        "start": start,
        "stop": start.saturating_add_unsigned(result.duration_ms),
        "suite": [visible::line(&result.chapter)],
        "type": "conformance",
        "tags": [labels::level(result.level)],
        "filePath": visible::line(&source.file),
        "line": source.line,
        "extra": { "requirements": result.requirements, "purpose": visible::line(&result.purpose) },
    });
    if result.verdict != Outcome::Pass {
        test["message"] = json!(visible::line(&view::headline(result, &run.target.base_url)));
    }
    if let Some((expected, actual)) = view::worst(result).and_then(|it| it.expected.as_ref().zip(it.actual.as_ref())) {
        test["trace"] = json!(format!(
            "expected {}\nactual {}",
            visible::line(&expected.to_string()),
            visible::line(&actual.to_string())
        ));
    }
    test
}
