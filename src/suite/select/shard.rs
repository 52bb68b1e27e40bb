//! A part of a plan, so that several machines share a suite.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{Instance, Plan, SetAside};
use crate::reason::{Reason, Shard};
use crate::suite::{Case, Suite};

/// The lock of all cases that count requests within a window of the rate limit.
const WINDOW: &str = "the window of the rate limit";
/// The parameters of rate-limited resources.
const LIMITED: &str = "limited";

impl Plan {
    /// The plan without what other shards run. Invariants are judged by every shard on what it sees. Where the target
    /// is, `address`, decides nothing: the reference server takes another port for every shard.
    #[must_use]
    pub fn of_shard(mut self, suite: &Suite, shard: Shard, address: &str) -> Self {
        let locks = Locks::of(suite, address);
        let (ours, theirs): (Vec<Instance>, Vec<Instance>) =
            self.to_run.into_iter().partition(|instance| locks.shard_of(instance, shard.of) == shard);
        self.to_run = ours;
        self.set_aside.extend(theirs.iter().map(|instance| {
            let reason = Reason::OtherShard { shard: locks.shard_of(instance, shard.of) };
            SetAside::of(&instance.case, &instance.id, reason)
        }));
        self.set_aside.sort_by(|a, b| a.id.cmp(&b.id));
        self
    }
}

/// Which locks hang together: cases of such locks may not run at the same time, so one shard runs them all.
struct Locks<'a> {
    /// Host and port of the target.
    address: &'a str,
    /// The first lock of the group of each lock.
    group: BTreeMap<String, String>,
}

impl<'a> Locks<'a> {
    fn of(suite: &Suite, address: &'a str) -> Self {
        let mut group: BTreeMap<String, String> = BTreeMap::new();
        for case in &suite.cases {
            let names = names(case);
            let mut groups: Vec<String> =
                names.iter().map(|name| group.get(name).unwrap_or(name).clone()).chain(names.clone()).collect();
            groups.sort();
            let Some(first) = groups.first().cloned() else { continue };
            for (name, of) in &mut group {
                if groups.contains(name) || groups.contains(of) {
                    of.clone_from(&first);
                }
            }
            group.extend(names.into_iter().map(|name| (name, first.clone())));
        }
        Self { address, group }
    }

    fn shard_of(&self, instance: &Instance, of: u32) -> Shard {
        let lock = names(&instance.case).into_iter().next();
        let key = match lock {
            Some(lock) => format!("lock {}", self.group.get(&lock).unwrap_or(&lock)),
            None => format!("case {}", plain_id(instance).replace(self.address, "{target}")),
        };
        let digest = Sha256::digest(key.as_bytes());
        let number = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        let number = u32::try_from(number % u64::from(of)).unwrap_or_default() + 1;
        Shard { number, of }
    }
}

/// The locks of a case, those that it does not name included.
fn names(case: &Case) -> Vec<String> {
    let mut names = case.holds.clone();
    let limited = |need: &String| need == LIMITED || need.starts_with("limited.");
    if case.runs_alone() || case.needs.iter().any(limited) {
        names.push(WINDOW.to_owned());
    }
    names
}

/// The id of a case with its loop variables in the order of their names, whatever the order in the file.
fn plain_id(instance: &Instance) -> String {
    let variables = instance.variables.iter().map(|(name, value)| format!("{name}={value}"));
    let kinds = instance.kinds.iter().map(|kind| format!("{}={}", kind.name, kind.shown));
    let mut variables: Vec<String> = variables.chain(kinds).collect();
    variables.sort();
    format!("{}[{}]", instance.case.id, variables.join(","))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::suite::Effects;
    use crate::verdict::Source;

    fn case(id: &str, holds: &[&str], needs: &[&str]) -> Case {
        let all = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Case {
            id: id.to_owned(),
            chapter: "c".to_owned(),
            purpose: String::new(),
            requirements: Vec::new(),
            needs: all(needs),
            effects: Effects::Reads,
            hazard: None,
            holds: all(holds),
            for_each: Vec::new(),
            vary: Vec::new(),
            bindings: Vec::new(),
            preamble: Vec::new(),
            steps: Vec::new(),
            postamble: Vec::new(),
            source: Source::default(),
        }
    }

    fn suite(cases: Vec<Case>) -> Suite {
        Suite { cases, ..Suite::default() }
    }

    fn planned(suite: &Suite) -> Plan {
        let instance = |case: &Case| Instance {
            id: case.id.clone(),
            case: Arc::new(case.clone()),
            kinds: vec![],
            variables: vec![],
        };
        Plan { to_run: suite.cases.iter().map(instance).collect(), ..Plan::default() }
    }

    fn shards(suite: &Suite, of: u32) -> Vec<BTreeSet<String>> {
        let ids = |number| {
            let plan = planned(suite).of_shard(suite, Shard { number, of }, "h:1");
            assert_eq!(plan.to_run.len() + plan.set_aside.len(), suite.cases.len());
            plan.to_run.into_iter().map(|instance| instance.id).collect()
        };
        (1..=of).map(ids).collect()
    }

    #[test]
    fn every_case_is_in_one_shard_and_no_shard_is_much_larger() {
        let suite = suite((0..300).map(|number| case(&format!("c.case-{number}"), &[], &[])).collect());
        let shards = shards(&suite, 3);
        let all: BTreeSet<&String> = shards.iter().flatten().collect();
        assert_eq!((all.len(), shards.iter().map(BTreeSet::len).sum::<usize>()), (300, 300));
        assert!(shards.iter().all(|shard| shard.len() > 70), "{:?}", shards.iter().map(BTreeSet::len));
    }

    #[test]
    fn cases_that_exclude_each_other_stay_together() {
        let cases = (0..40).flat_map(|number| {
            let id = |kind: &str| format!("c.{kind}-{number}");
            let limited = if number % 2 == 0 { "limited.path" } else { "limited" };
            [
                case(&id("one"), &["one"], &[]),
                case(&id("two"), &["two"], &[]),
                case(&id("limited"), &[], &[limited]),
                case(&id("free"), &[], &[]),
            ]
        });
        let joins = [case("c.joins", &["two", "one"], &[]), case("c.single", &["everything"], &[])];
        let suite = suite(cases.chain(joins).collect());
        let shards = shards(&suite, 7);
        let with = |parts: &[&str]| {
            let named = |id: &String| parts.iter().any(|part| id.contains(part));
            shards.iter().filter(|shard| shard.iter().any(named)).count()
        };
        assert_eq!((with(&["one", "two", "joins"]), with(&["limited", "single"])), (1, 1));
        assert!(with(&["free"]) > 3);
    }

    #[test]
    fn the_order_of_loop_variables_moves_no_case() {
        let instance = |variables: &[(&str, u32)]| Instance {
            id: String::new(),
            case: Arc::new(case("c.x", &[], &[])),
            kinds: Vec::new(),
            variables: variables.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect(),
        };
        let locks = Locks::of(&suite(Vec::new()), "h:1");
        for of in 2..50 {
            let shard = |variables: &[(&str, u32)]| locks.shard_of(&instance(variables), of);
            assert_eq!(shard(&[("size", 7), ("page", 2)]), shard(&[("page", 2), ("size", 7)]));
        }
    }

    #[test]
    fn where_a_case_runs_is_the_same_everywhere() {
        let locks = Locks::of(&suite(Vec::new()), "h:1");
        let shard_of = |id: &str| {
            let instance = Instance {
                id: id.to_owned(),
                case: Arc::new(case(id, &[], &[])),
                kinds: Vec::new(),
                variables: Vec::new(),
            };
            locks.shard_of(&instance, 10).to_string()
        };
        assert_eq!([shard_of("lists.walk-long"), shard_of("auth.nobody-is-refused")], ["2/10", "5/10"]);
    }
}
