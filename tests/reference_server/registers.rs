//! What clients in the field need beyond what the specification tells of.

use reqwest::Method;
use serde_json::json;

use crate::visitor::House;

#[tokio::test]
async fn database_users_are_kept_and_their_passwords_are_not_shown() {
    let house = House::plain().await;
    let (owner, list) = (house.user("owner"), house.in_group("/databaseUsers"));
    let body = json!({ "databaseName": "admin", "username": "a/b c", "password": "hidden", "roles": [] });
    let made = owner.write("POST", &list, &body).await;
    assert_eq!((made.status, made.json().get("password")), (201, None));
    let own = made.header("location").strip_prefix(&owner.base).unwrap().to_owned();
    assert_eq!(own, format!("{list}/admin/a%2Fb%20c"));
    assert_eq!(owner.get(&own).await.json()["username"], "a/b c");
    assert_eq!(owner.write("POST", &list, &body).await.status, 409);
    let roles = json!({ "roles": [{ "databaseName": "db", "roleName": "read" }] });
    assert_eq!(owner.write("PATCH", &own, &roles).await.json()["roles"], roles["roles"]);
    let shown = owner.get(&list).await;
    assert_eq!(shown.json()["totalCount"], 1);
    assert!(!shown.text.contains("hidden"), "{}", shown.text);
    let misspelt = owner.write("PATCH", &own, &json!({ "rols": [] })).await;
    assert!(misspelt.status == 400 && misspelt.json()["detail"].as_str().unwrap().contains("rols"), "{misspelt:?}");
    assert_eq!(owner.write("PATCH", &own, &json!({ "username": "other" })).await.status, 400);
    assert_eq!(house.user("reader").write("POST", &list, &body).await.status, 403);
    let gone = owner.send(Method::DELETE, &own, None).await;
    assert_eq!((gone.status, gone.text.as_str()), (200, "{}"));
    assert_eq!(owner.get(&own).await.status, 404);
}

#[tokio::test]
async fn addresses_are_added_together_or_not_at_all() {
    let house = House::plain().await;
    let (owner, list) = (house.user("owner"), house.in_group("/whitelist"));
    let two = json!([{ "cidrBlock": "10.0.0.0/24" }, { "ipAddress": "10.1.2.3", "comment": "c" }]);
    let made = owner.write("POST", &list, &two).await;
    assert_eq!((made.status, &made.json()["totalCount"]), (201, &2.into()));
    let more = json!([{ "ipAddress": "10.9.9.9" }, { "ipAddress": "10.1.2.3" }]);
    assert_eq!(owner.write("POST", &list, &more).await.status, 409);
    assert_eq!(owner.write("POST", &list, &json!([{ "ipAddress": "10.9.9.9" }, 1])).await.status, 400);
    assert_eq!(owner.get(&list).await.json()["totalCount"], 2);
    assert_eq!(owner.get(&format!("{list}/10.0.0.0%2F24")).await.json()["cidrBlock"], "10.0.0.0/24");
    assert_eq!(owner.write("PATCH", &format!("{list}/10.1.2.3"), &json!({})).await.status, 405);
}

#[tokio::test]
async fn clusters_that_clients_made_stand_beside_those_that_are_only_read() {
    let house = House::plain().await;
    let (owner, list) = (house.user("owner"), house.in_group("/clusters"));
    assert_eq!(owner.write("POST", &list, &json!({ "name": "made" })).await.json()["stateName"], "IDLE");
    let all = owner.get(&list).await.json();
    assert_eq!(all["totalCount"], 13);
    let first = format!("{list}/{}", all["results"][0]["id"].as_str().unwrap());
    assert_eq!(owner.write("PATCH", &first, &json!({ "paused": true })).await.status, 403);
    assert_eq!(owner.send(Method::DELETE, &first, None).await.status, 403);
    let own = format!("{list}/made");
    assert_eq!(owner.write("PATCH", &own, &json!({ "paused": true })).await.json()["paused"], true);
    assert_eq!(owner.send(Method::DELETE, &own, None).await.status, 200);
    assert_eq!(owner.get(&list).await.json()["totalCount"], 12);
}

#[tokio::test]
async fn organizations_names_and_another_path_of_the_root_are_served() {
    let house = House::plain().await;
    let mut owner = house.user("owner");
    let orgs = owner.get("/orgs").await.json();
    let id = orgs["results"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(owner.get(&format!("/orgs/{id}")).await.json()["id"], id);
    let named = owner.get("/groups/byName/Atlaspec%20Main").await;
    assert_eq!(&named.json()["id"], &house.parameter("group"));
    assert_eq!(house.user("outsider").get("/groups/byName/Atlaspec%20Main").await.status, 404);
    owner.base = owner.base.replace("/api/atlas/v1.0", "/api/public/v1.0");
    assert_eq!(owner.get("/groups").await.status, 200);
}

#[tokio::test]
async fn a_later_edition_has_more_items_a_page() {
    let house = House::with(|settings| settings.page_maximum = Some(500)).await;
    let (owner, list) = (house.user("owner"), house.in_group("/hosts"));
    let count = |reply: crate::visitor::Reply| reply.json()["results"].as_array().unwrap().len();
    assert_eq!(count(owner.get(&format!("{list}?itemsPerPage=500")).await), 253);
    assert_eq!(count(owner.get(&list).await), 100);
    assert!(house.target.contains("limits: { page-maximum: 500 }"), "{}", house.target);
}
