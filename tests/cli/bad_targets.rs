//! Target files that are wrong, and targets that cannot be judged.

use std::fs;
use std::net::TcpListener;
use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;

use crate::bench::{Served, folder, refused, say, with_line, write};

/// A target file that nothing is wrong with but that nobody answers.
fn target(base_url: &str) -> String {
    format!("name: t\nbase-url: {base_url}\nusers:\n  owner: {{ username: o, api-key: {{ env: PATH }} }}\n")
}

const NOWHERE: &str = "http://127.0.0.1:9/api";

#[test]
fn what_is_wrong_in_the_file_is_named_with_its_place() {
    let dir = folder();
    let owner = |key: &str| format!("  owner: {{ username: o, api-key: {key} }}");
    let of = |key: &str, line: &str| with_line(&target(NOWHERE), key, line);
    let wrong = [
        (target(NOWHERE) + "claimz: [lists]\n", &["`claimz` is no key of a target file", "did you mean `claims`?"][..]),
        (of("owner", &owner("{ env: ATLASPEC_NOT_SET }")), &["`ATLASPEC_NOT_SET` is not set", "t.yaml:4:"]),
        (of("owner", &owner("{ file: no.key }")), &["`no.key` cannot be read: No such file", "t.yaml:4:"]),
        (of("owner", &owner("{ command: [no-such-program] }")), &["`no-such-program` cannot be run", "t.yaml:4:"]),
        (of("owner", &owner("{ command: ['false'] }")), &["`false` failed: exit status: 1", "t.yaml:4:"]),
        (of("base-url", "base_url: http://127.0.0.1:9/"), &["did you mean `base-url`?", "2 problems in 1 file"]),
        (target(NOWHERE) + "tls: { ca: no.pem }\n", &["`no.pem` cannot be read: No such file", "t.yaml:5:"]),
        (target(NOWHERE) + "tls: { ca: t.yaml }\n", &["`t.yaml` holds no PEM certificate", "t.yaml:5:"]),
        (target(NOWHERE) + "users: {}\n", &["the key `users` is there already", "t.yaml:5:"]),
    ];
    for (text, says) in wrong {
        write(dir.path(), "t.yaml", text);
        refused(dir.path(), &["run", "--target", "t.yaml"], 2, says);
    }
}

#[test]
fn a_key_in_the_file_is_refused_and_not_repeated() {
    let dir = folder();
    let key = "canary-0b1f";
    for place in [
        key.to_owned(),
        format!("{{ key: {key} }}"),
        format!("{{ {key} }}"),
        format!("{{ {key}: {key} }}"),
        format!("[{key}]"),
        format!("{{ env: [{key}] }}"),
        format!("{{ env: {{ {key}: 1 }} }}"),
        format!("\"{key}"),
        format!("\n      {key}"),
        format!("{{\n      {key}"),
    ] {
        let line = format!("  owner: {{ username: o, api-key: {place} }}");
        write(dir.path(), "t.yaml", with_line(&target(NOWHERE), "owner", &line));
        for command in [&["run", "--target", "t.yaml"][..], &["check", "t.yaml"]] {
            let said = say(dir.path(), command);
            assert_eq!(said.code, Some(2), "{said:?}");
            assert!(said.err.contains("t.yaml:4:") || said.err.contains("t.yaml:5:"), "{said:?}");
            assert!(!said.err.contains(key), "{command:?} with {place:?}: {}", said.err);
        }
    }
}

#[test]
fn what_is_no_target_file_is_named() {
    let dir = folder();
    write(dir.path(), "binary.yaml", b"name: t\nbase-url: \xff");
    write(dir.path(), "huge.yaml", vec![b'a'; 1024 * 1024]);
    write(dir.path(), "enormous.yaml", vec![b'a'; 9 * 1024 * 1024]);
    write(dir.path(), "empty.yaml", "");
    for (file, says) in [
        ("missing.yaml", "missing.yaml: No such file"),
        (".", "`.` is a folder, and a target file is due"),
        ("binary.yaml", "binary.yaml:2:11"),
        ("huge.yaml", "the file has 1048576 bytes, more than the 262144 that are read"),
        ("enormous.yaml", "enormous.yaml: larger than the 8388608 bytes that such a file may have"),
        ("empty.yaml", "empty.yaml:1:1"),
    ] {
        refused(dir.path(), &["run", "--target", file], 2, &[says]);
    }
}

#[test]
fn a_target_that_cannot_be_reached_leaves_the_run_undecided() {
    let dir = folder();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    write(dir.path(), "t.yaml", target(&format!("http://{address}/api")));
    let says =
        [&format!("error: http://{address}/api cannot be reached: Connection refused"), "is the target running?"];
    refused(dir.path(), &["run", "--target", "t.yaml"], 3, &says);
    let behind = format!("{}proxy: http://{address}/\n", target("https://api.example/api"));
    write(dir.path(), "behind.yaml", behind);
    let says = [&format!("the way leads through the proxy http://{address}/: is it running"), "is `base-url` right"];
    refused(dir.path(), &["run", "--target", "behind.yaml"], 3, &says);
}

#[test]
fn a_server_that_says_nothing_leaves_the_run_undecided() {
    let dir = folder();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    write(dir.path(), "t.yaml", target(&format!("http://{address}/api")));
    let says = ["gave no complete response within 200ms", "is `timeout` long enough?"];
    refused(dir.path(), &["run", "--target", "t.yaml", "--timeout", "200ms"], 3, &says);
}

#[test]
fn an_authority_that_did_not_sign_is_named() {
    let served = Served::start(&["--tls"]);
    let other = Served::start(&["--tls", "--seed", "2"]);
    let dir = folder();
    let other_target = other.target();
    let line = other_target.lines().find(|line| line.starts_with("tls:")).expect("an authority");
    write(dir.path(), "wrong.yaml", with_line(&served.target(), "tls", line));
    write(dir.path(), "none.yaml", with_line(&served.target(), "tls", "timeout: 10s"));
    for (file, advice) in [("wrong.yaml", "another authority of the same name"), ("none.yaml", "or by `--ca FILE`")] {
        let says = ["error: no TLS connection to https://127.0.0.1:", "invalid peer certificate", advice];
        refused(dir.path(), &["run", "--target", file], 3, &says);
    }
    let plain = served.target().replace("https://", "http://");
    write(dir.path(), "plain.yaml", plain);
    refused(dir.path(), &["run", "--target", "plain.yaml"], 3, &["does it speak plain HTTP there rather than HTTPS?"]);
}

/// Accepts connections and shows a certificate that was good until 2001.
fn serve_expired() -> (String, String) {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a name");
    (params.not_before, params.not_after) = (date_time_ymd(2000, 1, 1), date_time_ymd(2001, 1, 1));
    let certificate = params.self_signed(&key).expect("a certificate");
    let private = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)
        .expect("a configuration");
    let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").expect("a port"));
    let url = format!("https://{}/api", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(Arc::clone(&config)).expect("a connection");
            // The client hangs up as soon as it has seen the certificate.
            let _ = std::io::copy(&mut StreamOwned::new(connection, stream), &mut std::io::sink());
        }
    });
    (url, certificate.pem())
}

#[test]
fn a_certificate_that_has_expired_is_named() {
    let dir = folder();
    let (url, pem) = serve_expired();
    write(dir.path(), "ca.pem", pem);
    write(dir.path(), "t.yaml", target(&url) + "tls: { ca: ca.pem }\n");
    refused(dir.path(), &["run", "--target", "t.yaml"], 3, &["no TLS connection to https://127.0.0.1:", "expired"]);
}

#[test]
fn the_key_of_the_owner_must_be_right_and_that_of_others_is_doubted() {
    let served = Served::start(&[]);
    let dir = folder();
    write(dir.path(), "wrong.key", "wrong");
    let wrong = |user: &str| {
        let line = format!("  {user}: {{ username: \"{user}@example.com\", api-key: {{ file: wrong.key }} }}");
        with_line(&served.target(), user, &line)
    };
    write(dir.path(), "owner.yaml", wrong("owner"));
    let says = ["owner cannot log in at http://127.0.0.1:", "is the API key of `owner@example.com` the right one?"];
    refused(dir.path(), &["run", "--target", "owner.yaml", "lists.*"], 3, &says);
    write(dir.path(), "reader.yaml", wrong("reader"));
    let said = say(dir.path(), &["run", "--target", "reader.yaml", "lists.total-of-empty"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.err.contains("note: the root is refused to `reader` with 401"), "{said:?}");
}

/// How a run with a wrong key of one user ended: its exit code, and the reasons of what could not be judged.
fn with_wrong_key(served: &Served, user: &str, cases: &[&str]) -> (Option<i32>, Vec<String>, Vec<String>) {
    let dir = folder();
    write(dir.path(), "other.key", "not-this-one");
    let line = format!("  {user}: {{ username: \"{user}@example.com\", api-key: {{ file: other.key }} }}");
    write(dir.path(), "t.yaml", with_line(&served.target(), user, &line));
    let said = say(dir.path(), &[&["run", "--target", "t.yaml", "--reports", "r"], cases].concat());
    let text = fs::read_to_string(dir.path().join("r/run.json")).unwrap_or_else(|error| panic!("{error}: {said:?}"));
    let run: Value = serde_json::from_str(&text).expect("JSON");
    let results = run["results"].as_array().expect("results");
    let of = |verdict: &str, member: &str| -> Vec<String> {
        let those = results.iter().filter(|it| it["verdict"] == verdict);
        those.map(|it| it.pointer(member).and_then(Value::as_str).unwrap_or_default().to_owned()).collect()
    };
    (said.code, of("inconclusive", "/reason/obstacle/user"), of("fail", "/id"))
}

#[test]
fn what_needs_a_user_whose_key_is_wrong_is_not_held_against_the_target() {
    let served = Served::start(&[]);
    let (code, reasons, failed) = with_wrong_key(&served, "reader", &["auth.read-only-*", "auth.wrong-key-*"]);
    assert_eq!((code, failed.as_slice()), (Some(3), &[][..]));
    assert!(!reasons.is_empty() && reasons.iter().all(|it| it == "reader"), "{reasons:?}");
}

#[test]
fn a_fault_is_still_caught_beside_a_user_whose_key_is_wrong() {
    let served = Served::start(&["--fault", "total-missing"]);
    let (code, _, failed) = with_wrong_key(&served, "reader", &["lists.fields"]);
    assert!(code == Some(1) && failed.iter().any(|id| id.starts_with("lists.fields[")), "{code:?} {failed:?}");
}

#[test]
fn a_base_url_at_which_nothing_is_leaves_the_run_undecided() {
    let served = Served::start(&[]);
    let dir = folder();
    write(dir.path(), "t.yaml", served.target().replace("/api/atlas/v1.0", "/api/atlas/v9"));
    let says =
        ["error: nothing is at http://127.0.0.1:", "/api/atlas/v9: it answers 404, as do ", "is the base URL right"];
    refused(dir.path(), &["run", "--target", "t.yaml"], 3, &says);
}

#[test]
fn reports_that_cannot_be_written_are_named_before_anything_is_judged() {
    let served = Served::start(&[]);
    let dir = folder();
    write(dir.path(), "t.yaml", served.target());
    for (reports, says) in [("t.yaml/below", "t.yaml/below: not a directory"), ("t.yaml", "t.yaml: not a directory")] {
        refused(dir.path(), &["run", "--target", "t.yaml", "--reports", reports], 2, &[says]);
    }
    assert_eq!(fs::read_dir(dir.path()).expect("a folder").count(), 1, "nothing half-written");
}

#[test]
fn parameters_that_grow_beyond_all_bounds_are_told_with_their_line() {
    let dir = folder();
    let many = |name: &str| format!("{{{name}}}").repeat(500);
    let parameters = ["a", "b", "c", "d", "e"].windows(2).map(|two| format!("  {}: \"{}\"\n", two[0], many(two[1])));
    let text = format!("{}parameters:\n{}  e: x\n", target(NOWHERE), parameters.collect::<String>());
    write(dir.path(), "t.yaml", text);
    for command in [&["check", "t.yaml"][..], &["run", "--target", "t.yaml"]] {
        refused(dir.path(), command, 2, &["t.yaml:6:", "the templates give too much: more than 16 MiB of text"]);
    }
}
