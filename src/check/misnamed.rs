//! Lists whose entities do not stand in `results`.

use serde_json::{Map, Value};
use url::Url;

use super::links::href;
use super::list::{MEMBERS, is_bare_list};

/// Whether the body of a response to this URL is a list whose entities stand in a member of another name than `results`,
/// or in none. An entity may hold other entities, and clients may ask for a page of it: a list has no id, and links to
/// pages or nothing but numbers beside its entities.
pub(super) fn is_misnamed_list(body: &Value, url: &Url) -> bool {
    let Some(members) = body.as_object().filter(|members| !has_results(members)) else { return false };
    let mut arrays = members.iter().filter(|(name, value)| *name != "links" && is_bare_list(value));
    let (array, second) = (arrays.next().map(|(name, _)| name.as_str()), arrays.next());
    let is_total = |name: &str| members.get(name).is_some_and(Value::is_u64);
    let is_of_list = |(name, value): (&String, &Value)| {
        MEMBERS.contains(&name.as_str()) || array == Some(name.as_str()) || value.is_number()
    };
    let is_page = || (asks_for_page(url) || is_total("totalCount")) && members.iter().all(is_of_list);
    match array {
        Some(_) if second.is_some() => false,
        Some(_) => leads_to_pages(body) || is_page(),
        None => is_total("totalCount") && leads_to_pages(body),
    }
}

/// Whether an object is a list by its own name, an entity, or an envelope.
fn has_results(members: &Map<String, Value>) -> bool {
    ["results", "id", "content"].iter().any(|name| members.contains_key(*name))
}

/// Whether a body has links to other pages.
fn leads_to_pages(body: &Value) -> bool {
    let links = body.get("links").unwrap_or(&Value::Null);
    ["next", "previous"].iter().any(|rel| href(links, rel).is_some_and(|href| href.contains("pageNum=")))
}

fn asks_for_page(url: &Url) -> bool {
    url.query_pairs().any(|(name, _)| name == "pageNum" || name == "itemsPerPage")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn is_list(body: &Value, query: &str) -> bool {
        is_misnamed_list(body, &Url::parse(&format!("https://h/hosts{query}")).unwrap())
    }

    #[test]
    fn a_list_may_name_its_entities_otherwise() {
        let next = json!([{"rel": "self", "href": "/hosts"}, {"rel": "next", "href": "/hosts?pageNum=2"}]);
        for list in [
            json!({"items": [{"id": "1"}], "totalCount": 1, "links": []}),
            json!({"data": [{"links": []}], "total": 1, "links": next}),
            json!({"totalCount": 300, "links": next}),
        ] {
            assert!(is_list(&list, ""), "{list}");
        }
        assert!(is_list(&json!({"hosts": [{"id": "1"}], "page": 1}), "?itemsPerPage=5"));
    }

    #[test]
    fn an_entity_with_entities_is_not_a_list() {
        let related = json!([{"rel": "next", "href": "/events/8"}]);
        for entity in [
            json!({"id": "7", "items": [{"id": "1"}], "totalCount": 1, "links": []}),
            json!({"items": [{"id": "1"}], "totalCount": 1, "name": "x", "links": []}),
            json!({"hosts": [{"id": "1"}], "name": "x", "links": []}),
            json!({"items": [{"id": "1"}], "title": "x", "links": related}),
            json!({"items": ["x"], "totalCount": 1, "links": []}),
            json!({"items": [{"id": "1"}], "is_whole": true, "links": []}),
            json!({"hosts": [{"id": "1"}], "users": [{"id": "1"}], "totalCount": 2, "links": []}),
            json!({"totalCount": 3, "links": []}),
            json!({"content": [{"id": "1"}], "status": 200}),
            json!([{"id": "1"}]),
        ] {
            assert!(!is_list(&entity, "") && !is_list(&entity, "?itemsPerPage=5"), "{entity}");
        }
    }
}
