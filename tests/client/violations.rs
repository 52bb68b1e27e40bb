//! Each deliberate violation is what it says it is, and leaves the good session alone.

use atlaspec::client::Worker;
use atlaspec::exchange::{Credentials, Obstacle, Request, Role};
use data_encoding::BASE64;

use super::digest::{LASTING, Ledger, credentials, proves, refuse, respond, start};
use super::server::{KEY, Seen, Server, answer, answered, by_owner, ok, worker};

async fn logged_in() -> (Server, Ledger, Worker) {
    let (server, ledger) = start(LASTING).await;
    let mut worker = worker(&server);
    assert_eq!(answered(&worker.send(by_owner("GET", server.url.clone())).await).status, 200);
    (server, ledger, worker)
}

/// Sends a request with these credentials: it must be refused, in this many exchanges, and the session must go on.
async fn refused(how: Credentials, exchanges: usize) -> (Seen, Ledger) {
    let (server, ledger, mut worker) = logged_in().await;
    let url = server.at("/api/groups?a=b");
    let sent = worker.send(Request { credentials: how, ..by_owner("GET", url.clone()) }).await;
    assert_eq!(answered(&sent).status, 401);
    assert_eq!(sent.exchanges.len(), exchanges);
    let last = sent.exchanges.last().unwrap();
    assert_eq!((last.role, &last.request.url), (Role::Asked, &url));
    assert!(sent.exchanges[..exchanges - 1].iter().all(|exchange| exchange.role == Role::Challenge));
    let seen = server.seen().last().unwrap().clone();

    let after = worker.send(by_owner("GET", url)).await;
    assert_eq!((answered(&after).status, after.exchanges.len()), (200, 1));
    shows_no_key(&server);
    (seen, ledger)
}

fn shows_no_key(server: &Server) {
    for seen in server.seen() {
        let text = String::from_utf8_lossy(&seen.bytes).into_owned();
        assert!(!text.contains(KEY), "{text}");
        if let Some(pair) = text.split("Basic ").nth(1).and_then(|rest| rest.split('\r').next()) {
            let decoded = String::from_utf8(BASE64.decode(pair.as_bytes()).unwrap()).unwrap();
            assert!(!decoded.contains(KEY), "{decoded}");
        }
    }
}

#[tokio::test]
async fn wrong_key() {
    let (seen, ledger) = refused(Credentials::WrongKey, 2).await;
    let read = credentials(&seen).unwrap();
    assert!(proves(&read, &seen, &format!("{KEY}x"), "GET") && !proves(&read, &seen, KEY, "GET"));
    assert!(ledger.knows(&read.nonce));
    assert_eq!((read.username.as_str(), read.uri.as_str(), read.nc), ("ow ner", "/api/groups?a=b", 1));
}

#[tokio::test]
async fn key_of_another() {
    let (seen, _) = refused(Credentials::KeyOf("other".to_owned()), 2).await;
    let read = credentials(&seen).unwrap();
    assert!(proves(&read, &seen, "k2", "GET") && !proves(&read, &seen, KEY, "GET"));
    assert_eq!(read.username, "ow ner");
}

#[tokio::test]
async fn the_key_of_another_that_is_the_same_one_is_not_sent() {
    let (server, _, mut worker) = logged_in().await;
    let before = server.seen().len();
    let credentials = Credentials::KeyOf("owner".to_owned());
    let sent = worker.send(Request { credentials, ..by_owner("GET", server.url.clone()) }).await;
    let told = sent.obstacle.map(|obstacle| obstacle.to_string()).unwrap_or_default();
    assert!(told.contains("have the same key"), "{told}");
    assert_eq!(server.seen().len(), before);
}

#[tokio::test]
async fn unknown_user() {
    let (seen, ledger) = refused(Credentials::UnknownUser, 2).await;
    let read = credentials(&seen).unwrap();
    assert_eq!(read.username, "atlaspec-nobody");
    assert!(proves(&read, &seen, KEY, "GET") && ledger.knows(&read.nonce));
}

#[tokio::test]
async fn basic_with_a_wrong_key() {
    let (seen, _) = refused(Credentials::BasicWrongKey, 1).await;
    let pair = seen.header("authorization").unwrap().strip_prefix("Basic ").unwrap().to_owned();
    assert_eq!(BASE64.decode(pair.as_bytes()).unwrap(), b"ow ner:atlaspec-wrong-key");
}

#[tokio::test]
async fn invented_nonce() {
    let (seen, ledger) = refused(Credentials::InventedNonce, 1).await;
    let read = credentials(&seen).unwrap();
    assert!(!ledger.knows(&read.nonce) && proves(&read, &seen, KEY, "GET"));
    assert_eq!(read.realm, "r");
}

#[tokio::test]
async fn other_uri() {
    let (seen, ledger) = refused(Credentials::OtherUri, 2).await;
    let read = credentials(&seen).unwrap();
    assert_eq!((read.uri.as_str(), seen.target.as_str()), ("/api/groups?a=b&atlaspec=other", "/api/groups?a=b"));
    assert!(proves(&read, &seen, KEY, "GET") && ledger.knows(&read.nonce));
}

#[tokio::test]
async fn other_method() {
    let (seen, ledger) = refused(Credentials::OtherMethod, 2).await;
    let read = credentials(&seen).unwrap();
    assert!(proves(&read, &seen, KEY, "DELETE") && !proves(&read, &seen, KEY, "GET"));
    assert!(ledger.knows(&read.nonce));
}

#[tokio::test]
async fn a_head_is_signed_as_a_get() {
    let (server, _, mut worker) = logged_in().await;
    let head = by_owner("HEAD", server.at("/api/groups"));
    worker.send(Request { credentials: Credentials::OtherMethod, ..head }).await;
    let seen = server.seen().last().unwrap().clone();
    assert!(proves(&credentials(&seen).unwrap(), &seen, KEY, "GET"));
}

#[tokio::test]
async fn one_digit_changed() {
    let (seen, ledger) = refused(Credentials::OneDigitChanged, 2).await;
    let mut read = credentials(&seen).unwrap();
    assert!(!proves(&read, &seen, KEY, "GET") && ledger.knows(&read.nonce));
    let stem = read.response[..31].to_owned();
    let candidates = "0123456789abcdef".chars().map(|digit| format!("{stem}{digit}"));
    let right = candidates.filter(|candidate| {
        read.response.clone_from(candidate);
        proves(&read, &seen, KEY, "GET")
    });
    assert_eq!(right.count(), 1);
}

#[tokio::test]
async fn a_given_nonce_and_count() {
    let (server, _, mut worker) = logged_in().await;
    let nobody = worker.send(Request::new("GET", server.url.clone())).await;
    let challenge = answered(&nobody).header("www-authenticate").unwrap();
    let nonce = challenge.split("nonce=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for (count, status) in [(1, 200), (1, 401), (2, 200), (4, 401)] {
        let credentials = Credentials::Nonce { nonce: nonce.clone(), count };
        let sent = worker.send(Request { credentials, ..by_owner("GET", server.url.clone()) }).await;
        assert_eq!((answered(&sent).status, sent.exchanges.len()), (status, 1), "count {count}");
    }
    let read = credentials(server.seen().last().unwrap()).unwrap();
    assert_eq!((read.nonce, read.nc), (nonce, 4));
}

#[tokio::test]
async fn a_nonce_never_seen_is_sent_too() {
    let (server, _) = start(LASTING).await;
    let how = Credentials::Nonce { nonce: "from elsewhere".to_owned(), count: 7 };
    let sent = worker(&server).send(Request { credentials: how, ..by_owner("GET", server.url.clone()) }).await;
    assert_eq!((answered(&sent).status, sent.exchanges.len()), (401, 2));
    let read = credentials(server.seen().last().unwrap()).unwrap();
    assert_eq!((read.nonce.as_str(), read.realm.as_str(), read.nc), ("from elsewhere", "r", 7));
}

#[tokio::test]
async fn replayed_sends_the_last_accepted_credentials_again() {
    let (server, _, mut worker) = logged_in().await;
    let replay = Request { credentials: Credentials::Replayed, ..by_owner("GET", server.url.clone()) };
    let sent = worker.send(replay.clone()).await;
    assert_eq!((answered(&sent).status, sent.exchanges.len()), (401, 1));
    let seen = server.seen();
    let headers: Vec<_> = seen.iter().rev().take(2).map(|seen| seen.header("authorization")).collect();
    assert!(headers[0].is_some() && headers[0] == headers[1]);

    let elsewhere = Request { url: server.at("/api/new"), ..replay };
    let sent = worker.send(elsewhere).await;
    let statuses: Vec<u16> = sent.exchanges.iter().map(|exchange| exchange.response.status).collect();
    assert_eq!((sent.obstacle, statuses), (None, vec![200, 401]));
    assert_eq!(worker.send(by_owner("GET", server.url.clone())).await.exchanges.len(), 1);
}

#[tokio::test]
async fn nothing_can_be_replayed_where_nothing_is_accepted() {
    let ledger = Ledger::default();
    let server = Server::start(move |_| refuse(&ledger, "")).await;
    let replay = Request { credentials: Credentials::Replayed, ..by_owner("GET", server.url.clone()) };
    let Some(Obstacle::NoLogin { reason, .. }) = worker(&server).send(replay).await.obstacle else {
        panic!("no login was expected");
    };
    assert_eq!(reason, "no credentials were accepted that could be sent again");
}

#[tokio::test]
async fn a_violation_never_sends_a_write_without_credentials() {
    let ledger = Ledger::default();
    let server = Server::start(move |seen| respond(&ledger, LASTING, seen)).await;
    let post = Request { body: Some(b"{}".to_vec()), ..by_owner("POST", server.url.clone()) };
    for how in [Credentials::WrongKey, Credentials::OtherMethod, Credentials::OneDigitChanged] {
        assert_eq!(answered(&worker(&server).send(Request { credentials: how, ..post.clone() }).await).status, 401);
    }
    let seen = server.seen();
    assert!(seen.iter().all(|seen| (seen.method == "POST") == seen.header("authorization").is_some()));
    assert_eq!(seen.len(), 6);
}

#[tokio::test]
async fn where_nobody_is_asked_for_credentials_wrong_ones_are_sent_all_the_same() {
    let server = Server::start(|_| ok("{}")).await;
    let wrong = Request { credentials: Credentials::WrongKey, ..by_owner("GET", server.url.clone()) };
    assert_eq!(answered(&worker(&server).send(wrong).await).status, 200);
    assert!(credentials(server.seen().last().unwrap()).is_some());
}

/// Without a challenge there is nothing to do wrong: whoever puts everybody off is to be asked again.
#[tokio::test]
async fn who_is_put_off_before_any_challenge_does_not_go_on() {
    for status in ["503 Service Unavailable", "429 Too Many Requests"] {
        let server = Server::start(move |_| answer(status, &[], "{}")).await;
        let wrongs = [Credentials::WrongKey, Credentials::OtherUri, Credentials::InventedNonce];
        for credentials in wrongs.into_iter().chain([Credentials::Right]) {
            let request = Request { credentials: credentials.clone(), ..by_owner("DELETE", server.url.clone()) };
            let sent = worker(&server).send(request).await;
            assert_eq!(sent.obstacle, None, "{credentials:?}");
            let [only] = sent.exchanges.as_slice() else { panic!("{credentials:?}: {sent:?}") };
            assert_eq!((only.request.method.as_str(), only.role), ("GET", Role::Asked), "{credentials:?}");
        }
        assert_eq!(server.seen().len(), 4);
    }
}
