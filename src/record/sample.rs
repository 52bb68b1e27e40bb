//! Results and runs that tests begin with, with nothing in them.

use chrono::DateTime;

use super::{CaseResult, Outcome, RunParts, Selection, StoredExchange, Subject, SuiteIdentity, TargetIdentity, Tool};
use crate::exchange::Role;
use crate::verdict::{Level, Source};

/// A result of the chapter `lists` without findings.
pub(crate) fn case(id: &str, verdict: Outcome) -> CaseResult {
    let subject = Subject {
        id: id.to_owned(),
        chapter: "lists".to_owned(),
        purpose: String::new(),
        level: Level::Must,
        requirements: Vec::new(),
        source: Source::default(),
    };
    CaseResult::new(subject, verdict)
}

/// A GET without a response worth speaking of.
pub(crate) fn exchange() -> StoredExchange {
    StoredExchange {
        method: "GET".to_owned(),
        url: "http://h/api".to_owned(),
        user: Some("owner".to_owned()),
        credentials: None,
        source: None,
        role: Role::Asked,
        request_headers: Vec::new(),
        request_body: None,
        status: 200,
        response_headers: Vec::new(),
        response_body: None,
        response_trailing: None,
        started_ms: 0,
        duration_us: 0,
        left_out: 0,
    }
}

/// A tool of no name.
pub(crate) fn tool() -> Tool {
    Tool { name: String::new(), version: String::new() }
}

/// A suite without cases.
pub(crate) fn suite() -> SuiteIdentity {
    SuiteIdentity { name: String::new(), digest: String::new(), cases: 0, requirements: 0 }
}

/// A target of no name.
pub(crate) fn target() -> TargetIdentity {
    TargetIdentity::default()
}

/// A whole run of these results, which judges no requirement.
pub(crate) fn parts(results: Vec<CaseResult>) -> RunParts {
    RunParts {
        tool: tool(),
        suite: suite(),
        target: target(),
        started: DateTime::UNIX_EPOCH,
        duration_ms: 0,
        selection: Selection::everything(),
        requirements: Vec::new(),
        results,
    }
}
