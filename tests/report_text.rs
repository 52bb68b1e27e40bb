//! Console, JUnit and Markdown, as people and CI systems see them.

mod report_formats;
mod report_sample;

use atlaspec::record::{Event, Run};
use atlaspec::report::{Colour, Console, Detail, Format, Repeats, render};
use atlaspec::verdict::Source;
use proptest::prelude::*;
use report_sample::{line_of, requirements, results, run_of, run_saying, sample_run};

fn console(run: &Run, colour: Colour, detail: Detail) -> String {
    let sources = |source: &Source| line_of(source);
    let statement = |id: &str| {
        let known = requirements().into_iter().find(|requirement| requirement.id == id)?;
        Some(known.statement)
    };
    let console = Console {
        colour,
        detail,
        sources: &sources,
        statement: &statement,
        target: &run.target,
        width: 80,
        repeats: Repeats::default(),
    };
    let opening = console.event(&Event::RunStarted { planned: run.results.len() }).unwrap_or_default();
    opening + &console.replay(run, Some("reports/staging"))
}

#[test]
fn the_console_tells_what_went_wrong() {
    insta::assert_snapshot!(console(&sample_run(), Colour::Never, Detail::Failures));
}

#[test]
fn lines_fit_a_terminal_unless_they_are_to_be_copied() {
    let text = console(&sample_run(), Colour::Never, Detail::Everything);
    let long: Vec<&str> = text.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(long.iter().all(|line| line.contains("https://") || line.contains("--header")), "{long:#?}");
}

#[test]
fn colour_changes_no_word() {
    let plain = console(&sample_run(), Colour::Never, Detail::Everything);
    let coloured = console(&sample_run(), Colour::Always, Detail::Everything);
    let codes = regex::Regex::new("\x1b\\[[0-9;]*m").expect("a pattern");
    assert!(codes.is_match(&coloured));
    assert_eq!(codes.replace_all(&coloured, ""), plain);
    assert!(!plain.contains('\x1b'));
}

#[test]
fn detail_decides_how_much_is_told() {
    let run = sample_run();
    let summary = console(&run, Colour::Never, Detail::Summary);
    assert!(!summary.contains("FAILED") && summary.contains("Not conformant"), "{summary}");
    assert!(
        summary.contains(
            "\nviolated\n  lists.total: totalCount is the size of the whole set, the same on every page\n    GET "
        ),
        "each violated requirement is named: {summary}"
    );
    assert!(summary.ends_with("\nreport: reports/staging/report.html\n"), "{summary}");
    assert!(!console(&run, Colour::Never, Detail::Failures).contains("PASSED auth.nobody"));
    assert!(console(&run, Colour::Never, Detail::Everything).contains("PASSED auth.nobody"));
}

/// A run of so many failed tests, each of which violates one of the requirements of the sample in its own words.
fn run_of_failures(failures: usize, said: impl Fn(usize) -> String) -> Run {
    let sample = sample_run();
    let walk = sample.results.iter().find(|result| result.id.starts_with("lists.walk")).expect("a failed walk");
    let failed = (0..failures).map(|number| {
        let mut result = walk.clone();
        result.id = format!("lists.walk-of-many-pages[size={number}]");
        for finding in &mut result.findings {
            finding.message = said(number);
            finding.requirements = vec![requirements()[number % 3].id.clone()];
        }
        result
    });
    run_of(failed.collect())
}

#[test]
fn equal_failures_are_told_once_and_all_with_verbose() {
    let run = run_of_failures(13, |number| format!("$.totalCount is {number}, expected `{number}`"));
    let text = console(&run, Colour::Never, Detail::Failures);
    assert_eq!(text.matches("FAILED lists.walk").count(), 3, "one a requirement: {text}");
    assert!(text.contains("(5 tests, first: lists.walk-of-many-pages["), "{text}");
    assert_eq!(console(&run, Colour::Never, Detail::Everything).matches("FAILED lists.walk").count(), 13);
}

#[test]
fn many_failures_are_at_most_two_screens() {
    let letters = |number: usize| "x".repeat(number + 1);
    for run in [run_of_failures(45, letters), run_of_failures(45, |number| letters(number % 7))] {
        let text = console(&run, Colour::Never, Detail::Failures);
        assert!(text.lines().count() <= 100, "{} lines: {text}", text.lines().count());
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("(15 tests, first: lists.walk-of-many-pages[size"), "{text}");
    }
}

#[test]
fn junit_has_a_suite_a_chapter() {
    insta::assert_snapshot!(render(&sample_run(), Format::Junit, &line_of));
}

#[test]
fn junit_is_read_back_with_the_same_counts() {
    let run = sample_run();
    let report = quick_junit::Report::deserialize_from_str(&render(&run, Format::Junit, &line_of)).expect("XML");
    assert_eq!((report.tests, report.failures, report.errors), (run.results.len(), 1, 2));
    let skipped: usize = report.test_suites.iter().map(|suite| suite.skipped).sum();
    assert_eq!(skipped, 2);
}

#[test]
fn markdown_is_a_short_summary() {
    insta::assert_snapshot!(render(&sample_run(), Format::Markdown, &line_of));
}

#[test]
fn markdown_stays_short_whatever_comes() {
    let template = results().remove(0);
    let results = (0..3_000).map(|number| {
        let mut result = template.clone();
        result.id = format!("lists.walk[size={number}]");
        result.findings[1].message = "<b>|`*_[x](y)".repeat(50);
        result.findings[1].requirements = vec![format!("lists.r{number}")];
        result
    });
    let text = render(&run_of(results.collect()), Format::Markdown, &line_of);
    assert!(text.len() < 61_000, "{}", text.len());
    assert!(text.contains("in the full report") && text.contains("| lists | 0 | 3000 |"), "{text}");
    assert!(!text.contains("<b>") && !text.contains("[x](y)"));
}

fn is_xml_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[test]
fn junit_holds_no_character_that_xml_forbids() {
    let text = render(&run_saying("a\0\x0b\x1b[31m\u{fffe}\u{ffff}]]>&<\"z"), Format::Junit, &line_of);
    assert!(text.chars().all(is_xml_character));
    assert!(text.contains("a␀␋␛[31m\\u{fffe}\\u{ffff}]]&gt;&amp;&lt;"), "{text}");
}

#[test]
fn a_terminal_gets_no_command_of_the_target() {
    let text = console(&run_saying("x\x1b]0;title\x07\x1b[2J\r\u{9b}1m\u{202e}y"), Colour::Never, Detail::Everything);
    let unseen = |c: &char| (c.is_control() && *c != '\n') || *c == '\u{202e}';
    assert_eq!(text.chars().find(unseen), None);
    assert!(text.contains("x␛]0;title␇␛[2J␍\\u{9b}1m\\u{202e}y"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn no_text_breaks_a_report(text in any::<String>()) {
        let run = run_saying(&text);
        let junit = render(&run, Format::Junit, &line_of);
        prop_assert!(quick_junit::Report::deserialize_from_str(&junit).is_ok(), "{junit}");
        let json = render(&run, Format::Json, &line_of);
        prop_assert!(Run::from_json(&json).is_ok());
        let html = render(&run, Format::Html, &line_of);
        prop_assert_eq!(html.matches("<script>").count(), 1);
        for format in [Format::Ctrf, Format::Earl, Format::Badge] {
            prop_assert!(serde_json::from_str::<serde_json::Value>(&render(&run, format, &line_of)).is_ok());
        }
        let tap = render(&run, Format::Tap, &line_of);
        prop_assert_eq!(tap.lines().filter(|line| line.starts_with("ok ") || line.starts_with("not ok ")).count(), 8);
        let commands = render(&run, Format::Github, &line_of);
        // A consequence is not annotated beside its cause.
        let consequences = run.results.iter().filter(|result| !result.because.is_empty()).count();
        prop_assert_eq!(commands.lines().filter(|line| line.starts_with("::")).count(), 6 - consequences);
        let markdown = render(&run, Format::Markdown, &line_of);
        prop_assert!(markdown.starts_with("## Not conformant: "));
        let console = console(&run, Colour::Never, Detail::Everything);
        prop_assert!(!console.chars().any(|c| c.is_control() && c != '\n'));
    }
}
