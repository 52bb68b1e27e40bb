use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::visitor::House;

/// Sends bytes over a plain connection and reads all that comes back.
pub(crate) async fn talk(house: &House, text: &str) -> String {
    let address = house.server.base_url();
    let address = address.split('/').nth(2).unwrap().to_owned();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await.expect("an end");
    // A reset is an end, too.
    let _ = read;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn plain_http_gets_no_answer_on_the_secure_port() {
    let house = House::open().await;
    let answer = talk(&house, "GET /api/atlas/v1.0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(!answer.contains("HTTP/1"), "{answer}");
}

#[tokio::test]
async fn a_request_names_its_host() {
    let house = House::plain().await;
    let answer = talk(&house, "GET /api/atlas/v1.0 HTTP/1.1\r\nConnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.contains("\"error\":400"), "{answer}");
}

#[tokio::test]
async fn a_client_that_waits_to_be_asked_gets_its_refusal() {
    let house = House::plain().await;
    let head =
        "POST /api/atlas/v1.0/groups HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\nExpect: 100-continue\r\n\r\n";
    let answer = talk(&house, head).await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
}

#[tokio::test]
async fn a_client_that_waits_to_be_asked_is_asked() {
    let house = House::open().await;
    let (owner, path) = (house.user("owner"), house.in_group("/alertConfigs"));
    let signed = owner.sign(owner.challenge(&path).await, &Method::POST, &path);
    let request = owner
        .http
        .post(format!("{}{path}", owner.base))
        .header("authorization", signed)
        .header("expect", "100-continue")
        .header("content-type", "application/json")
        .body(json!({ "name": 1 }).to_string());
    assert_eq!(request.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_body_without_credentials_is_not_looked_at() {
    let house = House::plain().await;
    let path = house.in_group("/alertConfigs");
    let body = "x".repeat(2000);
    let head =
        format!("POST /api/atlas/v1.0{path} HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\nConnection: close\r\n\r\n");
    assert!(talk(&house, &format!("{head}{body}")).await.starts_with("HTTP/1.1 401 "));
}

#[tokio::test]
async fn no_head_shows_a_body() {
    let house = House::plain().await;
    let answer = talk(&house, "HEAD /api/atlas/v1.0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
}

#[tokio::test]
async fn many_requests_at_once() {
    let house = House::open().await;
    let owner = house.user("owner");
    let mut visits = tokio::task::JoinSet::new();
    for place in 0..200 {
        let (owner, path) = (owner.clone(), house.in_group("/alertConfigs"));
        visits.spawn(async move {
            let body =
                json!({ "name": format!("n{place}"), "eventTypeName": "HOST_UP", "notification": { "email": "a@b" } });
            owner.write("POST", &path, &body).await.status
        });
    }
    let statuses = visits.join_all().await;
    assert!(statuses.iter().all(|status| *status == 201), "{statuses:?}");
    let total = owner.get(&house.in_group("/alertConfigs?itemsPerPage=1")).await.json()["totalCount"].clone();
    assert_eq!(total, 203);
}

#[tokio::test]
async fn stopping_ends_idle_connections_and_the_port() {
    let house = House::plain().await;
    let (owner, base) = (house.user("owner"), house.server.base_url());
    assert_eq!(owner.get("/").await.status, 200);
    tokio::time::timeout(Duration::from_secs(3), house.server.stop()).await.expect("idle connections do not hold it");
    let address = base.split('/').nth(2).unwrap().to_owned();
    assert!(TcpStream::connect(address).await.is_err());
}
