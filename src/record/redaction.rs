//! Keeps secrets out of what a run leaves behind: keys in any usual spelling, and the proofs made with them.

mod coding;
mod names;
mod search;

use secrecy::{ExposeSecret, SecretString};

use self::names::is_secret_header;
use self::search::Search;
use super::judged::Judged;
use super::run::CaseResult;
use crate::exchange::Obstacle;
use crate::reason::Reason;
use crate::verdict::Finding;

pub use self::names::is_secret;

/// What stands in place of a key.
pub const SECRET: &str = "[secret]";
/// What stands in place of a proof, a cookie or credentials of another kind.
pub const REDACTED: &str = "[redacted]";

/// Parameters of Digest headers that prove nothing; all others are taken out.
const PLAIN_PARAMETERS: [&str; 11] =
    ["username", "realm", "nonce", "uri", "algorithm", "qop", "nc", "opaque", "userhash", "charset", "nextnonce"];

/// Most bytes of a key: a longer one could not be kept out of texts that are cut.
pub const LONGEST_KEY: usize = 8 * 1024;
/// How much longer than the key its spelling may be: two nested escapes of every character.
const SPELLING: usize = 12;
/// Bytes that are looked at beyond a cut, whatever the keys are.
const LEAST_MARGIN: usize = 16 * 1024;

/// The secrets of a target, to be taken out of every text before it is stored.
#[derive(Clone)]
pub struct Redaction {
    search: Option<Search>,
    margin: usize,
}

/// The keys are too long to search for.
#[derive(Debug, thiserror::Error)]
#[error("a key has more than {LONGEST_KEY} bytes: it could not be kept out of the reports")]
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
        let longest = keys.iter().map(|key| key.len()).max().unwrap_or(0);
        if longest > LONGEST_KEY {
            return Err(KeysTooLong);
        }
        let margin = LEAST_MARGIN.max(longest * SPELLING);
        if keys.is_empty() {
            return Ok(Self { search: None, margin });
        }
        Ok(Self { search: Some(Search::new(&keys).ok_or(KeysTooLong)?), margin })
    }

    /// How many bytes beyond a cut must be looked at, so that no key across the cut stays in part.
    pub(super) fn margin(&self) -> usize {
        self.margin
    }

    /// The text with every key in it replaced.
    pub fn text(&self, text: &str) -> String {
        let places = self.search.as_ref().map(|search| search.places(text)).unwrap_or_default();
        let (mut out, mut at) = (String::with_capacity(text.len()), 0);
        for place in places {
            out.push_str(&text[at..place.start]);
            out.push_str(SECRET);
            at = place.end;
        }
        out.push_str(&text[at..]);
        out
    }

    /// The value of a header without keys, proofs and cookies.
    pub fn header(&self, name: &str, value: &str) -> String {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "authorization" => self.text(&authorization(value)),
            "authentication-info" | "proxy-authentication-info" => self.text(&parameters(value)),
            name if is_secret_header(name) => REDACTED.to_owned(),
            _ => self.text(value),
        }
    }

    /// The finding without keys.
    #[must_use]
    pub fn finding(&self, finding: Finding) -> Finding {
        let text = |text: &str| self.text(text);
        Finding {
            message: self.text(&finding.message),
            says: finding.says.map(|says| self.text(&says)),
            reason: finding.reason.map(|reason| Box::new(self.reason(*reason))),
            location: finding.location.map(|location| location.map_texts(&text)),
            also: finding.also.into_iter().map(|location| location.map_texts(&text)).collect(),
            cause: finding.cause.map(|cause| self.text(&cause)),
            seen_in: finding.seen_in.map(|id| self.text(&id)),
            expected: finding.expected.map(|datum| datum.map_texts(&text)),
            actual: finding.actual.map(|datum| datum.map_texts(&text)),
            ..finding
        }
    }

    /// The reason without keys.
    #[must_use]
    pub fn reason(&self, reason: Reason) -> Reason {
        let text = |text: String| self.text(&text);
        match reason {
            Reason::EmptyList { variable, list } => Reason::EmptyList { variable, list: list.map(text) },
            Reason::NoValue { name, after_failure } => Reason::NoValue { name: text(name), after_failure },
            Reason::ListRecounted { url, browsed, now } => Reason::ListRecounted { url: text(url), browsed, now },
            Reason::ForeignLink { rel, url } => Reason::ForeignLink { rel: text(rel), url: text(url) },
            Reason::UnreadablePage { cause } => Reason::UnreadablePage { cause: text(cause) },
            Reason::Recording { cause } => Reason::Recording { cause: text(cause) },
            Reason::CaseError { cause } => Reason::CaseError { cause: text(cause) },
            Reason::SuiteError { cause } => Reason::SuiteError { cause: text(cause) },
            Reason::Obstacle { obstacle } => Reason::Obstacle { obstacle: self.obstacle(obstacle) },
            Reason::FailFast { failed } => Reason::FailFast { failed: text(failed) },
            // Our own texts, and names of the target file.
            Reason::TargetLacks { .. }
            | Reason::SourcesBehindProxy
            | Reason::NotAList { .. }
            | Reason::TooManyCombinations { .. }
            | Reason::TooManyLogins { .. }
            | Reason::NoExchange { .. }
            | Reason::NothingToCompare { .. }
            | Reason::NoExchangeJudged
            | Reason::NoOccasion { .. }
            | Reason::Filter { .. }
            | Reason::ReadOnly
            | Reason::OtherShard { .. }
            | Reason::TooFast { .. }
            | Reason::Interrupted
            | Reason::RunEnded
            | Reason::Preparation { .. }
            | Reason::Unclear { .. }
            | Reason::ListChanged { .. }
            | Reason::NonceTooOld
            | Reason::WindowMissed
            | Reason::LimitShared
            | Reason::ClockUnknown { .. }
            | Reason::TooManyPages { .. } => reason,
        }
    }

    fn obstacle(&self, obstacle: Obstacle) -> Obstacle {
        let text = |text: String| self.text(&text);
        match obstacle {
            Obstacle::Unreachable { url, reason } => Obstacle::Unreachable { url: text(url), reason: text(reason) },
            Obstacle::Tls { url, fault, reason } => Obstacle::Tls { url: text(url), fault, reason: text(reason) },
            Obstacle::Broken { url, reason } => Obstacle::Broken { url: text(url), reason: text(reason) },
            Obstacle::Malformed { url, reason } => Obstacle::Malformed { url: text(url), reason: text(reason) },
            Obstacle::TimedOut { url, after } => Obstacle::TimedOut { url: text(url), after },
            Obstacle::Unsendable { reason } => Obstacle::Unsendable { reason: text(reason) },
            Obstacle::Interrupted => Obstacle::Interrupted,
            Obstacle::Unavailable { url } => Obstacle::Unavailable { url: text(url) },
            Obstacle::Throttled { url } => Obstacle::Throttled { url: text(url) },
            Obstacle::ForeignOrigin { url } => Obstacle::ForeignOrigin { url: text(url) },
            Obstacle::NoLogin { user, url, reason } => Obstacle::NoLogin { user, url: text(url), reason: text(reason) },
        }
    }

    fn judged(&self, judged: Judged) -> Judged {
        let unclear = judged.unclear.into_iter().map(|(cause, exchanges)| (self.text(&cause), exchanges)).collect();
        Judged { unclear, ..judged }
    }

    /// The result without keys in what its findings and its reason say; its exchanges are stored redacted.
    #[must_use]
    pub fn result(&self, result: CaseResult) -> CaseResult {
        CaseResult {
            id: self.text(&result.id),
            purpose: self.text(&result.purpose),
            judged: result.judged.map(|judged| self.judged(judged)),
            reason: result.reason.map(|reason| self.reason(reason)),
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

#[cfg(test)]
mod tests {
    use data_encoding::{BASE64, HEXUPPER};
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
    fn a_key_is_found_across_the_pieces_of_a_large_text() {
        let redaction = redaction(&[KEY]);
        let json = serde_json::to_string(KEY).expect("a string");
        for spelling in [KEY.to_owned(), json.trim_matches('"').to_owned(), HEXUPPER.encode(KEY.as_bytes())] {
            for before in [0, 261_000, 700_000].into_iter().chain((262_120..262_160).step_by(7)) {
                let (before, after) = (" ".repeat(before), " ".repeat(700_000 - before));
                let redacted = redaction.text(&format!("{before}{spelling}{after}"));
                assert_eq!(redacted.trim(), SECRET, "{} bytes before {spelling}", before.len());
            }
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
    fn a_key_is_found_in_hexadecimal_and_in_nested_spellings() {
        let json = |text: &str| serde_json::to_string(text).expect("a string").trim_matches('"').to_owned();
        let percent = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<Vec<_>>().concat();
        let hex = |text: &str| HEXUPPER.encode(text.as_bytes());
        let base64 = |text: &str| BASE64.encode(text.as_bytes());
        let html = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        for spelling in [
            hex(KEY),
            hex(KEY).to_lowercase(),
            json(&json(KEY)),
            json(&json(&json(KEY))),
            percent(&percent(KEY)),
            percent(&json(KEY)),
            json(&percent(KEY)),
            html(&json(KEY)),
            hex(&hex(KEY)),
            hex(&base64(KEY)),
            base64(&hex(KEY)),
            base64(&percent(KEY)),
            base64(&base64(KEY)),
            percent(&base64(&json(KEY))),
            json(&base64(KEY).replace('/', "\\/")),
        ] {
            let shown = redaction(&[KEY]).text(&format!("a {spelling} z"));
            assert!(shown.starts_with("a [secret]") && shown.ends_with(" z"), "{spelling} gave {shown}");
            assert!(shown.len() < 24, "{spelling} gave {shown}");
        }
        // Base64 that is broken into lines, with other text around the key.
        let lines = base64(&format!("user:{KEY}:more")).as_bytes().chunks(8).map(<[u8]>::to_vec).collect::<Vec<_>>();
        let shown = redaction(&[KEY]).text(&String::from_utf8(lines.join(&b"\r\n"[..])).expect("text"));
        assert!(shown.contains(SECRET) && shown.len() < 32, "{shown}");
    }

    #[test]
    fn what_looks_like_a_spelling_and_is_none_stays() {
        let text = "100 % of %zz, \\u12, \\ud800, &nothing; &#1114112; & deadbeef0 dGhlIHJlc3Qgb2YgaXQ= end\\";
        assert_eq!(redaction(&[KEY]).text(text), text);
    }

    #[test]
    fn keys_are_bounded_and_a_long_one_is_found() {
        let key = |length: usize| {
            (0..length).map(|at| char::from(b'!' + u8::try_from(at * 7 % 90).expect("small"))).collect::<String>()
        };
        let longest = key(LONGEST_KEY);
        let keys: Vec<&str> = std::iter::repeat_n(longest.as_str(), 20).collect();
        let escaped = serde_json::to_string(&longest).expect("a string");
        assert_eq!(redaction(&keys).text(&format!("{escaped} {longest}")), "\"[secret]\" [secret]");
        assert!(Redaction::new(&[SecretString::from(key(LONGEST_KEY + 1))]).is_err());
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
