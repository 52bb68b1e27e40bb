//! `run.json` is what its schema says, and is read back as it was written.

mod report_sample;

use atlaspec::record::{ReadError, Run};
use atlaspec::report::{Format, render};
use report_sample::{line_of, run_of, sample_run};
use serde_json::{Value, json};

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(include_str!("../schemas/run.schema.json")).expect("JSON");
    jsonschema::draft202012::meta::validate(&schema).expect("a schema of 2020-12");
    jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema")
}

fn stored() -> Value {
    serde_json::from_str(&render(&sample_run(), Format::Json, &line_of)).expect("JSON")
}

#[test]
fn runs_are_as_the_schema_says() {
    for run in [sample_run(), run_of(vec![])] {
        let stored = serde_json::from_str(&render(&run, Format::Json, &line_of)).expect("JSON");
        let errors: Vec<String> = validator().iter_errors(&stored).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
}

#[test]
fn the_schema_refuses_what_is_no_run() {
    let wrong: [(&str, Value); 9] = [
        ("/format", json!(2)),
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
    let text = r#"{"format": 2, "something": "new"}"#;
    assert!(matches!(Run::from_json(text), Err(ReadError::OtherFormat { found: 2 })));
    assert!(matches!(Run::from_json("{}"), Err(ReadError::NoRun(_))));
}
