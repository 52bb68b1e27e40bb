//! Equal findings told once: by invariant, method, shape of the path, and place.

use std::collections::HashMap;

use serde::Serialize;

use super::shape::{joined, starred};
use crate::record::StoredExchange;
use crate::verdict::{Finding, Location, Source};

/// The most groups; what would open another is counted together.
const GROUPS: usize = 2_000;

/// The most groups of one invariant and place before those that differ in a name alone are joined.
const ALIKE: usize = 8;

/// The most examples of a group.
const EXAMPLES: usize = 3;

/// The most groups whose first exchange is kept whole.
const SHOWN: usize = 300;

/// The most paths of a group that are named.
const STANDS_FOR: usize = 20;

/// The shape of the group that takes what would open too many.
const ELSEWHERE: &str = "(other paths)";

/// Findings that are equal but for the exchange.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// The invariant that found them.
    pub invariant: String,
    /// The requirements that are broken.
    pub requirements: Vec<String>,
    /// The method of the requests.
    pub method: String,
    /// The path of the requests below the base URL, with a star for each id.
    pub path: String,
    /// JSONPath of the place in the body, with a star for each index, or the name of another part of the answer.
    pub place: String,
    /// The place of the first of them.
    #[serde(skip)]
    pub(super) location: Location,
    /// The paths for which a star stands that is not an id by its form; the first of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stands_for: Vec<String>,
    /// How many exchanges show it.
    pub exchanges: usize,
    /// The first of them.
    pub examples: Vec<Example>,
    /// The check that found it.
    pub check: String,
    /// The line of the case file that states what was expected.
    pub source: Option<Source>,
    /// The first exchange.
    #[serde(skip)]
    pub(super) shown: Option<Box<StoredExchange>>,
    /// The last exchange that was counted: its recording and entry.
    #[serde(skip)]
    last: (String, usize),
}

/// An exchange that shows a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// The recording.
    pub file: String,
    /// The number of its entry, counted from 1.
    pub entry: usize,
    /// The method.
    pub method: String,
    /// The URL.
    pub url: String,
    /// JSONPath of the place in the body, or the name of another part of the answer.
    pub place: String,
    /// What is wrong.
    pub message: String,
}

/// What tells groups apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) invariant: usize,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) place: String,
}

/// All groups, in the order in which they were first met.
#[derive(Debug, Default)]
pub(super) struct Groups {
    known: HashMap<Key, usize>,
    all: Vec<(Key, Group)>,
}

impl Groups {
    /// Adds a finding. `shown` stores the exchange, where that is worth its memory.
    pub(super) fn add(
        &mut self,
        key: Key,
        invariant: &str,
        finding: &Finding,
        example: Example,
        shown: impl FnOnce() -> Option<StoredExchange>,
    ) {
        let is_full = self.all.len() >= GROUPS && !self.known.contains_key(&key);
        let key = if is_full { Key { path: ELSEWHERE.to_owned(), place: "$".to_owned(), ..key } } else { key };
        if let Some(at) = self.known.get(&key) {
            let group = &mut self.all[*at].1;
            // One exchange may break several expectations at one place.
            if group.last.1 == example.entry && group.last.0 == example.file {
                return;
            }
            group.last = (example.file.clone(), example.entry);
            group.exchanges += 1;
            if group.examples.len() < EXAMPLES {
                group.examples.push(example);
            }
            return;
        }
        let group = Group {
            invariant: invariant.to_owned(),
            requirements: finding.requirements.clone(),
            method: key.method.clone(),
            path: key.path.clone(),
            place: key.place.clone(),
            location: finding.location.clone().unwrap_or(Location::Request),
            stands_for: Vec::new(),
            exchanges: 1,
            last: (example.file.clone(), example.entry),
            examples: vec![example],
            check: finding.check.clone(),
            source: finding.source.clone(),
            shown: if self.all.len() < SHOWN { shown().map(Box::new) } else { None },
        };
        self.known.insert(key.clone(), self.all.len());
        self.all.push((key, group));
    }

    /// The groups by their invariant's number: those of many exchanges first, those of like paths joined.
    pub(super) fn finish(self) -> Vec<(usize, Group)> {
        let mut by_kind: HashMap<Key, Vec<(usize, Group)>> = HashMap::new();
        for (at, (key, group)) in self.all.into_iter().enumerate() {
            by_kind.entry(Key { path: String::new(), ..key }).or_default().push((at, group));
        }
        let mut all: Vec<(usize, usize, Group)> = Vec::new();
        for (key, groups) in by_kind {
            all.extend(join(groups).into_iter().map(|(at, group)| (key.invariant, at, group)));
        }
        all.sort_by_key(|(invariant, at, group)| (*invariant, std::cmp::Reverse(group.exchanges), *at));
        all.into_iter().map(|(invariant, _, group)| (invariant, group)).collect()
    }
}

impl Group {
    /// What tells it from others: the invariant, and in brackets the method, the path and the place.
    pub fn id(&self) -> String {
        format!("{}[{} {} {}]", self.invariant, self.method, self.path, self.place)
    }

    /// Ids that a list may have for it: with a star for a name that may be an id, and of those that the star stands for.
    pub fn other_ids(&self) -> Vec<String> {
        let id = |path: &str| format!("{}[{} {path} {}]", self.invariant, self.method, self.place);
        let names = starred(&self.path).into_iter().chain(self.stands_for.iter().cloned());
        names.map(|path| id(&path)).collect()
    }

    /// Takes in a group of the same kind; both have this path in common.
    fn take(&mut self, other: Group, path: String) {
        for one in [&self.path, &other.path] {
            let is_new = *one != path && !self.stands_for.contains(one);
            if is_new && self.stands_for.len() < STANDS_FOR {
                let one = one.clone();
                self.stands_for.push(one);
            }
        }
        let is_named = self.stands_for.last() == Some(&other.path);
        self.path = path;
        self.exchanges += other.exchanges;
        // An example of each path.
        self.examples.extend(other.examples.into_iter().take(usize::from(is_named)));
    }
}

/// Joins groups whose paths differ in one name, where there are many: the names are ids that look like words.
fn join(groups: Vec<(usize, Group)>) -> Vec<(usize, Group)> {
    if groups.len() <= ALIKE {
        return groups;
    }
    let mut out: Vec<(usize, Group)> = Vec::new();
    'each: for (at, group) in groups {
        for (_, into) in &mut out {
            let path = if into.path == group.path { Some(group.path.clone()) } else { joined(&into.path, &group.path) };
            if let Some(path) = path {
                into.take(group, path);
                continue 'each;
            }
        }
        out.push((at, group));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(groups: &mut Groups, path: &str, entry: usize) {
        let key = Key { invariant: 1, method: "GET".into(), path: path.into(), place: "$.a[*]".into() };
        let url = format!("https://h{path}");
        let example = Example {
            file: "a.har".into(),
            entry,
            method: "GET".into(),
            url,
            place: "$.a[0]".into(),
            message: "$.a[0] is null".into(),
        };
        groups.add(key, "fields.nothing-is-null", &Finding::fail("everywhere", "x"), example, || {
            Some(serde_json::from_str(r#"{"method":"GET","url":"u","user":null,"role":"asked","request_headers":[],"request_body":null,"status":200,"response_headers":[],"response_body":null,"started_ms":0,"duration_us":0}"#).unwrap())
        });
    }

    #[test]
    fn equal_findings_are_told_once() {
        let mut groups = Groups::default();
        for entry in 1..=50_000 {
            add(&mut groups, if entry % 2 == 0 { "/groups/*/hosts" } else { "/users/*" }, entry);
        }
        let all = groups.finish();
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].1.exchanges, all[0].1.examples.len()), (25_000, 3));
        assert_eq!(all[0].1.examples[0].entry, 1);
    }

    #[test]
    fn names_that_are_ids_are_seen_when_there_are_many() {
        let mut groups = Groups::default();
        for name in ["anna", "berta", "carl", "dora", "emil", "frida", "gustav", "hanna", "ida"] {
            add(&mut groups, &format!("/users/{name}"), 1);
        }
        let all = groups.finish();
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].1.path.as_str(), all[0].1.exchanges), ("/users/*", 9));
        assert_eq!((all[0].1.stands_for.len(), all[0].1.examples.len()), (9, 9));
        assert_eq!(all[0].1.stands_for[1], "/users/berta");
    }

    #[test]
    fn a_group_is_known_by_the_names_that_it_stands_for() {
        let mut groups = Groups::default();
        add(&mut groups, "/groups/*/users/anna", 1);
        let ids = groups.finish()[0].1.other_ids();
        assert_eq!(ids, ["fields.nothing-is-null[GET /groups/*/users/* $.a[*]]"]);
        let mut groups = Groups::default();
        for name in ["anna", "berta", "carl", "dora", "emil", "frida", "gustav", "hanna", "ida"] {
            add(&mut groups, &format!("/users/{name}"), 1);
        }
        let ids = groups.finish()[0].1.other_ids();
        assert_eq!((ids.len(), ids[8].as_str()), (9, "fields.nothing-is-null[GET /users/ida $.a[*]]"));
    }

    #[test]
    fn names_of_resources_stay_apart() {
        let mut groups = Groups::default();
        for name in ["alerts", "backups", "clusters", "events", "hosts", "keys", "logs", "users", "whitelist", "x509"] {
            add(&mut groups, &format!("/groups/*/{name}"), 1);
        }
        assert_eq!(groups.finish().len(), 10);
    }

    #[test]
    fn the_number_of_groups_is_bounded() {
        let mut groups = Groups::default();
        for entry in 0..GROUPS * 3 {
            add(&mut groups, &format!("/{}", "x".repeat(entry % 7) + &entry.to_string()), entry);
        }
        assert_eq!(groups.all.len(), GROUPS + 1);
        let shown = groups.all.iter().filter(|(_, group)| group.shown.is_some()).count();
        assert_eq!(shown, SHOWN);
    }
}
