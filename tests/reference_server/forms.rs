use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::visitor::House;

#[tokio::test]
async fn an_envelope_holds_status_and_content() {
    let house = House::open().await;
    let owner = house.user("owner");
    let plain = owner.get("/groups").await.json();
    let entity = house.in_group("");
    let wrapped = owner.get(&format!("{entity}?envelope=true")).await.json();
    assert_eq!(wrapped, json!({ "status": 200, "content": owner.get(&entity).await.json() }));
    let list = owner.get("/groups?envelope=true").await.json();
    assert_eq!(list["status"], 200);
    assert_eq!(list["results"], plain["results"]);
    assert_eq!(list.as_object().unwrap().len(), 4);
    assert!(owner.get(&format!("{entity}?envelope=false")).await.json().get("status").is_none());
}

#[tokio::test]
async fn errors_are_documents_in_every_form() {
    let house = House::open().await;
    let owner = house.user("owner");
    let missing = house.path("missing", "entity");
    let error = owner.get(&missing).await;
    assert_eq!(error.status, 404);
    let document = error.json();
    assert_eq!((&document["error"], &document["reason"]), (&404.into(), &"Not Found".into()));
    assert!(document["detail"].as_str().unwrap().len() > 10);
    let wrapped = owner.get(&format!("{missing}?envelope=true&pretty=true")).await;
    assert_eq!(wrapped.status, 404);
    assert_eq!(wrapped.json(), json!({ "status": 404, "content": document }));
    assert!(wrapped.text.contains("\n  \""));
    let anonymous = owner.anonymous(Method::GET, "/?envelope=true").await;
    assert_eq!((anonymous.status, &anonymous.json()["content"]["error"]), (401, &401.into()));
}

#[tokio::test]
async fn spaces_come_only_on_request() {
    let house = House::open().await;
    let owner = house.user("owner");
    let path = house.in_group("/clusters");
    let (compact, pretty) = (owner.get(&path).await, owner.get(&format!("{path}?pretty=true")).await);
    assert_eq!(compact.text.len(), compact.json().to_string().len());
    assert!(pretty.text.lines().count() > 50);
    assert_eq!(pretty.json()["results"], compact.json()["results"]);
    let write = owner.write("POST", &house.in_group("/alertConfigs?pretty=true"), &json!({})).await;
    assert_eq!(write.status, 400);
    assert!(write.text.contains('\n'));
}

#[tokio::test]
async fn the_order_of_members_varies() {
    let house = House::open().await;
    let owner = house.user("owner");
    let path = house.in_group("");
    let mut orders = BTreeSet::new();
    for _ in 0..8 {
        let Value::Object(members) = owner.get(&path).await.json() else { panic!("an entity is an object") };
        orders.insert(members.keys().cloned().collect::<Vec<_>>());
    }
    assert!(orders.len() > 1);
}

#[tokio::test]
async fn head_answers_as_get_without_a_body() {
    let house = House::open().await;
    let owner = house.user("owner");
    for path in ["/", "/groups", &house.in_group("/hosts?pretty=true"), &house.path("missing", "entity")] {
        let (get, head) = (owner.get(path).await, owner.send(Method::HEAD, path, None).await);
        assert_eq!(head.status, get.status, "{path}");
        assert_eq!(head.text, "");
        for name in ["content-type", "content-length"] {
            assert_eq!(head.header(name), get.header(name), "{path}");
            assert_ne!(head.header(name), "");
        }
    }
    assert_eq!(owner.anonymous(Method::HEAD, "/").await.status, 401);
}

#[tokio::test]
async fn an_unsupported_method_says_which_are() {
    let house = House::open().await;
    let owner = house.user("owner");
    for method in [Method::DELETE, Method::POST, Method::OPTIONS] {
        let reply = owner.send(method, "/", None).await;
        assert_eq!((reply.status, reply.header("allow").as_str()), (405, "GET, HEAD"));
        assert_eq!(reply.json()["reason"], "Method Not Allowed");
    }
    for forbidden in house.parameter("forbidden-methods").as_array().unwrap() {
        let method = forbidden["method"].as_str().unwrap();
        let reply = owner.write(method, forbidden["path"].as_str().unwrap(), &json!({})).await;
        assert_eq!(reply.status, 405, "{forbidden}");
        assert!(!reply.header("allow").contains(method));
    }
}

#[tokio::test]
async fn every_path_of_the_target_file_answers() {
    let house = House::open().await;
    let owner = house.user("owner");
    for path in house.parameter("entities").as_array().unwrap() {
        let path = path.as_str().unwrap();
        let reply = owner.get(path).await;
        assert_eq!(reply.status, 200, "{path}");
        let own = format!("{}{}", owner.base, path.trim_end_matches('/'));
        assert!(reply.json()["links"].as_array().unwrap().contains(&json!({ "rel": "self", "href": own })), "{path}");
    }
    for path in [house.path("limited", "other"), house.path("limited", "free")] {
        assert_eq!(owner.get(&path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn snapshots_hold_timestamps() {
    let house = House::open().await;
    let page = house.user("owner").get(&house.path("timestamps", "path")).await.json();
    let created = page["results"][0]["created"].as_object().unwrap();
    assert_eq!(created.len(), 2);
    assert!(created["date"].as_str().unwrap().ends_with(":00Z"));
    assert!(created["increment"].as_i64().is_some());
}
