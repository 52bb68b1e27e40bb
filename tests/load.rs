//! The project's own files load, the schemas for editors say the same as the loader, and what is wrong in a file is
//! said exactly, and soon.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use atlaspec::suite::{self, Action, Suite, Wait};
use atlaspec::target::{self, KeySource, Target};
use atlaspec::yaml::{self, Problem};
use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "json") {
            found.push(path);
        }
    }
    found.sort();
}

/// Texts of all files below some folders of the project, by their path in it.
fn texts(folders: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in folders {
        files_below(&root().join(folder), &mut found);
    }
    let relative = |path: &Path| path.strip_prefix(root()).unwrap().display().to_string();
    found.into_iter().map(|path| (relative(&path), fs::read_to_string(&path).unwrap())).collect()
}

/// A problem in one line.
fn line(problem: &Problem) -> String {
    let at = &problem.source;
    let file = at.file.rsplit('/').next().unwrap();
    let help = problem.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
    format!("{file}:{}:{}: {}{help}\n", at.line, at.column, problem.message)
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(line).collect()
}

/// A suite of the fixtures' requirements, some payload schemas and this file.
fn load_case_file(name: &str, text: &str) -> Result<Suite, Vec<Problem>> {
    let requirements = fs::read_to_string(root().join("tests/fixtures/cases/requirements.yaml")).unwrap();
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    suite::load(&[
        file("cases/requirements.yaml", &requirements),
        file(&format!("cases/sample/{name}"), text),
        file("schemas/payloads/list.schema.json", "{ \"$ref\": \"error.schema.json#/x\" }"),
        file("schemas/payloads/error.schema.json", "{ \"$ref\": \"#\" }"),
    ])
}

fn load_target_file(name: &str, text: &str) -> Result<Target, Vec<Problem>> {
    let mut keys = |source: &KeySource| match source {
        KeySource::Environment(name) if name == "MISSING" => Err(format!("the environment variable {name} is not set")),
        _ => Ok("secret".into()),
    };
    let mut files = |path: &str| match path {
        "staging-ca.pem" => Ok("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n".to_owned()),
        "no.pem" => Ok("nothing".to_owned()),
        _ => Err(format!("{path} cannot be read")),
    };
    target::load(name, text, &mut keys, &mut files)
}

/// Holds the problems of each refused fixture against the file beside it.
fn assert_refused(folder: &str, load: impl Fn(&str, &str) -> Vec<Problem>) {
    let fixtures = texts(&[folder]);
    assert!(!fixtures.is_empty());
    for (path, text) in fixtures {
        let name = path.rsplit('/').next().unwrap();
        let found = lines(&load(name, &text));
        let expected = fs::read_to_string(root().join(&path).with_extension("problems")).unwrap_or_default();
        assert!(!found.is_empty(), "{path} is accepted");
        assert_eq!(found, expected, "{path}: found on the left, {path:?}'s .problems on the right\n{found}");
    }
}

fn tree(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap()
}

fn assert_valid(schema: &Value, files: &[(String, String)]) {
    let validator = jsonschema::draft202012::new(schema).unwrap();
    for (path, text) in files {
        let errors: Vec<String> = validator
            .iter_errors(&tree(text))
            .map(|error| format!("{path}{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(errors, Vec::<String>::new());
    }
}

fn assert_current(name: &str, schema: &Value) {
    let current = serde_json::to_string_pretty(schema).unwrap() + "\n";
    let committed = fs::read_to_string(root().join(format!("schemas/{name}.schema.json"))).unwrap_or_default();
    assert!(
        committed == current,
        "schemas/{name}.schema.json is out of date: atlaspec schema {name} > schemas/{name}.schema.json"
    );
}

/// The suite in `cases` and `schemas/payloads`.
fn own_suite() -> Suite {
    suite::load(&texts(&["cases", "schemas/payloads"])).unwrap_or_else(|problems| panic!("\n{}", lines(&problems)))
}

#[test]
fn the_suite_of_the_project_loads() {
    assert!(own_suite().cases.len() > 300, "{} cases", own_suite().cases.len());
    assert_valid(&suite::case_schema(), &texts(&["cases"]));
}

/// In real time, a turn takes up to a minute.
#[test]
fn all_waits_for_the_turn_of_a_window_are_two() {
    let suite = own_suite();
    let steps = suite.cases.iter().flat_map(suite::Case::all_steps);
    let turns = steps.filter(|step| matches!(step.action, Action::Wait(Wait::NextWindow))).count();
    assert_eq!(turns, 2);
}

#[test]
fn schemas_for_editors_are_current() {
    assert_current("case", &suite::case_schema());
    assert_current("target", &target::target_schema());
}

#[test]
fn what_is_accepted_is_valid_for_editors_too() {
    let cases = texts(&["tests/fixtures/cases/accepted"]);
    for (path, text) in &cases {
        let loaded = load_case_file(path.rsplit('/').next().unwrap(), text);
        assert!(loaded.is_ok(), "\n{}", lines(&loaded.err().unwrap_or_default()));
    }
    assert_valid(&suite::case_schema(), &cases);
    let targets = texts(&["tests/fixtures/targets/accepted"]);
    for (path, text) in &targets {
        let loaded = load_target_file(path, text);
        assert!(loaded.is_ok(), "\n{}", lines(&loaded.err().unwrap_or_default()));
    }
    assert_valid(&target::target_schema(), &targets);
}

#[test]
fn editors_refuse_unknown_keys_too() {
    let case = jsonschema::draft202012::new(&suite::case_schema()).unwrap();
    let target = jsonschema::draft202012::new(&target::target_schema()).unwrap();
    for name in ["words", "actions", "matchers", "invariants"] {
        let text = fs::read_to_string(root().join(format!("tests/fixtures/cases/refused/{name}.yaml"))).unwrap();
        assert!(!case.is_valid(&tree(&text)), "{name}");
    }
    let text = fs::read_to_string(root().join("tests/fixtures/targets/refused/words.yaml")).unwrap();
    assert!(!target.is_valid(&tree(&text)));
}

#[test]
fn editors_take_a_part_of_a_target_file_where_it_extends_another() {
    let target = jsonschema::draft202012::new(&target::target_schema()).unwrap();
    let part = "{ users: { owner: { role: read-only }, reader: null }, tls: null }";
    let extending = part.replacen('{', "{ extends: base.yaml,", 1);
    assert!(target.is_valid(&tree(&extending)) && !target.is_valid(&tree(part)));
    assert!(!target.is_valid(&tree(&extending.replace("role", "rule"))));
    assert!(!target.is_valid(&tree(&extending.replace("read-only", "reader"))));
}

#[test]
fn what_is_wrong_in_case_files_is_said_exactly() {
    // That most of the fixtures' requirements are not judged by one refused file is no news.
    let problems = |name: &str, text: &str| load_case_file(name, text).err().unwrap_or_default();
    assert_refused("tests/fixtures/cases/refused", |name, text| {
        problems(name, text).into_iter().filter(|problem| problem.source.file != "cases/requirements.yaml").collect()
    });
}

#[test]
fn a_requirement_that_nobody_judges_is_a_problem() {
    let text = fs::read_to_string(root().join("tests/fixtures/cases/refused/writes.yaml")).unwrap();
    let shown = lines(&load_case_file("writes.yaml", &text).unwrap_err());
    assert!(shown.contains("requirements.yaml:6:11: no case and no invariant judges `sample.three`\n"), "{shown}");
}

#[test]
fn what_is_wrong_in_target_files_is_said_exactly() {
    assert_refused("tests/fixtures/targets/refused", |name, text| {
        load_target_file(name, text).err().unwrap_or_default()
    });
}

/// A case file whose only step expects this of the body.
fn expecting(body: &str) -> String {
    format!(
        "format: 1\nchapter: sample\ncases:\n  - id: sample.a\n    purpose: Ensure that it is refused.\n    \
         requirements: [sample.one]\n    steps:\n      - request: GET /\n        expect: {{ body: {body} }}\n"
    )
}

#[test]
fn hostile_case_files_are_refused_soon_and_clearly() {
    let bomb =
        (1..40).fold("a0: &a0 [x, x]\n".to_owned(), |text, n| text + &format!("a{n}: &a{n} [*a{0}, *a{0}]\n", n - 1));
    let files = [
        (bomb, "the file repeats itself through too many aliases"),
        (format!("a: {}", "x".repeat(1 << 20)), "more than the 262144 that are read"),
        ("[".repeat(100_000), "nested too deeply"),
        ("{a: ".repeat(50_000), "nested too deeply"),
        ("- ".repeat(100_000), "nested too deeply"),
        ("a: \0".to_owned(), "a NUL byte stands here"),
        ("a:\n".repeat(80_000), "the key `a` is there already"),
        ((0..30_000).map(|n| n.to_string() + ":\n").collect(), "too large to be one of its kind"),
        ("--- 1\n".repeat(40_000), "more than one document"),
        (expecting(&format!("{{ $.a: {{ matches: '{}' }} }}", "a".repeat(100_000))), "longer than the 512 allowed"),
        (expecting("{ $.a: { matches: '((a{1,1000}){1,1000}){1,1000}' } }"), "the pattern does not compile"),
        (expecting(&format!("{{ \"${}\": 1 }}", "[?@".repeat(100))), "more than 6 filters"),
        (expecting(&format!("{{ \"$[?{}\": 1 }}", "(".repeat(400))), "more than 32 brackets"),
        (expecting(&format!("{{ $.a: {}1{} }}", "{ not: ".repeat(45), " }".repeat(45))), "nested too deeply"),
    ];
    for (text, expected) in files {
        let started = Instant::now();
        let problems = load_case_file("hostile.yaml", &text).unwrap_err();
        let taken = started.elapsed();
        let shown = lines(&problems);
        let start: String = text.chars().take(40).collect();
        assert!(shown.contains(expected), "{start}: {shown:.2000}");
        // Far more than it takes, for a machine that is busy with other tests.
        assert!(taken < Duration::from_secs(10), "{start}: {taken:?}");
    }
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let refusal = |bytes: &[u8]| line(&yaml::text("cases/a.yaml", bytes).unwrap_err());
    assert_eq!(refusal(b"a: 1\n  \xc3\x28"), "a.yaml:2:3: the file is not UTF-8 from here on\n");
    assert_eq!(refusal(b"a: \0"), "a.yaml:1:4: a NUL byte stands here\n");
    assert_eq!(
        refusal(&vec![b'a'; 1 << 20]),
        "a.yaml:1:1: the file has 1048576 bytes, more than the 262144 that are read\n"
    );
}

#[test]
fn payload_schemas_stay_in_their_folder() {
    let load = |text: &str| {
        let file = ("schemas/payloads/a.schema.json".to_owned(), text.to_owned());
        let problems = suite::load(&[file]).unwrap_err();
        lines(&problems.into_iter().filter(|one| one.source.file.ends_with("a.schema.json")).collect::<Vec<_>>())
    };
    for elsewhere in ["../../etc/passwd", "http://example.com/x", "file:///etc/passwd", "b.schema.json"] {
        assert_eq!(
            load(&format!("{{\n  \"items\": {{ \"$ref\": \"{elsewhere}\" }}\n}}")),
            format!("a.schema.json:2:22: `$ref` to `{elsewhere}`, which is no payload schema of this folder\n")
        );
    }
    assert_eq!(load("{\n  \"a\": }"), "a.schema.json:2:8: expected value\n");
    assert_eq!(load(&"[".repeat(10_000)), "a.schema.json:1:128: recursion limit exceeded\n");
    assert_eq!(load("{ \"$ref\": \"a.schema.json#/x\" }"), "");
}

#[test]
fn a_suite_without_requirements_is_none() {
    assert_eq!(lines(&suite::load(&[]).unwrap_err()), "requirements.yaml:1:1: there is no such file in the suite\n");
}

#[test]
fn the_digest_is_of_names_and_texts() {
    let text = fs::read_to_string(root().join("tests/fixtures/cases/accepted/everything.yaml")).unwrap();
    let digest = |name: &str, text: &str| load_case_file(name, text).unwrap().digest;
    assert!(digest("a.yaml", &text).starts_with("sha256:"));
    assert_eq!(digest("a.yaml", &text), digest("a.yaml", &text));
    assert_ne!(digest("a.yaml", &text), digest("b.yaml", &text));
    assert_ne!(digest("a.yaml", &text), digest("a.yaml", &format!("{text}# more\n")));
}

#[test]
fn fixtures_are_steps_before_the_preamble_and_after_the_postamble() {
    let case = |fixtures: &str, preamble: &str, postamble: &str| {
        format!(
            "format: 1\nchapter: methods\ncases:\n  - id: methods.some\n    purpose: Ensure that it is so.\n    \
             requirements: [methods.get-represents]\n    needs: [writes, document]\n    effects: writes\n{fixtures}{preamble}    \
             steps:\n      - request: GET {{made}}\n        expect: {{ status: 200 }}\n{postamble}"
        )
    };
    let by_hand = case(
        "",
        "    preamble:\n      - request: POST {document.list}\n        body: \"{document.valid}\"\n        save: { twin: location }\n        \
         expect: { status: 2xx }\n      - request: POST {document.list}\n        body: { merge: \"{document.valid}\", with: { a: 1 } }\n        \
         save: { made: location }\n        expect: { status: 2xx }\n      - request: GET {twin}\n",
        "    postamble:\n      - request: GET {twin}\n      - request: DELETE {made}\n      - request: DELETE {twin}\n",
    );
    let by_fixtures = case(
        "    fixtures:\n      twin: document\n      made: { merge: \"{document.valid}\", with: { a: 1 } }\n",
        "    preamble:\n      - request: GET {twin}\n",
        "    postamble:\n      - request: GET {twin}\n",
    );
    let load = |text: &str| {
        let requirements = fs::read_to_string(root().join("cases/requirements.yaml")).unwrap();
        suite::load_part(&[
            ("cases/requirements.yaml".to_owned(), requirements),
            ("cases/methods/some.yaml".to_owned(), text.to_owned()),
        ])
    };
    let steps = |text: &str| {
        let suite = load(text).unwrap_or_else(|problems| panic!("\n{}", lines(&problems)));
        let steps = suite.cases[0].all_steps().map(|step| format!("{:?} {:?}", step.action, step.save));
        steps.collect::<Vec<_>>()
    };
    assert_eq!(steps(&by_hand), steps(&by_fixtures));
    let unknown = load(&by_fixtures.replace("request: GET {made}", "request: GET {mode}")).unwrap_err();
    assert!(lines(&unknown).contains("mode"), "{}", lines(&unknown));
}
