//! Mutants of bodies.

use serde_json::{Value, json};

use crate::exchange::Response;

use super::mutant::Mutant;
use super::operator::Operator;
use super::places::{Place, Step, at, at_mut, places};
use super::value::{changed, retyped};

/// The name of a member that no resource has.
pub(super) const FURTHER: &str = "furtherMember";
/// The name of the member whose order is free.
pub(super) const LINKS: &str = "links";

/// How a body is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    Compact,
    Pretty,
}

impl Layout {
    pub(super) fn of(body: &[u8]) -> Self {
        if body.trim_ascii().contains(&b'\n') { Self::Pretty } else { Self::Compact }
    }

    pub(super) fn written(self, value: &Value) -> Vec<u8> {
        match self {
            Self::Compact => value.to_string().into_bytes(),
            Self::Pretty => format!("{value:#}").into_bytes(),
        }
    }
}

pub(super) fn mutants(response: &Response, other: &[u8], sent: Option<&Value>) -> Vec<Mutant> {
    if response.body.is_empty() {
        return vec![mutant(response, Operator::BodyAdded, "$", b"{}".to_vec())];
    }
    let whole = |operator, body: &[u8]| mutant(response, operator, "$", body.to_vec());
    let half = &response.body[..response.body.len() / 2];
    let mut mutants = vec![whole(Operator::BodyEmptied, b""), whole(Operator::BodyCut, half)];
    if other != response.body {
        mutants.push(whole(Operator::BodyReplaced, other));
    }
    if let Some(value) = value_of(response) {
        let layout = Layout::of(&response.body);
        mutants.extend(with_other_space(response, layout, &value));
        mutants.extend(with_member_twice(response, &value));
        let wrapped = layout.written(&json!({ "status": response.status, "content": value }));
        mutants.push(whole(Operator::BodyWrapped, &wrapped));
        for place in places(&value) {
            let mut altered = altered(&value, &place, response.status);
            altered.extend(with_item(&value, &place, sent));
            let made = altered
                .into_iter()
                .map(|(operator, value)| mutant(response, operator, &place.pattern, layout.written(&value)));
            mutants.extend(made);
        }
    }
    mutants
}

/// The value of a body, if it is JSON without a coding.
pub(super) fn value_of(response: &Response) -> Option<Value> {
    let is_plain = response.header("content-encoding").is_none() && !response.cut;
    serde_json::from_slice(&response.body).ok().filter(|_| is_plain)
}

fn mutant(response: &Response, operator: Operator, place: &str, body: Vec<u8>) -> Mutant {
    let head = Response { status: response.status, headers: response.headers.clone(), ..Response::default() };
    Mutant { operator, place: place.to_owned(), response: Response { body, ..head } }
}

fn with_other_space(response: &Response, layout: Layout, value: &Value) -> Option<Mutant> {
    let body = match layout {
        Layout::Compact => Layout::Pretty.written(value),
        Layout::Pretty => Layout::Compact.written(value),
    };
    (body != response.body).then(|| mutant(response, Operator::WhiteSpace, "$", body))
}

/// The body with its first member twice.
fn with_member_twice(response: &Response, value: &Value) -> Option<Mutant> {
    let (name, _) = value.as_object()?.iter().next()?;
    let text = String::from_utf8(response.body.clone()).ok()?;
    let body = text.replacen('{', &format!("{{{}:null,", json!(name)), 1);
    Some(mutant(response, Operator::MemberDoubled, &format!("$.{name}"), body.into_bytes()))
}

/// The whole value, with what the test has sent before as a further item of a list.
fn with_item(whole: &Value, place: &Place, sent: Option<&Value>) -> Option<(Operator, Value)> {
    let is_list = matches!(place.path.last(), Some(Step::Member(name)) if name == "results");
    let sent = sent.filter(|sent| is_list && sent.is_object())?;
    let mut altered = whole.clone();
    at_mut(&mut altered, &place.path)?.as_array_mut()?.push(sent.clone());
    Some((Operator::ItemAdded, altered))
}

/// The whole value, altered at a place by each operator that fits there.
fn altered(whole: &Value, place: &Place, status: u16) -> Vec<(Operator, Value)> {
    let Some(value) = at(whole, &place.path) else { return Vec::new() };
    let mut made = Vec::new();
    let mut put = |operator, new: Value| {
        let mut altered = whole.clone();
        if let Some(old) = at_mut(&mut altered, &place.path) {
            *old = new;
        }
        made.push((operator, altered));
    };
    if let Some(added) = with_member(value, place, status) {
        put(Operator::MemberAdded, added);
    }
    for (operator, items) in value.as_array().map(|items| rearranged(items, place)).unwrap_or_default() {
        put(operator, Value::Array(items));
    }
    for (operator, new) in changed(value) {
        put(operator, new);
    }
    if place.path.is_empty() {
        put(Operator::MemberRetyped, retyped(value));
    }
    if let Some(before) = text_before(whole, place).filter(|before| status >= 400 && *before != value) {
        put(Operator::ValueCopied, before.clone());
    }
    if let Some((Step::Member(name), parent)) = place.path.split_last() {
        put(Operator::MemberRetyped, retyped(value));
        if !value.is_null() {
            put(Operator::MemberNull, Value::Null);
        }
        made.extend(renamed(whole, parent, name, None).map(|altered| (Operator::MemberRemoved, altered)));
        let other = format!("{name}X");
        made.extend(renamed(whole, parent, name, Some(other)).map(|altered| (Operator::MemberRenamed, altered)));
    }
    made
}

/// The text of the member before, if a place is the text of a member.
fn text_before<'v>(whole: &'v Value, place: &Place) -> Option<&'v Value> {
    let (Step::Member(name), parent) = place.path.split_last()? else { return None };
    at(whole, &place.path).filter(|value| value.is_string())?;
    let members = at(whole, parent)?.as_object()?;
    members.iter().take_while(|(key, _)| *key != name).map(|(_, value)| value).filter(|it| it.is_string()).last()
}

/// The whole value without a member, or with another name in its place.
fn renamed(whole: &Value, parent: &[Step], name: &str, other: Option<String>) -> Option<Value> {
    let mut altered = whole.clone();
    let members = at_mut(&mut altered, parent)?.as_object_mut()?;
    let kept = std::mem::take(members).into_iter().filter_map(|(key, value)| match &other {
        _ if key != name => Some((key, value)),
        Some(other) => Some((other.clone(), value)),
        None => None,
    });
    *members = kept.collect();
    Some(altered)
}

/// An error document, a link or a timestamp with a further member, which the specification does not permit.
fn with_member(value: &Value, place: &Place, status: u16) -> Option<Value> {
    let members = value.as_object()?;
    let is_error = place.path.is_empty() && status >= 400 && members.contains_key("reason");
    let is_link = members.contains_key("rel") && members.contains_key("href");
    let is_timestamp = members.len() == 2 && members.contains_key("date") && members.contains_key("increment");
    (is_error || is_link || is_timestamp).then(|| {
        let mut members = members.clone();
        members.insert(FURTHER.to_owned(), json!(true));
        Value::Object(members)
    })
}

fn rearranged(items: &[Value], place: &Place) -> Vec<(Operator, Vec<Value>)> {
    let Some((last, before)) = items.split_last() else { return Vec::new() };
    let mut made = vec![(Operator::ArrayEmptied, Vec::new())];
    if !before.is_empty() {
        made.push((Operator::ItemDropped, before.to_vec()));
    }
    made.push((Operator::ItemDoubled, items.iter().chain([last]).cloned().collect()));
    let is_links = matches!(place.path.last(), Some(Step::Member(name)) if name == LINKS);
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
        let text =
            |it: Mutant| format!("{} {} {}", it.operator.id(), it.place, String::from_utf8_lossy(&it.response.body));
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
