//! How many recorded exchanges are judged in a second, by one core, and in how much memory.
//!
//! `cargo bench --bench audit` makes a recording of exchanges whose answers are 2 KB long, half of them pages of a list
//! and half entities, one in fifty an error; judges it; and prints the speed, the largest memory that was in use, and the
//! ratio to the speed of jq on the same file, if that is installed. An argument is the number of exchanges: `cargo bench --bench audit -- 200000`.
#![expect(clippy::disallowed_macros, reason = "a benchmark prints what it measured")]

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::process::{Command, Stdio};
use std::time::Instant;

use atlaspec::audit::Audit;
use atlaspec::check::Facts;
use atlaspec::cli;
use chrono::DateTime;
use serde_json::{Value, json};
use url::Url;

// The one of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const BASE: &str = "https://api.example/api/atlas/v1.0";

fn main() {
    // Cargo and test runners add options of their own.
    let wanted = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let entries: usize = wanted.unwrap_or(20_000);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("traffic.har");
    write(&path, entries).expect("a recording");
    let bytes = path.metadata().expect("a file").len();
    let suite = cli::embedded().expect("a suite");
    let mut audit = Audit::new(&suite, Facts::of(Url::parse(BASE).expect("a URL"))).expect("an audit");
    let begun = Instant::now();
    let reader = BufReader::with_capacity(256 * 1024, File::open(&path).expect("a file"));
    let heard = audit.recording("traffic.har", reader).expect("a recording").clone();
    let took = begun.elapsed().as_secs_f64();
    let account = audit.finish(DateTime::UNIX_EPOCH, 0);
    assert_eq!(heard.judged, entries);
    assert_eq!(account.groups.len(), 0, "{:?}", account.groups.first());
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    let (speed, rate) = (entries as f64 / took, bytes as f64 / took / 1e6);
    println!("{entries} exchanges of {} bytes in {took:.2} s", bytes / entries as u64);
    println!("{speed:.0} exchanges a second, {rate:.0} MB a second, on one core");
    if let Some(memory) = peak() {
        println!("{memory} at most in memory");
    }
    match jq(&path) {
        Some(seconds) => {
            println!("{:.2} times as fast as jq, which reads the statuses in {seconds:.2} s", seconds / took);
        }
        None => println!("jq is not installed: nothing to compare with"),
    }
}

/// How long jq takes to read the status of each entry: the speed of a machine, for comparing figures of two machines.
fn jq(path: &std::path::Path) -> Option<f64> {
    let begun = Instant::now();
    let mut jq = Command::new("jq");
    let status = jq.arg(".log.entries[].response.status").arg(path).stdout(Stdio::null()).status().ok()?;
    status.success().then(|| begun.elapsed().as_secs_f64())
}

/// The largest memory of this process, where the system tells.
fn peak() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map(|size| size.trim().to_owned())
}

fn write(path: &std::path::Path, entries: usize) -> std::io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    write!(out, r#"{{"log":{{"version":"1.2","creator":{{"name":"bench","version":"1"}},"entries":["#)?;
    for number in 0..entries {
        if number > 0 {
            out.write_all(b",\n")?;
        }
        serde_json::to_writer(&mut out, &entry(number))?;
    }
    out.write_all(b"]}}")?;
    out.flush()
}

fn entry(number: usize) -> Value {
    let (path, status, body) = match number {
        _ if number % 50 == 49 => {
            let body = json!({"error": 404, "reason": "Not Found", "detail": format!("There is no host {number}.")});
            (format!("/groups/5a{number}/hosts/{number}"), 404, body)
        }
        _ if number.is_multiple_of(2) => {
            (format!("/groups/5a{number}/hosts?pageNum=2&itemsPerPage=5"), 200, page(number))
        }
        _ => (format!("/groups/5a{number}/clusters/c{number}"), 200, cluster(number)),
    };
    let text = body.to_string();
    let header = |name: &str, value: &str| json!({"name": name, "value": value});
    json!({
        "startedDateTime": "2016-01-31T10:00:00.000Z",
        "time": 12.5,
        "request": {
            "method": "GET", "url": format!("{BASE}{path}"), "httpVersion": "HTTP/1.1", "cookies": [], "queryString": [],
            "headers": [
                header("Host", "api.example"), header("Accept", "*/*"), header("User-Agent", "bench/1"),
                header("Authorization", "Digest username=\"me\", realm=\"r\", nonce=\"n\", uri=\"/x\", response=\"[redacted]\""),
            ],
            "headersSize": -1, "bodySize": 0,
        },
        "response": {
            "status": status, "statusText": "OK", "httpVersion": "HTTP/1.1", "cookies": [], "redirectURL": "",
            "headers": [
                header("Content-Type", "application/json"), header("Date", "Sun, 31 Jan 2016 10:00:00 GMT"),
                header("Content-Length", &text.len().to_string()), header("Connection", "keep-alive"),
            ],
            "content": {"size": text.len(), "mimeType": "application/json", "text": text},
            "headersSize": -1, "bodySize": text.len(),
        },
        "cache": {}, "timings": {"send": 0, "wait": 12, "receive": 0.5},
    })
}

fn link(rel: &str, path: &str) -> Value {
    json!({"rel": rel, "href": format!("{BASE}{path}")})
}

fn page(number: usize) -> Value {
    let list = format!("/groups/5a{number}/hosts");
    let host = |at: usize| {
        json!({
            "id": format!("{number:024x}{at}"), "groupId": format!("5a{number}"), "hostname": format!("host-{at}.example"),
            "port": 27017, "created": "2016-01-31T10:00:00Z", "lastPing": "2016-01-31T10:00:00Z", "version": "3.2.1",
            "replicaStateName": "PRIMARY", "hasStartupWarnings": false, "slowMs": 100, "alertsEnabled": true,
            "links": [link("self", &format!("{list}/{number:024x}{at}"))],
        })
    };
    json!({
        "totalCount": 40,
        "results": (0..5).map(host).collect::<Vec<_>>(),
        "links": [
            link("self", &format!("{list}?pageNum=2&itemsPerPage=5")),
            link("previous", &format!("{list}?pageNum=1&itemsPerPage=5")),
            link("next", &format!("{list}?pageNum=3&itemsPerPage=5")),
        ],
    })
}

fn cluster(number: usize) -> Value {
    let own = format!("/groups/5a{number}/clusters/c{number}");
    let member = |at: usize| {
        json!({
            "name": format!("shard-{at}"), "host": format!("host-{at}.example:27017"), "priority": at, "votes": 1,
            "diskSizeGB": 40, "optime": {"date": "2016-01-31T10:00:00Z", "increment": at}, "tags": ["a", "b", "c"],
        })
    };
    json!({
        "id": format!("c{number}"), "name": format!("cluster {number}"), "created": "2016-01-31T10:00:00Z",
        "members": (0..9).map(member).collect::<Vec<_>>(),
        "settings": {"backupEnabled": true, "ssl": "REQUIRED", "timeoutSeconds": 30, "note": "text \"quoted\" and ünïcode"},
        "links": [link("self", &own), link("up", &format!("/groups/5a{number}"))],
    })
}
