//! The formats for other consumers: what they say of every outcome, and that no text of a target breaks out of them.

use atlaspec::known::KnownFailures;
use atlaspec::record::{CaseResult, Difference, Outcome, Outline, Run};
use atlaspec::report::{Format, difference, render};
use chrono::NaiveDate;
use serde_json::Value;

use crate::report_sample::{line_of, results, run_of, run_saying, sample_run};

fn json(run: &Run, format: Format) -> Value {
    serde_json::from_str(&render(run, format, &line_of)).expect("JSON")
}

#[test]
fn annotations_say_the_worst_first() {
    let text = render(&sample_run(), Format::Github, &line_of);
    let heads: Vec<&str> = text.lines().map(|line| line.split("::").nth(1).expect("a command")).collect();
    assert_eq!(
        heads,
        [
            "error title=Not conformant%3A staging",
            "error title=lists.walk[size=7]",
            "error title=codes.nothing",
            "error title=rate.burst",
            "warning title=lists.zero-page",
            "notice title=lists.past-the-end",
        ]
    );
    assert!(
        text.contains("nothing was created in between%0Aexpected 23%0Aactual 7%0Aatlaspec explain lists.total\n"),
        "{text}"
    );
}

#[test]
fn annotations_are_a_line_each_whatever_a_target_says() {
    let text = render(&run_saying("a%0A\r\n::stop-commands::x"), Format::Github, &line_of);
    assert!(text.lines().all(|line| ["::error ", "::warning ", "::notice "].iter().any(|it| line.starts_with(it))));
    assert!(text.contains("a%250A␍␊::stop-commands::x"), "{text}");
}

#[test]
fn annotations_are_as_many_as_are_shown_and_the_list_comes_last() {
    let entries = |number: usize| {
        let entry = |at| format!("  - {{ cases: gone.{at}, reason: old }}\n");
        let text: String = (0..number).map(entry).collect();
        KnownFailures::load("k.yaml", &format!("format: 1\nknown-failures:\n{text}"), NaiveDate::default())
            .expect("a list")
    };
    let titles = |run: &Run| {
        let text = render(run, Format::Github, &line_of);
        let titles = text.lines().filter_map(|line| Some(line.split("::").nth(1)?.split_once("title=")?.1.to_owned()));
        titles.collect::<Vec<_>>()
    };
    assert_eq!(titles(&entries(3).judge(sample_run()))[4..7], ["gone.0", "gone.1", "gone.2"]);
    assert_eq!(titles(&entries(4).judge(sample_run()))[4..6], ["4 wrong entries of k.yaml", "lists.zero-page"]);
    let many = (0..30).map(|at| CaseResult { id: format!("lists.walk[size={at}]"), ..results()[0].clone() });
    let run = run_of(many.collect());
    let shown = titles(&run);
    assert_eq!((shown.len(), shown[9].as_str()), (10, "22 more errors"), "{shown:?}");
}

#[test]
fn ctrf_counts_what_could_not_be_judged_apart() {
    let report = json(&sample_run(), Format::Ctrf);
    let summary = &report["results"]["summary"];
    for (status, count) in [("tests", 8), ("passed", 3), ("failed", 1), ("skipped", 2), ("other", 2), ("pending", 0)] {
        assert_eq!(summary[status], count, "{status}");
    }
    let test = &report["results"]["tests"][4];
    assert_eq!((&test["name"], &test["line"]), (&Value::from("lists.walk[size=7]"), &Value::from(41)));
    assert_eq!(test["trace"], "expected 23\nactual 7");
}

#[test]
fn tap_has_a_point_a_case() {
    insta::assert_snapshot!(render(&sample_run(), Format::Tap, &line_of));
}

#[test]
fn no_name_is_a_directive_of_tap() {
    let text = render(&run_saying("x # TODO\nok 99\\"), Format::Tap, &line_of);
    assert!(text.contains("auth.nobodyx ＃ TODO␊ok 99\\\\\n"), "{text}");
    assert_eq!(text.lines().filter(|line| line.starts_with("ok ") || line.starts_with("not ok ")).count(), 8);
}

#[test]
fn earl_asserts_requirements_and_cases() {
    let report = json(&sample_run(), Format::Earl);
    let outcome = |test: &str| {
        let graph = report["@graph"].as_array().expect("a list");
        let assertion = graph.iter().find(|it| it["test"] == test).expect(test);
        assertion["result"]["outcome"].as_str().expect("an outcome").to_owned()
    };
    for (test, expected) in [
        ("requirement:lists.total", "earl:failed"),
        ("requirement:lists.next-except-last", "earl:passed"),
        ("requirement:lists.beyond-last", "earl:inapplicable"),
        ("requirement:rate.rejects-beyond", "earl:cantTell"),
        ("requirement:auth.whitelist-refuses", "earl:inapplicable"),
        ("case:lists.walk%5Bsize%3D7%5D", "earl:failed"),
        ("case:codes.nothing", "earl:cantTell"),
        ("case:rate.reset", "earl:untested"),
    ] {
        assert_eq!(outcome(&format!("urn:atlaspec:{test}")), expected, "{test}");
    }
}

#[test]
fn a_badge_says_the_conclusion_and_whether_it_is_of_the_whole() {
    let badge = json(&sample_run(), Format::Badge);
    assert_eq!((&badge["label"], &badge["message"]), (&Value::from("atlas v1.0"), &Value::from("not conformant")));
    assert_eq!((&badge["color"], &badge["isError"]), (&Value::from("red"), &Value::from(true)));
    let passed: Vec<_> = results().into_iter().filter(|result| result.verdict == Outcome::Pass).collect();
    let mut run = run_of(passed);
    run.selection.complete = false;
    assert_eq!(json(&run, Format::Badge)["message"], "conformant in part");
    let svg = render(&run, Format::BadgeSvg, &line_of);
    assert!(svg.contains("<title>atlas v1.0: conformant in part</title>") && !svg.contains("<script"), "{svg}");
}

/// The sample run, and one of the same suite where the walk is mended, a passed case cannot be judged, one is set
/// aside and one is new.
fn two_runs() -> (Run, Run) {
    let mut later = results();
    later[0].findings.pop();
    later[0].verdict = Outcome::Pass;
    later[2].verdict = Outcome::Inconclusive;
    later[2].findings[0].verdict = atlaspec::verdict::Verdict::Inconclusive;
    later[4].verdict = Outcome::NotApplicable;
    later[4].findings.clear();
    "rate.reset-later".clone_into(&mut later[7].id);
    (sample_run(), run_of(later))
}

#[test]
fn a_difference_says_what_is_worse_better_new_and_gone() {
    let (old, new) = two_runs();
    let found = Difference::between(&Outline::of(&old), &Outline::of(&new));
    assert!(found.regression && found.changed.is_empty(), "{found:?}");
    insta::assert_snapshot!(difference::console(&found, atlaspec::report::Colour::Never));
    let json: Value = serde_json::from_str(&difference::json(&found)).expect("JSON");
    assert_eq!(json["cases"][0]["kind"], "unclear");
    assert_eq!(json["cases"][0]["id"], "auth.nobody");
    let markdown = difference::markdown(&found);
    assert!(markdown.starts_with("## A regression"), "{markdown}");
    assert!(markdown.contains("- `lists.walk[size=7]` failed → passed\n"), "{markdown}");
}

#[test]
fn the_same_run_is_no_difference_wherever_its_target_listened() {
    let named = |port: u16| {
        let mut run = sample_run();
        run.target.base_url = format!("https://127.0.0.1:{port}/api");
        run.results[0].id = format!("auth.plain[address=http://127.0.0.1:{port}/]");
        run
    };
    let found = Difference::between(&Outline::of(&named(1)), &Outline::of(&named(2)));
    assert!(found.is_empty() && !found.regression, "{found:?}");
    let text = difference::console(&found, atlaspec::report::Colour::Never);
    assert!(text.contains("the targets are not the same") && text.contains("Nothing changed."), "{text}");
}

#[test]
fn a_requirement_that_a_new_case_breaks_is_a_regression() {
    let held = |mut results: Vec<atlaspec::record::CaseResult>| {
        results.retain(|result| result.id == "auth.nobody");
        results
    };
    let old = run_of(held(results()));
    let mut more = held(results());
    let mut broken = more[0].clone();
    broken.id = "auth.nobody-else".to_owned();
    broken.verdict = Outcome::Fail;
    broken.findings[0].verdict = atlaspec::verdict::Verdict::Fail;
    more.push(broken);
    let found = Difference::between(&Outline::of(&old), &Outline::of(&run_of(more)));
    assert_eq!(found.cases.iter().map(|change| change.kind).collect::<Vec<_>>(), [atlaspec::record::ChangeKind::New]);
    assert!(found.regression, "{found:?}");
}

#[test]
fn reports_say_what_changed_since_the_last_run() {
    let (old, new) = two_runs();
    let new = new.after(Some(&Outline::of(&old)), &[atlaspec::record::Point::of(&old)]);
    let markdown = render(&new, Format::Markdown, &line_of);
    assert!(
        markdown.contains("### What changed since 2026-11-23 12&#58;00&#58;00 UTC \\(not conformant\\)"),
        "{markdown}"
    );
    assert!(markdown.contains("- 1 fixed&#58; lists.walk\\[size=7\\]\n"), "{markdown}");
    let html = render(&new, Format::Html, &line_of);
    assert!(html.contains("tests that passed in 2 runs since 2026-11-23: at first 3 of 6, now"), "the trend is shown");
    let read = Run::from_json(&render(&new, Format::Json, &line_of)).expect("our own text");
    assert_eq!(read.history, new.history);
}
