//! Selectors of `save`.

use atlaspec::suite::Selector;
use serde_json::{Value, json};

use crate::fixture::{BASE, answered, got, judge, scope, with_header};

#[test]
fn parts_of_an_answer_are_saved() {
    let exchange = with_header(answered("POST", "/x", 201, r#"{"id":"i","tags":[{"n":1},{"n":2}]}"#), "etag", "e");
    let save = |selector| judge().save(&selector, &exchange, &scope());
    assert_eq!(save(Selector::Status), Some(json!(201)));
    assert_eq!(save(Selector::Header("ETag".into())), Some(json!("e")));
    assert_eq!(save(Selector::Header("X".into())), None);
    assert_eq!(save(Selector::Body("$.id".into())), Some(json!("i")));
    assert_eq!(save(Selector::Body("$.tags[*].n".into())), Some(json!([1, 2])));
    assert_eq!(save(Selector::Body("$.tags[{three}]".into())), None);
    assert_eq!(save(Selector::Body("$.".into())), None);
    assert_eq!(save(Selector::RequestBody("$.a".into())), None);
}

#[test]
fn what_was_sent_is_saved() {
    let mut exchange = got("/x", "");
    exchange.request.body = Some(br#"{"a":{"b":1}}"#.to_vec());
    assert_eq!(judge().save(&Selector::RequestBody("$.a.b".into()), &exchange, &scope()), Some(json!(1)));
}

#[test]
fn the_nonce_is_that_of_the_challenge_that_is_answered() {
    for (challenges, nonce) in [
        (r#"Basic realm="b", Digest realm="r", nonce="n1""#, Some("n1")),
        (r#"Digest realm="r", nonce="n1", algorithm=MD5, Digest realm="r", nonce="n2", algorithm=SHA-256"#, Some("n2")),
        (r#"Digest realm="r", nonce="n1", algorithm=ROT13, Digest realm="r", nonce="n2""#, Some("n2")),
        (r#"Digest realm="r", nonce="n1", qop="token", Digest realm="r", nonce="n2", qop="auth""#, Some("n2")),
        (r#"Digest realm="r", nonce="n1", algorithm=ROT13"#, Some("n1")),
        (r#"Basic realm="b""#, None),
    ] {
        let exchange = with_header(got("/x", ""), "www-authenticate", challenges);
        let saved = judge().save(&Selector::ChallengeNonce, &exchange, &scope());
        assert_eq!(saved, nonce.map(Value::from), "{challenges}");
    }
    assert_eq!(judge().save(&Selector::ChallengeNonce, &got("/x", ""), &scope()), None);
}

#[test]
fn the_location_is_where_the_created_resource_is() {
    let own = r#"{"links":[{"rel":"self","href":"/api/atlas/v1.0/x/2?envelope=true&a=1"}]}"#;
    let location = |exchange| judge().save(&Selector::Location, &exchange, &scope());
    let url = |path: &str| Some(Value::from(format!("{BASE}{path}")));
    assert_eq!(location(with_header(answered("POST", "/x", 201, own), "location", "x/1")), url("/x/1"));
    assert_eq!(location(answered("POST", "/x", 201, own)), url("/x/2?a=1"));
    let inside = format!(r#"{{"status":201,"content":{own}}}"#);
    assert_eq!(location(answered("POST", "/x", 201, &inside)), url("/x/2?a=1"));
    assert_eq!(location(answered("POST", "/x", 201, "")), None);
    assert_eq!(location(with_header(answered("POST", "/x", 400, own), "location", "x/1")), None);
}

#[test]
fn links_are_saved_as_they_lead() {
    let exchange = got("/x?envelope=true", r#"{"links":[{"rel":"Next","href":"?pageNum=2&envelope=true"}]}"#);
    let save = |rel: &str| judge().save(&Selector::Link(rel.into()), &exchange, &scope());
    assert_eq!(save("next"), Some(json!(format!("{BASE}/x?pageNum=2&envelope=true"))));
    assert_eq!(save("self"), None);
}

#[test]
fn a_walk_is_saved_by_path() {
    let summary = json!({"ids": ["a", "b"], "pages": [{"url": "u"}]});
    assert_eq!(judge().save_from_walk("$.ids", &summary), Some(json!(["a", "b"])));
    assert_eq!(judge().save_from_walk("$.pages[-1].url", &summary), Some(json!("u")));
    assert_eq!(judge().save_from_walk("$.nothing", &summary), None);
}
