use std::time::Duration;

use serde_json::{Value, json};

use crate::visitor::House;

fn valid(name: &str) -> Value {
    json!({ "name": name, "eventTypeName": "HOST_DOWN", "notification": { "email": "a@example.com", "delayMin": 5 } })
}

fn with(mut document: Value, name: &str, value: Value) -> Value {
    document[name] = value;
    document
}

#[tokio::test]
async fn a_document_lives_from_post_to_delete() {
    let house = House::open().await;
    let (owner, list) = (house.user("owner"), house.in_group("/alertConfigs"));
    let made = owner.write("POST", &list, &with(valid("life"), "note", json!("n"))).await;
    assert_eq!(made.status, 201);
    let path = made.header("location").strip_prefix(&owner.base).unwrap().to_owned();
    let read = owner.get(&path).await.json();
    assert_eq!(read, made.json());
    assert_eq!((&read["enabled"], &read["note"], &read["activeFrom"]), (&true.into(), &"n".into(), &Value::Null));

    house.clock.sleep(Duration::from_secs(5)).await;
    let change = json!({ "enabled": false, "notification": { "delayMin": 9 } });
    let reply = owner.write("PATCH", &path, &change).await;
    assert_eq!(reply.status, 200);
    let patched = reply.json();
    assert_eq!(patched["notification"], json!({ "email": "a@example.com", "delayMin": 9 }));
    assert_eq!((&patched["enabled"], &patched["note"], &patched["name"]), (&false.into(), &"n".into(), &"life".into()));
    assert_eq!(patched["created"], read["created"]);
    assert_ne!(patched["updated"], read["updated"]);

    let replaced = owner.write("PUT", &path, &valid("life")).await;
    assert_eq!(replaced.status, 200);
    let put = owner.get(&path).await.json();
    assert_eq!((&put["enabled"], put.get("note")), (&true.into(), None));
    assert_eq!(owner.write("PUT", &path, &put).await.status, 200, "what was read can be sent back");
    assert_eq!(owner.write("PUT", &path, &json!({ "name": "life" })).await.status, 400);

    assert_eq!(owner.write("DELETE", &path, &json!({})).await.status, 204);
    assert_eq!(owner.get(&path).await.status, 404);
    assert_eq!(owner.write("DELETE", &path, &json!({})).await.status, 404);
    assert_eq!(owner.write("PUT", &path, &valid("life")).await.status, 404);
    assert!(!owner.get(&list).await.text.contains("\"life\""));
}

#[tokio::test]
async fn what_is_invalid_is_named_and_changes_nothing() {
    let house = House::open().await;
    let (owner, list) = (house.user("owner"), house.in_group("/alertConfigs"));
    let before = owner.get(&list).await.json()["totalCount"].clone();
    for (document, field) in [
        (with(valid("a"), "nmae", json!("x")), "nmae"),
        (with(valid("a"), "id", json!("x")), "id"),
        (with(valid("a"), "enabled", json!("yes")), "enabled"),
        (with(valid("a"), "activeFrom", json!("2016-13-45T00:00:00Z")), "activeFrom"),
        (with(valid("a"), "notification", json!({ "emial": "x" })), "notification.emial"),
        (json!({ "name": "a" }), "eventTypeName"),
    ] {
        let reply = owner.write("POST", &list, &document).await;
        assert_eq!(reply.status, 400, "{document}");
        assert!(reply.json()["detail"].as_str().unwrap().contains(field), "{}", reply.text);
    }
    assert_eq!(owner.get(&list).await.json()["totalCount"], before);

    let made = owner.write("POST", &list, &valid("a")).await;
    let path = made.header("location").strip_prefix(&owner.base).unwrap().to_owned();
    for method in ["PUT", "PATCH"] {
        for (name, value) in house.parameter("documents")["alertConfigs"]["unmodifiable"].as_object().unwrap() {
            let sent = with(with(valid("b"), "enabled", json!(false)), name, value.clone());
            let reply = owner.write(method, &path, &sent).await;
            assert_eq!(reply.status, 400, "{method} {name}");
            assert!(reply.text.contains(name));
        }
        let sent = with(valid("b"), "notification", json!({ "email": "b@example.com", "delayMni": 1 }));
        assert!(owner.write(method, &path, &sent).await.text.contains("notification.delayMni"));
    }
    assert_eq!(owner.get(&path).await.json(), made.json());
}

#[tokio::test]
async fn a_name_is_taken_once() {
    let house = House::open().await;
    let (owner, list) = (house.user("owner"), house.in_group("/alertConfigs"));
    let first = owner.write("POST", &list, &valid("first")).await.json();
    let second = owner.write("POST", &list, &valid("second")).await;
    assert_eq!(owner.write("POST", &list, &valid("first")).await.status, 409);
    let path = second.header("location").strip_prefix(&owner.base).unwrap().to_owned();
    for method in ["PUT", "PATCH"] {
        let reply = owner.write(method, &path, &valid("first")).await;
        assert_eq!((reply.status, &reply.json()["reason"]), (409, &"Conflict".into()));
    }
    assert_eq!(owner.get(&path).await.json(), second.json());
    assert_eq!(owner.write("PUT", &list, &first).await.status, 405);
}

#[tokio::test]
async fn dates_are_stored_as_instants() {
    let house = House::open().await;
    let (owner, list) = (house.user("owner"), house.in_group("/alertConfigs"));
    for (place, (sent, stored)) in [
        ("2016-11-01T01:30:00+02:00", "2016-10-31T23:30:00Z"),
        ("2016-11-01T01:30:00", "2016-11-01T01:30:00Z"),
        ("2016-11-01T01:30:00.5Z", "2016-11-01T01:30:00.500Z"),
    ]
    .into_iter()
    .enumerate()
    {
        let document = with(valid(&format!("date {place}")), "activeFrom", json!(sent));
        assert_eq!(owner.write("POST", &list, &document).await.json()["activeFrom"], stored);
    }
}

#[tokio::test]
async fn bodies_that_are_no_json_objects_are_refused() {
    let house = House::open().await;
    let (owner, list) = (house.user("owner"), house.in_group("/alertConfigs"));
    for (content_type, text, status) in [
        ("application/json", "", 400),
        ("application/json", "{\"name\":", 400),
        ("application/json", "[1]", 400),
        ("text/plain", "{}", 415),
        ("application/json; charset=utf-8", "{}", 400),
    ] {
        let reply = owner.send("POST".parse().unwrap(), &list, Some((content_type, text.to_owned()))).await;
        assert_eq!(reply.status, status, "{content_type} {text}");
    }
    let long = format!("{{\"name\":\"{}\"}}", "x".repeat(300_000));
    assert_eq!(owner.send("POST".parse().unwrap(), &list, Some(("application/json", long))).await.status, 413);
}

#[tokio::test]
async fn a_job_is_accepted_and_finished_later() {
    let house = House::open().await;
    let owner = house.user("owner");
    let job = house.parameter("job");
    let (list, valid) = (job["list"].as_str().unwrap(), &job["valid"]);
    let accepted = owner.write("POST", list, valid).await;
    assert_eq!((accepted.status, &accepted.json()["status"]), (202, &"IN_PROGRESS".into()));
    house.clock.sleep(Duration::from_secs(1)).await;
    let path = accepted.header("location").strip_prefix(&owner.base).unwrap().to_owned();
    let finished = owner.get(&path).await.json();
    assert_eq!(finished["status"], "FINISHED");
    let none = with(valid.clone(), "snapshotId", json!("000000000000000000000000"));
    assert!(owner.write("POST", list, &none).await.json()["detail"].as_str().unwrap().contains("snapshotId"));
}
