//! `certificate.html`: a certificate as people read it, on one sheet of A4, with room for the envelope.
//!
//! Nothing runs in it and nothing is fetched; the content security policy names the one style by its digest.

use askama::Template;
use chrono::{DateTime, Utc};
use data_encoding::BASE64;
use sha2::{Digest as _, Sha256};

use super::{labels, visible};
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
    extent: &'static str,
    meaning: &'static str,
    result: &'static str,
    from: String,
    until: String,
    tallies: Vec<(usize, &'static str)>,
    rows: Vec<Row>,
    lists: Vec<List>,
}

/// A fact: words, a digest, or both.
struct Row {
    name: &'static str,
    words: Option<String>,
    digest: Option<String>,
}

/// Ids under a title; the page leaves empty ones out.
struct List {
    title: &'static str,
    note: &'static str,
    ids: Vec<String>,
}

/// The page of a certificate that a key will sign, with an empty [`SLOT`] for the envelope.
#[expect(clippy::missing_panics_doc, reason = "it cannot fail")]
pub fn certificate(statement: &Statement, key: &str) -> String {
    let facts = statement.facts();
    let page = Page {
        style: STYLE,
        policy: policy(),
        slot: SLOT,
        target: visible::line(&facts.target.name),
        base_url: visible::line(&facts.target.base_url),
        class: facts.class.word(),
        extent: extent(facts),
        meaning: meaning(facts),
        result: statement.predicate.result.word(),
        from: day(facts.validity.from),
        until: day(facts.validity.until),
        tallies: tallies(facts),
        rows: rows(statement, key),
        lists: lists(facts),
    };
    page.render().expect("writing to memory cannot fail")
}

fn policy() -> String {
    let style = BASE64.encode(&Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'")
}

/// What keeps the headline of a smaller class from saying too much.
fn extent(facts: &Facts) -> &'static str {
    match (facts.class, facts.run.read_only) {
        (Class::Full, _) => "",
        (Class::Core, true) => ", in reading",
        (Class::Core, false) => ", in what it claims",
    }
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
        (cases.observed, "with info"),
        (cases.not_applicable + cases.not_selected, "skipped"),
    ];
    let shown = |(index, (count, _)): &(usize, (usize, _))| *index < 2 || *count > 0;
    all.into_iter().enumerate().filter(shown).map(|(_, tally)| tally).collect()
}

fn rows(statement: &Statement, key: &str) -> Vec<Row> {
    let facts = statement.facts();
    let (target, suite) = (&facts.target, &facts.suite);
    let row = |name, words: Option<String>, digest: Option<&str>| Row {
        name,
        words: words.map(|words| visible::line(&words)),
        digest: digest.map(visible::line),
    };
    let said = |name, words: String| row(name, Some(words), None);
    let software = match statement.artifact() {
        Some((digest, name)) => row("Software", name.map(str::to_owned), Some(&format!("sha256:{digest}"))),
        None => said("Software", "not named: this certificate is about what answered at the address".to_owned()),
    };
    let size = format!("{}, {}", labels::count(suite.cases, "case"), labels::count(suite.requirements, "requirement"));
    let tool = &facts.tool;
    let mut rows = vec![
        software,
        said("Claims", or_none(&target.claims)),
        said("Claims left out", or_none(&target.claims_left_out)),
        said("Writing", writing(facts).to_owned()),
        said("Limits that differ", or_none(&target.limits)),
        said("Judged", format!("{}, by {} {}", minute(facts.run.started), tool.name, tool.version)),
        row("Suite", Some(format!("{}: {size}", suite.name)), Some(&suite.digest)),
        row("Stored run", None, Some(&facts.run.digest)),
    ];
    rows.extend(statement.predicate.url.iter().map(|url| said("Seen at", url.clone())));
    rows.push(row("Signed with", Some("Ed25519, the key whose DER has this SHA-256:".to_owned()), Some(key)));
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

/// A claim that was made and not tried must not look like one that holds.
fn writing(facts: &Facts) -> &'static str {
    if facts.run.read_only { "not tried: the run was read-only" } else { "judged as far as it is claimed" }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::sample::{run, terms, yardstick};
    use crate::certificate::{Artifact, Envelope, carry, certify, digest_of, sample};

    fn stated(change: impl FnOnce(&mut crate::record::Run)) -> Statement {
        let mut run = run();
        change(&mut run);
        certify(&run, &terms(Class::Full), &yardstick()).expect("it is certified")
    }

    #[test]
    fn the_page_says_what_is_certified_and_runs_nothing() {
        let page = certificate(&stated(|run| run.target.limits = vec!["page-maximum: 500".to_owned()]), "0011aa");
        for text in [
            "<h1><bdi>staging</bdi></h1>",
            "https://staging.example.com/api/atlas/v1.0",
            "<b>full</b>",
            "<b>PASSED</b>",
            "Valid from <b>23 November 2026</b> until <b>21 February 2027</b>",
            "<dt>Limits that differ</dt><dd><bdi>page-maximum: 500</bdi>",
            "<dt>Claims left out</dt><dd><bdi>none</bdi>",
            "not named: this certificate is about what answered at the address",
            sample::SUITE,
            "<code>0011aa</code>",
        ] {
            assert!(page.contains(text), "{text} is missing in {page}");
        }
        let digest = BASE64.encode(&Sha256::digest(STYLE));
        assert!(page.contains(&format!("default-src &#39;none&#39;; style-src &#39;sha256-{digest}&#39;")), "{page}");
        assert_eq!(
            (page.matches("<style>").count(), page.matches("<script").count(), page.matches(SLOT).count()),
            (1, 1, 1)
        );
        for attribute in [" src=", " href=", " on", "style="] {
            let tags = page.split('<').skip(1).filter_map(|part| part.split_once('>')).map(|(tag, _)| tag);
            assert_eq!(tags.filter(|tag| tag.contains(attribute)).count(), 0, "{attribute}");
        }
    }

    #[test]
    fn texts_of_a_target_are_data() {
        let hostile = format!("a</h1><img src=x onerror=alert(1)>{SLOT}\u{202e}\0");
        let statement = stated(|run| {
            run.target.name.clone_from(&hostile);
            run.target.limits = vec![hostile.clone()];
        });
        let page = certificate(&statement, "0011aa");
        assert!(!page.contains("<img") && !page.contains('\u{202e}') && !page.contains('\0'), "{page}");
        assert_eq!(page.matches(SLOT).count(), 1);
        let envelope = Envelope::seal(&statement.to_bytes(), &sample::key(sample::PRIVATE)).to_json();
        assert!(!envelope.contains('<'));
        assert!(carry(&page, &envelope).contains(&envelope));
    }

    #[test]
    fn software_and_what_was_left_out_are_named() {
        let mut results = sample::results();
        results[2] = sample::aside("writes.create", "writes.created", crate::record::Outcome::NotApplicable);
        let artifact = Artifact { name: Some("server.tar".to_owned()), digest: digest_of(b"server") };
        let terms = crate::certificate::Terms { artifact: Some(artifact), ..terms(Class::Core) };
        let statement = certify(&sample::run_of(results), &terms, &yardstick()).expect("it is certified");
        let page = certificate(&statement, "0011aa");
        assert!(page.contains(&format!("<bdi>server.tar</bdi><code>{}</code>", digest_of(b"server"))), "{page}");
        assert!(page.contains("<h2>Not judged</h2>") && page.contains("<li>writes.created</li>"), "{page}");
        assert!(page.contains("conventions</strong>, in what it claims</p>"), "{page}");
        assert!(page.contains("<b>1</b> skipped") && !page.contains("<h2>Not followed</h2>"), "{page}");
    }
}
