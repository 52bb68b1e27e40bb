//! The shape of a path: ids replaced, so that what is wrong with one resource is told once for all of its kind.

use url::Url;

/// What stands for an id.
const ANY: &str = "*";

/// The path of a URL below the base, with a star for each id.
pub(super) fn shape(url: &Url, base: &Url) -> String {
    let root = base.path().trim_end_matches('/');
    let path = url.path().strip_prefix(root).unwrap_or(url.path());
    let segments = path.split('/').map(|segment| if is_id(segment) { ANY } else { segment });
    let shape = segments.collect::<Vec<_>>().join("/");
    if shape.is_empty() { "/".to_owned() } else { shape }
}

/// Names of resources are words; ids have digits, or characters that words do not have.
fn is_id(segment: &str) -> bool {
    let odd = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'%' | b'@' | b':' | b'.' | b'+' | b'~' | b'=');
    segment.bytes().any(odd) || segment.len() >= 16 && segment.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The shape that two have in common, if they differ in one segment alone.
pub(super) fn joined(one: &str, other: &str) -> Option<String> {
    let (left, right): (Vec<&str>, Vec<&str>) = (one.split('/').collect(), other.split('/').collect());
    let differing = left.iter().zip(&right).filter(|(left, right)| left != right).count();
    if left.len() != right.len() || differing != 1 {
        return None;
    }
    let both = left.iter().zip(&right).map(|(left, right)| if left == right { *left } else { ANY });
    Some(both.collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_replaced() {
        let base = Url::parse("https://h/api/v1.0").unwrap();
        let shape = |path: &str| shape(&Url::parse(&format!("https://h/api/v1.0{path}")).unwrap(), &base);
        assert_eq!(shape("/groups/5a1b/alertConfigs?pageNum=2"), "/groups/*/alertConfigs");
        assert_eq!(shape("/hosts/a.example:27017"), "/hosts/*");
        assert_eq!(shape("/users/me@example/x"), "/users/*/x");
        assert_eq!(shape("/x/deadbeefdeadbeefdead"), "/x/*");
        assert_eq!((shape(""), shape("/")), ("/".into(), "/".into()));
    }

    #[test]
    fn shapes_that_differ_in_one_segment_have_one_in_common() {
        assert_eq!(joined("/a/one/b", "/a/two/b").as_deref(), Some("/a/*/b"));
        assert_eq!(joined("/a/one/b", "/a/two/c"), None);
        assert_eq!(joined("/a", "/a/b"), None);
        assert_eq!(joined("/a", "/a"), None);
    }
}
