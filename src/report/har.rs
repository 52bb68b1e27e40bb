//! `exchanges.har` (HAR 1.2): an opening, a line for each exchange, and a closing, so that a run of any length is
//! written as it goes.
//!
//! What the format has no place for stands in members that begin with `_atlaspec`.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use crate::record::{StoredBody, StoredExchange, TargetIdentity, Tool};

/// Name of the file in a folder of reports.
pub const FILE_NAME: &str = "exchanges.har";

/// Everything before the first entry.
pub fn opening(tool: &Tool, target: &TargetIdentity) -> String {
    let creator = json!({ "name": tool.name, "version": tool.version });
    let target = json!({ "name": target.name, "baseUrl": target.base_url });
    format!("{{\"log\":{{\"version\":\"1.2\",\"creator\":{creator},\"_atlaspec_target\":{target},\"entries\":[\n")
}

/// What stands between two entries.
pub const SEPARATOR: &str = ",\n";

/// One exchange of a case.
pub fn entry(case: &str, exchange: StoredExchange, run_started: DateTime<Utc>) -> Value {
    let sent = i64::try_from(exchange.started_ms).ok().and_then(TimeDelta::try_milliseconds);
    let started = sent.and_then(|sent| run_started.checked_add_signed(sent)).unwrap_or(run_started);
    let time = milliseconds(exchange.duration_us);
    let mut entry = json!({
        "startedDateTime": started.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        "time": time,
        "request": request(&exchange),
        "response": response(&exchange),
        "cache": {},
        "timings": { "send": 0, "wait": time, "receive": 0, "comment": "measured as a whole" },
        "_atlaspec_case": case,
        "_atlaspec_role": exchange.role,
        "_atlaspec_user": exchange.user,
    });
    if let Some(credentials) = &exchange.credentials {
        entry["_atlaspec_credentials"] = json!(credentials);
    }
    if let Some(trailing) = exchange.response_trailing {
        entry["_atlaspec_trailing"] = Value::String(trailing.text);
    }
    if let (Some(body), Some(content)) = (exchange.response_body, entry["response"]["content"].as_object_mut()) {
        content.extend(text(body));
    }
    entry
}

/// Everything after the last entry. What was left out is said, as the file would else seem whole.
pub fn closing(left_out: usize) -> String {
    let comment = match left_out {
        0 => String::new(),
        _ => format!(",\"comment\":\"the file is full: {left_out} further exchanges were left out\""),
    };
    format!("\n]{comment}}}}}\n")
}

/// Milliseconds with their microseconds as decimals.
#[expect(clippy::cast_precision_loss, reason = "no exchange lasts the centuries that a float cannot count")]
fn milliseconds(microseconds: u64) -> f64 {
    microseconds as f64 / 1000.0
}

fn request(exchange: &StoredExchange) -> Value {
    let mut request = json!({
        "method": exchange.method,
        "url": exchange.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(&exchange.request_headers),
        "queryString": query(&exchange.url),
        "headersSize": -1,
        "bodySize": exchange.request_body.as_ref().map_or(0, |body| body.bytes),
    });
    if let Some(body) = &exchange.request_body {
        let mut data = Map::new();
        data.insert("mimeType".to_owned(), json!(header(&exchange.request_headers, "content-type")));
        data.extend(text(body.clone()));
        request["postData"] = Value::Object(data);
    }
    request
}

fn response(exchange: &StoredExchange) -> Value {
    let bytes = exchange.response_body.as_ref().map_or(0, |body| body.bytes);
    let mut content = Map::new();
    content.insert("size".to_owned(), json!(bytes));
    content.insert("mimeType".to_owned(), json!(header(&exchange.response_headers, "content-type")));
    json!({
        "status": exchange.status,
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(&exchange.response_headers),
        "content": content,
        "redirectURL": header(&exchange.response_headers, "location"),
        "headersSize": -1,
        "bodySize": bytes,
    })
}

/// Bodies are large: the text is moved, not copied.
fn text(body: StoredBody) -> Vec<(String, Value)> {
    let mut members = vec![("text".to_owned(), Value::String(body.text))];
    if body.cut {
        members.push(("comment".to_owned(), json!(format!("cut: the whole has {} bytes", body.bytes))));
        members.push(("_atlaspec_cut".to_owned(), json!(true)));
    }
    members
}

fn headers(headers: &[(String, String)]) -> Value {
    headers.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

/// All values of a header, as one.
fn header(headers: &[(String, String)], wanted: &str) -> String {
    let values = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.as_str());
    values.collect::<Vec<_>>().join(", ")
}

fn query(url: &str) -> Value {
    let whole = url.split_once('#').map_or(url, |(whole, _)| whole);
    let query = whole.split_once('?').map_or("", |(_, query)| query);
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.map(|(name, value)| json!({ "name": name, "value": value })).collect()
}
