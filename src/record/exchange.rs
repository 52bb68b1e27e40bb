//! An exchange as it is stored: secrets taken out, bodies cut.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::redaction::{REDACTED, Redaction, proofs};
use super::zero::is_zero;
use crate::exchange::{Credentials, Exchange, Role};

/// Most bytes of a body that are stored of an exchange outside of a run: in a log, or as an example of an audit.
pub const BODY_LIMIT: usize = 8 * 1024;
/// Most bytes of a body that are stored where something was not as expected.
pub const BODY_LIMIT_FAILING: usize = 64 * 1024;

/// Most bytes of one header's value that are stored.
const VALUE_LIMIT: usize = 4 * 1024;
/// Most bytes of all values of a header that are stored; of what is beyond, the names.
const HEADER_LIMIT: usize = 32 * 1024;

/// An exchange with its secrets taken out and its bodies cut.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredExchange {
    /// The method.
    pub method: String,
    /// Absolute URL.
    pub url: String,
    /// Name of the user in the target file, or none.
    pub user: Option<String>,
    /// How the credentials were wrong on purpose, in the words of case files; none where they were right.
    #[serde(default)]
    pub credentials: Option<String>,
    /// The source address of the target file that it was sent from, by its name; none if from any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Why it was made.
    pub role: Role,
    /// Headers sent; `Authorization` without its proof.
    pub request_headers: Vec<(String, String)>,
    /// Body sent.
    pub request_body: Option<StoredBody>,
    /// The status code.
    pub status: u16,
    /// Headers received.
    pub response_headers: Vec<(String, String)>,
    /// Body received.
    pub response_body: Option<StoredBody>,
    /// Bytes that came after the end of the answer, on a raw connection.
    #[serde(default)]
    pub response_trailing: Option<StoredBody>,
    /// When it was sent, in milliseconds since the run began.
    pub started_ms: u64,
    /// How long it took, in microseconds.
    pub duration_us: u64,
    /// How many exchanges of the test right before this one are not kept.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: usize,
}

/// A body as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredBody {
    /// Its text, cut; bytes that are no UTF-8 are replaced.
    pub text: String,
    /// Its whole length in bytes.
    pub bytes: usize,
    /// Whether `text` is not all of it.
    pub cut: bool,
}

impl StoredExchange {
    /// The exchange as it may be stored, each body with at most `body_limit` bytes of text.
    pub fn from_exchange(
        exchange: &Exchange,
        run_started: DateTime<Utc>,
        redaction: &Redaction,
        body_limit: usize,
    ) -> Self {
        let (request, response) = (&exchange.request, &exchange.response);
        let scrub = Scrub::of(exchange, redaction);
        let since = (exchange.started - run_started).num_milliseconds();
        Self {
            method: redaction.text(&request.method),
            url: redaction.text(request.url.as_str()),
            user: request.user.clone(),
            credentials: deliberate(&request.credentials).map(str::to_owned),
            source: request.source.clone(),
            role: exchange.role,
            request_headers: scrub.headers(&request.headers),
            request_body: request.body.as_ref().and_then(|body| scrub.body(body, body_limit)),
            status: response.status,
            response_headers: scrub.headers(&response.headers),
            response_body: scrub.body(&response.body, body_limit).map(|body| body.or_cut(response.cut)),
            response_trailing: scrub.body(&response.trailing, body_limit),
            started_ms: u64::try_from(since).unwrap_or(0),
            duration_us: u64::try_from(exchange.duration.as_micros()).unwrap_or(u64::MAX),
            left_out: 0,
        }
    }
}

impl StoredBody {
    fn cut_at(mut text: String, bytes: usize, limit: usize) -> Self {
        let end = text.floor_char_boundary(limit.min(text.len()));
        let cut = end < text.len();
        text.truncate(end);
        // What was cut off takes no memory as long as the rest is kept.
        text.shrink_to_fit();
        Self { text, bytes, cut }
    }

    fn or_cut(self, cut: bool) -> Self {
        Self { cut: self.cut || cut, ..self }
    }
}

/// What must not be stored of one exchange: the target's secrets, and the proofs that this request carried.
struct Scrub<'a> {
    redaction: &'a Redaction,
    proofs: Vec<String>,
}

impl<'a> Scrub<'a> {
    fn of(exchange: &Exchange, redaction: &'a Redaction) -> Self {
        let sent = exchange.request.headers.iter();
        let authorizations = sent.filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        Self { redaction, proofs: authorizations.flat_map(|(_, value)| proofs(value)).collect() }
    }

    fn text(&self, text: &str) -> String {
        let text = self.redaction.text(text);
        // Bodies are large: a copy is made only where a proof stands.
        let without =
            |text: String, proof: &String| if text.contains(proof) { text.replace(proof, REDACTED) } else { text };
        self.proofs.iter().fold(text, without)
    }

    fn headers(&self, headers: &[(String, String)]) -> Vec<(String, String)> {
        let mut left = HEADER_LIMIT;
        let stored = |(name, value): &(String, String)| {
            let limit = left.min(VALUE_LIMIT);
            let shown = self.text(&self.redaction.header(name, begin(value, limit + self.redaction.margin())));
            let cut = shown.floor_char_boundary(limit.min(shown.len()));
            left -= cut;
            let more = if cut < shown.len() { format!("… ({} bytes)", value.len()) } else { String::new() };
            (self.redaction.text(name), format!("{}{more}", &shown[..cut]))
        };
        headers.iter().map(stored).collect()
    }

    /// Redacted before it is cut: a key across the cut would leave its first half. What is far beyond the cut is not
    /// looked at, and what stands last of what is looked at is not kept, for the same reason.
    fn body(&self, bytes: &[u8], limit: usize) -> Option<StoredBody> {
        let margin = self.redaction.margin();
        let seen = &bytes[..bytes.len().min(limit + margin)];
        let text = (!bytes.is_empty()).then(|| String::from_utf8_lossy(seen))?;
        let mut text = self.text(&text);
        if seen.len() < bytes.len() {
            text.truncate(text.floor_char_boundary(text.len().saturating_sub(margin)));
        }
        Some(StoredBody::cut_at(text, bytes.len(), limit).or_cut(seen.len() < bytes.len()))
    }
}

/// The beginning of a text.
fn begin(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit.min(text.len()))]
}

fn deliberate(credentials: &Credentials) -> Option<&'static str> {
    (*credentials != Credentials::Right).then(|| credentials.name())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::TimeDelta;
    use secrecy::SecretString;
    use url::Url;

    use super::*;
    use crate::exchange::{Request, Response};

    const KEY: &str = "canary-5f1d";

    fn stored(body: &[u8], limit: usize) -> StoredExchange {
        let url = Url::parse(&format!("https://127.0.0.1/x?key={KEY}")).expect("a URL");
        let mut request = Request::new("POST", url);
        let digest = format!("Digest username=\"{KEY}\", response=\"c0ffee00\"");
        request.headers = vec![("Authorization".to_owned(), digest), ("X-Key".to_owned(), KEY.to_owned())];
        request.body = Some(format!("{{\"key\":\"{KEY}\"}}").into_bytes());
        request.credentials = Credentials::Replayed;
        let headers = vec![("set-cookie".to_owned(), "a=b".to_owned()), ("x-echo".to_owned(), "c0ffee00".to_owned())];
        let response = Response { status: 200, headers, body: body.to_vec(), cut: false, trailing: b"extra".to_vec() };
        let started = DateTime::<Utc>::UNIX_EPOCH;
        let exchange = Exchange {
            request,
            response,
            started: started + TimeDelta::milliseconds(7),
            duration: Duration::from_micros(3),
            role: Role::Asked,
        };
        let redaction = Redaction::new(&[SecretString::from(KEY)]).expect("a short key");
        StoredExchange::from_exchange(&exchange, started, &redaction, limit)
    }

    #[test]
    fn no_secret_is_stored_anywhere() {
        let stored = stored(format!("you sent {KEY} and c0ffee00").as_bytes(), 1000);
        let text = serde_json::to_string(&stored).expect("plain data");
        for secret in [KEY, "c0ffee00", "a=b"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert_eq!(stored.url, "https://127.0.0.1/x?key=[secret]");
        assert_eq!(stored.response_body.expect("a body").text, "you sent [secret] and [redacted]");
        assert_eq!(stored.credentials.as_deref(), Some("replayed"));
        assert_eq!((stored.started_ms, stored.duration_us), (7, 3));
    }

    #[test]
    fn bodies_are_cut_on_a_character_and_keep_their_length() {
        let body = stored("aää".as_bytes(), 2).response_body.expect("a body");
        assert_eq!(body, StoredBody { text: "a".to_owned(), bytes: 5, cut: true });
        let body = stored("aää".as_bytes(), 5).response_body.expect("a body");
        assert_eq!(body, StoredBody { text: "aää".to_owned(), bytes: 5, cut: false });
    }

    #[test]
    fn a_key_across_the_cut_leaves_nothing() {
        let body = stored(format!("ab{KEY}").as_bytes(), 9).response_body.expect("a body");
        assert_eq!(body.text, "ab[secret");
    }

    #[test]
    fn a_key_beyond_the_cut_leaves_nothing_wherever_the_looking_ends() {
        let margin = Redaction::new([]).expect("no keys").margin();
        for before in [margin - 4, margin, margin + 4] {
            let text = format!("{}{}", KEY.repeat(2_000), "x".repeat(before));
            for end in 0..KEY.len() {
                let body = stored(&text.as_bytes()[end..], 20_000).response_body.expect("a body");
                assert!(body.cut && body.bytes == text.len() - end);
                assert!(!body.text.contains("canary"), "{before} {end}");
            }
        }
    }

    #[test]
    fn long_headers_are_cut_and_say_so() {
        let value = "n".repeat(300_000);
        let request = Request::new("GET", Url::parse("https://127.0.0.1/").expect("a URL"));
        let headers = (0..20).map(|number| (format!("x-{number}"), value.clone())).collect();
        let exchange = Exchange {
            request,
            response: Response { headers, ..Response::default() },
            started: DateTime::<Utc>::UNIX_EPOCH,
            duration: Duration::ZERO,
            role: Role::Asked,
        };
        let none = Redaction::new([]).expect("no keys");
        let stored = StoredExchange::from_exchange(&exchange, exchange.started, &none, 10);
        assert_eq!(stored.response_headers.len(), 20);
        assert!(stored.response_headers[0].1.ends_with("n… (300000 bytes)"));
        let all: usize = stored.response_headers.iter().map(|(_, value)| value.len()).sum();
        assert!(all < HEADER_LIMIT + 20 * 30, "{all}");
    }

    #[test]
    fn no_body_is_none_and_trailing_bytes_are_kept() {
        let stored = stored(b"", 10);
        assert_eq!(stored.response_body, None);
        assert_eq!(stored.response_trailing.expect("trailing").text, "extra");
    }
}
