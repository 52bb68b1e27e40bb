//! Recorders differ more than servers: what a recorder does to an exchange is never held against the server.

use std::fs;
use std::path::PathBuf;

use atlaspec::audit::{Account, Audit};
use atlaspec::check::Facts;
use atlaspec::record::Outcome;
use atlaspec::report::note;
use chrono::DateTime;
use serde_json::{Value, json};
use url::Url;

use crate::live::suite;

const BASE: &str = "https://api.example.com/api/atlas/v1.0";
const PATH: &str = "/groups/5a1/clusters/7c2";
const PRETTY: &str = "pretty.every-value-is-the-plain-one";

fn audited(bytes: &[u8]) -> Account {
    let mut audit = Audit::new(suite(), Facts::of(Url::parse(BASE).expect("a URL"))).expect("an audit");
    audit.recording("a.har", bytes).expect("a recording");
    audit.finish(DateTime::UNIX_EPOCH, 0)
}

fn found(account: &Account) -> Vec<String> {
    account.groups.iter().map(|group| format!("{} {}", group.invariant, group.place)).collect()
}

fn of(entries: &[Value]) -> Account {
    audited(json!({"log": {"entries": entries}}).to_string().as_bytes())
}

/// The outcome of an invariant and why.
fn outcome(account: &Account, id: &str) -> (Outcome, String) {
    let result = account.run.results.iter().find(|result| result.id == id).expect("an invariant");
    (result.verdict, note(result).unwrap_or_default())
}

fn is_inconclusive(account: &Account) -> bool {
    account.run.results.iter().any(|result| result.verdict == Outcome::Inconclusive)
}

fn cluster(size: u32) -> Value {
    json!({"id": "7c2", "name": "Cluster", "diskSizeGB": size, "links": [{"rel": "self", "href": format!("{BASE}{PATH}")}]})
}

fn header(name: &str, value: &str) -> Value {
    json!({"name": name, "value": value})
}

/// An exchange at this second, as most recorders write it.
fn entry(second: u32, method: &str, query: &str, text: &str) -> Value {
    json!({
        "startedDateTime": format!("2026-03-01T10:00:{second:02}.000Z"), "time": 20,
        "request": {"method": method, "url": format!("{BASE}{PATH}{query}"), "httpVersion": "HTTP/1.1", "cookies": [],
            "headers": [header("Host", "api.example.com"), header("User-Agent", "x/1")], "queryString": []},
        "response": {"status": 200, "headers": [header("Content-Type", "application/json")],
            "content": {"size": text.len(), "mimeType": "application/json", "text": text}, "bodySize": text.len()},
        "cache": {}, "timings": {"send": 0, "wait": 20, "receive": 0},
    })
}

fn plain(second: u32, size: u32) -> Value {
    entry(second, "GET", "", &cluster(size).to_string())
}

fn pretty(second: u32, size: u32) -> Value {
    entry(second, "GET", "?pretty=true", &format!("{:#}", cluster(size)))
}

/// Two plain reads with a pretty one between them that has another value.
fn wrong() -> Vec<Value> {
    vec![plain(1, 10), pretty(2, 11), plain(3, 10)]
}

/// The same with the right value.
fn right() -> Vec<Value> {
    vec![plain(1, 10), pretty(2, 10), plain(3, 10)]
}

const BROKEN: [&str; 1] = ["pretty.every-value-is-the-plain-one $.diskSizeGB"];

#[test]
fn recordings_after_public_reports() {
    for (name, expected) in [
        ("H1-offset-and-a-broken-pretty", &BROKEN[..]),
        ("H2-writes-later-in-file", &[]),
        ("H2-control-in-order", &[]),
        ("H5-other-host", &[]),
        ("H6-escape-in-har", &[]),
        ("H7-connect-ip", &[]),
        ("H9-response-null", &[]),
        ("H10-from-cache", &[]),
        ("H12-200-size-0-no-text", &[]),
        ("H15-size-in-utf16-units", &[]),
        ("H21-another-name", &[]),
    ] {
        let file =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/har/recorders").join(format!("{name}.har"));
        let account = audited(&fs::read(file).expect("a recording"));
        assert_eq!(found(&account), expected, "{name}");
        assert_eq!((account.recordings[0].unreadable, account.recordings[0].broken.clone()), (0, None), "{name}");
    }
}

#[test]
fn entries_of_others_never_matter_however_odd() {
    assert_eq!(found(&of(&right())), [""; 0]);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut odd = plain(2, 10);
        odd["request"]["url"] = json!("https://ads.example/x");
        change(&mut odd);
        odd
    };
    let odd: Vec<Value> = vec![
        with(&|it| it["request"]["url"] = json!("https://ads.example:99999/")),
        with(&|it| it["request"]["url"] = json!("about:blank")),
        with(&|it| it["request"]["url"] = json!("")),
        with(&|it| it["request"]["url"] = Value::Null),
        with(&|it| it["request"]["method"] = Value::Null),
        with(&|it| it["request"] = Value::Null),
        with(&|it| it["request"] = json!([])),
        with(&|it| {
            it["request"]["method"] = json!("CONNECT");
            it["request"]["url"] = json!("10.0.0.1:443");
        }),
        with(&|it| it["response"] = Value::Null),
        with(&|it| it["response"] = json!("aborted")),
        with(&|it| it["response"]["status"] = json!(-999)),
        with(&|it| it["response"]["status"] = json!(0)),
        with(&|it| it["response"]["status"] = json!(101)),
        with(&|it| it["startedDateTime"] = Value::Null),
        with(&|it| {
            it["request"]["url"] = json!("wss://api.example.com/api/atlas/v1.0/live");
            it["_webSocketMessages"] = json!([{"type": "send", "data": "x"}]);
        }),
        Value::Null,
        json!("entry"),
    ];
    for one in odd {
        let account = of(&[&right()[..2], std::slice::from_ref(&one), &right()[2..]].concat());
        assert_eq!((found(&account), is_inconclusive(&account)), (Vec::new(), false), "{one}");
        assert_eq!(outcome(&account, PRETTY).0, Outcome::Pass, "{one}");
    }
    // What no serializer writes.
    for one in [
        r#"{"request":{"method":"GET","url":"https://ads.example/\ud83d"},"response":{"status":200 "x"}}"#,
        "{\"time\":NaN}",
    ] {
        let text = json!({"log": {"entries": right()}}).to_string().replacen(
            "\"entries\":[",
            &format!("\"entries\":[{one},"),
            1,
        );
        let account = audited(text.as_bytes());
        assert_eq!((found(&account), is_inconclusive(&account)), (Vec::new(), false), "{one}");
    }
}

#[test]
fn entries_may_stand_in_any_order() {
    let mut entries = wrong();
    for _ in 0..entries.len() {
        entries.rotate_left(1);
        assert_eq!(found(&of(&entries)), BROKEN);
    }
    entries.reverse();
    assert_eq!(found(&of(&entries)), BROKEN);
    for place in 0..=entries.len() {
        let mut written = wrong();
        let mut patch = entry(2, "PATCH", "", &cluster(11).to_string());
        patch["startedDateTime"] = json!("2026-03-01T10:00:01.500Z");
        written.insert(place, patch);
        assert_eq!(found(&of(&written)), [""; 0], "written at place {place}");
    }
}

#[test]
fn times_are_read_or_not_known_but_never_invented() {
    type Change = dyn Fn(&mut Value, u32);
    let with = |change: &Change| {
        let mut entries = wrong();
        entries.iter_mut().zip(1..).for_each(|(entry, second)| change(entry, second));
        of(&entries)
    };
    let forms: [&Change; 7] = [
        &|it, second| it["startedDateTime"] = json!(format!("2026-03-01T15:30:0{second}.000+0530")),
        &|it, second| it["startedDateTime"] = json!(format!("2026-03-01T10:00:0{second}.000")),
        &|it, second| it["startedDateTime"] = json!(format!("2026-03-01 10:00:0{second}Z")),
        &|it, second| it["startedDateTime"] = json!(format!("2026-03-01T05:00:0{second}.1234567-05:00")),
        &|it, _| it["time"] = Value::Null,
        &|it, _| it["time"] = json!(-1),
        &|it, _| it["time"] = json!("20.5"),
    ];
    for (at, form) in forms.iter().enumerate() {
        assert_eq!(found(&with(form)), BROKEN, "{at}");
    }
    let unknown: [&Change; 5] = [
        &|it, _| it["startedDateTime"] = Value::Null,
        &|it, _| it["startedDateTime"] = json!("1970-01-01T00:00:00.000Z"),
        &|it, _| it["startedDateTime"] = json!("0001-01-01T00:00:00"),
        &|it, _| it["startedDateTime"] = json!("yesterday"),
        &|it, _| {
            it["time"] = json!(0);
            it["timings"] = json!({"send": 0, "wait": 0, "receive": -1});
        },
    ];
    for (at, form) in unknown.iter().enumerate() {
        let account = with(form);
        assert_eq!(found(&account), [""; 0], "{at}");
        let why = "could not be judged on 1: it is not recorded when it was read, or for how long".to_owned();
        assert_eq!(outcome(&account, PRETTY), (Outcome::Inconclusive, why), "{at}");
        assert_eq!(outcome(&account, "fields.nothing-is-null").0, Outcome::Pass, "{at}");
    }
    let text = json!({"log": {"entries": wrong()}}).to_string().replace("\"time\":20", "\"time\":NaN");
    assert_eq!(found(&audited(text.as_bytes())), BROKEN, "the phases are known");
}

#[test]
fn a_write_of_unknown_time_may_lie_anywhere() {
    let mut patch = entry(2, "PATCH", "", &cluster(11).to_string());
    patch["startedDateTime"] = Value::Null;
    let account = of(&[wrong(), vec![patch]].concat());
    assert_eq!(found(&account), [""; 0]);
    let why = "could not be judged on 1: it is not recorded when something was written";
    assert_eq!(outcome(&account, PRETTY), (Outcome::Inconclusive, why.to_owned()));
}

#[test]
fn clocks_with_and_without_a_zone_are_not_compared() {
    let mut entries = wrong();
    entries[1]["startedDateTime"] = json!("2026-03-01T10:00:02.000");
    assert_eq!(found(&of(&entries)), [""; 0]);
}

#[test]
fn what_a_cache_holds_is_counted_and_not_compared() {
    for (member, value) in
        [("_fromCache", json!("memory")), ("fromCache", json!(true)), ("_fetchType", json!("Disk Cache"))]
    {
        let mut entries = wrong();
        entries[2][member] = value;
        let account = of(&entries);
        assert_eq!(found(&account), [""; 0], "{member}");
        assert_eq!(account.recordings[0].others["out of a cache"], 1, "{member}");
    }
    let mut entries = wrong();
    entries[2]["response"]["status"] = json!(304);
    assert_eq!(found(&of(&entries)), [""; 0], "304 with a body");
}

#[test]
fn a_body_is_empty_only_where_the_server_says_so() {
    let dropped = |headers: Value, content: Value| {
        let mut entry = plain(1, 10);
        entry["response"]["headers"] = headers;
        entry["response"]["content"] = content;
        entry["response"]["bodySize"] = json!(0);
        of(&[entry])
    };
    let typed = || json!([header("Content-Type", "application/json")]);
    for content in [json!({"size": 0}), json!({"size": 0, "text": ""}), json!({"text": null}), json!({}), Value::Null] {
        assert_eq!(found(&dropped(typed(), content.clone())), [""; 0], "{content}");
    }
    let empty = dropped(json!([header("Content-Length", "0")]), json!({"size": 0, "text": ""}));
    assert_eq!(found(&empty), ["entities.get-answers-json $"]);
}

#[test]
fn parameters_that_the_recorder_changed_are_not_judged() {
    let enveloped = |query: &str, beside: Value| {
        let mut entry = entry(1, "GET", query, &json!({"status": 200, "content": cluster(10)}).to_string());
        entry["request"]["queryString"] = beside;
        found(&of(&[entry]))
    };
    let none: [&str; 0] = [];
    let unasked = ["envelope.none-around-entities $"];
    assert_eq!(enveloped("?x=1", json!([header("x", "1")])), unasked);
    assert_eq!(enveloped("?x=1", json!([])), unasked);
    assert_eq!(enveloped("?x=a+b%2Fc", json!([header("x", "a b/c")])), unasked);
    assert_eq!(enveloped("?x=1", json!([header("envelope", "true")])), none);
    assert_eq!(enveloped("?x=1", json!([header("x", "1"), header("envelope", "true")])), none);
    assert_eq!(enveloped("?envelope=false", json!([header("envelope", "true")])), none);
    assert_eq!(enveloped("", json!([header("envelope", "true")])), none);
    assert_eq!(enveloped("?x=%5Bredacted%5D", json!([])), none);
}

#[test]
fn lost_characters_spoil_their_body_alone() {
    for lost in [r"\ud83d", r"\udc00\ud83d\u00e9", "\u{fffd}"] {
        let text = json!({"log": {"entries": [plain(1, 10)]}}).to_string().replace("Cluster", lost);
        let account = audited(text.as_bytes());
        assert_eq!((found(&account), account.recordings[0].unreadable), (Vec::new(), 0), "{lost}");
        let (_, why) = outcome(&account, "fields.nothing-is-null");
        assert!(why.ends_with("characters of the body were lost when it was recorded"), "{why}");
        assert_eq!(outcome(&account, "codes.no-5xx").0, Outcome::Pass);
    }
    let mut bytes = json!({"log": {"entries": [plain(1, 10), plain(2, 10)]}}).to_string().into_bytes();
    let at = bytes.windows(7).position(|part| part == b"Cluster").expect("a name");
    bytes[at] = 0xff;
    let account = audited(&bytes);
    assert_eq!((account.recordings[0].judged, account.recordings[0].unreadable), (2, 0));
    assert_eq!(outcome(&account, "fields.nothing-is-null").0, Outcome::Pass);
}

#[test]
fn parts_that_were_taken_out_are_not_held_against_the_server() {
    let with = |change: &dyn Fn(&mut Value)| {
        let mut body = cluster(10);
        change(&mut body);
        of(&[entry(1, "GET", "", &body.to_string())])
    };
    let changes: [&dyn Fn(&mut Value); 6] = [
        &|it| it["links"][0]["href"] = json!("[redacted]"),
        &|it| it["links"][0]["href"] = json!(format!("{BASE}/groups/[redacted]/clusters/***")),
        &|it| it["links"][0]["rel"] = json!("REDACTED"),
        &|it| it["id"] = json!("***"),
        &|it| it["groupId"] = json!("<removed>"),
        &|it| it["last"] = json!({"timestamp": {"date": "[redacted]", "increment": 1}}),
    ];
    for (at, change) in changes.iter().enumerate() {
        let account = with(change);
        assert_eq!(found(&account), [""; 0], "{at}");
        let why = outcome(&account, "fields.nothing-is-null").1;
        assert_eq!(why, "could not be judged on 1: parts of the body were taken out", "{at}");
    }
    // What the server itself hides is judged.
    let hidden = with(&|it| {
        it["password"] = json!("***");
        it["note"] = Value::Null;
    });
    assert_eq!(found(&hidden), ["fields.nothing-is-null $.note"]);
}

#[test]
fn urls_with_a_part_that_was_taken_out_are_compared_with_nothing() {
    let text = json!({"log": {"entries": wrong()}}).to_string();
    let account = audited(text.replace("/clusters/7c2", "/clusters/[redacted]").as_bytes());
    assert_eq!(found(&account), [""; 0]);
    let account = audited(text.replace(&format!("{PATH}?"), "/groups/***/clusters/7c2?").as_bytes());
    assert_eq!(found(&account), [""; 0]);
}

#[test]
fn a_media_type_beside_the_headers_is_not_judged() {
    let mut entry = plain(1, 10);
    entry["response"]["headers"] = json!([header("Date", "x")]);
    let account = of(std::slice::from_ref(&entry));
    assert_eq!(found(&account), [""; 0]);
    assert_eq!(outcome(&account, "fields.nothing-is-null").0, Outcome::Pass);
    entry["response"]["content"]["mimeType"] = json!("");
    assert_eq!(found(&of(&[entry])), ["entities.json-media-type header Content-Type"]);
}

#[test]
fn a_part_of_a_resource_is_asked_for_by_range() {
    let part = |name: &str| {
        let mut part = plain(1, 10);
        part["response"]["status"] = json!(206);
        part["request"]["headers"].as_array_mut().expect("headers").push(header(name, "bytes=0-9"));
        of(&[part])
    };
    assert_eq!(found(&part("Range")), [""; 0]);
    assert_eq!(found(&part("X")), ["methods.every-get-answers-200 the status"]);
}

#[test]
fn what_a_proxy_answers_is_counted_and_not_judged() {
    let mut refused = entry(1, "GET", "", "<html>proxy</html>");
    refused["response"]["status"] = json!(407);
    let account = of(&[refused, plain(2, 10)]);
    assert_eq!(found(&account), [""; 0]);
    assert_eq!(account.recordings[0].others["answered by a proxy"], 1);
}

#[test]
fn line_ends_versions_and_marks_of_a_file_do_not_matter() {
    let log = |version: Value| {
        let mut log = json!({"log": {"version": version, "entries": wrong()}});
        if log["log"]["version"].is_null() {
            log["log"].as_object_mut().expect("an object").remove("version");
        }
        format!("{log:#}")
    };
    for version in [json!("1.2"), json!("1.1"), json!("1.3"), json!(1.2), Value::Null] {
        assert_eq!(found(&audited(log(version.clone()).as_bytes())), BROKEN, "{version}");
    }
    let text = log(json!("1.2"));
    for changed in [text.replace('\n', "\r\n"), text.replace('\n', "\r"), format!("\u{feff}{text}")] {
        assert_eq!(found(&audited(changed.as_bytes())), BROKEN);
    }
}

#[test]
fn numbers_are_compared_as_decimals() {
    let with = |written: &str| {
        let mut entries = right();
        for (at, form) in [(0, "1.50"), (1, written), (2, "15e-1")] {
            let text = entries[at]["response"]["content"]["text"].as_str().expect("a text").replace("10", form);
            entries[at]["response"]["content"] = json!({"text": text});
            entries[at]["response"]["bodySize"] = json!(-1);
        }
        found(&of(&entries))
    };
    assert_eq!(with("1.5"), [""; 0]);
    assert_eq!(with("0.15E+1"), [""; 0]);
    assert_eq!(with("1.51"), BROKEN);
}
