//! No body makes a judge panic, overflow its stack or take more than linear time.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use atlaspec::check::{Judge, WalkEnd};
use atlaspec::exchange::Exchange;
use atlaspec::suite::{
    BodyKind, ChallengeRule, Check, DateForm, JsonType, Matcher, PhraseForm, Rule, Selector, When, WhiteSpace,
};
use atlaspec::verdict::Verdict;
use proptest::prelude::*;
use serde_json::json;

use crate::fixture::{block, body, equals, got, judge, schemas, scope, with_header};

static JUDGE: LazyLock<Judge> = LazyLock::new(judge);

const RULES: [Rule; 12] = [
    Rule::UniqueMembers,
    Rule::NoNull,
    Rule::DatesIso8601,
    Rule::DatesUtc,
    Rule::TimestampsShape,
    Rule::TimestampsSeconds,
    Rule::TimestampsInt32,
    Rule::UnitsInNames,
    Rule::LinkShape,
    Rule::LinkMembers,
    Rule::ItemsOnlySelf,
    Rule::ExtensionRelIsUri,
];

fn every_check() -> Vec<Check> {
    let boxed = |matcher| Box::new(matcher);
    let matchers = [
        equals(1),
        Matcher::Not(boxed(equals(1))),
        Matcher::Above(json!(1)),
        Matcher::Type(JsonType::Integer),
        Matcher::Length(boxed(Matcher::Below(json!(9)))),
        Matcher::Matches("^(a|b)*c$".into()),
        Matcher::Contains(boxed(equals("a"))),
        Matcher::Every(boxed(Matcher::Date(DateForm::Utc))),
        Matcher::Unique,
        Matcher::Reversed(json!([1, 2])),
        Matcher::Instant(json!("2016-01-01")),
        Matcher::Before(json!("2016-01-01")),
        Matcher::LeadsTo(json!("/x")),
        Matcher::SameAs { baselines: vec![json!({"a": [1], "links": []}), json!({"a": []})], except: json!(["b"]) },
        Matcher::Where(vec![("$..href".into(), Matcher::Unique)]),
    ];
    let mut checks: Vec<Check> = RULES.into_iter().map(Check::Everywhere).collect();
    for path in ["$", "$.a", "$..*", "$.results[?@.links].links[*].href"] {
        checks.extend(matchers.iter().cloned().map(|matcher| body(path, matcher)));
    }
    checks.extend(schemas().into_iter().map(|(name, _)| Check::Schema(name)));
    checks.extend(matchers.map(Check::Text));
    checks.extend([Check::WhiteSpace(WhiteSpace::None), Check::WhiteSpace(WhiteSpace::Indented)]);
    checks.extend([
        Check::MediaTypeJson,
        Check::ReasonPhrase(PhraseForm::Standard),
        Check::Mentions("a".into()),
        Check::Bytes(equals(0)),
    ]);
    checks
}

/// Lets every judge look at an answer.
fn judge_all(exchange: &Exchange) {
    let judge = &*JUDGE;
    let findings = judge.answer(&block(every_check()), exchange, 0, &scope());
    assert_eq!(findings.len(), every_check().len());
    assert!(findings.iter().all(|finding| finding.message.chars().count() < 2_000));
    let _ = judge.compare(&[exchange, exchange], exchange, "$", &[], 1);
    let _ = judge.walk_summary(std::slice::from_ref(exchange), WalkEnd::Complete);
    for selector in
        [Selector::Location, Selector::Link("next".into()), Selector::Body("$..a".into()), Selector::ChallengeNonce]
    {
        let _ = judge.save(&selector, exchange, &scope());
    }
    let view = judge.view(exchange);
    for kind in [BodyKind::Entity, BodyKind::List, BodyKind::Error, BodyKind::Json] {
        let _ = judge.selects(&When { body: Some(kind), ..When::default() }, &view);
    }
}

#[test]
fn hostile_bodies_are_judged_in_bounded_time() {
    let deep = "[".repeat(10_000);
    let closed = format!("{deep}{}", "]".repeat(10_000));
    let under_limit = format!("{}1{}", "{\"a\":[".repeat(60), "]}".repeat(60));
    let long = format!("{{\"a\":\"{}\"}}", "a".repeat(1_000_000));
    let names = vec!["\"a\":null"; 100_000].join(",");
    let links = vec![r#"{"rel":"x","href":"http://[","n":null}"#; 5_000].join(",");
    let bodies = [
        deep,
        closed,
        under_limit,
        long.clone(),
        long.replace('a', "\\u0000"),
        format!("{{{names}}}"),
        format!(r#"{{"results":[{{"links":[{links}]}}],"links":[{links}]}}"#),
        r#"{"a":"\ud800","b":"\udc00\ud800"}"#.to_owned(),
        "{\"a\":\"\0\"}".to_owned(),
        "1e99999".to_owned(),
        format!("[{}]", vec!["1"; 50_000].join(" ,")),
    ];
    for text in bodies {
        let started = Instant::now();
        judge_all(&got("/x?envelope=true", &text));
        let bound = Duration::from_secs(20);
        assert!(started.elapsed() < bound, "{} bytes took {:?}", text.len(), started.elapsed());
    }
}

#[test]
fn hostile_headers_are_judged_in_bounded_time() {
    let challenge = format!("Digest realm=\"{}\",{}", "\\\"".repeat(100_000), "a=b,".repeat(100_000));
    let exchange = with_header(got("/x", "{}"), "www-authenticate", &challenge);
    let rules = [
        ChallengeRule::Digest,
        ChallengeRule::DigestWithQop,
        ChallengeRule::NoBasic,
        ChallengeRule::Stale,
        ChallengeRule::None,
    ];
    let findings = judge().answer(&block(rules.map(Check::Challenge)), &exchange, 0, &scope());
    assert_eq!(findings[4].verdict, Verdict::Fail);
    assert!(findings.iter().all(|finding| finding.message.chars().count() < 1_000));
}

/// Twice the body takes about twice the time: far less than the four times of a quadratic judge, on average.
#[test]
fn the_time_grows_with_the_body() {
    let time = |count: usize| {
        let item = r#"{"a":1,"created":"2016-01-01T00:00:00Z","links":[{"rel":"self","href":"/x"}]}"#;
        let exchange = got("/x", &format!(r#"{{"results":[{}]}}"#, vec![item; count].join(",")));
        let started = Instant::now();
        judge_all(&exchange);
        started.elapsed()
    };
    let small = (0..3).map(|_| time(500)).min().unwrap();
    let large = (0..3).map(|_| time(4_000)).min().unwrap();
    assert!(large < small * 8 * 4, "{small:?} for 500 items, {large:?} for 4000");
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<f64>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        "\\PC{0,8}|20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]{4,10}Z?|[a-z]+://[a-z.:@/?#\\[\\]]{0,12}"
            .prop_map(serde_json::Value::from),
    ];
    let names =
        "a|links|rel|href|results|content|status|date|increment|created|timeout|error|reason|totalCount|\\PC{0,4}";
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
            proptest::collection::vec((names, inner), 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_json_makes_a_judge_panic(value in any_json()) {
        judge_all(&got("/x?envelope=true", &value.to_string()));
    }

    #[test]
    fn no_bytes_make_a_judge_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut exchange = got("/x", "");
        exchange.response.body = bytes;
        judge_all(&exchange);
    }

    #[test]
    fn a_value_is_the_same_as_itself(value in any_json()) {
        let exchange = got("/x", &value.to_string());
        let finding = JUDGE.compare(&[&exchange, &exchange], &exchange, "$", &[], 1);
        prop_assert_eq!(finding.verdict, Verdict::Pass, "{}", finding.message);
    }
}
