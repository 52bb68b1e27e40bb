//! The query of a request, which a recording holds in its URL, in a list beside that, or in both.

use std::borrow::Cow;

use url::{Url, form_urlencoded};

use super::marks::{has_taken_out_part, is_taken_out};

/// A name and a value.
type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// What is known of a query.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Query {
    /// The URL with the query.
    pub(super) url: Url,
    /// Why it is not known what the request asks for.
    pub(super) gap: Option<&'static str>,
    /// Why it is not written as it was sent.
    pub(super) rewritten: Option<&'static str>,
}

/// The query of a URL with a list of parameters beside it. Where the two disagree, neither can be trusted.
pub(super) fn query(mut url: Url, beside: &[Pair<'_>]) -> Query {
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let known = |url: Url, gap: Option<&'static str>| {
        let lost = url.query().is_some_and(|query| query.contains("%EF%BF%BD"));
        let hidden = url.query_pairs().any(|(_, value)| is_taken_out(&value));
        let gap = gap
            .or(lost.then_some("characters of the query were lost when it was recorded"))
            .or(hidden.then_some("parts of the query were taken out"))
            .or(has_taken_out_part(url.path()).then_some("parts of the URL were taken out"));
        Query { url, gap, rewritten: None }
    };
    if beside.is_empty() {
        return known(url, None);
    }
    if url.query().is_none_or(str::is_empty) {
        url.query_pairs_mut().clear().extend_pairs(beside.iter());
        // Written in code or decoded: nobody can tell.
        let is_unclear = beside.iter().any(|(_, value)| value.contains(['%', '+']));
        let gap = is_unclear.then_some("the query is recorded beside the URL alone, in a form with two meanings");
        return Query { rewritten: Some("the query is recorded beside the URL alone"), ..known(url, gap) };
    }
    let agree = agree(url.query().unwrap_or_default(), beside);
    known(url, (!agree).then_some("the query is recorded in two ways"))
}

/// Whether a list holds the parameters of a query: as they are written, or decoded in one of the two ways.
fn agree(query: &str, beside: &[Pair<'_>]) -> bool {
    let written =
        query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut left: Vec<&Pair<'_>> = beside.iter().collect();
    for (name, value) in written {
        let is_it = |pair: &&Pair<'_>| is_written(&pair.0, name) && is_written(&pair.1, value);
        let Some(at) = left.iter().position(is_it) else { return false };
        left.swap_remove(at);
    }
    left.is_empty()
}

/// Whether a text is another one as it stands in a query.
fn is_written(text: &str, written: &str) -> bool {
    text == written || text == decoded(written) || text == decoded(&written.replace('+', "%2B"))
}

/// A value of a query, read as a form is.
fn decoded(written: &str) -> String {
    let pair = format!("x={written}");
    form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str, beside: &[(&str, &str)]) -> Query {
        let beside: Vec<Pair<'_>> = beside.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        query(Url::parse(url).unwrap(), &beside)
    }

    #[test]
    fn a_list_agrees_in_whatever_way_it_is_decoded() {
        for (url, beside) in [
            ("https://h/x?a=b%20c&d", &[("a", "b c"), ("d", "")][..]),
            ("https://h/x?a=b+c", &[("a", "b c")]),
            ("https://h/x?a=b+c", &[("a", "b+c")]),
            ("https://h/x?a=b%2Bc&a=2", &[("a", "2"), ("a", "b%2Bc")]),
            ("https://h/x?%61=%C3%A9", &[("a", "é")]),
            ("https://h/x?a=1", &[]),
            ("https://h/x", &[]),
        ] {
            let it = of(url, beside);
            assert_eq!((it.gap, it.rewritten, it.url.as_str()), (None, None, url), "{beside:?}");
        }
    }

    #[test]
    fn a_list_that_differs_makes_the_query_unknown() {
        for (url, beside) in [
            ("https://h/x?x=1", &[("envelope", "true")][..]),
            ("https://h/x?pretty=true", &[("pretty", "false")]),
            ("https://h/x?a=1&b=2", &[("a", "1")]),
            ("https://h/x?a=1", &[("a", "1"), ("a", "1")]),
            ("https://h/x?a=1", &[("a", "[redacted]")]),
        ] {
            assert_eq!(of(url, beside).gap, Some("the query is recorded in two ways"), "{url} {beside:?}");
        }
    }

    #[test]
    fn a_query_beside_the_url_is_put_back() {
        let it = of("https://u:p@h/x", &[("pageNum", "2"), ("q", "b c")]);
        assert_eq!((it.url.as_str(), it.gap), ("https://h/x?pageNum=2&q=b+c", None));
        assert_eq!(it.rewritten, Some("the query is recorded beside the URL alone"));
        let unclear = of("https://h/x?", &[("q", "b%20c")]).gap;
        assert_eq!(unclear, Some("the query is recorded beside the URL alone, in a form with two meanings"));
        assert_eq!(of("https://h/x?a=REDACTED", &[]).gap, Some("parts of the query were taken out"));
        assert!(of("https://h/x?a=\u{fffd}", &[]).gap.is_some());
        assert_eq!(of("https://h/[redacted]/x", &[]).gap, Some("parts of the URL were taken out"));
    }
}
