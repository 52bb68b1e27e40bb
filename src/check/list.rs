//! What a list is: an entity may have a member `results` of its own.

use serde_json::Value;

/// The members of a list, in an envelope or without one.
pub(super) const MEMBERS: [&str; 4] = ["totalCount", "results", "links", "status"];

/// Whether a body is a list: it has `results` and a total. One whose total is missing is told by having nothing else
/// that a list has not. What has an id is an entity, whatever else it has.
pub fn is_list(body: &Value) -> bool {
    let Some(members) = body.as_object() else { return false };
    let Some(results) = members.get("results") else { return false };
    let is_bare = || results.is_array() && members.keys().all(|name| MEMBERS.contains(&name.as_str()));
    !members.contains_key("id") && (members.contains_key("totalCount") || is_bare())
}

/// Whether a body is a list of entities without the fields of a list: an array of objects that each have an id or links.
/// An empty array may be one of anything.
pub fn is_bare_list(body: &Value) -> bool {
    let is_entity = |item: &Value| {
        let id = item.get("id").is_some_and(|id| id.is_string() || id.is_number());
        item.is_object() && (id || item.get("links").is_some_and(Value::is_array))
    };
    body.as_array().is_some_and(|items| !items.is_empty() && items.iter().all(is_entity))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_entity_with_results_is_no_list() {
        for list in [
            json!({ "totalCount": 1, "results": [{}], "links": [] }),
            json!({ "totalCount": 1, "results": {}, "links": [] }),
            json!({ "results": [], "links": [] }),
            json!({ "status": 200, "results": [], "totalCount": 0, "links": [], "more": 1 }),
        ] {
            assert!(is_list(&list), "{list}");
        }
        for entity in [
            json!({ "results": [1, 2], "name": "x", "links": [] }),
            json!({ "results": "passed", "links": [] }),
            json!({ "id": "7", "results": [], "totalCount": 0, "links": [] }),
            json!({ "totalCount": 3 }),
            json!([]),
        ] {
            assert!(!is_list(&entity), "{entity}");
        }
    }

    #[test]
    fn an_array_of_entities_is_a_bare_list() {
        for list in [json!([{ "id": "1" }]), json!([{ "id": 1, "x": 2 }, { "links": [] }])] {
            assert!(is_bare_list(&list) && !is_list(&list), "{list}");
        }
        for other in
            [json!([]), json!(["x"]), json!([{ "x": 1 }]), json!([{ "id": "1" }, { "x": 1 }]), json!({ "id": 1 })]
        {
            assert!(!is_bare_list(&other), "{other}");
        }
    }
}
