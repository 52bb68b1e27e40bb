//! A run, a key and a yardstick for tests.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};

use super::{Class, EvidenceDemand, SigningKey, Terms, Validity, Yardstick, digest_of};
use crate::record::{
    CaseResult, Outcome, RequirementResult, Run, RunParts, Selection, Subject, SuiteIdentity, TargetIdentity, Tool,
    outcome,
};
use crate::verdict::{Finding, Level, Source, Verdict};

/// The seed of RFC 8032's first test vector, as `openssl genpkey` would write it.
pub(crate) const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
/// Another key.
pub(crate) const OTHER: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEIEzNCJsoyv+6ndtDEwvxF4ZDxp1cJ+5vOqLQH7xlHLRs\n-----END PRIVATE KEY-----\n";
pub(crate) const SUITE: &str = "sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

pub(crate) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 13, 0, 0).single().expect("a date")
}

pub(crate) fn key(pem: &str) -> SigningKey {
    SigningKey::from_pem(pem).expect("a private key")
}

pub(crate) fn yardstick() -> Yardstick {
    let cases = ["auth.nobody", "lists.walk", "writes.create"].map(str::to_owned);
    Yardstick {
        suite: (SUITE.to_owned(), BTreeSet::from(cases)),
        other_suites: vec![],
        claims: ["lists", "writes"].map(str::to_owned).into(),
        versions: vec!["0.1.0".to_owned()],
        now: now(),
        max_age: TimeDelta::days(30),
        evidence: EvidenceDemand::None,
    }
}

pub(crate) fn terms(class: Class) -> Terms {
    Terms {
        class,
        validity: Validity { from: now(), until: now() + TimeDelta::days(90) },
        artifact: None,
        url: None,
        run_digest: digest_of(b"run.json"),
    }
}

fn level_of(id: &str) -> Option<Level> {
    match id {
        "auth.required" | "lists.total" | "writes.created" => Some(Level::Must),
        "lists.polite" => Some(Level::Should),
        _ => None,
    }
}

/// A result with one finding of this verdict on each requirement.
pub(crate) fn case(id: &str, findings: &[(&str, Verdict)]) -> CaseResult {
    let finding = |(about, verdict): &(&str, Verdict)| {
        let mut finding = Finding::new("status", *verdict, "");
        finding.requirements = vec![(*about).to_owned()];
        finding
    };
    let about: Vec<String> = findings.iter().map(|(about, _)| (*about).to_owned()).collect();
    let findings: Vec<Finding> = findings.iter().map(finding).collect();
    let subject = Subject {
        id: id.to_owned(),
        chapter: String::new(),
        purpose: String::new(),
        level: Level::Must,
        requirements: about,
        source: Source::default(),
    };
    let verdict = outcome(&findings, level_of);
    CaseResult { duration_ms: 1, findings, ..CaseResult::new(subject, verdict) }
}

/// A result that was set aside.
pub(crate) fn aside(id: &str, about: &str, verdict: Outcome) -> CaseResult {
    CaseResult { verdict, findings: vec![], ..case(id, &[(about, Verdict::Pass)]) }
}

/// The results of a target that keeps everything.
pub(crate) fn results() -> Vec<CaseResult> {
    vec![
        case("auth.nobody", &[("auth.required", Verdict::Pass)]),
        case("lists.walk[size=7]", &[("lists.total", Verdict::Pass), ("lists.polite", Verdict::Pass)]),
        case("writes.create", &[("writes.created", Verdict::Pass)]),
    ]
}

pub(crate) fn run_of(results: Vec<CaseResult>) -> Run {
    let unjudged = |id: &str| RequirementResult::unjudged(id, level_of(id).expect("a level"), "It holds.", "1");
    Run::from_results(RunParts {
        tool: Tool { name: "atlaspec".to_owned(), version: "0.1.0".to_owned() },
        suite: SuiteIdentity { name: "atlas-v1.0".to_owned(), digest: SUITE.to_owned(), cases: 3, requirements: 4 },
        target: TargetIdentity {
            name: "staging".to_owned(),
            base_url: "https://staging.example.com/api/atlas/v1.0".to_owned(),
            claims: ["lists", "writes"].map(str::to_owned).into(),
            ..TargetIdentity::default()
        },
        started: now() - TimeDelta::hours(1),
        duration_ms: 60_000,
        selection: Selection::everything(),
        requirements: ["auth.required", "lists.total", "lists.polite", "writes.created"].map(unjudged).into(),
        results,
    })
}

pub(crate) fn run() -> Run {
    run_of(results())
}
