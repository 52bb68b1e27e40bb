//! What the fuzz targets do with the bytes they get: plain functions, so that tests replay the corpus through the same.
//!
//! An entry panics if something is wrong; it never fails because its bytes are nonsense.

use std::sync::LazyLock;
use std::time::Duration;

use atlaspec::check::{Facts, Judge, Selected, WalkEnd};
use atlaspec::digest::answer::strongest;
use atlaspec::digest::params::{authorization, challenges, info};
use atlaspec::digest::session::{Session, Signed};
use atlaspec::exchange::{Exchange, Request, Response, Role};
use atlaspec::record::Run;
use atlaspec::report::{Format, render};
use atlaspec::suite::{self, BodyKind, When};
use atlaspec::target;
use atlaspec::yaml;
use url::Url;

const REQUIREMENTS: &str = "\
format: 1
requirements:
  - id: lists.total
    level: must
    section: Lists
    statement: A list says how many items it has.
";

static JUDGE: LazyLock<Judge> = LazyLock::new(|| {
    let base_url = Url::parse("https://h.example/api").expect("a URL");
    Judge::new(&[], Facts::of(base_url)).expect("no schemas")
});

/// A case file: loaded, or refused with places that are in it.
pub(crate) fn case_file(bytes: &[u8]) {
    let Ok(text) = yaml::text("cases/a.yaml", bytes) else { return };
    // YAML ends a line at a carriage return, too.
    let lines = text.split(['\n', '\r']).count();
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    if let Err(problems) =
        suite::load_part(&[file("cases/requirements.yaml", REQUIREMENTS), file("cases/a.yaml", &text)])
    {
        assert!(!problems.is_empty());
        for problem in problems.iter().filter(|problem| problem.source.file == "cases/a.yaml") {
            assert!(problem.source.line <= lines, "{problem:?} of {lines} lines");
        }
    }
}

/// A target file: loaded, or refused with places that are in it; what it names is not fetched.
pub(crate) fn target_file(bytes: &[u8]) {
    let Ok(text) = yaml::text("t.yaml", bytes) else { return };
    let mut key = |_: &target::KeySource| Ok(secrecy::SecretString::from("key"));
    let mut file = |_: &str| Err("there are no files here".to_owned());
    match target::load("t.yaml", &text, &mut key, &mut file) {
        Ok(target) => {
            assert!(["http", "https"].contains(&target.base_url.scheme()));
            assert!(target.base_url.username().is_empty() && target.base_url.password().is_none());
            let _ = target.globals();
        }
        Err(problems) => assert!(!problems.is_empty()),
    }
}

/// A header about credentials, read as each of its kinds. What is answered to a challenge stays on one line.
pub(crate) fn challenge(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let found = challenges(text.split('\n'));
    if let Some(offer) = strongest(&found) {
        let mut session = Session::new(offer, "c0".to_owned());
        let signed = Signed { username: "u", key: "canary-key", method: "GET", uri: "/", body: b"" };
        let credentials = session.sign(signed).to_string();
        assert!(!credentials.contains("canary-key") && !credentials.contains('\n'), "{credentials:?}");
        let read = authorization(&credentials);
        assert_eq!(read.get("nc").map_or(8, str::len), 8, "{credentials:?}");
        assert!(read.get("username").is_some(), "{credentials:?}");
    }
    let _ = authorization(&text);
    let _ = info(&text);
}

/// A link: resolved against the page that holds it, and the same as itself.
pub(crate) fn link(bytes: &[u8]) {
    let href = String::from_utf8_lossy(bytes);
    let body = serde_json::json!({
        "totalCount": 1,
        "results": [{ "links": [{ "rel": "self", "href": &*href }] }],
        "links": [{ "rel": "next", "href": &*href }, { "rel": "x", "href": &*href }],
    });
    let page = answer(body.to_string().into_bytes());
    let next = JUDGE.next_page(&page, "next");
    assert_eq!(next, page.request.url.join(&href).ok());
    for url in JUDGE.all_links(&page).into_iter().chain(next) {
        assert_eq!(JUDGE.identity(&url), JUDGE.identity(&url.clone()));
        if let Ok(again) = Url::parse(&JUDGE.identity(&url)) {
            assert_eq!(JUDGE.identity(&again), JUDGE.identity(&url), "{url}");
        }
    }
    let _ = JUDGE.walk_summary(&[page], WalkEnd::Complete);
}

/// A body: what the strict scanner takes for JSON is JSON to the parser, and the other way round.
pub(crate) fn json(bytes: &[u8]) {
    let exchange = answer(bytes.to_vec());
    let is_json = JUDGE.selects(&When { body: Some(BodyKind::Json), ..When::default() }, &JUDGE.view(&exchange));
    let parsed = serde_json::from_slice::<serde_json::Value>(bytes);
    if is_json == Selected::Yes {
        assert!(parsed.is_ok(), "{parsed:?}");
    } else if JUDGE.unclear(&exchange).is_none() {
        assert!(parsed.is_err(), "{parsed:?}");
    }
    let summary = JUDGE.walk_summary(std::slice::from_ref(&exchange), WalkEnd::Complete);
    assert_eq!(summary["count"], 1);
}

/// A stored run: refused, or rendered without anything that a terminal would obey.
pub(crate) fn run_json(bytes: &[u8]) {
    let Ok(run) = Run::from_json(&String::from_utf8_lossy(bytes)) else { return };
    for format in [Format::Json, Format::Html, Format::Junit, Format::Markdown] {
        let report = render(&run, format, &|_| None);
        assert!(!report.contains(['\u{1b}', '\0']), "{format:?}");
        if format == Format::Json {
            let again = Run::from_json(&report).expect("what is written can be read");
            assert_eq!(render(&again, Format::Json, &|_| None), report);
        }
    }
}

fn answer(body: Vec<u8>) -> Exchange {
    let url = Url::parse("https://h.example/api/hosts?pageNum=2").expect("a URL");
    Exchange {
        request: Request::new("GET", url),
        response: Response { status: 200, body, ..Response::default() },
        started: chrono::DateTime::UNIX_EPOCH,
        duration: Duration::ZERO,
        role: Role::Asked,
    }
}
