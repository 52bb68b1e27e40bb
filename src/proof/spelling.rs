//! Equivalent mutants: responses written differently, with the same meaning.

use std::fmt::Write as _;

use chrono::NaiveDateTime;
use serde_json::{Map, Number, Value, json};
use url::{Position, Url};

use crate::exchange::{Exchange, Response};

use super::body::{FURTHER, LINKS, value_of};
use super::mutant::Layout;
use super::operator::Spelling;

/// Members that hold texts of users, which nobody may write differently.
const TEXTS: [&str; 6] = ["name", "note", "title", "detail", "reason", "tags"];
/// The member of a timestamp: a date to the second.
const TO_THE_SECOND: &str = "date";

/// The response written differently; `None` where this makes no difference. `root` is the root of the target.
pub(super) fn respelled(spelling: Spelling, exchange: &Exchange, root: &Url) -> Option<Response> {
    let response = &exchange.response;
    match spelling {
        Spelling::HeadersReordered => headers_reordered(response),
        Spelling::HeaderUnknown => Some(with_header(response.clone(), "x-unknown", "7")),
        Spelling::MediaTypeCase => media_type_in_capitals(response),
        Spelling::Layout => laid_out_by_tabs(response),
        Spelling::TextEscaped => texts_escaped(response),
        Spelling::MembersReordered
        | Spelling::LinksReordered
        | Spelling::MembersAdded
        | Spelling::HrefRelative
        | Spelling::HrefCapitals
        | Spelling::DatePrecision
        | Spelling::NumberExponent => {
            let value = value_of(response)?;
            let writer = Writer { spelling, root };
            let written = match spelling {
                Spelling::MembersAdded => with_members(&value, response.status)?,
                _ => writer.value(None, &value),
            };
            // Objects are equal in any order of their members.
            let layout = Layout::of(&response.body);
            let (before, body) = (layout.written(&value), layout.written(&written));
            (before != body).then(|| Response { body, ..response.clone() })
        }
    }
}

fn with_header(mut response: Response, name: &str, value: &str) -> Response {
    response.headers.push((name.to_owned(), value.to_owned()));
    response
}

/// Lines of one name keep their order, which means something.
fn headers_reordered(response: &Response) -> Option<Response> {
    let mut headers = response.headers.clone();
    headers.sort_by(|(one, _), (other, _)| other.cmp(one));
    (headers != response.headers).then(|| Response { headers, ..response.clone() })
}

fn media_type_in_capitals(response: &Response) -> Option<Response> {
    let mut response = response.clone();
    let is_json = |(name, value): &&mut (String, String)| name == "content-type" && value == "application/json";
    let (_, value) = response.headers.iter_mut().find(is_json)?;
    "Application/JSON;charset=\"UTF-8\"".clone_into(value);
    Some(response)
}

fn laid_out_by_tabs(response: &Response) -> Option<Response> {
    let value = value_of(response).filter(|_| Layout::of(&response.body) == Layout::Pretty)?;
    let pretty = format!("{value:#}");
    let line = |line: &str| {
        let text = line.trim_start_matches(' ');
        format!("{}{text}\n", "\t".repeat((line.len() - text.len()) / 2))
    };
    Some(Response { body: pretty.lines().map(line).collect::<String>().into_bytes(), ..response.clone() })
}

/// The body with an escape in place of the first letter of each text, names of members included.
fn texts_escaped(response: &Response) -> Option<Response> {
    value_of(response)?;
    let body = String::from_utf8(response.body.clone()).ok()?;
    let mut out = String::with_capacity(body.len() * 2);
    let (mut is_inside, mut is_escaped, mut is_first) = (false, false, false);
    for character in body.chars() {
        match character {
            '"' if !is_escaped => {
                is_inside = !is_inside;
                is_first = is_inside;
                out.push(character);
                continue;
            }
            letter if is_first && letter.is_ascii_alphabetic() => {
                // Writing to a `String` cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            other => out.push(other),
        }
        is_escaped = character == '\\' && !is_escaped;
        is_first = false;
    }
    (out != body).then(|| Response { body: out.into_bytes(), ..response.clone() })
}

/// A resource, and each item of a list, with a further member; an error document may have none.
fn with_members(value: &Value, status: u16) -> Option<Value> {
    if status >= 400 {
        return None;
    }
    let mut value = value.clone();
    let members = value.as_object_mut()?;
    let content = if members.contains_key("status") { members.get_mut("content") } else { None };
    if content.as_ref().is_some_and(|content| content.get("error").is_some()) {
        return None;
    }
    if let Some(content) = content {
        add_member(content);
    } else if let Some(items) = members.get_mut("results").and_then(Value::as_array_mut) {
        items.iter_mut().for_each(add_member);
    } else {
        add_member(&mut value);
    }
    Some(value)
}

fn add_member(value: &mut Value) {
    let items = value.get_mut("results").and_then(Value::as_array_mut);
    if let Some(items) = items {
        items.iter_mut().for_each(add_member);
    } else if let Some(members) = value.as_object_mut() {
        members.insert(FURTHER.to_owned(), json!(true));
    }
}

/// Writes values differently.
struct Writer<'a> {
    spelling: Spelling,
    root: &'a Url,
}

impl Writer<'_> {
    fn value(&self, name: Option<&str>, value: &Value) -> Value {
        match value {
            Value::Object(members) => Value::Object(self.members(members)),
            Value::Array(items) => {
                let written = items.iter().map(|item| self.value(name, item));
                let is_reversed = self.spelling == Spelling::LinksReordered && name == Some(LINKS);
                Value::Array(if is_reversed { written.rev().collect() } else { written.collect() })
            }
            Value::String(text) => Value::String(self.text(name.unwrap_or_default(), text)),
            Value::Number(number) if self.spelling == Spelling::NumberExponent => exponent(number),
            other => other.clone(),
        }
    }

    fn members(&self, members: &Map<String, Value>) -> Map<String, Value> {
        let written = members.iter().map(|(name, value)| (name.clone(), self.value(Some(name), value)));
        if self.spelling == Spelling::MembersReordered { written.rev().collect() } else { written.collect() }
    }

    fn text(&self, name: &str, text: &str) -> String {
        let written = match self.spelling {
            Spelling::HrefRelative if name == "href" => {
                self.own(text).map(|url| url[Position::BeforePath..].to_owned())
            }
            Spelling::HrefCapitals if name == "href" => self.own(text).map(|url| {
                format!("{}{}", url[..Position::BeforePath].to_ascii_uppercase(), &url[Position::BeforePath..])
            }),
            Spelling::DatePrecision if name != TO_THE_SECOND && !TEXTS.contains(&name) => with_fraction(text),
            _ => None,
        };
        written.unwrap_or_else(|| text.to_owned())
    }

    /// The URL, if it is one of the target.
    fn own(&self, text: &str) -> Option<Url> {
        Url::parse(text).ok().filter(|url| url.origin() == self.root.origin() && url.as_str() == text)
    }
}

fn with_fraction(text: &str) -> Option<String> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").ok()?;
    Some(format!("{}.000Z", text.strip_suffix('Z')?))
}

fn exponent(number: &Number) -> Value {
    let text = number.to_string();
    if text.contains(['e', 'E']) {
        return Value::Number(number.clone());
    }
    serde_json::from_str(&format!("{text}e0")).unwrap_or_else(|_| Value::Number(number.clone()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::exchange::{Request, Role};

    fn written(spelling: Spelling, body: &str) -> Option<String> {
        let root = Url::parse("https://h/api").unwrap();
        let exchange = Exchange {
            request: Request::new("GET", root.clone()),
            response: Response { status: 200, body: body.as_bytes().to_vec(), ..Response::default() },
            started: chrono::DateTime::UNIX_EPOCH,
            duration: Duration::ZERO,
            role: Role::Asked,
        };
        let response = respelled(spelling, &exchange, &root)?;
        Some(String::from_utf8(response.body).unwrap())
    }

    #[test]
    fn a_body_is_written_differently() {
        let body = r#"{"a":1,"at":"2026-01-01T00:00:00Z","links":[{"rel":"self","href":"https://h/api"},{"rel":"x","href":"https://o/"}]}"#;
        for (spelling, part) in [
            (Spelling::MembersReordered, r#""at":"2026-01-01T00:00:00Z","a":1}"#),
            (Spelling::LinksReordered, r#""links":[{"rel":"x""#),
            (Spelling::MembersAdded, r#"],"furtherMember":true}"#),
            (Spelling::HrefRelative, r#""href":"/api"},{"rel":"x","href":"https://o/""#),
            (Spelling::HrefCapitals, r#""href":"HTTPS://H/api"},{"rel":"x","href":"https://o/""#),
            (Spelling::DatePrecision, "00:00.000Z"),
            (Spelling::NumberExponent, r#"{"a":1e+0,"#),
            (Spelling::TextEscaped, r#"{"\u0061":1,"\u0061t":"2026"#),
        ] {
            let text = written(spelling, body).unwrap();
            assert!(text.contains(part), "{spelling:?}: {text}");
        }
        assert_eq!(written(Spelling::Layout, body), None);
        assert_eq!(written(Spelling::Layout, "{\n \"a\": 1\n}").unwrap(), "{\n\t\"a\": 1\n}\n");
    }

    #[test]
    fn what_makes_no_difference_is_no_mutant() {
        assert_eq!(written(Spelling::LinksReordered, r#"{"a":"b"}"#), None);
        assert_eq!(written(Spelling::MembersReordered, r#"{"a":"b"}"#), None);
    }
}
