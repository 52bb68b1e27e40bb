//! JSON, written differently: order of members and links, numbers, dates, escapes, references, white space where it is
//! asked for.

use std::fmt::Write as _;

use fastrand::Rng;
use serde_json::Value;
use url::Url;

/// Members that hold texts of users, which nobody may write differently.
const TEXTS: [&str; 6] = ["name", "note", "title", "detail", "reason", "tags"];
/// The member of a timestamp: a date to the second.
const TO_THE_SECOND: &str = "date";
/// Names of relations that are registered have no case (RFC 8288, section 2.1.1).
const RELATIONS: [&str; 3] = ["self", "previous", "next"];

/// Writes values of one response.
pub(crate) struct Writer<'a> {
    pub(crate) rng: &'a mut Rng,
    /// The origin of the URLs in a body, and that which stands for it.
    pub(crate) origins: (&'a str, &'a str),
    /// What relative references are resolved against, if there may be any.
    pub(crate) base: Option<&'a Url>,
    /// White space before each level, and after a colon; none without it.
    pub(crate) layout: Option<(&'static str, &'static str)>,
}

impl Writer<'_> {
    /// The text of a body.
    pub(crate) fn text(&mut self, value: &Value) -> String {
        let mut out = String::new();
        self.value(None, value, 0, &mut out);
        if self.rng.u8(..3) == 0 {
            out.push_str(if self.rng.bool() { "\n" } else { "\r\n" });
        }
        out
    }

    fn value(&mut self, name: Option<&str>, value: &Value, depth: usize, out: &mut String) {
        match value {
            Value::Null | Value::Bool(_) => out.push_str(&value.to_string()),
            Value::Number(number) => out.push_str(&self.number(&number.to_string())),
            Value::String(text) => {
                let text = self.meaning(name.unwrap_or_default(), text);
                self.string(&text, out);
            }
            Value::Array(items) => {
                let mut items: Vec<&Value> = items.iter().collect();
                if name == Some("links") {
                    self.rng.shuffle(&mut items);
                }
                self.all("[]", items, depth, out, |writer, item, out| writer.value(name, item, depth + 1, out));
            }
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                self.rng.shuffle(&mut members);
                self.all("{}", members, depth, out, |writer, (name, value), out| {
                    writer.string(name, out);
                    out.push(':');
                    out.push_str(writer.layout.map_or("", |(_, space)| space));
                    writer.value(Some(name), value, depth + 1, out);
                });
            }
        }
    }

    fn all<T>(
        &mut self,
        brackets: &str,
        parts: Vec<T>,
        depth: usize,
        out: &mut String,
        mut write: impl FnMut(&mut Self, T, &mut String),
    ) {
        let (is_empty, layout) = (parts.is_empty(), self.layout);
        let line = |depth: usize, out: &mut String| {
            if let Some((indent, _)) = layout.filter(|_| !is_empty) {
                out.push('\n');
                out.push_str(&indent.repeat(depth));
            }
        };
        out.push_str(&brackets[..1]);
        for (at, part) in parts.into_iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            line(depth + 1, out);
            write(self, part, out);
        }
        line(depth, out);
        out.push_str(&brackets[1..]);
    }

    /// A text that means the same.
    fn meaning(&mut self, name: &str, text: &str) -> String {
        match text.strip_prefix(self.origins.0) {
            Some(rest) if name == "href" => {
                let url = Url::parse(&format!("{}{rest}", self.origins.1)).expect("a URL");
                super::reference::spelled(self.rng, &url, self.base)
            }
            _ if name == "rel" && RELATIONS.contains(&text) && self.rng.u8(..4) == 0 => text.to_ascii_uppercase(),
            _ if !TEXTS.contains(&name) => date(self.rng, name, text).unwrap_or_else(|| text.to_owned()),
            _ => text.to_owned(),
        }
    }

    fn number(&mut self, text: &str) -> String {
        let has_exponent = text.contains(['e', 'E']);
        match (text.contains('.'), self.rng.u8(..6)) {
            (_, 0) if !has_exponent => format!("{text}{}", ["e0", "E0", "e+0", "E-00"][self.rng.usize(..4)]),
            (true, 1) if !has_exponent => format!("{text}00"),
            (false, 1) if !has_exponent => format!("{text}.000"),
            (false, 2) if !has_exponent && text != "0" => format!("{text}0e-1"),
            _ => text.to_owned(),
        }
    }

    fn string(&mut self, text: &str, out: &mut String) {
        let one_of = [0, 0, 20, 1][self.rng.usize(..4)];
        out.push('"');
        for character in text.chars() {
            let must = character < ' ' || matches!(character, '"' | '\\');
            let escape = must || one_of > 0 && self.rng.u32(..one_of) == 0;
            match character {
                '"' | '\\' if self.rng.bool() => out.extend(['\\', character]),
                '/' if escape && self.rng.bool() => out.push_str("\\/"),
                '\n' if self.rng.bool() => out.push_str("\\n"),
                _ if escape => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        // Writing to a `String` cannot fail.
                        let _ =
                            if self.rng.bool() { write!(out, "\\u{unit:04x}") } else { write!(out, "\\u{unit:04X}") };
                    }
                }
                _ => out.push(character),
            }
        }
        out.push('"');
    }
}

/// The same instant in another of the forms of ISO 8601, designated UTC; `None` if the text is not a date. Only the forms
/// that the server reads when they are sent back to it.
fn date(rng: &mut Rng, name: &str, text: &str) -> Option<String> {
    let date = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").ok()?;
    let is_basic = rng.u8(..4) == 0;
    let fraction = match name {
        TO_THE_SECOND => "",
        _ => ["", "", ".0", ".000", ",000", ".000000000"][rng.usize(..6)],
    };
    let time = if is_basic { "%Y%m%dT%H%M%S" } else { "%Y-%m-%dT%H:%M:%S" };
    let zone = match (rng.u8(..4), is_basic) {
        (0, false) => "+00:00",
        (0, true) => "+0000",
        (1, _) => "+00",
        _ => "Z",
    };
    Some(date.format(&format!("{time}{fraction}{zone}")).to_string())
}
