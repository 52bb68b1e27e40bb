//! Certificates from run to check: what is written, what a foreign or altered one is told, and what is refused.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use chrono::{TimeDelta, Utc};
use serde_json::Value;
use tempfile::TempDir;

use crate::bench::{Said, folder, refused, say, write, write_secret};

/// Two keys as `openssl genpkey -algorithm ed25519` makes them, and their public keys.
const KEYS: [[&str; 2]; 2] = [
    [
        "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g",
        "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    ],
    [
        "MC4CAQAwBQYDK2VwBCIEIEzNCJsoyv+6ndtDEwvxF4ZDxp1cJ+5vOqLQH7xlHLRs",
        "MCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=",
    ],
];

fn keys(folder: &Path) {
    for (index, [private, public]) in KEYS.iter().enumerate() {
        let pem = |label: &str, text: &str| format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n");
        write_secret(folder, &format!("private{index}.pem"), pem("PRIVATE KEY", private));
        write(folder, &format!("public{index}.pem"), pem("PUBLIC KEY", public));
    }
}

/// A whole run of the embedded reference server, made once for all tests of this file.
fn reference_run() -> Value {
    static RUN: LazyLock<Value> = LazyLock::new(|| {
        let dir = folder();
        let said = say(dir.path(), &["run", "--reports", "reports"]);
        assert_eq!(said.code, Some(0), "{said:?}");
        let text = fs::read_to_string(dir.path().join("reports/run.json")).expect("a run");
        let mut run: Value = serde_json::from_str(&text).expect("JSON");
        run["suite"]["digest"] = Value::from(OTHER_SUITE);
        run
    });
    RUN.clone()
}

const OTHER_SUITE: &str = "sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
/// What makes a run of any age, suite and version acceptable.
const LENIENT: [&str; 4] = ["--suite-digest", OTHER_SUITE, "--max-age", "36500d"];

fn certify(folder: &Path, options: &[&str]) -> Said {
    let arguments = ["certify", "run.json", "--key", "private0.pem", "--output", "out"];
    say(folder, &[&arguments[..], &LENIENT, options].concat())
}

/// A folder with keys, the run of the reference server and a certificate of it.
fn certified() -> TempDir {
    let dir = folder();
    keys(dir.path());
    write(dir.path(), "run.json", reference_run().to_string());
    assert_eq!(certify(dir.path(), &[]).code, Some(0));
    dir
}

fn verify(folder: &Path, name: &str, options: &[&str]) -> Said {
    say(folder, &[&["verify", name, "--key", "public0.pem", "--suite-digest", OTHER_SUITE][..], options].concat())
}

/// The day that is so many days from now.
#[expect(clippy::disallowed_methods, reason = "the program under test reads the same clock")]
fn day(from_now: i64) -> String {
    (Utc::now() + TimeDelta::days(from_now)).format("%Y-%m-%d").to_string()
}

#[test]
fn a_certificate_is_written_twice_and_both_are_good() {
    let dir = folder();
    let tomorrow = day(1);
    keys(dir.path());
    write(dir.path(), "run.json", reference_run().to_string());
    let server = write(dir.path(), "server.tar", "the software");
    let said = certify(dir.path(), &["--artifact", "server.tar", "--valid-from", &tomorrow]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.starts_with("certified reference (https://127.0.0.1:"), "{}", said.out);
    let first = fs::read(dir.path().join("out/certificate.json")).expect("it is written");
    assert_eq!(certify(dir.path(), &["--artifact", "server.tar", "--valid-from", &tomorrow]).code, Some(0));
    assert_eq!(first, fs::read(dir.path().join("out/certificate.json")).expect("it is written"), "not the same bytes");
    for name in ["out/certificate.json", "out/certificate.html"] {
        let said = verify(dir.path(), name, &["--at", &day(2), "--artifact", "server.tar"]);
        assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
        assert!(said.out.starts_with(&format!("{name} is good\n")) && said.out.contains("software        server.tar"));
        let text = fs::read_to_string(dir.path().join(name)).expect("text");
        for [private, _] in KEYS {
            assert!(!text.contains(&private[20..]), "the private key is in {name}");
        }
    }
    fs::write(server, "other software").expect("it can be written");
    let said = verify(dir.path(), "out/certificate.json", &["--at", &day(200), "--artifact", "server.tar"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.starts_with("out/certificate.json is not good: 2 problems\n"), "{}", said.out);
    let expired = format!("it expired at {}", day(91));
    assert!(said.out.contains(&expired) && said.out.contains("it is about the software sha256:"), "{}", said.out);
}

#[test]
fn what_is_wrong_is_said_to_people_and_to_programs() {
    let dir = certified();
    let page = fs::read_to_string(dir.path().join("out/certificate.html")).expect("it is written");
    let envelope = fs::read_to_string(dir.path().join("out/certificate.json")).expect("it is written");
    write(dir.path(), "altered.html", page.replace("class</span> <b>full", "class</span> <b>royal"));
    write(dir.path(), "altered.json", envelope.replacen("\"payload\": \"ey", "\"payload\": \"fy", 1));
    write(dir.path(), "typed.json", envelope.replace("vnd.in-toto", "vnd.other"));
    let kinds = |name: &str, key: &str| {
        let said = say(dir.path(), &["verify", name, "--key", key, "--suite-digest", OTHER_SUITE, "--format", "json"]);
        let answer: Value = serde_json::from_str(&said.out).expect("JSON");
        assert_eq!((said.code, &answer["good"]), (Some(1), &Value::Bool(false)), "{name}");
        let problems = answer["problems"].as_array().expect("a list");
        problems.iter().map(|it| it["kind"].as_str().expect("a word").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(kinds("altered.html", "public0.pem"), ["altered-page"]);
    assert_eq!(kinds("altered.json", "public0.pem"), ["altered"]);
    assert_eq!(kinds("typed.json", "public0.pem"), ["wrong-payload-type", "altered"]);
    assert_eq!(kinds("out/certificate.json", "public1.pem"), ["other-key"]);
    assert_eq!(kinds("run.json", "public0.pem"), ["no-envelope"]);
    let said = say(dir.path(), &["verify", "out/certificate.json", "--key", "public0.pem"]);
    assert_eq!(said.code, Some(1));
    assert!(said.out.contains("  - it rests on the suite sha256:0011"), "{}", said.out);
    let said = verify(dir.path(), "out/certificate.json", &["--format", "json"]);
    let answer: Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!((said.code, &answer["good"], &answer["problems"]), (Some(0), &Value::Bool(true), &Value::Array(vec![])));
    assert_eq!(answer["statement"]["predicate"]["result"], "PASSED");
}

/// Each forgery changes what a browser shows; `.ci/browser` opens the same ones.
#[test]
fn no_forged_page_is_good() {
    let dir = certified();
    let forgeries = include_str!("../fixtures/certificate/forgeries.json");
    let forgeries: Vec<Value> = serde_json::from_str(forgeries).expect("JSON");
    assert!(forgeries.len() >= 10);
    let good = verify(dir.path(), "out/certificate.html", &[]);
    assert_eq!(good.code, Some(0), "{good:?}");
    for forgery in &forgeries {
        let [name, of, from, to] = ["name", "of", "from", "to"].map(|key| forgery[key].as_str().expect("a text"));
        let genuine = fs::read_to_string(dir.path().join("out").join(of)).expect("it is written");
        let forged = genuine.replacen(from, to, 1);
        assert_ne!(forged, genuine, "{name} changes nothing");
        write(dir.path(), "forged.html", forged);
        let said = verify(dir.path(), "forged.html", &[]);
        assert_eq!(said.code, Some(1), "{name}: {said:?}");
        assert!(said.out.starts_with("forged.html is not good: 1 problem\n"), "{name}: {}", said.out);
    }
}

#[test]
fn a_certificate_of_many_signatures_or_bytes_is_refused_at_once() {
    let dir = certified();
    let text = fs::read_to_string(dir.path().join("out/certificate.json")).expect("it is written");
    let mut envelope: Value = serde_json::from_str(&text).expect("JSON");
    let signature = envelope["signatures"][0].clone();
    envelope["signatures"] = Value::Array(vec![signature; 50_000]);
    write(dir.path(), "many.json", envelope.to_string());
    let said = verify(dir.path(), "many.json", &[]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.ends_with("- there are 50000 signatures; at most 16 are checked\n"), "{}", said.out);
    // Sparse: nothing of it is on the disk.
    let huge = fs::File::create(dir.path().join("huge.json")).expect("a file");
    huge.set_len(17 * 1024 * 1024).expect("a length");
    let said = verify(dir.path(), "huge.json", &[]);
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(said.err.contains("huge.json: larger than the 16777216 bytes that such a file may have"), "{}", said.err);
    let weak = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n-----END PUBLIC KEY-----\n";
    write(dir.path(), "weak.pem", weak);
    let arguments = ["verify", "out/certificate.json", "--key", "weak.pem"];
    refused(dir.path(), &arguments, 2, &["weak.pem: this public key is weak: anybody can forge a signature for it"]);
}

#[test]
fn a_refusal_says_everything_at_once_and_writes_nothing() {
    let dir = folder();
    keys(dir.path());
    let mut run = reference_run();
    run["selection"]["filters"] = Value::from(vec!["lists.*\u{1b}[31m"]);
    run["selection"]["complete"] = Value::Bool(false);
    run["target"]["insecure"] = Value::Bool(true);
    run["started"] = Value::from("2020-01-01T00:00:00Z");
    write(dir.path(), "run.json", run.to_string());
    let arguments = ["certify", "run.json", "--key", "private0.pem", "--output", "out"];
    let said = say(dir.path(), &arguments);
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{said:?}");
    assert!(said.err.starts_with("run.json is not certified: 4 reasons\n"), "{}", said.err);
    for text in [
        "  - only a part of the suite was chosen: lists.*␛[31m\n    run again without filters",
        "is not the one of this program\n    run again with this program's suite, or vouch for that one: `--suite-digest sha256:0011",
        "was left unchecked, so nobody knows who answered\n    replace `tls.insecure` in the target file by `tls.ca`",
        "  - the run of 2020-01-01 00:00 UTC is ",
    ] {
        assert!(said.err.contains(text), "{text:?} is not said: {}", said.err);
    }
    assert!(!dir.path().join("out").exists());
}

#[test]
fn a_stored_run_is_held_against_its_schema() {
    let dir = folder();
    keys(dir.path());
    let arguments = ["certify", "run.json", "--key", "private0.pem", "--output", "reports"];
    for (pointer, value, says) in [
        ("/target/base_url", Value::from("not a URL"), "/target/base_url: value is not a \"uri\""),
        ("/suite/digest", Value::from("sha256:12"), "/suite/digest: value does not match"),
        ("/target/claims", Value::from(vec!["lists", "lists"]), "/target/claims: value has non-unique elements"),
    ] {
        let mut run = reference_run();
        *run.pointer_mut(pointer).expect("it is there") = value;
        write(dir.path(), "run.json", run.to_string());
        let says = [says, "run.json: this is not as `atlaspec schema run` describes a run:"];
        refused(dir.path(), &arguments, 2, &says);
    }
}

#[test]
fn files_that_do_not_fit_are_named() {
    let dir = folder();
    keys(dir.path());
    write(dir.path(), "run.json", "{}");
    write(dir.path(), "none.pem", "no key");
    write(dir.path(), "old.json", r#"{"format":1}"#);
    for (arguments, says) in [
        (&["certify", "old.json", "--key", "private0.pem"][..], "old.json: the stored run has format 1, but"),
        (&["certify", "run.json", "--key", "private0.pem"], "run.json: this is no stored run"),
        (&["certify", "run.json", "--key", "missing.pem"], "missing.pem: No such file"),
        (
            &["certify", "run.json", "--key", "public0.pem"],
            "public0.pem: this is a public key; signing needs the private one",
        ),
        (&["certify", "run.json", "--key", "none.pem"], "none.pem: this is no key in PEM"),
        (&["certify", "run.json", "--key", "private0.pem", "--valid-for", "90"], "a period is a number and a unit"),
        (&["certify", "run.json", "--key", "private0.pem", "--url", "https://u:p@x.example"], "a link holds no user"),
        (&["verify", "run.json", "--key", "private0.pem"], "private0.pem: this is a private key"),
        (&["verify", "missing.json", "--key", "public0.pem"], "missing.json: No such file"),
        (&["verify", "run.json", "--key", "public0.pem", "--artifact", "sha256:12"], "64 hexadecimal digits"),
        (&["verify", "run.json", "--key", "public0.pem", "--at", "tomorrow"], "a time is a day"),
    ] {
        refused(dir.path(), arguments, 2, &[says]);
    }
}
