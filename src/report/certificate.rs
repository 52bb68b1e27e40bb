//! `certificate.html`: a certificate as people read it, on one sheet of A4, with room for the envelope.
//!
//! Nothing runs in it and nothing is fetched; the content security policy names the one style by its digest.

use askama::Template;
use chrono::{DateTime, Utc};
use data_encoding::BASE64;
use sha2::{Digest as _, Sha256};

use super::{visible, words};
use crate::certificate::{Class, Facts, SLOT, Statement};

const STYLE: &str = include_str!("../../templates/certificate.css");

#[derive(Template)]
#[template(path = "certificate.html")]
struct Page {
    style: &'static str,
    policy: String,
    slot: &'static str,
    target: String,
    base_url: String,
    class: &'static str,
    meaning: &'static str,
    result: &'static str,
    from: String,
    until: String,
    tallies: Vec<(usize, &'static str)>,
    facts: Vec<(&'static str, Vec<String>)>,
    lists: Vec<List>,
    key: String,
}

/// Ids under a title; the page leaves empty ones out.
struct List {
    title: &'static str,
    note: &'static str,
    ids: Vec<String>,
}

/// The page of a certificate that a key will sign, with an empty [`SLOT`] for the envelope.
pub fn certificate(statement: &Statement, key: &str) -> String {
    let facts = statement.facts();
    let page = Page {
        style: STYLE,
        policy: policy(),
        slot: SLOT,
        target: visible::line(&facts.target.name),
        base_url: visible::line(&facts.target.base_url),
        class: facts.class.word(),
        meaning: meaning(facts),
        result: statement.predicate.result.word(),
        from: day(facts.validity.from),
        until: day(facts.validity.until),
        tallies: tallies(facts),
        facts: rows(statement),
        lists: lists(facts),
        key: key.to_owned(),
    };
    page.render().expect("writing to memory cannot fail")
}

fn policy() -> String {
    let style = BASE64.encode(&Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'")
}

fn meaning(facts: &Facts) -> &'static str {
    match (facts.class, facts.run.read_only) {
        (Class::Full, _) => "Everything that the conventions know is claimed and was judged, and every must holds.",
        (Class::Core, true) => "Reading was judged, nothing was written, and every must that was judged holds.",
        (Class::Core, false) => "Reading, and what else is claimed, was judged, and every must that was judged holds.",
    }
}

fn tallies(facts: &Facts) -> Vec<(usize, &'static str)> {
    let (cases, requirements) = (&facts.cases, &facts.requirements);
    let all = [
        (requirements.passed, "requirements hold"),
        (cases.passed, "cases passed"),
        (cases.warned, "with warnings"),
        (cases.observed, "with observations"),
        (cases.not_applicable + cases.not_selected, "set aside"),
    ];
    let shown = |(index, (count, _)): &(usize, (usize, _))| *index < 2 || *count > 0;
    all.into_iter().enumerate().filter(shown).map(|(_, tally)| tally).collect()
}

fn rows(statement: &Statement) -> Vec<(&'static str, Vec<String>)> {
    let facts = statement.facts();
    let (target, suite) = (&facts.target, &facts.suite);
    let software = match statement.artifact() {
        Some((digest, name)) => name.into_iter().map(str::to_owned).chain([format!("sha256:{digest}")]).collect(),
        None => vec!["not named: this certificate is about what answered at the address".to_owned()],
    };
    let size = format!("{}, {}", words::count(suite.cases, "case"), words::count(suite.requirements, "requirement"));
    let mut rows = vec![
        ("Software", software),
        ("Claims", vec![or_none(&target.claims)]),
        ("Claims left out", vec![or_none(&target.claims_left_out)]),
        ("Limits that differ", vec![or_none(&target.limits)]),
        ("Judged", vec![format!("{}, by {} {}", minute(facts.run.started), facts.tool.name, facts.tool.version)]),
        ("Suite", vec![format!("{}: {size}", suite.name), suite.digest.clone()]),
        ("Stored run", vec![facts.run.digest.clone()]),
    ];
    rows.extend(statement.predicate.url.iter().map(|url| ("Seen at", vec![url.clone()])));
    for (_, lines) in &mut rows {
        lines.iter_mut().for_each(|line| *line = visible::line(line));
    }
    rows
}

fn lists(facts: &Facts) -> Vec<List> {
    let shown = |ids: &[String]| ids.iter().map(|id| visible::line(id)).collect::<Vec<_>>();
    let lists = [
        List {
            title: "Not followed",
            note: "Recommendations and options. They do not stand against conformance.",
            ids: shown(&facts.requirements.not_followed),
        },
        List {
            title: "Not judged",
            note: "Requirements about what is not claimed, not declared or was not tried.",
            ids: shown(&facts.requirements.not_judged),
        },
    ];
    lists.into_iter().filter(|list| !list.ids.is_empty()).collect()
}

fn or_none(texts: &[String]) -> String {
    if texts.is_empty() { "none".to_owned() } else { texts.join(", ") }
}

fn day(time: DateTime<Utc>) -> String {
    time.format("%-d %B %Y").to_string()
}

fn minute(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}
