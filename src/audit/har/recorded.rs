//! From an entry to an exchange, and to what is not known of it.

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, Utc};
use url::Url;

use super::Item;
use super::body::body;
use super::entry::{Entry, Pairs, Sent};
use crate::check::Gaps;
use crate::exchange::{Exchange, Request, Response, Role};

/// What is said of an entry without an answer.
pub(in crate::audit) const UNANSWERED: &str = "without an answer";

/// An exchange that somebody recorded.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The request and its answer.
    pub exchange: Exchange,
    /// What is not known of them.
    pub gaps: Gaps,
    /// Why the URI is not written as it was sent.
    pub uri: Option<&'static str>,
}

/// Reads an entry.
pub(super) fn read(bytes: &[u8]) -> Item {
    let entry: Entry<'_> = match serde_json::from_slice(bytes) {
        Ok(entry) => entry,
        Err(error) => return Item::Unreadable(error.to_string()),
    };
    let method = entry.request.method.as_str();
    if method.is_empty() {
        return Item::Unreadable("its request has no method".to_owned());
    }
    let Ok(url) = Url::parse(entry.request.url.as_str()) else {
        return Item::Unreadable("the URL of its request is none".to_owned());
    };
    if method == "CONNECT" || is_preflight(&entry) {
        return Item::Other("asked by the browser for itself");
    }
    match entry.response.status.0 {
        Some(status @ 200..=999) => exchange(entry, url, u16::try_from(status).unwrap_or_default()),
        Some(100..200) => Item::Other("no HTTP exchange any more"),
        _ => Item::Other(UNANSWERED),
    }
}

fn exchange(mut entry: Entry<'_>, url: Url, status: u16) -> Item {
    let is_whole = url.query().is_some_and(|query| !query.is_empty());
    let (url, query) = with_query(url, &entry.request);
    let put_back = !is_whole && url.query().is_some_and(|query| !query.is_empty());
    let uri = put_back.then_some("the query is recorded beside the URL alone");
    let method = entry.request.method.as_str().to_owned();
    let body = body(&method, status, &mut entry.response);
    let (mut headers, headers_gap) = headers(entry.response.headers, "the headers of the answer are not recorded");
    // The body stands here as it was before it was packed.
    headers.retain(|(name, _)| name != "content-encoding");
    let (sent, sent_gap) = headers_of_request(entry.request.headers);
    let request = Request {
        headers: sent,
        body: entry.request.post_data.and_then(|data| data.text.0).map(|text| text.into_owned().into_bytes()),
        ..Request::new(method, url)
    };
    let response = Response { status, headers, body: body.bytes, ..Response::default() };
    let started = DateTime::parse_from_rfc3339(entry.started_date_time.as_str());
    let exchange = Exchange {
        request,
        response,
        started: started.map_or(DateTime::UNIX_EPOCH, |date| date.with_timezone(&Utc)),
        duration: Duration::from_millis(entry.time.0.unwrap_or(0)),
        role: Role::Asked,
    };
    let gaps = Gaps { body: body.gap, headers: headers_gap, request_headers: sent_gap, query, ..Gaps::default() };
    Item::Exchange(Box::new(Recorded { exchange, gaps, uri }))
}

/// A question of the browser whether it may ask (CORS), which is no request to the API.
fn is_preflight(entry: &Entry<'_>) -> bool {
    let is_asking = |pairs: &Pairs<'_>| {
        let mut all = pairs.0.iter().flatten();
        all.any(|(name, _)| name.eq_ignore_ascii_case("access-control-request-method"))
    };
    entry.request.method.as_str() == "OPTIONS"
        && (is_asking(&entry.request.headers)
            || entry.resource_type.as_str() == "preflight"
            || entry.request.headers.0.as_ref().is_none_or(Vec::is_empty))
}

/// Some programs keep the query beside the URL alone. Where the two do not agree, neither can be trusted.
fn with_query(mut url: Url, sent: &Sent<'_>) -> (Url, Option<&'static str>) {
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let beside = sent.query_string.0.as_deref().unwrap_or_default();
    if beside.is_empty() {
        return (url, None);
    }
    if url.query().is_none_or(str::is_empty) {
        url.query_pairs_mut().clear().extend_pairs(beside.iter());
        return (url, None);
    }
    let agree = url.query_pairs().count() == beside.len();
    (url, (!agree).then_some("the query is recorded in two ways"))
}

type Headers = Vec<(String, String)>;

fn headers(pairs: Pairs<'_>, gap: &'static str) -> (Headers, Option<&'static str>) {
    let pairs = pairs.0.unwrap_or_default();
    if pairs.is_empty() {
        return (Vec::new(), Some(gap));
    }
    // What HTTP/2 adds for itself is no header; values on several lines were several headers.
    let kept = pairs.into_iter().filter(|(name, _)| !name.starts_with(':'));
    let mut all = Vec::with_capacity(kept.size_hint().1.unwrap_or(0));
    for (name, value) in kept {
        let name = name.to_ascii_lowercase();
        match value {
            value if value.contains('\n') => {
                all.extend(value.lines().map(|line| (name.clone(), line.trim().to_owned())));
            }
            Cow::Borrowed(value) => all.push((name, value.to_owned())),
            Cow::Owned(value) => all.push((name, value)),
        }
    }
    (all, None)
}

/// Browsers never record all that they sent: a request without the headers that any client sends is not whole.
fn headers_of_request(pairs: Pairs<'_>) -> (Headers, Option<&'static str>) {
    let gap = "the headers of the request are not recorded";
    let (headers, missing) = headers(pairs, gap);
    let is_known = |(name, _): &(String, String)| ["host", "user-agent", "accept"].contains(&name.as_str());
    let is_whole = missing.is_none() && headers.iter().any(is_known);
    (headers, (!is_whole).then_some(gap))
}

/// What an entry says about where the API is.
pub(in crate::audit) fn origin_hint(bytes: &[u8]) -> Option<(Url, usize)> {
    let entry: Entry<'_> = serde_json::from_slice(bytes).ok()?;
    let content = entry.response.content?;
    let is_json = content.mime_type.as_str().to_ascii_lowercase().contains("json");
    let url = Url::parse(entry.request.url.as_str()).ok().filter(Url::has_host)?;
    let text = content.text.as_str();
    let speaks = |name: &str| text.contains(name);
    let is_of_the_api = speaks("\"links\"") && speaks("\"rel\"") || speaks("\"reason\"") && speaks("\"detail\"");
    match (is_of_the_api, is_json) {
        (true, _) => Some((url, 10)),
        (false, true) => Some((url, 1)),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(request: &str, response: &str) -> Item {
        read(format!(r#"{{"startedDateTime":"2016-01-31T10:00:00.5+01:00","time":3,"request":{request},"response":{response}}}"#).as_bytes())
    }

    fn recorded(request: &str, response: &str) -> Recorded {
        match item(request, response) {
            Item::Exchange(recorded) => *recorded,
            Item::Other(why) => panic!("{why}"),
            Item::Unreadable(why) => panic!("{why}"),
        }
    }

    #[test]
    fn pseudo_headers_and_joined_lines_are_sorted_out() {
        let it = recorded(
            r#"{"method":"GET","url":"https://u:p@h/a","headers":[{"name":":authority","value":"h"},{"name":"Accept","value":"*/*"}]}"#,
            r#"{"status":401,"headers":[{"name":":status","value":"401"},{"name":"WWW-Authenticate","value":"Basic realm=\"x\"\nDigest realm=\"y\""}],"content":{"text":""}}"#,
        );
        assert_eq!(it.exchange.request.headers, [("accept".to_owned(), "*/*".to_owned())]);
        assert_eq!(it.exchange.response.headers.len(), 2);
        assert_eq!(it.exchange.request.url.as_str(), "https://h/a");
        assert_eq!(it.exchange.started.to_rfc3339(), "2016-01-31T09:00:00.500+00:00");
        assert_eq!(it.gaps, Gaps::default());
    }

    #[test]
    fn what_is_not_recorded_is_a_gap() {
        let it = recorded(r#"{"method":"GET","url":"https://h/a"}"#, r#"{"status":200,"content":{"size":3}}"#);
        assert_eq!(it.gaps.body, Some("the body is not recorded"));
        assert_eq!(it.gaps.headers, Some("the headers of the answer are not recorded"));
        assert_eq!(it.gaps.request_headers, Some("the headers of the request are not recorded"));
        assert_eq!(it.gaps.query, None);
    }

    #[test]
    fn a_query_beside_the_url_is_put_back() {
        let query = |url: &str| {
            let request = format!(r#"{{"method":"GET","url":"{url}","queryString":[{{"name":"a","value":"b c"}}]}}"#);
            let it = recorded(&request, r#"{"status":204}"#);
            (it.exchange.request.url.to_string(), it.gaps.query)
        };
        assert_eq!(query("https://h/x"), ("https://h/x?a=b+c".into(), None));
        assert_eq!(query("https://h/x?a=b%20c"), ("https://h/x?a=b%20c".into(), None));
        assert_eq!(query("https://h/x?a=b&c=d").1, Some("the query is recorded in two ways"));
    }

    #[test]
    fn what_is_no_exchange_is_left_out() {
        let other = |request: &str, response: &str| match item(request, response) {
            Item::Other(why) => why,
            Item::Exchange(_) | Item::Unreadable(_) => "an exchange",
        };
        assert_eq!(other(r#"{"method":"GET","url":"https://h/"}"#, r#"{"status":0}"#), "without an answer");
        assert_eq!(other(r#"{"method":"GET","url":"wss://h/"}"#, r#"{"status":101}"#), "no HTTP exchange any more");
        let preflight = r#"{"method":"OPTIONS","url":"https://h/","headers":[{"name":"Access-Control-Request-Method","value":"PUT"}]}"#;
        assert_eq!(other(preflight, r#"{"status":204}"#), "asked by the browser for itself");
        let asked = r#"{"method":"OPTIONS","url":"https://h/","headers":[{"name":"Accept","value":"*/*"}]}"#;
        assert_eq!(other(asked, r#"{"status":405}"#), "an exchange");
        assert!(matches!(item(r#"{"method":"GET","url":"/a"}"#, r#"{"status":200}"#), Item::Unreadable(_)));
    }
}
