use serde_json::Value;

use crate::visitor::{House, Visitor};

fn link(page: &Value, rel: &str) -> Option<String> {
    let links = page["links"].as_array().unwrap();
    links.iter().find(|link| link["rel"] == rel).map(|link| link["href"].as_str().unwrap().to_owned())
}

/// Follows `rel` from a page and returns the pages.
async fn walk(visitor: &Visitor, start: &str, rel: &str) -> Vec<Value> {
    let mut pages = vec![visitor.get(start).await.json()];
    while let Some(href) = link(pages.last().unwrap(), rel) {
        pages.push(visitor.get(href.strip_prefix(&visitor.base).unwrap()).await.json());
    }
    pages
}

fn ids(pages: &[Value]) -> Vec<&str> {
    pages.iter().flat_map(|page| page["results"].as_array().unwrap()).map(|item| item["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_walk_visits_every_item_once_and_leads_back() {
    let house = House::open().await;
    let owner = house.user("owner");
    for (path, size, count) in [("/hosts", 100, 253), ("/hosts", 50, 253), ("/clusters", 4, 12), ("/clusters", 12, 12)]
    {
        let start = house.in_group(&format!("{path}?itemsPerPage={size}"));
        let pages = walk(&owner, &start, "next").await;
        assert_eq!(pages.len(), usize::div_ceil(count, size), "{start}");
        let mut seen = ids(&pages);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), count, "{start}");
        assert!(pages.iter().all(|page| page["totalCount"] == count));
        let last = link(pages.last().unwrap(), "self").unwrap();
        let back = walk(&owner, last.strip_prefix(&owner.base).unwrap(), "previous").await;
        let forth: Vec<&Value> = pages.iter().rev().map(|page| &page["results"]).collect();
        assert_eq!(back.iter().map(|page| &page["results"]).collect::<Vec<_>>(), forth, "{start}");
    }
}

#[tokio::test]
async fn links_between_pages_keep_filters_and_forms() {
    let house = House::open().await;
    let owner = house.user("owner");
    let start = format!("{}&itemsPerPage=7&envelope=true", house.path("list", "filtered"));
    let pages = walk(&owner, &start, "next").await;
    assert!(pages.len() > 3);
    for page in &pages {
        assert_eq!(page["status"], 200);
        assert!(page["results"].as_array().unwrap().iter().all(|host| host["typeName"] == "SHARD_MONGOS"));
    }
    assert_eq!(pages[0]["totalCount"], ids(&pages).len());
}

#[tokio::test]
async fn a_page_has_its_three_fields_and_members_have_self_alone() {
    let house = House::open().await;
    let owner = house.user("owner");
    for path in house.parameter("lists").as_array().unwrap() {
        let page = owner.get(path.as_str().unwrap()).await.json();
        assert_eq!(page.as_object().unwrap().len(), 3, "{path}");
        let members = page["results"].as_array().unwrap();
        assert!(!members.is_empty(), "{path}");
        for member in members {
            let links = member["links"].as_array().unwrap();
            assert_eq!(links.len(), 1, "{path}");
            assert_eq!(links[0]["rel"], "self");
        }
        let own = link(&members[0], "self").unwrap();
        assert_eq!(owner.get(own.strip_prefix(&owner.base).unwrap()).await.status, 200, "{own}");
    }
}

#[tokio::test]
async fn limits_and_oddities_of_pages() {
    let house = House::open().await;
    let owner = house.user("owner");
    let hosts = house.in_group("/hosts");
    for (query, count) in
        [("", 100), ("?itemsPerPage=101", 100), ("?itemsPerPage=1", 1), ("?pageNum=3", 53), ("?pageNum=9", 0)]
    {
        let page = owner.get(&format!("{hosts}{query}")).await.json();
        assert_eq!(page["results"].as_array().unwrap().len(), count, "{query}");
        assert_eq!(page["totalCount"], 253, "{query}");
    }
    for query in ["pageNum=0", "pageNum=-1", "pageNum=x", "itemsPerPage=0", "itemsPerPage=x"] {
        let reply = owner.get(&format!("{hosts}?{query}")).await;
        assert_eq!(reply.status, 400, "{query}");
        assert!(reply.json()["detail"].as_str().unwrap().contains(query.split('=').next().unwrap()));
    }
    let empty = owner.get(&house.path("list", "empty")).await;
    assert_eq!((empty.status, &empty.json()["totalCount"]), (200, &0.into()));
    assert_eq!(owner.get(&house.path("missing", "list")).await.status, 404);
}

#[tokio::test]
async fn dates_select_events_whatever_their_zone() {
    let house = House::open().await;
    let owner = house.user("owner");
    let events = house.in_group("/events");
    let all = owner.get(&events).await.json();
    let middle = all["results"][20]["created"].as_str().unwrap().to_owned();
    let date = chrono::DateTime::parse_from_rfc3339(&middle).unwrap();
    let elsewhere = date.with_timezone(&chrono::FixedOffset::east_opt(9 * 3600).unwrap()).to_rfc3339();
    for (text, from, to) in [(middle.as_str(), 21, 20), (&elsewhere, 21, 20), (middle.trim_end_matches('Z'), 21, 20)] {
        let encoded = text.replace('+', "%2B");
        let count =
            async |name: &str| owner.get(&format!("{events}?{name}={encoded}")).await.json()["totalCount"].clone();
        assert_eq!(count("minDate").await, from, "{text}");
        assert_eq!(count("maxDate").await, to, "{text}");
    }
    let refused = owner.get(&format!("{events}?maxDate=yesterday")).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text.contains("maxDate"));
}

#[tokio::test]
async fn everything_is_reached_from_the_root_and_nothing_leads_nowhere() {
    let house = House::open().await;
    let owner = house.user("owner");
    let mut seen = std::collections::BTreeSet::from([owner.base.clone()]);
    let mut open = vec![owner.base.clone()];
    while let Some(url) = open.pop() {
        let reply = owner.get(url.strip_prefix(&owner.base).unwrap()).await;
        assert!([200, 403].contains(&reply.status), "{url}: {}", reply.status);
        let links = reply.json()["links"].as_array().cloned().unwrap_or_default();
        let members = reply.json()["results"].as_array().cloned().unwrap_or_default();
        // A few members of a list stand for all.
        let of_members = members.iter().take(3).flat_map(|member| member["links"].as_array().unwrap().clone());
        for link in links.into_iter().chain(of_members) {
            let href = link["href"].as_str().unwrap().to_owned();
            if seen.insert(href.clone()) {
                open.push(href);
            }
        }
    }
    for path in house.parameter("lists").as_array().unwrap() {
        assert!(seen.contains(&format!("{}{}", owner.base, path.as_str().unwrap())), "{path}");
    }
}
