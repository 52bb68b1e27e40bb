//! Credentials of recorded requests, of which somebody may have taken parts out.

use std::borrow::Cow;

use super::har::is_taken_out;
use crate::client_rules::Rule;
use crate::exchange::Exchange;

/// What stands for a part that was taken out, whatever was written in its place.
const TAKEN_OUT: &str = "[redacted]";

/// The rules that need credentials to be judged.
pub(super) const NEEDING: [Rule; 7] = [
    Rule::KeyNeverSent,
    Rule::DigestForm,
    Rule::DigestQuoting,
    Rule::DigestForRequest,
    Rule::NonceCounts,
    Rule::StaleNonceDropped,
    Rule::StaleNonceRenewed,
];

/// The exchange with credentials that somebody took out, or parts of them, marked as such.
pub(super) fn legible(exchange: &Exchange) -> Cow<'_, Exchange> {
    if !exchange.request.headers.iter().any(|header| marked(header).is_some()) {
        return Cow::Borrowed(exchange);
    }
    let mut exchange = exchange.clone();
    for header in &mut exchange.request.headers {
        if let Some(value) = marked(header) {
            header.1 = value;
        }
    }
    Cow::Owned(exchange)
}

/// The credentials of an exchange.
pub(super) fn of(exchange: &Exchange) -> Option<&str> {
    let mut headers = exchange.request.headers.iter();
    headers.find(|(name, _)| name == "authorization").map(|(_, value)| value.as_str())
}

/// The user whom a Digest names.
pub(super) fn user(exchange: &Exchange) -> Option<String> {
    let name = named_in(of(exchange)?)?;
    (!name.is_empty() && !is_taken_out(name)).then(|| name.to_owned())
}

/// The name in credentials of Digest, as it was recorded.
pub(super) fn named_in(credentials: &str) -> Option<&str> {
    let named = credentials.split_once("username=")?.1;
    let (end, named) = named.strip_prefix('"').map_or((',', named), |quoted| ('"', quoted));
    Some(named.split(end).next()?.trim())
}

/// Why a rule cannot blame credentials: a part that it looks at was taken out, or nobody knows whose they are. Proofs are
/// always taken out, and no rule needs them.
pub(super) fn lacked(rule: Rule, exchange: &Exchange) -> Option<&'static str> {
    if NEEDING.contains(&rule) {
        return is_lost(exchange).then_some("parts of the credentials were taken out");
    }
    let is_of_somebody = matches!(
        rule,
        Rule::NoHammering
            | Rule::RetryAfter
            | Rule::ErrorsNotHammered
            | Rule::PagesWithinList
            | Rule::RefusalNotRepeated
    );
    let is_nobody = of(exchange).is_none_or(is_of_nobody) && exchange.response.status != 401;
    (is_of_somebody && is_nobody).then_some("who sent the request is not recorded")
}

/// Whether credentials do not tell whose they are: the name was taken out, or all that follows the scheme.
fn is_of_nobody(credentials: &str) -> bool {
    let name = named_in(credentials).or_else(|| credentials.split_once(' ').map(|(_, rest)| rest));
    name.is_none_or(is_taken_out)
}

/// Whether more of the credentials than their proof was taken out.
pub(super) fn is_lost(exchange: &Exchange) -> bool {
    let Some(value) = of(exchange) else { return false };
    let Some((_, parts)) = value.split_once(' ') else { return value == TAKEN_OUT };
    let lost = parts.split(',').filter(|part| part.contains(TAKEN_OUT));
    let mut names = lost.filter_map(|part| part.split('=').next());
    names.any(|name| !["response", "cnonce"].contains(&name.trim()))
}

/// The value of `Authorization` with marks for what was taken out; `None` if nothing was.
fn marked((name, value): &(String, String)) -> Option<String> {
    if name != "authorization" {
        return None;
    }
    if is_blanked(value) {
        return Some(TAKEN_OUT.to_owned());
    }
    let mark = |text: &str| if is_taken_out(text) { TAKEN_OUT.to_owned() } else { text.to_owned() };
    let outside = |text: &str| {
        let pairs = text.split(',').map(|pair| match pair.split_once('=') {
            Some((name, value)) => format!("{name}={}", mark(value)),
            None => pair.to_owned(),
        });
        pairs.collect::<Vec<_>>().join(",")
    };
    let parts = value.split('"').enumerate();
    let marked: Vec<String> = parts.map(|(at, part)| if at % 2 == 0 { outside(part) } else { mark(part) }).collect();
    let marked = marked.join("\"");
    (marked != *value).then_some(marked)
}

/// Whether a value is no credentials at all: one word, or Digest without a parameter.
fn is_blanked(value: &str) -> bool {
    match value.trim().split_once(' ') {
        None => true,
        Some((scheme, rest)) => scheme.eq_ignore_ascii_case("digest") && !rest.contains('='),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Request, Response, Role};

    fn exchange(authorization: &str) -> Exchange {
        let url = url::Url::parse("https://h/").unwrap();
        let headers = vec![("authorization".to_owned(), authorization.to_owned())];
        Exchange {
            request: Request { headers, ..Request::new("GET", url) },
            response: Response::default(),
            started: chrono::DateTime::UNIX_EPOCH,
            duration: std::time::Duration::ZERO,
            role: Role::Asked,
        }
    }

    #[test]
    fn credentials_that_were_taken_out_are_known() {
        assert!(["REDACTED", "Digest ***", "[redacted]", "digest <hidden>", ""].iter().all(|text| is_blanked(text)));
        assert!(!["Basic bWU6a2V5", "Bearer x", r#"Digest username="me""#].iter().any(|text| is_blanked(text)));
    }

    #[test]
    fn a_digest_names_its_user() {
        let named = |text: &str| user(&exchange(text));
        assert_eq!(named(r#"Digest realm="r", username="me, too", nc=1"#).as_deref(), Some("me, too"));
        assert_eq!(named("Digest username=me,nc=1").as_deref(), Some("me"));
        for nobody in [r#"Digest username="[redacted]""#, "Basic bWU6a2V5", r#"Digest username="""#] {
            assert_eq!(named(nobody), None, "{nobody}");
        }
    }

    #[test]
    fn credentials_tell_whose_they_are_or_not() {
        let nobodies = [TAKEN_OUT, "Basic ***", "Bearer [redacted]", r#"Digest username="[redacted]", nc=1"#];
        assert!(nobodies.iter().all(|text| is_of_nobody(text)));
        assert!(!["Basic bWU6a2V5", "Bearer x", r#"Digest username="me""#].iter().any(|text| is_of_nobody(text)));
    }

    #[test]
    fn parts_that_were_taken_out_are_marked() {
        let shown = |text: &str| of(&legible(&exchange(text))).unwrap().to_owned();
        assert_eq!(
            shown(r#"Digest nonce="***", nc=XXXXXXXX, uri="/a,b""#),
            r#"Digest nonce="[redacted]", nc=[redacted], uri="/a,b""#
        );
        for whole in [r#"Digest username="me", uri="/x?a=b", response="0f""#, "Basic bWU6a2V5=="] {
            assert_eq!(shown(whole), whole);
        }
    }

    #[test]
    fn a_part_that_was_taken_out_spoils_the_rules_about_it() {
        let lost = |text: &str| lacked(Rule::NonceCounts, &legible(&exchange(text))).is_some();
        assert!(lost(r#"Digest username="me", nonce="<removed>", nc=00000001"#));
        assert!(!lost(r#"Digest username="me", nonce="n", response="***", cnonce="***""#));
        let shown = exchange(r#"Digest nonce="[redacted]""#);
        assert_eq!(lacked(Rule::ContentType, &shown), None);
    }
}
