//! What a case is going to send, as far as that can be told before any answer is there.

use serde_json::Value;
use url::Url;

use crate::suite::{Instance, RequestTemplate, Scope, Step, with_word};

use super::request::with_segment;

/// What stands for a part that only an answer can tell.
const UNKNOWN: &str = "…";

/// A case that is told and not performed.
#[derive(Debug)]
pub struct Outline<'a> {
    scope: Scope,
    base_url: &'a Url,
}

impl<'a> Outline<'a> {
    /// The outline of an instance, of which nothing has been told so far.
    pub fn new(instance: &Instance, scope: Scope, base_url: &'a Url) -> Self {
        let mut scope = instance.bind(scope);
        for (name, value) in &instance.case.bindings {
            let value = scope.value(value).unwrap_or_else(|_| placeholder(name));
            scope.set(name.clone(), value);
        }
        Self { scope, base_url }
    }

    /// Method and URL of a request and who sends it. What an earlier answer gives stands as its name, in braces.
    pub fn request(&self, request: &RequestTemplate) -> String {
        let method = self.text(&request.method);
        let url = self.url(request);
        format!("{method} {url}  as {}", self.text(&request.user))
    }

    /// A text with all that is known filled in.
    pub fn text(&self, template: &str) -> String {
        let known = self.scope.text(template).ok();
        known.or_else(|| with_word(template, UNKNOWN).ok()).unwrap_or_else(|| template.to_owned())
    }

    /// What a step saves is known by its name from here on.
    pub fn pass(&mut self, step: &Step) {
        for (name, _) in &step.save {
            self.scope.set(name.clone(), placeholder(name));
        }
    }

    fn url(&self, request: &RequestTemplate) -> String {
        let text = self.text(&request.url);
        let whole = text.contains("://") || text.starts_with(['{', '…']);
        let root = self.base_url.as_str().trim_end_matches('/');
        let mut url = match text.trim_start_matches('/') {
            _ if whole => text,
            "" => root.to_owned(),
            below if below.starts_with('?') => format!("{root}{below}"),
            below => format!("{root}/{below}"),
        };
        for (from, to) in &request.segments {
            url = with_segment(&url, &self.text(from), &self.text(to.as_str().unwrap_or(UNKNOWN)));
        }
        for (name, value) in &request.query {
            let value = match self.scope.value(value) {
                Ok(Value::Null) => continue,
                Ok(Value::String(text)) => text,
                Ok(value) => value.to_string(),
                Err(_) => UNKNOWN.to_owned(),
            };
            let joint = if url.contains('?') { '&' } else { '?' };
            url = format!("{url}{joint}{}={value}", self.text(name));
        }
        url
    }
}

fn placeholder(name: &str) -> Value {
    Value::String(format!("{{{name}}}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Map, json};

    use super::*;
    use crate::exchange::{Connection, Credentials};
    use crate::suite::{CredentialsTemplate, Uniques};

    fn outline(base_url: &Url) -> Outline<'_> {
        let mut scope = Scope::new(Arc::new(Map::new()), Uniques::new("t"));
        scope.set("list", json!({ "long": "/groups/7/hosts?a=1" }));
        scope.set("size", json!(3));
        scope.set("twin", placeholder("twin"));
        Outline { scope, base_url }
    }

    fn told(url: &str, query: Value) -> String {
        let Value::Object(query) = query else { panic!("an object") };
        let template = RequestTemplate {
            method: "GET".to_owned(),
            url: url.to_owned(),
            segments: vec![("7".to_owned(), json!("8"))],
            query: query.into_iter().collect(),
            headers: Vec::new(),
            body: None,
            content_type: None,
            user: "owner".to_owned(),
            credentials: CredentialsTemplate::Plain(Credentials::Right),
            from: None,
            connection: Connection::Pooled,
        };
        let base_url = Url::parse("https://h/api").unwrap();
        outline(&base_url).request(&template)
    }

    #[test]
    fn what_is_known_is_filled_in_and_the_rest_is_named() {
        assert_eq!(told("/", json!({})), "GET https://h/api  as owner");
        assert_eq!(
            told("{list.long}", json!({ "n": "{size}", "m": "{later}", "o": null })),
            "GET https://h/api/groups/8/hosts?a=1&n=3&m=…  as owner"
        );
        assert_eq!(told("{twin}", json!({ "pretty": true })), "GET {twin}?pretty=true  as owner");
        assert_eq!(told("/x/{ids.0}", json!({})), "GET https://h/api/x/…  as owner");
        assert_eq!(told("https://other/x", json!({})), "GET https://other/x  as owner");
    }
}
