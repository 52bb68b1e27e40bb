//! Lists that a run writes to. They move while others are read, and serve for nothing that has to stand still.

use serde_json::{Map, Value};

use super::paths;
use crate::suite::names;

/// Lists that a run writes to.
const WRITTEN: [(&str, &str); 2] = [("document", "list"), ("job", "list")];

/// Lists that have to stand still while a run reads them.
pub(super) const STANDING: [&str; 4] = ["long", "short", "empty", "exact"];

/// The lists that a run writes to: the name of the parameter, and its path as it is compared with others.
pub(super) fn written(parameters: &Map<String, Value>) -> Vec<(String, String)> {
    let of_kind = |(at, kind): (String, &Value), member: &str| {
        let path = kind.get(member)?.as_str()?;
        Some((format!("{at}.{member}"), place(path, parameters)))
    };
    let of_group = |(group, member): &(&str, &'static str)| {
        let member = *member;
        paths::kinds(parameters, group).into_iter().filter_map(move |kind| of_kind(kind, member))
    };
    WRITTEN.iter().flat_map(of_group).collect()
}

/// A path with the parameters that it names, without a slash at its end.
pub(super) fn place(path: &str, parameters: &Map<String, Value>) -> String {
    let mut place = path.to_owned();
    for name in names(path).unwrap_or_default() {
        let value = name.split('.').fold(None, |value: Option<&Value>, part| match value {
            None => parameters.get(part),
            Some(value) => value.get(part),
        });
        if let Some(text) = value.and_then(Value::as_str) {
            place = place.replace(&format!("{{{name}}}"), text);
        }
    }
    place.replace("{{", "{").trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_are_compared_with_what_they_name() {
        let Value::Object(parameters) = json!({ "group": "7", "document": { "list": "/groups/{group}/docs" } }) else {
            unreachable!("an object")
        };
        assert_eq!(written(&parameters), [("document.list".to_owned(), "/groups/7/docs".to_owned())]);
        assert_eq!(place("/groups/7/docs/", &parameters), "/groups/7/docs");
        assert_eq!(place("/groups/{other}/docs?a={{b", &parameters), "/groups/{other}/docs?a={b");
    }
}
