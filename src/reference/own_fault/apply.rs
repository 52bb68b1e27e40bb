//! Alters a response.

use hyper::Response;
use hyper::body::Bytes;
use serde_json::Value;
use serde_json_path::{JsonPath, NormalizedPath};

use super::Edit;

impl Edit {
    /// Makes the response what this says; its delay is made elsewhere.
    pub(super) fn apply(&self, response: &mut Response<Bytes>) {
        if let Some(status) = self.status {
            *response.status_mut() = status;
        }
        if let Some(text) = &self.body {
            *response.body_mut() = Bytes::from(text.clone());
        }
        if let Some(body) = self.edited(response.body()) {
            *response.body_mut() = body;
        }
        for (name, value) in &self.headers {
            response.headers_mut().remove(name);
            if let Some(value) = value {
                response.headers_mut().insert(name, value.clone());
            }
        }
    }

    /// The body with another value in it, if it is JSON and this edits values. Lines stay lines.
    fn edited(&self, body: &Bytes) -> Option<Bytes> {
        if self.remove.is_empty() && self.set.is_empty() && self.add.is_empty() {
            return None;
        }
        let mut value: Value = serde_json::from_slice(body).ok()?;
        for path in &self.remove {
            // From the end, so that the places of what is still to be removed stay.
            for place in places(path, &value).iter().rev() {
                remove(&mut value, place);
            }
        }
        for (path, new) in &self.set {
            for place in places(path, &value) {
                if let Some(old) = value.pointer_mut(&place) {
                    old.clone_from(new);
                }
            }
        }
        for (path, members) in &self.add {
            for place in places(path, &value) {
                if let Some(Value::Object(object)) = value.pointer_mut(&place) {
                    object.extend(members.clone());
                }
            }
        }
        let text = if body.contains(&b'\n') { format!("{value:#}") } else { value.to_string() };
        Some(Bytes::from(text))
    }
}

/// The JSON pointers (RFC 6901) of what a path finds, in the order of the document.
fn places(path: &JsonPath, value: &Value) -> Vec<String> {
    path.query_located(value).locations().map(NormalizedPath::to_json_pointer).collect()
}

/// Removes a member or an item; the whole value cannot be removed, and becomes null.
fn remove(value: &mut Value, place: &str) {
    let Some((parent, last)) = place.rsplit_once('/') else {
        *value = Value::Null;
        return;
    };
    match value.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            members.shift_remove(&last.replace("~1", "/").replace("~0", "~"));
        }
        Some(Value::Array(items)) => {
            if let Some(at) = last.parse().ok().filter(|at| *at < items.len()) {
                items.remove(at);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use hyper::StatusCode;
    use serde_json::json;

    use super::*;

    fn path(text: &str) -> JsonPath {
        JsonPath::parse(text).expect("a path")
    }

    fn edited(edit: &Edit, body: &str) -> String {
        let mut response = Response::new(Bytes::from(body.to_owned()));
        edit.apply(&mut response);
        String::from_utf8(response.into_body().to_vec()).expect("a text")
    }

    #[test]
    fn members_and_items_are_removed_set_and_added() {
        let remove = vec![path("$.results[1:]"), path("$..links")];
        let edit = Edit { remove, ..Edit::default() };
        assert_eq!(
            edited(&edit, r#"{"results":[{"links":[]},2,3],"a/~b":1,"links":1}"#),
            r#"{"results":[{}],"a/~b":1}"#
        );
        let edit = Edit { remove: vec![path("$['a/~b']")], ..Edit::default() };
        assert_eq!(edited(&edit, r#"{"b":2,"a/~b":1}"#), r#"{"b":2}"#);
        let members = json!({ "extra": [1] }).as_object().expect("an object").clone();
        let edit = Edit { set: vec![(path("$..n"), json!(1.5))], add: vec![(path("$.o"), members)], ..Edit::default() };
        assert_eq!(edited(&edit, r#"{"n":1,"o":{"n":2}}"#), r#"{"n":1.5,"o":{"n":1.5,"extra":[1]}}"#);
    }

    #[test]
    fn lines_stay_lines_and_what_is_not_json_stays_as_it_is() {
        let edit = Edit { remove: vec![path("$.a")], ..Edit::default() };
        assert_eq!(edited(&edit, "{\n\"a\": 1,\n\"b\": 2\n}"), "{\n  \"b\": 2\n}");
        assert_eq!((edited(&edit, "not JSON"), edited(&edit, "")), ("not JSON".to_owned(), String::new()));
    }

    #[test]
    fn a_status_a_text_and_headers_take_the_place_of_what_was_there() {
        let (gone, kept) = ("x-gone".parse().expect("a name"), "x-new".parse().expect("a name"));
        let headers = vec![(gone, None), (kept, "1".parse().ok())];
        let status = Some(StatusCode::BAD_GATEWAY);
        let edit = Edit { status, headers, body: Some("down".to_owned()), ..Edit::default() };
        let mut response = Response::builder().header("x-gone", "1").body(Bytes::from("{}")).expect("a response");
        edit.apply(&mut response);
        assert_eq!((response.status().as_u16(), response.body().as_ref()), (502, b"down".as_slice()));
        assert!(!response.headers().contains_key("x-gone") && response.headers()["x-new"] == "1");
    }
}
