//! Which exchanges an invariant sees, and what it sees of them.

use atlaspec::check::Selected;
use atlaspec::exchange::{Connection, Exchange};
use atlaspec::suite::{BodyKind, Check, Invariant, Matcher, Methods, OwnRule, Rule, StatusMatcher, When};
use atlaspec::verdict::Source;
use serde_json::json;
use url::Url;

use crate::fixture::{answered, block, body, equals, got, judge, scope, words};

const ENTITY: &str = r#"{"id":"i"}"#;
const LIST: &str = r#"{"results":[],"totalCount":0}"#;
const ERROR: &str = r#"{"error":404,"reason":"Not Found","detail":"d"}"#;

fn selects(when: &When, exchange: &Exchange) -> bool {
    let judge = judge();
    judge.selects(when, &judge.view(exchange)) == Selected::Yes
}

fn kind(kind: BodyKind) -> When {
    When { body: Some(kind), ..When::default() }
}

#[test]
fn bodies_are_told_apart() {
    let answers = [
        got("/x", ENTITY),
        got("/x", LIST),
        answered("GET", "/x", 404, ERROR),
        got("/x", "[1]"),
        got("/x", "<html>"),
        answered("GET", "/x", 500, "oops"),
        answered("DELETE", "/x", 204, ""),
        answered("DELETE", "/x", 202, "{}"),
    ];
    let seen = |wanted| (0..answers.len()).filter(|at| selects(&kind(wanted), &answers[*at])).collect::<Vec<_>>();
    assert_eq!(seen(BodyKind::Entity), [0]);
    assert_eq!(seen(BodyKind::List), [1]);
    assert_eq!(seen(BodyKind::Error), [2, 5]);
    assert_eq!(seen(BodyKind::Json), [0, 1, 2, 3, 7]);
    assert!(selects(&kind(BodyKind::Entity), &got("/x", "{}")));
}

#[test]
fn bodies_are_told_apart_inside_envelopes() {
    let entity = got("/x?envelope=true", r#"{"status":200,"content":{"id":"i"}}"#);
    let list = got("/x?envelope=true", r#"{"status":200,"results":[]}"#);
    assert!(selects(&kind(BodyKind::Entity), &entity) && !selects(&kind(BodyKind::List), &entity));
    assert!(selects(&kind(BodyKind::List), &list) && !selects(&kind(BodyKind::Entity), &list));
}

#[test]
fn a_switch_that_nobody_can_read_is_not_judged() {
    let judge = judge();
    for query in ["envelope=true&envelope=false", "envelope=1", "envelope=TRUE"] {
        for wanted in [true, false] {
            let when = When { envelope: Some(wanted), ..kind(BodyKind::Entity) };
            for body in [ENTITY, r#"{"status":200,"content":{"id":"i"}}"#] {
                let exchange = got(&format!("/x?{query}"), body);
                let selected = judge.selects(&when, &judge.view(&exchange));
                assert!(matches!(selected, Selected::Unclear(_)), "{query} {body} {selected:?}");
            }
        }
        // What does not depend on it is judged all the same.
        assert!(selects(&kind(BodyKind::Json), &got(&format!("/x?{query}"), ENTITY)));
    }
}

/// Clients who cannot see the status of the response are told it inside.
#[test]
fn an_error_in_an_envelope_may_come_with_success() {
    let body = format!(r#"{{"status":404,"content":{ERROR}}}"#);
    let told = got("/x?envelope=true", &body);
    assert!(selects(&kind(BodyKind::Error), &told) && !selects(&kind(BodyKind::Entity), &told));
    let when = When { envelope: Some(true), ..When::default() };
    for rule in [OwnRule::EnvelopeStatus, OwnRule::EnvelopeOfEntity, OwnRule::EnvelopeOfError] {
        assert_eq!(judged(when.clone(), Check::Own(rule), &told), "pass", "{rule:?}");
    }
    let within = || When { envelope: Some(true), ..kind(BodyKind::Error) };
    assert_eq!(judged(within(), Check::Own(OwnRule::ErrorIsStatus), &told), "pass");
    // The document has to agree with its envelope, and a failure cannot be told as another.
    let other = got("/x?envelope=true", &body.replace("\"error\":404", "\"error\":400"));
    assert_eq!(judged(within(), Check::Own(OwnRule::ErrorIsStatus), &other), "fail: $.error is 400, expected 404");
    let failed = answered("GET", "/x?envelope=true", 400, &body);
    assert_eq!(judged(when, Check::Own(OwnRule::EnvelopeStatus), &failed), "fail: $.status is 404, expected 400");
}

#[test]
fn requests_are_told_apart() {
    let plain = got("/x", ENTITY);
    let asked = got("/x?envelope=true&pretty=false", ENTITY);
    let envelope = |flag| When { envelope: Some(flag), ..When::default() };
    let pretty = |flag| When { pretty: Some(flag), ..When::default() };
    assert!(selects(&envelope(true), &asked) && !selects(&envelope(false), &asked));
    assert!(selects(&envelope(false), &plain) && !selects(&envelope(true), &plain));
    assert!(selects(&pretty(false), &asked) && !selects(&pretty(true), &asked));
    let methods = |methods| When { methods: Some(methods), ..When::default() };
    assert!(selects(&methods(Methods::Only(vec!["GET".into()])), &plain));
    assert!(!selects(&methods(Methods::Not(vec!["GET".into()])), &plain));
    let status = |matcher| When { status: Some(matcher), ..When::default() };
    assert!(selects(&status(StatusMatcher::Class(2)), &plain));
    assert!(!selects(&status(StatusMatcher::Class(4)), &plain));
}

#[test]
fn exchanges_that_are_no_fair_evidence_are_left_out() {
    let all = When::default();
    assert!(selects(&all, &got("/x", ENTITY)));
    let mut raw = got("/x", ENTITY);
    raw.request.connection = Connection::Raw;
    let mut cut = got("/x", ENTITY);
    cut.response.cut = true;
    let mut plain = got("/x", ENTITY);
    plain.request.url = Url::parse("http://h.example/api/atlas/v1.0/x").unwrap();
    assert!([raw, cut, plain].iter().all(|exchange| !selects(&all, exchange)));
}

fn judged(when: When, check: Check, exchange: &Exchange) -> String {
    let invariant = Invariant {
        id: "a.b".into(),
        chapter: "a".into(),
        purpose: "Ensure that it holds.".into(),
        requirements: vec!["a.b".into()],
        when,
        expect: block([check]).into(),
        source: Source::default(),
    };
    let judge = judge();
    let findings = judge.invariant(&invariant, &judge.view(exchange), 4, &scope());
    assert_eq!((findings.len(), findings[0].exchange), (1, Some(4)));
    words(&findings[0])
}

#[test]
fn the_envelope_is_taken_off() {
    let entity = got("/x?envelope=true", r#"{"status":200,"content":{"id":"i"}}"#);
    let id = || body("$.id", equals("i"));
    assert_eq!(judged(kind(BodyKind::Entity), id(), &entity), "pass");
    assert_eq!(judged(When::default(), id(), &entity), "pass");
    assert_eq!(judged(kind(BodyKind::Json), id(), &entity), "fail: $.id is missing, expected \"i\"");
    let about_envelopes = When { envelope: Some(true), ..When::default() };
    assert_eq!(judged(about_envelopes, Check::Schema("envelope".into()), &entity), "pass");
    let list = got("/x?envelope=true", r#"{"status":200,"results":[]}"#);
    assert_eq!(judged(kind(BodyKind::List), body("$", equals(json!({"results": []}))), &list), "pass");
    let error = answered("GET", "/x?envelope=true", 404, &format!(r#"{{"status":404,"content":{ERROR}}}"#));
    assert_eq!(judged(kind(BodyKind::Error), Check::Schema("error".into()), &error), "pass");
}

#[test]
fn what_is_no_envelope_stays() {
    let unasked = got("/x", r#"{"status":200,"content":{"id":"i"}}"#);
    assert_eq!(judged(kind(BodyKind::Entity), body("$.status", Matcher::Present(true)), &unasked), "pass");
    let ignored = got("/x?envelope=true", ENTITY);
    assert_eq!(judged(kind(BodyKind::Entity), body("$.id", equals("i")), &ignored), "pass");
}

/// A rule that never has an occasion is never judged, and a recording that keeps it cannot be said to.
#[test]
fn every_body_rule_has_an_occasion_in_a_page_that_holds_everything() {
    let page = json!({
        "totalCount": 1,
        "links": [{ "rel": "self", "href": "/x" }, { "rel": "http://h.example/rel", "href": "/y" }],
        "results": [{
            "created": "2026-11-29T06:26:07Z", "weight": 1, "at": { "date": "2026-11-29T06:26:07Z", "increment": 1 },
            "links": [{ "rel": "self", "href": "/x/1" }],
        }],
    });
    let (judge, exchange) = (judge(), got("/x", &page.to_string()));
    for word in Rule::WORDS {
        let rule = Rule::named(word).expect("a rule");
        let invariant = Invariant {
            id: "links.rule".to_owned(),
            chapter: "links".to_owned(),
            purpose: "Ensure that a rule is kept.".to_owned(),
            requirements: vec!["links.rule".to_owned()],
            when: When::default(),
            expect: block([Check::Everywhere(rule)]).to_vec(),
            source: Source::default(),
        };
        assert!(judge.has_occasion(&invariant, &judge.view(&exchange), &scope()), "{word}");
    }
}
