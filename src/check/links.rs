//! Links in a body (RFC 8288 and the specification's own shape).

use std::borrow::Cow;

use serde_json::Value;
use url::Url;

use super::everywhere::{Broken, Part};
use super::list::is_bare_list;
use super::place::Step;
use super::relations;
use super::show;

/// The link of a relation in an array of links; names are compared case aside (RFC 8288, section 2.1.1).
pub fn href<'a>(links: &'a Value, rel: &str) -> Option<&'a str> {
    of_relation(links, rel).next()?["href"].as_str()
}

/// Every link of a relation.
pub(super) fn hrefs<'a>(links: &'a Value, rel: &str) -> impl Iterator<Item = &'a str> {
    of_relation(links, rel).filter_map(|link| link["href"].as_str())
}

fn of_relation<'a>(links: &'a Value, rel: &str) -> impl Iterator<Item = &'a Value> {
    let is_it = move |link: &&Value| link["rel"].as_str().is_some_and(|name| name.eq_ignore_ascii_case(rel));
    links.as_array().into_iter().flatten().filter(is_it)
}

/// The links of a body, which stand inside the envelope's content if there is one.
pub(super) fn of_body(body: &Value) -> Option<&Value> {
    body.get("links").or_else(|| body.get("content")?.get("links"))
}

/// The value with the registered relation names of its links in lower case: they have none of their own (RFC 8288,
/// section 2.1.1).
pub(super) fn with_plain_names(mut value: Value) -> Value {
    lower_names(None, &mut value);
    value
}

fn lower_names(member: Option<&str>, value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| lower_names(member, item)),
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(rel) if member == Some("links") && name == "rel" => {
                        let plain = rel.to_ascii_lowercase();
                        if relations::is_registered(&plain) {
                            *rel = plain;
                        }
                    }
                    value => lower_names(Some(name), value),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The value with every href resolved against the URL that was read: outside its document a relative one leads astray.
pub(super) fn resolved(value: &Value, document: &Url) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| resolved(item, document)).collect(),
        Value::Object(members) => {
            let resolve = |(name, value): (&String, &Value)| {
                let url = value.as_str().filter(|_| name == "href").and_then(|href| document.join(href).ok());
                (name.clone(), url.map_or_else(|| resolved(value, document), |url| url.as_str().into()))
            };
            Value::Object(members.iter().map(resolve).collect())
        }
        plain => plain.clone(),
    }
}

/// Whether a member `links` is that of an entity or a list. Deeper inside, another may be of this name: `links` may well
/// be counted (`48`), unless it looks like links.
pub(super) fn is_links(part: &Part<'_, '_>) -> bool {
    if part.name() != Some("links") {
        return false;
    }
    let around = match part.way.split_first() {
        Some((Step::Name(first), rest)) if first == "content" && rest.len() > 1 => rest,
        _ => part.way,
    };
    let is_own = match around {
        [_] => true,
        [Step::Name(results), Step::Index(_), _] => results == "results",
        _ => false,
    };
    let looks_like_link = |link: &Value| link.get("rel").is_some() || link.get("href").is_some();
    is_own || part.value.as_array().is_some_and(|links| links.iter().any(looks_like_link))
}

/// Why a member `links` is no array of links.
pub(super) fn wrong_shape(part: &Part<'_, '_>) -> Option<String> {
    let Some(links) = part.value.as_array() else {
        return Some(format!("is {}, expected an array of links", show::value(part.value)));
    };
    let (at, link) = links.iter().enumerate().find(|(_, link)| !is_link(link))?;
    let expected = match (link["rel"].as_str(), link["href"].as_str()) {
        (Some(rel), Some(_)) if !rel.is_empty() => "a URL as its href",
        _ => "an object with the strings rel and href",
    };
    Some(format!("holds, as element {at}, {}, expected {expected}", show::value(link)))
}

fn is_link(link: &Value) -> bool {
    let (rel, href) = (link["rel"].as_str().unwrap_or_default(), link["href"].as_str());
    !rel.is_empty() && href.is_some_and(|href| may_be_url(rel, href))
}

/// Whether a text may be the URL of a link: it has no white space (RFC 3986, section 2). An empty one leads to the
/// document itself, which only `self` does.
fn may_be_url(rel: &str, href: &str) -> bool {
    !href.contains(char::is_whitespace) && (!href.is_empty() || rel.eq_ignore_ascii_case("self"))
}

/// Why a link says more than the relation and where it leads.
pub(super) fn has_more_members(part: &Part<'_, '_>) -> Option<String> {
    let links = part.value.as_array()?;
    let is_more = |name: &&String| !["rel", "href"].contains(&name.as_str());
    links.iter().enumerate().filter(|(_, link)| is_link(link)).find_map(|(at, link)| {
        let more: Vec<&str> = link.as_object()?.keys().filter(is_more).map(String::as_str).collect();
        (!more.is_empty()).then(|| {
            format!("holds, as element {at}, a link with more than rel and href: {}", show::cut(&more.join(", "), 80))
        })
    })
}

/// Why a link's relation is neither registered nor a URI.
pub(super) fn rel_is_no_uri(part: &Part<'_, '_>) -> Option<String> {
    let rels = part.value.as_array()?.iter().filter_map(|link| link["rel"].as_str());
    let odd: Vec<String> =
        rels.filter(|rel| !relations::is_registered(rel) && Url::parse(rel).is_err()).map(show::text).collect();
    (!odd.is_empty())
        .then(|| format!("names relations that are neither registered nor URIs: {}", show::cut(&odd.join(", "), 200)))
}

/// Whether a link has a relation that is not registered.
pub(super) fn has_extension(part: &Part<'_, '_>) -> bool {
    let mut rels = part.value.as_array().into_iter().flatten().filter_map(|link| link["rel"].as_str());
    rels.any(|rel| !relations::is_registered(rel))
}

/// The items of a list, which may be an array alone, and the way to them in its body.
pub(super) fn items(body: &Value) -> (&'static [Step<'static>], &[Value]) {
    type Way = &'static [Step<'static>];
    const RESULTS: Way = &[Step::Name(Cow::Borrowed("results"))];
    const CONTENT: Way = &[Step::Name(Cow::Borrowed("content"))];
    const RESULTS_OF_CONTENT: Way = &[Step::Name(Cow::Borrowed("content")), Step::Name(Cow::Borrowed("results"))];
    let content = body.get("content");
    let (way, items) = match (body.get("results"), content.and_then(|content| content.get("results"))) {
        (Some(results), _) => (RESULTS, Some(results)),
        (None, Some(results)) => (RESULTS_OF_CONTENT, Some(results)),
        (None, None) if is_bare_list(body) => (&[][..], Some(body)),
        (None, None) => (CONTENT, content.filter(|content| is_bare_list(content))),
    };
    (way, items.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default())
}

/// Adds the entities of a list that have another link than `self`, or not that one.
pub(super) fn items_only_self(body: &Value, broken: &mut Broken) {
    let (results, items) = items(body);
    for (at, item) in items.iter().enumerate().filter(|(_, item)| item.is_object()) {
        let links = item["links"].as_array().map(Vec::as_slice).unwrap_or_default();
        let rels: Vec<&str> = links.iter().filter_map(|link| link["rel"].as_str()).collect();
        let others: Vec<&str> = rels.iter().copied().filter(|rel| !rel.eq_ignore_ascii_case("self")).collect();
        let way = || [results, &[Step::Index(at)]].concat();
        if !others.is_empty() {
            broken.add(&way(), &format!("has further links than self: {}", show::cut(&others.join(", "), 80)));
        } else if rels.is_empty() {
            broken.add(&way(), "has no self link");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn registered_names_have_no_case() {
        let rels =
            |rels: [&str; 3]| json!({ "links": rels.map(|rel| json!({ "rel": rel, "href": "/X" })), "rel": "SELF" });
        let told = with_plain_names(rels(["SELF", "Next", "http://example.com/Hosts"]));
        assert_eq!(told, rels(["self", "next", "http://example.com/Hosts"]));
    }

    #[test]
    fn relative_hrefs_are_resolved_against_their_document() {
        let document = Url::parse("https://h/api/hosts?pageNum=1").unwrap();
        let body = json!({ "results": [{ "links": [{ "rel": "self", "href": "hosts/1" }], "href": 3 }],
            "links": [{ "rel": "next", "href": "?pageNum=2" }, { "rel": "up", "href": "//h/api" }] });
        let expected = json!({
            "results": [{ "links": [{ "rel": "self", "href": "https://h/api/hosts/1" }], "href": 3 }],
            "links": [{ "rel": "next", "href": "https://h/api/hosts?pageNum=2" }, { "rel": "up", "href": "https://h/api" }] });
        assert_eq!(resolved(&body, &document), expected);
    }
}
