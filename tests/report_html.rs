//! The page is one file, holds what the run says, and runs nothing that a target sent.

mod report_sample;

use atlaspec::record::{Run, StoredBody};
use atlaspec::report::{Format, render};
use data_encoding::BASE64;
use report_sample::{line_of, results, run_of, sample_run};
use sha2::{Digest as _, Sha256};

fn page(run: &Run) -> String {
    render(run, Format::Html, &line_of)
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let from = text.find(start).expect(start) + start.len();
    &text[from..from + text[from..].find(end).expect(end)]
}

#[test]
fn the_policy_allows_the_one_style_and_script_alone() {
    let page = page(&sample_run());
    let policy = between(&page, "Content-Security-Policy\" content=\"", "\"");
    assert!(policy.starts_with("default-src &#39;none&#39;;"), "{policy}");
    for (kind, start, end) in [("script", "<script>", "</script>"), ("style", "<style>", "</style>")] {
        assert_eq!(page.matches(start).count(), 1);
        let digest = BASE64.encode(&Sha256::digest(between(&page, start, end)));
        let escaped = digest.replace('+', "&#43;").replace('=', "&#61;");
        let allowed = [digest, escaped].iter().any(|digest| policy.contains(&format!("sha256-{digest}")));
        assert!(allowed, "{kind} is not allowed by {policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[test]
fn nothing_is_loaded_and_nothing_handled_inline() {
    let page = page(&sample_run());
    for loading in [" src=", "<link", "@import", "url(", " style=", " onclick", "<iframe", "<img"] {
        assert!(!page.contains(loading), "{loading}");
    }
}

#[test]
fn every_link_within_the_page_leads_somewhere() {
    let page = page(&sample_run());
    let links: Vec<&str> =
        page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap_or_default()).collect();
    assert!(links.len() > 20, "{links:?}");
    for link in links.iter().filter(|link| !link.starts_with('?')) {
        assert!(page.contains(&format!("id=\"{link}\"")), "{link} leads nowhere");
    }
}

#[test]
fn the_page_says_what_the_run_says() {
    let page = page(&sample_run());
    for said in [
        "<h1 id=\"conclusion\">Not conformant</h1>",
        "1 must of the specification is broken.",
        "totalCount is the size of the whole set, the same on every page",
        "cases/lists/paging.yaml:41:13",
        "$.totalCount: { equals:",
        "the burst did not fit into one minute",
        "the target file declares no sources.refused",
        "does not match the filter lists.*",
        "no expectation was reached",
        "curl --include --globoff --digest",
        "not in the list of known failures",
    ] {
        assert!(page.contains(said), "{said}");
    }
}

const HOSTILE: [&str; 9] = [
    "<script>alert(1)</script>",
    "</style></script><img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)",
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "{{ 7*7 }}{% include \"x\" %}",
    "\u{202e}txt.exe\u{2066}",
    "nul \0 bell \x07 escape \x1b]8;;https://evil\x1b\\ c1 \u{9b}31m",
    "<!--<![CDATA[&lt;&#60;]]>-->",
];

fn hostile_run(text: &str) -> Run {
    let mut results = results();
    for result in &mut results {
        text.clone_into(&mut result.purpose);
        result.reason = Some(text.to_owned());
        for finding in &mut result.findings {
            text.clone_into(&mut finding.message);
            finding.expected = Some(text.to_owned());
            finding.actual = Some(text.to_owned());
        }
        for exchange in &mut result.exchanges {
            exchange.url = format!("https://x/{text}");
            exchange.response_headers.push((text.to_owned(), text.to_owned()));
            exchange.response_body = Some(StoredBody { text: text.to_owned(), bytes: text.len(), cut: true });
            exchange.request_body = exchange.response_body.clone();
        }
    }
    let mut run = run_of(results);
    text.clone_into(&mut run.target.name);
    text.clone_into(&mut run.target.base_url);
    run.target.claims = vec![text.to_owned()];
    run
}

/// The tags of the page with their attributes' names: what a browser would build from it.
fn structure(page: &str) -> Vec<String> {
    let page = page.replace(between(page, "<script>", "</script>"), "");
    let tags = page.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or_default().to_owned());
    let names = |tag: String| -> String {
        // Values are between quotes: every second part.
        tag.split('"').step_by(2).collect::<Vec<_>>().join("\"\"")
    };
    tags.map(names).collect()
}

#[test]
fn hostile_texts_change_no_tag() {
    let harmless = structure(&page(&hostile_run("harmless")));
    for text in HOSTILE {
        let page = page(&hostile_run(text));
        assert_eq!(structure(&page), harmless, "{text}");
        for unseen in ['\0', '\x07', '\x1b', '\u{9b}', '\u{202e}', '\u{2066}'] {
            assert!(!page.contains(unseen), "{text}: {:x}", u32::from(unseen));
        }
    }
}

#[test]
fn a_passing_case_shows_few_exchanges_and_short_bodies() {
    let mut results = results();
    let passing = results.iter_mut().find(|result| result.id == "auth.nobody").expect("the passing case");
    let long = "y".repeat(8_000);
    passing.exchanges[0].response_body = Some(StoredBody { bytes: long.len(), text: long, cut: false });
    passing.exchanges = vec![passing.exchanges[0].clone(); 10];
    let page = page(&run_of(results));
    assert!(page.contains("8 more exchanges are in run.json."));
    assert!(page.contains("8000 bytes, cut here"));
    assert!(!page.contains(&"y".repeat(2_049)));
    assert!(page.contains(&"y".repeat(2_048)));
}
