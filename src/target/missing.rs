//! The lists of a group that does not exist, made from the lists of the group that does.

use std::slice;

use serde_json::{Map, Value, json};

/// Where a target file names lists that may be those of a group, by parameter and member.
const LISTS: [(&str, Option<&str>); 9] = [
    ("lists", None),
    ("list", Some("long")),
    ("list", Some("short")),
    ("list", Some("empty")),
    ("list", Some("exact")),
    ("list", Some("filtered")),
    ("document", Some("list")),
    ("dated", Some("list")),
    ("job", Some("list")),
];

/// Lets `missing.lists` hold what the file names there, and every list of the group with the group of `missing.list`
/// in its place.
pub(super) fn fill(globals: &mut Map<String, Value>) {
    let made = made(globals);
    let Some(Value::Object(missing)) = globals.get_mut("missing") else { return };
    let mut paths: Vec<Value> = missing.get("lists").and_then(Value::as_array).cloned().unwrap_or_default();
    for path in made {
        if !paths.iter().any(|known| *known == path) {
            paths.push(json!(path));
        }
    }
    missing.insert("lists".to_owned(), Value::Array(paths));
}

fn made(globals: &Map<String, Value>) -> Vec<String> {
    let text = |name: &str, member: Option<&str>| {
        let value = globals.get(name);
        member.map_or(value, |member| value.and_then(|value| value.get(member)))
    };
    let (Some(group), Some(missing)) =
        (text("group", None).and_then(Value::as_str), text("missing", Some("list")).and_then(Value::as_str))
    else {
        return Vec::new();
    };
    let named = LISTS.iter().filter_map(|(name, member)| text(name, *member));
    let texts = named.flat_map(|named| named.as_array().map_or(slice::from_ref(named), Vec::as_slice));
    let paths = texts.filter_map(|text| text.as_str()?.split('?').next());
    paths.filter_map(|path| elsewhere(path, group, missing)).collect()
}

/// A path of the group with that of `missing` in its place, if this one has the same form up to there.
fn elsewhere(path: &str, group: &str, missing: &str) -> Option<String> {
    let is_group = |segment: &str| segment == "{group}" || segment == group;
    let mut segments: Vec<&str> = path.split('/').collect();
    let others: Vec<&str> = missing.split('/').collect();
    let at = segments.iter().position(|segment| is_group(segment))?;
    let other = others.get(at).filter(|other| !is_group(other))?;
    if segments[..at] != others[..at] {
        return None;
    }
    segments[at] = other;
    Some(segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(parameters: Value) -> Value {
        let Value::Object(mut globals) = parameters else { panic!("parameters are an object") };
        fill(&mut globals);
        globals["missing"]["lists"].clone()
    }

    #[test]
    fn every_list_of_the_group_has_one_in_the_missing_group() {
        let lists = filled(json!({
            "group": "g1",
            "list": { "long": "/groups/{group}/hosts", "filtered": "/groups/{group}/events?a=b", "short": "/groups" },
            "document": { "list": "/groups/g1/alerts" },
            "missing": { "list": "/groups/g9/hosts", "lists": ["/groups/g9/own"] },
        }));
        assert_eq!(lists, json!(["/groups/g9/own", "/groups/g9/hosts", "/groups/g9/events", "/groups/g9/alerts"]));
    }

    #[test]
    fn nothing_is_made_from_a_context_of_another_kind() {
        for missing in ["/organizations/o9/teams", "/groups/{group}/hosts/h9/disks", "/x"] {
            let list = json!({ "long": "/groups/{group}/hosts" });
            assert_eq!(filled(json!({ "group": "g1", "list": list, "missing": { "list": missing } })), json!([]));
        }
    }
}
