//! Values changed by a little: numbers, texts, dates, URLs.

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta};
use serde_json::{Number, Value, json};
use url::Url;

use super::operator::Operator;

/// The parameter that names a page.
const PAGE: &str = "pageNum";

/// What a value becomes by each operator that changes it by a little.
pub(super) fn changed(value: &Value) -> Vec<(Operator, Value)> {
    match value {
        Value::Bool(is_true) => vec![(Operator::BooleanFlipped, json!(!is_true))],
        Value::Number(number) => {
            changed_number(number).map(|number| (Operator::ValueChanged, number)).into_iter().collect()
        }
        Value::String(text) => changed_string(text).into_iter().map(|(it, text)| (it, Value::String(text))).collect(),
        Value::Null | Value::Array(_) | Value::Object(_) => Vec::new(),
    }
}

fn changed_number(number: &Number) -> Option<Value> {
    match (number.as_i64(), number.as_f64()) {
        (Some(whole), _) => Some(json!(whole.checked_add(1)?)),
        (None, Some(other)) => Some(json!(other + 1.0)),
        (None, None) => None,
    }
}

fn changed_string(text: &str) -> Vec<(Operator, String)> {
    let found = if is_date(text) {
        vec![(Operator::DateHour, hour_later(text)), (Operator::DateZone, in_other_zone(text))]
    } else if is_url(text) {
        vec![
            (Operator::UrlSegment, with_other_segment(text)),
            (Operator::UrlPage, with_other_page(text)),
            (Operator::UrlHost, with_other_host(text)),
        ]
    } else {
        let capitals = Some(text.to_uppercase()).filter(|capitals| capitals != text);
        vec![(Operator::ValueChanged, changed_text(text)), (Operator::TextCapitals, capitals)]
    };
    found.into_iter().filter_map(|(operator, text)| Some((operator, text?))).collect()
}

/// A value of another JSON type.
pub(super) fn retyped(value: &Value) -> Value {
    match value {
        Value::Null => json!(0),
        Value::Bool(is_true) => json!(is_true.to_string()),
        Value::Number(number) => json!(number.to_string()),
        Value::String(_) => json!(7),
        Value::Array(_) => json!({}),
        Value::Object(_) => json!([]),
    }
}

/// The text with its last letter or digit changed.
pub(super) fn changed_text(text: &str) -> Option<String> {
    let (at, last) = text.char_indices().rev().find(|(_, character)| character.is_ascii_alphanumeric())?;
    let other = match last {
        '9' => '0',
        'z' => 'a',
        'Z' => 'A',
        other => char::from(u8::try_from(other).ok()?.wrapping_add(1)),
    };
    Some(format!("{}{other}{}", &text[..at], &text[at + 1..]))
}

fn is_date(text: &str) -> bool {
    DateTime::parse_from_rfc3339(text).is_ok()
}

fn is_url(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

fn hour_later(text: &str) -> Option<String> {
    let (date, rest) = text.split_at_checked("2026-01-01T00:00:00".len())?;
    let date = NaiveDateTime::parse_from_str(date, "%Y-%m-%dT%H:%M:%S").ok()?;
    let later = date.checked_add_signed(TimeDelta::hours(1))?;
    Some(format!("{}{rest}", later.format("%Y-%m-%dT%H:%M:%S")))
}

/// The same digits with another offset.
fn in_other_zone(text: &str) -> Option<String> {
    let date: DateTime<FixedOffset> = DateTime::parse_from_rfc3339(text).ok()?;
    let zone = if date.offset().local_minus_utc() == 0 { "+01:00" } else { "Z" };
    let end = text.rfind(['Z', 'z', '+']).or_else(|| text.rfind('-').filter(|at| *at > 10))?;
    Some(format!("{}{zone}", &text[..end]))
}

/// The URL with another last segment.
pub(super) fn with_other_segment(text: &str) -> Option<String> {
    let end = text.find(['?', '#']).unwrap_or(text.len());
    Some(format!("{}{}", changed_text(&text[..end])?, &text[end..]))
}

fn with_other_page(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let (_, page) = url.query_pairs().find(|(name, _)| name == PAGE)?;
    let page: u64 = page.parse().ok()?;
    Some(text.replace(&format!("{PAGE}={page}"), &format!("{PAGE}={}", page + 1))).filter(|other| other != text)
}

fn with_other_host(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let rest = text.split_once("://")?.1.find('/').map_or("", |at| &text.split_once("://").map_or("", |it| it.1)[at..]);
    Some(format!("{}://other.example.org{rest}", url.scheme()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(value: &Value) -> Vec<(&'static str, String)> {
        changed(value).into_iter().map(|(operator, value)| (operator.id(), value.to_string())).collect()
    }

    #[test]
    fn a_value_is_changed_by_a_little() {
        assert_eq!(made(&json!(7)), [("value-changed", "8".to_owned())]);
        let texts = [("value-changed", "\"host-0!\"".to_owned()), ("text-capitals", "\"HOST-9!\"".to_owned())];
        assert_eq!(made(&json!("host-9!")), texts);
        assert_eq!(made(&json!(true)), [("boolean-flipped", "false".to_owned())]);
        assert_eq!(made(&json!("—")), []);
    }

    #[test]
    fn a_date_is_another_instant() {
        let dates = [
            ("date-hour", "\"2026-01-01T00:30:00Z\"".to_owned()),
            ("date-zone", "\"2025-12-31T23:30:00+01:00\"".to_owned()),
        ];
        assert_eq!(made(&json!("2025-12-31T23:30:00Z")), dates);
        assert_eq!(made(&json!("2025-12-31T23:30:00-05:00"))[1].1, "\"2025-12-31T23:30:00Z\"");
    }

    #[test]
    fn a_url_leads_elsewhere() {
        let urls = [
            ("url-segment", "\"https://h:1/a/c?pageNum=2\"".to_owned()),
            ("url-page", "\"https://h:1/a/b?pageNum=3\"".to_owned()),
            ("url-host", "\"https://other.example.org/a/b?pageNum=2\"".to_owned()),
        ];
        assert_eq!(made(&json!("https://h:1/a/b?pageNum=2")), urls);
        assert_eq!(made(&json!("https://h")).len(), 2);
    }
}
