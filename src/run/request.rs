//! From a request as a case writes it to one that can be sent.

use serde_json::{Map, Value};
use url::{Url, form_urlencoded};

use crate::check::{keep_parameters, normal_path};
use crate::exchange::{Credentials, Obstacle, Request};
use crate::suite::vocabulary::NOBODY;
use crate::suite::{Body, CredentialsTemplate, RequestTemplate, Scope, TemplateError, digits};

/// Why a request could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unmade {
    /// A name has no value.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The filled-in URL is none.
    #[error("`{0}` is no URL")]
    Url(String),
    /// A body was to be merged from what is no object.
    #[error("only objects can be merged")]
    Merge,
    /// A segment that was to be replaced is not there: the request would go to another place than is meant.
    #[error("no segment of the path of {0} is `{1}`")]
    Segment(Url, String),
}

impl From<Unmade> for Obstacle {
    fn from(unmade: Unmade) -> Self {
        Self::Unsendable { reason: unmade.to_string() }
    }
}

/// Fills in a request.
pub(super) fn make(template: &RequestTemplate, base_url: &Url, scope: &Scope) -> Result<Request, Unmade> {
    let mut url = locate(&scope.text(&template.url)?, base_url)?;
    replace_segments(&mut url, &template.segments, scope)?;
    set_query(&mut url, &template.query, scope)?;
    let mut request = Request::new(scope.text(&template.method)?, url);
    if let Some(body) = &template.body {
        request.body = Some(make_body(body, scope)?);
        let media_type = match &template.content_type {
            Some(text) => scope.text(text)?,
            None => "application/json".to_owned(),
        };
        request.headers.push(("content-type".to_owned(), media_type));
    }
    set_headers(&mut request, &template.headers, scope)?;
    let user = scope.text(&template.user)?;
    request.user = (user != NOBODY).then_some(user);
    request.credentials = match &template.credentials {
        CredentialsTemplate::Plain(credentials) => credentials.clone(),
        CredentialsTemplate::Nonce { nonce, count } => Credentials::Nonce { nonce: scope.text(nonce)?, count: *count },
    };
    request.source = template.from.as_deref().map(|name| scope.text(name)).transpose()?;
    request.connection = template.connection;
    Ok(request)
}

/// An absolute URL as it is; a path below the base URL, whose own path it continues.
fn locate(text: &str, base_url: &Url) -> Result<Url, Unmade> {
    let bad = || Unmade::Url(text.to_owned());
    // Whatever has a scheme is no path: `mailto:` leads to nothing below the root.
    let is_path = text.is_empty() || text.starts_with(['/', '?']);
    match Url::parse(text) {
        Ok(url) if !is_path => return Ok(url),
        Err(_) if !is_path && text.contains("://") => return Err(bad()),
        _ => {}
    }
    let (root, below) = (base_url.as_str(), text.trim_start_matches('/'));
    let is_root = below.is_empty() || below.starts_with('?');
    let url = if is_root { format!("{root}{below}") } else { format!("{}/{below}", root.trim_end_matches('/')) };
    Url::parse(&url).map_err(|_| bad())
}

/// Puts other segments in the place of some of the path.
fn replace_segments(url: &mut Url, segments: &[(String, Value)], scope: &Scope) -> Result<(), Unmade> {
    for (from, to) in segments {
        let (from, to) = (scope.text(from)?, written_out(&scope.value(to)?));
        if !url.path().split('/').any(|segment| is_segment(segment, &from)) {
            return Err(Unmade::Segment(url.clone(), from));
        }
        let path = with_segment(url.path(), &from, &to);
        url.set_path(&path);
    }
    Ok(())
}

/// Whether two segments of paths are the same: a target may escape characters that need no escape.
fn is_segment(one: &str, other: &str) -> bool {
    normal_path(one) == normal_path(other)
}

/// A path with another segment in the place of each that is `from`.
pub(super) fn with_segment(path: &str, from: &str, to: &str) -> String {
    let segments: Vec<&str> =
        path.split('/').map(|segment| if is_segment(segment, from) { to } else { segment }).collect();
    segments.join("/")
}

/// Sets parameters on the URL: one that is there already is replaced, `null` removes it. All others stay as they were
/// written: not every server reads `+` as it reads `%20`.
pub(super) fn set_query(url: &mut Url, parameters: &[(String, Value)], scope: &Scope) -> Result<(), Unmade> {
    for (name, value) in parameters {
        let name = scope.text(name)?;
        let value = scope.value(value)?;
        keep_parameters(url, |existing| existing != name);
        if value != Value::Null {
            let mut written = form_urlencoded::Serializer::new(String::new());
            let added = written.append_pair(&name, &written_out(&value)).finish();
            let query = url.query().map_or(added.clone(), |kept| format!("{kept}&{added}"));
            url.set_query(Some(&query));
        }
    }
    Ok(())
}

/// Sets headers: one that is there already is replaced, `null` leaves out what is sent by default.
pub(super) fn set_headers(request: &mut Request, headers: &[(String, Value)], scope: &Scope) -> Result<(), Unmade> {
    for (name, value) in headers {
        let name = scope.text(name)?.to_ascii_lowercase();
        request.headers.retain(|(existing, _)| *existing != name);
        match scope.value(value)? {
            Value::Null => request.omit.push(name),
            value => request.headers.push((name, written_out(&value))),
        }
    }
    Ok(())
}

fn written_out(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => digits(number),
        other => other.to_string(),
    }
}

fn make_body(body: &Body, scope: &Scope) -> Result<Vec<u8>, Unmade> {
    let value = match body {
        Body::Text(text) => return Ok(scope.text(text)?.into_bytes()),
        Body::Ended { json, ending } => {
            let mut text = scope.value(json)?.to_string();
            text.pop();
            return Ok((text + &scope.text(ending)?).into_bytes());
        }
        Body::Json(value) => scope.value(value)?,
        Body::Merge { merge, with, set, remove, reversed } => {
            let mut value = scope.value(merge)?;
            merge_into(&mut value, scope.value(with)?)?;
            for (path, new_value) in set {
                set_at(&mut value, &scope.text(path)?, scope.value(new_value)?)?;
            }
            for path in remove {
                remove_at(&mut value, &scope.text(path)?);
            }
            if *reversed { in_reverse(value) } else { value }
        }
    };
    Ok(value.to_string().into_bytes())
}

/// Sets members; objects merge deeply, into elements of an array by their index; anything else replaces.
fn merge_into(value: &mut Value, with: Value) -> Result<(), Unmade> {
    let (Value::Object(members), Value::Object(new)) = (value, with) else {
        return Err(Unmade::Merge);
    };
    for (name, new_value) in new {
        match members.get_mut(&name) {
            Some(old @ Value::Object(_)) if new_value.is_object() => merge_into(old, new_value)?,
            Some(Value::Array(old)) if names_elements(old, &new_value) => merge_elements(old, new_value)?,
            _ => {
                members.insert(name, new_value);
            }
        }
    }
    Ok(())
}

/// Whether a value is an object whose members are named by indexes of an array.
fn names_elements(array: &[Value], value: &Value) -> bool {
    let is_index = |name: &String| name.parse::<usize>().is_ok_and(|at| at < array.len());
    value.as_object().is_some_and(|members| !members.is_empty() && members.keys().all(is_index))
}

fn merge_elements(array: &mut [Value], with: Value) -> Result<(), Unmade> {
    let Value::Object(with) = with else { return Err(Unmade::Merge) };
    for (index, value) in with {
        let element = index.parse::<usize>().ok().and_then(|at| array.get_mut(at)).ok_or(Unmade::Merge)?;
        merge_into(element, value)?;
    }
    Ok(())
}

/// Sets what a dotted path through objects and arrays names; all but its last part is there.
fn set_at(value: &mut Value, path: &str, new_value: Value) -> Result<(), Unmade> {
    match holder(value, path).ok_or(Unmade::Merge)? {
        (Value::Object(members), last) => {
            members.insert(last.to_owned(), new_value);
        }
        (other, last) => *part_at(other, last).ok_or(Unmade::Merge)? = new_value,
    }
    Ok(())
}

/// Removes the member that a dotted path through objects and arrays names, if it is there.
fn remove_at(value: &mut Value, path: &str) {
    if let Some((Value::Object(members), last)) = holder(value, path) {
        members.shift_remove(last);
    }
}

/// What holds the member or element that a dotted path names, and the last part of the path.
fn holder<'v, 'p>(value: &'v mut Value, path: &'p str) -> Option<(&'v mut Value, &'p str)> {
    match path.rsplit_once('.') {
        Some((within, last)) => Some((part_at(value, within)?, last)),
        None => Some((value, path)),
    }
}

/// The member or the element that a dotted path names.
fn part_at<'v>(value: &'v mut Value, path: &str) -> Option<&'v mut Value> {
    path.split('.').try_fold(value, |value, name| match value {
        Value::Object(members) => members.get_mut(name),
        Value::Array(items) => items.get_mut(name.parse::<usize>().ok()?),
        _ => None,
    })
}

fn in_reverse(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let reversed: Map<String, Value> =
                members.into_iter().rev().map(|(name, value)| (name, in_reverse(value))).collect();
            Value::Object(reversed)
        }
        Value::Array(items) => Value::Array(items.into_iter().map(in_reverse).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::exchange::Connection;
    use crate::suite::Uniques;
    use serde_json::json;

    fn scope() -> Scope {
        let mut scope = Scope::new(Arc::new(Map::new()), Uniques::new("t"));
        scope.set("valid", json!({"name": "n", "notify": {"delayMin": 5, "email": "e"}, "on": true}));
        scope.set("size", json!(7));
        scope
    }

    fn template(method: &str, url: &str) -> RequestTemplate {
        RequestTemplate {
            method: method.to_owned(),
            url: url.to_owned(),
            segments: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            content_type: None,
            user: "owner".to_owned(),
            credentials: CredentialsTemplate::Plain(Credentials::Right),
            from: None,
            connection: Connection::Pooled,
        }
    }

    fn base() -> Url {
        Url::parse("https://h/api/v1.0").unwrap()
    }

    fn url_of(path: &str) -> String {
        make(&template("GET", path), &base(), &scope()).unwrap().url.to_string()
    }

    #[test]
    fn paths_continue_the_base_url() {
        assert_eq!(url_of("/"), "https://h/api/v1.0");
        assert_eq!(url_of(""), "https://h/api/v1.0");
        assert_eq!(url_of("?pretty=true"), "https://h/api/v1.0?pretty=true");
        assert_eq!(url_of("/groups?itemsPerPage={size}"), "https://h/api/v1.0/groups?itemsPerPage=7");
        assert_eq!(url_of("https://other/x"), "https://other/x");
        assert_eq!(url_of("/hosts?see=https://other/x"), "https://h/api/v1.0/hosts?see=https://other/x");
    }

    #[test]
    fn the_root_keeps_the_slash_at_its_end() {
        let base = Url::parse("https://h/api/").unwrap();
        let url_of = |path: &str| make(&template("GET", path), &base, &scope()).unwrap().url.to_string();
        assert_eq!(url_of("/"), "https://h/api/");
        assert_eq!(url_of("/?pretty=true"), "https://h/api/?pretty=true");
        assert_eq!(url_of("/groups/"), "https://h/api/groups/");
    }

    #[test]
    fn what_has_a_scheme_is_no_path() {
        for url in ["mailto:ops@example.com", "urn:isbn:1", "tel:+1"] {
            assert_eq!(url_of(url), url);
        }
    }

    #[test]
    fn whole_segments_are_replaced_and_must_be_there() {
        let mut request = template("DELETE", "/groups/{size}/l/77/7?of=7");
        request.segments = vec![("{size}".into(), json!("a%20b"))];
        let url = make(&request, &base(), &scope()).unwrap().url;
        assert_eq!(url.as_str(), "https://h/api/v1.0/groups/a%20b/l/77/a%20b?of=7");
        request.url = "/groups/%37/l".to_owned();
        assert_eq!(make(&request, &base(), &scope()).unwrap().url.as_str(), "https://h/api/v1.0/groups/a%20b/l");
        request.url = "/groups/{size}/l/77/7?of=7".to_owned();
        request.segments = vec![("8".into(), json!("9"))];
        let refused = make(&request, &base(), &scope()).unwrap_err().to_string();
        assert_eq!(refused, "no segment of the path of https://h/api/v1.0/groups/7/l/77/7?of=7 is `8`");
    }

    #[test]
    fn query_parameters_replace_and_remove() {
        let mut request = template("GET", "/l?a=1&b=2&c=3");
        request.query = vec![("a".into(), json!("{size}")), ("b".into(), json!(null)), ("pretty".into(), json!(true))];
        let url = make(&request, &base(), &scope()).unwrap().url;
        assert_eq!(url.query(), Some("c=3&a=7&pretty=true"));
        request.url = "/l?q=a%20b&c=%2C%2F&b=2".to_owned();
        let url = make(&request, &base(), &scope()).unwrap().url;
        assert_eq!(url.query(), Some("q=a%20b&c=%2C%2F&a=7&pretty=true"), "a filter stays as it was written");
        request.url = "/l?a=1&b=2&c=3".to_owned();
        request.query = vec![("a".into(), json!(null)), ("b".into(), json!(null)), ("c".into(), json!(null))];
        assert_eq!(make(&request, &base(), &scope()).unwrap().url.query(), None);
    }

    fn body_of(body: Body) -> Value {
        let mut request = template("POST", "/l");
        request.body = Some(body);
        let request = make(&request, &base(), &scope()).unwrap();
        assert_eq!(request.headers, [("content-type".to_owned(), "application/json".to_owned())]);
        serde_json::from_slice(&request.body.unwrap()).unwrap()
    }

    #[test]
    fn bodies_merge_deeply_and_lose_members() {
        let body = body_of(Body::Merge {
            merge: json!("{valid}"),
            with: json!({"notify": {"delayMin": 6}, "extra": null}),
            set: vec![("notify.at".to_owned(), json!([{"b": 1}])), ("notify.at.0.b".to_owned(), json!(2))],
            remove: vec!["notify.email".into(), "on".into()],
            reversed: false,
        });
        assert_eq!(body, json!({"name": "n", "notify": {"delayMin": 6, "at": [{"b": 2}]}, "extra": null}));
        let body = body_of(Body::Merge {
            merge: json!({"to": [{"a": 1, "b": 2}, "x"]}),
            with: json!({}),
            set: vec![("to.1".to_owned(), json!("y"))],
            remove: vec!["to.0.a".into(), "to.7.a".into(), "to.0.c.d".into()],
            reversed: false,
        });
        assert_eq!(body, json!({"to": [{"b": 2}, "y"]}));
    }

    #[test]
    fn bodies_merge_into_elements_of_arrays() {
        let merged = |with: Value| {
            let merge = json!({"to": [{"a": 1}, {"b": 2}]});
            body_of(Body::Merge { merge, with, set: Vec::new(), remove: Vec::new(), reversed: false })
        };
        assert_eq!(merged(json!({"to": {"1": {"c": 3}}})), json!({"to": [{"a": 1}, {"b": 2, "c": 3}]}));
        assert_eq!(merged(json!({"to": {"2": {}}})), json!({"to": {"2": {}}}));
        assert_eq!(merged(json!({"to": {}})), json!({"to": {}}));
        assert_eq!(merged(json!({"to": [1]})), json!({"to": [1]}));
    }

    #[test]
    fn members_can_go_out_in_reverse() {
        let mut request = template("POST", "/l");
        request.body = Some(Body::Merge {
            merge: json!("{valid}"),
            with: json!({}),
            set: Vec::new(),
            remove: Vec::new(),
            reversed: true,
        });
        let body = make(&request, &base(), &scope()).unwrap().body.unwrap();
        assert_eq!(String::from_utf8(body).unwrap(), r#"{"on":true,"notify":{"email":"e","delayMin":5},"name":"n"}"#);
    }

    #[test]
    fn headers_are_replaced_or_left_out() {
        let mut request = template("POST", "/l");
        request.body = Some(Body::Text("x".into()));
        request.headers = vec![("Content-Type".into(), json!("text/plain")), ("Host".into(), json!(null))];
        let request = make(&request, &base(), &scope()).unwrap();
        assert_eq!(request.headers, [("content-type".to_owned(), "text/plain".to_owned())]);
        assert_eq!(request.omit, ["host"]);
    }

    #[test]
    fn what_cannot_be_made_says_why() {
        let missing = make(&template("GET", "/{nothing}"), &base(), &scope()).unwrap_err();
        assert_eq!(missing.to_string(), "`{nothing}` has no value here");
        let mut request = template("POST", "/l");
        request.body = Some(Body::Merge {
            merge: json!(3),
            with: json!({}),
            set: Vec::new(),
            remove: Vec::new(),
            reversed: false,
        });
        assert_eq!(make(&request, &base(), &scope()).unwrap_err(), Unmade::Merge);
    }

    #[test]
    fn nobody_is_no_user() {
        let mut request = template("GET", "/");
        request.user = NOBODY.to_owned();
        assert_eq!(make(&request, &base(), &scope()).unwrap().user, None);
    }
}
