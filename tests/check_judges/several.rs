//! Bursts and walks.

use atlaspec::check::WalkEnd;
use atlaspec::exchange::Exchange;
use atlaspec::suite::{Block, Check, Expectation, Matcher, StatusMatcher};
use serde_json::{Value, json};

use crate::fixture::{BASE, answered, block, body, equals, expectation, got, judge, scope, words};

fn status(code: u16) -> Check {
    Check::Status(StatusMatcher::Code(code))
}

/// A burst of which the first answers are 200 and the others 429.
fn limited(passed: usize, refused: usize) -> Vec<Exchange> {
    let all = [(passed, 200), (refused, 429)];
    all.into_iter().flat_map(|(count, status)| vec![answered("GET", "/x", status, "{}"); count]).collect()
}

fn burst(checks: impl IntoIterator<Item = Check>, exchanges: &[Exchange]) -> Vec<(String, Option<usize>)> {
    let findings = judge().burst(&block(checks), exchanges, 100, &scope());
    assert!(findings.iter().all(|finding| finding.requirements == ["a.b"] && finding.source.is_some()));
    findings.iter().map(|finding| (words(finding), finding.exchange)).collect()
}

#[test]
fn the_first_offending_answer_of_a_burst_is_named() {
    let exchanges = limited(50, 10);
    let said = burst([status(200)], &exchanges);
    assert_eq!(said, [("fail: response 51 of 60: the status is 429, expected 200 (and 9 more)".into(), Some(150))]);
    assert_eq!(burst([status(200)], &exchanges[..50]), [("pass".into(), None)]);
}

#[test]
fn parts_of_a_burst_are_judged_apart() {
    let first = |count: Value, code| Check::First(count, vec![expectation(status(code))]);
    let last = |count: Value, code| Check::Last(count, vec![expectation(status(code))]);
    let exchanges = limited(3, 2);
    let said = burst([first(json!(3), 200), last(json!(2), 429), first(json!("{three}"), 200)], &exchanges);
    assert!(said.iter().all(|(verdict, _)| verdict == "pass"), "{said:?}");
    let said = burst([last(json!(3), 429), first(json!(4), 200)], &exchanges);
    assert_eq!(said[0], ("fail: response 3 of 5: the status is 200, expected 429".into(), Some(102)));
    assert_eq!(said[1], ("fail: response 4 of 5: the status is 429, expected 200".into(), Some(103)));
}

#[test]
fn a_burst_that_is_too_short_proves_nothing() {
    let first = Check::First(json!(9), vec![expectation(status(200))]);
    let each = Check::Each(vec![expectation(status(200))]);
    assert_eq!(
        burst([first], &limited(3, 0)),
        [("inconclusive: there are 3 responses where 9 are judged".into(), None)]
    );
    assert_eq!(burst([each], &[]), [("inconclusive: there is no response to judge".into(), None)]);
    let none = Check::Last(json!(0), vec![expectation(status(200))]);
    assert_eq!(burst([none], &limited(3, 0)), [("inconclusive: there is no response to judge".into(), None)]);
}

fn page(number: usize, ids: &[&str], next: Option<&str>) -> Exchange {
    let results: Vec<Value> = ids
        .iter()
        .map(|id| json!({"id": id, "links": [{"rel": "self", "href": format!("{BASE}/hosts/{id}?pretty=true")}]}))
        .collect();
    let links: Vec<Value> = next.iter().map(|href| json!({"rel": "next", "href": href})).collect();
    let path = format!("/hosts?itemsPerPage=2&pageNum={number}");
    got(&path, &json!({"totalCount": 3, "results": results, "links": links}).to_string())
}

fn pages() -> Vec<Exchange> {
    vec![page(1, &["a", "b"], Some("?pageNum=2&itemsPerPage=2")), page(2, &["c"], None)]
}

#[test]
fn a_walk_leaves_a_summary() {
    let summary = judge().walk_summary(&pages(), WalkEnd::Complete);
    assert_eq!(summary["count"], 2);
    assert_eq!(summary["end"], "complete");
    assert_eq!(
        summary["ids"],
        json!([format!("{BASE}/hosts/a"), format!("{BASE}/hosts/b"), format!("{BASE}/hosts/c")])
    );
    assert_eq!(summary["items"][2]["id"], "c");
    assert_eq!(
        summary["visited"],
        json!([format!("{BASE}/hosts?itemsPerPage=2"), format!("{BASE}/hosts?itemsPerPage=2&pageNum=2")])
    );
    assert_eq!(summary["pages"][1]["url"], format!("{BASE}/hosts?itemsPerPage=2&pageNum=2"));
    assert_eq!(summary["pages"][1]["status"], 200);
    assert_eq!(summary["pages"][1]["body"]["totalCount"], 3);
    let words =
        [WalkEnd::Complete, WalkEnd::Loop, WalkEnd::TooMany, WalkEnd::Failed, WalkEnd::Foreign].map(WalkEnd::name);
    assert_eq!(words, ["complete", "loop", "too-many", "failed", "foreign"]);
}

#[test]
fn an_item_without_self_is_its_own_identity() {
    let exchange = got("/x", r#"{"results":[{"a":1},2]}"#);
    assert_eq!(judge().walk_summary(&[exchange], WalkEnd::Failed)["ids"], json!([{"a": 1}, 2]));
}

#[test]
fn the_identity_of_an_item_can_be_read() {
    let exchange = got("/x", r#"{"results":[{"links":[{"rel":"self","href":"x/%40a/?b=1&envelope=true&a=2"}]}]}"#);
    let ids = &judge().walk_summary(&[exchange], WalkEnd::Complete)["ids"];
    assert_eq!(*ids, json!([format!("{BASE}/x/%40a/?b=1&a=2")]));
}

#[test]
fn a_walk_is_judged_on_its_summary_and_its_pages() {
    let exchanges = pages();
    let judge = judge();
    let summary = judge.walk_summary(&exchanges, WalkEnd::Complete);
    let said = |check| words(&judge.walk(&block([check]), &summary, &exchanges, 5, &scope())[0]);
    assert_eq!(said(body("$.items", Matcher::Length(Box::new(equals(3))))), "pass");
    assert_eq!(said(body("$.end", equals("loop"))), "fail: the end of the walk is \"complete\", expected \"loop\"");
    assert_eq!(said(Check::Each(vec![expectation(body("$.totalCount", equals(3)))])), "pass");
    assert_eq!(
        said(Check::Each(vec![expectation(body("$.results", Matcher::Length(Box::new(equals(2)))))])),
        "fail: page 2 of 2: $.results has length 1, expected 2"
    );
    assert_eq!(said(status(200)), "pass");
}

#[test]
fn what_is_wrong_with_a_walk_names_the_page_that_shows_it() {
    let exchanges = pages();
    let judge = judge();
    let summary = judge.walk_summary(&exchanges, WalkEnd::Loop);
    let found = |path: &str, matcher: Matcher| {
        let finding = judge.walk(&block([body(path, matcher)]), &summary, &exchanges, 5, &scope()).remove(0);
        assert!(finding.message.contains("walk"), "the message speaks about the walk: {}", finding.message);
        (finding.exchange, finding.location.map(|location| location.to_string()))
    };
    let on = |exchange, location: &str| (Some(exchange), Some(location.to_owned()));
    assert_eq!(found("$.items[2].id", equals("x")), on(6, "$.results[0].id"));
    assert_eq!(found("$.items[1].name", equals("x")), on(5, "$.results[1].name"));
    assert_eq!(found("$.ids[0]", equals("x")), on(5, "$.results[0]"));
    assert_eq!(found("$.pages[1].body.totalCount", equals(4)), on(6, "$.totalCount"));
    assert_eq!(found("$.pages[0].status", equals(404)), on(5, "the status"));
    assert_eq!(found("$.end", equals("complete")), on(6, "the walk"));
    assert_eq!(found("$.count", equals(1)), (None, None), "of no page alone");
    assert_eq!(found("$.items[9].id", equals("x")), (None, None), "there is no such item");
}

#[test]
fn a_part_of_a_walk_has_a_name_for_people() {
    let (exchanges, judge) = (pages(), judge());
    let summary = judge.walk_summary(&exchanges, WalkEnd::Complete);
    let said = |path: &str| {
        let finding = judge.walk(&block([body(path, equals("x"))]), &summary, &exchanges, 5, &scope()).remove(0);
        finding.message.split(" is ").next().unwrap_or_default().to_owned()
    };
    assert_eq!(said("$.items[2].id"), "$.id of item 3 of the walk");
    assert_eq!(said("$.pages[1].body.totalCount"), "$.totalCount of page 2 of the walk");
    assert_eq!(said("$.count"), "the number of pages of the walk");
    assert_eq!(said("$.items[?@.id == 'c'].id"), "$.items[?@.id == 'c'].id of the walk");
}

#[test]
fn the_author_of_a_case_says_what_is_wrong() {
    let (exchange, judge) = (got("/x", r#"{"a": 1}"#), judge());
    let stated = |check| {
        let says = Some("the list holds {three} too many".to_owned());
        Block { expectations: vec![Expectation { says, ..expectation(check) }], ..Block::default() }
    };
    let said = |check| judge.answer(&[stated(check)], &exchange, 0, &scope()).remove(0);
    let found = said(body("$.a", equals(2)));
    assert_eq!(found.says.as_deref(), Some("the list holds 3 too many"));
    assert_eq!(found.message, "$.a is 1, expected 2", "the details stay");
    assert_eq!(said(body("$.a", equals(1))).says, None);
}

#[test]
fn a_request_that_followed_a_wrong_link_was_led_astray() {
    let without_size = page(2, &["c"], Some("?pageNum=3"));
    let judge = judge();
    let led = |before: &[Exchange], path: &str| judge.led_astray(before, &got(path, "{}"));
    let before = [page(1, &["a", "b"], Some("?pageNum=2&itemsPerPage=2")), without_size];
    let why = led(&before, "/hosts?pageNum=3").expect("the link lost the size");
    assert!(why.contains("next"), "{why}");
    assert_eq!(led(&before, "/hosts?itemsPerPage=2&pageNum=2"), None, "the link of the first page is right");
    assert_eq!(led(&before, "/hosts?pageNum=4"), None, "no link leads there");
}

#[test]
fn a_walk_that_goes_wrong_names_the_page_that_leads_it_astray() {
    let exchanges = vec![page(1, &["a", "b"], None)];
    let judge = judge();
    let summary = judge.walk_summary(&exchanges, WalkEnd::Complete);
    let all = body("$.ids", Matcher::Length(Box::new(equals(3))));
    let finding = judge.walk(&block([all.clone()]), &summary, &exchanges, 5, &scope()).remove(0);
    assert_eq!(finding.message, "the list of items that the walk found has length 2, expected 3");
    let cause = "$.links of page 1, which ends with item 2 of 3, has no link next";
    assert_eq!((finding.cause.as_deref(), finding.exchange), (Some(cause), Some(5)));
    assert_eq!(finding.location.map(|location| location.to_string()), Some("$.links".to_owned()));
    // Pages that lead on as they should are no cause.
    let right = pages();
    let summary = judge.walk_summary(&right, WalkEnd::Complete);
    let more = body("$.ids", Matcher::Length(Box::new(equals(4))));
    let finding = judge.walk(&block([more]), &summary, &right, 5, &scope()).remove(0);
    assert_eq!((finding.cause, finding.exchange, finding.location), (None, None, None));
}

#[test]
fn the_next_page_is_found_in_envelopes_too() {
    let judge = judge();
    let next = |exchange: &Exchange| judge.next_page(exchange, "next").map(|url| url.to_string());
    assert_eq!(next(&pages()[0]), Some(format!("{BASE}/hosts?pageNum=2&itemsPerPage=2")));
    assert_eq!(next(&pages()[1]), None);
    let inside = got("/x", r#"{"status":200,"content":{"links":[{"rel":"next","href":"/y"}]}}"#);
    assert_eq!(next(&inside), Some("https://h.example/y".into()));
    assert_eq!(next(&got("/x", "<html>")), None);
    assert_eq!(next(&got("/x", r#"{"links":[{"rel":"next","href":"https://"}]}"#)), None);
}

#[test]
fn pages_are_told_from_other_answers() {
    let judge = judge();
    assert!(judge.is_page(&pages()[0]));
    assert!(judge.is_page(&got("/x", r#"{"status":200,"content":{"results":[]}}"#)));
    assert!(!judge.is_page(&answered("GET", "/x", 404, r#"{"results":[]}"#)));
    assert!(!judge.is_page(&got("/x", r#"{"results":{}}"#)));
}

#[test]
fn a_moving_total_is_seen() {
    let total = |count: u64| got("/x", &json!({"totalCount": count, "results": []}).to_string());
    assert!(!judge().total_moved(&pages()));
    assert!(judge().total_moved(&[total(3), total(3), total(4)]));
    assert!(!judge().total_moved(&[total(3), got("/x", "{}"), total(3)]));
}

#[test]
fn items_that_come_and_go_are_seen() {
    let page = |total: u64, items: &[&str]| {
        let item = |id: &&str| json!({"links": [{"rel": "self", "href": format!("{BASE}/x/{id}")}]});
        let items: Vec<Value> = items.iter().map(item).collect();
        got("/x", &json!({"totalCount": total, "results": items}).to_string())
    };
    let walked = [page(3, &["a", "b"]), page(3, &["c"])];
    assert!(!judge().other_items(&walked, &[page(3, &["c", "b", "a"])]), "in whatever order");
    assert!(judge().other_items(&walked, &[page(3, &["a", "b", "d"])]), "though the total is the same");
    assert!(!judge().are_short(&walked));
    assert!(judge().are_short(&walked[..1]));
    assert!(judge().are_short(&[got("/x", r#"{"results":[]}"#)]), "nobody knows how many there are");
}
