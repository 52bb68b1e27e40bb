//! A response, written differently: status line, headers, codings, chunks.

use std::io::Write as _;

use fastrand::Rng;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use serde_json::Value;
use url::Url;

use super::json::Writer;
use super::reference;

/// Spellings of one media type.
const MEDIA_TYPES: [&str; 7] = [
    "application/json",
    "application/json;charset=utf-8",
    "application/json; charset=UTF-8",
    "APPLICATION/JSON",
    "Application/Json ; Charset=\"utf-8\"",
    "application/json;\tcharset=\"UTF-8\"",
    "application/json;charset=utf-8;",
];
/// The white space of a body that is to be read by people.
const LAYOUTS: [(&str, &str); 4] = [("  ", " "), ("\t", ""), ("    ", " "), (" ", "  ")];

/// The parts of a request that its response depends on.
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) codings: Option<String>,
}

/// A response.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// A response on the wire, and what becomes of the connection.
pub(crate) struct Written {
    pub(crate) bytes: Vec<u8>,
    pub(crate) closes: bool,
}

/// Writes responses of one server.
pub(crate) struct Speller<'a> {
    pub(crate) rng: Rng,
    /// The origin in the responses, and that which stands for it.
    pub(crate) origins: (&'a str, &'a str),
}

impl Speller<'_> {
    /// The same response in another spelling.
    pub(crate) fn written(mut self, response: &Response, asked: &Asked) -> Written {
        let has_body = asked.method != "HEAD" && !matches!(response.status, 204 | 304);
        let mut body = self.body(response, asked);
        let is_json = response.header("content-type") == Some("application/json");
        let mut headers = self.headers(&response.headers);
        if let Some(coding) = self.coding(asked, is_json) {
            body = coded(coding, &body);
            headers.push(("content-encoding".into(), coding.into()));
        }
        let closes = self.rng.u8(..30) == 0;
        if closes {
            headers.push(("connection".into(), "close".into()));
        }
        let in_chunks = has_body && self.rng.bool();
        match (has_body, in_chunks) {
            (true, true) => headers.push(("transfer-encoding".into(), self.either("chunked", "Chunked").into())),
            (true, false) => headers.push(("content-length".into(), body.len().to_string())),
            (false, _) if asked.method == "HEAD" && self.rng.u8(..4) == 0 => {
                headers.push(("transfer-encoding".into(), "chunked".into()));
            }
            (false, _) => {}
        }
        let mut bytes = self.head(response.status, headers);
        match (has_body, in_chunks) {
            (true, true) => self.chunks(&body, &mut bytes),
            (true, false) => bytes.extend(body),
            (false, _) => {}
        }
        Written { bytes, closes }
    }

    fn either<'t>(&mut self, one: &'t str, other: &'t str) -> &'t str {
        if self.rng.bool() { one } else { other }
    }

    fn body(&mut self, response: &Response, asked: &Asked) -> Vec<u8> {
        let Ok(value) = serde_json::from_slice::<Value>(&response.body) else { return response.body.clone() };
        let is_pretty = response.body.trim_ascii().contains(&b'\n');
        let layout = is_pretty.then(|| LAYOUTS[self.rng.usize(..LAYOUTS.len())]);
        let base = Url::parse(&format!("{}{}", self.origins.1, asked.target)).ok().filter(|_| asked.method == "GET");
        let mut writer = Writer { rng: &mut self.rng, origins: self.origins, base: base.as_ref(), layout };
        writer.text(&value).into_bytes()
    }

    fn coding(&mut self, asked: &Asked, is_json: bool) -> Option<&'static str> {
        let may = match asked.codings.as_deref() {
            // Whoever names none accepts any (RFC 9110, section 12.5.3).
            None => self.rng.u8(..10) == 0,
            Some(codings) => !codings.contains("q=0") && ["gzip", "deflate"].iter().any(|name| codings.contains(name)),
        };
        let coding = self.either("gzip", "deflate");
        let is_named = asked.codings.as_deref().is_none_or(|codings| codings.contains(coding));
        (may && is_named && is_json).then_some(if coding == "gzip" { "gzip" } else { "deflate" })
    }

    /// The headers without those that are about the message alone.
    fn headers(&mut self, headers: &[(String, String)]) -> Vec<(String, String)> {
        let of_message = ["content-length", "transfer-encoding", "connection"];
        let mut out = Vec::new();
        for (name, value) in headers {
            let name = name.to_ascii_lowercase();
            match name.as_str() {
                name if of_message.contains(&name) => {}
                "content-type" if value == "application/json" => {
                    out.push((name, MEDIA_TYPES[self.rng.usize(..MEDIA_TYPES.len())].to_owned()));
                }
                "location" => out.push((name, self.location(value))),
                "allow" => self.methods(value, &mut out),
                "www-authenticate" => out.push((name, self.challenge(value))),
                _ => out.push((name, value.clone())),
            }
        }
        out
    }

    fn location(&mut self, value: &str) -> String {
        let Some(rest) = value.strip_prefix(self.origins.0) else { return value.to_owned() };
        let url = Url::parse(&format!("{}{rest}", self.origins.1)).expect("a URL");
        reference::spelled(&mut self.rng, &url, None)
    }

    /// The same methods in another order, on one line or on two.
    fn methods(&mut self, value: &str, out: &mut Vec<(String, String)>) {
        let mut methods: Vec<&str> = value.split(',').map(str::trim).collect();
        self.rng.shuffle(&mut methods);
        let (first, rest) = methods.split_at(self.rng.usize(..=methods.len()));
        let between = self.either(",", " , ");
        for part in [first, rest].into_iter().filter(|part| !part.is_empty()) {
            out.push(("allow".into(), part.join(between)));
        }
    }

    /// The same challenge with its parameters in another order; scheme and names have no case.
    fn challenge(&mut self, value: &str) -> String {
        let Some(rest) = value.strip_prefix("Digest ") else { return value.to_owned() };
        let mut parameters = Vec::new();
        let (mut parameter, mut is_quoted) = (String::new(), false);
        for character in rest.chars() {
            is_quoted ^= character == '"';
            if character == ',' && !is_quoted {
                parameters.push(std::mem::take(&mut parameter));
            } else {
                parameter.push(character);
            }
        }
        parameters.push(parameter);
        self.rng.shuffle(&mut parameters);
        let parameters: Vec<String> = parameters.iter().map(|parameter| self.parameter(parameter.trim())).collect();
        let between = [",", ", ", " ,  "][self.rng.usize(..3)];
        format!("{} {}", ["Digest", "digest", "DIGEST"][self.rng.usize(..3)], parameters.join(between))
    }

    fn parameter(&mut self, parameter: &str) -> String {
        let Some((name, value)) = parameter.split_once('=') else { return parameter.to_owned() };
        let name = if self.rng.bool() { name.to_ascii_uppercase() } else { name.to_owned() };
        format!("{name}={value}")
    }

    fn head(&mut self, status: u16, headers: Vec<(String, String)>) -> Vec<u8> {
        let phrase = ["", "OK", "Whatever it is"][self.rng.usize(..3)];
        let mut head = format!("HTTP/1.1 {status} {phrase}\r\n");
        // Lines of one name keep their order.
        let seed = self.rng.u64(..);
        let order = |name: &str| {
            let sum = name.bytes().fold(seed, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
            Rng::with_seed(sum).u64(..)
        };
        let mut headers = headers;
        headers.sort_by_key(|(name, _)| order(name));
        for (name, value) in headers {
            let name = match self.rng.u8(..3) {
                0 => name.to_ascii_uppercase(),
                1 => title(&name),
                _ => name,
            };
            let (before, after) = (self.either(" ", ""), self.either("", " \t"));
            head.extend([&name, ":", before, &value, after, "\r\n"]);
        }
        head.push_str("\r\n");
        head.into_bytes()
    }

    fn chunks(&mut self, body: &[u8], bytes: &mut Vec<u8>) {
        let mut rest = body;
        while !rest.is_empty() {
            let (chunk, after) = rest.split_at(self.rng.usize(1..=rest.len().min(4_096)));
            let extension = self.either("", ";a=b");
            bytes.extend(format!("{:x}{extension}\r\n", chunk.len()).bytes());
            bytes.extend(chunk);
            bytes.extend(b"\r\n");
            rest = after;
        }
        bytes.extend(b"0\r\n\r\n");
    }
}

/// A header name with capitals.
fn title(name: &str) -> String {
    let capital = |part: &str| format!("{}{}", part[..1].to_ascii_uppercase(), &part[1..]);
    name.split('-').map(capital).collect::<Vec<_>>().join("-")
}

fn coded(coding: &str, body: &[u8]) -> Vec<u8> {
    if coding == "gzip" {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(body).and_then(|()| encoder.finish()).expect("memory takes everything")
    } else {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(body).and_then(|()| encoder.finish()).expect("memory takes everything")
    }
}
