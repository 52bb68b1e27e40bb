//! Faults of a file that a user wrote.

use std::time::Duration;

use atlaspec::reference::{OwnFault, Tls};
use reqwest::Method;

use crate::visitor::House;

async fn house(faults: &str) -> House {
    let text = format!("format: 1\nfaults:\n{faults}");
    let own_faults = OwnFault::load("faults.yaml", &text).expect("faults");
    House::with(|settings| (settings.tls, settings.own_faults) = (Tls::Off, own_faults)).await
}

#[tokio::test]
async fn a_fault_shows_where_its_condition_holds_and_nowhere_else() {
    let house = house(
        "  - name: no-links
    when: { path: '/groups/*/hosts', status: 2xx, query: { pretty: true }, user: reader }
    edit: { remove: $.links, set: { $.totalCount: -1 }, add: { '$.results[0]': { extra: null } } }
",
    )
    .await;
    let (reader, path) = (house.user("reader"), house.in_group("/hosts"));
    let plain = reader.get(&path).await.json();
    assert!(plain["links"].is_array() && plain["totalCount"] != -1);
    let altered = reader.get(&format!("{path}?pretty=true")).await;
    assert!(altered.text.contains('\n'), "it stays pretty: {}", altered.text);
    let json = altered.json();
    assert!(json.get("links").is_none() && json["totalCount"] == -1 && json["results"][0].get("extra").is_some());
    assert!(json["results"][1].get("extra").is_none());
    let owner = house.user("owner").get(&format!("{path}?pretty=true")).await.json();
    assert_eq!(owner["totalCount"], plain["totalCount"]);
}

#[tokio::test]
async fn a_fault_shows_so_many_times_and_again_after_a_reset() {
    let house = house(
        "  - name: down
    when: { method: [GET], path: /groups, status: 200, skip: 1, times: 2 }
    edit: { status: 503, headers: { Retry-After: '3', Content-Type: null }, body: down }
",
    )
    .await;
    let owner = house.user("owner");
    for round in 0..2 {
        for (number, status) in [200, 503, 503, 200].into_iter().enumerate() {
            let reply = owner.get("/groups").await;
            assert_eq!(reply.status, status, "round {round}, request {number}");
            assert_eq!(reply.header("retry-after") == "3" && reply.text == "down", status == 503);
        }
        house.server.reset();
    }
    assert_eq!(owner.write("POST", "/groups", &serde_json::json!({})).await.status, 405);
}

#[tokio::test]
async fn a_delay_is_of_the_servers_clock_and_a_head_is_told_the_altered_length() {
    let house = house(
        "  - name: slow
    when: { status: 200 }
    edit: { delay: 1h, body: '{}' }
",
    )
    .await;
    let owner = house.user("owner");
    let before = house.clock.now();
    let challenge = owner.challenge("/groups").await;
    let signed = owner.sign(challenge, &Method::HEAD, "/groups");
    let reply = owner.send_with(Method::HEAD, "/groups", None, &signed).await;
    assert_eq!((reply.status, reply.header("content-length").as_str()), (200, "2"));
    assert!(house.clock.now() - before >= chrono::Duration::from_std(Duration::from_hours(1)).expect("an hour"));
}
