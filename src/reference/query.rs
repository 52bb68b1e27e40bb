//! The query of a request and the paths of links.

use url::form_urlencoded;

/// The decoded parameters of a query, in the order sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads a query without its question mark: `+` is a space, `%XX` a byte.
    pub(crate) fn parse(text: &str) -> Self {
        Self(form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    /// The first value of a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a switch is on: only `true` turns it on.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        self.get(name) == Some("true")
    }

    /// This query with one parameter set in place, or added at the end.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        let first = self.0.iter().position(|(key, _)| key == name);
        self.0.retain(|(key, _)| key != name);
        let place = first.unwrap_or(self.0.len()).min(self.0.len());
        self.0.insert(place, (name.to_owned(), value.to_owned()));
        self
    }

    /// The parameters of these names alone.
    pub(crate) fn only(mut self, wanted: impl Fn(&str) -> bool) -> Self {
        self.0.retain(|(name, _)| wanted(name));
        self
    }

    /// The parameters in the reverse order.
    pub(crate) fn reversed(mut self) -> Self {
        self.0.reverse();
        self
    }

    /// The encoded text, without a question mark.
    pub(crate) fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }
}

/// The segments of a path below the root, decoded; one slash at the end is the same path without it.
pub(crate) fn segments(path: &str) -> Vec<String> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    if path.is_empty() { Vec::new() } else { path.split('/').map(decode).collect() }
}

fn decode(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let coded = if first == b'%' { after.get(..2).and_then(byte) } else { None };
        bytes.push(coded.unwrap_or(first));
        rest = if coded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn byte(hex: &[u8]) -> Option<u8> {
    data_encoding::HEXLOWER_PERMISSIVE.decode(hex).ok()?.first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_plus_and_percent_in_queries() {
        let query = Query::parse("a=1+2&b=%2B%C3%A9&a=3&empty");
        assert_eq!(query.get("a"), Some("1 2"));
        assert_eq!(query.get("b"), Some("+é"));
        assert_eq!(query.get("empty"), Some(""));
        assert_eq!(query.get("c"), None);
    }

    #[test]
    fn only_true_switches_on() {
        let query = Query::parse("a=true&b=false&c&d=TRUE");
        assert!(query.is_on("a"));
        assert!(!["b", "c", "d", "e"].iter().any(|name| query.is_on(name)));
    }

    #[test]
    fn a_parameter_is_set_in_its_place() {
        let query = Query::parse("x=1&pageNum=2&y=a%26b&pageNum=9").with("pageNum", "3").with("itemsPerPage", "5");
        assert_eq!(query.encode(), "x=1&pageNum=3&y=a%26b&itemsPerPage=5");
    }

    #[test]
    fn paths_are_decoded_after_they_are_split() {
        assert_eq!(segments(""), Vec::<String>::new());
        assert_eq!(segments("/"), Vec::<String>::new());
        assert_eq!(segments("/groups/"), ["groups"]);
        assert_eq!(segments("/a%2Fb/%4x+"), ["a/b", "%4x+"]);
        assert_eq!(segments("/groups//hosts"), ["groups", "", "hosts"]);
    }
}
