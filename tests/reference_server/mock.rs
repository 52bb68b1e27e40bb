//! What makes the server a mock: orders that it takes while it runs, and a witness of what crosses the wire.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atlaspec::exchange::{Exchange, Role};
use atlaspec::reference::{Latency, Outage, Witness};
use reqwest::Method;
use serde_json::json;

use crate::visitor::{House, Visitor};

const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

fn document() -> serde_json::Value {
    json!({ "name": "new", "eventTypeName": "HOST_DOWN", "notification": { "email": "a@example.com" } })
}

async fn count(visitor: &Visitor, path: &str) -> u64 {
    visitor.get(path).await.json()["totalCount"].as_u64().unwrap()
}

#[tokio::test]
async fn a_reset_brings_the_start_back_and_keeps_logins() {
    let house = House::plain().await;
    let (owner, path) = (house.user("owner"), house.in_group("/alertConfigs"));
    let before = count(&owner, &path).await;
    assert_eq!(owner.write("POST", &path, &document()).await.status, 201);
    assert_eq!(count(&owner, &path).await, before + 1);
    let challenge = owner.challenge(&path).await;
    house.server.reset();
    let signed = owner.sign(challenge, &Method::GET, &path);
    let reply = owner.send_with(Method::GET, &path, None, &signed).await;
    assert_eq!((reply.status, &reply.json()["totalCount"]), (200, &before.into()));
}

#[tokio::test]
async fn expired_nonces_are_stale_and_fresh_ones_good() {
    let house = House::plain().await;
    let owner = house.user("owner");
    let challenge = owner.challenge("/groups").await;
    house.server.expire_nonces();
    let reply = owner.send_with(Method::GET, "/groups", None, &owner.sign(challenge, &Method::GET, "/groups")).await;
    assert_eq!(reply.status, 401);
    assert!(reply.header("www-authenticate").contains("stale=true"), "{}", reply.header("www-authenticate"));
    house.clock.sleep(Duration::from_millis(2)).await;
    assert_eq!(owner.get("/groups").await.status, 200);
}

#[tokio::test]
async fn an_outage_meets_right_credentials_alone_and_ends() {
    let house = House::plain().await;
    let owner = house.user("owner");
    house.server.fail(Outage::new(429, 2, Some(3)).unwrap());
    assert_eq!(owner.anonymous(Method::GET, "/groups").await.status, 401);
    for _ in 0..2 {
        let reply = owner.get("/groups").await;
        assert_eq!((reply.status, reply.header("retry-after").as_str()), (429, "3"));
        assert_eq!(reply.json()["reason"], "Too Many Requests");
    }
    assert_eq!(owner.get("/groups").await.status, 200);
}

#[tokio::test]
async fn the_control_port_takes_the_orders() {
    let mut house = House::plain().await;
    let control = house.server.open_control(LOOPBACK, "token".to_owned().into()).await.unwrap();
    let (owner, path) = (house.user("owner"), house.in_group("/alertConfigs"));
    let before = count(&owner, &path).await;
    let order = async |method: Method, path: &str| {
        let request = owner.http.request(method, format!("http://{control}{path}")).bearer_auth("token");
        let answer = request.send().await.unwrap();
        answer.status().as_u16()
    };
    assert_eq!(owner.write("POST", &path, &document()).await.status, 201);
    assert_eq!(order(Method::POST, "/reset").await, 204);
    assert_eq!(count(&owner, &path).await, before);
    let challenge = owner.challenge("/groups").await;
    assert_eq!(order(Method::POST, "/expire-nonces").await, 204);
    let signed = owner.sign(challenge, &Method::GET, "/groups");
    assert_eq!(owner.send_with(Method::GET, "/groups", None, &signed).await.status, 401);
    house.clock.sleep(Duration::from_millis(2)).await;
    assert_eq!(order(Method::POST, "/fail?status=500").await, 204);
    assert_eq!((owner.get("/groups").await.status, owner.get("/groups").await.status), (500, 200));
    for (method, path, status) in
        [(Method::GET, "/", 200), (Method::POST, "/fail?status=200", 400), (Method::GET, "/reset", 404)]
    {
        assert_eq!(order(method, path).await, status, "{path}");
    }
    for token in ["", "toke", "tokens"] {
        let refused = owner.http.post(format!("http://{control}/reset")).bearer_auth(token).send().await.unwrap();
        assert_eq!(refused.status().as_u16(), 401, "{token}");
    }
    let of_a_page = owner.http.post(format!("http://{control}/reset")).header("origin", "http://example.com");
    assert_eq!(of_a_page.send().await.unwrap().status().as_u16(), 403);
}

#[tokio::test]
async fn a_witness_hears_every_exchange_whole() {
    let heard: Arc<Mutex<Vec<Exchange>>> = Arc::default();
    let house = House::with(|settings| {
        let heard = Arc::clone(&heard);
        settings.witness = Some(Witness::new(move |exchange| heard.lock().unwrap().push(exchange)));
        settings.latency = Latency::between(Duration::from_millis(30), Duration::from_millis(40));
    })
    .await;
    let (owner, path) = (house.user("owner"), house.in_group("/alertConfigs?a=b"));
    assert_eq!(owner.write("POST", &path, &document()).await.status, 201);
    assert_eq!(owner.send(Method::HEAD, "/groups", None).await.status, 200);
    let heard = heard.lock().unwrap();
    let told: Vec<(&str, u16, Role, Option<&str>)> = heard
        .iter()
        .map(|it| (it.request.method.as_str(), it.response.status, it.role, it.request.user.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            ("GET", 401, Role::Challenge, None),
            ("POST", 201, Role::Asked, Some("owner")),
            ("GET", 401, Role::Challenge, None),
            ("HEAD", 200, Role::Asked, Some("owner")),
        ]
    );
    let made = &heard[1];
    assert_eq!(made.request.url.as_str(), format!("{}{path}", owner.base));
    assert_eq!(made.request.body.as_deref(), Some(document().to_string().as_bytes()));
    assert!(made.request.headers.iter().any(|(name, value)| name == "content-type" && value == "application/json"));
    assert!(String::from_utf8_lossy(&made.response.body).contains("HOST_DOWN"));
    assert!(heard[3].response.body.is_empty());
    assert!(made.duration >= Duration::from_millis(30), "{:?}", made.duration);
}
