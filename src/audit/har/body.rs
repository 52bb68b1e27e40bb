//! The body of a recorded response: its bytes, or why they are not as they were sent.
//!
//! What a recording does to bodies differs: browsers store them decoded and as text, drop those that they have let go
//! of, and count sizes in their own ways; others store base64; somebody may have blacked out secrets before passing the
//! file on. A body that may not be what was sent is never judged.

use std::borrow::Cow;
use std::io::Read as _;

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD};
use flate2::read::{MultiGzDecoder, ZlibDecoder};

use super::entry::{Content, Number, Received};
use super::marks::is_taken_out;

/// The largest body after it was unpacked.
const LARGEST: u64 = 64 << 20;

const NOT_RECORDED: &str = "the body is not recorded";
const COMPRESSED: &str = "the body is recorded compressed";
const OTHER_LENGTH: &str = "the recorded body is not as long as the one that was sent";

/// A body, and why it is not as it was sent.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    pub(super) gap: Option<&'static str>,
}

/// What the server said of a body.
struct Stated {
    /// How it was coded on its way.
    coding: Option<String>,
    /// Its length on its way.
    length: Option<u64>,
}

impl Body {
    fn whole(bytes: Vec<u8>) -> Self {
        Self { bytes, gap: None }
    }

    fn lost(gap: &'static str) -> Self {
        Self { bytes: Vec::new(), gap: Some(gap) }
    }
}

/// The body of a response to a request of this method.
pub(super) fn body(method: &str, status: u16, received: &mut Received<'_>) -> Body {
    if method == "HEAD" || matches!(status, 100..200 | 204 | 205 | 304) {
        return Body::default();
    }
    let stated = Stated::of(received);
    let body_size = received.body_size;
    let content = &mut received.content;
    let Some(text) = content.text.0.take().filter(|text| !text.is_empty()) else { return missing(content, &stated) };
    match content.encoding.as_str().trim().to_ascii_lowercase().as_str() {
        encoding if is_text(encoding) => plain(text, content, body_size, &stated),
        "base64" => match decoded(&text) {
            Some(bytes) => unpacked(bytes, &stated),
            None => Body::lost("the recorded body is not base64"),
        },
        _ => Body::lost("the recorded body is encoded in a way that HAR does not know"),
    }
}

/// Why the recorded body of a request is not the one that was sent.
pub(super) fn request_body_gap(content: &Content<'_>, body_size: Number) -> Option<&'static str> {
    let text = content.text.as_str();
    let is_letter = |letter: char| !letter.is_whitespace() && !"\"':,;&={}[]".contains(letter);
    let mut parts = text.split(|letter| !is_letter(letter));
    if text.is_empty() {
        return None;
    }
    if is_taken_out(text) || parts.any(is_taken_out) {
        return Some("parts of the body of the request were taken out");
    }
    if text.contains('\u{fffd}') {
        return Some("characters of the body of the request were lost when it was recorded");
    }
    if !is_text(&content.encoding.as_str().trim().to_ascii_lowercase()) {
        return Some("the body of the request is recorded encoded");
    }
    let is_other = body_size.count().is_some_and(|size| !is_long(text, size));
    is_other.then_some("the recorded body of the request is not as long as the one that was sent")
}

/// Whether an encoding, in small letters, is none.
fn is_text(encoding: &str) -> bool {
    matches!(encoding, "" | "utf-8" | "utf8" | "text" | "plain" | "identity" | "none")
}

impl Stated {
    fn of(received: &Received<'_>) -> Self {
        let header = |name: &str| {
            let mut all = received.headers.0.iter().flatten();
            all.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
        };
        let coding = header("content-encoding").map(str::to_ascii_lowercase);
        Self {
            coding: coding.filter(|coding| !coding.is_empty() && coding != "identity"),
            length: header("content-length").and_then(|length| length.parse().ok()),
        }
    }

    /// The length of the body as it is recorded, if the server said it.
    fn plain_length(&self) -> Option<u64> {
        self.length.filter(|_| self.coding.is_none())
    }
}

/// A body without text is empty only where the server said so: what recorders say they also say of what they dropped.
fn missing(content: &Content<'_>, stated: &Stated) -> Body {
    if !content.file.as_str().is_empty() {
        Body::lost("the body is kept in a file beside the recording, which is not read")
    } else if stated.length == Some(0) {
        Body::default()
    } else {
        Body::lost(NOT_RECORDED)
    }
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let text: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    [BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD].iter().find_map(|base| base.decode(&text).ok())
}

/// Base64 that is not marked as such: JSON in it, while the text itself cannot be JSON.
fn decoded_json(text: &str) -> Option<Vec<u8>> {
    if text.starts_with(['{', '[', '"', ' ', '\n', '\t', '\r']) || text.len() < 8 {
        return None;
    }
    decoded(text).filter(|bytes| matches!(bytes.trim_ascii_start(), [b'{' | b'[', ..]))
}

/// Bytes as they are; those that are still packed are unpacked.
fn unpacked(bytes: Vec<u8>, stated: &Stated) -> Body {
    match (stated.coding.as_deref(), bytes.as_slice()) {
        // JSON never begins so: the recorder left out the header.
        (Some("gzip" | "x-gzip") | None, [0x1f, 0x8b, ..]) => inflated(&mut MultiGzDecoder::new(bytes.as_slice())),
        (Some("deflate"), [0x78, ..]) => inflated(&mut ZlibDecoder::new(bytes.as_slice())),
        // Other codings cannot be told from their first bytes; JSON can.
        (Some(_), [first, ..]) if !first.is_ascii() || *first < b' ' => Body::lost(COMPRESSED),
        _ if stated.plain_length().is_some_and(|length| length != bytes.len() as u64) => Body::lost(OTHER_LENGTH),
        _ => Body::whole(bytes),
    }
}

fn inflated(reader: &mut dyn std::io::Read) -> Body {
    let mut bytes = Vec::new();
    match reader.take(LARGEST + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 > LARGEST => Body::lost("the body is too large to be unpacked"),
        Ok(_) => Body::whole(bytes),
        Err(_) => Body::lost("the recorded body cannot be unpacked"),
    }
}

/// A body recorded as text.
fn plain(text: Cow<'_, str>, content: &Content<'_>, body_size: Number, stated: &Stated) -> Body {
    if text.contains('\u{fffd}') {
        return Body::lost("characters of the body were lost when it was recorded");
    }
    if is_taken_out(&text) {
        return Body::lost("the body was taken out");
    }
    // Each byte of a packed body as a character.
    if text.starts_with("\u{1f}\u{8b}") {
        let bytes = text.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect::<Option<Vec<u8>>>();
        return bytes.map_or(Body::lost(COMPRESSED), |bytes| inflated(&mut MultiGzDecoder::new(bytes.as_slice())));
    }
    let is_control = |letter: char| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r');
    if stated.coding.is_some() && text.contains(is_control) {
        return Body::lost(COMPRESSED);
    }
    if let Some(bytes) = decoded_json(&text) {
        return unpacked(bytes, stated);
    }
    if is_whole(&text, content, body_size, stated) {
        Body::whole(text.into_owned().into_bytes())
    } else {
        Body::lost(OTHER_LENGTH)
    }
}

/// Whether a text is as long as it was sent. What the server said decides; else one of the lengths that the recorder
/// says, in bytes, characters or units of UTF-16.
fn is_whole(text: &str, content: &Content<'_>, body_size: Number, stated: &Stated) -> bool {
    if let Some(length) = stated.plain_length() {
        return length == text.len() as u64;
    }
    let size = content.size.count();
    let unpacked = content.size.0.zip(content.compression.0).map(|(size, saved)| size + saved);
    // A recorder that does not know a length writes 0.
    let recorded = [size, Number(unpacked).count(), body_size.count()].map(|size| size.filter(|size| *size > 0));
    if recorded.iter().all(Option::is_none) || recorded.iter().flatten().any(|length| is_long(text, *length)) {
        return true;
    }
    // Of a body that was compressed on the way, some state one length and some the other.
    stated.coding.is_some() && matches!(text.trim_end().as_bytes(), [.., b'}' | b']'])
}

/// Whether a text is so long, in bytes, characters or units of UTF-16.
fn is_long(text: &str, length: u64) -> bool {
    let others = || [text.chars().count() as u64, text.encode_utf16().count() as u64];
    length == text.len() as u64 || others().contains(&length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(json: &str) -> Body {
        let mut received: Received<'_> = serde_json::from_str(json).unwrap();
        body("GET", 200, &mut received)
    }

    fn bytes(body: Body) -> String {
        assert_eq!(body.gap, None);
        String::from_utf8(body.bytes).unwrap()
    }

    #[test]
    fn a_body_is_as_long_as_one_of_the_stated_lengths() {
        for fine in [
            r#"{"content":{"size":7,"text":"{\"a\":1}"}}"#,
            r#"{"content":{"size":-1,"text":"{\"a\":1}"},"bodySize":-1}"#,
            r#"{"content":{"text":"{\"a\":1}"}}"#,
            r#"{"content":{"size":0,"text":"{\"a\":1}"},"bodySize":0}"#,
            r#"{"content":{"size":4,"compression":3,"text":"{\"a\":1}"}}"#,
            r#"{"content":{"size":9,"compression":-2,"text":"{\"a\":1}"}}"#,
            r#"{"content":{"size":27,"text":"{\"a\":1}"},"bodySize":7}"#,
            r#"{"content":{"size":27,"text":"{\"a\":1}"},"headers":[{"name":"Content-Length","value":"7"}]}"#,
            r#"{"content":{"size":27,"text":"{\"a\":1}"},"headers":[{"name":"Content-Encoding","value":"gzip"},{"name":"Content-Length","value":"30"}]}"#,
        ] {
            assert_eq!(bytes(received(fine)), "{\"a\":1}", "{fine}");
        }
        for size in [10, 7, 6] {
            assert_eq!(
                bytes(received(&format!(r#"{{"content":{{"size":{size},"text":"{{\"é\":😀"}}}}"#))),
                "{\"é\":😀"
            );
        }
        for changed in [
            r#"{"content":{"size":27,"text":"{\"a\":2}"}}"#,
            r#"{"content":{"size":9,"text":"{\"a\":1"},"headers":[{"name":"content-encoding","value":"br"}]}"#,
            r#"{"content":{"size":7,"text":"{\"a\":1}"},"headers":[{"name":"content-length","value":"8"}]}"#,
            r#"{"content":{"size":7,"text":"{\"a\":1}"},"headers":[{"name":"content-length","value":"0"}]}"#,
            r#"{"content":{"encoding":"base64","text":"eyJhIjoxfQ=="},"headers":[{"name":"content-length","value":"8"}]}"#,
        ] {
            assert_eq!(received(changed), Body::lost(OTHER_LENGTH), "{changed}");
        }
        let lossy = received("{\"content\":{\"text\":\"\u{fffd}\"}}");
        assert_eq!(lossy, Body::lost("characters of the body were lost when it was recorded"));
        assert_eq!(received(r#"{"content":{"text":"[redacted]"}}"#), Body::lost("the body was taken out"));
    }

    #[test]
    fn a_body_without_text_is_empty_only_where_the_server_said_so() {
        for empty in [
            r#"{"content":{"size":0,"text":""},"headers":[{"name":"content-length","value":"0"}]}"#,
            r#"{"content":{"size":0},"headers":[{"name":"Content-Length","value":" 0 "}]}"#,
            r#"{"headers":[{"name":"content-length","value":"0"}]}"#,
        ] {
            assert_eq!(received(empty), Body::default(), "{empty}");
        }
        for unknown in [
            r#"{"content":{"size":0}}"#,
            r#"{"content":{"size":0,"text":""},"bodySize":0}"#,
            r#"{"content":{"size":5},"bodySize":0}"#,
            r#"{"bodySize":0}"#,
            r#"{"bodySize":-1,"headers":[{"name":"content-length","value":"7"}]}"#,
        ] {
            assert_eq!(received(unknown), Body::lost(NOT_RECORDED), "{unknown}");
        }
        let beside = received(r#"{"content":{"size":5,"_file":"a.json"}}"#);
        assert_eq!(beside, Body::lost("the body is kept in a file beside the recording, which is not read"));
        let mut answer: Received<'_> = serde_json::from_str(r#"{"content":{"size":9,"text":"ignored"}}"#).unwrap();
        assert_eq!(body("HEAD", 200, &mut answer), Body::default());
        assert_eq!(body("GET", 204, &mut answer), Body::default());
        assert_eq!(body("GET", 304, &mut answer), Body::default());
    }

    #[test]
    fn a_body_of_a_request_may_be_another_than_the_one_that_was_sent() {
        let gap = |text: &str, encoding: &str, size: f64| {
            let content = serde_json::json!({"text": text, "encoding": encoding}).to_string();
            let content: Content<'_> = serde_json::from_str(&content).unwrap();
            request_body_gap(&content, Number(Some(size))).is_some()
        };
        for (text, encoding, size) in [
            ("eyJhIjoxfQ==", "base64", 7.0),
            ("{\"a\"", "", 100.0),
            ("[redacted]", "", -1.0),
            ("{\"a\":***}", "", 9.0),
            ("{\"created\":\"[redacted]\"}", "", -1.0),
            ("{\"a\":\"\u{fffd}\"}", "", -1.0),
        ] {
            assert!(gap(text, encoding, size), "{text}");
        }
        for (text, size) in
            [("{\"a\":1", 6.0), ("{\"a\":\"é\"", 8.0), ("{\"a\":\"é\"", 9.0), ("{", -1.0), ("{", 0.0), ("", 9.0)]
        {
            assert!(!gap(text, "", size), "{text}");
        }
    }

    #[test]
    fn base64_and_gzip_are_unpacked() {
        let plain = received(r#"{"content":{"size":99,"encoding":"base64","text":"eyJhIjox\nfQ=="}}"#);
        assert_eq!(bytes(plain), "{\"a\":1}");
        assert_eq!(bytes(received(r#"{"content":{"size":7,"text":"eyJhIjoxfQ=="}}"#)), "{\"a\":1}");
        let gzip = |text: &str| {
            received(&format!(
                r#"{{"headers":[{{"name":"content-encoding","value":"gzip"}}],"content":{{"encoding":"base64","text":"{text}"}}}}"#
            ))
        };
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, b"{\"a\":1}").unwrap();
        let packed = encoder.finish().unwrap();
        assert_eq!(bytes(gzip(&BASE64.encode(&packed))), "{\"a\":1}");
        let unsaid = format!(r#"{{"content":{{"encoding":"base64","text":"{}"}}}}"#, BASE64.encode(&packed));
        assert_eq!(bytes(received(&unsaid)), "{\"a\":1}");
        assert_eq!(gzip(&BASE64.encode(&packed[..15])), Body::lost("the recorded body cannot be unpacked"));
        let letters: String = packed.iter().copied().map(char::from).collect();
        let text = serde_json::Value::from(letters);
        assert_eq!(bytes(received(&format!(r#"{{"content":{{"text":{text}}}}}"#))), "{\"a\":1}");
        let brotli =
            r#"{"headers":[{"name":"content-encoding","value":"br"}],"content":{"encoding":"base64","text":"iwOA"}}"#;
        assert_eq!(received(brotli), Body::lost(COMPRESSED));
        let brotli = r#"{"headers":[{"name":"content-encoding","value":"br"}],"content":{"text":"\u008b\u0003x"}}"#;
        assert_eq!(received(brotli), Body::lost(COMPRESSED));
        assert_eq!(
            received(r#"{"content":{"encoding":"base64","text":"*"}}"#),
            Body::lost("the recorded body is not base64")
        );
        let other = received(r#"{"content":{"encoding":"uu","text":"x"}}"#);
        assert_eq!(other, Body::lost("the recorded body is encoded in a way that HAR does not know"));
    }
}
