//! When two URLs are the same: resolved, normalised, and without what a request may add to them.

use url::{Position, Url, form_urlencoded};

use crate::exchange::{normal_path, unescaped};

/// Parameters of the presentation, which lead to no other resource.
const PRESENTATION: [&str; 2] = ["envelope", "pretty"];

/// Parameters of paging and of presentation: they choose what is shown of a resource, and how.
pub const SAME_RESOURCE: [&str; 4] = ["pageNum", "itemsPerPage", "envelope", "pretty"];

/// A text that is the same for all URLs that lead to the same place. It leaves out a slash at the end, a fragment,
/// `envelope`, `pretty`, and parameters of paging that name the default. `page_size` is the default size of a page.
pub(super) fn identity(url: &Url, page_size: u64) -> String {
    let says_nothing = |(name, value): &(String, String)| match name.as_str() {
        "pageNum" => value == "1",
        "itemsPerPage" => value.parse() == Ok(page_size),
        name => PRESENTATION.contains(&name),
    };
    let query = url.query_pairs().into_owned().filter(|pair| !says_nothing(pair)).collect();
    written(url, plain_path(url.path()).trim_end_matches('/'), query)
}

/// A text that is the same for all URLs of one resource, whatever of it they ask for.
pub fn same_place(url: &Url) -> String {
    let mut plain = url.clone();
    keep_parameters(&mut plain, |name| !SAME_RESOURCE.contains(&name));
    identity(&plain, 0)
}

/// A URL after the normalization of RFC 3986, section 6.2.2, its parameters sorted. Scheme, host, port and dot segments
/// are normal by parsing.
pub(super) fn normal(url: &Url) -> String {
    let text = written(url, &plain_path(url.path()), url.query_pairs().into_owned().collect());
    url.fragment().map_or_else(|| text.clone(), |fragment| format!("{text}#{fragment}"))
}

/// A URL of this path and query.
fn written(url: &Url, path: &str, mut query: Vec<(String, String)>) -> String {
    query.sort();
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{}{path}{mark}{query}", &url[..Position::BeforePath])
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
    let (path, root) = (normal_path(url.path()), normal_path(base.path()));
    let is_below =
        path.strip_prefix(root.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
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

/// The URL after the normalization of RFC 3986, section 6.2.2; its query stays as it was written.
pub fn normalized(mut url: Url) -> Url {
    let path = normal_path(url.path());
    url.set_path(&path);
    url
}

/// A path in which every character that may stand for itself does: more than that section decodes, because servers do not
/// agree on which delimiters of an id they escape.
fn plain_path(path: &str) -> String {
    unescaped(path, |byte| byte.is_ascii_graphic() && !b"/?#%\\".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://h.example/api/atlas/v1.0";

    fn same(left: &str, right: &str) -> bool {
        let base = Url::parse(BASE).unwrap();
        same_by(100, left, right, &base)
    }

    fn same_by(page_size: u64, left: &str, right: &str, base: &Url) -> bool {
        identity(&base.join(left).unwrap(), page_size) == identity(&base.join(right).unwrap(), page_size)
    }

    #[test]
    fn the_default_size_of_a_page_is_the_targets() {
        let base = Url::parse(BASE).unwrap();
        assert!(same_by(500, "/a?itemsPerPage=500", "/a", &base));
        assert!(!same_by(500, "/a?itemsPerPage=100", "/a", &base));
        assert!(!same_by(100, "/a?itemsPerPage=500", "/a", &base));
    }

    #[test]
    fn the_normal_form_keeps_all_that_is_said() {
        let normal = |text: &str| normal(&Url::parse(text).unwrap());
        assert_eq!(normal("HTTPS://H.Example:443/a/../%7eb/?y=%41&x=1#F"), "https://h.example/~b/?x=1&y=A#F");
        assert_eq!(normal("http://h:8080/a%2Fb?pageNum=1&pretty=true"), "http://h:8080/a%2Fb?pageNum=1&pretty=true");
    }

    #[test]
    fn what_is_below_the_base_is_of_the_api() {
        let base = Url::parse("https://h/api/v1.0").unwrap();
        let below = |text: &str| is_below(&Url::parse(text).unwrap(), &base);
        assert!(below("https://h/api/v1.0") && below("https://h:443/api/v1.0/x?y") && below("https://h/api/v1.0/"));
        assert!(below("HTTPS://H/%61pi/./v1%2e0/x"));
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
        assert_eq!(identity(&Url::parse(&meant("")).unwrap(), 100), BASE);
    }

    #[test]
    fn only_needless_escapes_are_taken_out_of_paths() {
        for (path, expected) in
            [("/g/north%7e7", "/g/north~7"), ("/%6E%3b%2f%c3%a4", "/n%3B%2F%C3%A4"), ("/%/%7/%zz", "/%/%7/%zz")]
        {
            assert_eq!(normal_path(path), expected);
        }
        let url = Url::parse("https://h/%61pi/%22?q=%61").unwrap();
        assert_eq!(normalized(url).as_str(), "https://h/api/%22?q=%61");
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
