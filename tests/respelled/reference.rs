//! URLs, written differently (RFC 3986, sections 4.2 and 6.2.2).

use std::fmt::Write as _;

use fastrand::Rng;
use url::{Position, Url};

/// Of so many characters that need no escape one is escaped.
const ESCAPE_ONE_OF: u32 = 40;

/// A reference to a URL. `base` is the document that it stands in; `None` where only its origin may be left out.
pub(crate) fn spelled(rng: &mut Rng, url: &Url, base: Option<&Url>) -> String {
    if let Some(base) = base
        && rng.u8(..4) == 0
        && let Some(relative) = relative(rng, url, base)
    {
        return relative;
    }
    let rest = format!("{}{}", path(rng, url.path()), query(rng, url));
    let authority = &url[Position::BeforeHost..Position::BeforePath];
    match rng.u8(..6) {
        0 => rest,
        1 => format!("//{authority}{rest}"),
        2 => format!("HTTPS://{}{rest}", authority.to_ascii_uppercase()),
        3 => format!("https://{}{rest}", authority.replacen('l', "L", 2)),
        _ => format!("https://{authority}{rest}"),
    }
}

/// A reference without the start of the path, where the URL lies beside or below the document.
fn relative(rng: &mut Rng, url: &Url, base: &Url) -> Option<String> {
    let query = query(rng, url);
    if url.path() == base.path() && !query.is_empty() {
        return Some(query);
    }
    let folder = &base.path()[..=base.path().rfind('/')?];
    let rest = url.path().strip_prefix(folder).filter(|rest| !rest.is_empty())?;
    let up = if rng.bool() { "./" } else { "x/.././" };
    Some(format!("{up}{}{query}", escapes(rng, rest)))
}

/// The same path with segments that lead nowhere, and other escapes.
fn path(rng: &mut Rng, path: &str) -> String {
    let mut segments: Vec<String> = path.split('/').map(|segment| escapes(rng, segment)).collect();
    if segments.len() > 2 && rng.u8(..3) == 0 {
        let nowhere = [".", "%2e", "x/..", "x/y/../%2E."][rng.usize(..4)];
        segments.insert(rng.usize(1..segments.len()), nowhere.to_owned());
    }
    segments.join("/")
}

/// The same parameters in another order, with other escapes.
fn query(rng: &mut Rng, url: &Url) -> String {
    let Some(query) = url.query() else { return String::new() };
    let mut pairs: Vec<&str> = query.split('&').collect();
    rng.shuffle(&mut pairs);
    let pairs: Vec<String> = pairs.into_iter().map(|pair| escapes(rng, pair)).collect();
    format!("?{}", pairs.join("&"))
}

/// A text in which some characters are escaped that need not be, and escapes are in either case.
fn escapes(rng: &mut Rng, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let needs_none = first.is_ascii_alphanumeric() || "-._~".contains(first);
        if first == '%' && rest.len() > 2 {
            let escape = &rest[..3];
            out.push_str(&if rng.bool() { escape.to_ascii_uppercase() } else { escape.to_ascii_lowercase() });
            rest = &rest[3..];
            continue;
        }
        if needs_none && rng.u32(..ESCAPE_ONE_OF) == 0 {
            let code = u32::from(first);
            // Writing to a `String` cannot fail.
            let _ = if rng.bool() { write!(out, "%{code:02x}") } else { write!(out, "%{code:02X}") };
        } else {
            out.push(first);
        }
        rest = &rest[first.len_utf8()..];
    }
    out
}

#[test]
fn a_url_keeps_its_meaning() {
    let base = Url::parse("https://localhost:7/api/v1.0/hosts?pageNum=2").unwrap();
    let mut forms = std::collections::BTreeSet::new();
    for seed in 0..400 {
        for text in ["https://localhost:7/api/v1.0/hosts/a%2Fb~c", "https://localhost:7/api/v1.0/hosts?x=1&pageNum=3"] {
            let url = Url::parse(text).unwrap();
            let spelled = spelled(&mut Rng::with_seed(seed), &url, Some(&base));
            let read = base.join(&spelled).unwrap();
            let plain = |url: &Url| {
                let mut pairs: Vec<_> = url.query_pairs().into_owned().collect();
                pairs.sort();
                let path: String = url::form_urlencoded::parse(url.path().as_bytes()).map(|(name, _)| name).collect();
                // An escaped slash is not a slash.
                (url.origin(), path, url.path().matches('/').count(), pairs)
            };
            assert_eq!(plain(&read), plain(&url), "{spelled}");
            forms.insert(spelled);
        }
    }
    assert!(forms.len() > 300, "{}", forms.len());
}
