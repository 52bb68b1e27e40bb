//! A key that a target repeats in every place it can reaches no report.

mod report_sample;

use std::collections::BTreeSet;
use std::time::Duration;

use atlaspec::certificate::{Class, EvidenceDemand, Terms, Validity, Yardstick, certify, digest_of};
use atlaspec::exchange::{Exchange, Request, Response, Role};
use atlaspec::reason::Reason;
use atlaspec::record::{Event, Redaction, Run, StoredExchange};
use atlaspec::report::{Colour, Console, Detail, Format, Repeats, certificate, har, render};
use atlaspec::verdict::{Datum, Location, PathStep, Source, Verdict};
use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::{BASE64, HEXLOWER};
use report_sample::{case, finding, line_of, results, run_of};
use secrecy::SecretString;
use url::Url;

const CANARY: &str = "c4n/a+r&y \"k<e>y\\";

fn spellings() -> Vec<String> {
    let percent: Vec<String> = CANARY.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let json = serde_json::to_string(CANARY).expect("a string").trim_matches('"').to_owned();
    let html = CANARY.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&#34;");
    let base64 = BASE64.encode(format!("ci@example.com:{CANARY}").as_bytes());
    let twice = serde_json::to_string(&json).expect("a string").trim_matches('"').to_owned();
    let hexadecimal = HEXLOWER.encode(CANARY.as_bytes());
    vec![
        CANARY.to_owned(),
        percent.concat(),
        percent.concat().replace('%', "%25"),
        BASE64.encode(format!("{{\"key\":\"{json}\"}}").as_bytes()),
        BASE64.encode(base64.as_bytes()),
        hexadecimal.to_uppercase(),
        HEXLOWER.encode(hexadecimal.as_bytes()),
        base64.replace('/', "%2F").replace('+', "%2B").replace('=', "%3D"),
        json,
        twice,
        html,
        base64,
        hexadecimal,
    ]
}

fn talkative() -> Exchange {
    let all = spellings().join(" | ");
    let mut url = Url::parse("https://staging.example.com/").expect("a URL");
    url.query_pairs_mut().append_pair("key", CANARY);
    url.set_fragment(Some(CANARY));
    let mut request = Request::new("POST", url);
    let basic = BASE64.encode(format!("u:{CANARY}").as_bytes());
    request.headers = vec![
        ("Authorization".to_owned(), format!("Basic {basic}")),
        ("Authorization".to_owned(), format!("Digest username=\"u\", response=\"{CANARY}\"")),
        ("X-Key".to_owned(), all.clone()),
        ("Cookie".to_owned(), all.clone()),
    ];
    request.body = Some(all.clone().into_bytes());
    let headers = vec![("x-echo".to_owned(), all.clone()), ("set-cookie".to_owned(), all.clone())];
    let response =
        Response { status: 500, headers, body: all.clone().into_bytes(), cut: false, trailing: all.into_bytes() };
    Exchange { request, response, started: DateTime::UNIX_EPOCH, duration: Duration::ZERO, role: Role::Asked }
}

fn run() -> Run {
    let redaction = Redaction::new(&[SecretString::from(CANARY)]).expect("a short key");
    let all = spellings().join(" | ");
    let mut results = results();
    for result in &mut results {
        let started = DateTime::<Utc>::UNIX_EPOCH;
        let stored = StoredExchange::from_exchange(&talkative(), started, &redaction, 64 * 1024);
        result.exchanges = vec![stored];
        result.reason = Some(Reason::CaseError { cause: all.clone() });
        result.purpose.clone_from(&all);
        for finding in &mut result.findings {
            finding.message.clone_from(&all);
            finding.expected = Some(Datum::Value(serde_json::json!({ &all: [&all] })));
            finding.actual = Some(Datum::Excerpt(all.clone()));
            finding.location = Some(Location::at([PathStep::Name(all.clone())]));
            finding.exchange = Some(0);
        }
    }
    run_of(results.into_iter().map(|result| redaction.result(result)).collect())
}

fn console(run: &Run) -> String {
    let sources = |source: &Source| line_of(source);
    let statement = |_: &str| None;
    let detail = Detail::Everything;
    let console = Console {
        colour: Colour::Never,
        detail,
        sources: &sources,
        statement: &statement,
        target: &run.target,
        width: 80,
        repeats: Repeats::default(),
    };
    let events = run.results.iter().filter_map(|result| console.event(&Event::CaseFinished(result)));
    events.chain([console.summary(run, None)]).collect()
}

#[test]
fn no_certificate_holds_a_key() {
    let redaction = Redaction::new(&[SecretString::from(CANARY)]).expect("a short key");
    let passing = finding(Verdict::Pass, "auth.required", "status", &spellings().join(" | "));
    let mut result = case("auth.nobody", &["auth.required"], vec![passing]);
    result.id = format!("auth.nobody[path=/{CANARY}]");
    let mut run = run_of(vec![redaction.result(result)]);
    run.suite.cases = 1;
    run.target.claims = vec!["lists".to_owned()];
    let terms = Terms {
        class: Class::Core,
        validity: Validity { from: run.started, until: run.started + TimeDelta::days(1) },
        artifact: None,
        url: None,
        run_digest: digest_of(b"run.json"),
    };
    let yardstick = Yardstick {
        suite: (String::new(), BTreeSet::new()),
        other_suites: vec![run.suite.digest.clone()],
        claims: vec![],
        versions: vec![run.tool.version.clone()],
        now: run.started,
        max_age: TimeDelta::days(1),
        evidence: EvidenceDemand::None,
    };
    let statement = certify(&run, &terms, &yardstick).expect("it is certified");
    let texts = [String::from_utf8(statement.to_bytes()).expect("text"), certificate(&statement, "key")];
    assert!(texts[0].contains("auth.nobody[path=/[secret]]"), "{}", texts[0]);
    for text in texts {
        for secret in spellings().iter().map(String::as_str).chain(["c4n", "e>y", "NG4v", "YzRu"]) {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[test]
fn no_report_holds_a_key() {
    let run = run();
    let formats = [
        Format::Json,
        Format::Junit,
        Format::Html,
        Format::Markdown,
        Format::Github,
        Format::Ctrf,
        Format::Tap,
        Format::Earl,
    ];
    let mut reports: Vec<(&str, String)> =
        formats.iter().map(|format| (format.file_name(), render(&run, *format, &line_of))).collect();
    reports.push(("console", console(&run)));
    reports.push((
        "exchanges.har",
        har::entry(&run.results[0].id, run.results[0].exchanges[0].clone(), run.started).to_string(),
    ));
    for (name, text) in reports {
        // Markdown escapes the brackets.
        assert!(text.replace('\\', "").contains("[secret]"), "{name} tells nothing");
        // Escaping of the report itself is undone, and wrapping too.
        let plain = text.replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&").replace("\\\"", "\"");
        let plain = plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        let plain = plain.replace("\\u003c", "<").replace("\\u003e", ">").replace("\\u0026", "&");
        for secret in spellings().iter().map(String::as_str).chain(["c4n", "e>y", "NG4v", "YzRu"]) {
            let around = plain.find(secret).map(|at| &plain[plain.floor_char_boundary(at.saturating_sub(200))..at]);
            assert_eq!(around, None, "{name} holds {secret} after this");
        }
    }
}
