//! What crosses the wire, as plain data: a request as asked for and as sent, its answer, and why there may be none.

mod http_time;
mod path;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

pub use http_time::http_date;
pub use path::{normal_path, unescaped};

/// A request to send. After sending, `headers` are those that went out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method, as it is written on the wire.
    pub method: String,
    /// Absolute URL.
    pub url: Url,
    /// Header names and values in the order sent.
    pub headers: Vec<(String, String)>,
    /// Names of headers that are left out though they are sent by default (`host`, `accept`).
    pub omit: Vec<String>,
    /// The body, if there is one.
    pub body: Option<Vec<u8>>,
    /// Who sends it: the name of a user of the target file, or `None` for nobody.
    pub user: Option<String>,
    /// How that user proves who they are.
    pub credentials: Credentials,
    /// Name of the source address in the target file, or `None` for any.
    pub source: Option<String>,
    /// The kind of connection.
    pub connection: Connection,
}

/// Whether a method changes nothing by its meaning (RFC 9110, section 9.2.1).
pub fn is_safe(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "OPTIONS" | "TRACE")
}

impl Request {
    /// A request without headers or body, sent by nobody.
    pub fn new(method: impl Into<String>, url: Url) -> Self {
        Self {
            method: method.into(),
            url,
            headers: Vec::new(),
            omit: Vec::new(),
            body: None,
            user: None,
            credentials: Credentials::Right,
            source: None,
            connection: Connection::Pooled,
        }
    }
}

/// The kind of connection a request is sent on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// Kept open and used again.
    #[default]
    Pooled,
    /// Its own, read to its end: bytes that follow the answer are seen.
    Raw,
}

/// How a user proves who they are: rightly, or wrongly on purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Credentials {
    /// The right Digest; a challenge is answered, a stale nonce renewed.
    #[default]
    Right,
    /// A Digest made with another key.
    WrongKey,
    /// A Digest made with the key of another user of the target file.
    KeyOf(String),
    /// A Digest of a user who does not exist.
    UnknownUser,
    /// HTTP Basic with a key that is not the user's.
    BasicWrongKey,
    /// A Digest over a nonce that the server never issued.
    InventedNonce,
    /// A Digest made for another URI; the request goes to the right one.
    OtherUri,
    /// A Digest made for another method.
    OtherMethod,
    /// The right Digest with one digit of `response` changed.
    OneDigitChanged,
    /// The right Digest, cut off within `response`.
    CutOff,
    /// The same nonce, count and response that were accepted before.
    Replayed,
    /// The right Digest over this nonce and count; a challenge is not answered.
    Nonce {
        /// The nonce, as a challenge gave it.
        nonce: String,
        /// The count (`nc`).
        count: u32,
    },
}

impl Credentials {
    /// Those that a word says all of.
    const PLAIN: [Self; 10] = [
        Self::Right,
        Self::WrongKey,
        Self::UnknownUser,
        Self::BasicWrongKey,
        Self::InventedNonce,
        Self::OtherUri,
        Self::OtherMethod,
        Self::OneDigitChanged,
        Self::CutOff,
        Self::Replayed,
    ];

    /// Their name in cases and reports.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::WrongKey => "wrong-key",
            Self::KeyOf(_) => "key-of-another",
            Self::UnknownUser => "unknown-user",
            Self::BasicWrongKey => "basic-wrong-key",
            Self::InventedNonce => "invented-nonce",
            Self::OtherUri => "other-uri",
            Self::OtherMethod => "other-method",
            Self::OneDigitChanged => "one-digit-changed",
            Self::CutOff => "cut-off",
            Self::Replayed => "replayed",
            Self::Nonce { .. } => "nonce",
        }
    }

    /// The credentials that a word of a case says all of.
    pub fn named(word: &str) -> Option<Self> {
        Self::PLAIN.into_iter().find(|credentials| credentials.name() == word)
    }
}

/// An answer.
#[derive(Clone, Debug, Default)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Header names in lower case and values, in the order received; bytes that are no UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    /// The body, cut at the client's limit.
    pub body: Vec<u8>,
    /// Whether the body was cut at the client's limit.
    pub cut: bool,
    /// On a raw connection, bytes that came after the end of the answer.
    pub trailing: Vec<u8>,
}

impl Response {
    /// All values of a header, by its name in lower case.
    pub fn header_values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The values of a header joined with `, `, or `None` if it is not there (RFC 9110, section 5.3).
    pub fn header(&self, name: &str) -> Option<String> {
        let values: Vec<&str> = self.header_values(name).collect();
        if values.is_empty() { None } else { Some(values.join(", ")) }
    }
}

/// A request and its answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// What was sent.
    pub request: Request,
    /// What came back.
    pub response: Response,
    /// When the request was sent, by the run's clock.
    pub started: DateTime<Utc>,
    /// How long it took until the answer was read.
    pub duration: Duration,
    /// Why it was made.
    pub role: Role,
}

impl Exchange {
    /// When the answer was read. A recording may state times beyond all calendars: then it is when the request was
    /// sent.
    pub fn ended(&self) -> DateTime<Utc> {
        let took = TimeDelta::from_std(self.duration).ok();
        took.and_then(|took| self.started.checked_add_signed(took)).unwrap_or(self.started)
    }
}

/// Why an exchange was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A case asked for it.
    Asked,
    /// To fetch a nonce; its answer was a challenge.
    Challenge,
    /// Refused with 429 outside the rate chapter, and sent again in the next window.
    Throttled,
    /// Answered too early, or with 503, and sent again.
    Retried,
}

/// Why there is no answer; says nothing about the target's conformance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Obstacle {
    /// No connection: refused, no route, no such host.
    #[error("{url} cannot be reached: {reason}")]
    Unreachable {
        /// What was asked for.
        url: String,
        /// The cause, as the system says it.
        reason: String,
    },
    /// TLS could not be agreed on.
    #[error("no TLS connection to {url}: {reason}")]
    Tls {
        /// What was asked for.
        url: String,
        /// What is wrong with the other side.
        fault: TlsFault,
        /// The cause.
        reason: String,
    },
    /// The connection was closed or reset before the answer was complete.
    #[error("{url} closed the connection before its response was complete: {reason}")]
    Broken {
        /// What was asked for.
        url: String,
        /// The cause.
        reason: String,
    },
    /// What came is no HTTP/1.1 answer.
    #[error("{url} sent what is no HTTP response: {reason}")]
    Malformed {
        /// What was asked for.
        url: String,
        /// The cause.
        reason: String,
    },
    /// No complete answer within the time allowed.
    #[error("{url} gave no complete response within {after:?}")]
    TimedOut {
        /// What was asked for.
        url: String,
        /// The time allowed, in milliseconds where it is stored.
        #[serde(with = "milliseconds")]
        after: Duration,
    },
    /// The request could not be made at all, for want of something in the target file or before it.
    #[error("{reason}")]
    Unsendable {
        /// What is missing.
        reason: String,
    },
    /// The run was interrupted before the response came.
    #[error("the run was interrupted")]
    Interrupted,
    /// The service said 503, and said so again.
    #[error("{url} is unavailable (503), also when asked again, and the run waits no longer")]
    Unavailable {
        /// What was asked for.
        url: String,
    },
    /// The rate limit refused it (429), in the next windows too.
    #[error("{url} is refused with 429, and the run waits no longer for the rate limit to let it pass")]
    Throttled {
        /// What was asked for.
        url: String,
    },
    /// Credentials would have gone to another origin.
    #[error("{url} is not of the target's origin: nothing was sent there")]
    ForeignOrigin {
        /// The URL.
        url: String,
    },
    /// The user could not log in: the challenge cannot be answered, or the right answer was refused.
    #[error("{user} cannot log in at {url}: {reason}")]
    NoLogin {
        /// Name of the user in the target file.
        user: String,
        /// What was asked for.
        url: String,
        /// The cause.
        reason: String,
    },
}

impl Obstacle {
    /// Whether it means that nobody answered.
    pub fn is_silence(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Broken { .. } | Self::Malformed { .. } | Self::TimedOut { .. } => true,
            Self::Tls { .. }
            | Self::Unavailable { .. }
            | Self::Throttled { .. }
            | Self::Unsendable { .. }
            | Self::Interrupted
            | Self::ForeignOrigin { .. }
            | Self::NoLogin { .. } => false,
        }
    }
}

/// Why TLS could not be agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TlsFault {
    /// The other side does not speak TLS.
    NotTls,
    /// Nobody whom we trust has signed its certificate; a certificate that signs itself is one of these.
    UnknownIssuer,
    /// Its certificate is for another host.
    OtherHost,
    /// Its certificate is not valid now.
    NotValidNow,
    /// Its certificate is of version 1 or 2 of X.509.
    OldCertificate,
    /// Its certificate is that of an authority, which may sign others and serve nobody.
    AuthorityItself,
    /// A signature is by SHA-1 or another algorithm that is not safe.
    WeakSignature,
    /// A signature does not fit: another authority has the same name, or an RSA key has less than 2,048 bits.
    WrongSignature,
    /// Its certificate cannot be used for another reason.
    Certificate,
    /// There is no version of TLS, cipher suite or group that both sides know.
    NothingInCommon,
    /// It demands a certificate of the client.
    ClientCertificate,
    /// It closed the connection instead of agreeing.
    HungUp,
    /// Something else.
    Other,
}

/// A duration as whole milliseconds.
mod milliseconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        u64::try_from(duration.as_millis()).unwrap_or(u64::MAX).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_millis)
    }
}
