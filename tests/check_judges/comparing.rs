//! Plain, changed, plain again.

use atlaspec::exchange::Exchange;

use crate::fixture::{answered, got, judge, words};

fn compared(plain: &str, changed: &str, again: &str, at: &str, except: &[&str]) -> String {
    let readings = [got("/x", plain), got("/x?pretty=true", changed), got("/x", again)];
    said(&readings, at, except)
}

fn said(readings: &[Exchange; 3], at: &str, except: &[&str]) -> String {
    let except: Vec<String> = except.iter().map(|name| (*name).to_owned()).collect();
    let finding = judge().compare(&[&readings[0], &readings[2]], &readings[1], at, &except, 1);
    assert_eq!((finding.check.as_str(), finding.exchange), ("compare", Some(1)));
    words(&finding)
}

#[test]
fn the_same_value_passes_however_it_is_written() {
    assert_eq!(
        compared(
            r#"{"a":1,"href":"/x"}"#,
            "{ \"href\": \"/x?pretty=true\", \"a\": 1 }",
            r#"{"a":1,"href":"/x"}"#,
            "$",
            &[]
        ),
        "pass"
    );
    let enveloped = r#"{"status":200,"content":{"a":1}}"#;
    assert_eq!(compared(r#"{"a":1}"#, enveloped, r#"{"a":1}"#, "$.content", &[]), "pass");
    assert_eq!(
        compared(r#"{"results":[]}"#, r#"{"results":[],"status":200}"#, r#"{"results":[]}"#, "$", &["status"]),
        "pass"
    );
}

#[test]
fn another_value_fails() {
    assert_eq!(
        compared(r#"{"a":1,"b":1}"#, r#"{"a":2}"#, r#"{"a":1,"b":1}"#, "$", &[]),
        "fail: it differs from the plain response: $.a is 2, expected 1; $.b is missing, expected 1"
    );
    assert_eq!(
        compared("{}", "{}", "{}", "$.content", &[]),
        "fail: $.content is missing from the response of status 200"
    );
    assert_eq!(
        compared("{}", "{", "{}", "$", &[]),
        "fail: body is no JSON: something other than a member's name at byte 1"
    );
}

#[test]
fn what_moves_between_the_plain_readings_is_not_compared() {
    assert_eq!(compared(r#"{"t":1,"a":1}"#, r#"{"t":2,"a":1}"#, r#"{"t":3,"a":1}"#, "$", &[]), "pass");
    assert_eq!(
        compared(r#"{"r":[1]}"#, r#"{"r":[1]}"#, r#"{"r":[1,2]}"#, "$", &[]),
        "inconclusive: the size of $.r differs between the plain responses"
    );
    let nothing = compared(r#"{"t":1}"#, r#"{"t":1}"#, r#"{"t":2}"#, "$", &[]);
    assert_eq!(nothing, "inconclusive: nothing stood still between the plain responses");
    let moved = [got("/x", "{}"), got("/x", "{}"), answered("GET", "/x", 404, "{}")];
    assert_eq!(said(&moved, "$", &[]), "inconclusive: the plain responses differ: status 200, then 404");
    assert_eq!(compared("<", "{}", "<", "$", &[]), "inconclusive: the plain response has no JSON body to compare with");
    assert!(compared("{}", "{}", "{}", "$.", &[]).starts_with("inconclusive: JSONPath `$.` cannot be used"));
}

#[test]
fn further_plain_readings_tell_what_comes_and_goes() {
    let plain = [r#"{"a":1}"#, r#"{"a":1}"#, r#"{"a":1,"hint":2}"#].map(|body| got("/x", body));
    let said = |plain: &[&Exchange], changed: &str| {
        words(&judge().compare(plain, &got("/x?pretty=true", changed), "$", &[], 1))
    };
    let two: Vec<&Exchange> = plain[..2].iter().collect();
    let all: Vec<&Exchange> = plain.iter().collect();
    let hinted = r#"{"a":1,"hint":3}"#;
    assert_eq!(said(&two, hinted), "fail: it differs from the plain response: $.hint is 3, expected nothing");
    assert_eq!(said(&all, hinted), "pass");
    assert_eq!(said(&all, r#"{"a":2,"hint":3}"#), "fail: it differs from the plain response: $.a is 2, expected 1");
}
