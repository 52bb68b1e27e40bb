//! What kind of response a recorded one is, as far as it decides what is judged.

use serde_json::Value;
use url::Url;

use super::har::{Recorded, has_taken_out_part, is_taken_out};
use crate::check::{MediaType, View, is_list};
use crate::suite::{Check, Invariant};

/// Whether a successful response is a file to be kept and not a representation: it says so, or is labelled otherwise than
/// JSON, or with what nobody knows, and is neither an object nor an array.
pub(super) fn is_download(recorded: &Recorded) -> bool {
    let response = &recorded.exchange.response;
    if !(200..300).contains(&response.status) || response.body.is_empty() && recorded.gaps.body.is_none() {
        return false;
    }
    let disposition = response.header("content-disposition").unwrap_or_default().to_ascii_lowercase();
    if disposition.trim_start().starts_with("attachment") {
        return true;
    }
    let label = MediaType::read(&response.header("content-type").unwrap_or_default());
    let is_unlabelled = label.essence().is_empty() && recorded.gaps.media_type.is_none();
    !is_unlabelled && !label.is_json() && (is_sequence(&label) || !is_object_or_array(&response.body))
}

/// Whether a media type is that of many JSON values, one after the other: one alone is not a body of JSON either.
fn is_sequence(label: &MediaType) -> bool {
    ["ndjson", "jsonl", "json-seq", "json-lines", "json-stream"].iter().any(|word| label.essence().contains(word))
}

fn is_object_or_array(body: &[u8]) -> bool {
    let begins = matches!(body.trim_ascii_start(), [b'{' | b'[', ..]);
    begins && serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok()
}

/// Whether an invariant speaks about nothing but the status of a response.
pub(super) fn is_about_status(invariant: &Invariant) -> bool {
    let mut all = invariant.expect.iter().flat_map(|block| &block.expectations);
    invariant.when.body.is_none() && all.all(|expectation| matches!(expectation.check, Check::Status(_)))
}

/// Why it is not known what a request asked for, where the page that came names a size or number that the request does
/// not have: the recorder may have lost the query. Whoever has the path as it was sent knows that it did not.
pub(super) fn lost_query(recorded: &Recorded, view: &View<'_>) -> Option<&'static str> {
    let request = &recorded.exchange.request;
    if recorded.gaps.query.is_some() || request.url.query().is_some_and(|query| !query.is_empty()) {
        return None;
    }
    let page = view.plain_body().filter(|body| is_list(body))?;
    let own = request.url.join(self_of(page)?).ok()?;
    let is_named = own.query_pairs().any(|(name, value)| match name.as_ref() {
        "itemsPerPage" => value != "100",
        "pageNum" => value != "1",
        _ => false,
    });
    (is_named && !is_written_whole(recorded, &request.url)).then_some(
        "the page names a size or number that the request does not have: the recorder may have lost the query",
    )
}

/// Why a body is not as it was sent: an id, a date, or a part of a link was taken out.
pub(super) fn lost_parts(view: &View<'_>) -> Option<&'static str> {
    lacks_part(view.value()?, DEEPEST).then_some("parts of the body were taken out")
}

/// Values that stand deeper are not looked at.
const DEEPEST: usize = 64;

fn lacks_part(value: &Value, depth: usize) -> bool {
    match value {
        Value::Object(members) if depth > 0 => members.iter().any(|(name, value)| match value {
            Value::String(text) if name == "href" => has_taken_out_part(text),
            Value::String(text) => is_of_conventions(name) && is_taken_out(text),
            value => lacks_part(value, depth - 1),
        }),
        Value::Array(items) if depth > 0 => items.iter().any(|item| lacks_part(item, depth - 1)),
        _ => false,
    }
}

/// Whether the conventions say what a member of this name holds.
fn is_of_conventions(name: &str) -> bool {
    const NAMES: [&str; 7] = ["rel", "id", "error", "reason", "status", "totalCount", "increment"];
    const DATES: [&str; 6] = ["date", "time", "created", "updated", "expir", "deleted"];
    let is_dated = || {
        let name = name.to_ascii_lowercase();
        DATES.iter().any(|word| name.contains(word))
    };
    NAMES.contains(&name)
        || ["Id", "At", "_id"].iter().any(|end| name.ends_with(end))
        || name.starts_with('$')
        || is_dated()
}

fn self_of(body: &Value) -> Option<&str> {
    let is_self = |link: &&Value| link["rel"].as_str().is_some_and(|rel| rel.eq_ignore_ascii_case("self"));
    body.get("links")?.as_array()?.iter().find(is_self)?["href"].as_str()
}

/// Whether the Digest of a request was made for this URL without a query.
fn is_written_whole(recorded: &Recorded, url: &Url) -> bool {
    let mut headers = recorded.exchange.request.headers.iter();
    let authorization = headers.find(|(name, _)| name == "authorization").map(|(_, value)| value.as_str());
    let uri = authorization.and_then(|value| value.split_once("uri=\"")?.1.split('"').next());
    uri.is_some_and(|uri| uri == url.path())
}
