//! What the fuzz targets do with the bytes they get: plain functions, so that tests replay the corpus through the same.
//!
//! An entry panics if something is wrong; it never fails because its bytes are nonsense.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use atlaspec::certificate::{Envelope, Expected, SigningKey, Statement, carry, page_digest, verify};
use atlaspec::check::{Facts, Judge, Selected, WalkEnd};
use atlaspec::digest::answer::strongest;
use atlaspec::digest::params::{authorization, challenges, info};
use atlaspec::digest::session::{Session, Signed};
use atlaspec::exchange::{Exchange, Request, Response, Role};
use atlaspec::id_pattern::IdPattern;
use atlaspec::known::KnownFailures;
use atlaspec::record::{Journal, Run};
use atlaspec::report::{self, Format, render};
use atlaspec::suite::{self, BodyKind, Scope, Uniques, When};
use atlaspec::target;
use atlaspec::yaml;
use clap::ValueEnum as _;
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
    rendered(&run);
}

/// Every report of a run, without anything that a terminal would obey.
fn rendered(run: &Run) {
    for format in Format::value_variants() {
        let report = render(run, *format, &|_| None);
        assert!(!report.contains(['\u{1b}', '\0']), "{format:?}");
        if *format == Format::Json {
            let again = Run::from_json(&report).expect("what is written can be read");
            assert_eq!(render(&again, Format::Json, &|_| None), report);
        }
    }
}

/// A filter: refused, or one that matches its own text.
pub(crate) fn filter(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(pattern) = IdPattern::new(&text) {
        assert!(pattern.matches(&text));
        let _ = (pattern.matches("lists.walk[size=7]"), pattern.may_match_tests_of("lists.walk"));
    }
}

/// A list of known failures: loaded and applied to a run, or refused with places that are in it.
pub(crate) fn known_failures(bytes: &[u8]) {
    static RUN: LazyLock<Run> = LazyLock::new(|| {
        let text = include_str!("../../fuzz/corpus/run_json/reference.json");
        Run::from_json(text).expect("the seed is a stored run")
    });
    let Ok(text) = yaml::text("k.yaml", bytes) else { return };
    let lines = text.split(['\n', '\r']).count();
    match KnownFailures::load("k.yaml", &text, chrono::NaiveDate::MIN) {
        Ok(list) => rendered(&list.judge(RUN.clone())),
        Err(problems) => {
            assert!(!problems.is_empty());
            assert!(problems.iter().all(|problem| problem.source.line <= lines), "{problems:?} of {lines} lines");
        }
    }
}

/// A template: its names can be told, and with a value for each of them it is filled in or refused.
pub(crate) fn template(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut scope = Scope::new(Arc::default(), Uniques::new("t"));
    for name in suite::names(&text).unwrap_or_default() {
        scope.set(name.split('.').next().unwrap_or_default(), "value".into());
    }
    let (filled, value) = (scope.text(&text), scope.value(&serde_json::Value::from(&*text)));
    assert_eq!(filled.is_ok(), value.is_ok(), "{filled:?} and {value:?}");
}

const CERTIFIED: &str = include_str!("../../fuzz/corpus/certificate/envelope.json");
/// The key that signed [`CERTIFIED`].
const SIGNER: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";

/// The page of the certificate that is a seed.
pub(crate) static PAGE: LazyLock<String> = LazyLock::new(|| {
    let key = SigningKey::from_pem(SIGNER).expect("a private key");
    let envelope: Envelope = serde_json::from_str(CERTIFIED).expect("an envelope");
    let statement = serde_json::from_slice::<Statement>(&envelope.payload().expect("Base64")).expect("a statement");
    let page = report::certificate(&statement, &key.public().id());
    let statement = statement.with_page(page_digest(&page));
    carry(&page, &Envelope::seal(&statement.to_bytes(), &key).to_json())
});

/// A certificate, an envelope or a page: a page that is not [`PAGE`] is refused, and so is markup in an envelope.
pub(crate) fn certificate(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let expected = Expected {
        now: chrono::DateTime::from_timestamp(1_797_000_000, 0).expect("an instant"),
        suites: vec!["sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff".to_owned()],
        artifact: None,
        page: report::certificate,
    };
    let checked = verify(&text, &SigningKey::from_pem(SIGNER).expect("a private key").public(), &expected);
    if *text == **PAGE || text == CERTIFIED {
        assert_eq!(checked.flaws, []);
    } else if text.contains('<') {
        assert!(!checked.is_good(), "a browser shows more than what was signed: {text}");
    }
}

/// A journal: refused, or a run that every report can be made of.
pub(crate) fn journal(bytes: &[u8]) {
    if let Ok(journal) = Journal::from_text(&String::from_utf8_lossy(bytes)) {
        let _ = journal.left();
        rendered(&journal.run());
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
