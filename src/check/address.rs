//! When two URLs are the same: resolved, normalised, and without what a request may add to them.

use url::{Url, form_urlencoded};

/// Parameters of the presentation, which lead to no other resource.
const PRESENTATION: [&str; 2] = ["envelope", "pretty"];

/// Parameters of paging and of presentation: they choose what is shown of a resource, and how.
pub const SAME_RESOURCE: [&str; 4] = ["pageNum", "itemsPerPage", "envelope", "pretty"];

/// Parameters that say the same when they are left out.
const DEFAULTS: [(&str, &str); 2] = [("pageNum", "1"), ("itemsPerPage", "100")];

/// A text that is the same for all URLs that lead to the same place: default ports, percent-encoding, the order of
/// parameters, a slash at the end, a fragment, `envelope`, `pretty` and spelt-out defaults of paging aside.
pub(super) fn identity(url: &Url) -> String {
    let mut out = url.clone();
    out.set_fragment(None);
    out.set_query(None);
    out.set_path("");
    let path = plain_path(url.path());
    let mut query: Vec<(String, String)> = url.query_pairs().into_owned().filter(|pair| !is_aside(pair)).collect();
    query.sort();
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{}{}{mark}{query}", out.as_str().trim_end_matches('/'), path.trim_end_matches('/'))
}

/// The URL without parameters of the presentation.
pub(super) fn without_presentation(mut url: Url) -> Url {
    keep_parameters(&mut url, |name| !PRESENTATION.contains(&name));
    url
}

/// Takes all other parameters out. Those that are kept stay as they were written: not every server reads `+` as it reads
/// `%20`.
pub fn keep_parameters(url: &mut Url, is_kept: impl Fn(&str) -> bool) {
    let Some(query) = url.query() else { return };
    let name = |pair: &str| form_urlencoded::parse(pair.as_bytes()).next().map(|(name, _)| name.into_owned());
    let kept: Vec<&str> = query.split('&').filter(|pair| name(pair).is_some_and(|name| is_kept(&name))).collect();
    let kept = kept.join("&");
    url.set_query(Some(kept.as_str()).filter(|kept| !kept.is_empty()));
}

/// What a case means by a URL: an absolute one, or a path below the base URL unless it begins with the base's own.
pub(super) fn meant(text: &str, base: &Url) -> Option<Url> {
    if let Ok(url) = Url::parse(text) {
        return Some(url);
    }
    let own = base.path().trim_end_matches('/');
    let is_own = text.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    if is_own && !own.is_empty() {
        return base.join(text).ok();
    }
    let mut root = base.clone();
    root.set_query(None);
    root.set_fragment(None);
    Url::parse(&format!("{}/{}", root.as_str().trim_end_matches('/'), text.trim_start_matches('/'))).ok()
}

/// Whether a URL is one of the API's: at the base URL or below it. What else its origin serves, such as pages for people,
/// is free.
pub fn is_below(url: &Url, base: &Url) -> bool {
    let root = base.path().trim_end_matches('/');
    let is_below = url.path().strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let port = |url: &Url| url.port_or_known_default();
    is_below && url.scheme() == base.scheme() && url.host_str() == base.host_str() && port(url) == port(base)
}

/// Whether two URLs have the same path at the same place.
pub(super) fn same_path(left: &Url, right: &Url) -> bool {
    left.origin() == right.origin() && segments(left) == segments(right)
}

/// Whether a URL lies below another one: in a list, or in another entity.
pub(super) fn is_inside(inner: &Url, outer: &Url) -> bool {
    let (inner_path, outer_path) = (segments(inner), segments(outer));
    inner.origin() == outer.origin()
        && inner_path.strip_prefix(outer_path.as_str()).is_some_and(|it| it.starts_with('/'))
}

fn segments(url: &Url) -> String {
    plain_path(url.path()).trim_end_matches('/').to_owned()
}

/// What a request says about a switch: `envelope` or `pretty`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Switch {
    /// `true`.
    On,
    /// Nothing, or `false`.
    Off,
    /// Nobody can tell: both, another value than these, or its name in another case.
    Unclear,
}

/// What the request says about the switch of this name.
pub(super) fn switch(url: &Url, name: &str) -> Switch {
    let mut found =
        url.query_pairs().filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(key, value)| match value.as_ref() {
            "true" if key == name => Switch::On,
            "false" if key == name => Switch::Off,
            _ => Switch::Unclear,
        });
    let first = found.next().unwrap_or(Switch::Off);
    if found.all(|other| other == first) { first } else { Switch::Unclear }
}

fn is_aside((name, value): &(String, String)) -> bool {
    PRESENTATION.contains(&name.as_str()) || DEFAULTS.contains(&(name.as_str(), value.as_str()))
}

/// A path in which every character that may stand for itself does.
fn plain_path(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = String::with_capacity(path.len());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at..] {
            [b'%', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                push_decoded(&mut out, hex(high) * 16 + hex(low));
                at += 3;
            }
            _ => {
                out.push(char::from(bytes[at]));
                at += 1;
            }
        }
    }
    out
}

fn push_decoded(out: &mut String, byte: u8) {
    if byte.is_ascii_graphic() && !b"/?#%\\".contains(&byte) {
        out.push(char::from(byte));
    } else {
        out.push_str(&form_urlencoded::byte_serialize(&[byte]).collect::<String>().replace('+', "%20"));
    }
}

/// The value of a hexadecimal digit.
fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://h.example/api/atlas/v1.0";

    fn same(left: &str, right: &str) -> bool {
        let base = Url::parse(BASE).unwrap();
        identity(&base.join(left).unwrap()) == identity(&base.join(right).unwrap())
    }

    #[test]
    fn what_is_below_the_base_is_of_the_api() {
        let base = Url::parse("https://h/api/v1.0").unwrap();
        let below = |text: &str| is_below(&Url::parse(text).unwrap(), &base);
        assert!(below("https://h/api/v1.0") && below("https://h:443/api/v1.0/x?y") && below("https://h/api/v1.0/"));
        assert!(!below("https://h/api/v1.01") && !below("http://h/api/v1.0") && !below("https://g/api/v1.0/x"));
        assert!(is_below(&Url::parse("https://h/x").unwrap(), &Url::parse("https://h").unwrap()));
    }

    #[test]
    fn what_leads_to_the_same_place_is_the_same() {
        for (left, right) in [
            ("/a?x=1&y=2", "https://h.example:443/a?y=2&x=1"),
            ("/a/", "/a"),
            ("/a?pageNum=1&itemsPerPage=100", "/a"),
            ("/a?envelope=true&pretty=false&z", "/a?z="),
            ("/a%7eb%2fc", "/a~b%2Fc"),
            ("/a%40b%20c", "/a@b c"),
            ("/a?q=a+b", "/a?q=a%20b"),
            ("/a#x", "https://H.EXAMPLE/a"),
            ("/%C3%A4", "/ä"),
        ] {
            assert!(same(left, right), "{left} {right}");
        }
    }

    #[test]
    fn what_leads_elsewhere_is_not() {
        for (left, right) in [
            ("/a?pageNum=2", "/a"),
            ("/a?itemsPerPage=10", "/a"),
            ("/a", "/A"),
            ("/a/b", "/a%2Fb"),
            ("/a", "http://h.example/a"),
            ("/a", "https://h.example:8443/a"),
            ("/a?x=1&x=2", "/a?x=1"),
        ] {
            assert!(!same(left, right), "{left} {right}");
        }
    }

    #[test]
    fn a_case_means_paths_below_the_base() {
        let base = Url::parse(BASE).unwrap();
        let meant = |text: &str| meant(text, &base).unwrap().to_string();
        assert_eq!(meant("/groups/g?x=1"), format!("{BASE}/groups/g?x=1"));
        assert_eq!(meant("/api/atlas/v1.0/groups"), format!("{BASE}/groups"));
        assert_eq!(meant("/api/atlas/v1.01"), format!("{BASE}/api/atlas/v1.01"));
        assert_eq!(meant("https://other/x"), "https://other/x");
        assert_eq!(identity(&Url::parse(&meant("")).unwrap()), BASE);
    }

    #[test]
    fn presentation_is_taken_off() {
        let without = |text: &str| without_presentation(Url::parse(text).unwrap()).to_string();
        assert_eq!(without("https://h/a?envelope=true&x=1&pretty=true"), "https://h/a?x=1");
        assert_eq!(without("https://h/a?pretty=true"), "https://h/a");
        assert_eq!(without("https://h/a?x=%41"), "https://h/a?x=%41");
        assert_eq!(without("https://h/a?q=a%20b&envelope=true&r=%2C"), "https://h/a?q=a%20b&r=%2C");
    }

    #[test]
    fn a_switch_is_on_or_off_or_nobody_can_tell() {
        let said = |query: &str| switch(&Url::parse(&format!("https://h/a?{query}")).unwrap(), "envelope");
        for query in ["envelope=true", "x=1&envelope=true", "envelope=true&envelope=true"] {
            assert_eq!(said(query), Switch::On, "{query}");
        }
        for query in ["", "envelope=false", "pretty=true"] {
            assert_eq!(said(query), Switch::Off, "{query}");
        }
        for query in ["envelope=true&envelope=false", "envelope=1", "envelope=TRUE", "envelope", "Envelope=true"] {
            assert_eq!(said(query), Switch::Unclear, "{query}");
        }
    }
}
