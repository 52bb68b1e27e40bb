//! One mistake of a target is one violated requirement at the top of every report, however many tests it makes fail.

use std::collections::BTreeSet;
use std::fs;

use crate::bench::{Served, say};

/// Mistakes of five chapters, each with the requirement that reports name for it.
const MISTAKES: [(&str, &str); 5] = [
    ("listed-dates-with-space", "dates.iso-8601"),
    ("links-forget-filter", "lists.links-keep-query"),
    ("pretty-envelope-loses-group", "pretty.same-value"),
    ("envelope-loses-detail", "errors.document"),
    ("reader-is-401", "auth.role-forbids"),
];

/// What stands in a text between two others, for each time the first one comes.
fn between<'t>(text: &'t str, before: &str, after: &str) -> Vec<&'t str> {
    text.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
}

#[test]
fn five_mistakes_of_a_target_are_five_requirements_in_every_report() {
    let faults: Vec<&str> = MISTAKES.iter().flat_map(|(fault, _)| ["--fault", fault]).collect();
    let served = Served::start(&faults);
    let dir = served.folder.path();
    let chosen = ["run", "--target", "t.yaml", "--reports", "r", "--depth", "quick", "--skip", "rate*"];
    let said = say(dir, &[&chosen[..], &["--skip", "*expir*"]].concat());
    assert_eq!(said.code, Some(1), "{}", said.out);
    let expected: BTreeSet<&str> = MISTAKES.iter().map(|(_, requirement)| *requirement).collect();
    let read = |name: &str| fs::read_to_string(dir.join("r").join(name)).expect("a report");

    assert!(said.out.contains("\n5 MUST requirements are violated."), "{}", said.out);
    let violated = between(&said.out, "\nviolated\n", "\n  more: ").concat();
    let violated = violated.split("\n\n").next().unwrap_or_default();
    let on_terminal: BTreeSet<&str> = violated
        .lines()
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.trim_start().split(": ").next())
        .collect();
    assert_eq!(on_terminal, expected, "{}", said.out);

    let summary = read("summary.md");
    assert_eq!(between(&summary, "\n- **must** `", "`").into_iter().collect::<BTreeSet<_>>(), expected, "{summary}");

    let page = read("report.html");
    let articles = between(&page, "<article class=\"violation fail\" id=\"violation-", "\"");
    assert_eq!(articles.into_iter().collect::<BTreeSet<_>>(), expected);
    // What is violated because of that stands below, and nothing of it is lost.
    for consequence in ["invalid-fields.named", "envelope.with-paging"] {
        assert!(page.contains(&format!("<li id=\"violation-{consequence}\">")), "{consequence}");
        assert!(summary.contains(consequence) && said.out.contains(consequence), "{consequence}");
    }
    let run: serde_json::Value = serde_json::from_str(&read("run.json")).expect("JSON");
    let named =
        run["requirements"].as_array().expect("requirements").iter().find(|it| it["id"] == "invalid-fields.named");
    assert_eq!(named.expect("it is there")["because"], serde_json::json!(["errors.document"]));
    let schema = serde_json::from_str(include_str!("../../schemas/run.schema.json")).expect("JSON");
    let schema = jsonschema::options().build(&schema).expect("a schema");
    assert_eq!(schema.iter_errors(&run).map(|error| error.to_string()).collect::<Vec<_>>(), Vec::<String>::new());
}
