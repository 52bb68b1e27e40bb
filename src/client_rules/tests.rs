mod talk;

use chrono::TimeDelta;

use super::*;
use crate::digest::session::Session;
use talk::{BASE, KEY, Said, Talk, about, broken, challenge, credentials, get, offer, session};

#[test]
fn a_good_client_keeps_every_rule() {
    let (mut talk, mut one) = (Talk::begun(), session("one"));
    let page = |number: u32| format!("/groups?pageNum={number}&itemsPerPage=100&from=2016-11-01T13:00:00Z");
    let first = r#"{"links":[{"rel":"self"},{"rel":"next"}],"results":[],"totalCount":101}"#;
    let last = r#"{"links":[{"rel":"self"}],"results":[],"totalCount":101}"#;
    talk.say(Said { told: first, ..get(&page(1)).signed(&mut one) });
    talk.say(Said { told: last, ..get(&page(2)).signed(&mut one) });
    talk.say(get(&page(1)).signed(&mut one));
    let made = get("/groups").sending("POST", r#"{"activeFrom":"2016-11-01T13:00:00+01:00"}"#);
    talk.say(made.with("content-type", "application/json; charset=utf-8").signed(&mut one));
    talk.say(get("/x").signed(&mut one).stale());
    let mut two = session("two");
    talk.say(get("/x").signed(&mut two).answered(429).and("retry-after", "30"));
    talk.wait(31);
    talk.say(get("/x").signed(&mut two).answered(500));
    let findings = talk.end();
    assert_eq!(broken(&findings), Vec::<&str>::new());
    for info in Rule::table() {
        assert_eq!(about(&findings, info.rule), Some(Verdict::Pass), "{}", info.id);
    }
}

#[test]
fn a_key_in_the_open_is_found_wherever_it_is() {
    let mut talk = Talk::new();
    for said in [
        get("/x").with("authorization", "Basic dTpr"),
        get("/x").with("authorization", "Bearer abc"),
        get(&format!("/x?key={KEY}")),
    ] {
        assert_eq!(about(&talk.say(said), Rule::KeyNeverSent), Some(Verdict::Fail));
    }
    let taken_out = talk.say(get("/x").with("authorization", "[redacted]"));
    assert_eq!(about(&taken_out, Rule::KeyNeverSent), Some(Verdict::Inconclusive));
}

#[test]
fn what_is_wrong_with_credentials_is_said() {
    let right = credentials(&mut session("one"), "GET", "/api/atlas/v1.0/x");
    for (from, to, said) in [
        ("realm=\"r\", ", "", "`realm` is missing"),
        (", cnonce=\"c\"", "", "`cnonce` is missing though `qop` is given"),
        ("nc=00000001", "nc=1", "`nc` is 1, not eight hexadecimal digits"),
        ("qop=auth", "qop=any", "`qop` is any, which is unknown"),
        ("algorithm=MD5", "algorithm=ROT13", "`algorithm` is ROT13, which is unknown"),
        ("algorithm=MD5", "algorithm=SHA-256", "`response` is not 64 hexadecimal digits"),
        ("realm=\"r\"", "realm=\"q\"", "`realm` is not the challenge's, r"),
        (", opaque=\"o\"", "", "`opaque` is not the challenge's, o"),
        (", qop=auth, nc=00000001, cnonce=\"c\"", "", "`qop` is none of those offered, auth"),
    ] {
        assert!(right.contains(from), "{from} in {right}");
        let findings = Talk::begun().say(get("/x").with("authorization", right.replace(from, to)));
        let form = findings.iter().find(|it| it.requirements == ["client.digest-form"]).unwrap();
        assert_eq!((form.verdict, form.message.as_str()), (Verdict::Fail, said));
    }
}

#[test]
fn long_texts_are_shown_around_what_differs() {
    let long = "é".repeat(100);
    let (one, other) = super::around_difference(&format!("{long}a{long}"), &format!("{long}b"));
    assert_eq!((one, other), (format!("…{0}a{1}…", "é".repeat(40), "é".repeat(39)), format!("…{}b", "é".repeat(40))));
    assert_eq!(super::around_difference("/a", "/b"), ("/a".to_owned(), "/b".to_owned()));
}

#[test]
fn a_nonce_that_is_cut_short_is_found() {
    let right = credentials(&mut session("nonce-1=abc=="), "GET", "/api/atlas/v1.0/x");
    for (nonce, rules) in [("nonce-1=abc==", vec![]), ("nonce-1=abc", vec!["client.digest-form"]), ("nonce", vec![])] {
        let mut talk = Talk::new();
        let challenge = "Digest realm=\"r\", nonce=\"nonce-1=abc==\", qop=\"auth\", algorithm=MD5, opaque=\"o\"";
        talk.say(get("/x").answered(401).and("www-authenticate", challenge));
        let sent = right.replace("nonce-1=abc==", nonce);
        assert_eq!(broken(&talk.say(get("/x").with("authorization", sent))), rules, "{nonce}");
    }
}

#[test]
fn quotes_that_do_not_belong_there_are_a_blemish_of_their_own() {
    let quoted = credentials(&mut session("one"), "GET", "/api/atlas/v1.0/x").replace("qop=auth", "qop=\"auth\"");
    let findings = Talk::begun().say(get("/x").with("authorization", quoted));
    assert_eq!(broken(&findings), ["client.digest-quoting"]);
    assert_eq!(Rule::DigestQuoting.info().level, crate::verdict::Level::Should);
}

#[test]
fn a_digest_for_another_request_is_found() {
    for (method, uri) in [("GET", "/api/atlas/v1.0/x"), ("GET", "/other?a=1"), ("PUT", "/api/atlas/v1.0/x?a=1")] {
        let value = credentials(&mut session("one"), method, uri);
        let findings = Talk::begun().say(get("/x?a=1").with("authorization", value));
        assert_eq!(broken(&findings), ["client.digest-for-request"], "{method} {uri}");
    }
    let value = credentials(&mut session("one"), "GET", &format!("{BASE}/x%7E?a=1"));
    let findings = Talk::begun().say(get("/x%7E?a=1").with("authorization", value));
    assert_eq!(about(&findings, Rule::DigestForRequest), Some(Verdict::Pass));
}

#[test]
fn a_user_whose_digests_are_all_wrong_leaves_it_open_why() {
    let wrong = |talk: &mut Talk| {
        let value = credentials(&mut session("one"), "GET", "/api/atlas/v1.0/x");
        let value = value.replace("response=\"", "response=\"0").replacen("\", algorithm", ", algorithm", 1);
        let at = value.find("response=\"").unwrap() + 10;
        let value = format!("{}{}\"{}", &value[..at], "0".repeat(32), &value[value.find(", algorithm").unwrap()..]);
        talk.say(get("/x").with("authorization", value).answered(401))
    };
    let mut talk = Talk::begun();
    wrong(&mut talk);
    let findings = talk.end();
    assert_eq!(about(&findings, Rule::DigestForRequest), Some(Verdict::Inconclusive));
    let mut talk = Talk::begun();
    wrong(&mut talk);
    talk.say(get("/y").signed(&mut Session::counting_from(offer("one"), "c".to_owned(), 2)));
    assert_eq!(about(&talk.end(), Rule::DigestForRequest), Some(Verdict::Pass));
}

#[test]
fn what_a_recording_took_out_is_not_judged() {
    let value = "Digest username=\"u\", realm=\"r\", nonce=\"one\", uri=\"/api/atlas/v1.0/x\", response=\"[redacted]\", \
                 algorithm=MD5, opaque=\"o\", qop=auth, nc=00000001, cnonce=\"[redacted]\"";
    let findings = Talk::begun().say(get("/x").with("authorization", value));
    assert_eq!(broken(&findings), Vec::<&str>::new());
    let findings = Talk::begun().say(get("/x"));
    assert_eq!(about(&findings, Rule::DigestForm), Some(Verdict::Inconclusive));
}

#[test]
fn counts_rise_and_come_once() {
    let count = |talk: &mut Talk, count: u32| {
        let mut session = Session::counting_from(offer("one"), "c".to_owned(), count);
        about(&talk.say(get("/x").signed(&mut session)), Rule::NonceCounts)
    };
    let mut talk = Talk::begun();
    // Requests that overtake each other are in order.
    for number in [1, 3, 2, 9] {
        assert_eq!(count(&mut talk, number), Some(Verdict::Pass), "{number}");
    }
    assert_eq!(count(&mut talk, 3), Some(Verdict::Fail), "again");
    assert_eq!(count(&mut talk, 0), Some(Verdict::Fail), "zero");
    talk.wait(2);
    assert_eq!(count(&mut talk, 4), Some(Verdict::Fail), "back");
    assert_eq!(count(&mut talk, 10), Some(Verdict::Pass));
}

#[test]
fn clients_that_share_a_nonce_count_for_themselves() {
    let mut talk = Talk::begun();
    talk.say(get("").answered(401).and("www-authenticate", challenge("one", "false")));
    for client in ["a", "b"] {
        let mut session = Session::new(offer("one"), client.to_owned());
        assert_eq!(about(&talk.say(get("/x").signed(&mut session)), Rule::NonceCounts), Some(Verdict::Pass));
        let mut session = Session::new(offer("one"), client.to_owned());
        assert_eq!(about(&talk.say(get("/x").signed(&mut session)), Rule::NonceCounts), Some(Verdict::Fail));
    }
}

#[test]
fn a_stale_nonce_is_dropped_and_renewed() {
    let (mut talk, mut one) = (Talk::begun(), session("one"));
    talk.say(get("/x").signed(&mut one).stale());
    let again = talk.say(get("/x").signed(&mut one).stale());
    assert_eq!(about(&again, Rule::StaleNonceDropped), Some(Verdict::Fail));
    let on_its_way = talk.say(get("/y").signed(&mut one));
    assert_eq!(about(&on_its_way, Rule::StaleNonceDropped), None);
    talk.wait(2);
    let late = talk.say(get("/y").signed(&mut one));
    assert_eq!(about(&late, Rule::StaleNonceDropped), Some(Verdict::Fail));
    talk.wait(9);
    assert_eq!(about(&talk.end(), Rule::StaleNonceRenewed), Some(Verdict::Fail));
}

#[test]
fn a_client_that_is_cut_off_has_not_given_up() {
    let mut talk = Talk::begun();
    talk.say(get("/x").signed(&mut session("one")).stale());
    assert_eq!(about(&talk.end(), Rule::StaleNonceRenewed), Some(Verdict::Inconclusive));
}

#[test]
fn refused_credentials_are_not_sent_for_ever() {
    let (mut talk, mut one) = (Talk::begun(), session("one"));
    for _ in 0..5 {
        let found = talk.say(get("/x").signed(&mut one).answered(401));
        assert_eq!(about(&found, Rule::RefusalNotRepeated), Some(Verdict::Pass));
    }
    let sixth = talk.say(get("/x").signed(&mut one).answered(401));
    assert_eq!(about(&sixth, Rule::RefusalNotRepeated), Some(Verdict::Fail));
    talk.wait(120);
    let later = talk.say(get("/x").signed(&mut one).answered(401));
    assert_eq!(about(&later, Rule::RefusalNotRepeated), Some(Verdict::Pass));
}

#[test]
fn a_body_is_json_and_says_so() {
    let mut talk = Talk::new();
    for (content_type, body, rules) in [
        (None, "{}", vec!["client.content-type"]),
        (Some("text/plain"), "{}", vec!["client.content-type"]),
        (Some("application/x-www-form-urlencoded"), "a=b", vec!["client.content-type", "client.json-body"]),
        (Some("Application/JSON"), "{", vec!["client.json-body"]),
        (None, "", vec![]),
    ] {
        let said = get("/x").sending("PATCH", body).answered(400);
        let said = content_type.into_iter().fold(said, |said, value| said.with("Content-Type", value));
        assert_eq!(broken(&talk.say(said)), rules, "{content_type:?}");
    }
}

#[test]
fn pages_are_asked_for_rightly_and_none_behind_the_last() {
    let mut talk = Talk::new();
    for (query, rules) in [
        ("pageNum=0", vec!["client.page-numbers"]),
        ("itemsPerPage=x", vec!["client.page-numbers"]),
        ("itemsPerPage=500", vec!["client.page-size"]),
        ("pageNum=2&itemsPerPage=100", vec![]),
    ] {
        assert_eq!(broken(&talk.say(get(&format!("/l?{query}")))), rules, "{query}");
    }
    let mut larger = Talk { watch: Watch::new().paging(500), ..Talk::new() };
    for (query, rules) in [("itemsPerPage=500", vec![]), ("itemsPerPage=501", vec!["client.page-size"])] {
        assert_eq!(broken(&larger.say(get(&format!("/l?{query}")))), rules, "{query}");
    }
    let told = r#"{"results":[1],"links":[{"rel":"previous","href":""},{"rel":"self","href":""}]}"#;
    talk.say(Said { told, ..get("/l?pageNum=3") });
    assert_eq!(broken(&talk.say(get("/l?pageNum=4"))), ["client.pages-within-list"]);
    assert_eq!(broken(&talk.say(get("/l?pageNum=2"))), Vec::<&str>::new());
    assert_eq!(broken(&talk.say(get("/l?pageNum=4&itemsPerPage=10"))), Vec::<&str>::new());
    talk.wait(60);
    assert_eq!(broken(&talk.say(get("/l?pageNum=4"))), Vec::<&str>::new());
}

#[test]
fn a_client_that_is_told_to_wait_waits() {
    let mut talk = Talk::new();
    talk.say(get("/m").answered(429).and("retry-after", "20"));
    talk.wait(5);
    assert_eq!(broken(&talk.say(get("/m?x=1"))), ["client.retry-after"]);
    assert_eq!(broken(&talk.say(get("/other"))), Vec::<&str>::new());
    talk.say(
        get("/n")
            .answered(429)
            .and("Retry-After", (talk.now + TimeDelta::seconds(30)).format("%a, %d %b %Y %H:%M:%S GMT").to_string()),
    );
    talk.wait(10);
    assert_eq!(broken(&talk.say(get("/n"))), ["client.retry-after"]);
    talk.wait(20);
    assert_eq!(about(&talk.say(get("/n")), Rule::RetryAfter), Some(Verdict::Pass));
}

#[test]
fn hammering_is_found_and_backing_off_is_none() {
    for (status, rule) in [(429, "client.no-hammering"), (500, "client.errors-not-hammered")] {
        let mut talk = Talk::new();
        for _ in 0..10 {
            assert_eq!(broken(&talk.say(get("/m").answered(status))), Vec::<&str>::new());
        }
        assert_eq!(broken(&talk.say(get("/m").answered(status))), [rule]);
        let mut talk = Talk::new();
        for attempt in 0..12 {
            assert_eq!(broken(&talk.say(get("/m").answered(status))), Vec::<&str>::new());
            talk.wait(1 << attempt);
        }
    }
}

#[test]
fn dates_have_a_zone_and_the_form_of_the_standard() {
    let mut talk = Talk::new();
    for (query, rules) in [
        ("from=2016-11-01T13:00:00", vec!["client.dates-with-zone"]),
        ("from=2016-11-01T13:00:00.5%2B01:00", vec![]),
        ("from=20161101", vec![]),
        ("minDate=2016-11-01%2013:00:00", vec!["client.dates-iso-8601"]),
        ("startTime=11/01/2016", vec!["client.dates-iso-8601"]),
        ("createdAt=Tue,%2001%20Nov%202016%2013:00:00%20GMT", vec!["client.dates-iso-8601"]),
        ("note=11/01/2016", vec![]),
    ] {
        assert_eq!(broken(&talk.say(get(&format!("/e?{query}")))), rules, "{query}");
    }
    let nested = get("/x").sending("PUT", r#"{"a":[{"on":"2016-11-01T13:00"}],"b":1}"#).answered(400);
    assert_eq!(broken(&talk.say(nested.with("content-type", "application/json"))), ["client.dates-with-zone"]);
}
