//! Every kind of expectation on one answer.

use atlaspec::suite::{Block, ChallengeRule, Check, Matcher, PhraseForm, Rule, StatusMatcher, WhiteSpace};
use atlaspec::verdict::{Datum, Location, Verdict};
use serde_json::json;

use crate::fixture::{answered, block, body, equals, expectation, got, judge, scope, verdict, with_header};

#[test]
fn a_finding_says_what_it_is_about() {
    let exchange = got("/x", r#"{"a":3}"#);
    let blocks = block([body("$.a", equals(4)), body("$.a", equals("{three}"))]);
    let findings = judge().answer(&blocks, &exchange, 7, &scope());
    assert_eq!(findings.len(), 2);
    let finding = &findings[0];
    assert_eq!((finding.check.as_str(), finding.verdict), ("body", Verdict::Fail));
    assert_eq!(finding.requirements, ["a.b"]);
    assert_eq!(finding.exchange, Some(7));
    assert_eq!(finding.source.as_ref().map(|source| (source.line, source.column)), Some((3, 5)));
    assert_eq!(finding.message, "$.a is 3, expected 4");
    assert_eq!((&finding.expected, &finding.actual), (&Some(Datum::from(4)), &Some(Datum::from(3))));
    assert_eq!(finding.location, Some(Location::member("a")));
    assert_eq!(findings[1].verdict, Verdict::Pass);
    assert_eq!((findings[1].requirements.len(), findings[1].source.is_some()), (1, true));
}

#[test]
fn a_block_says_nothing_of_an_answer_that_it_is_not_about() {
    let [plain] = block([Check::Status(StatusMatcher::Code(200)), body("$.a", equals(4))]);
    let supported = expectation(Check::Status(StatusMatcher::Not(Box::new(StatusMatcher::Code(405)))));
    let blocks = [Block { given: vec![supported], ..plain }];
    let findings = |status| judge().answer(&blocks, &answered("HEAD", "/x", status, ""), 7, &scope());
    let [passed] = &findings(405)[..] else { panic!("one finding for the block") };
    assert_eq!((passed.check.as_str(), passed.verdict), ("given", Verdict::Pass));
    assert_eq!((&*passed.requirements, passed.exchange), (&["a.b".to_owned()][..], Some(7)));
    assert_eq!(findings(404)[0].message, "the status is 404, expected 200");
}

#[test]
fn one_judge_serves_all_workers() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&judge());
}

#[test]
fn statuses() {
    let status = |matcher, status| verdict(Check::Status(matcher), &answered("GET", "/x", status, ""));
    assert_eq!(status(StatusMatcher::Code(200), 200), "pass");
    assert_eq!(status(StatusMatcher::Code(200), 500), "fail: the status is 500, expected 200");
    assert_eq!(status(StatusMatcher::Class(4), 404), "pass");
    assert_eq!(status(StatusMatcher::Class(4), 500), "fail: the status is 500, expected 4xx");
    let either = StatusMatcher::OneOf(vec![StatusMatcher::Code(200), StatusMatcher::Class(3)]);
    assert_eq!(status(either.clone(), 302), "pass");
    assert_eq!(status(either, 201), "fail: the status is 201, expected 200 or 3xx");
    let other = StatusMatcher::Not(Box::new(StatusMatcher::Code(429)));
    assert_eq!(status(other.clone(), 200), "pass");
    assert_eq!(status(other, 429), "fail: the status is 429, expected anything but 429");
    assert_eq!(status(StatusMatcher::Below(500), 499), "pass");
    assert_eq!(status(StatusMatcher::Below(500), 500), "fail: the status is 500, expected below 500");
    assert_eq!(status(StatusMatcher::Template("{three}".into()), 3), "pass");
    assert_eq!(status(StatusMatcher::Template("{three}00".into()), 300), "pass");
    assert_eq!(status(StatusMatcher::Template("{list}".into()), 4), "fail: the status is 4, expected 1 or 2 or 3");
    assert_eq!(status(StatusMatcher::Template("{none}".into()), 200), "inconclusive: `{none}` has no value here");
    assert_eq!(status(StatusMatcher::Template("x{three}".into()), 3), "inconclusive: \"x3\" is no status");
}

#[test]
fn headers() {
    let exchange = with_header(got("/x", "{}"), "allow", "GET, HEAD");
    let header = |name: &str, matcher| verdict(Check::Header(name.into(), matcher), &exchange);
    assert_eq!(header("Allow", Matcher::Present(true)), "pass");
    assert_eq!(header("Allow", Matcher::Matches(r"\bHEAD\b".into())), "pass");
    assert_eq!(
        header("Allow", Matcher::Contains(Box::new(equals("PUT")))),
        "fail: header Allow is \"GET, HEAD\", expected something that contains \"PUT\""
    );
    assert_eq!(header("Location", Matcher::Present(true)), "fail: header Location is missing, expected a value");
    assert_eq!(header("Location", Matcher::Present(false)), "pass");
    let numbered = with_header(got("/x", "{}"), "content-length", "12");
    let length = |matcher| verdict(Check::Header("Content-Length".into(), matcher), &numbered);
    assert_eq!(length(equals(12)), "pass");
    assert_eq!(length(equals("12")), "pass");
    assert_eq!(
        length(Matcher::Not(Box::new(equals(12)))),
        "fail: header Content-Length is 12, expected anything but 12"
    );
    assert_eq!(length(Matcher::Below(json!(12))), "fail: header Content-Length is 12, expected a number below 12");
}

#[test]
fn media_types() {
    let typed = |value: &str| verdict(Check::MediaTypeJson, &with_header(got("/x", "{}"), "content-type", value));
    for fine in ["application/json", "Application/JSON;charset=utf-8", "application/vnd.atlas.2024+json"] {
        assert_eq!(typed(fine), "pass", "{fine}");
    }
    for wrong in ["text/html", "text/json", "application/jsonx", "+json", ""] {
        assert!(typed(wrong).starts_with("fail: header Content-Type is \""), "{wrong}");
    }
    let mut untyped = got("/x", "{}");
    untyped.response.headers.clear();
    assert!(verdict(Check::MediaTypeJson, &untyped).starts_with("fail: header Content-Type is missing"));
    untyped.response.body.clear();
    assert_eq!(verdict(Check::MediaTypeJson, &untyped), "pass");
}

#[test]
fn bodies_that_cannot_be_read() {
    let no_json = "fail: body is no JSON: a character that begins no value at byte 0";
    let checks = || {
        [
            Check::Schema("entity".into()),
            body("$", Matcher::Present(true)),
            Check::Mentions("x".into()),
            Check::ReasonPhrase(PhraseForm::Standard),
            Check::Everywhere(Rule::NoNull),
            Check::Everywhere(Rule::UniqueMembers),
            Check::WhiteSpace(WhiteSpace::None),
        ]
    };
    for check in checks() {
        assert_eq!(verdict(check, &got("/x", "<html>")), no_json);
    }
    let mut cut = got("/x", "{}");
    cut.response.cut = true;
    for check in checks() {
        assert_eq!(verdict(check, &cut), "inconclusive: the body is too long to be read to its end");
    }
    assert_eq!(verdict(body("$", Matcher::Present(true)), &got("/x", "")), "fail: the body is empty");
    assert_eq!(verdict(Check::Everywhere(Rule::NoNull), &got("/x", "")), "pass");
    assert_eq!(verdict(Check::WhiteSpace(WhiteSpace::Indented), &got("/x", "")), "pass");
}

#[test]
fn paths_in_bodies() {
    let exchange = got("/x", r#"{"links":[{"rel":"self","n":1},{"rel":"next","n":2}],"a b":{"c":null}}"#);
    let check = |path: &str, matcher| verdict(body(path, matcher), &exchange);
    assert_eq!(check("$['a b'].c", Matcher::Present(true)), "pass");
    assert_eq!(check("$.a", Matcher::Present(true)), "fail: $.a is missing, expected a value");
    assert_eq!(check("$.a", equals(1)), "fail: $.a is missing, expected 1");
    assert_eq!(check("$.a", Matcher::Not(Box::new(equals(1)))), "pass");
    assert_eq!(check("$.links[?@.rel=='next'].n", equals(json!([2]))), "pass");
    let every = Matcher::Every(Box::new(Matcher::Below(json!(2))));
    assert_eq!(check("$.links[*].n", every.clone()), "fail: $.links[1].n is 2, expected a number below 2");
    assert_eq!(
        check("$", Matcher::Where(vec![("$.links[*].n".into(), every)])),
        "fail: $.links[1].n is 2, expected a number below 2"
    );
    assert_eq!(check("$.links[?@.rel=='up']", Matcher::Present(false)), "pass");
    assert_eq!(
        check("$.links[?@.rel=='up']", Matcher::Present(true)),
        "fail: $.links[?@.rel=='up'] is missing, expected a value"
    );
    assert_eq!(check("$.links[{three}]", Matcher::Present(false)), "pass");
    assert_eq!(check("$.{none}", Matcher::Present(false)), "inconclusive: `{none}` has no value here");
    assert!(check("$.", Matcher::Present(false)).starts_with("inconclusive: JSONPath `$.` cannot be used: "));
}

#[test]
fn text_bytes_and_time() {
    let mut exchange = got("/x", "abc");
    exchange.response.trailing = b"de".to_vec();
    assert_eq!(verdict(Check::Text(equals("abc")), &exchange), "pass");
    assert_eq!(verdict(Check::Text(equals("ab")), &exchange), "fail: the body is \"abc\", expected \"ab\"");
    assert_eq!(verdict(Check::Bytes(equals(5)), &exchange), "pass");
    assert_eq!(verdict(Check::Bytes(equals(0)), &exchange), "fail: the number of body bytes is 5, expected 0");
    assert_eq!(verdict(Check::Time(Matcher::Below(json!(2))), &exchange), "pass");
    assert_eq!(
        verdict(Check::Time(Matcher::Below(json!(1))), &exchange),
        "fail: the time in seconds is 1.5, expected a number below 1"
    );
}

#[test]
fn white_space() {
    let space = |wanted, body: &str| verdict(Check::WhiteSpace(wanted), &got("/x", body));
    assert_eq!(space(WhiteSpace::None, "{\"a\":\" \"}\n"), "pass");
    assert_eq!(
        space(WhiteSpace::None, r#"{"links":[{"rel":"self", "href":"/"}]}"#),
        "fail: there is white space outside strings, first at byte 24, in $.links[0].rel"
    );
    assert_eq!(space(WhiteSpace::Indented, "{\n  \"a\" : 1\n}"), "pass");
    assert_eq!(space(WhiteSpace::Indented, "{}"), "pass");
    assert_eq!(space(WhiteSpace::Indented, "{\"a\": 1}\n"), "fail: the body has no line breaks outside strings");
    assert_eq!(space(WhiteSpace::Indented, "{\n\"a\":1\n}"), "fail: the body has line breaks and no indentation");
}

#[test]
fn errors_and_challenges() {
    let refused = answered("POST", "/x", 400, r#"{"error":400,"reason":"Bad Request","detail":"unknown field naem"}"#);
    assert_eq!(verdict(Check::Mentions("naem".into()), &refused), "pass");
    assert_eq!(verdict(Check::Mentions("name".into()), &refused), "fail: the error document does not name \"name\"");
    assert_eq!(verdict(Check::ReasonPhrase(PhraseForm::Standard), &refused), "pass");
    let wrapped = answered(
        "GET",
        "/x?envelope=true",
        404,
        r#"{"status":404,"content":{"error":404,"reason":"Gone","detail":"x"}}"#,
    );
    assert_eq!(
        verdict(Check::ReasonPhrase(PhraseForm::Standard), &wrapped),
        "fail: $.reason is \"Gone\", expected \"Not Found\""
    );
    assert_eq!(verdict(Check::Challenge(ChallengeRule::Digest), &refused), "fail: there is no Digest challenge");
    let challenged = with_header(refused, "www-authenticate", r#"Digest realm="r", nonce="n", qop="auth""#);
    assert_eq!(verdict(Check::Challenge(ChallengeRule::Digest), &challenged), "pass");
    assert_eq!(verdict(Check::Challenge(ChallengeRule::DigestWithQop), &challenged), "pass");
}

#[test]
fn saved_values() {
    let value = |template, matcher| verdict(Check::Value(json!(template), matcher), &got("/x", ""));
    assert_eq!(value("{three}", equals(3)), "pass");
    assert_eq!(value("{three}", equals(4)), "fail: `{three}` is 3, expected 4");
    assert_eq!(value("{never}", Matcher::Present(false)), "pass");
    assert_eq!(value("{never}", Matcher::Present(true)), "fail: `{never}` is missing, expected a value");
    assert_eq!(value("{never}", Matcher::Not(Box::new(equals(1)))), "inconclusive: `{never}` has no value here");
}

#[test]
fn what_speaks_about_several_answers_cannot_be_judged_on_one() {
    let why = "inconclusive: `each` speaks about several responses, and there is one";
    assert_eq!(verdict(Check::Each(Vec::new()), &got("/x", "")), why);
}

#[test]
fn a_poll_ends_when_all_expectations_hold() {
    let exchange = got("/x", r#"{"status":"FINISHED"}"#);
    let done = expectation(body("$.status", equals("FINISHED")));
    let wrong = expectation(Check::Status(StatusMatcher::Code(202)));
    let unclear = expectation(body("$.{none}", Matcher::Present(true)));
    assert!(judge().holds(std::slice::from_ref(&done), &exchange, false, &scope()));
    assert!(!judge().holds(&[done.clone(), wrong], &exchange, false, &scope()));
    assert!(!judge().holds(&[done.clone(), unclear], &exchange, false, &scope()));
    let enveloped = got("/x?envelope=true", r#"{"status":200,"content":{"status":"FINISHED"}}"#);
    assert!(judge().holds(std::slice::from_ref(&done), &enveloped, true, &scope()));
    assert!(!judge().holds(&[done], &enveloped, false, &scope()));
}
