//! The answer to a challenge: RFC 7616, section 3.4, and RFC 2069 for servers that offer no `qop`.

use std::fmt;

use super::hash::Algorithm;
use super::params::Challenge;

/// What a response protects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Qop {
    /// Method and URI, without a count: RFC 2069, where the challenge offers no `qop`.
    #[default]
    Unstated,
    /// `auth`: method and URI.
    Auth,
    /// `auth-int`: method, URI and body.
    AuthInt,
}

impl Qop {
    /// The `qop` of this name, whatever its case.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Auth, Self::AuthInt].into_iter().find(|qop| qop.name().eq_ignore_ascii_case(name))
    }

    /// The name as it stands in a header; empty where none is stated.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unstated => "",
            Self::Auth => "auth",
            Self::AuthInt => "auth-int",
        }
    }

    /// The best of the options that a challenge lists, or `None` if all are unknown.
    fn best(options: Option<&str>) -> Option<Self> {
        let Some(options) = options.filter(|options| !options.trim().is_empty()) else {
            return Some(Self::Unstated);
        };
        let known: Vec<Self> = options.split(',').filter_map(|option| Self::from_name(option.trim())).collect();
        if known.contains(&Self::Auth) { Some(Self::Auth) } else { known.first().copied() }
    }
}

/// H(user:realm:key), which a session algorithm binds to its first nonces: `HA1`.
pub fn ha1(algorithm: Algorithm, username: &str, realm: &str, key: &str, nonce: &str, cnonce: &str) -> String {
    let plain = algorithm.hash(format!("{username}:{realm}:{key}").as_bytes());
    if algorithm.is_session() { algorithm.hash(format!("{plain}:{nonce}:{cnonce}").as_bytes()) } else { plain }
}

/// H(method:uri), with the hash of the body where it is protected: `HA2`.
pub fn ha2(algorithm: Algorithm, method: &str, uri: &str, qop: Qop, body: &[u8]) -> String {
    match qop {
        Qop::Unstated | Qop::Auth => algorithm.hash(format!("{method}:{uri}").as_bytes()),
        Qop::AuthInt => algorithm.hash(format!("{method}:{uri}:{}", algorithm.hash(body)).as_bytes()),
    }
}

/// The value of `response`. `nc` and `cnonce` are taken as they stand in the header; without `qop` they do not count.
pub fn response(algorithm: Algorithm, ha1: &str, nonce: &str, nc: &str, cnonce: &str, qop: Qop, ha2: &str) -> String {
    let text = match qop {
        Qop::Unstated => format!("{ha1}:{nonce}:{ha2}"),
        Qop::Auth | Qop::AuthInt => format!("{ha1}:{nonce}:{nc}:{cnonce}:{}:{ha2}", qop.name()),
    };
    algorithm.hash(text.as_bytes())
}

/// H(user:realm), which stands for the user name where the server asks to hide it.
pub fn userhash(algorithm: Algorithm, username: &str, realm: &str) -> String {
    algorithm.hash(format!("{username}:{realm}").as_bytes())
}

/// A Digest challenge that can be answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// The realm; empty where the challenge names none.
    pub realm: String,
    /// The server's nonce.
    pub nonce: String,
    /// To be sent back unchanged.
    pub opaque: Option<String>,
    /// The algorithm.
    pub algorithm: Algorithm,
    /// The algorithm as the challenge wrote it, to be sent back so; `None` where it named none.
    pub algorithm_text: Option<String>,
    /// What the response shall protect.
    pub qop: Qop,
    /// Whether the user name shall be hashed.
    pub username: NameForm,
    /// Whether the server says that the nonce was too old and nothing else wrong.
    pub freshness: Freshness,
}

/// How a server wants the user name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameForm {
    /// As it is.
    #[default]
    Plain,
    /// Hashed with the realm (`userhash=true`).
    Hashed,
}

/// What a challenge says about the nonce of the request that it refuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Freshness {
    /// Nothing, or `stale=false`.
    #[default]
    Unsaid,
    /// `stale=true`.
    Stale,
}

impl Offer {
    /// What a challenge offers, or `None` if it is no Digest or asks for what is not known here.
    pub fn of(challenge: &Challenge) -> Option<Self> {
        if !challenge.is("Digest") {
            return None;
        }
        let says = |name: &str| challenge.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let algorithm_text = challenge.get("algorithm").map(str::to_owned);
        Some(Self {
            realm: challenge.get("realm").unwrap_or_default().to_owned(),
            nonce: challenge.get("nonce")?.to_owned(),
            opaque: challenge.get("opaque").map(str::to_owned),
            algorithm: algorithm_text.as_deref().map_or(Some(Algorithm::Md5), Algorithm::from_name)?,
            algorithm_text,
            qop: Qop::best(challenge.get("qop"))?,
            username: if says("userhash") { NameForm::Hashed } else { NameForm::Plain },
            freshness: if says("stale") { Freshness::Stale } else { Freshness::Unsaid },
        })
    }
}

/// The strongest of the challenges that can be answered; of equally strong ones, the first.
pub fn strongest(challenges: &[Challenge]) -> Option<Offer> {
    let mut best: Option<Offer> = None;
    for offer in challenges.iter().filter_map(Offer::of) {
        if best.as_ref().is_none_or(|best| offer.algorithm.strength() > best.algorithm.strength()) {
            best = Some(offer);
        }
    }
    best
}

/// What a Digest is computed from.
#[derive(Clone, Copy)]
pub struct Signing<'a> {
    /// The challenge.
    pub offer: &'a Offer,
    /// The user name.
    pub username: &'a str,
    /// The key.
    pub key: &'a str,
    /// The method.
    pub method: &'a str,
    /// The request target: path and query.
    pub uri: &'a str,
    /// The body.
    pub body: &'a [u8],
    /// How often the nonce was used, this time included.
    pub count: u32,
    /// The client's nonce.
    pub cnonce: &'a str,
    /// The nonces that the key of a session algorithm was made with.
    pub first: FirstNonces<'a>,
}

/// The server's and the client's nonce of the first request of a session.
#[derive(Clone, Copy)]
pub struct FirstNonces<'a> {
    /// The server's.
    pub nonce: &'a str,
    /// The client's.
    pub cnonce: &'a str,
}

impl Signing<'_> {
    /// The credentials.
    pub fn credentials(&self) -> Credentials {
        let Offer { algorithm, qop, .. } = *self.offer;
        let realm = self.offer.realm.as_str();
        let nc = format!("{:08x}", self.count);
        let key = ha1(algorithm, self.username, realm, self.key, self.first.nonce, self.first.cnonce);
        let bound = ha2(algorithm, self.method, self.uri, qop, self.body);
        let (username, name_form) = match self.offer.username {
            NameForm::Plain => (self.username.to_owned(), NameForm::Plain),
            NameForm::Hashed => (userhash(algorithm, self.username, realm), NameForm::Hashed),
        };
        Credentials {
            username,
            name_form,
            realm: realm.to_owned(),
            nonce: self.offer.nonce.clone(),
            uri: self.uri.to_owned(),
            response: response(algorithm, &key, &self.offer.nonce, &nc, self.cnonce, qop, &bound),
            algorithm: self.offer.algorithm_text.clone(),
            opaque: self.offer.opaque.clone(),
            qop,
            nc,
            // A session algorithm cannot be verified without it, whatever the `qop`.
            cnonce: (qop != Qop::Unstated || algorithm.is_session()).then(|| self.cnonce.to_owned()),
        }
    }
}

/// Digest credentials; shown, they are the value of `Authorization`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The user name or its hash.
    pub username: String,
    /// Which of both.
    pub name_form: NameForm,
    /// The realm.
    pub realm: String,
    /// The server's nonce.
    pub nonce: String,
    /// The request target.
    pub uri: String,
    /// The proof.
    pub response: String,
    /// The algorithm, as the challenge wrote it.
    pub algorithm: Option<String>,
    /// As the challenge gave it.
    pub opaque: Option<String>,
    /// What is protected.
    pub qop: Qop,
    /// How often the nonce was used, in eight hexadecimal digits.
    pub nc: String,
    /// The client's nonce.
    pub cnonce: Option<String>,
}

impl fmt::Display for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest ")?;
        if self.username.is_ascii() {
            write!(f, "username={}", quoted(&self.username))?;
        } else {
            write!(f, "username*=UTF-8''{}", percent_encoded(&self.username))?;
        }
        let texts = [("realm", &self.realm), ("nonce", &self.nonce), ("uri", &self.uri), ("response", &self.response)];
        for (name, value) in texts {
            write!(f, ", {name}={}", quoted(value))?;
        }
        if let Some(algorithm) = &self.algorithm {
            write!(f, ", algorithm={algorithm}")?;
        }
        if let Some(opaque) = &self.opaque {
            write!(f, ", opaque={}", quoted(opaque))?;
        }
        if self.qop != Qop::Unstated {
            write!(f, ", qop={}, nc={}", self.qop.name(), self.nc)?;
        }
        if let Some(cnonce) = &self.cnonce {
            write!(f, ", cnonce={}", quoted(cnonce))?;
        }
        match self.name_form {
            NameForm::Plain => Ok(()),
            NameForm::Hashed => f.write_str(", userhash=true"),
        }
    }
}

fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The encoding of RFC 5987, for names that no quoted string can hold.
fn percent_encoded(value: &str) -> String {
    use fmt::Write as _;
    let mut text = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}
