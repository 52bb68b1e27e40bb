//! Browsing servers that lead astray: loops, lists without end, other hosts, silence.

use std::time::{Duration, Instant};

use atlaspec::client::Patience;
use atlaspec::clock::Clock;
use atlaspec::discover::{Bounds, Discovery, Ended, Found, discover};
use atlaspec::exchange::Obstacle;
use atlaspec::target::Target;
use url::Url;

use super::server::{Reply, Seen, Server, answer, ok, target, worker_for};

const BOUNDS: Bounds = Bounds { requests: 40, depth: 6, time: Duration::from_secs(20) };

async fn browse(target: &Target, bounds: Bounds) -> Result<Discovery, Obstacle> {
    discover(&mut worker_for(target), target, (&Clock::real(), &Patience::default()), bounds, &mut |_| ()).await
}

fn link(rel: &str, href: &str) -> String {
    format!("{{\"rel\":\"{rel}\",\"href\":\"{href}\"}}")
}

fn entity(links: &[String]) -> Reply {
    ok(&format!("{{\"id\":1,\"links\":[{}]}}", links.join(",")))
}

/// A list of items that have these paths.
fn list(items: &[&str], total: usize, links: &[String]) -> Reply {
    let item = |path: &&str| format!("{{\"links\":[{}]}}", link("self", path));
    let items: Vec<String> = items.iter().map(item).collect();
    ok(&format!("{{\"totalCount\":{total},\"results\":[{}],\"links\":[{}]}}", items.join(","), links.join(",")))
}

fn paths(server: &Server) -> Vec<String> {
    server.seen().iter().map(|seen| seen.target.clone()).collect()
}

#[tokio::test]
async fn no_link_is_followed_twice_and_none_leads_out() {
    let other = Server::start(|_| ok("{}")).await;
    let elsewhere = other.url.to_string();
    let server = Server::start(move |seen: &Seen| match seen.target.as_str() {
        "/api" => entity(&[
            link("a", "/api/a"),
            link("b", "/api/b?x=1"),
            link("other", &elsewhere),
            link("file", "file:///etc/passwd"),
            link("up", "/elsewhere"),
            link("login", "//me:secret@127.0.0.1/api/c"),
        ]),
        "/api/a" => entity(&[link("b", "/api/b?x=1"), link("self", "/api/a"), link("root", "/api/"), link("a", "a#x")]),
        _ => entity(&[link("a", "/api/a?pretty=true"), link("root", "../api")]),
    })
    .await;
    let discovery = browse(&target(&server.url), BOUNDS).await.expect("a root");
    assert_eq!((discovery.ended, discovery.resources), (Ended::Complete, 3));
    let mut seen = paths(&server);
    // One of the entities is asked for again: it stood still.
    assert_eq!(seen.pop().as_deref(), Some("/api/a"));
    assert_eq!(seen, ["/api", "/api/a", "/api/b?x=1"]);
    assert!(other.seen().is_empty() && server.seen().iter().all(|seen| seen.method == "GET"));
    assert_eq!(discovery.exchanges.len(), 4);
    assert_eq!(discovery.found.entity.as_deref(), Some("/a"));
}

#[tokio::test]
async fn a_site_without_end_is_left_at_the_bounds() {
    let mut number = 0;
    let endless = Server::start(move |_| {
        number += 1;
        let name = |letter: char| link("x", &format!("/api/{letter}{}", "x".repeat(number)));
        entity(&['a', 'b', 'c'].map(name))
    })
    .await;
    let discovery = browse(&target(&endless.url), BOUNDS).await.expect("a root");
    assert_eq!((discovery.ended, endless.seen().len()), (Ended::Requests, BOUNDS.requests));
    let shallow = Bounds { depth: 1, requests: 1_000, ..BOUNDS };
    let discovery = browse(&target(&endless.url), shallow).await.expect("a root");
    assert_eq!((discovery.ended, discovery.resources), (Ended::Complete, 4));
    let slow = Server::start(|seen: &Seen| match seen.target.as_str() {
        "/api" => entity(&[link("a", "/api/a"), link("b", "/api/b")]),
        _ => Reply::Stall(Vec::new()),
    })
    .await;
    let begun = Instant::now();
    let brief = Bounds { time: Duration::from_millis(400), ..BOUNDS };
    assert_eq!(browse(&target(&slow.url), brief).await.expect("a root").ended, Ended::Time);
    assert!(begun.elapsed() < Duration::from_secs(8), "the time of the exchange was waited for");
}

#[tokio::test]
async fn a_large_list_is_sampled_and_its_pages_are_not_walked() {
    let items: Vec<String> = (0..100).map(|number| format!("/api/hosts/{number}")).collect();
    let server = Server::start(move |seen: &Seen| match seen.target.as_str() {
        "/api" => entity(&[link("hosts", "/api/hosts"), link("none", "/api/none"), link("few", "/api/few")]),
        "/api/hosts" => {
            let items: Vec<&str> = items.iter().map(String::as_str).collect();
            list(&items, 250, &[link("next", "/api/hosts?pageNum=2"), link("self", "/api/hosts")])
        }
        "/api/none" => list(&[], 0, &[]),
        "/api/few" => list(&["/api/few/north", "/api/few/south"], 2, &[]),
        path => ok(&format!("{{\"name\":\"{path}\",\"seen\":\"2016-05-06T07:08:09Z\",\"links\":[]}}")),
    })
    .await;
    let found = browse(&target(&server.url), BOUNDS).await.expect("a root").found;
    let expected = Found {
        root: true,
        lists: vec!["/few".into(), "/hosts".into(), "/none".into()],
        entities: vec!["/".into(), "/few/north".into(), "/hosts/0".into()],
        long: Some("/hosts".into()),
        short: Some("/few".into()),
        empty: Some("/none".into()),
        entity: Some("/few/north".into()),
        missing_entity: Some("/few/atlaspec-missing".into()),
        date_members: vec!["seen".into()],
        ..Found::default()
    };
    assert_eq!(found, expected);
    let seen = paths(&server);
    assert!(["/api/hosts/0", "/api/hosts/50", "/api/hosts/99"].iter().all(|path| seen.contains(&(*path).to_owned())));
    assert!(seen.len() < 16 && !seen.iter().any(|path| path.contains("pageNum")), "{seen:?}");
}

#[tokio::test]
async fn what_moves_serves_for_nothing() {
    let mut total = 4;
    let server = Server::start(move |seen: &Seen| match seen.target.as_str() {
        "/api" => entity(&[link("events", "/api/events")]),
        "/api/events" => {
            total += 1;
            list(&vec!["/api/events/1"; total], total, &[])
        }
        _ => {
            total += 1;
            ok(&format!("{{\"served\":{total},\"links\":[]}}"))
        }
    })
    .await;
    let found = browse(&target(&server.url), BOUNDS).await.expect("a root").found;
    assert_eq!((found.short, found.exact, found.entity), (None, None, None));
    assert_eq!(found.lists, ["/events"]);
}

#[tokio::test]
async fn a_target_that_falls_silent_is_left_and_what_was_seen_is_kept() {
    let server = Server::start(|seen: &Seen| match seen.target.as_str() {
        "/api" => entity(&["a", "b", "c", "d", "e"].map(|name| link(name, &format!("/api/{name}")))),
        _ => Reply::Close(Vec::new()),
    })
    .await;
    let discovery = browse(&target(&server.url), BOUNDS).await.expect("a root");
    assert_eq!((discovery.ended, discovery.resources), (Ended::Silence, 1));
    assert!(discovery.found.root && discovery.exchanges.len() == 1);
    let silent = Server::start(|_| Reply::Close(Vec::new())).await;
    assert!(matches!(browse(&target(&silent.url), BOUNDS).await, Err(Obstacle::Broken { .. })));
}

#[tokio::test]
async fn nonsense_is_seen_and_leads_nowhere() {
    let nonsense: Vec<(&str, String)> = vec![
        ("200 OK", "\u{0}\u{1b}[31m".to_owned()),
        ("200 OK", "[".repeat(100_000)),
        ("200 OK", format!("{{\"results\":[{}]}}", vec!["null"; 50_000].join(","))),
        ("200 OK", "{\"links\":{\"rel\":1},\"results\":{\"a\":1},\"totalCount\":-1e400}".to_owned()),
        ("302 Found", String::new()),
        ("500 No", "{\"links\":[{\"rel\":\"a\",\"href\":\"/api/never\"}]}".to_owned()),
    ];
    for (status, body) in nonsense {
        let server = Server::start(move |seen: &Seen| match seen.target.as_str() {
            "/api" => entity(&[link("a", "/api/a")]),
            _ => answer(status, &["location: http://127.0.0.1:1/".to_owned()], &body),
        })
        .await;
        let discovery = browse(&target(&server.url), BOUNDS).await.expect("a root");
        assert_eq!((discovery.ended, discovery.resources), (Ended::Complete, 2), "{status}");
        assert!(!paths(&server).contains(&"/api/never".to_owned()));
    }
}

#[tokio::test]
async fn a_url_of_the_target_is_no_template() {
    let server = Server::start(|seen: &Seen| match seen.target.as_str() {
        "/api" => entity(&[link("l", "/api/l?a={b}")]),
        _ => list(&["/api/l/1", "/api/l/2"], 2, &[]),
    })
    .await;
    let mut target = target(&server.url);
    browse(&target, BOUNDS).await.expect("a root").found.fill(&mut target);
    let path = target.parameters["list"]["short"].as_str().expect("a path").to_owned();
    let base: Url = server.url.clone();
    assert!(["/l?a={{b}", "/l?a=%7Bb%7D"].contains(&path.as_str()), "{path} of {base}");
}

#[tokio::test]
async fn who_is_put_off_asks_again_and_slashes_at_the_end_stay() {
    let mut busy = true;
    let server = Server::start(move |seen: &Seen| match seen.target.as_str() {
        "/api" if std::mem::take(&mut busy) => answer("429 Too Many Requests", &["retry-after: 0".to_owned()], "{}"),
        "/api" => entity(&[link("a", "/api/a/"), link("few", "/api/few/")]),
        "/api/few/" => list(&["/api/few/1/", "/api/few/2/"], 2, &[]),
        path if path.ends_with('/') => entity(&[]),
        _ => answer("404 Not Found", &[], "{}"),
    })
    .await;
    let found = browse(&target(&server.url), BOUNDS).await.expect("a root").found;
    assert!(found.root, "{:?}", paths(&server));
    assert_eq!(found.short.as_deref(), Some("/few/"));
    assert_eq!(found.missing_entity.as_deref(), Some("/few/999999999/"));
    assert_eq!(found.entities, ["/", "/a/", "/few/1/"]);
}
