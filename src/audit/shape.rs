//! The shape of a path: ids replaced, so that what is wrong with one resource is told once for all of its kind.
//!
//! Names of resources and ids take turns in the paths of an API: `/groups/ID/clusters/ID`. A star stands for ids only.

use std::borrow::Cow;

use url::Url;

use crate::exchange::normal_path;

/// What stands for an id.
const ANY: &str = "*";

/// The longest name of a resource that has digits.
const LONGEST_NAME: usize = 24;

/// The most digits in the name of a resource.
const MOST_DIGITS: usize = 4;

/// The path of a URL below the base, with a star for each id.
pub(super) fn shape(url: &Url, base: &Url) -> String {
    // Names stand at odd places. Segments without a character (`//`) have none.
    let mut is_name_due = false;
    let below = below(url, base);
    let shown = below.split('/').map(|segment| {
        is_name_due ^= !segment.is_empty();
        if is_id(segment, is_name_due) { ANY } else { segment }
    });
    let shape = shown.collect::<Vec<_>>().join("/");
    if shape.is_empty() { "/".to_owned() } else { shape }
}

/// The path of a URL below the base, which may be escaped in another way.
pub(super) fn below<'u>(url: &'u Url, base: &Url) -> Cow<'u, str> {
    let root = base.path().trim_end_matches('/');
    if let Some(below) = url.path().strip_prefix(root) {
        return Cow::Borrowed(below);
    }
    let path = normal_path(url.path());
    let below = path.strip_prefix(normal_path(root).as_str()).map(str::to_owned);
    below.map_or(Cow::Borrowed(url.path()), Cow::Owned)
}

/// Whether a segment is an id: it has digits, or characters that words do not have. Where a name is due, a word with a few
/// digits is one (`s3Buckets`, `x509`), but not one that ends in a number of its own (`host-28`).
fn is_id(segment: &str, is_name_due: bool) -> bool {
    let odd = |byte: u8| matches!(byte, b'%' | b'@' | b':' | b'.' | b'+' | b'~' | b'=' | b'[' | b'*');
    let digits = segment.bytes().filter(u8::is_ascii_digit).count();
    let is_hex = segment.bytes().all(|byte| byte.is_ascii_hexdigit());
    if segment.bytes().any(odd) || is_hex && (segment.len() >= 16 || digits > 0) {
        return true;
    }
    let is_word = segment.starts_with(|first: char| first.is_ascii_alphabetic()) && segment.len() <= LONGEST_NAME;
    let parts = || segment.split(['-', '_']);
    let is_numbered = parts().any(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    digits > 0 && !(is_name_due && is_word && digits <= MOST_DIGITS && !is_numbered)
}

/// Whether one shape is another with stars in place of some of its segments.
pub(super) fn covers(one: &str, other: &str) -> bool {
    let (left, right) = (one.split('/'), other.split('/'));
    left.clone().count() == right.clone().count() && left.zip(right).all(|(left, right)| left == ANY || left == right)
}

/// The shape that two have in common, if they differ in one segment alone, and that may be an id.
pub(super) fn joined(one: &str, other: &str) -> Option<String> {
    let (left, right): (Vec<&str>, Vec<&str>) = (one.split('/').collect(), other.split('/').collect());
    if left.len() != right.len() {
        return None;
    }
    let mut differing = left.iter().zip(&right).enumerate().filter(|(_, (left, right))| left != right);
    let at = differing.next()?.0;
    if differing.next().is_some() || !may_stand_for_id(&left, at) {
        return None;
    }
    let both = left.iter().enumerate().map(|(place, name)| if place == at { ANY } else { *name });
    Some(both.collect::<Vec<_>>().join("/"))
}

/// The shapes of which this one may be a part: with a star in place of words that may be ids.
pub(super) fn starred(shape: &str) -> Vec<String> {
    let parts: Vec<&str> = shape.split('/').collect();
    let may_be_id = |at: &usize| parts[*at] != ANY && !parts[*at].is_empty() && may_stand_for_id(&parts, *at);
    let places: Vec<usize> = (1..parts.len()).filter(may_be_id).take(MOST_WORDS).collect();
    let chosen = |choice: usize, at: usize| {
        places.iter().position(|place| *place == at).is_some_and(|bit| choice >> bit & 1 == 1)
    };
    let with = |choice: usize| {
        let all = parts.iter().enumerate().map(|(at, part)| if chosen(choice, at) { ANY } else { *part });
        all.collect::<Vec<_>>().join("/")
    };
    (1..1_usize << places.len()).map(with).collect()
}

/// The most words of a shape that are taken for ids.
const MOST_WORDS: usize = 5;

/// Whether a word may be an id by its place: one that stands where an id is due, or after a word that stands there
/// (`/databaseUsers/admin/anna`).
fn may_stand_for_id(parts: &[&str], at: usize) -> bool {
    at.is_multiple_of(2) || at > 1 && parts[at - 1] != ANY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_replaced_and_names_are_not() {
        let base = Url::parse("https://h/api/v1.0").unwrap();
        let shape = |path: &str| shape(&Url::parse(&format!("https://h/api/v1.0{path}")).unwrap(), &base);
        assert_eq!(shape("/groups/5a1b/alertConfigs?pageNum=2"), "/groups/*/alertConfigs");
        assert_eq!(shape("/hosts/a.example:27017"), "/hosts/*");
        assert_eq!(shape("/users/me@example/x"), "/users/*/x");
        assert_eq!(shape("/x/deadbeefdeadbeefdead"), "/x/*");
        assert_eq!(shape("/groups/5a1b/s3Buckets/b1"), "/groups/*/s3Buckets/*");
        assert_eq!(shape("/groups/5a1b/x509/cluster0"), "/groups/*/x509/*");
        assert_eq!(shape("/groups/5a1b/databaseUsers/admin/user-28"), "/groups/*/databaseUsers/admin/*");
        assert_eq!(shape("/5a1b/hosts"), "/*/hosts");
        assert_eq!(shape("/groups/[redacted]/hosts/***"), "/groups/*/hosts/*");
        assert_eq!(shape("//groups/cluster0//x509"), "//groups/*//x509");
        let escaped = Url::parse("https://h/%61pi/v1%2E0/groups/5a1b/hosts").unwrap();
        assert_eq!(super::shape(&escaped, &base), "/groups/*/hosts");
        assert_eq!((shape(""), shape("/")), ("/".into(), "/".into()));
    }

    #[test]
    fn words_may_be_ids() {
        assert_eq!(starred("/groups/*/hosts"), [""; 0]);
        assert_eq!(starred("/groups/*/users/anna"), ["/groups/*/users/*"]);
        assert_eq!(
            starred("/a/one/b/two"),
            ["/a/*/b/two", "/a/one/*/two", "/a/*/*/two", "/a/one/b/*", "/a/*/b/*", "/a/one/*/*", "/a/*/*/*"]
        );
        assert_eq!(starred("/"), [""; 0]);
    }

    #[test]
    fn shapes_that_differ_in_one_id_have_one_in_common() {
        assert_eq!(joined("/a/one/b", "/a/two/b").as_deref(), Some("/a/*/b"));
        assert_eq!(joined("/a/*/b/admin/one", "/a/*/b/admin/two").as_deref(), Some("/a/*/b/admin/*"));
        assert_eq!(joined("/groups/*/hosts", "/groups/*/alerts"), None, "names of resources");
        assert_eq!(joined("/hosts", "/alerts"), None, "names of resources");
        assert_eq!(joined("/a/one/b", "/a/two/c"), None);
        assert_eq!(joined("/a", "/a/b"), None);
        assert_eq!(joined("/a", "/a"), None);
        assert!(covers("/a/*/b", "/a/one/b") && covers("/a/*/b", "/a/*/b"));
        assert!(!covers("/a/one/b", "/a/*/b") && !covers("/a/*", "/a/b/c") && !covers("/*", "(other paths)"));
    }
}
