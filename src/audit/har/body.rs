//! The body of a recorded answer: its bytes, or why they are not as they were sent.
//!
//! What a recording does to bodies differs: browsers store them decoded and as text, drop those that they have let go
//! of, and count sizes in their own ways; others store base64; somebody may have blacked out secrets before passing the
//! file on. A body that may not be what was sent is never judged.

use std::borrow::Cow;
use std::io::Read as _;

use data_encoding::{BASE64, BASE64_NOPAD};
use flate2::read::{MultiGzDecoder, ZlibDecoder};

use super::entry::{Answered, Content, Number};

/// The largest body after it was unpacked.
const LARGEST: u64 = 64 << 20;

/// A body, and why it is not as it was sent.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    pub(super) gap: Option<&'static str>,
}

impl Body {
    fn lost(gap: &'static str) -> Self {
        Self { bytes: Vec::new(), gap: Some(gap) }
    }
}

/// The body of an answer to a request of this method.
pub(super) fn body(method: &str, status: u16, answered: &mut Answered<'_>) -> Body {
    if method == "HEAD" || matches!(status, 100..200 | 204 | 205 | 304) {
        return Body::default();
    }
    let content_encoding = header(answered, "content-encoding").map(str::to_ascii_lowercase);
    let is_empty = answered.body_size == Number(Some(0)) || header(answered, "content-length") == Some("0");
    let body_size = answered.body_size;
    let Some(content) = &mut answered.content else { return missing(is_empty) };
    let Some(text) = content.text.0.take() else { return missing(is_empty && content.size.0.unwrap_or(0) == 0) };
    match content.encoding.as_str().to_ascii_lowercase().as_str() {
        "" => plain(text, content, body_size, content_encoding.as_deref()),
        "base64" => match decoded(&text) {
            Some(bytes) => unpacked(bytes, content_encoding.as_deref()),
            None => Body::lost("the recorded body is no base64"),
        },
        _ => Body::lost("the recorded body is encoded in a way that HAR does not know"),
    }
}

fn header<'a>(answered: &'a Answered<'_>, name: &str) -> Option<&'a str> {
    let all = answered.headers.0.iter().flatten();
    all.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

fn missing(is_empty: bool) -> Body {
    if is_empty { Body::default() } else { Body::lost("the body is not recorded") }
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let text: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    BASE64.decode(&text).or_else(|_| BASE64_NOPAD.decode(&text)).ok()
}

/// Bytes as they are; those that are still packed are unpacked.
fn unpacked(bytes: Vec<u8>, content_encoding: Option<&str>) -> Body {
    match (content_encoding, bytes.as_slice()) {
        (Some("gzip" | "x-gzip"), [0x1f, 0x8b, ..]) => inflated(&mut MultiGzDecoder::new(bytes.as_slice())),
        (Some("deflate"), [0x78, ..]) => inflated(&mut ZlibDecoder::new(bytes.as_slice())),
        // Other codings cannot be told from their first bytes; JSON can.
        (Some("br" | "zstd" | "compress" | "deflate"), [first, ..]) if !first.is_ascii() || *first < b' ' => {
            Body::lost("the body is recorded compressed")
        }
        _ => Body { bytes, gap: None },
    }
}

fn inflated(reader: &mut dyn std::io::Read) -> Body {
    let mut bytes = Vec::new();
    match reader.take(LARGEST + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 > LARGEST => Body::lost("the body is too large to be unpacked"),
        Ok(_) => Body { bytes, gap: None },
        Err(_) => Body::lost("the recorded body cannot be unpacked"),
    }
}

/// A body recorded as text, which is as long as it was, or was changed.
fn plain(text: Cow<'_, str>, content: &Content<'_>, body_size: Number, content_encoding: Option<&str>) -> Body {
    if text.contains('\u{fffd}') {
        return Body::lost("characters of the body were lost when it was recorded");
    }
    let length = text.len() as u64;
    let size = content.size.0.filter(|size| *size > 0);
    let unpacked = size.zip(content.compression.0).map(|(size, saved)| size + saved);
    let stated = [size, unpacked, body_size.0.filter(|size| *size > 0)];
    let is_whole = stated.contains(&Some(length)) || stated.iter().all(Option::is_none);
    // Of a body that was compressed on the way, some state one length and some the other.
    let is_packed = content_encoding.is_some_and(|coding| coding != "identity");
    let looks_whole = || matches!(text.trim_end().as_bytes(), [.., b'}' | b']']);
    if !(is_whole || is_packed && looks_whole()) {
        return Body::lost("the recorded body is not as long as the one that was sent");
    }
    Body { bytes: text.into_owned().into_bytes(), gap: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(json: &str) -> Body {
        let mut answered: Answered<'_> = serde_json::from_str(json).unwrap();
        body("GET", 200, &mut answered)
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
            r#"{"content":{"size":4,"compression":3,"text":"{\"a\":1}"}}"#,
            r#"{"content":{"size":27,"text":"{\"a\":1}"},"bodySize":7}"#,
            r#"{"content":{"size":27,"text":"{\"a\":1}"},"headers":[{"name":"Content-Encoding","value":"gzip"}]}"#,
        ] {
            assert_eq!(bytes(answered(fine)), "{\"a\":1}", "{fine}");
        }
        let changed = answered(r#"{"content":{"size":27,"text":"[redacted]"}}"#);
        assert_eq!(changed, Body::lost("the recorded body is not as long as the one that was sent"));
        let cut = answered(
            r#"{"content":{"size":9,"text":"{\"a\":1"},"headers":[{"name":"content-encoding","value":"br"}]}"#,
        );
        assert_eq!(cut, Body::lost("the recorded body is not as long as the one that was sent"));
        let lossy = answered("{\"content\":{\"text\":\"\u{fffd}\"}}");
        assert_eq!(lossy, Body::lost("characters of the body were lost when it was recorded"));
    }

    #[test]
    fn no_text_is_an_empty_body_only_where_that_is_stated() {
        for empty in [
            r#"{"content":{"size":0,"text":""}}"#,
            r#"{"content":{"size":0},"bodySize":0}"#,
            r#"{"content":{"size":0},"headers":[{"name":"content-length","value":"0"}]}"#,
            r#"{"bodySize":0}"#,
        ] {
            assert_eq!(answered(empty), Body::default(), "{empty}");
        }
        for unknown in [r#"{"content":{"size":0}}"#, r#"{"content":{"size":5},"bodySize":0}"#, r#"{"bodySize":-1}"#] {
            assert_eq!(answered(unknown), Body::lost("the body is not recorded"), "{unknown}");
        }
        let mut answer: Answered<'_> = serde_json::from_str(r#"{"content":{"size":9,"text":"ignored"}}"#).unwrap();
        assert_eq!(body("HEAD", 200, &mut answer), Body::default());
        assert_eq!(body("GET", 204, &mut answer), Body::default());
    }

    #[test]
    fn base64_and_gzip_are_unpacked() {
        let plain = answered(r#"{"content":{"size":99,"encoding":"base64","text":"eyJhIjox\nfQ=="}}"#);
        assert_eq!(bytes(plain), "{\"a\":1}");
        let packed = "H4sIAAAAAAAAA6tWSlSyMqwFAOhNdwcHAAAA";
        let gzip = |text: &str| {
            answered(&format!(
                r#"{{"headers":[{{"name":"content-encoding","value":"gzip"}}],"content":{{"encoding":"base64","text":"{text}"}}}}"#
            ))
        };
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, b"{\"a\":1}").unwrap();
        assert_eq!(bytes(gzip(&BASE64.encode(&encoder.finish().unwrap()))), "{\"a\":1}");
        assert_eq!(gzip(&packed[..20]), Body::lost("the recorded body cannot be unpacked"));
        let brotli =
            r#"{"headers":[{"name":"content-encoding","value":"br"}],"content":{"encoding":"base64","text":"iwOA"}}"#;
        assert_eq!(answered(brotli), Body::lost("the body is recorded compressed"));
        assert_eq!(
            answered(r#"{"content":{"encoding":"base64","text":"*"}}"#),
            Body::lost("the recorded body is no base64")
        );
        let other = answered(r#"{"content":{"encoding":"uu","text":"x"}}"#);
        assert_eq!(other, Body::lost("the recorded body is encoded in a way that HAR does not know"));
    }
}
