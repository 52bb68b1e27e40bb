use std::time::Duration;

use reqwest::Method;

use crate::visitor::{House, Reply};

fn says_stale(reply: &Reply) -> bool {
    reply.header("www-authenticate").contains("stale=true")
}

#[tokio::test]
async fn both_algorithms_are_good() {
    let house = House::open().await;
    for algorithm in ["MD5", "SHA-256"] {
        let mut owner = house.user("owner");
        owner.algorithm = algorithm;
        assert_eq!(owner.get("/").await.status, 200, "{algorithm}");
        assert_eq!(owner.get("/groups?a=1+2&b=%2F").await.status, 200, "{algorithm}");
    }
}

#[tokio::test]
async fn wrong_credentials_are_refused() {
    let house = House::open().await;
    let owner = house.user("owner");
    let (mut wrong, mut nobody) = (owner.clone(), owner.clone());
    wrong.key.push('x');
    nobody.username = "nobody@example.com".to_owned();
    for visitor in [wrong, nobody] {
        let reply = visitor.get("/").await;
        assert_eq!(reply.status, 401);
        assert!(!says_stale(&reply));
    }
    let challenge = owner.challenge("/").await;
    let good = owner.sign(challenge.clone(), &Method::GET, "/");
    let response = challenge_response(&good);
    let changed = if response.ends_with('0') { "1" } else { "0" };
    let mut forged = challenge.clone();
    forged.nonce = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned();
    for bad in [
        good.replace(&response, &format!("{}{changed}", &response[..31])),
        owner.sign(challenge.clone(), &Method::HEAD, "/"),
        owner.sign(forged, &Method::GET, "/"),
        good.replace("qop=auth", "qop=auth-int"),
        good.replace("nc=00000001", "nc=00000002"),
        "Basic b3duZXI6a2V5".to_owned(),
        "Digest".to_owned(),
    ] {
        let reply = owner.send_with(Method::GET, "/", None, &bad).await;
        assert_eq!(reply.status, 401, "{bad}");
        assert!(!says_stale(&reply), "{bad}");
    }
    assert_eq!(owner.send_with(Method::GET, "/", None, &good).await.status, 200);
}

fn challenge_response(signed: &str) -> String {
    let start = signed.find("response=\"").unwrap() + "response=\"".len();
    signed[start..start + 32].to_owned()
}

#[tokio::test]
async fn credentials_for_another_uri_are_a_bad_request() {
    let house = House::open().await;
    let owner = house.user("owner");
    for (made_for, sent_to) in [("/groups", "/"), ("/groups", "/groups?pageNum=1")] {
        let signed = owner.sign(owner.challenge("/").await, &Method::GET, made_for);
        assert_eq!(owner.send_with(Method::GET, sent_to, None, &signed).await.status, 400, "{sent_to}");
    }
}

#[tokio::test]
async fn a_count_is_good_once_and_any_higher_one_after_it() {
    let house = House::open().await;
    let owner = house.user("owner");
    let mut challenge = owner.challenge("/").await;
    challenge.nc = 4;
    let fifth = owner.sign(challenge.clone(), &Method::GET, "/");
    assert!(fifth.contains("nc=00000005"));
    assert_eq!(owner.send_with(Method::GET, "/", None, &fifth).await.status, 200);
    assert_eq!(owner.send_with(Method::GET, "/", None, &fifth).await.status, 401);
    challenge.nc = 5;
    let sixth = owner.sign(challenge, &Method::GET, "/");
    assert_eq!(owner.send_with(Method::GET, "/", None, &sixth).await.status, 200);
}

#[tokio::test]
async fn a_nonce_expires_and_says_so() {
    let house = House::open().await;
    let owner = house.user("owner");
    let mut challenge = owner.challenge("/").await;
    house.clock.sleep(Duration::from_secs(50)).await;
    let signed = owner.sign(challenge.clone(), &Method::GET, "/");
    assert_eq!(owner.send_with(Method::GET, "/", None, &signed).await.status, 200);
    house.clock.sleep(Duration::from_secs(11)).await;
    challenge.nc = 1;
    let late = owner.send_with(Method::GET, "/", None, &owner.sign(challenge, &Method::GET, "/")).await;
    assert_eq!(late.status, 401);
    assert!(says_stale(&late));
    assert_eq!(owner.get("/").await.status, 200);
}

/// How a client writes the same credentials.
type Rewriting = fn(&str) -> String;

#[tokio::test]
async fn forms_of_real_clients_are_taken() {
    let house = House::open().await;
    let owner = house.user("owner");
    let forms: [(&str, Rewriting); 4] = [
        ("quoted", |text| text.replace("qop=auth", "qop=\"auth\"").replace("algorithm=MD5", "algorithm=\"MD5\"")),
        ("quoted count", |text| text.replace("nc=00000001", "nc=\"00000001\"")),
        ("no spaces", |text| text.replace(", ", ",")),
        ("no algorithm", |text| text.replace(", algorithm=MD5", "")),
    ];
    for (name, rewritten) in forms {
        let signed = owner.sign(owner.challenge("/").await, &Method::GET, "/");
        let changed = rewritten(&signed);
        assert_ne!(signed, changed, "{name}");
        assert_eq!(owner.send_with(Method::GET, "/", None, &changed).await.status, 200, "{name}");
    }
}

#[tokio::test]
async fn the_date_is_that_of_the_clock() {
    let house = House::open().await;
    house.clock.sleep(Duration::from_hours(1)).await;
    let date = house.user("owner").get("/").await.header("date");
    let date = chrono::DateTime::parse_from_rfc2822(&date).unwrap().to_utc();
    assert!((house.clock.now() - date).num_seconds().abs() < 10);
}
