//! Links in a body (RFC 8288 and the specification's own shape).

use serde_json::Value;
use url::Url;

use super::everywhere::{Broken, Part};
use super::place::Step;
use super::relations;
use super::show;

/// The link of a relation in an array of links; names are compared case aside (RFC 8288, section 2.1.1).
pub(super) fn href<'a>(links: &'a Value, rel: &str) -> Option<&'a str> {
    let is_it = |link: &&Value| link["rel"].as_str().is_some_and(|name| name.eq_ignore_ascii_case(rel));
    links.as_array()?.iter().find(is_it)?["href"].as_str()
}

/// The links of a body, which stand inside the envelope's content if there is one.
pub(super) fn of_body(body: &Value) -> Option<&Value> {
    body.get("links").or_else(|| body.get("content")?.get("links"))
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
    Some(format!("holds, as element {at}, {}, expected an object with the strings rel and href", show::value(link)))
}

fn is_link(link: &Value) -> bool {
    link["rel"].as_str().is_some_and(|rel| !rel.is_empty()) && link["href"].is_string()
}

/// Why a link's relation is neither registered nor a URI.
pub(super) fn rel_is_no_uri(part: &Part<'_, '_>) -> Option<String> {
    let rels = part.value.as_array()?.iter().filter_map(|link| link["rel"].as_str());
    let odd: Vec<String> =
        rels.filter(|rel| !relations::is_registered(rel) && Url::parse(rel).is_err()).map(show::text).collect();
    (!odd.is_empty())
        .then(|| format!("names relations that are neither registered nor URIs: {}", show::cut(&odd.join(", "), 200)))
}

/// Adds the entities of a list that have another link than `self`, or not that one.
pub(super) fn items_only_self(body: &Value, broken: &mut Broken) {
    let (root, results) = match (body.get("results"), body.get("content").and_then(|content| content.get("results"))) {
        (Some(results), _) => ("$", results),
        (None, Some(results)) => ("$.content", results),
        (None, None) => return,
    };
    let items = results.as_array().map(Vec::as_slice).unwrap_or_default();
    for (at, item) in items.iter().enumerate().filter(|(_, item)| item.is_object()) {
        let links = item["links"].as_array().map(Vec::as_slice).unwrap_or_default();
        let rels: Vec<&str> = links.iter().filter_map(|link| link["rel"].as_str()).collect();
        let others: Vec<&str> = rels.iter().copied().filter(|rel| !rel.eq_ignore_ascii_case("self")).collect();
        let place = || format!("{root}.results[{at}]");
        if !others.is_empty() {
            broken.add(&place(), &format!("has further links than self: {}", show::cut(&others.join(", "), 80)));
        } else if rels.is_empty() {
            broken.add(&place(), "has no self link");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
