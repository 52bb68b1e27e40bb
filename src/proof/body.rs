//! Mutants of bodies.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::exchange::Response;

use super::mutant::{Change, Layout, Mutant, New};
use super::operator::Operator;
use super::places::{Place, Step, at, places};
use super::value::{changed, retyped};

/// The name of a member that no resource has.
pub(super) const FURTHER: &str = "furtherMember";
/// The name of the member whose order is free.
pub(super) const LINKS: &str = "links";

pub(super) fn mutants(response: &Response, other: &[u8], sent: Option<&Value>) -> Vec<Mutant> {
    let whole = |operator, body: Vec<u8>| mutant(operator, "$", Change::Body(body));
    if response.body.is_empty() {
        return vec![whole(Operator::BodyAdded, b"{}".to_vec())];
    }
    let half = response.body[..response.body.len() / 2].to_vec();
    let mut mutants = vec![whole(Operator::BodyEmptied, Vec::new()), whole(Operator::BodyCut, half)];
    if other != response.body {
        mutants.push(whole(Operator::BodyReplaced, other.to_vec()));
    }
    if let Some(value) = value_of(response) {
        let (layout, value) = (Layout::of(&response.body), Arc::new(value));
        mutants.extend(with_other_space(response, layout, &value));
        mutants.extend(with_member_twice(response, &value));
        let wrapped = layout.written(&json!({ "status": response.status, "content": *value }));
        mutants.push(whole(Operator::BodyWrapped, wrapped));
        for Place { path, pattern } in places(&value) {
            let mut all = altered(&value, &path, response.status);
            all.extend(with_item(&value, &path, sent));
            mutants.extend(all.into_iter().map(|(operator, new)| {
                let change = Change::Place { whole: Arc::clone(&value), layout, path: path.clone(), new };
                mutant(operator, &pattern, change)
            }));
        }
    }
    mutants
}

/// The value of a body, if it is JSON without a coding.
pub(super) fn value_of(response: &Response) -> Option<Value> {
    let is_plain = response.header("content-encoding").is_none() && !response.cut;
    serde_json::from_slice(&response.body).ok().filter(|_| is_plain)
}

fn mutant(operator: Operator, place: &str, change: Change) -> Mutant {
    Mutant { operator, place: place.to_owned(), change }
}

fn with_other_space(response: &Response, layout: Layout, value: &Value) -> Option<Mutant> {
    let body = match layout {
        Layout::Compact => Layout::Pretty.written(value),
        Layout::Pretty => Layout::Compact.written(value),
    };
    (body != response.body).then(|| mutant(Operator::WhiteSpace, "$", Change::Body(body)))
}

/// The body with its first member twice.
fn with_member_twice(response: &Response, value: &Value) -> Option<Mutant> {
    let (name, _) = value.as_object()?.iter().next()?;
    let text = String::from_utf8(response.body.clone()).ok()?;
    let body = text.replacen('{', &format!("{{{}:null,", json!(name)), 1);
    Some(mutant(Operator::MemberDoubled, &format!("$.{name}"), Change::Body(body.into_bytes())))
}

/// A list with what the test has sent before as a further item.
fn with_item(whole: &Value, path: &[Step], sent: Option<&Value>) -> Option<(Operator, New)> {
    let is_list = matches!(path.last(), Some(Step::Member(name)) if name == "results");
    let sent = sent.filter(|sent| is_list && sent.is_object())?;
    let items = at(whole, path)?.as_array()?.iter().chain([sent]).cloned().collect();
    Some((Operator::ItemAdded, New::Value(Value::Array(items))))
}

/// What stands at a place instead, by each operator that fits there.
fn altered(whole: &Value, path: &[Step], status: u16) -> Vec<(Operator, New)> {
    let Some(value) = at(whole, path) else { return Vec::new() };
    let mut made = Vec::new();
    made.extend(with_member(value, path, status).map(|added| (Operator::MemberAdded, added)));
    let rearranged = value.as_array().map(|items| rearranged(items, path)).unwrap_or_default();
    made.extend(rearranged.into_iter().map(|(operator, items)| (operator, Value::Array(items))));
    made.extend(changed(value));
    let before = text_before(whole, path).filter(|before| status >= 400 && *before != value);
    made.extend(before.map(|before| (Operator::ValueCopied, before.clone())));
    let is_member = matches!(path.last(), Some(Step::Member(_)));
    if is_member || path.is_empty() {
        made.push((Operator::MemberRetyped, retyped(value)));
    }
    if is_member && !value.is_null() {
        made.push((Operator::MemberNull, Value::Null));
    }
    let mut made: Vec<(Operator, New)> = made.into_iter().map(|(it, value)| (it, New::Value(value))).collect();
    if let Some(Step::Member(name)) = path.last() {
        made.push((Operator::MemberRemoved, New::Nothing));
        made.push((Operator::MemberRenamed, New::Name(format!("{name}X"))));
    }
    made
}

/// The text of the member before, if a place is the text of a member.
fn text_before<'v>(whole: &'v Value, path: &[Step]) -> Option<&'v Value> {
    let (Step::Member(name), parent) = path.split_last()? else { return None };
    at(whole, path).filter(|value| value.is_string())?;
    let members = at(whole, parent)?.as_object()?;
    members.iter().take_while(|(key, _)| *key != name).map(|(_, value)| value).filter(|it| it.is_string()).last()
}

/// An error document, a link or a timestamp with a further member, which the specification does not permit.
fn with_member(value: &Value, path: &[Step], status: u16) -> Option<Value> {
    let members = value.as_object()?;
    let is_error = path.is_empty() && status >= 400 && members.contains_key("reason");
    let is_link = members.contains_key("rel") && members.contains_key("href");
    let is_timestamp = members.len() == 2 && members.contains_key("date") && members.contains_key("increment");
    (is_error || is_link || is_timestamp).then(|| {
        let mut members = members.clone();
        members.insert(FURTHER.to_owned(), json!(true));
        Value::Object(members)
    })
}

fn rearranged(items: &[Value], path: &[Step]) -> Vec<(Operator, Vec<Value>)> {
    let Some((last, before)) = items.split_last() else { return Vec::new() };
    let mut made = vec![(Operator::ArrayEmptied, Vec::new())];
    if !before.is_empty() {
        made.push((Operator::ItemDropped, before.to_vec()));
    }
    made.push((Operator::ItemDoubled, items.iter().chain([last]).cloned().collect()));
    let is_links = matches!(path.last(), Some(Step::Member(name)) if name == LINKS);
    if before.first().is_some_and(|first| first != last) && !is_links {
        let mut moved = items.to_vec();
        moved.rotate_left(1);
        made.push((Operator::ItemMoved, moved));
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(status: u16, body: &Value) -> Vec<String> {
        let response = Response { status, body: body.to_string().into_bytes(), ..Response::default() };
        let text = |it: Mutant| {
            format!("{} {} {}", it.operator.id(), it.place, String::from_utf8_lossy(&it.of(&response).body))
        };
        mutants(&response, b"other", None).into_iter().map(text).collect()
    }

    #[test]
    fn each_part_of_a_body_is_altered() {
        let found = made(200, &json!({"n": 1, "of": ["a", "b"]}));
        assert_eq!(
            found[6..],
            [
                "member-retyped $ []",
                "value-changed $.n {\"n\":2,\"of\":[\"a\",\"b\"]}",
                "member-retyped $.n {\"n\":\"1\",\"of\":[\"a\",\"b\"]}",
                "member-null $.n {\"n\":null,\"of\":[\"a\",\"b\"]}",
                "member-removed $.n {\"of\":[\"a\",\"b\"]}",
                "member-renamed $.n {\"nX\":1,\"of\":[\"a\",\"b\"]}",
                "array-emptied $.of {\"n\":1,\"of\":[]}",
                "item-dropped $.of {\"n\":1,\"of\":[\"a\"]}",
                "item-doubled $.of {\"n\":1,\"of\":[\"a\",\"b\",\"b\"]}",
                "item-moved $.of {\"n\":1,\"of\":[\"b\",\"a\"]}",
                "member-retyped $.of {\"n\":1,\"of\":{}}",
                "member-null $.of {\"n\":1,\"of\":null}",
                "member-removed $.of {\"n\":1}",
                "member-renamed $.of {\"n\":1,\"ofX\":[\"a\",\"b\"]}",
                "value-changed $.of[*] {\"n\":1,\"of\":[\"b\",\"b\"]}",
                "text-capitals $.of[*] {\"n\":1,\"of\":[\"A\",\"b\"]}",
            ]
        );
    }

    #[test]
    fn only_errors_and_links_may_have_no_further_member() {
        let further = |status, body: &Value| made(status, body).iter().filter(|it| it.contains(FURTHER)).count();
        assert_eq!(further(404, &json!({"error": 404, "reason": "r", "detail": "d"})), 1);
        assert_eq!(further(200, &json!({"reason": "r", "links": [{"rel": "self", "href": "x"}]})), 1);
    }

    #[test]
    fn the_order_of_links_is_free() {
        let links = json!({"links": [{"rel": "a", "href": "x"}, {"rel": "b", "href": "y"}]});
        assert!(!made(200, &links).iter().any(|it| it.starts_with("item-moved")));
    }
}
