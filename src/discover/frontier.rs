//! Which links are followed, and in which order: the nearest first, none twice, few of a kind.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use url::Url;

use crate::check::{SAME_RESOURCE, normal_path, same_place};

/// The most resources of one kind that are read.
const OF_A_KIND: usize = 3;
/// The most links that wait: a body of links must not fill the memory.
const WAITING: usize = 5_000;

/// A link that waits to be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ahead {
    pub(super) url: Url,
    /// Links between the root and this.
    pub(super) depth: usize,
}

/// Links to follow and links that were followed.
#[derive(Debug)]
pub(super) struct Frontier {
    root: Url,
    waiting: VecDeque<Ahead>,
    seen: BTreeSet<String>,
    kinds: BTreeMap<String, usize>,
    /// Segments of paths that name one of many.
    ids: BTreeSet<String>,
    depth: usize,
}

impl Frontier {
    /// A frontier at the root.
    pub(super) fn new(root: &Url, depth: usize) -> Self {
        let first = Ahead { url: root.clone(), depth: 0 };
        let seen = BTreeSet::from([same_place(root)]);
        let root = root.clone();
        Self { root, waiting: VecDeque::from([first]), seen, kinds: BTreeMap::new(), ids: BTreeSet::new(), depth }
    }

    /// The next link to follow.
    pub(super) fn next(&mut self) -> Option<Ahead> {
        self.waiting.pop_front()
    }

    /// How many links wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// A link was found in what lies at `depth`. It waits if it leads to something new below the root.
    pub(super) fn offer(&mut self, url: Url, depth: usize) {
        if depth >= self.depth || self.waiting.len() >= WAITING || self.path(&url).is_none() {
            return;
        }
        if !self.seen.insert(same_place(&url)) {
            return;
        }
        let kind = self.kind(&url);
        let count = self.kinds.entry(kind).or_default();
        *count += 1;
        if *count <= OF_A_KIND {
            self.waiting.push_back(Ahead { url, depth: depth + 1 });
        }
    }

    /// The last segment of this URL names one of many.
    pub(super) fn learn_id(&mut self, url: &Url) {
        if let Some(id) = url.path_segments().and_then(|mut segments| segments.rfind(|segment| !segment.is_empty())) {
            self.ids.insert(normal_path(id));
        }
    }

    /// Path and query below the root, without what leads to no other resource; `None` outside the root. A slash at its
    /// end stays: servers may tell the two paths apart.
    pub(super) fn path(&self, url: &Url) -> Option<String> {
        if url.origin() != self.root.origin() || !url.username().is_empty() || url.password().is_some() {
            return None;
        }
        let (path, root) = (normal_path(url.path()), normal_path(self.root.path()));
        let below = path.strip_prefix(root.trim_end_matches('/'))?;
        if !below.is_empty() && !below.starts_with('/') {
            return None;
        }
        let path = if below.trim_end_matches('/').is_empty() { "/" } else { below };
        let query = query(url);
        Some(if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") })
    }

    /// What is alike in all URLs of one kind of resource.
    pub(super) fn kind(&self, url: &Url) -> String {
        let path = normal_path(url.path());
        let segments = path.split('/').map(|segment| if self.is_id(segment) { "*" } else { segment });
        let path = segments.collect::<Vec<_>>().join("/");
        let names: BTreeSet<String> = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
        names.into_iter().filter(|name| !is_aside(name)).fold(path, |kind, name| kind + "?" + &name)
    }

    /// Whether a segment of a path names one of many.
    pub(super) fn is_id(&self, segment: &str) -> bool {
        looks_like_id(segment) || self.ids.contains(&normal_path(segment))
    }
}

/// Whether a text can hardly be anything but an id: digits alone, or many hexadecimal ones.
pub(super) fn looks_like_id(segment: &str) -> bool {
    let digits = segment.bytes().filter(u8::is_ascii_digit).count();
    let all_hex = segment.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    !segment.is_empty() && (digits == segment.len() || segment.len() >= 16 && all_hex && digits > 0)
}

fn is_aside(name: &str) -> bool {
    SAME_RESOURCE.contains(&name)
}

/// The query without what leads to no other resource, as it was written.
fn query(url: &Url) -> String {
    let name = |pair: &str| pair.split('=').next().unwrap_or_default().to_owned();
    let pairs = url.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !is_aside(&name(pair)));
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "https://h/api";

    fn url(text: &str) -> Url {
        Url::parse("https://h/api/").unwrap().join(text).unwrap()
    }

    fn frontier() -> Frontier {
        Frontier::new(&Url::parse(ROOT).unwrap(), 3)
    }

    fn followed(links: &[&str]) -> Vec<String> {
        let mut frontier = frontier();
        frontier.next();
        for link in links {
            frontier.offer(url(link), 0);
        }
        let urls: Vec<Url> = std::iter::from_fn(|| frontier.next()).map(|ahead| ahead.url).collect();
        urls.iter().map(|url| frontier.path(url).unwrap()).collect()
    }

    #[test]
    fn the_order_is_that_of_the_links_and_none_is_followed_twice() {
        assert_eq!(
            followed(&["b", "a", "b/", "a?pageNum=2&pretty=true", "a#x", "a?x=1&y=2", "a?y=2&x=1", "."]),
            ["/b", "/a", "/a?x=1&y=2"]
        );
    }

    #[test]
    fn nothing_outside_the_root_is_followed() {
        let links =
            ["https://other/api/x", "http://h/api/x", "https://h:444/api/x", "/apix", "/", "https://u:p@h/api/x"];
        assert_eq!(followed(&links), Vec::<String>::new());
        assert_eq!(followed(&["file:///etc/passwd", "data:x", "../../api/../secret"]), Vec::<String>::new());
    }

    #[test]
    fn few_of_a_kind_are_followed() {
        let links = ["g/1", "g/22", "g/3", "g/4", "g/57b6e9e4e4b0aaaabbbb", "g/all", "g/every"];
        assert_eq!(followed(&links), ["/g/1", "/g/22", "/g/3", "/g/all", "/g/every"]);
        let mut frontier = frontier();
        for name in ["north", "south", "east", "west"] {
            frontier.learn_id(&url(&format!("g/{name}/")));
            frontier.offer(url(&format!("g/{name}/piers")), 1);
        }
        assert_eq!(frontier.waiting(), 1 + OF_A_KIND);
    }

    #[test]
    fn a_slash_at_the_end_stays() {
        assert_eq!(followed(&["b/", "b", "c/?x=1", "./?y=2"]), ["/b/", "/c/?x=1", "/?y=2"]);
    }

    #[test]
    fn depth_is_bounded() {
        let mut frontier = frontier();
        frontier.offer(url("deep"), 3);
        frontier.offer(url("near"), 2);
        assert_eq!(frontier.waiting(), 2);
    }

    #[test]
    fn an_escape_that_is_not_needed_makes_no_other_path() {
        assert_eq!(
            followed(&["g/north~7", "g/north%7E7", "g/%6Eorth%7e7", "g/a%2Fb", "g/a%"]),
            ["/g/north~7", "/g/a%2Fb", "/g/a%"]
        );
        assert_eq!(followed(&["HTTPS://H:443/%61pi/./b", "b"]), ["/b"], "one place in two spellings");
    }
}
