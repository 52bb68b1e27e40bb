//! The secrets of a recorded exchange, of which nobody told us: the values of parameters whose names say so, in its URL and
//! in those that stand in its headers.

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD};
use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use super::Place;
use crate::exchange::Exchange;
use crate::record::{REDACTED, Redaction, is_secret};
use crate::verdict::Finding;

/// Values so short may stand anywhere by chance: they are taken out together with the name of their parameter alone.
const SHORT: usize = 8;
/// How often a parameter may be encoded: a URL in the JSON in the Base64 of a parameter.
const DEEPEST: usize = 4;

/// What is taken out of all that is told about an exchange.
pub(super) enum Secrets {
    /// There are none.
    None,
    /// These.
    Known(Redaction),
    /// More than can be searched for: no text is told.
    TooLong,
}

impl Secrets {
    /// Those in the query and in the fragment of a URL.
    pub(super) fn of(url: &Url) -> Self {
        Self::known(of_url(url))
    }

    /// Those in the URL and in the headers of an exchange.
    pub(super) fn of_exchange(exchange: &Exchange) -> Self {
        let (request, response) = (&exchange.request, &exchange.response);
        let mut found = of_url(&request.url);
        for (_, value) in request.headers.iter().chain(&response.headers) {
            in_header(value, &mut found);
        }
        Self::known(found)
    }

    fn known(mut found: Vec<String>) -> Self {
        found.sort_unstable();
        found.dedup();
        if found.is_empty() {
            return Self::None;
        }
        let keys: Vec<SecretString> = found.into_iter().map(SecretString::from).collect();
        Redaction::new(&keys).map_or(Self::TooLong, Self::Known)
    }

    /// What takes them out of an exchange, or `plain` where there are none; `None` if nothing may be shown of it.
    pub(super) fn redaction<'r>(&'r self, plain: &'r Redaction) -> Option<&'r Redaction> {
        match self {
            Self::None => Some(plain),
            Self::Known(redaction) => Some(redaction),
            Self::TooLong => None,
        }
    }

    /// The text without them.
    pub(super) fn text(&self, text: &str) -> String {
        match self {
            Self::None => text.to_owned(),
            Self::Known(redaction) => redaction.text(text),
            Self::TooLong => REDACTED.to_owned(),
        }
    }

    /// The finding without them.
    pub(super) fn finding(&self, finding: &Finding) -> Finding {
        let text = |text: &str| self.text(text);
        Finding {
            message: self.text(&finding.message),
            location: finding.location.clone().map(|location| location.map_texts(&text)),
            expected: finding.expected.clone().map(|datum| datum.map_texts(&text)),
            actual: finding.actual.clone().map(|datum| datum.map_texts(&text)),
            ..finding.clone()
        }
    }

    /// The place without them.
    pub(super) fn place(&self, place: &Place) -> Place {
        let location = place.location.clone().map_texts(&|text: &str| self.text(text));
        Place { location, path: self.text(&place.path), why: self.text(&place.why) }
    }
}

/// The URL without secrets in its parameters and in its fragment.
pub(super) fn shown_url(url: &Url) -> String {
    let mut shown = url.clone();
    if url.path().contains(';') {
        let path: Vec<String> = url.path().split('/').map(|segment| shown_parts(segment, ';')).collect();
        shown.set_path(&path.join("/"));
    }
    shown.set_query(url.query().map(shown_pairs).as_deref());
    shown.set_fragment(url.fragment().map(shown_pairs).as_deref());
    shown.to_string()
}

fn shown_pairs(pairs: &str) -> String {
    shown_parts(pairs, '&')
}

/// Pairs as they stand in a URL, with `redacted` in place of every value that is a secret or holds one.
fn shown_parts(pairs: &str, between: char) -> String {
    let shown = pairs.split(between).map(|pair| {
        let mut found = Vec::new();
        collect(pair, &mut found);
        match pair.split_once('=') {
            Some((name, _)) if !found.is_empty() => format!("{name}=redacted"),
            _ => pair.to_owned(),
        }
    });
    shown.collect::<Vec<_>>().join(&between.to_string())
}

fn of_url(url: &Url) -> Vec<String> {
    let mut found = Vec::new();
    for pairs in [url.query(), url.fragment()].into_iter().flatten() {
        collect(pairs, &mut found);
    }
    // Parameters of a segment: `/groups;jsessionid=…`.
    for pair in url.path().split([';', '/']).filter(|pair| pair.contains('=')) {
        collect(pair, &mut found);
    }
    found
}

/// The secrets in the URLs and pairs that the value of a header holds.
fn in_header(value: &str, found: &mut Vec<String>) {
    let is_end = |letter: char| letter.is_whitespace() || "<>\"".contains(letter);
    for piece in value.split(is_end).filter(|piece| piece.contains('=') || piece.contains('@')) {
        let piece = piece.trim_end_matches([';', ',', '\'', ')']);
        within(piece, DEEPEST, found);
        let authority = piece.split_once("://").and_then(|(_, rest)| rest.split(['/', '?', '#']).next());
        let user = authority.and_then(|authority| authority.rsplit_once('@')).map(|(user, _)| user);
        found.extend(user.filter(|user| user.contains(':')).map(|user| format!("{user}@")));
    }
}

/// The secrets in the pairs of a query: each as it stands there, and its value where that is no common text.
fn collect(pairs: &str, found: &mut Vec<String>) {
    for pair in pairs.split('&') {
        let (raw_name, raw_value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(raw_name), decoded(raw_value));
        if is_secret(&name) && !raw_value.is_empty() {
            found.push(pair.to_owned());
            found.extend((value.len() >= SHORT).then_some(value));
        } else {
            within(&value, DEEPEST, found);
        }
    }
}

/// The secrets in the value of a parameter that is itself a URL, the pairs of a query or JSON, however often encoded.
fn within(value: &str, depth: usize, found: &mut Vec<String>) {
    if depth == 0 || value.is_empty() {
        return;
    }
    if let Ok(json) = serde_json::from_str::<Value>(value) {
        members(&json, depth, found);
        return;
    }
    let queries = value.split(['?', '#']).filter(|part| part.contains('='));
    for (raw_name, raw_value) in queries.flat_map(|query| query.split('&')).filter_map(|pair| pair.split_once('=')) {
        let (name, value) = (decoded(raw_name), decoded(raw_value));
        if is_secret(&name) && !raw_value.is_empty() {
            found.push(format!("{raw_name}={raw_value}"));
            found.extend((value.len() >= SHORT).then_some(value));
        } else {
            within(&value, depth - 1, found);
        }
    }
    for other in [Some(decoded(value)), from_base64(value)].into_iter().flatten().filter(|other| other != value) {
        within(&other, depth - 1, found);
    }
}

/// The secrets among the members of a document.
fn members(value: &Value, depth: usize, found: &mut Vec<String>) {
    match value {
        Value::Object(all) => {
            for (name, value) in all {
                match value {
                    Value::String(_) | Value::Number(_) if is_secret(name) => {
                        found.push(format!("{}:{value}", Value::from(name.as_str())));
                        found.extend(value.as_str().filter(|text| text.len() >= SHORT).map(str::to_owned));
                    }
                    other => members(other, depth, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| members(item, depth, found)),
        Value::String(text) => within(text, depth - 1, found),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A text of a form, decoded once.
fn decoded(text: &str) -> String {
    url::form_urlencoded::parse(text.replace('=', "%3D").replace('&', "%26").as_bytes())
        .map(|(name, _)| name.into_owned())
        .collect()
}

/// The text that Base64 of either alphabet stands for, with or without its end.
fn from_base64(text: &str) -> Option<String> {
    let bare = text.trim_end_matches('=').as_bytes();
    let bytes = BASE64_NOPAD.decode(bare).or_else(|_| BASE64URL_NOPAD.decode(bare)).ok()?;
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn secrets_in_queries_are_not_shown() {
        assert_eq!(shown_url(&url("https://h/a?x=%41&y")), "https://h/a?x=%41&y");
        assert_eq!(shown_url(&url("https://h/a?apiKey=c0ffee&x=1")), "https://h/a?apiKey=redacted&x=1");
        assert_eq!(
            shown_url(&url("https://h/a?api%4Bey=c0ffee#token=c0ffee&y")),
            "https://h/a?api%4Bey=redacted#token=redacted&y"
        );
    }

    #[test]
    fn secrets_inside_of_encoded_parameters_are_found() {
        const SECRET_VALUE: &str = "c0ffee-canary-11";
        let percent = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let inner = format!("https://i/?apiKey={SECRET_VALUE}&y=1");
        let json = format!("{{\"a\":[{{\"token\":\"{SECRET_VALUE}\"}}]}}");
        let base64 = data_encoding::BASE64URL.encode(json.as_bytes());
        for value in [
            percent(&inner),
            percent(&percent(&inner)),
            percent(&format!("https://i/#apiKey={SECRET_VALUE}")),
            percent(&json),
            percent(&base64),
            percent(&format!("{{\"next\":\"{inner}\"}}")),
            percent(&format!("next={}", percent(&inner))),
        ] {
            let url = url(&format!("https://h/a?x=1&state={value}&y=2"));
            assert_eq!(shown_url(&url), "https://h/a?x=1&state=redacted&y=2");
            let told = Secrets::of(&url).text(&format!("{url}; {SECRET_VALUE}"));
            assert!(!told.contains("canary"), "{told}");
            assert!(!told.contains(&base64), "{told}");
        }
    }

    #[test]
    fn numbers_and_texts_of_other_parameters_stay() {
        for text in
            ["https://h/a?filter=name%3Dx%26size%3D2", "https://h/a?at=%7B%22a%22%3A1%7D", "https://h/a?q=Zm9v&n=7"]
        {
            assert_eq!(shown_url(&url(text)), text);
            assert!(matches!(Secrets::of(&url(text)), Secrets::None), "{text}");
        }
    }

    #[test]
    fn secrets_in_the_path_are_not_shown() {
        let with = url("https://h/a;jsessionid=c0ffee1122;v=1/b;x");
        assert_eq!(shown_url(&with), "https://h/a;jsessionid=redacted;v=1/b;x");
        assert_eq!(Secrets::of(&with).text("c0ffee1122"), "[secret]");
    }

    #[test]
    fn secrets_in_headers_are_found() {
        const SECRET_VALUE: &str = "c0ffee-canary-11";
        for value in [
            "https://i/?token=CANARY",
            "https://i/?x=1&access_token=CANARY#y",
            "<https://i/?apiKey=CANARY>; rel=\"next\", <https://i/?x=1>; rel=\"self\"",
            "5; url=https://i/?pwd=CANARY",
            "0;url='https://i/a?sid=CANARY'",
            "/a?next=https%3A%2F%2Fi%2F%3Fsession_id%3DCANARY",
            "/a?code=CANARY, b",
            "https://me:CANARY@i/a",
            "Digest uri=\"/a?token=CANARY\", nc=1",
        ] {
            let value = value.replace("CANARY", SECRET_VALUE);
            let mut found = Vec::new();
            in_header(&value, &mut found);
            let told = Secrets::known(found).text(&value);
            assert!(!told.contains("canary"), "{told}");
        }
        let mut found = Vec::new();
        for value in ["text/html; charset=utf-8", "max-age=3600, public", "a@b.example", "https://i/?pageNum=2"] {
            in_header(value, &mut found);
        }
        assert_eq!(found, [""; 0]);
    }

    #[test]
    fn secrets_are_taken_out_of_what_is_told() {
        let secrets = Secrets::of(&url("https://h/a?apiKey=c0ffee11&pageToken=2&x=1"));
        let told = secrets.text("self is https://h/a?apiKey=c0ffee11&pageToken=2&x=1, 2 of 12; c0ffee11");
        assert_eq!(told, "self is https://h/a?[secret]&[secret]&x=1, 2 of 12; [secret]");
        assert_eq!(Secrets::of(&url("https://h/a?x=1")).text("x=1"), "x=1");
    }
}
