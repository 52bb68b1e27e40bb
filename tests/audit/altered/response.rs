//! Kinds of recorded responses.

use serde_json::Value;

/// What a response is, as the table of alterations names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind(&'static str);

impl Kind {
    /// The name in the table.
    pub(super) fn name(self) -> &'static str {
        self.0
    }

    /// The kind of a recorded exchange; `None` of one that is not altered.
    pub(super) fn of(entry: &Value) -> Option<Self> {
        let url = entry["request"]["url"].as_str()?;
        let (method, status) = (entry["request"]["method"].as_str()?, entry["response"]["status"].as_u64()?);
        if method == "HEAD" {
            return (status == 200).then_some(Self("head"));
        }
        let body: Value = serde_json::from_str(entry["response"]["content"]["text"].as_str()?).ok()?;
        let name = match (url.contains("envelope=true"), url.contains("pretty=true")) {
            (true, true) => None,
            (true, false) => of_envelope(method, status, &body),
            (false, true) => of_pretty(method, status, &body),
            // Written in another way, they may mean anything.
            (false, false) if url.contains("envelope") || url.contains("pretty") => None,
            (false, false) => of_plain(method, status, url, &body),
        };
        name.map(Self)
    }
}

fn of_envelope(method: &str, status: u64, body: &Value) -> Option<&'static str> {
    match (method, status) {
        (_, 400..) => Some("enveloped-error").filter(|_| body["content"]["error"].is_u64()),
        ("GET", 200) if body["results"][0].is_object() => Some("enveloped-list"),
        ("GET", 200) if body["content"]["created"].is_string() => Some("enveloped"),
        _ => None,
    }
}

fn of_pretty(method: &str, status: u64, body: &Value) -> Option<&'static str> {
    match (method, status) {
        ("GET", 400..) => Some("pretty-error"),
        ("GET", 200) if body["created"].is_string() => Some("pretty"),
        _ => None,
    }
}

fn of_plain(method: &str, status: u64, url: &str, body: &Value) -> Option<&'static str> {
    match (method, status) {
        ("GET", 404) => Some("error"),
        (_, 400) => Some("bad"),
        (_, 401) => Some("refused"),
        (_, 405) => Some("notallowed"),
        (_, 409) => Some("conflict"),
        (_, 429) => Some("limited"),
        ("POST", 202) => Some("accepted"),
        ("POST", 201) if body["updated"].is_string() => Some("created"),
        ("PATCH", 200) if body["updated"].is_string() => Some("changed"),
        ("PUT", 200) if body["updated"].is_string() => Some("replaced"),
        ("GET", 200) if body["results"].is_array() => of_list(url, body),
        ("GET", 200) if body["hostname"].is_string() => Some("entity"),
        ("GET", 200) if body["parts"].is_array() => Some("snapshot"),
        ("GET", 200) if body["matchers"].is_array() => Some("config"),
        _ => None,
    }
}

/// A whole list on one page, or one of its pages. Large pages are left out, and those that have the default size.
fn of_list(url: &str, body: &Value) -> Option<&'static str> {
    let items = body["results"].as_array()?;
    let has = |rel: &str| body["links"].as_array().is_some_and(|links| links.iter().any(|link| link["rel"] == *rel));
    match (has("previous"), has("next")) {
        _ if items.is_empty() => Some("empty").filter(|_| !has("previous")),
        _ if items.len() > 50 => None,
        (true, true) => Some("page").filter(|_| items.len() > 2 && items[0]["diskSizeGB"].is_number()),
        (false, true) => Some("first").filter(|_| items.len() > 1),
        (true, false) => Some("last").filter(|_| url.contains("itemsPerPage")),
        (false, false) => Some("list").filter(|_| items[0]["created"].is_string()),
    }
}
