//! Keeps secrets out of what a run leaves behind: keys in any usual spelling, and the proofs made with them.

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD};
use regex::{Regex, RegexBuilder};
use secrecy::{ExposeSecret, SecretString};

use super::run::CaseResult;
use crate::verdict::Finding;

/// What stands in place of a key.
pub const SECRET: &str = "[secret]";
/// What stands in place of a proof, a cookie or credentials of another kind.
pub const REDACTED: &str = "[redacted]";

/// Parameters of Digest headers that prove nothing; all others are taken out.
const PLAIN_PARAMETERS: [&str; 11] =
    ["username", "realm", "nonce", "uri", "algorithm", "qop", "nc", "opaque", "userhash", "charset", "nextnonce"];
/// Headers that carry a session or another login.
const WITHHELD_HEADERS: [&str; 4] = ["cookie", "set-cookie", "set-cookie2", "proxy-authorization"];

/// Words in the names of parameters and headers that carry secrets.
const SECRET_WORDS: [&str; 6] = ["key", "token", "secret", "password", "signature", "credential"];

/// Whether the name of a parameter or header says that its value is a secret.
pub fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_WORDS.iter().any(|word| name.contains(word))
}

/// The secrets of a target, to be taken out of every text before it is stored.
#[derive(Clone)]
pub struct Redaction {
    pattern: Option<Regex>,
}

/// The keys are too long to search for.
#[derive(Debug, thiserror::Error)]
#[error("the keys of the target's users are too long to be kept out of the reports")]
pub struct KeysTooLong;

impl std::fmt::Debug for Redaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redaction")
    }
}

impl Redaction {
    /// A redaction of these keys; empty ones are no secret.
    pub fn new<'a>(keys: impl IntoIterator<Item = &'a SecretString>) -> Result<Self, KeysTooLong> {
        let mut keys: Vec<&str> = keys.into_iter().map(ExposeSecret::expose_secret).collect();
        keys.retain(|key| !key.is_empty());
        // A key that holds another one goes first, or its rest would stay.
        keys.sort_by_key(|key| std::cmp::Reverse(key.len()));
        let spellings: Vec<String> = keys.iter().flat_map(|key| spellings(key)).collect();
        if spellings.is_empty() {
            return Ok(Self { pattern: None });
        }
        let limit = 256 << 20;
        let built = RegexBuilder::new(&spellings.join("|")).size_limit(limit).build();
        built.map(|pattern| Self { pattern: Some(pattern) }).map_err(|_| KeysTooLong)
    }

    /// The text with every key in it replaced.
    pub fn text(&self, text: &str) -> String {
        match &self.pattern {
            None => text.to_owned(),
            Some(pattern) => pattern.replace_all(text, SECRET).into_owned(),
        }
    }

    /// The value of a header without keys, proofs and cookies.
    pub fn header(&self, name: &str, value: &str) -> String {
        let name = name.to_ascii_lowercase();
        if WITHHELD_HEADERS.contains(&name.as_str()) || is_secret(&name) {
            return REDACTED.to_owned();
        }
        match name.as_str() {
            "authorization" => self.text(&authorization(value)),
            "authentication-info" => self.text(&parameters(value)),
            _ => self.text(value),
        }
    }

    /// The finding without keys.
    #[must_use]
    pub fn finding(&self, finding: Finding) -> Finding {
        Finding {
            message: self.text(&finding.message),
            expected: finding.expected.map(|text| self.text(&text)),
            actual: finding.actual.map(|text| self.text(&text)),
            ..finding
        }
    }

    /// The result without keys in what its findings and its reason say; its exchanges are stored redacted.
    #[must_use]
    pub fn result(&self, result: CaseResult) -> CaseResult {
        CaseResult {
            id: self.text(&result.id),
            purpose: self.text(&result.purpose),
            reason: result.reason.map(|text| self.text(&text)),
            findings: result.findings.into_iter().map(|finding| self.finding(finding)).collect(),
            ..result
        }
    }
}

/// The proofs in the values of `Authorization`, which an answer may repeat.
pub(super) fn proofs(value: &str) -> Vec<String> {
    let Some(("digest", rest)) = scheme(value).as_ref().map(|(scheme, rest)| (scheme.as_str(), *rest)) else {
        return Vec::new();
    };
    split(rest)
        .into_iter()
        .filter_map(|part| part.split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("response"))
        .map(|(_, value)| value.trim().trim_matches('"').to_owned())
        .filter(|value| !value.is_empty())
        .collect()
}

fn scheme(value: &str) -> Option<(String, &str)> {
    let (scheme, rest) = value.trim_start().split_once(' ')?;
    Some((scheme.to_ascii_lowercase(), rest))
}

fn authorization(value: &str) -> String {
    match scheme(value) {
        Some((scheme, rest)) if scheme == "digest" => format!("Digest {}", parameters(rest)),
        Some((scheme, _)) if scheme == "basic" => format!("Basic {REDACTED}"),
        _ => REDACTED.to_owned(),
    }
}

fn parameters(text: &str) -> String {
    let shown: Vec<String> = split(text).into_iter().map(parameter).collect();
    shown.join(", ")
}

fn parameter(part: &str) -> String {
    match part.split_once('=') {
        Some((name, _)) if PLAIN_PARAMETERS.contains(&name.trim().to_ascii_lowercase().as_str()) => part.to_owned(),
        Some((name, _)) => format!("{}=\"{REDACTED}\"", name.trim()),
        None => REDACTED.to_owned(),
    }
}

/// The parts between commas that stand outside quotes.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

fn spellings(key: &str) -> Vec<String> {
    let escaped: String = key.chars().map(spellings_of_char).collect();
    let mut all = vec![escaped];
    all.extend(base64(key.as_bytes()).into_iter().map(|text| regex::escape(&text)));
    all
}

/// One character as itself, percent-encoded, and escaped as JSON and HTML do.
fn spellings_of_char(c: char) -> String {
    let literal = regex::escape(c.encode_utf8(&mut [0; 4]));
    let percent: Vec<String> = c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("%{byte:02x}")).collect();
    let json: Vec<String> = c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!(r"\\u{unit:04x}")).collect();
    let (percent, json, code) = (percent.concat(), json.concat(), u32::from(c));
    let mut any = format!(r"(?i:{percent})|(?i:{json})|&#0*{code};|(?i:&#x0*{code:x};)");
    for (special, spelling) in [
        ('"', r#"\\"|&quot;"#),
        ('\\', r"\\\\"),
        ('/', r"\\/"),
        ('&', "&amp;"),
        ('<', "&lt;"),
        ('>', "&gt;"),
        (' ', r"\+"),
        ('\n', r"\\n"),
        ('\t', r"\\t"),
    ] {
        if c == special {
            any = format!("{any}|{spelling}");
        }
    }
    // Longer spellings first: a backslash is also the start of its own escape.
    format!("(?:{any}|{literal})")
}

/// The characters that Base64 gives the key wherever it begins in a text, without those that its neighbours share.
fn base64(key: &[u8]) -> Vec<String> {
    // Shorter ones are too common to be told from other text; the key itself is still found.
    if key.len() < 6 {
        return Vec::new();
    }
    let mut all = Vec::new();
    for (before, shared) in [(0, 0), (1, 2), (2, 3)] {
        let mut bytes = vec![0; before];
        bytes.extend_from_slice(key);
        let whole = bytes.len() * 8 / 6;
        all.push(BASE64_NOPAD.encode(&bytes)[shared..whole].to_owned());
        all.push(BASE64URL_NOPAD.encode(&bytes)[shared..whole].to_owned());
    }
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64;
    use proptest::prelude::*;

    use super::*;

    const KEY: &str = "k\"9/\\ä&<canary>-0123";

    fn redaction(keys: &[&str]) -> Redaction {
        let keys: Vec<SecretString> = keys.iter().map(|key| SecretString::from(*key)).collect();
        Redaction::new(&keys).expect("short keys")
    }

    #[test]
    fn a_key_is_found_in_every_spelling() {
        let json = serde_json::to_string(KEY).expect("a string");
        let percent: Vec<String> = KEY.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let escaped: Vec<String> = KEY.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
        let html = KEY.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&#x3E;").replace('"', "&quot;");
        let mixed = KEY.replace('/', "%2f").replace('"', "%22");
        for spelling in
            [KEY.to_owned(), json.trim_matches('"').to_owned(), percent.concat(), escaped.concat(), html, mixed]
        {
            assert_eq!(redaction(&[KEY]).text(&format!("a {spelling} z")), "a [secret] z", "{spelling}");
        }
    }

    #[test]
    fn a_key_is_found_inside_base64() {
        for user in ["", "u:", "ab:", "abc:"] {
            let text = BASE64.encode(format!("{user}{KEY}").as_bytes());
            let shown = redaction(&[KEY]).text(&text);
            assert!(shown.contains(SECRET), "{text} gave {shown}");
            assert!(shown.len() < text.len() - KEY.len() / 2, "{text} gave {shown}");
        }
    }

    #[test]
    fn a_key_that_holds_another_is_taken_out_whole() {
        assert_eq!(redaction(&["abcdef", "abcdef-more"]).text("abcdef-more abcdef"), "[secret] [secret]");
    }

    #[test]
    fn without_keys_texts_stay() {
        assert_eq!(redaction(&[""]).text("text"), "text");
    }

    #[test]
    fn digest_keeps_what_proves_nothing() {
        let sent = r#"Digest username="a, b", realm="r", nonce="n", uri="/x?a=1,2", qop=auth, nc=00000001, cnonce="c", response="0123", x="y""#;
        let kept = r#"Digest username="a, b", realm="r", nonce="n", uri="/x?a=1,2", qop=auth, nc=00000001, cnonce="[redacted]", response="[redacted]", x="[redacted]""#;
        assert_eq!(redaction(&[]).header("Authorization", sent), kept);
        assert_eq!(proofs(sent), ["0123"]);
    }

    #[test]
    fn other_credentials_are_withheld_whole() {
        let none = redaction(&[]);
        assert_eq!(none.header("authorization", "Basic dTpr"), "Basic [redacted]");
        assert_eq!(none.header("authorization", "Bearer abc"), "[redacted]");
        assert_eq!(none.header("authorization", "abc"), "[redacted]");
        assert_eq!(none.header("Set-Cookie", "session=1"), "[redacted]");
        assert_eq!(none.header("Proxy-Authorization", "Digest x=1"), "[redacted]");
        assert_eq!(none.header("X-Api-Key", "c0ffee"), "[redacted]");
        let info = r#"rspauth="01", nextnonce="n""#;
        assert_eq!(none.header("Authentication-Info", info), r#"rspauth="[redacted]", nextnonce="n""#);
    }

    proptest! {
        #[test]
        fn no_key_of_any_shape_stays(key in "\\PC{4,20}", before in "[a-z ]{0,9}", after in "[a-z ]{0,9}") {
            let shown = redaction(&[&key]).text(&format!("{before}{key}{after}"));
            prop_assume!(!SECRET.contains(&key) && !before.contains(&key) && !after.contains(&key));
            prop_assert!(!shown.replace(SECRET, "\0").contains(&key), "{shown}");
        }
    }
}
