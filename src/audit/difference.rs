//! What changed between two audits, by group.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use serde::{Deserialize, Serialize};

use super::shape;

/// What tells a group from others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    invariant: String,
    method: String,
    place: String,
    path: String,
}

/// An audit, as far as it is compared (`audit.json`).
#[derive(Clone, Debug, Deserialize)]
pub struct AuditOutline {
    recordings: Vec<RecordingOutline>,
    groups: Vec<GroupOutline>,
}

#[derive(Clone, Debug, Deserialize)]
struct RecordingOutline {
    judged: usize,
}

#[derive(Clone, Debug, Deserialize)]
struct GroupOutline {
    invariant: String,
    method: String,
    path: String,
    place: String,
    exchanges: usize,
}

/// What changed from one audit to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditDifference {
    /// Version of this format: 1.
    pub format: u32,
    /// Exchanges that the earlier audit judged.
    pub old_exchanges: usize,
    /// Exchanges that the later audit judged.
    pub new_exchanges: usize,
    /// Whether there is a new group.
    pub regression: bool,
    /// The groups that changed, by kind, then by name.
    pub groups: Vec<GroupChange>,
}

/// A group that changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct GroupChange {
    /// In which way.
    pub kind: GroupChangeKind,
    /// Its invariant.
    pub invariant: String,
    /// Its method.
    pub method: String,
    /// Its path, with a star for each id.
    pub path: String,
    /// Its place.
    pub place: String,
    /// How many exchanges of the earlier audit show it.
    pub old: usize,
    /// How many exchanges of the later audit show it.
    pub new: usize,
}

/// In which way a group changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupChangeKind {
    /// Only the later audit has it.
    New,
    /// A larger share of the exchanges shows it.
    More,
    /// A smaller share of the exchanges shows it.
    Fewer,
    /// Only the earlier audit has it.
    Gone,
}

impl AuditOutline {
    /// The outline of the audit that a file of `audit.json` holds.
    pub fn from_reader(reader: impl Read) -> Result<Self, serde_json::Error> {
        serde_json::from_reader(reader)
    }

    fn exchanges(&self) -> usize {
        self.recordings.iter().map(|recording| recording.judged).sum()
    }

    fn keys(&self) -> impl Iterator<Item = Key> {
        self.groups.iter().map(GroupOutline::key)
    }

    /// The exchanges of each group, by its key among these.
    fn counts(&self, keys: &BTreeSet<Key>) -> BTreeMap<Key, usize> {
        let mut counts = BTreeMap::new();
        for group in &self.groups {
            *counts.entry(group.key().widest(keys)).or_default() += group.exchanges;
        }
        counts
    }
}

impl GroupOutline {
    fn key(&self) -> Key {
        Key {
            invariant: self.invariant.clone(),
            method: self.method.clone(),
            place: self.place.clone(),
            path: self.path.clone(),
        }
    }
}

impl Key {
    /// The key among these that covers it: where one audit saw many names and took them for ids, and the other a few, the
    /// groups are the same.
    fn widest(self, keys: &BTreeSet<Key>) -> Self {
        let from = Self { path: String::new(), ..self.clone() };
        let like = keys.range(from..).take_while(|key| key.is_like(&self));
        let stars = |key: &&Key| key.path.matches('*').count();
        like.filter(|key| shape::covers(&key.path, &self.path)).max_by_key(stars).cloned().unwrap_or(self)
    }

    /// Whether it differs from another in the path alone.
    fn is_like(&self, other: &Self) -> bool {
        (&self.invariant, &self.method, &self.place) == (&other.invariant, &other.method, &other.place)
    }
}

impl AuditDifference {
    /// What changed from `old` to `new`. Counts differ if the share of the exchanges that show a group changed by more
    /// than so many percent of what it was.
    pub fn between(old: &AuditOutline, new: &AuditOutline, percent: u32) -> Self {
        let all: BTreeSet<Key> = old.keys().chain(new.keys()).collect();
        let (before, after) = (old.counts(&all), new.counts(&all));
        let totals = (old.exchanges(), new.exchanges());
        let keys = before.keys().chain(after.keys().filter(|key| !before.contains_key(*key)));
        let change = |key: &Key| {
            let counts = (before.get(key).copied().unwrap_or(0), after.get(key).copied().unwrap_or(0));
            let Key { invariant, method, place, path } = key.clone();
            let kind = kind(counts, totals, percent)?;
            Some(GroupChange { kind, invariant, method, path, place, old: counts.0, new: counts.1 })
        };
        let mut groups: Vec<GroupChange> = keys.filter_map(change).collect();
        groups.sort();
        let regression = groups.iter().any(|change| change.kind == GroupChangeKind::New);
        Self { format: 1, old_exchanges: totals.0, new_exchanges: totals.1, regression, groups }
    }
}

#[expect(clippy::cast_precision_loss, reason = "shares are compared roughly")]
fn kind((old, new): (usize, usize), (old_total, new_total): (usize, usize), percent: u32) -> Option<GroupChangeKind> {
    if old == 0 || new == 0 {
        return Some(if old == 0 { GroupChangeKind::New } else { GroupChangeKind::Gone });
    }
    let share = |count: usize, total: usize| count as f64 / total.max(1) as f64;
    let ratio = share(new, new_total) / share(old, old_total);
    let most = 1.0 + f64::from(percent) / 100.0;
    if ratio > most {
        Some(GroupChangeKind::More)
    } else if ratio < 1.0 / most {
        Some(GroupChangeKind::Fewer)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(judged: usize, groups: &[(&str, usize)]) -> AuditOutline {
        let groups: Vec<_> = groups
            .iter()
            .map(|(place, exchanges)| {
                serde_json::json!({"invariant": "i", "method": "GET", "path": "/a", "place": place, "exchanges": exchanges})
            })
            .collect();
        let text = serde_json::json!({"recordings": [{"judged": judged}], "groups": groups, "run": {}}).to_string();
        AuditOutline::from_reader(text.as_bytes()).unwrap()
    }

    fn changes(old: &AuditOutline, new: &AuditOutline) -> Vec<String> {
        let difference = AuditDifference::between(old, new, 20);
        difference.groups.iter().map(|it| format!("{:?} {} {}>{}", it.kind, it.place, it.old, it.new)).collect()
    }

    #[test]
    fn groups_are_compared_by_the_share_of_exchanges() {
        let old = outline(100, &[("$.a", 10), ("$.b", 10), ("$.c", 10), ("$.d", 10)]);
        let new = outline(200, &[("$.a", 22), ("$.b", 30), ("$.c", 12), ("$.e", 1)]);
        assert_eq!(changes(&old, &new), ["New $.e 0>1", "More $.b 10>30", "Fewer $.c 10>12", "Gone $.d 10>0"]);
        assert!(AuditDifference::between(&old, &new, 20).regression);
        assert!(changes(&old, &old).is_empty() && !AuditDifference::between(&new, &old, 1000).groups.is_empty());
    }

    #[test]
    fn names_that_one_audit_took_for_ids_are_no_news() {
        let at = |paths: &[&str]| {
            let groups: Vec<_> = paths
                .iter()
                .map(|path| serde_json::json!({"invariant": "i", "method": "GET", "path": path, "place": "$", "exchanges": 1}))
                .collect();
            let text = serde_json::json!({"recordings": [{"judged": 10}], "groups": groups}).to_string();
            AuditOutline::from_reader(text.as_bytes()).unwrap()
        };
        let (many, few) = (at(&["/users/*"]), at(&["/users/anna"]));
        assert!(changes(&many, &few).is_empty() && changes(&few, &many).is_empty());
        assert_eq!(AuditDifference::between(&many, &at(&["/users/anna/x"]), 20).groups.len(), 2);
    }
}
