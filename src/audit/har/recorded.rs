//! From an entry to an exchange, and to what is not known of it.

use std::borrow::Cow;

use chrono::DateTime;
use url::Url;

use super::body::{body, request_body_gap};
use super::entries::Raw;
use super::entry::{Entry, Pairs};
use super::marks::is_taken_out;
use super::query::query;
use super::repair::repaired;
use super::time::Timing;
use crate::check::{Gaps, is_below};
use crate::exchange::{Exchange, Request, Response, Role, is_safe};

/// What is said of an entry without a response.
pub(in crate::audit) const UNANSWERED: &str = "without a response";

/// What a browser asks for itself.
const OWN: &str = "sent by the browser for itself";

/// One entry of a recording. A timing says when something may have been changed.
pub enum Item {
    /// A request to the API and its response.
    Exchange(Box<Recorded>),
    /// A request to another address.
    Elsewhere(Url, Option<Timing>),
    /// An entry that shows no exchange with the API, and why.
    Other(&'static str, Option<Timing>),
    /// An entry of the API that cannot be read, and why.
    Unreadable(String, Option<Timing>),
}

/// An exchange that somebody recorded.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The request and its response.
    pub exchange: Exchange,
    /// What is not known of them.
    pub gaps: Gaps,
    /// Why the URI is not written as it was sent.
    pub uri: Option<&'static str>,
    /// Why the body of the request is not as it was sent.
    pub sent_body: Option<&'static str>,
    /// When it took place.
    pub time: Timing,
}

/// Reads an entry. Only one below the base URL can be unreadable: others do not concern the API.
pub(super) fn read(raw: &Raw, base: &Url) -> Item {
    let method = raw.method.as_deref().unwrap_or_default().trim().to_ascii_uppercase();
    if raw.url.is_none() && method.is_empty() {
        return Item::Other("without a request", None);
    }
    if method == "CONNECT" {
        return Item::Other(OWN, None);
    }
    let Some(url) = raw.url.as_deref().and_then(|url| Url::parse(url).ok()) else {
        return Item::Other("with a URL that is malformed", None);
    };
    let may_write = !is_safe(&method);
    if !is_below(&url, base) {
        return Item::Elsewhere(url, may_write.then(|| timing_of(raw)));
    }
    let unreadable = |why: &str| Item::Unreadable(why.to_owned(), may_write.then(|| timing_of(raw)));
    if method.is_empty() {
        return unreadable("its request has no method");
    }
    if let Some(flaw) = raw.flaw {
        return unreadable(flaw);
    }
    let repaired = match serde_json::from_slice::<Entry<'_>>(&raw.bytes) {
        Ok(entry) => return of_api(entry, method, url),
        Err(_) => repaired(&raw.bytes),
    };
    match serde_json::from_slice::<Entry<'_>>(&repaired) {
        Ok(entry) => of_api(entry, method, url),
        Err(error) => unreadable(&error.to_string()),
    }
}

/// When an entry may have changed something at the host of the API; `None` of one that did not.
pub(super) fn write(raw: &Raw, base: &Url) -> Option<Timing> {
    let method = raw.method.as_deref().unwrap_or_default().trim().to_ascii_uppercase();
    let is_there = || Url::parse(raw.url.as_deref()?).ok().filter(|url| url.host_str() == base.host_str());
    (!is_safe(&method) && method != "CONNECT" && is_there().is_some()).then(|| timing_of(raw))
}

/// The item of an entry of the API.
fn of_api(entry: Entry<'_>, method: String, url: Url) -> Item {
    if is_preflight(&entry, &method) {
        return Item::Other(OWN, None);
    }
    if is_cached(&entry) {
        return Item::Other("out of a cache", None);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is in the range of a status")]
    match entry.response.status.0 {
        Some(407.0) => Item::Other("answered by a proxy", None),
        Some(status) if (200.0..1000.0).contains(&status) => exchange(entry, method, url, status as u16),
        Some(status) if (100.0..200.0).contains(&status) => Item::Other("that go on outside HTTP", None),
        _ => Item::Other(UNANSWERED, (!is_safe(&method)).then(|| timing(&entry))),
    }
}

fn exchange(mut entry: Entry<'_>, method: String, url: Url, status: u16) -> Item {
    let time = timing(&entry);
    let asked = query(url, entry.request.query_string.0.as_deref().unwrap_or_default());
    let body = body(&method, status, &mut entry.response);
    let (mut headers, mut headers_gap) =
        headers(entry.response.headers, "the headers of the response are not recorded");
    if headers.iter().any(|(name, value)| name == "www-authenticate" && (value.is_empty() || is_taken_out(value))) {
        headers_gap = headers_gap.or(Some("the challenge was taken out"));
    }
    // The body stands here as it was before it was packed.
    headers.retain(|(name, _)| name != "content-encoding");
    let is_labelled = headers.iter().any(|(name, _)| name == "content-type");
    let has_label = !entry.response.content.mime_type.as_str().trim().is_empty();
    let media_type = (has_label && !is_labelled).then_some("the media type is recorded beside the headers alone");
    let (sent, sent_gap) = headers_of_request(entry.request.headers);
    // Some servers answer so only to whoever asks for a part.
    let is_part = status == 206 && (sent_gap.is_some() || sent.iter().any(|(name, _)| name == "range"));
    let part = is_part.then_some("the response is a part of what the URL leads to");
    let sent_body = request_body_gap(&entry.request.post_data, entry.request.body_size);
    let request = Request {
        headers: sent,
        body: entry.request.post_data.text.0.map(|text| text.into_owned().into_bytes()),
        ..Request::new(method, asked.url)
    };
    let response = Response { status, headers, body: body.bytes, ..Response::default() };
    let exchange = Exchange {
        request,
        response,
        started: time.started.unwrap_or(DateTime::UNIX_EPOCH),
        duration: time.took.unwrap_or_default(),
        role: Role::Asked,
    };
    let gaps = Gaps {
        body: body.gap.or(part),
        headers: headers_gap,
        media_type,
        request_headers: sent_gap,
        query: asked.gap,
        status: part,
    };
    Item::Exchange(Box::new(Recorded { exchange, gaps, uri: asked.rewritten, sent_body, time }))
}

fn timing(entry: &Entry<'_>) -> Timing {
    Timing::of(entry.started_date_time.as_str(), entry.time.0, &entry.timings.0)
}

/// When an entry took place whose rest does not matter.
fn timing_of(raw: &Raw) -> Timing {
    serde_json::from_slice::<Entry<'_>>(&repaired(&raw.bytes)).map(|entry| timing(&entry)).unwrap_or_default()
}

/// Whether a response is not the server's: the browser took it from a cache, or a script in it made it.
fn is_cached(entry: &Entry<'_>) -> bool {
    let response = &entry.response;
    let marks = [entry.from_cache, entry.from_worker, response.from_cache, response.from_worker];
    let fetched = entry.fetch_type.as_str().to_ascii_lowercase();
    marks.iter().any(|mark| mark.0) || ["cache", "worker", "override"].iter().any(|word| fetched.contains(word))
}

/// A question of the browser whether it may ask (CORS), which is not a request to the API.
fn is_preflight(entry: &Entry<'_>, method: &str) -> bool {
    let is_asking = |pairs: &Pairs<'_>| {
        let mut all = pairs.0.iter().flatten();
        all.any(|(name, _)| name.eq_ignore_ascii_case("access-control-request-method"))
    };
    method == "OPTIONS"
        && (is_asking(&entry.request.headers)
            || entry.resource_type.as_str() == "preflight"
            || entry.request.headers.0.as_ref().is_none_or(Vec::is_empty))
}

type Headers = Vec<(String, String)>;

fn headers(pairs: Pairs<'_>, gap: &'static str) -> (Headers, Option<&'static str>) {
    let pairs = pairs.0.unwrap_or_default();
    if pairs.is_empty() {
        return (Vec::new(), Some(gap));
    }
    // What HTTP/2 adds for itself is not a header; values on several lines were several headers.
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
pub(super) fn origin_hint(raw: &Raw) -> Option<(Url, usize)> {
    let mended;
    let entry: Entry<'_> = if let Ok(entry) = serde_json::from_slice(&raw.bytes) {
        entry
    } else {
        mended = repaired(&raw.bytes);
        serde_json::from_slice(&mended).ok()?
    };
    let content = &entry.response.content;
    let is_json = content.mime_type.as_str().to_ascii_lowercase().contains("json");
    let url = Url::parse(raw.url.as_deref()?).ok().filter(Url::has_host)?;
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
    use crate::audit::har::Recording;

    fn item_of(entry: &str) -> Item {
        let text = format!(r#"{{"log":{{"entries":[{entry}]}}}}"#);
        let base = Url::parse("https://h/").unwrap();
        Recording::new(text.as_bytes()).next_item(&base).unwrap().unwrap().1
    }

    fn item(request: &str, response: &str) -> Item {
        item_of(&format!(
            r#"{{"startedDateTime":"2016-01-31T10:00:00.5+01:00","time":3,"request":{request},"response":{response}}}"#
        ))
    }

    fn recorded(request: &str, response: &str) -> Recorded {
        match item(request, response) {
            Item::Exchange(recorded) => *recorded,
            Item::Other(why, _) => panic!("{why}"),
            Item::Elsewhere(url, _) => panic!("{url}"),
            Item::Unreadable(why, _) => panic!("{why}"),
        }
    }

    fn other(item: Item) -> String {
        match item {
            Item::Other(why, _) => why.to_owned(),
            Item::Elsewhere(..) => "elsewhere".to_owned(),
            Item::Exchange(_) => "an exchange".to_owned(),
            Item::Unreadable(why, _) => format!("unreadable: {why}"),
        }
    }

    #[test]
    fn pseudo_headers_and_joined_lines_are_sorted_out() {
        let it = recorded(
            r#"{"method":"GET","url":"https://u:p@h/a","headers":[{"name":":authority","value":"h"},{"name":"Accept","value":"*/*"}]}"#,
            r#"{"status":401,"headers":[{"name":":status","value":"401"},{"name":"Content-Length","value":"0"},{"name":"WWW-Authenticate","value":"Basic realm=\"x\"\nDigest realm=\"y\""}],"content":{"text":""}}"#,
        );
        assert_eq!(it.exchange.request.headers, [("accept".to_owned(), "*/*".to_owned())]);
        assert_eq!(it.exchange.response.headers.len(), 3);
        assert_eq!(it.exchange.request.url.as_str(), "https://h/a");
        assert_eq!(it.exchange.started.to_rfc3339(), "2016-01-31T09:00:00.500+00:00");
        assert_eq!(it.gaps, Gaps::default());
    }

    #[test]
    fn what_is_not_recorded_is_a_gap() {
        let it = recorded(r#"{"method":"get","url":"https://h/a"}"#, r#"{"status":200,"content":{"size":3}}"#);
        assert_eq!(it.exchange.request.method, "GET");
        assert_eq!(it.gaps.body, Some("the body is not recorded"));
        assert_eq!(it.gaps.headers, Some("the headers of the response are not recorded"));
        assert_eq!(it.gaps.request_headers, Some("the headers of the request are not recorded"));
        assert_eq!(it.gaps.query, None);
        let hidden = r#"{"status":401,"headers":[{"name":"WWW-Authenticate","value":"[redacted]"}]}"#;
        let it = recorded(r#"{"method":"GET","url":"https://h/a"}"#, hidden);
        assert_eq!(it.gaps.headers, Some("the challenge was taken out"));
    }

    #[test]
    fn what_is_not_an_exchange_is_left_out() {
        let get = r#"{"method":"GET","url":"https://h/"}"#;
        for response in ["null", "\"none\"", "{}", r#"{"status":0}"#, r#"{"status":-999}"#, r#"{"status":null}"#] {
            assert_eq!(other(item(get, response)), "without a response", "{response}");
        }
        assert_eq!(other(item_of(&format!(r#"{{"request":{get}}}"#))), "without a response");
        assert_eq!(other(item(get, r#"{"status":101}"#)), "that go on outside HTTP");
        let preflight = r#"{"method":"OPTIONS","url":"https://h/","headers":[{"name":"Access-Control-Request-Method","value":"PUT"}]}"#;
        assert_eq!(other(item(preflight, r#"{"status":204}"#)), "sent by the browser for itself");
        assert_eq!(other(item(get, r#"{"status":407}"#)), "answered by a proxy");
        let options = r#"{"method":"OPTIONS","url":"https://h/","headers":[{"name":"Accept","value":"*/*"}]}"#;
        assert_eq!(other(item(options, r#"{"status":405}"#)), "an exchange");
    }

    #[test]
    fn what_is_odd_elsewhere_does_not_concern_the_api() {
        for (request, expected) in [
            (r#"{"method":"GET","url":"/a"}"#, "with a URL that is malformed"),
            (r#"{"method":"GET","url":"https://h:99999/"}"#, "with a URL that is malformed"),
            (r#"{"method":"GET"}"#, "with a URL that is malformed"),
            (r#"{"method":"CONNECT","url":"10.0.0.1:443"}"#, "sent by the browser for itself"),
            (r#"{"method":"GET","url":"wss://h/"}"#, "elsewhere"),
            (r#"{"method":"GET","url":"data:,x"}"#, "elsewhere"),
            (r#"{"method":"GET","url":"https://other/\ud83d"}"#, "elsewhere"),
            (r#"{"url":"https://other/"}"#, "elsewhere"),
            ("null", "without a request"),
            ("{}", "without a request"),
        ] {
            assert_eq!(other(item(request, r#"{"status":200,"content":{"text":"\ud83d"}}"#)), expected, "{request}");
        }
        assert_eq!(other(item_of("null")), "that are not entries");
        let unreadable =
            other(item_of(r#"{"request":{"method":"GET","url":"https://h/a"},"response":{"status":200 "x"}}"#));
        assert!(unreadable.starts_with("unreadable"), "{unreadable}");
    }

    #[test]
    fn what_a_cache_holds_is_not_the_servers() {
        let cached = |member: &str, of_response: &str| {
            let response = format!(r#"{{"status":200,"content":{{"text":"{{}}"}}{of_response}}}"#);
            other(item_of(&format!(
                r#"{{"request":{{"method":"GET","url":"https://h/"}},"response":{response}{member}}}"#
            )))
        };
        for member in [
            r#","_fromCache":"disk""#,
            r#","fromCache":true"#,
            r#","_fetchType":"Memory Cache""#,
            r#","_fetchedViaServiceWorker":true"#,
        ] {
            assert_eq!(cached(member, ""), "out of a cache", "{member}");
        }
        assert_eq!(cached("", r#","_fromDiskCache":true"#), "out of a cache");
        for member in
            [r#","_fromCache":null"#, r#","fromCache":false"#, r#","_fetchType":"Network Load""#, r#","cache":{}"#]
        {
            assert_eq!(cached(member, ""), "an exchange", "{member}");
        }
    }

    #[test]
    fn characters_that_were_lost_spoil_their_part() {
        let it = recorded(
            r#"{"method":"GET","url":"https://h/a"}"#,
            r#"{"status":200,"headers":[{"name":"x","value":"y"}],"content":{"text":"{\"a\":\"\ud83d\"}"}}"#,
        );
        assert_eq!(it.gaps.body, Some("characters of the body were lost when it was recorded"));
        assert_eq!((it.exchange.response.status, it.gaps.headers, it.gaps.query), (200, None, None));
    }
}
