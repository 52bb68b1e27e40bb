//! A run with every outcome, for the tests of reports.
#![allow(dead_code, reason = "each test uses a part")]

use atlaspec::exchange::Role;
use atlaspec::reason::{Filter, KeyKind, MissingKey, Reason};
use atlaspec::record::{
    CaseResult, Outcome, RequirementResult, Run, RunParts, Selection, Standing, StoredBody, StoredExchange, Subject,
    SuiteIdentity, TargetIdentity, Tool, outcome, reason_of,
};
use atlaspec::verdict::{Datum, Finding, Level, Location, Source, Verdict};
use chrono::{TimeZone as _, Utc};

pub(crate) const SPEC: &str = "Lists";

pub(crate) fn source(file: &str, line: usize, column: usize) -> Source {
    Source { file: file.to_owned(), line, column }
}

pub(crate) fn line_of(source: &Source) -> Option<String> {
    (source.file == "cases/lists/paging.yaml").then(|| "            $.totalCount: { equals: \"{total}\" }".to_owned())
}

pub(crate) fn target() -> TargetIdentity {
    TargetIdentity {
        name: "staging".to_owned(),
        base_url: "https://staging.example.com/api/atlas/v1.0".to_owned(),
        claims: vec!["lists".to_owned(), "writes".to_owned()],
        ..TargetIdentity::default()
    }
}

pub(crate) fn requirements() -> Vec<RequirementResult> {
    [
        ("lists.total", Level::Must, "totalCount is the size of the whole set, the same on every page", SPEC),
        ("lists.next-except-last", Level::Must, "next is absent on the last page and present before it", SPEC),
        ("lists.bad-paging-parameter", Level::Should, "a paging parameter that is no page answers 400", SPEC),
        ("lists.beyond-last", Level::May, "a page past the end is an empty list or is not found", SPEC),
        ("auth.whitelist-refuses", Level::Must, "a whitelisted resource refuses other addresses", "Authentication"),
        ("auth.required", Level::Must, "a request without credentials answers 401", "Authentication"),
        ("rate.rejects-beyond", Level::Must, "requests beyond the limit answer 429", "Rate Limiting"),
        ("codes.never-5xx", Level::Must, "no request makes the server fail", "Response Codes"),
    ]
    .map(|(id, level, statement, section)| RequirementResult::unjudged(id, level, statement, section))
    .into()
}

fn headers(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn body(text: &str) -> StoredBody {
    StoredBody { text: text.to_owned(), bytes: text.len(), cut: false }
}

pub(crate) fn exchange(method: &str, path: &str, status: u16, answer: &str) -> StoredExchange {
    StoredExchange {
        method: method.to_owned(),
        url: format!("https://staging.example.com/api/atlas/v1.0{path}"),
        user: Some("owner".to_owned()),
        credentials: None,
        source: None,
        role: Role::Asked,
        request_headers: headers(&[
            ("accept", "application/json"),
            (
                "authorization",
                "Digest username=\"ci@example.com\", realm=\"MMS Public API\", nonce=\"k3x0\", qop=auth, nc=00000001, \
                 cnonce=\"[redacted]\", response=\"[redacted]\"",
            ),
        ]),
        request_body: None,
        status,
        response_headers: headers(&[("content-type", "application/json"), ("date", "Mon, 23 Nov 2026 12:00:01 GMT")]),
        response_body: Some(body(answer)),
        response_trailing: None,
        started_ms: 12,
        duration_us: 4_321,
        left_out: 0,
    }
}

pub(crate) fn case(id: &str, about: &[&str], findings: Vec<Finding>) -> CaseResult {
    let requirements = requirements();
    let level_of = |id: &str| requirements.iter().find(|known| known.id == id).map(|known| known.level);
    let chapter = id.split('.').next().unwrap_or_default();
    let subject = Subject {
        id: id.to_owned(),
        chapter: chapter.to_owned(),
        purpose: format!("Ensure that {} holds.", id.replace(['.', '-'], " ")),
        level: about.iter().filter_map(|id| level_of(id)).max().unwrap_or(Level::Must),
        requirements: about.iter().map(|id| (*id).to_owned()).collect(),
        source: source(&format!("cases/{chapter}/paging.yaml"), 9, 9),
    };
    let (verdict, reason) = (outcome(&findings, level_of), reason_of(&findings));
    CaseResult { started_ms: 10, duration_ms: 34, reason, findings, ..CaseResult::new(subject, verdict) }
}

pub(crate) fn finding(verdict: Verdict, about: &str, check: &str, message: &str) -> Finding {
    let mut finding = Finding::new(check, verdict, message);
    finding.requirements = vec![about.to_owned()];
    finding
}

pub(crate) fn aside(id: &str, about: &str, outcome: Outcome, reason: Reason) -> CaseResult {
    CaseResult { verdict: outcome, reason: Some(reason), duration_ms: 0, ..case(id, &[about], vec![]) }
}

pub(crate) fn lacks(kind: KeyKind, name: &str, line: &str) -> Reason {
    Reason::lacks(MissingKey { kind, name: name.to_owned(), line: line.to_owned(), purpose: None })
}

fn failing_walk() -> CaseResult {
    let mut failed = finding(
        Verdict::Fail,
        "lists.total",
        "body",
        "$.totalCount is 7 on page 2 and 23 on page 1, though nothing was created in between",
    )
    .expected(Datum::from(23), Datum::from(7));
    failed.location = Some(Location::member("totalCount"));
    failed.exchange = Some(1);
    failed.source = Some(source("cases/lists/paging.yaml", 41, 13));
    let passed = finding(Verdict::Pass, "lists.next-except-last", "body", "as expected");
    let mut case = case("lists.walk[size=7]", &["lists.total", "lists.next-except-last"], vec![passed, failed]);
    case.purpose = String::from(
        "Ensure that when a list is walked from its first page to its last in pages of seven, every page \
                    tells the size of the whole set.",
    );
    case.standing = Some(Standing::Regression);
    let page = |total: u32, number: u32| {
        format!(
            "{{\"totalCount\":{total},\"results\":[{{\"id\":\"h{number}\",\"links\":[{{\"rel\":\"self\",\"href\":\
             \"https://staging.example.com/api/atlas/v1.0/groups/g/hosts/h{number}\"}}]}}],\"links\":[]}}"
        )
    };
    case.exchanges = vec![
        exchange("GET", "/groups/g/hosts?itemsPerPage=7", 200, &page(23, 1)),
        exchange("GET", "/groups/g/hosts?itemsPerPage=7&pageNum=2", 200, &page(7, 2)),
    ];
    case
}

fn warning() -> CaseResult {
    let about = "lists.bad-paging-parameter";
    let mut failed =
        finding(Verdict::Fail, about, "status", "the status is 200").expected(Datum::from(400), Datum::from(200));
    failed.exchange = Some(0);
    failed.location = Some(Location::Status);
    failed.source = Some(source("cases/lists/paging.yaml", 77, 11));
    let mut case = case("lists.zero-page", &[about], vec![failed]);
    case.exchanges = vec![exchange("GET", "/groups/g/hosts?pageNum=0", 200, "{\"totalCount\":0}")];
    case
}

fn passing() -> CaseResult {
    let mut case =
        case("auth.nobody", &["auth.required"], vec![finding(Verdict::Pass, "auth.required", "status", "as expected")]);
    let mut exchange = exchange("POST", "/groups", 401, "{\"error\":401,\"reason\":\"Unauthorized\",\"detail\":\"x\"}");
    exchange.user = None;
    exchange.request_body = Some(body("{\"name\":\"it's\"}"));
    case.exchanges = vec![exchange];
    case
}

pub(crate) fn results() -> Vec<CaseResult> {
    let observed = finding(Verdict::Fail, "lists.beyond-last", "status", "the status is 302");
    let late = finding(
        Verdict::Inconclusive,
        "rate.rejects-beyond",
        "obstacle",
        "the burst did not fit into one minute of the target's clock",
    );
    vec![
        failing_walk(),
        warning(),
        passing(),
        case("lists.past-the-end", &["lists.beyond-last"], vec![observed]),
        case("rate.burst", &["rate.rejects-beyond"], vec![late]),
        CaseResult {
            reason: Some(Reason::SuiteError { cause: "no expectation was reached".to_owned() }),
            ..case("codes.nothing", &["codes.never-5xx"], vec![])
        },
        aside(
            "auth.whitelist",
            "auth.whitelist-refuses",
            Outcome::NotApplicable,
            lacks(KeyKind::Source, "sources.refused", "sources: { refused: … }"),
        ),
        aside("rate.reset", "rate.rejects-beyond", Outcome::NotSelected, Reason::Filter { by: Filter::Id }),
    ]
}

pub(crate) fn run_of(results: Vec<CaseResult>) -> Run {
    Run::from_results(RunParts {
        tool: Tool { name: "atlaspec".to_owned(), version: "0.0.0".to_owned() },
        suite: SuiteIdentity {
            name: "atlas-v1.0".to_owned(),
            digest: "sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff".to_owned(),
            cases: 8,
            requirements: 8,
        },
        target: target(),
        started: Utc.with_ymd_and_hms(2026, 11, 23, 12, 0, 0).single().expect("a date"),
        duration_ms: 61_234,
        selection: Selection::everything(),
        requirements: requirements(),
        results,
    })
}

pub(crate) fn sample_run() -> Run {
    run_of(results())
}

/// The sample run with this text in every place that a target, or a case file, fills.
pub(crate) fn run_saying(text: &str) -> Run {
    let mut results = results();
    for result in &mut results {
        text.clone_into(&mut result.purpose);
        result.id = format!("{}{text}", result.id);
        result.reason = result.reason.is_some().then(|| Reason::CaseError { cause: text.to_owned() });
        for finding in &mut result.findings {
            text.clone_into(&mut finding.check);
            text.clone_into(&mut finding.message);
            finding.actual = Some(Datum::from(text));
            finding.location = Some(Location::header(text));
            finding.exchange = Some(text.len() % 3);
        }
        for exchange in &mut result.exchanges {
            text.clone_into(&mut exchange.url);
            text.clone_into(&mut exchange.method);
            exchange.response_headers.push((text.to_owned(), text.to_owned()));
            if let Some(body) = &mut exchange.response_body {
                text.clone_into(&mut body.text);
            }
        }
    }
    let mut run = run_of(results);
    text.clone_into(&mut run.target.name);
    run
}
