//! The lists of a group that does not exist, made from the lists of the group that does.

use serde_json::{Map, Value};

use super::paths::{self, Place};

/// Where a target file names a list that need not be readable.
const JOBS: Place = ("job", Some("list"));

/// Lets `missing.lists` hold what the file names there, and every list of the group with the group of `missing.list`
/// in its place.
pub(super) fn fill(globals: &mut Map<String, Value>) {
    let made = made(globals);
    let Some(Value::Object(missing)) = globals.get_mut("missing") else { return };
    let lists = paths::beside(missing.get("lists"), made);
    missing.insert("lists".to_owned(), lists);
}

fn made(globals: &Map<String, Value>) -> Vec<String> {
    let missing = globals.get("missing").and_then(|missing| missing.get("list"));
    let (Some(Value::String(group)), Some(Value::String(missing))) = (globals.get("group"), missing) else {
        return Vec::new();
    };
    let lists = paths::named(globals, &[&[paths::ALL_LISTS], &paths::LISTS, &[JOBS]]);
    lists.filter_map(|path| elsewhere(path, group, missing)).collect()
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
    use serde_json::json;

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
