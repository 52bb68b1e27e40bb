//! `run.json` is what its schema says, and is read back as it was written.

mod report_sample;

use atlaspec::exchange::TlsFault;
use atlaspec::known::KnownFailures;
use atlaspec::record::{CaseResult, Outcome, Outline, Point, ReadError, Run};
use atlaspec::report::{Format, render};
use atlaspec::verdict::Verdict;
use report_sample::{case, finding, line_of, run_of, run_saying, sample_run};
use serde_json::{Value, json};

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(include_str!("../schemas/run.schema.json")).expect("JSON");
    jsonschema::draft202012::meta::validate(&schema).expect("a schema of 2020-12");
    jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema")
}

fn stored() -> Value {
    serde_json::from_str(&render(&sample_run(), Format::Json, &line_of)).expect("JSON")
}

/// A run with everything that `run.json` may hold.
fn full_run() -> Run {
    let earlier = sample_run();
    sample_run().after(Some(&Outline::of(&run_of(vec![]))), &[Point::of(&earlier)])
}

#[test]
fn runs_are_as_the_schema_says() {
    for run in [sample_run(), full_run(), run_of(vec![])] {
        let stored = serde_json::from_str(&render(&run, Format::Json, &line_of)).expect("JSON");
        let errors: Vec<String> = validator().iter_errors(&stored).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
}

/// All kinds of failed TLS; a new one does not compile before it has its place here.
fn tls_faults() -> Vec<TlsFault> {
    use TlsFault::{
        AuthorityItself, Certificate, ClientCertificate, HungUp, NotTls, NotValidNow, NothingInCommon, OldCertificate,
        Other, OtherHost, UnknownIssuer, WeakSignature, WrongSignature,
    };
    let next = |fault| match fault {
        NotTls => Some(UnknownIssuer),
        UnknownIssuer => Some(OtherHost),
        OtherHost => Some(NotValidNow),
        NotValidNow => Some(OldCertificate),
        OldCertificate => Some(AuthorityItself),
        AuthorityItself => Some(WeakSignature),
        WeakSignature => Some(WrongSignature),
        WrongSignature => Some(Certificate),
        Certificate => Some(NothingInCommon),
        NothingInCommon => Some(ClientCertificate),
        ClientCertificate => Some(HungUp),
        HungUp => Some(Other),
        Other => None,
    };
    std::iter::successors(Some(NotTls), |fault| next(*fault)).collect()
}

#[test]
fn the_schema_names_every_kind_of_failed_tls() {
    fn fault_of(schema: &Value) -> Option<&Value> {
        let members = schema.as_object().map(|object| object.values().collect()).unwrap_or_default();
        let parts: Vec<&Value> = schema.as_array().map_or(members, |items| items.iter().collect());
        schema.pointer("/properties/fault/enum").or_else(|| parts.into_iter().find_map(fault_of))
    }
    let schema: Value = serde_json::from_str(include_str!("../schemas/run.schema.json")).expect("JSON");
    assert_eq!(fault_of(&schema), Some(&json!(tls_faults())));
}

#[test]
fn the_schema_refuses_what_is_no_run() {
    let wrong: [(&str, Value); 9] = [
        ("/format", json!(1)),
        ("/conclusion", json!("passed")),
        ("/started", json!("yesterday")),
        ("/suite/digest", json!("sha256:00")),
        ("/counts/pass", json!(-1)),
        ("/results/0/verdict", json!("ok")),
        ("/results/0/exchanges/0/status", json!("200")),
        ("/results/0/exchanges/0/request_headers/0", json!(["one"])),
        ("/requirements/0/level", json!("shall")),
    ];
    for (place, value) in wrong {
        let mut run = stored();
        *run.pointer_mut(place).expect(place) = value;
        let errors: Vec<_> = validator().iter_errors(&run).map(|error| error.instance_path().to_string()).collect();
        assert_eq!(errors, [place], "{place}");
    }
}

#[test]
fn the_schema_refuses_unknown_and_missing_members() {
    for place in ["", "/target", "/results/0", "/results/0/exchanges/0", "/requirements/0"] {
        let mut more = stored();
        let object = more.pointer_mut(place).and_then(Value::as_object_mut).expect(place);
        object.insert("surprise".to_owned(), json!(1));
        let error = validator().validate(&more).expect_err(place).to_string();
        assert!(error.contains("surprise"), "{place}: {error}");
        let mut less = stored();
        let object = less.pointer_mut(place).and_then(Value::as_object_mut).expect(place);
        let first = object.keys().next().expect("a member").clone();
        object.shift_remove(&first);
        let error = validator().validate(&less).expect_err(place).to_string();
        assert!(error.contains(&first), "{place}: {error}");
    }
}

#[test]
fn a_run_is_read_back_as_it_was() {
    let text = render(&sample_run(), Format::Json, &line_of);
    let run = Run::from_json(&text).expect("our own text");
    assert_eq!(render(&run, Format::Json, &line_of), text);
}

#[test]
fn another_format_is_refused_by_its_number() {
    let text = r#"{"format": 3, "something": "new"}"#;
    assert!(matches!(Run::from_json(text), Err(ReadError::OtherFormat { found: 3 })));
    assert!(matches!(Run::from_json("{}"), Err(ReadError::NoRun(_))));
}

#[test]
fn a_requirement_and_a_result_are_a_line_each() {
    let text = render(&full_run(), Format::Json, &line_of);
    for start in ["    {\"id\":\"lists.total\",", "    {\"id\":\"lists.walk[size=7]\","] {
        assert_eq!(text.lines().filter(|line| line.starts_with(start)).count(), 1, "{start}");
    }
    assert!(text.starts_with("{\n  \"format\": 2,\n"), "{text}");
}

/// `.ci/readers` gives these to readers that are not ours.
#[test]
fn a_run_with_every_verdict_is_stored_and_read_back() {
    let run = full_run();
    assert!(OUTCOMES.iter().all(|outcome| run.counts.of(*outcome) > 0), "{:?}", run.counts);
    let known = known_run();
    assert!(known.counts.flaky == 2 && known.results.iter().filter(|result| result.is_excused()).count() >= 2);
    for (name, run) in [("every-verdict", run), ("hostile", hostile_run()), ("known", known)] {
        let path = format!("{}/{name}.json", env!("CARGO_TARGET_TMPDIR"));
        std::fs::write(&path, render(&run, Format::Json, &line_of)).expect("it can be written");
        let read = Run::from_json(&std::fs::read_to_string(&path).expect("a text")).expect("a run");
        assert_eq!(read.counts, run.counts);
    }
}

const OUTCOMES: [Outcome; 8] = [
    Outcome::Fail,
    Outcome::Defect,
    Outcome::Inconclusive,
    Outcome::Warn,
    Outcome::Observed,
    Outcome::Pass,
    Outcome::NotApplicable,
    Outcome::NotSelected,
];

/// A run with flaky cases, one of them known, with a known failure, and with a list that is out of date.
fn known_run() -> Run {
    let flaky = |id: &str| CaseResult {
        verdict: Outcome::Flaky,
        tries: vec![Outcome::Fail, Outcome::Pass],
        ..case(id, &["lists.total"], vec![finding(Verdict::Fail, "lists.total", "status", "the status is 500")])
    };
    let mut results = sample_run().results;
    results.extend([flaky("lists.flaky-listed"), flaky("lists.flaky")]);
    let list = "format: 1
known-failures:
  - { cases: 'lists.walk*', reason: totals are estimated, owner: team, link: 'https://issues.example.com/1' }
  - { cases: lists.flaky-listed, reason: a race }
  - { cases: lists.gone, reason: it was renamed }
  - { cases: 'auth.*', reason: mended long ago, expires: 2020-01-31 }
";
    let today = "2026-11-23".parse().expect("a day");
    KnownFailures::load("known.yaml", list, today).expect("a list").judge(run_of(results))
}

/// A run whose target says in every place what could break out of some format.
fn hostile_run() -> Run {
    let text =
        "%0A\r\n::error::x # TODO y\\ ]]>&<script>alert(1)</script>\"',: \0\u{b}\u{1b}[31m\u{202e}\u{fffe}\u{ffff}";
    run_saying(text)
}
