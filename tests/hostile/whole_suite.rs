//! The whole suite, within this process, against servers that answer everything in one hostile way.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::scripted::{Reply, Seen, Server, answer, ok};
use atlaspec::cli::{self, Embedded};
use atlaspec::clock::Clock;
use atlaspec::reason::Reason;
use atlaspec::record::{Conclusion, Event, Outcome, Run, Selection};
use atlaspec::report::{Format, render};
use atlaspec::run::Engine;
use atlaspec::suite::{Filters, Plan, Suite, plan};
use atlaspec::target::Target;
use secrecy::ExposeSecret as _;
use url::Url;

/// The time of one exchange; what a hostile server drags out ends here.
const TIMEOUT: Duration = Duration::from_secs(1);
/// No run takes longer, however slow the machine: the suite has more cases than this has seconds.
const BOUND: Duration = Duration::from_secs(90);

fn suite() -> Arc<Suite> {
    Arc::new(cli::embedded().expect("the embedded suite"))
}

/// What the reference server's target file says, at another address.
async fn target_at(url: &Url) -> Target {
    let (embedded, target) = Embedded::start().await.expect("the reference server");
    embedded.stop().await;
    let mut base_url = url.clone();
    base_url.set_path("/api/atlas/v1.0");
    Target { base_url, timeout: TIMEOUT, ..target }
}

fn engine(suite: &Arc<Suite>, target: Target, clock: Clock) -> Arc<Engine> {
    Arc::new(Engine::new(Arc::clone(suite), Arc::new(target), clock, "hostile").expect("an engine"))
}

fn planned(engine: &Engine, suite: &Suite, target: &Target, ids: &[&str]) -> Plan {
    let filters = Filters { ids: ids.iter().map(|&id| id.to_owned()).collect(), ..Filters::default() };
    plan(suite, &|need| target.has(need), &engine.scope(), &filters).expect("a plan")
}

/// Runs the cases of these ids against such a server; with its reports, which hold no key.
async fn judged(ids: &[&str], behaviour: impl FnMut(&Seen) -> Reply + Send + 'static) -> (Run, Server) {
    let server = Server::start(behaviour).await;
    let target = target_at(&server.url).await;
    let suite = suite();
    let engine = engine(&suite, target.clone(), Clock::adjustable());
    let plan = planned(&engine, &suite, &target, ids);
    let mut nobody = |_: Event<'_>| {};
    let running = engine.run(plan, Selection::everything(), 64, &mut nobody);
    let run = tokio::time::timeout(BOUND, running).await.expect("the run ends");
    assert_eq!(run.counts.of(Outcome::Defect), 0, "{:?}", reasons(&run, Outcome::Defect));
    for format in [Format::Json, Format::Html, Format::Junit, Format::Markdown] {
        let report = render(&run, format, &|_| None);
        assert!(!report.contains('\u{1b}'), "{format:?} carries an escape");
        assert!(target.users.values().all(|user| !report.contains(user.key.expose_secret())), "{format:?}");
    }
    (run, server)
}

fn reasons(run: &Run, outcome: Outcome) -> Vec<(&str, Option<&Reason>)> {
    let ended = run.results.iter().filter(|result| result.verdict == outcome);
    ended.map(|result| (result.id.as_str(), result.reason.as_ref())).collect()
}

/// The list that most cases about lists read, as the server under test would answer it.
fn page(seen: &Seen, results: &str, links: &str) -> Reply {
    let link = format!("{{\"rel\":\"self\",\"href\":\"http://{}{}\"}}", seen.header("host").unwrap_or(""), seen.target);
    ok_json(&format!("{{\"totalCount\":250,\"results\":[{results}],\"links\":[{link}{links}]}}"))
}

fn ok_json(body: &str) -> Reply {
    answer("200 OK", &["content-type: application/json".to_owned()], body)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_body() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n[";
    let (run, _) =
        judged(&["fields.*"], move |_| Reply::Endless(head.as_bytes().to_vec(), vec![b'1'; 64 * 1024])).await;
    assert_ne!(run.conclusion, Conclusion::Conformant);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_byte_after_the_first() {
    let (run, _) = judged(&[], |_| Reply::Stall(b"H".to_vec())).await;
    assert_eq!(run.conclusion, Conclusion::Undecided, "{:?}", reasons(&run, Outcome::Fail));
    // Silence is as good as a refusal only where plain HTTP is tried.
    let passed = reasons(&run, Outcome::Pass);
    assert!(passed.iter().all(|(id, _)| id.starts_with("auth.no-plain-http")), "{passed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_are_closed_at_once() {
    let (run, _) = judged(&[], |_| Reply::Close(Vec::new())).await;
    assert_ne!(run.conclusion, Conclusion::Conformant);
}

#[tokio::test(flavor = "multi_thread")]
async fn lengths_that_are_wrong() {
    let lengths = ["99999999999999999999", "7", "-1", "1, 2"];
    let turn = AtomicUsize::new(0);
    let (run, _) = judged(&["lists.*", "entities.*", "errors.*"], move |_| {
        let length = lengths[turn.fetch_add(1, Ordering::Relaxed) % lengths.len()];
        Reply::Close(format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{{}}").into_bytes())
    })
    .await;
    assert_ne!(run.conclusion, Conclusion::Conformant);
}

#[tokio::test(flavor = "multi_thread")]
async fn json_ten_thousand_deep_with_escapes_and_a_huge_nonce() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let escapes = r#"{"\u001b[2J\u001b]0;owned\u0007":"\u001b[31mred","error":"\u001b[1m","links":"\u202e"}"#;
    let bodies = [deep, escapes.to_owned(), "\u{1b}[2J".to_owned(), "\u{feff}{}".to_owned(), "1e999999".to_owned()];
    let turn = AtomicUsize::new(0);
    let (run, _) = judged(&[], move |_| ok_json(&bodies[turn.fetch_add(1, Ordering::Relaxed) % bodies.len()])).await;
    assert_eq!(run.conclusion, Conclusion::NonConformant);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_next_that_loops() {
    let (run, _) = judged(&["lists.*"], |seen| {
        let next = format!(",{{\"rel\":\"next\",\"href\":\"{}\"}}", seen.target);
        page(seen, "", &next)
    })
    .await;
    assert_eq!(run.conclusion, Conclusion::NonConformant);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_next_that_never_ends() {
    let turn = AtomicUsize::new(0);
    let (run, _) = judged(&["lists.*"], move |seen| {
        let next = format!(",{{\"rel\":\"next\",\"href\":\"/p/{}\"}}", turn.fetch_add(1, Ordering::Relaxed));
        page(seen, "", &next)
    })
    .await;
    assert_eq!(run.conclusion, Conclusion::NonConformant);
}

#[tokio::test(flavor = "multi_thread")]
async fn links_and_redirects_that_lead_to_another_origin_take_no_credentials_there() {
    let elsewhere = Server::start(|_| ok("{}")).await;
    let away = elsewhere.at("/stolen");
    let challenge = "www-authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"".to_owned();
    let (run, server) = judged(&["lists.*", "links.*", "methods.*", "auth.*"], move |seen| {
        if seen.header("authorization").is_none() {
            answer("401 Unauthorized", std::slice::from_ref(&challenge), "{}")
        } else if seen.target.contains("hosts") {
            answer("302 Found", &[format!("location: {away}")], "")
        } else if seen.method == "POST" {
            answer(
                "201 Created",
                &[format!("location: {away}")],
                &format!("{{\"links\":[{{\"rel\":\"self\",\"href\":\"{away}\"}}]}}"),
            )
        } else {
            page(seen, "", &format!(",{{\"rel\":\"next\",\"href\":\"{away}\"}},{{\"rel\":\"x\",\"href\":\"{away}\"}}"))
        }
    })
    .await;
    assert_eq!(run.conclusion, Conclusion::NonConformant);
    assert!(server.seen().iter().any(|seen| seen.header("authorization").is_some()));
    for seen in elsewhere.seen() {
        assert_eq!((seen.header("authorization"), seen.body.len()), (None, 0), "{seen:?}");
        assert_eq!(seen.method, "GET", "nothing is changed at another origin");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_on_every_answer_for_ever() {
    let turn = AtomicUsize::new(0);
    let (run, server) = judged(&[], move |_| {
        let nonce = turn.fetch_add(1, Ordering::Relaxed);
        let challenge = format!("www-authenticate: Digest realm=\"r\", nonce=\"{nonce}\", qop=\"auth\", stale=true");
        answer("401 Unauthorized", &[challenge, "content-type: application/json".to_owned()], "{}")
    })
    .await;
    assert_ne!(run.conclusion, Conclusion::Conformant);
    assert!(server.seen().len() < 20_000, "{}", server.seen().len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nonce_of_a_megabyte() {
    let nonce = "n".repeat(1 << 20);
    let (run, _) = judged(&["fields.*", "pretty.*"], move |_| {
        let challenge = format!("www-authenticate: Digest realm=\"r\", nonce=\"{nonce}\", qop=\"auth\"");
        answer("401 Unauthorized", &[challenge], "{}")
    })
    .await;
    assert_ne!(run.conclusion, Conclusion::Conformant);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_for_ever() {
    for status in ["429 Too Many Requests", "503 Service Unavailable"] {
        let (run, server) = judged(&["lists.*", "fields.*", "methods.*"], move |_| {
            answer(status, &["retry-after: 1".to_owned(), "content-type: application/json".to_owned()], "{}")
        })
        .await;
        assert_ne!(run.conclusion, Conclusion::Conformant);
        // Once somebody has waited in vain, nobody waits any more.
        assert!(server.seen().len() < 3_000, "{status}: {}", server.seen().len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_closed_under_a_read_is_no_obstacle_and_said() {
    let ids = ["lists.total-of-empty"];
    let turn = AtomicUsize::new(0);
    let (run, server) = judged(&ids, move |seen| {
        // The first request is answered and the connection kept; it is closed when the second one arrives.
        match turn.fetch_add(1, Ordering::Relaxed) {
            0 => Reply::Close(Vec::new()),
            _ => page(seen, "", ""),
        }
    })
    .await;
    let tests: Vec<_> = run.results.iter().filter(|result| result.id.starts_with(ids[0])).collect();
    assert!(!tests.is_empty());
    for result in &tests {
        assert_ne!(result.verdict, Outcome::Inconclusive, "{:?}", result.reason);
        assert_eq!(result.resent.throttled, 0);
    }
    assert_eq!(tests.iter().map(|result| result.resent.dropped).sum::<usize>(), 1);
    assert!(server.seen().len() >= 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_is_never_sent_again() {
    let (_, server) = judged(&["methods.*"], |seen| match seen.method.as_str() {
        "GET" | "HEAD" => page(seen, "", ""),
        _ => Reply::Close(Vec::new()),
    })
    .await;
    let mut bodies: Vec<Vec<u8>> = Vec::new();
    for seen in server.seen().into_iter().filter(|seen| seen.method == "POST") {
        let text = String::from_utf8_lossy(&seen.body).into_owned();
        // The unique value of a document tells one request of the suite from another.
        assert!(!text.contains("hostile-") || !bodies.contains(&seen.body), "sent twice: {text}");
        bodies.push(seen.body);
    }
    assert!(!bodies.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_run_keeps_what_it_judged_and_is_undecided() {
    let (embedded, target) = Embedded::start().await.expect("the reference server");
    let suite = suite();
    // Real time: one case waits for a nonce to expire until it is cut short.
    let engine = engine(&suite, target.clone(), Clock::real());
    let plan = planned(&engine, &suite, &target, &["auth.nonce-lifetime", "lists.*"]);
    let stop = engine.stop();
    let mut finished = 0;
    let mut observe = |event: Event<'_>| {
        if let Event::CaseFinished(_) = event {
            finished += 1;
            if finished == 3 {
                stop.ask();
            }
        }
    };
    let running = engine.run(plan, Selection::everything(), 2, &mut observe);
    let run = tokio::time::timeout(Duration::from_secs(20), running).await.expect("the wait is cut short");
    embedded.stop().await;
    assert!(run.selection.interrupted);
    assert_eq!((run.conclusion, run.exit_code()), (Conclusion::Undecided, 3), "{:?}", reasons(&run, Outcome::Fail));
    let waiting = run.results.iter().find(|result| result.id == "auth.nonce-lifetime").expect("the case");
    assert_eq!((waiting.verdict, &waiting.reason), (Outcome::Inconclusive, &Some(Reason::Interrupted)));
    assert!(run.counts.of(Outcome::Pass) >= 3);
    let not_run = reasons(&run, Outcome::NotSelected);
    assert!(not_run.iter().any(|(id, reason)| id.starts_with("lists.") && *reason == Some(&Reason::Interrupted)));
}
