//! Small recordings in the manner of browsers, proxies and clients: what is found in each, and what is not.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use atlaspec::audit::Account;
use atlaspec::report::note;
use url::Url;

use crate::precision::audited;

const BASE: &str = "https://api.example.com/api/atlas/v1.0";

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/har").join(name)
}

fn account(name: &str) -> Account {
    let text = fs::read_to_string(fixture(name)).expect("a recording");
    audited(&text, &Url::parse(BASE).expect("a URL"))
}

/// Each group: requirement, method, path, place, and how many exchanges.
fn found(account: &Account) -> Vec<String> {
    let groups = account.groups.iter();
    let told = |group: &atlaspec::audit::Group| {
        let requirements = group.requirements.join(",");
        format!("{requirements} {} {} {} x{}", group.method, group.path, group.place, group.exchanges)
    };
    groups.map(told).collect()
}

/// The reasons for which invariants could not be judged.
fn unclear(account: &Account, invariant: &str) -> String {
    let result = account.run.results.iter().find(|result| result.id == invariant).expect("an invariant");
    note(result).unwrap_or_default()
}

#[test]
fn a_browser_recording_is_mixed_and_not_whole() {
    let account = account("chrome.har");
    let heard = &account.recordings[0];
    assert_eq!((heard.entries, heard.judged, heard.elsewhere), (7, 3, 2));
    assert_eq!(heard.others["without a response"], 1);
    assert_eq!(heard.others["sent by the browser for itself"], 1);
    assert_eq!(found(&account), ["lists.previous-except-first GET /groups/*/hosts $.links x1"]);
    let example = &account.groups[0].examples[0];
    assert_eq!((example.entry, example.message.as_str()), (4, "$.links of page 2 has no link previous"));
    assert_eq!(example.url, format!("{BASE}/groups/5a1/hosts?pageNum=2&itemsPerPage=2"));
    let said = unclear(&account, "fields.nothing-is-null");
    assert_eq!(said, "could not be judged on 1: the body is not recorded");
}

#[test]
fn equal_findings_of_several_exchanges_are_one() {
    let account = account("firefox.har");
    assert_eq!(
        found(&account),
        [
            "dates.utc GET /groups/*/hosts/* $.lastPing x2",
            "errors.reason-is-phrase GET /groups/*/hosts/none $.reason x1"
        ]
    );
    let said = unclear(&account, "entities.unique-members");
    assert_eq!(said, "could not be judged on 1: the recorded body is not as long as the one that was sent");
}

#[test]
fn a_proxy_records_headers() {
    let account = account("mitmproxy.har");
    assert_eq!(
        found(&account),
        [
            "auth.basic-refused GET /groups/*/hosts/* header WWW-Authenticate x1",
            "entities.json-request-accepted POST /groups/*/hosts the status x1",
            "fields.no-empty GET /groups/*/hosts/* $.diskSize x1",
            "methods.405-lists-allowed DELETE / header Allow x1",
        ]
    );
    let told = serde_json::to_string(&account).expect("plain data");
    assert!(!told.contains("c0ffee"));
}

#[test]
fn what_a_recording_lacks_is_never_guessed() {
    let account = account("postman.har");
    assert_eq!(
        found(&account),
        ["envelope.status GET /groups/*/hosts/* $.status x1", "pretty.spaced-on-request GET /groups/*/hosts/* $ x1",]
    );
    let said = unclear(&account, "entities.json-is-never-unsupported");
    assert_eq!(said, "could not be judged on 1: the headers of the request are not recorded");
}

#[test]
fn packed_bodies_are_unpacked() {
    let account = account("packed.har");
    assert_eq!(found(&account), ["dates.utc GET /groups/*/hosts/* $.lastPing x2"]);
    assert_eq!(
        unclear(&account, "fields.nothing-is-null"),
        "could not be judged on 1: the body is recorded compressed"
    );
}

#[test]
fn a_recording_that_breaks_off_is_judged_up_to_the_break() {
    let account = account("cut-off.har");
    assert_eq!(found(&account), ["fields.no-empty GET /groups/*/hosts/* $.note x1"]);
    let length = fs::metadata(fixture("cut-off.har")).expect("a file").len();
    assert_eq!(account.recordings[0].broken, Some(format!("is cut off at byte {length}")));
    let whole = &account.run.results.iter().find(|result| result.id == "recording.is-whole[a.har]").expect("a result");
    assert_eq!(
        note(whole).as_deref(),
        Some(format!("a.har is cut off at byte {length}; the 2 entries before that are judged").as_str())
    );
}

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_atlaspec"));
    command.arg("audit").args(arguments).stdin(Stdio::null());
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn said(arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = program(arguments).output().expect("the program runs");
    (status.code(), text(&stdout), text(&stderr))
}

#[test]
fn the_api_is_found_and_said() {
    let chrome = fixture("chrome.har").display().to_string();
    let (code, out, err) = said(&[&chrome]);
    assert_eq!(code, Some(1), "{out}{err}");
    assert!(err.contains(&format!("judging what is below {BASE}, where most responses of the API come from")), "{err}");
    assert!(err.contains("chrome.har: 7 entries, 3 judged, 2 of other addresses, 1 sent by the browser"), "{err}");
    assert!(out.contains("lists.every-previous-fits-its-page"), "{out}");
    let (code, _, err) = said(&["--base-url", "https://count.example.net/v1", &chrome, "--format", "json"]);
    assert!(err.contains("7 entries, 1 judged, 6 of other addresses"), "{err}");
    assert_eq!(code, Some(1), "its answer has white space");
}

#[test]
fn exit_codes_say_what_a_recording_showed() {
    let whole = r#"{"log":{"entries":[]}}"#;
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("a file");
        path.display().to_string()
    };
    let good = fs::read_to_string(fixture("cut-off.har"))
        .expect("a recording")
        .replace(r#"\"note\":null"#, r#"\"note\":\"\""#);
    let base = ["--base-url", BASE];
    let code = |path: &str| said(&[base[0], base[1], path]).0;
    assert_eq!(code(&file("cut.har", good.as_bytes())), Some(3), "cut off, nothing wrong before");
    assert_eq!(code(&fixture("cut-off.har").display().to_string()), Some(1), "cut off, and wrong before");
    assert_eq!(code(&file("empty.har", whole.as_bytes())), Some(3), "nothing to judge");
    let (code, _, err) = said(&[base[0], base[1], &fixture("no-recording.json").display().to_string()]);
    assert_eq!(code, Some(2));
    assert!(err.contains("is not a HAR file: it has no member `log`"), "{err}");
    let (code, _, err) = said(&[&file("nothing.har", whole.as_bytes())]);
    assert_eq!(code, Some(2));
    assert!(err.contains("name it with --base-url"), "{err}");
}

#[test]
fn reports_are_written_and_standard_input_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&fs::read(fixture("mitmproxy.har")).expect("a recording")).expect("memory");
    let mut child = program(&["-", "--format", "junit", "--reports"])
        .arg(folder.path().join("r"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    child.stdin.take().expect("a pipe").write_all(&gzip.finish().expect("memory")).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("<testsuites"));
    for name in ["run.json", "audit.json", "report.html", "junit.xml", "summary.md"] {
        let report = fs::read_to_string(folder.path().join("r").join(name)).expect(name);
        assert!(report.contains("405-lists-allowed"), "{name}");
        assert!(!report.contains("c0ffee"), "{name} holds a proof");
    }
}
