//! `audit` and `diff` as their users meet them: lists of known violations, choices, gates, and what is said of a recording.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::seeded::traffic::{BASE, KINDS, Kind, Sample};

struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

/// What the program says in a folder; the base URL is given.
fn say(folder: &Path, arguments: &[&str]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_atlaspec"));
    let output = command.args(arguments).current_dir(folder).stdin(Stdio::null()).output().expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Said { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}

fn audit(folder: &Path, arguments: &[&str]) -> Said {
    say(folder, &[&["audit", "--base-url", BASE], arguments].concat())
}

fn recording(entries: &[Value]) -> String {
    json!({"log": {"version": "1.2", "entries": entries}}).to_string()
}

/// A conforming exchange of a kind.
fn sample(kind: Kind, round: usize) -> Sample {
    let at = KINDS.iter().position(|known| *known == kind).expect("a kind");
    Sample::of(round * KINDS.len() + at)
}

/// Exchanges in which so many of ten entities have a member that is null.
fn with_nulls(nulls: usize, member: &str) -> Vec<Value> {
    let entry = |round: usize| {
        let mut sample = sample(Kind::Entity, round);
        if round < nulls {
            sample.body[member] = Value::Null;
        }
        sample.entry(round)
    };
    (0..10).map(entry).collect()
}

fn written(files: &[(&str, String)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

#[test]
fn known_violations_are_listed_by_group() {
    let folder = written(&[
        ("a.har", recording(&with_nulls(2, "note"))),
        ("b.har", recording(&with_nulls(5, "note"))),
        ("c.har", recording(&with_nulls(1, "tag"))),
    ]);
    let first = audit(folder.path(), &["a.har", "--write-known-failures", "known.yaml"]);
    assert_eq!(first.code, Some(1), "{}", first.err);
    let list = fs::read_to_string(folder.path().join("known.yaml")).expect("a list");
    assert!(list.contains(r#"cases: "fields.nothing-is-null[GET /groups/\\*/clusters/\\* $.note]""#), "{list}");
    let check = say(folder.path(), &["check", "known.yaml"]);
    assert_eq!(check.code, Some(0), "{}{}", check.out, check.err);
    // The same group in another file, as often as may be.
    let known = audit(folder.path(), &["b.har", "--known-failures", "known.yaml"]);
    assert_eq!(known.code, Some(0), "{}{}", known.out, known.err);
    let new = audit(folder.path(), &["c.har", "--known-failures", "known.yaml"]);
    assert_eq!(new.code, Some(1), "{}{}", new.out, new.err);
    assert!(new.err.contains("$.note]` was not found in this audit"), "{}", new.err);
    let own = "format: 1\nknown-failures:\n  - { cases: 'fields.nothing-is-null[GET /groups/*/clusters/* $.*]', reason: old }\n";
    fs::write(folder.path().join("own.yaml"), own).expect("a file");
    let excused = audit(folder.path(), &["a.har", "c.har", "--known-failures", "own.yaml"]);
    assert_eq!(excused.code, Some(0), "{}{}", excused.out, excused.err);
}

#[test]
fn a_list_knows_names_and_the_stars_that_stand_for_them() {
    let named = |names: &[&str]| {
        let entry = |(at, name): (usize, &&str)| {
            let mut sample = sample(Kind::Entity, at);
            let id = sample.path.rsplit('/').next().expect("an id").to_owned();
            sample.body["note"] = Value::Null;
            let mut entry = sample.entry(at);
            let text = entry.to_string().replace(&id, name);
            entry = serde_json::from_str(&text).expect("an entry");
            entry["response"]["headers"] = json!([{"name": "Content-Type", "value": "application/json"}]);
            let size = entry["response"]["content"]["text"].as_str().expect("a text").len();
            entry["response"]["content"]["size"] = json!(size);
            entry["response"]["bodySize"] = json!(size);
            entry
        };
        recording(&names.iter().enumerate().map(entry).collect::<Vec<_>>())
    };
    let many = ["anna", "berta", "carl", "dora", "emil", "frida", "gustav", "hanna", "ida", "julia"];
    let folder = written(&[("many.har", named(&many)), ("few.har", named(&many[3..5]))]);
    for (first, then) in [("many.har", "few.har"), ("few.har", "many.har")] {
        let list = format!("{first}.yaml");
        audit(folder.path(), &[first, "--write-known-failures", &list]);
        let text = fs::read_to_string(folder.path().join(&list)).expect("a list");
        assert_eq!(text.contains("dora"), first == "few.har", "{text}");
        let known = audit(folder.path(), &[then, "--known-failures", &list]);
        assert_eq!(known.code, Some(0), "{first}: {}{}", known.out, known.err);
        assert!(!known.err.contains("was not found"), "{}", known.err);
    }
}

#[test]
fn two_audits_are_compared_by_group() {
    let folder = written(&[
        ("a.har", recording(&with_nulls(4, "note"))),
        ("b.har", recording(&with_nulls(9, "note"))),
        ("c.har", recording(&[with_nulls(4, "note"), with_nulls(1, "tag")].concat())),
    ]);
    for name in ["a", "b", "c"] {
        audit(folder.path(), &[&format!("{name}.har"), "--reports", name]);
    }
    let diff = |old: &str, new: &str, more: &[&str]| {
        say(folder.path(), &[&["diff", &format!("{old}/audit.json"), &format!("{new}/audit.json")], more].concat())
    };
    let same = diff("a", "a", &[]);
    assert_eq!(same.code, Some(0), "{}{}", same.out, same.err);
    let more = diff("a", "b", &[]);
    assert_eq!(more.code, Some(0), "{}", more.out);
    assert!(more.out.contains("in a larger share of the exchanges: 1\n  fields.nothing-is-null GET /groups/*/clusters/* $.note: 4 exchanges, now 9"), "{}", more.out);
    let stated = diff("a", "b", &["--share", "200"]);
    assert!(!stated.out.contains("larger share"), "{}", stated.out);
    let new = diff("a", "c", &["--format", "markdown"]);
    assert_eq!(new.code, Some(1), "{}", new.out);
    assert!(
        new.out.contains("### new: 1\n- fields.nothing-is-null GET /groups/*/clusters/* $.tag: 0 exchanges, now 1"),
        "{}",
        new.out
    );
    let gone = diff("c", "a", &[]);
    assert_eq!(gone.code, Some(0), "{}", gone.out);
    assert!(gone.out.contains("gone: 1\n"), "{}", gone.out);
    let mixed = say(folder.path(), &["diff", "a/audit.json", "a/run.json"]);
    assert_eq!(mixed.code, Some(2), "{}", mixed.err);
}

#[test]
fn what_is_judged_can_be_chosen() {
    let mut page = sample(Kind::FirstPage, 0);
    page.body["results"][0]["note"] = Value::Null;
    let folder = written(&[("a.har", recording(&[with_nulls(1, "note"), vec![page.entry(30)]].concat()))]);
    let groups = |choice: &[&str]| {
        let said = audit(folder.path(), &[&["a.har", "--format", "json"], choice].concat());
        let account: Value = serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{}", said.err));
        let ids = account["groups"]
            .as_array()
            .expect("groups")
            .iter()
            .map(|group| format!("{} {}", group["path"], group["place"]));
        (ids.collect::<Vec<_>>().join(", "), account["recordings"][0]["judged"].clone())
    };
    let (cluster, list) = (r#""/groups/*/clusters/*" "$.note""#, r#""/groups/*/users" "$.results[*].note""#);
    assert_eq!(groups(&[]), (format!("{cluster}, {list}"), json!(11)));
    assert_eq!(groups(&["--only", "fields.*"]).0, format!("{cluster}, {list}"));
    assert_eq!(groups(&["--only", "fields.no-empty", "--skip", "/groups/*/users"]), (cluster.to_owned(), json!(10)));
    assert_eq!(groups(&["--only", "/groups/*/users"]), (list.to_owned(), json!(1)));
    assert_eq!(groups(&["--skip", "fields.nothing-is-null"]).0, "");
    assert_eq!(audit(folder.path(), &["a.har", "--only", "["]).code, Some(2));
}

#[test]
fn an_audit_never_calls_a_target_conformant() {
    let mut small = sample(Kind::Entity, 0);
    small.body = json!({"links": [{"rel": "self", "href": format!("{BASE}{}", small.path)}]});
    let folder = written(&[("tiny.har", recording(&[small.entry(1)]))]);
    let said = audit(folder.path(), &["tiny.har", "--reports", "r"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("No violation found in 1 exchange ("), "{}", said.out);
    let reports = ["summary.md", "report.html", "run.json"]
        .map(|name| fs::read_to_string(folder.path().join("r").join(name)).expect(name));
    for text in reports.iter().chain([&said.out]) {
        assert!(!text.to_lowercase().contains("is conformant") && !text.contains("Conformant"), "{text}");
    }
    let run: Value = serde_json::from_str(&reports[2]).expect("a run");
    let verdict = |id: &str| {
        let all = run["requirements"].as_array().expect("requirements");
        all.iter().find(|requirement| requirement["id"] == id).expect("a requirement")["verdict"].clone()
    };
    for id in
        ["dates.iso-8601", "dates.utc", "bson.shape", "fields.unit-in-name", "lists.total", "auth.digest-challenge"]
    {
        assert_eq!(verdict(id), "not-applicable", "{id}: no occasion");
    }
    assert_eq!(verdict("links.self-present"), "pass");
    assert_eq!(audit(folder.path(), &["tiny.har", "--min-requirements", "5"]).code, Some(0));
    let gate = audit(folder.path(), &["tiny.har", "--min-requirements", "60"]);
    assert_eq!(gate.code, Some(3));
    assert!(gate.err.contains("--min-requirements 60: only"), "{}", gate.err);
}

/// Pages of one item of a list of so many, as one entry each.
fn pages(round: usize, numbers: &[u32], of: u32) -> Vec<Value> {
    let page = |number: u32| {
        let mut sample = sample(Kind::Page, round);
        let own = format!("{BASE}{}", sample.path);
        let link =
            |rel: &str, number: u32| json!({"rel": rel, "href": format!("{own}?pageNum={number}&itemsPerPage=1")});
        let next = (number < of).then(|| link("next", number + 1));
        let previous = (number > 1).then(|| link("previous", number - 1));
        let links: Vec<Value> = [Some(link("self", number)), previous, next].into_iter().flatten().collect();
        let item = json!({"id": format!("i{number}"), "links": [{"rel": "self", "href": format!("{own}/i{number}")}]});
        sample.body = json!({"totalCount": of, "results": [item], "links": links});
        sample.query = ["?pageNum=1&itemsPerPage=1", "?pageNum=2&itemsPerPage=1", "?pageNum=3&itemsPerPage=1"]
            [number as usize - 1];
        sample.entry(number as usize)
    };
    numbers.iter().map(|number| page(*number)).collect()
}

#[test]
fn what_is_seen_in_part_is_said() {
    let told = |entries: Vec<Value>| audit(written(&[("a.har", recording(&entries))]).path(), &["a.har"]).err;
    let begun = "seen in part, in 2 exchanges: lists.walk-is-complete: next and previous lead one page on; \
                 the items were not counted; 0 of 2 lists of several pages were read to the end";
    let said = told(vec![sample(Kind::Page, 0).entry(1), sample(Kind::Page, 1).entry(2)]);
    assert!(said.contains(begun), "{said}");
    // Begun in the middle, broken off, and one that another list's pages interrupt.
    let said = told([pages(0, &[2, 3], 3), pages(1, &[1, 2], 3), pages(2, &[1, 2, 3], 3), pages(3, &[1], 1)].concat());
    assert!(said.contains("; 1 of 3 lists of several pages were read to the end"), "{said}");
}

#[test]
fn roots_that_are_left_out_are_named_with_counts() {
    let at = |url: &str| {
        let mut entry = sample(Kind::Entity, 0).entry(1);
        entry["request"]["url"] = json!(url);
        entry
    };
    let entries = [
        sample(Kind::Entity, 1).entry(2),
        at("https://api.example.com/api/atlas/v2/groups/1"),
        at("https://api.example.com/api/atlas/v2/groups/2"),
        at("https://api.example.com//api/atlas/v1.0/groups/1"),
    ];
    let folder = written(&[("a.har", recording(&entries))]);
    let said = audit(folder.path(), &["a.har"]);
    assert!(said.err.contains("left out: 2 exchanges below https://api.example.com/api/atlas/v2\n"), "{}", said.err);
    assert!(said.err.contains("left out: 1 exchange below https://api.example.com//api/atlas/v1.0\n"), "{}", said.err);
}

#[test]
fn a_recording_that_was_cut_off_is_told_to_whoever_wants_to_hear_little() {
    let whole = recording(&with_nulls(0, ""));
    let folder = written(&[("cut.har", whole[..whole.len() - 3].to_owned()), ("whole.har", whole)]);
    let said = audit(folder.path(), &["cut.har", "-q"]);
    assert_eq!(said.code, Some(3), "{}", said.out);
    assert!(said.err.contains("cut.har: 10 entries, 10 judged; it is cut off at byte"), "{}", said.err);
    assert_eq!(audit(folder.path(), &["whole.har", "-q"]).err, "");
}

#[test]
fn a_file_in_utf_16_is_called_so() {
    let folder = written(&[]);
    let units: Vec<u8> = recording(&[]).encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path().join("a.har"), [vec![0xff, 0xfe], units].concat()).expect("a file");
    let said = audit(folder.path(), &["a.har"]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("a.har is not a HAR file: it is written in UTF-16: save it as UTF-8"), "{}", said.err);
}

#[test]
fn what_stands_behind_the_end_of_a_recording_is_told() {
    let whole = recording(&with_nulls(0, ""));
    let folder = written(&[("two.har", format!("{whole}\n{{}}x\n")), ("space.har", format!("{whole} \r\n\n"))]);
    let packed = |name: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(whole.as_bytes()).expect("memory");
        let mut bytes = encoder.finish().expect("memory");
        change(&mut bytes);
        fs::write(folder.path().join(name), bytes).expect("a file");
        audit(folder.path(), &[name])
    };
    let two = audit(folder.path(), &["two.har"]);
    assert_eq!(two.code, Some(0), "{}", two.out);
    assert!(two.err.contains("two.har: not read: 4 bytes after the end of the recording"), "{}", two.err);
    assert!(!audit(folder.path(), &["space.har"]).err.contains("not read"));
    assert_eq!(packed("good.har.gz", &|_| {}).code, Some(0));
    let wrong = packed("sum.har.gz", &|bytes| {
        let at = bytes.len() - 8;
        bytes[at] ^= 1;
    });
    assert_eq!(wrong.code, Some(3), "{}", wrong.err);
    assert!(wrong.err.contains("sum.har.gz: 10 entries, 10 judged; it is cut off at byte"), "{}", wrong.err);
    let cut = packed("cut.har.gz", &|bytes| bytes.truncate(bytes.len() - 3));
    assert_eq!(cut.code, Some(3), "{}", cut.err);
}

#[test]
fn who_sent_a_request_is_told_by_its_digest() {
    let mut sample = sample(Kind::Entity, 0);
    sample.body["note"] = Value::Null;
    let mut entry = sample.entry(1);
    let headers = entry["request"]["headers"].as_array_mut().expect("headers");
    headers.push(json!({"name": "Authorization", "value": "Digest username=\"ann\", nonce=\"n\""}));
    let folder = written(&[("a.har", recording(&[entry]))]);
    let said = audit(folder.path(), &["a.har"]);
    assert!(said.out.contains("GET as ann, answered 200"), "{}", said.out);
}

#[test]
fn equal_excerpts_are_shown_once() {
    let mut broken = sample(Kind::Entity, 0);
    for number in 0..12 {
        broken.body[format!("note{number}")] = Value::Null;
    }
    let folder = written(&[("a.har", recording(&[broken.entry(1)]))]);
    audit(folder.path(), &["a.har", "--reports", "r"]);
    let page = fs::read_to_string(folder.path().join("r/report.html")).expect("a page");
    // Once in full; the case file is quoted once, too.
    assert_eq!(page.matches("<pre class=\"body\"").count(), 1, "the body");
    assert_eq!(page.matches("expect: { everywhere: [no-null] }").count(), 1, "the lines of the case file");
    assert!(page.matches("is shown with another finding").count() >= 3);
    // What is wrong is marked in the one that is shown.
    assert!(page.contains("<mark>&quot;note0&quot;: null") || page.contains("<mark>\"note0\": null"), "{page}");
    assert!(page.contains("Record more kinds of exchanges") && !page.contains("target file"), "advice for an audit");
}
