use reqwest::Method;
use serde_json::json;

use crate::visitor::House;

fn document() -> serde_json::Value {
    json!({ "name": "x", "eventTypeName": "HOST_DOWN", "notification": { "email": "a@example.com" } })
}

#[tokio::test]
async fn a_reader_reads_and_changes_nothing() {
    let house = House::open().await;
    let (owner, reader, list) = (house.user("owner"), house.user("reader"), house.in_group("/alertConfigs"));
    let before = owner.get(&list).await.json()["results"].clone();
    assert_eq!(reader.get(&list).await.json()["results"], before);
    let one = format!("{list}/{}", before[0]["id"].as_str().unwrap());
    for (method, path) in [("POST", &list), ("PUT", &one), ("PATCH", &one), ("DELETE", &one)] {
        let reply = reader.write(method, path, &document()).await;
        assert_eq!((reply.status, &reply.json()["error"]), (403, &403.into()), "{method}");
    }
    assert_eq!(owner.get(&list).await.json()["results"], before);
}

#[tokio::test]
async fn a_stranger_sees_nothing_of_a_group() {
    let house = House::open().await;
    let (owner, outsider, list) = (house.user("owner"), house.user("outsider"), house.in_group("/alertConfigs"));
    let before = owner.get(&list).await.json()["totalCount"].clone();
    for (method, path) in
        [("GET", ""), ("GET", "/alertConfigs"), ("POST", "/alertConfigs"), ("DELETE", "/alertConfigs/x"), ("PUT", "")]
    {
        let reply = outsider.write(method, &house.in_group(path), &document()).await;
        assert_eq!(reply.status, 401, "{method} {path}");
        assert!(reply.header("www-authenticate").starts_with("Digest "), "{method} {path}");
    }
    assert_eq!(owner.get(&list).await.json()["totalCount"], before);
    let groups = outsider.get("/groups").await.json();
    assert_eq!(groups["totalCount"], 1);
    assert_ne!(groups["results"][0]["id"], house.parameter("group"));
    assert_eq!(outsider.get(&house.path("missing", "list")).await.status, 404);
}

#[tokio::test]
async fn nobody_is_told_anything() {
    let house = House::open().await;
    let owner = house.user("owner");
    let paths = ["/", "/groups", "/nothing", &house.in_group("/hosts"), &house.path("missing", "list")];
    for method in [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS]
    {
        for path in paths {
            let reply = owner.anonymous(method.clone(), path).await;
            assert_eq!(reply.status, 401, "{method} {path}");
            assert_eq!(reply.headers.get_all("www-authenticate").iter().count(), 2);
        }
    }
}

#[tokio::test]
async fn a_protected_resource_wants_the_key_and_the_address_of_one_user() {
    let house = House::open().await;
    let path = house.path("restricted", "path");
    for (user, address, status) in [
        ("owner", "127.0.0.2", 200),
        ("other", "127.0.0.3", 200),
        ("owner", "127.0.0.1", 403),
        ("owner", "127.0.0.3", 403),
        ("other", "127.0.0.2", 403),
        ("owner", "127.0.0.4", 403),
    ] {
        assert_eq!(house.user_from(user, address).get(&path).await.status, status, "{user} from {address}");
    }
    assert_eq!(house.user_from("owner", "127.0.0.4").get(&house.in_group("")).await.status, 200);
}

#[tokio::test]
async fn what_a_whitelist_protects_is_changed_from_a_listed_address_alone() {
    let house = House::open().await;
    let (path, goal) = (house.path("restricted", "path"), json!({ "goalVersion": 2 }));
    let goal_seen = async || house.user_from("owner", "127.0.0.2").get(&path).await.json()["goalVersion"].clone();
    let elsewhere = house.user_from("owner", "127.0.0.4");
    assert_eq!(elsewhere.write("PATCH", &path, &goal).await.status, 403);
    assert_eq!(goal_seen().await, 1);
    let refused = house.user_from("owner", "127.0.0.2").write("PATCH", &path, &json!({ "gaolVersion": 2 })).await;
    assert!(refused.status == 400 && refused.text.contains("gaolVersion"), "{refused:?}");
    assert_eq!(house.user_from("owner", "127.0.0.2").write("PATCH", &path, &goal).await.status, 200);
    assert_eq!(goal_seen().await, 2);
}

#[tokio::test]
async fn a_job_is_called_off_in_its_own_group() {
    let house = House::open().await;
    let (owner, outsider) = (house.user("owner"), house.user("outsider"));
    let snapshot = owner.get(&house.in_group("/snapshots")).await.json()["results"][0]["id"].clone();
    let order = json!({ "snapshotId": snapshot, "deliveryMethod": "HTTP" });
    let made = owner.write("POST", &house.in_group("/restoreJobs"), &order).await;
    let job = made.header("location").strip_prefix(&owner.base).unwrap().to_owned();
    let group = house.parameter("group").as_str().unwrap().to_owned();
    let place = |user: &str| job.replace(&group, &house.path("other-groups", user));
    for (visitor, path, status) in
        [(&outsider, &job, 401), (&outsider, &place("outsider"), 404), (&owner, &place("owner"), 404)]
    {
        for method in ["GET", "DELETE"] {
            assert_eq!(visitor.write(method, path, &json!({})).await.status, status, "{method} {path}");
        }
    }
    assert_eq!(owner.write("DELETE", &job, &json!({})).await.status, 204);
    assert_eq!(owner.get(&job).await.status, 404);
}

#[tokio::test]
async fn users_keep_their_own_whitelists() {
    let house = House::open().await;
    let (path, owner) = (house.path("restricted", "path"), house.user("owner"));
    let root = owner.get("/").await.json();
    let links = root["links"].as_array().unwrap();
    let own = links.iter().find(|link| link["rel"].as_str().unwrap().ends_with("/whitelist")).unwrap();
    let list = own["href"].as_str().unwrap().strip_prefix(&owner.base).unwrap();
    let added = owner.write("POST", list, &json!({ "ipAddress": "127.0.0.1" })).await;
    assert_eq!(added.status, 201);
    assert_eq!(owner.get(&path).await.status, 200);
    assert_eq!(owner.write("POST", list, &json!({ "ipAddress": "127.0.0.1" })).await.status, 409);
    assert!(owner.write("POST", list, &json!({ "ipAddress": "home" })).await.text.contains("ipAddress"));
    assert_eq!(house.user("second").get(list).await.status, 403);
    let entry = added.header("location").strip_prefix(&owner.base).unwrap().to_owned();
    assert_eq!(owner.write("DELETE", &entry, &json!({})).await.status, 204);
    assert_eq!(owner.get(&path).await.status, 403);
}

#[tokio::test]
async fn no_key_is_shown_in_debug_output() {
    let house = House::open().await;
    let shown = format!("{:?}", house.server);
    assert!(shown.contains("owner@example.com"));
    for (user, key) in house.server.keys() {
        assert!(!shown.contains(&key), "{user}");
    }
}
