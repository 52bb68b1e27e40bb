//! Logging in: as few exchanges as can be, and never a write twice.

use std::sync::atomic::{AtomicI32, Ordering};

use atlaspec::client::{Client, Sent};
use atlaspec::clock::Clock;
use atlaspec::exchange::{Obstacle, Request, Role};

use super::digest::{LASTING, Ledger, Next, Nonces, Worn, credentials, refuse, respond, start};
use super::server::{KEY, Server, answer, answered, by_owner, ok, raw, target, worker, worker_for};

/// Status and role of each exchange.
fn course(sent: &Sent) -> Vec<(u16, Role)> {
    assert_eq!(sent.obstacle, None);
    sent.exchanges.iter().map(|exchange| (exchange.response.status, exchange.role)).collect()
}

const CHALLENGED: (u16, Role) = (401, Role::Challenge);
const ACCEPTED: (u16, Role) = (200, Role::Asked);
const REFUSED: (u16, Role) = (401, Role::Asked);

#[tokio::test]
async fn after_the_first_a_request_costs_one_exchange_and_its_count_rises() {
    let (server, _) = start(LASTING).await;
    let mut worker = worker(&server);
    let url = server.at("/api/x?a=b%20c&d='");
    assert_eq!(course(&worker.send(by_owner("GET", url.clone())).await), [CHALLENGED, ACCEPTED]);
    for method in ["GET", "HEAD", "DELETE"] {
        assert_eq!(course(&worker.send(by_owner(method, url.clone())).await), [ACCEPTED], "{method}");
    }
    assert_eq!(course(&worker.send(raw(by_owner("GET", url.clone()))).await), [ACCEPTED]);
    let counts: Vec<u32> = server.seen().iter().filter_map(credentials).map(|read| read.nc).collect();
    assert_eq!(counts, [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn users_and_sources_have_nonces_of_their_own() {
    let (server, _) = start(LASTING).await;
    let mut worker = worker(&server);
    let other = Request { user: Some("other".to_owned()), ..by_owner("GET", server.url.clone()) };
    let elsewhere = Request { source: Some("second".to_owned()), ..by_owner("GET", server.url.clone()) };
    for request in [by_owner("GET", server.url.clone()), other, elsewhere.clone(), raw(elsewhere)] {
        let fresh = request.connection == atlaspec::exchange::Connection::Pooled;
        let expected: &[_] = if fresh { &[CHALLENGED, ACCEPTED] } else { &[ACCEPTED] };
        assert_eq!(course(&worker.send(request).await), expected);
    }
    let from: Vec<String> = server.seen().iter().map(|seen| seen.peer.ip().to_string()).collect();
    assert_eq!(from[..4], ["127.0.0.1"; 4]);
    assert_eq!(from[4..], ["127.0.0.2"; 3]);
}

#[tokio::test]
async fn a_worn_nonce_is_renewed_whether_or_not_the_server_says_stale() {
    for worn in [Worn::Stale, Worn::Unsaid] {
        let (server, _) = start(Nonces { uses: 2, worn, next: Next::Unnamed }).await;
        let mut worker = worker(&server);
        let mut courses = Vec::new();
        for _ in 0..4 {
            courses.push(course(&worker.send(by_owner("GET", server.url.clone())).await));
        }
        let renewed = vec![CHALLENGED, ACCEPTED];
        assert_eq!(courses, [renewed.clone(), vec![ACCEPTED], renewed, vec![ACCEPTED]], "{worn:?}");
    }
}

#[tokio::test]
async fn nonces_for_one_use_work_and_the_next_one_is_taken_where_it_is_named() {
    for (next, later) in [(Next::Unnamed, vec![CHALLENGED, ACCEPTED]), (Next::Named, vec![ACCEPTED])] {
        let (server, _) = start(Nonces { uses: 1, worn: Worn::Stale, next }).await;
        let mut worker = worker(&server);
        assert_eq!(course(&worker.send(by_owner("GET", server.url.clone())).await), [CHALLENGED, ACCEPTED]);
        for _ in 0..2 {
            assert_eq!(course(&worker.send(by_owner("GET", server.url.clone())).await), later, "{next:?}");
        }
    }
}

#[tokio::test]
async fn the_stronger_of_two_challenges_is_answered() {
    let server = Server::start(|seen| {
        let lines = ["MD5", "SHA-256"].map(|name| {
            format!(
                "www-authenticate: Digest realm=\"r\", nonce=\"{name}\", algorithm={name}, qop=\"auth\", opaque=\"o\""
            )
        });
        if credentials(seen).is_some() { ok("{}") } else { answer("401 Unauthorized", &lines, "") }
    })
    .await;
    assert_eq!(course(&worker(&server).send(by_owner("GET", server.url.clone())).await), [CHALLENGED, ACCEPTED]);
    let read = credentials(&server.seen()[1]).unwrap();
    assert_eq!((read.nonce.as_str(), read.opaque.as_deref()), ("SHA-256", Some("o")));
}

#[tokio::test]
async fn a_refusal_of_the_right_answer_is_the_answer_and_the_session_goes_on() {
    let ledger = Ledger::default();
    let server =
        Server::start(
            move |seen| {
                if seen.target == "/closed" { refuse(&ledger, "") } else { respond(&ledger, LASTING, seen) }
            },
        )
        .await;
    let mut worker = worker(&server);
    for _ in 0..2 {
        assert_eq!(course(&worker.send(by_owner("GET", server.at("/closed"))).await), [CHALLENGED, REFUSED]);
    }
    assert_eq!(course(&worker.send(by_owner("GET", server.at("/open"))).await), [ACCEPTED]);
}

#[tokio::test]
async fn a_server_that_calls_every_nonce_stale_is_not_asked_for_ever() {
    let ledger = Ledger::default();
    let server = Server::start(move |_| refuse(&ledger, ", stale=true")).await;
    let sent = worker(&server).send(by_owner("GET", server.url.clone())).await;
    assert_eq!(course(&sent), [CHALLENGED, CHALLENGED, CHALLENGED, REFUSED]);
}

#[tokio::test]
async fn a_nonce_that_outlives_its_time_on_the_way_is_renewed_more_often() {
    let begun = chrono::DateTime::UNIX_EPOCH;
    let clock = Clock::real().standing_at(begun);
    let (ledger, slow, asked) = (Ledger::default(), clock.clone(), AtomicI32::new(0));
    let server = Server::start(move |seen| {
        let asked = asked.fetch_add(1, Ordering::SeqCst);
        if asked == 6 {
            return respond(&ledger, LASTING, seen);
        }
        slow.turn_to(begun + chrono::TimeDelta::hours(asked.into()));
        refuse(&ledger, ", stale=true")
    })
    .await;
    let mut worker = Client::new(&target(&server.url), clock).unwrap().worker();
    let sent = course(&worker.send(by_owner("GET", server.url.clone())).await);
    assert_eq!(sent, [[CHALLENGED; 6].as_slice(), &[ACCEPTED]].concat());
}

fn post(server: &Server) -> Request {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Request { body: Some(b"{\"a\":1}".to_vec()), headers, ..by_owner("POST", server.url.clone()) }
}

#[tokio::test]
async fn a_write_fetches_its_nonce_with_a_get_and_is_sent_once() {
    let (server, _) = start(LASTING).await;
    assert_eq!(course(&worker(&server).send(post(&server)).await), [CHALLENGED, ACCEPTED]);
    let seen: Vec<(String, usize, bool)> = server
        .seen()
        .iter()
        .map(|seen| (seen.method.clone(), seen.body.len(), seen.header("content-type").is_some()))
        .collect();
    assert_eq!(seen, [("GET".to_owned(), 0, false), ("POST".to_owned(), 7, true)]);
}

#[tokio::test]
async fn a_write_to_a_server_without_locks_is_carried_out_once() {
    let server = Server::start(|_| ok("{}")).await;
    for method in ["POST", "DELETE"] {
        let request = Request { method: method.to_owned(), ..post(&server) };
        let before = server.seen().len();
        assert_eq!(course(&worker(&server).send(request).await), [(200, Role::Challenge), ACCEPTED]);
        let methods: Vec<String> = server.seen()[before..].iter().map(|seen| seen.method.clone()).collect();
        assert_eq!(methods, ["GET", method]);
    }
}

#[tokio::test]
async fn where_only_writes_are_locked_the_write_itself_is_challenged() {
    let ledger = Ledger::default();
    let server =
        Server::start(move |seen| if seen.method == "GET" { ok("{}") } else { respond(&ledger, LASTING, seen) }).await;
    let sent = worker(&server).send(post(&server)).await;
    assert_eq!(course(&sent), [(200, Role::Challenge), CHALLENGED, ACCEPTED]);
}

#[tokio::test]
async fn a_challenge_that_cannot_be_answered_is_an_obstacle() {
    for line in [
        "www-authenticate: Basic realm=\"r\"",
        "x: y",
        "www-authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=SHA-1",
    ] {
        let server = Server::start(move |_| answer("401 Unauthorized", &[line.to_owned()], "")).await;
        for method in ["GET", "POST"] {
            let sent = worker(&server).send(by_owner(method, server.url.clone())).await;
            let reason = "the 401 holds no Digest challenge that can be answered".to_owned();
            let expected = Obstacle::NoLogin { user: "owner".to_owned(), url: server.url.to_string(), reason };
            assert_eq!(sent.obstacle, Some(expected), "{line}");
            assert_eq!(sent.exchanges.len(), 1);
        }
    }
}

#[tokio::test]
async fn credentials_never_leave_the_origin() {
    let (home, _) = start(LASTING).await;
    let foreign = Server::start(|_| ok("{}")).await;
    let mut worker = worker(&home);
    worker.send(by_owner("GET", home.url.clone())).await;
    let mut with_cookie = Request::new("GET", foreign.url.clone());
    with_cookie.headers = vec![("Cookie".to_owned(), "a=b".to_owned())];
    for request in [by_owner("GET", foreign.url.clone()), raw(by_owner("GET", foreign.url.clone())), with_cookie] {
        let sent = worker.send(request).await;
        assert_eq!(sent.obstacle, Some(Obstacle::ForeignOrigin { url: foreign.url.to_string() }));
        assert!(sent.exchanges.is_empty());
    }
    assert!(foreign.seen().is_empty());
    answered(&worker.send(Request::new("GET", foreign.url.clone())).await);
    assert_eq!(foreign.seen()[0].header("authorization"), None);
}

#[tokio::test]
async fn what_cannot_be_sent_says_why() {
    let (server, _) = start(LASTING).await;
    let mut worker = worker(&server);
    let user = Request { user: Some("ghost".to_owned()), ..Request::new("GET", server.url.clone()) };
    let source = Request { source: Some("moon".to_owned()), ..Request::new("GET", server.url.clone()) };
    let mut secret = server.url.clone();
    secret.set_password(Some("pw")).unwrap();
    let cases = [
        (user, "the target file has no user `ghost`"),
        (source, "the target file has no source address `moon`"),
        (Request::new("GET", secret), "a URL with a user or a password in it is not requested"),
        (Request::new("GET", "ftp://h/".parse().unwrap()), "ftp://h/ is no http or https URL"),
    ];
    for (request, reason) in cases {
        assert_eq!(worker.send(request).await.obstacle, Some(Obstacle::Unsendable { reason: reason.to_owned() }));
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn the_headers_recorded_are_those_that_went_out() {
    let (server, _) = start(LASTING).await;
    for request in [post(&server), raw(post(&server))] {
        let sent = worker(&server).send(request).await;
        answered(&sent);
        let mut recorded = sent.exchanges.last().unwrap().request.headers.clone();
        let mut seen = server.seen().last().unwrap().headers.clone();
        recorded.sort();
        seen.sort();
        assert_eq!(recorded, seen);
    }
}

#[tokio::test]
async fn workers_can_be_moved_between_threads_and_show_no_key() {
    let (server, _) = start(LASTING).await;
    let target = target(&server.url);
    let mut worker = worker_for(&target);
    let request = by_owner("GET", server.url.clone());
    let sent = tokio::spawn(async move { worker.send(request).await }).await.unwrap();
    assert!(!format!("{sent:?} {target:?}").contains(KEY));
}
