//! The same response, written differently each time: edits of the finished text, token by token, so that nothing but the
//! spelling changes. Order of members and links is not here: `render` and `told` shuffle both in every response.

use std::fmt::Write as _;

use fastrand::Rng;
use hyper::body::Bytes;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, Response};
use url::{Position, Url};

use super::{Sending, Variation};
use crate::reference::behaviour::Behaviour;
use crate::reference::http::Call;
use crate::reference::world::World;

/// Spellings of the media type of JSON.
const MEDIA_TYPES: [&str; 4] = [
    "application/json",
    "application/json; charset=utf-8",
    "Application/JSON;Charset=\"UTF-8\"",
    "application/json ;charset=UTF-8",
];
/// Fractions that add nothing to a date.
const FRACTIONS: [&str; 5] = ["", ".0", ".000", ",000", ".000000000"];
/// Designations of UTC.
const ZONES: [&str; 3] = ["Z", "+00:00", "+00"];
/// Of so many characters one is escaped.
const ESCAPE_ONE_OF: u32 = 12;
/// Members that hold texts of users, which nobody may respell.
const TEXTS: [&str; 6] = ["name", "note", "title", "detail", "reason", "tags"];

/// The response in another spelling, where the server takes that variation.
pub(crate) fn respelled(world: &World, call: &Call, response: Response<Sending>) -> Response<Sending> {
    let behaviour = &world.behaviour;
    if behaviour.is_plain() {
        return response;
    }
    let mut rng = world.order();
    let (mut head, mut sending) = response.into_parts();
    set_media_type(behaviour, &mut rng, &mut head.headers);
    let is_text = [Variation::DatesVary, Variation::NumbersVary, Variation::EscapesVary, Variation::HrefsVary];
    if is_text.into_iter().any(|variation| behaviour.takes(variation))
        && let Ok(text) = String::from_utf8(sending.bytes())
    {
        let written = Speller { behaviour, rng: &mut rng }.text(&text);
        sending = sending.holding(Bytes::from(written));
    }
    if behaviour.takes(Variation::ChunkingVaries) && call.method != Method::HEAD && rng.bool() {
        sending = sending.in_chunks();
    }
    Response::from_parts(head, sending)
}

fn set_media_type(behaviour: &Behaviour, rng: &mut Rng, headers: &mut HeaderMap) {
    let is_plain = headers.get(header::CONTENT_TYPE).is_some_and(|media_type| media_type == "application/json");
    if is_plain && behaviour.takes(Variation::MediaTypeVaries) {
        let written = MEDIA_TYPES[rng.usize(..MEDIA_TYPES.len())];
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(written));
    }
}

/// Spells one JSON text.
struct Speller<'a> {
    behaviour: &'a Behaviour,
    rng: &'a mut Rng,
}

impl Speller<'_> {
    fn takes(&self, variation: Variation) -> bool {
        self.behaviour.takes(variation)
    }

    /// The same JSON in another spelling; what is not JSON stays as it is.
    fn text(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() * 2);
        // The member that each open object or array stands in, and the last one of the innermost.
        let (mut around, mut name) = (Vec::new(), String::new());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let length = match first {
                '"' => string_length(rest),
                '-' | '0'..='9' => number_length(rest),
                _ => first.len_utf8(),
            };
            let (token, after) = rest.split_at(length);
            rest = after;
            match first {
                '"' if rest.trim_start().starts_with(':') => {
                    inner(token).clone_into(&mut name);
                    self.push_string(inner(token), &mut out);
                }
                '"' => {
                    let value = self.value(&name, inner(token));
                    self.push_string(&value, &mut out);
                }
                '-' | '0'..='9' => out.push_str(&self.number(token)),
                _ => {
                    match first {
                        '{' | '[' => around.push(name.clone()),
                        '}' | ']' => name = around.pop().unwrap_or_default(),
                        _ => {}
                    }
                    out.push(first);
                }
            }
        }
        out
    }

    /// The text of a string, still escaped, in another spelling.
    fn value(&mut self, name: &str, text: &str) -> String {
        match text {
            _ if name == "href" && self.takes(Variation::HrefsVary) => self.href(text),
            _ if !TEXTS.contains(&name) && is_date(text) && self.takes(Variation::DatesVary) => self.date(name, text),
            _ => text.to_owned(),
        }
    }

    /// A date, which names whole seconds. That of a timestamp gets no fraction.
    fn date(&mut self, name: &str, text: &str) -> String {
        let fraction = if name == "date" { "" } else { FRACTIONS[self.rng.usize(..FRACTIONS.len())] };
        format!("{}{fraction}{}", text.trim_end_matches('Z'), ZONES[self.rng.usize(..ZONES.len())])
    }

    /// An absolute URL in another spelling of the same one (RFC 3986, sections 4.2 and 6.2.2).
    fn href(&mut self, text: &str) -> String {
        let url = Url::parse(text).ok().filter(|_| !text.contains('\\'));
        let Some(url) = url else { return text.to_owned() };
        let mut path = url.path().to_owned();
        let is_plain = |at: &usize| !path[at.saturating_sub(2)..*at].contains('%');
        let last = path.rfind(|character: char| character.is_ascii_alphanumeric()).filter(is_plain);
        if let Some(at) = last.filter(|_| self.rng.bool()) {
            let escaped = format!("%{:02x}", path.as_bytes()[at]);
            path.replace_range(at..=at, &escaped);
        }
        if self.rng.bool() {
            path = format!("/./x/..{path}");
        }
        let rest = format!("{path}{}", &url[Position::AfterPath..]);
        match self.rng.u8(..4) {
            0 => rest,
            1 => format!("//{}{rest}", &url[Position::BeforeHost..Position::BeforePath]),
            2 => format!("{}{rest}", url[..Position::BeforePath].to_ascii_uppercase()),
            _ => format!("{}{rest}", &url[..Position::BeforePath]),
        }
    }

    fn number(&mut self, text: &str) -> String {
        if !self.takes(Variation::NumbersVary) {
            return text.to_owned();
        }
        let is_whole = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        match (is_whole, self.rng.u8(..3)) {
            (true, 0) => format!("{text}.0"),
            (true, 1) => format!("{text}E+0"),
            (false, 0) if !text.contains(['e', 'E']) => format!("{text}0"),
            _ => text.to_owned(),
        }
    }

    /// Adds a string; what is escaped already stays so.
    fn push_string(&mut self, text: &str, out: &mut String) {
        out.push('"');
        // How many of the next characters are part of an escape.
        let mut escape = 0_usize;
        for character in text.chars() {
            let may = escape == 0 && character != '\\' && self.takes(Variation::EscapesVary);
            escape = match (escape, character) {
                (0, '\\') => 1,
                (1, 'u') => 4,
                (left, _) => left.saturating_sub(1),
            };
            if may && self.rng.u32(..ESCAPE_ONE_OF) == 0 {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing to a `String` cannot fail.
                    let _ = write!(out, "\\u{unit:04x}");
                }
            } else {
                out.push(character);
            }
        }
        out.push('"');
    }
}

/// A string without its quotes.
fn inner(token: &str) -> &str {
    token.strip_prefix('"').map_or(token, |token| token.strip_suffix('"').unwrap_or(token))
}

/// The length of a string, quotes included; the whole text if it does not end.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !is_escaped => return at + 1,
            b'\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    text.len()
}

fn number_length(text: &str) -> usize {
    text.find(|character: char| !matches!(character, '-' | '+' | '.' | 'e' | 'E' | '0'..='9')).unwrap_or(text.len())
}

/// Whether a text is a date in the server's own spelling: `2016-11-01T13:00:00Z`.
fn is_date(text: &str) -> bool {
    let pattern = b"0000-00-00T00:00:00Z";
    text.len() == pattern.len()
        && text
            .bytes()
            .zip(pattern)
            .all(|(byte, like)| if *like == b'0' { byte.is_ascii_digit() } else { byte == *like })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    const TEXT: &str = r#"{"created": "2016-11-01T13:00:00Z", "name": "2016-11-01T13:00:00Z", "size": [5, -2.5, 0],
        "stamp": {"date": "2016-11-01T13:00:00Z", "increment": 3},
        "links": [{"rel": "self", "href": "https://h:1/api/x%20y?b=1"}], "odd\"": "\\\u00e9\"/é🐘", "no": null}"#;

    fn spelt(variations: &[Variation], seed: u64) -> String {
        let behaviour = Behaviour::new([], variations.iter().copied());
        Speller { behaviour: &behaviour, rng: &mut Rng::with_seed(seed) }.text(TEXT)
    }

    fn read(text: &str) -> Value {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    #[test]
    fn a_spelling_is_of_the_same_value() {
        let plain = read(TEXT);
        for seed in 0..200 {
            assert_eq!(read(&spelt(&[Variation::EscapesVary], seed)), plain);
            let numbers = read(&spelt(&[Variation::NumbersVary], seed));
            let floats =
                |value: &Value| value["size"].as_array().unwrap().iter().map(Value::as_f64).collect::<Vec<_>>();
            assert_eq!(floats(&numbers), floats(&plain));
            let hrefs = read(&spelt(&[Variation::HrefsVary], seed));
            let href = hrefs["links"][0]["href"].as_str().unwrap().to_owned();
            let url = Url::parse("https://h:1/api/y").unwrap().join(&href).unwrap().to_string();
            assert_eq!(url.replace("%70", "p").replace("%78", "x").replace("%79", "y"), "https://h:1/api/x%20y?b=1");
            let dates = read(&spelt(&[Variation::DatesVary], seed));
            assert_eq!(dates["name"], plain["name"], "a name is what its user wrote");
            assert!(dates["created"].as_str().unwrap().starts_with("2016-11-01T13:00:00"));
            assert_eq!(dates["stamp"]["date"].as_str().unwrap().find(['.', ',']), None);
        }
    }

    #[test]
    fn spellings_differ_from_response_to_response_and_can_be_repeated() {
        for variation in [Variation::DatesVary, Variation::NumbersVary, Variation::EscapesVary, Variation::HrefsVary] {
            let all: std::collections::BTreeSet<String> = (0..20).map(|seed| spelt(&[variation], seed)).collect();
            assert!(all.len() > 3, "{variation:?}");
            assert_eq!(spelt(&[variation], 7), spelt(&[variation], 7));
        }
        assert_eq!(spelt(&[], 1), TEXT);
    }

    #[test]
    fn what_is_not_json_stays() {
        let behaviour = Behaviour::new([], [Variation::EscapesVary, Variation::NumbersVary]);
        let spelt = |text: &str| Speller { behaviour: &behaviour, rng: &mut Rng::with_seed(3) }.text(text);
        for text in ["", "OK", "}]", "[NaN, true]", "<p>"] {
            assert_eq!(spelt(text), text);
        }
        // A string without an end has none afterwards.
        assert!(spelt("{\"").starts_with("{\"") && spelt("\"\\").starts_with('"'));
    }
}
