//! Links and redirects that lead in circles, on for ever, or to where nothing may be sent.

use std::sync::Arc;

use crate::bench::{Ends, Row, battery, browsed_battery, row};
use crate::server::{Met, Reply, Seen, Server};
use crate::site::{answer, json, page};

fn next(href: &str) -> String {
    format!(r#",{{"rel":"next","href":"{href}"}}"#)
}

/// A row in which every page has this next one.
fn leading_to(name: &'static str, ends: Ends, href: String) -> Row {
    row(name, ends, move |seen| page(seen, &next(&href)))
}

fn redirecting_to(name: &'static str, to: impl Fn(&Seen) -> String + Send + Sync + 'static) -> Row {
    row(name, Ends::Fails("302"), move |seen| answer("302 Found", &format!("location: {}\r\n", to(seen)), ""))
}

fn circles() -> Vec<Row> {
    vec![
        row("a next that is the page itself", Ends::Fails("\"loop\""), |seen| page(seen, &next(&seen.target))),
        row("a next that alternates", Ends::Fails("\"loop\""), |seen| {
            let other = if seen.target.contains("pageNum=2") { "?pageNum=1" } else { "?pageNum=2" };
            page(seen, &next(other))
        }),
        row("a next that never ends", Ends::Fails("twice, as element 0"), |seen| {
            page(seen, &next(&format!("/p/{}", seen.turn)))
        }),
        row("a next that grows", Ends::Fails("twice, as element 0"), |seen| {
            page(seen, &next(&format!("{}&x=y", seen.target)))
        }),
        redirecting_to("a redirect in a loop", |seen| seen.target.clone()),
        redirecting_to("a redirect that never ends", |seen| format!("/r/{}", seen.turn)),
    ]
}

/// Rows that lead to another server on loopback, and to schemes and hosts of every other kind.
fn away(elsewhere: &str) -> Vec<Row> {
    let to = |rest: &str| format!("http://{elsewhere}{rest}");
    let (redirect, location, everywhere) = (to("/redirect"), to("/location"), to("/link"));
    vec![
        // The server may be known by that name, too: what fails are the pages themselves.
        leading_to("a next at another origin", Ends::Fails("$.totalCount is 250, expected 0"), to("/next")),
        leading_to(
            "a next with credentials in it",
            Ends::Fails("$.totalCount is 250, expected 0"),
            format!("http://owner:pw@{elsewhere}/next"),
        ),
        leading_to(
            "a next without a scheme",
            Ends::Fails("$.totalCount is 250, expected 0"),
            format!("//{elsewhere}/next"),
        ),
        leading_to("a next that is a file", Ends::Fails("\"foreign\""), "file:///etc/passwd".to_owned()),
        leading_to("a next that is a script", Ends::Fails("\"foreign\""), "javascript:alert(1)".to_owned()),
        leading_to("a next that is data", Ends::Fails("\"foreign\""), "data:application/json,{}".to_owned()),
        leading_to("a next that is no URL", Ends::Fails(""), "http://[::1".to_owned()),
        redirecting_to("a redirect to another origin", move |_| redirect.clone()),
        row("locations at another origin", Ends::Fails(""), move |seen| {
            let lines =
                format!("location: {location}\r\ncontent-location: {location}\r\nlink: <{location}>; rel=next\r\n");
            let Reply::Keep(bytes) = page(seen, "") else { unreachable!("a page is kept") };
            let text = String::from_utf8(bytes).expect("a page is text");
            Reply::Keep(text.replacen("\r\n", &format!("\r\n{lines}"), 1).into_bytes())
        }),
        row("every link at another origin", Ends::Fails(""), move |_| {
            let rels = ["self", "next", "previous", "http://h/rel/hosts"];
            let links: Vec<String> =
                rels.iter().map(|rel| format!(r#"{{"rel":"{rel}","href":"{everywhere}"}}"#)).collect();
            let links = links.join(",");
            json(format!(r#"{{"totalCount":1,"results":[{{"links":[{links}]}}],"links":[{links}]}}"#))
        }),
    ]
}

/// What came to another origin holds no credentials, and changes nothing.
fn assert_harmless(met: &Met) {
    assert!(!met.key_came());
    for head in met.heads() {
        let lower = head.to_ascii_lowercase();
        assert!(!lower.contains("\nauthorization:") && !lower.contains("\ncookie:"), "{head}");
        assert!(head.starts_with("GET ") || head.starts_with("HEAD "), "{head}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn browsing_ends_wherever_links_lead() {
    browsed_battery(circles()).await;
    let elsewhere = Server::start(Arc::new(|_: &Seen| json("{}"))).await;
    browsed_battery(away(&elsewhere.address.to_string())).await;
    assert_harmless(&elsewhere.met);
}

#[tokio::test(flavor = "multi_thread")]
async fn links_in_circles() {
    battery(circles()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_lead_away() {
    let elsewhere = Server::start(Arc::new(|_: &Seen| json("{}"))).await;
    battery(away(&elsewhere.address.to_string())).await;
    assert_harmless(&elsewhere.met);
}
