//! What an `Authorization` header says, in all the forms in which clients are known to write it.

use crate::digest::answer::{self, Qop};
use crate::digest::hash::Algorithm;
use crate::digest::params;

/// How much of a response is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compared {
    All,
    /// The first of its digits: a fault.
    Digits(usize),
}

/// Complete Digest credentials; not yet believed.
#[derive(Clone, Debug)]
pub(super) struct Credentials {
    pub(super) username: String,
    pub(super) realm: String,
    pub(super) nonce: String,
    pub(super) algorithm: Algorithm,
    /// The value of `nc`.
    pub(super) count: u32,
    /// The client's nonce.
    pub(super) cnonce: String,
    /// What is to come back as the challenge had it.
    pub(super) opaque: Option<String>,
    uri: String,
    /// `nc` as written: the response is made over its text.
    count_text: String,
    qop: Qop,
    response: String,
}

impl Credentials {
    /// Reads a header; `None` unless it is Digest with the `qop` that is demanded, and complete.
    pub(super) fn read(value: &str, demanded: Qop) -> Option<Self> {
        let sent = params::authorization(value);
        let qop = sent.get("qop").map_or(Some(Qop::Unstated), Qop::from_name)?;
        if !sent.is("Digest") || qop != demanded {
            return None;
        }
        let text = |name: &str| sent.get(name).map(str::to_owned);
        // Without `qop` there is neither a count nor a nonce of the client (RFC 2069).
        let counted = |name: &str| if qop == Qop::Unstated { Some("0".to_owned()) } else { text(name) };
        let count_text = counted("nc")?;
        Some(Self {
            username: text("username")?,
            realm: text("realm")?,
            nonce: text("nonce")?,
            // Left out, it is MD5 (RFC 7616, section 3.4).
            algorithm: sent.get("algorithm").map_or(Some(Algorithm::Md5), Algorithm::from_name)?,
            count: count(&count_text)?,
            opaque: text("opaque"),
            uri: text("uri")?,
            cnonce: counted("cnonce")?,
            qop,
            response: text("response")?,
            count_text,
        })
    }

    /// These credentials with the user name itself, where it was hashed.
    pub(super) fn named(self, username: Option<&str>) -> Self {
        Self { username: username.map_or(self.username, str::to_owned), ..self }
    }

    /// Whether they were made for this request target, written as path and query or as an absolute URL.
    pub(super) fn is_for(&self, target: &str) -> bool {
        self.uri == target || absolute(&self.uri).is_some_and(|path| path == target)
    }

    /// The value of `nc` as a decimal number, if it is one.
    pub(super) fn decimal_count(&self) -> Option<u32> {
        self.count_text.parse().ok()
    }

    /// The URI that they were made for, as sent.
    pub(super) fn uri(&self) -> &str {
        &self.uri
    }

    /// Whether they were made with this key for this method, by what is compared of the response.
    pub(super) fn is_made_with(&self, key: &str, method: &str, compared: Compared) -> bool {
        let ha1 = answer::ha1(self.algorithm, &self.username, &self.realm, key, &self.nonce, &self.cnonce);
        let ha2 = answer::ha2(self.algorithm, method, &self.uri, self.qop, &[]);
        let response =
            answer::response(self.algorithm, &ha1, &self.nonce, &self.count_text, &self.cnonce, self.qop, &ha2);
        let part = |text: &str| match compared {
            Compared::All => text.as_bytes().to_vec(),
            Compared::Digits(count) => text.bytes().take(count).collect(),
        };
        same(&part(&response), &part(&self.response))
    }
}

/// Eight hexadecimal digits by the standard; there are clients that leave the zeros out.
fn count(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if digits && text.len() <= 8 { u32::from_str_radix(text, 16).ok() } else { None }
}

/// Path and query of an absolute URL, as written.
fn absolute(uri: &str) -> Option<&str> {
    let rest = uri.strip_prefix("https://").or_else(|| uri.strip_prefix("http://"))?;
    rest.find('/').map(|start| &rest[start..])
}

/// Whether two texts are the same, in a time that does not tell where they differ.
pub(super) fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7616, section 3.9.1, in forms that differ only in writing.
    const FORMS: [&str; 3] = [
        r#"Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, response="8ca523f5e9506fed4657c9700eebdbec""#,
        r#"digest username="Mufasa",realm="http-auth@example.org",uri="/dir/index.html",algorithm="MD5",nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",nc="00000001",cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",qop="auth",response="8ca523f5e9506fed4657c9700eebdbec""#,
        r#"Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, response="8ca523f5e9506fed4657c9700eebdbec""#,
    ];

    #[test]
    fn the_vector_of_the_standard_is_right_in_every_writing() {
        for form in FORMS {
            let credentials = Credentials::read(form, Qop::Auth).unwrap();
            assert!(credentials.is_made_with("Circle of Life", "GET", Compared::All), "{form}");
            assert!(!credentials.is_made_with("Circle of life", "GET", Compared::All), "{form}");
            assert!(!credentials.is_made_with("Circle of Life", "HEAD", Compared::All), "{form}");
            assert!(credentials.is_for("/dir/index.html"));
            assert!(!credentials.is_for("/dir/index.html?x=1"));
        }
    }

    #[test]
    fn counts_may_lack_their_zeros_but_nothing_else() {
        assert_eq!(count("1"), Some(1));
        assert_eq!(count("0000000A"), Some(10));
        for text in ["", "+1", "000000001", "g"] {
            assert_eq!(count(text), None, "{text}");
        }
    }

    #[test]
    fn incomplete_credentials_are_none() {
        for form in
            ["", "Basic dXNlcjprZXk=", "Digest", &FORMS[0].replace("qop=auth, ", ""), &FORMS[0].replace("MD5", "ROT13")]
        {
            assert!(Credentials::read(form, Qop::Auth).is_none(), "{form}");
        }
    }
}
