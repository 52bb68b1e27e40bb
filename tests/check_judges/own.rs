//! Rules that hold an answer against its own request: what breaks them, and what does not.

use atlaspec::suite::{Check, OwnRule};
use serde_json::{Value, json};

use crate::fixture::{BASE, answered, got, verdict, with_header};

fn judged(rule: OwnRule, path: &str, body: &Value) -> String {
    verdict(Check::Own(rule), &got(path, &body.to_string()))
}

/// A page of `items` items of `total`, with links to these queries of `/l`.
fn page(items: usize, total: u64, links: &[(&str, &str)]) -> Value {
    let link = |(rel, query): &(&str, &str)| json!({"rel": rel, "href": format!("{BASE}/l{query}")});
    json!({
        "totalCount": total,
        "results": (0..items).map(|id| json!({"id": id})).collect::<Vec<_>>(),
        "links": links.iter().map(link).collect::<Vec<_>>(),
    })
}

const PAGE_RULES: [OwnRule; 10] = [
    OwnRule::SizeHonoured,
    OwnRule::SizeDefault,
    OwnRule::SizeMaximum,
    OwnRule::TotalFits,
    OwnRule::PreviousFits,
    OwnRule::NextFits,
    OwnRule::SelfIsPage,
    OwnRule::LinksStep,
    OwnRule::LinksKeepQuery,
    OwnRule::PagingRefused,
];

#[track_caller]
fn fits(path: &str, body: &Value) {
    for rule in PAGE_RULES {
        assert_eq!(judged(rule, path, body), "pass", "{rule:?} {path} {body}");
    }
}

#[track_caller]
fn breaks(rule: OwnRule, path: &str, body: &Value, why: &str) {
    assert_eq!(judged(rule, path, body), format!("fail: {why}"));
}

#[test]
fn pages_that_fit_are_left_alone() {
    fits("/l", &page(3, 3, &[("self", "")]));
    fits("/l", &page(0, 0, &[("self", "?pageNum=1&itemsPerPage=100")]));
    fits("/l?itemsPerPage=2", &page(2, 5, &[("self", "?itemsPerPage=2"), ("next", "?pageNum=2&itemsPerPage=2")]));
    let middle =
        [("self", "?itemsPerPage=2&pageNum=2"), ("next", "?pageNum=3&itemsPerPage=2"), ("previous", "?itemsPerPage=2")];
    fits("/l?pageNum=2&itemsPerPage=2", &page(2, 5, &middle));
    fits("/l?pageNum=3&itemsPerPage=2", &page(1, 5, &[("previous", "?pageNum=2&itemsPerPage=2")]));
    // Past the end, and more than a page may hold.
    fits("/l?pageNum=9&itemsPerPage=2", &page(0, 5, &[("previous", "?pageNum=3&itemsPerPage=2")]));
    fits(
        "/l?itemsPerPage=500",
        &page(100, 101, &[("self", "?itemsPerPage=100"), ("next", "?pageNum=2&itemsPerPage=500")]),
    );
}

#[test]
fn what_nobody_can_tell_is_not_judged() {
    for query in ["pageNum=", "pageNum=1&pageNum=2", "pageNum=007"] {
        fits(&format!("/l?{query}"), &page(5, 99, &[("previous", "?pageNum=1")]));
    }
    fits("/l?itemsPerPage=%2B5", &page(7, 99, &[]));
    fits("/l", &json!({"results": {}, "totalCount": "3", "links": {}}));
    fits(
        "/l?filter=a",
        &page(1, 1, &[("self", ""), ("next", "?pageNum=2")]).as_object().map_or(Value::Null, |page| {
            let mut page = page.clone();
            page.remove("totalCount");
            Value::Object(page)
        }),
    );
}

/// How links between pages are written is their server's business: they have to lead there.
#[test]
fn opaque_links_are_not_judged_by_their_looks() {
    let links = [("self", "?cursor=b"), ("next", "?cursor=c"), ("previous", "?cursor=a")];
    fits("/l?pageNum=2&itemsPerPage=2", &page(2, 5, &links));
    fits("/l?cursor=b", &page(2, 5, &links));
    fits("/l?state=on&itemsPerPage=2", &page(2, 5, &[("self", "?after=0"), ("next", "?after=2")]));
    fits("/l?pageNum=2&itemsPerPage=2", &page(2, 5, &[("self", "/pages/2"), ("next", "/pages/3"), ("previous", "/1")]));
    // What a link does say is held against it.
    let why = "$.links of page 2 has a link next to page 9";
    breaks(OwnRule::LinksStep, "/l?pageNum=2&itemsPerPage=2", &page(2, 5, &[("next", "?pageNum=9&cursor=c")]), why);
    let why = "$.links has a link next to pages of 100 items, expected 2";
    breaks(OwnRule::LinksKeepQuery, "/l?itemsPerPage=2", &page(2, 5, &[("next", "?pageNum=2")]), why);
}

#[test]
fn nothing_follows_what_is_past_the_end() {
    let past = page(0, 5, &[("previous", "?pageNum=3&itemsPerPage=2"), ("next", "?pageNum=10&itemsPerPage=2")]);
    let why = "$.links of page 9, behind the last of 5 items, has a link next";
    breaks(OwnRule::NextFits, "/l?pageNum=9&itemsPerPage=2", &past, why);
    // A total that says that the page is not past the end contradicts the page, and not its links.
    assert_eq!(judged(OwnRule::NextFits, "/l?pageNum=2&itemsPerPage=2", &past), "pass");
}

#[test]
fn an_entity_may_have_results() {
    let report =
        json!({"id": "7", "results": [{"links": []}, 3], "links": [{"rel": "self", "href": format!("{BASE}/l")}]});
    fits("/l", &report);
    let enveloped = json!({"status": 200, "content": report});
    for rule in [OwnRule::EnvelopeOfEntity, OwnRule::EnvelopeOfList, OwnRule::EnvelopeStatus] {
        assert_eq!(judged(rule, "/l?envelope=true", &enveloped), "pass", "{rule:?}");
    }
    let why = "an envelope was asked for, and the body has no member status";
    breaks(OwnRule::EnvelopeOfEntity, "/l?envelope=true", &report, why);
}

#[test]
fn sizes_and_totals_are_held_against_the_request() {
    breaks(
        OwnRule::SizeHonoured,
        "/l?itemsPerPage=2",
        &page(3, 9, &[]),
        "$.results holds 3 items, asked for with itemsPerPage=2",
    );
    let short = page(2, 9, &[("next", "?pageNum=2&itemsPerPage=5")]);
    let why = "$.results of page 1 holds 2 items, asked for with itemsPerPage=5, and there are more";
    breaks(OwnRule::SizeHonoured, "/l?itemsPerPage=5", &short, why);
    assert_eq!(judged(OwnRule::SizeDefault, "/l?itemsPerPage=5", &short), "pass");
    let why = "$.results of page 1 holds 2 items, asked for with no itemsPerPage, and there are more";
    breaks(OwnRule::SizeDefault, "/l", &page(2, 9, &[("next", "?pageNum=2")]), why);
    let why = "$.links has a link self to a page of 20 items, expected 100 by default";
    breaks(OwnRule::SizeDefault, "/l?pageNum=2", &page(3, 23, &[("self", "?pageNum=2&itemsPerPage=20")]), why);
    breaks(OwnRule::SizeMaximum, "/l", &page(101, 101, &[]), "$.results holds 101 items, expected at most 100");
    let why = "$.totalCount is 3, and there are at least 4 items up to the end of page 2";
    breaks(OwnRule::TotalFits, "/l?pageNum=2&itemsPerPage=2", &page(2, 3, &[]), why);
    let why = "$.totalCount is 9, and page 1, which is the last, ends with item 1";
    breaks(OwnRule::TotalFits, "/l?itemsPerPage=2", &page(1, 9, &[]), why);
}

#[test]
fn links_of_pages_are_held_against_the_request() {
    breaks(OwnRule::PreviousFits, "/l", &page(1, 1, &[("previous", "")]), "$.links of page 1 has a link previous");
    breaks(OwnRule::PreviousFits, "/l?pageNum=2", &page(1, 101, &[]), "$.links of page 2 has no link previous");
    let why = "$.links of page 1, which ends with item 2 of 2, has a link next";
    breaks(OwnRule::NextFits, "/l?itemsPerPage=2", &page(2, 2, &[("next", "?pageNum=2")]), why);
    let why = "$.links of page 1, which ends with item 2 of 3, has no link next";
    breaks(OwnRule::NextFits, "/l?itemsPerPage=2", &page(2, 3, &[]), why);
    let why = format!("$.links has a link self to {BASE}/l?pageNum=1, expected to {BASE}/l?pageNum=2");
    breaks(OwnRule::SelfIsPage, "/l?pageNum=2", &page(1, 101, &[("self", "?pageNum=1")]), &why);
    let why = "$.links of page 1 has a link next to page 3";
    breaks(OwnRule::LinksStep, "/l", &page(1, 101, &[("next", "?pageNum=3")]), why);
    let why = "$.links has a link next to pages of 10 items, expected 5";
    let body = page(5, 9, &[("next", "?pageNum=2&itemsPerPage=10")]);
    breaks(OwnRule::LinksKeepQuery, "/l?itemsPerPage=5", &body, why);
    let body = page(5, 9, &[("self", "?itemsPerPage=5&up=true"), ("next", "?pageNum=2&itemsPerPage=5")]);
    let why = "$.links has a link next without the parameter \"up\"";
    breaks(OwnRule::LinksKeepQuery, "/l?itemsPerPage=5&up=true", &body, why);
    let why = "a list was returned for a pageNum that is no positive integer";
    breaks(OwnRule::PagingRefused, "/l?pageNum=0", &page(1, 1, &[]), why);
}

#[test]
fn self_links_lead_to_no_parent() {
    let entity = |href: &str| json!({"id": 1, "links": [{"rel": "self", "href": href}]});
    for fine in
        ["/groups/g/hosts/h", "/api/atlas/v1.0/groups/g/hosts/h/", "https://other.example/api/atlas/v1.0/groups/g"]
    {
        let path = format!("{}{fine}", if fine.starts_with("/groups") { "/api/atlas/v1.0" } else { "" });
        assert_eq!(judged(OwnRule::SelfIsOwn, "/groups/g/hosts/h", &entity(&path)), "pass", "{path}");
    }
    // The same entity may have another name.
    assert_eq!(judged(OwnRule::SelfIsOwn, "/groups/byName/x", &entity(&format!("{BASE}/groups/g"))), "pass");
    let why =
        format!("$.links has a link self to {BASE}/groups/g/hosts, in which the entity {BASE}/groups/g/hosts/h lies");
    breaks(OwnRule::SelfIsOwn, "/groups/g/hosts/h", &entity(&format!("{BASE}/groups/g/hosts")), &why);
    let item = |id: &str, own: &str| json!({"id": id, "links": [{"rel": "self", "href": format!("{BASE}{own}")}]});
    let items = |items: Vec<Value>| json!({ "results": items });
    assert_eq!(judged(OwnRule::ItemsDiffer, "/l", &items(vec![item("a", "/l/a"), item("b", "/l/b")])), "pass");
    let why = "$.results[1].links has the same link self as $.results[0], which has another id";
    breaks(OwnRule::ItemsDiffer, "/l", &items(vec![item("a", "/l/a"), item("b", "/l/a")]), why);
    // A list may lie below one of its own items.
    assert_eq!(
        judged(OwnRule::ItemsDiffer, "/a/1/members", &items(vec![item("1", "/a/1"), item("2", "/a/2")])),
        "pass"
    );
    let why = format!("$.results[0].links has a link self to {BASE}/l, where the list is");
    breaks(OwnRule::ItemsDiffer, "/l", &items(vec![item("a", "/l")]), &why);
}

#[test]
fn envelopes_and_errors_tell_the_status() {
    let path = "/x?envelope=true";
    assert_eq!(judged(OwnRule::EnvelopeOfEntity, path, &json!({"status": 200, "content": {}})), "pass");
    assert_eq!(judged(OwnRule::EnvelopeOfEntity, path, &json!({})), "pass");
    let why = "an envelope was asked for, and the body has no member status";
    breaks(OwnRule::EnvelopeOfEntity, path, &json!({"id": 1}), why);
    let why = "the envelope has members beside status and content: headers";
    breaks(OwnRule::EnvelopeOfEntity, path, &json!({"status": 200, "content": {}, "headers": 1}), why);
    let why = "an envelope was asked for, and the list has no member status";
    breaks(OwnRule::EnvelopeOfList, path, &json!({"results": []}), why);
    breaks(
        OwnRule::EnvelopeStatus,
        path,
        &json!({"status": "200", "content": {}}),
        "$.status is \"200\", expected 200",
    );
    breaks(OwnRule::ErrorIsStatus, path, &json!({"error": 418}), "$.error is 418, expected 200");
    let why = "an envelope was asked for, and the error has no member status";
    breaks(OwnRule::EnvelopeOfError, path, &json!({"error": 404}), why);
}

#[test]
fn headers_fit_the_request() {
    let refused = |allow: &str| {
        let exchange = with_header(answered("DELETE", "/", 405, "{}"), "allow", allow);
        verdict(Check::Own(OwnRule::AllowFits), &exchange)
    };
    assert_eq!(refused("GET, HEAD"), "pass");
    assert_eq!(refused("GET, DELETE"), "fail: header Allow is \"GET, DELETE\", and DELETE was refused");
    let sent = |media_type: &str| {
        let mut exchange = answered("POST", "/x", 415, "{}");
        exchange.request.headers.push(("Content-Type".to_owned(), media_type.to_owned()));
        verdict(Check::Own(OwnRule::JsonAccepted), &exchange)
    };
    assert_eq!(sent("text/plain"), "pass");
    assert_eq!(sent("application/json; charset=utf-16"), "pass");
    assert_eq!(
        sent("application/json; charset=UTF-8"),
        "fail: the status is 415 for a request entity sent as application/json"
    );
}
