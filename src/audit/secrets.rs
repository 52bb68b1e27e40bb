//! The secrets of a recorded exchange, of which nobody told us: the values of parameters whose names say so.

use secrecy::SecretString;
use url::Url;

use super::Place;
use crate::record::{REDACTED, Redaction, is_secret};
use crate::verdict::Finding;

/// Values so short may stand anywhere by chance: they are taken out together with the name of their parameter alone.
const SHORT: usize = 8;

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
    /// Those in the query of a URL.
    pub(super) fn of(url: &Url) -> Self {
        let query = url.query().unwrap_or_default();
        let raw = query.split('&').filter(|pair| is_secret(pair.split('=').next().unwrap_or_default()));
        let values = url.query_pairs().filter(|(name, value)| is_secret(name) && value.len() >= SHORT);
        let keys: Vec<SecretString> = raw
            .map(SecretString::from)
            .chain(values.map(|(_, value)| SecretString::from(value.into_owned())))
            .collect();
        if keys.is_empty() {
            return Self::None;
        }
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
        Finding {
            message: self.text(&finding.message),
            expected: finding.expected.as_ref().map(|text| self.text(text)),
            actual: finding.actual.as_ref().map(|text| self.text(text)),
            ..finding.clone()
        }
    }

    /// The place without them.
    pub(super) fn place(&self, place: &Place) -> Place {
        Place { path: self.text(&place.path), why: self.text(&place.why) }
    }
}

/// The URL without secrets in its query.
pub(super) fn shown_url(url: &Url) -> String {
    if !url.query_pairs().any(|(name, _)| is_secret(&name)) {
        return url.to_string();
    }
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let shown = pairs.iter().map(|(name, value)| (name, if is_secret(name) { "redacted" } else { value }));
    let mut url = url.clone();
    url.query_pairs_mut().clear().extend_pairs(shown);
    url.to_string()
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
    }

    #[test]
    fn secrets_are_taken_out_of_what_is_told() {
        let secrets = Secrets::of(&url("https://h/a?apiKey=c0ffee11&pageToken=2&x=1"));
        let told = secrets.text("self is https://h/a?apiKey=c0ffee11&pageToken=2&x=1, 2 of 12; c0ffee11");
        assert_eq!(told, "self is https://h/a?[secret]&[secret]&x=1, 2 of 12; [secret]");
        assert_eq!(Secrets::of(&url("https://h/a?x=1")).text("x=1"), "x=1");
    }
}
