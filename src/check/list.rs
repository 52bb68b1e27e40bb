//! What a list is: an entity may have a member `results` of its own.

use serde_json::Value;

/// The members of a list, in an envelope or without one.
const MEMBERS: [&str; 4] = ["totalCount", "results", "links", "status"];

/// Whether a body is a list: it has `results` and a total. One whose total is missing is told by having nothing else
/// that a list has not. What has an id is an entity, whatever else it has.
pub fn is_list(body: &Value) -> bool {
    let Some(members) = body.as_object() else { return false };
    let Some(results) = members.get("results") else { return false };
    let is_bare = || results.is_array() && members.keys().all(|name| MEMBERS.contains(&name.as_str()));
    !members.contains_key("id") && (members.contains_key("totalCount") || is_bare())
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
}
