//! The page is one file, holds what the run says, and runs nothing that a target sent.

mod report_sample;

use atlaspec::reason::{KeyKind, Reason};
use atlaspec::record::{CaseResult, Outcome, Run, StoredBody, Wait};
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

/// The data of the list of cases.
fn data(page: &str) -> serde_json::Value {
    serde_json::from_str(between(page, "<script type=\"application/json\" id=\"data\">", "</script>")).expect("JSON")
}

fn data_of<'d>(data: &'d serde_json::Value, id: &str) -> &'d serde_json::Value {
    data["cases"].as_array().expect("cases").iter().find(|case| case["id"] == id).expect(id)
}

#[test]
fn every_link_within_the_page_leads_somewhere() {
    let page = page(&sample_run());
    let data = data(&page);
    let cases: Vec<&str> =
        data["cases"].as_array().expect("cases").iter().filter_map(|case| case["anchor"].as_str()).collect();
    let links: Vec<&str> =
        page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap_or_default()).collect();
    assert!(links.len() > 20, "{links:?}");
    for link in links.iter().filter(|link| !link.starts_with('?')) {
        // The places of cases are made by the script.
        let there = page.contains(&format!("id=\"{link}\"")) || cases.contains(link);
        assert!(there, "{link} leads nowhere");
    }
}

#[test]
fn the_page_says_what_the_run_says() {
    let page = page(&sample_run());
    for said in [
        "<h1 id=\"conclusion\">Not conformant</h1>",
        "1 MUST requirement is violated.",
        "totalCount is the size of the whole set, the same on every page",
        "cases/lists/paging.yaml:41:13",
        "<mark><span class=\"gutter\">41</span>$.totalCount: { equals:",
        "the burst did not fit into one minute",
        "there is no source address `refused`",
        "other ids were asked for",
        "no expectation was reached",
        "curl --include --globoff --path-as-is",
        "--digest --user \"$API_USER_OWNER:$API_KEY_OWNER\"",
        "Script that sends the requests of this test again",
        "not in the list of known failures",
    ] {
        assert!(page.contains(said), "{said}");
    }
}

#[test]
fn what_offends_is_marked() {
    let page = page(&sample_run());
    assert!(page.contains("<mark>\"totalCount\": 7"), "the member of the body");
    assert!(page.contains("status good offending"), "the status that was not expected");
}

#[test]
fn an_exchange_is_told_once() {
    let page = page(&sample_run());
    assert_eq!(page.matches("pageNum=2").count(), 5, "the heading, the label, the command, the script and its step");
    assert_eq!(page.matches("id=\"exchange-").count(), 3);
}

#[test]
fn exchanges_keep_their_numbers_and_say_what_is_missing_between_them() {
    let mut results = results();
    let walk = results.iter_mut().find(|result| result.id.starts_with("lists.walk")).expect("the case");
    walk.exchanges.last_mut().expect("an exchange").left_out = 189;
    let number = walk.exchanges.len() + 189;
    let page = page(&run_of(results));
    assert!(page.contains(&format!("data-number=\"{number}\" data-gap=\"… 189 more exchanges\"")));
}

#[test]
fn all_but_the_first_test_of_a_requirement_are_folded() {
    let mut results = results();
    let walk = results.iter().find(|result| result.id.starts_with("lists.walk")).expect("the case");
    let again = CaseResult { id: "lists.walk-again".to_owned(), ..walk.clone() };
    results.push(again);
    let page = page(&run_of(results));
    let violation = between(&page, "id=\"violation-lists.total\"", "</article>");
    assert_eq!(violation.matches("<div class=\"seen first\">").count(), 1);
    let folded = between(violation, "<details class=\"seen\"><summary>", "</summary>");
    assert!(folded.contains("lists.walk[size=7]") || folded.contains("lists.walk-again"), "{folded}");
    assert!(folded.contains("$.totalCount is 7 on page 2"), "it says what the test saw: {folded}");
}

#[test]
fn set_aside_cases_say_what_to_change() {
    let mut results = results();
    let reason = report_sample::lacks(KeyKind::Claim, "dates", "claims: [dates]");
    results.push(report_sample::aside("dates.utc", "codes.never-5xx", Outcome::NotApplicable, reason));
    let page = page(&run_of(results));
    assert!(
        page.contains("<span class=\"remedy\">Add `claims: [dates]` to the target file if it implements that.</span>")
    );
    assert!(page.contains("href=\"#?reason=the+target+does+not+claim+%60dates%60%3A"));
}

#[test]
fn waits_are_part_of_the_timeline() {
    let mut results = results();
    let waiting = results.iter_mut().find(|result| result.id == "rate.burst").expect("the case");
    waiting.waits = vec![Wait { started_ms: 100, duration_ms: 59_000 }];
    let page = page(&run_of(results));
    assert!(page.contains("<path class=\"waiting\" d=\"M"));
    assert!(page.contains("6 cases in 59.1 s"), "{}", between(&page, "<figcaption>", "</figcaption>"));
    assert!(page.contains("<td>10 ms</td><td>59.0 s</td><td>59.0 s</td>"));
}

/// More than this no report takes, whatever was found.
const MOST_BYTES: usize = 20 * 1000 * 1000;

#[test]
fn ten_thousand_cases_with_long_bodies_stay_small() {
    let long: Vec<String> = (0..2_000).map(|number| format!("\"m{number}\":\"<&>{number}\"")).collect();
    let long = format!("{{{}}}", long.join(","));
    assert!(long.len() > 30_000);
    let samples = results();
    let results = (0..10_000).map(|number| {
        let sample = &samples[if number % 20 == 0 { 0 } else { 2 }];
        let mut result = CaseResult { id: format!("{}[n={number}]", sample.id), ..sample.clone() };
        let kept = if number % 20 == 0 { long.as_str() } else { &long[..512] };
        for exchange in &mut result.exchanges {
            exchange.response_body =
                Some(StoredBody { text: kept.to_owned(), bytes: long.len(), cut: kept.len() < 600 });
        }
        result
    });
    let page = page(&run_of(results.collect()));
    assert!(page.len() < MOST_BYTES, "{}", page.len());
    assert!(page.contains("This page is full: the rest of this case is in run.json."));
    assert_eq!(data(&page)["cases"].as_array().map(Vec::len), Some(10_000));
}

const HOSTILE: [&str; 17] = [
    "<script>alert(1)</script>",
    "</style></script><img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)",
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "{{ 7*7 }}{% include \"x\" %}",
    "\u{202e}txt.exe\u{2066}",
    "nul \0 bell \x07 escape \x1b]8;;https://evil\x1b\\ c1 \u{9b}31m",
    "<!--<![CDATA[&lt;&#60;]]>-->",
    "</template></details></article></main><base href=https://evil/>",
    "</script><script>alert(1)</script><!--<script>",
    "{\"a\":\"\\ud800\",\"b\":[\"\\udfff</pre>\"]}",
    "\u{202d}\u{200f}\u{61c} שלום \u{2069}",
    "$['</mark><script>'][0] is <mark>, header <b> at byte 99999999999999999999",
    "\u{feff}\u{fffe}\u{e0041}\u{2028}\u{2029}",
    "</title></style></textarea></noscript><svg onload=alert(1)>",
    "\x1b[2J\x1b[31m ansi \r\r\n\n\n\t",
];

fn hostile_run(text: &str) -> Run {
    let mut results = results();
    for result in &mut results {
        text.clone_into(&mut result.purpose);
        result.reason = Some(Reason::CaseError { cause: text.to_owned() });
        for finding in &mut result.findings {
            text.clone_into(&mut finding.message);
            finding.expected = Some(text.into());
            finding.actual = Some(text.into());
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
    let huge = "<b>&\"'".repeat(100_000);
    for text in HOSTILE.into_iter().chain([huge.as_str()]) {
        let text_shown: String = text.chars().take(80).collect();
        let page = page(&hostile_run(text));
        let built = structure(&page);
        let other = built.iter().zip(&harmless).position(|(built, harmless)| built != harmless);
        assert_eq!(other.map(|at| &built[at..built.len().min(at + 5)]), None, "{text_shown}");
        assert_eq!(built.len(), harmless.len(), "{text_shown}");
        for unseen in ['\0', '\x07', '\x1b', '\u{9b}', '\u{202e}', '\u{2066}'] {
            assert!(!page.contains(unseen), "{text_shown}: {:x}", u32::from(unseen));
        }
    }
}

#[test]
fn of_a_passing_case_one_line_an_exchange_is_told() {
    let mut results = results();
    let passing = results.iter_mut().find(|result| result.id == "auth.nobody").expect("the passing case");
    let body = "the-body".to_owned();
    passing.exchanges[0].response_body = Some(StoredBody { bytes: body.len(), text: body, cut: false });
    passing.exchanges = vec![passing.exchanges[0].clone(); 10];
    let page = page(&run_of(results));
    assert!(!page.contains("the-body"));
    let data = data(&page);
    let case = data_of(&data, "auth.nobody");
    let text = |at: &serde_json::Value| {
        data["texts"][usize::try_from(at.as_u64().expect("a place")).expect("a small one")].clone()
    };
    assert_eq!(case["sent"].as_array().map(Vec::len), Some(4));
    assert_eq!(case["more"], 6);
    assert_eq!((text(&case["sent"][0][0]), text(&case["sent"][0][1])), ("POST /groups".into(), "nobody".into()));
    assert_eq!((&case["sent"][0][2], &case["sent"][0][3]), (&401.into(), &"4.3 ms".into()));
    assert_eq!((text(&case["checks"][0][0]), &case["checks"][0][1]), ("status".into(), &1.into()));
}
