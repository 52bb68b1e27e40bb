//! Which cases of a suite are run against a target, and why the others are not.

mod filter;
mod instance;
mod shard;

use std::sync::Arc;

use serde_json::Value;

use self::filter::{Chosen, Sieve};
pub use self::shard::Shard;
use super::vocabulary::line_for;
use super::{Case, Invariant, Scope, Suite};
use crate::verdict::{Level, Source};

/// What the user asks for; each empty list asks for everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Globs over ids of cases, of their instances and of invariants: `lists.*`, `lists.walk[size=7]`.
    pub ids: Vec<String>,
    /// Names of chapters.
    pub chapters: Vec<String>,
    /// Ids of requirements.
    pub requirements: Vec<String>,
    /// Levels of requirements.
    pub levels: Vec<Level>,
    /// Whether cases that send more than GET and HEAD, and DELETE of the root, are left out.
    pub read_only: bool,
    /// Where other cases may run.
    pub writing: Writing,
}

/// Where cases may run that send more than GET and HEAD, and DELETE of the root.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Writing {
    /// On every target that has what they need.
    #[default]
    Anywhere,
    /// On targets that claim writes.
    WhereClaimed,
}

/// What a target claims where cases may write.
const CLAIM_OF_WRITES: &str = "writes";

/// A case with values for its loop variables.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The case's id and, in brackets, the values: `lists.walk[size=7]`.
    pub id: String,
    /// The case.
    pub case: Arc<Case>,
    /// Its loop variables and their values.
    pub variables: Vec<(String, Value)>,
}

/// What is run.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// In the order of their ids.
    pub to_run: Vec<Instance>,
    /// Judged on every exchange of the run.
    pub invariants: Vec<Arc<Invariant>>,
    /// What is not run.
    pub set_aside: Vec<SetAside>,
}

/// A case or invariant that is not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Its id, or that of one instance.
    pub id: String,
    /// Its chapter.
    pub chapter: String,
    /// Its purpose.
    pub purpose: String,
    /// What it would judge.
    pub requirements: Vec<String>,
    /// Where it stands.
    pub source: Source,
    /// Whose choice that is.
    pub why: Why,
    /// The reason, for a person.
    pub reason: String,
}

impl SetAside {
    /// A case that is set aside, or one instance of it.
    pub(crate) fn of(case: &Case, id: &str, why: Why, reason: String) -> Self {
        Self {
            id: id.to_owned(),
            chapter: case.chapter.clone(),
            purpose: case.purpose.clone(),
            requirements: case.requirements.clone(),
            source: case.source.clone(),
            why,
            reason,
        }
    }
}

/// Why something is not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The target does not claim or declare what it needs.
    NotApplicable,
    /// The user asked for others.
    NotSelected,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    /// A filter that selects nothing is a mistake, never an empty run.
    #[error("no {what} `{filter}`{}", help.as_ref().map(|help| format!(": {help}")).unwrap_or_default())]
    NothingMatches {
        /// What it should have matched.
        what: &'static str,
        /// The filter.
        filter: String,
        /// What may have been meant.
        help: Option<String>,
    },
    /// Nothing passes all filters.
    #[error("each filter selects something, but no case passes all of them together")]
    NothingPasses,
    /// No glob.
    #[error("`{filter}` is no pattern of ids: {reason}")]
    BadGlob {
        /// The filter.
        filter: String,
        /// The cause.
        reason: String,
    },
}

/// What of a suite is run against a target that `has` what is needed, or says what is missing.
///
/// `scope` knows the target's names and fills in loops. Invariants are subject to the filters alone.
pub fn plan(
    suite: &Suite,
    has: &dyn Fn(&str) -> Result<(), String>,
    scope: &Scope,
    filters: &Filters,
) -> Result<Plan, SelectError> {
    let mut sieve = Sieve::new(suite, filters)?;
    let mut plan = Plan::default();
    for case in &suite.cases {
        place(case, has, scope, &mut sieve, &mut plan);
    }
    for invariant in &suite.invariants {
        let wanted = sieve.wants(&invariant.chapter, &invariant.requirements, None);
        match wanted.and_then(|()| sieve.wants_id(&invariant.id)) {
            Ok(()) => plan.invariants.push(Arc::new(invariant.clone())),
            Err(reason) => plan.set_aside.push(SetAside {
                id: invariant.id.clone(),
                chapter: invariant.chapter.clone(),
                purpose: invariant.purpose.clone(),
                requirements: invariant.requirements.clone(),
                source: invariant.source.clone(),
                why: Why::NotSelected,
                reason,
            }),
        }
    }
    sieve.finish(suite)?;
    let chosen = !plan.to_run.is_empty() || !plan.invariants.is_empty();
    if !chosen && !plan.set_aside.is_empty() && plan.set_aside.iter().all(|it| it.why == Why::NotSelected) {
        return Err(SelectError::NothingPasses);
    }
    plan.to_run.sort_by(|a, b| a.id.cmp(&b.id));
    plan.set_aside.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(plan)
}

/// Puts the instances of a case where they belong.
fn place(case: &Case, has: &dyn Fn(&str) -> Result<(), String>, scope: &Scope, sieve: &mut Sieve<'_>, plan: &mut Plan) {
    let aside = |id: &str, why, reason| SetAside::of(case, id, why, reason);
    // Asked first, so that the filter counts as one that matches something.
    let chosen = sieve.chooses_case(&case.id);
    if let Err(reason) = sieve.wants(&case.chapter, &case.requirements, Some(case)) {
        plan.set_aside.push(aside(&case.id, Why::NotSelected, reason));
        return;
    }
    let applicable = applicable(case, has, sieve.writing());
    let instances = match applicable.and_then(|()| instance::of(case, scope)) {
        Ok(instances) => instances,
        Err(reason) => {
            let (why, reason) = match chosen {
                Chosen::Whole | Chosen::Perhaps => (Why::NotApplicable, reason),
                Chosen::No => (Why::NotSelected, filter::OTHER_IDS.to_owned()),
            };
            plan.set_aside.push(aside(&case.id, why, reason));
            return;
        }
    };
    let (wanted, others): (Vec<_>, Vec<_>) =
        instances.into_iter().partition(|one| chosen == Chosen::Whole || sieve.wants_id(&one.id).is_ok());
    if wanted.is_empty() {
        plan.set_aside.push(aside(&case.id, Why::NotSelected, filter::OTHER_IDS.to_owned()));
    } else {
        let left_out = others.iter().map(|one| aside(&one.id, Why::NotSelected, filter::OTHER_IDS.to_owned()));
        plan.set_aside.extend(left_out);
    }
    plan.to_run.extend(wanted);
}

/// Whether the target has all that a case needs, or what is missing: the reason, or the lines to write.
fn applicable(case: &Case, has: &dyn Fn(&str) -> Result<(), String>, writing: Writing) -> Result<(), String> {
    let claimed = CLAIM_OF_WRITES.to_owned();
    let unclaimed = writing == Writing::WhereClaimed && !case.is_harmless() && !case.needs.contains(&claimed);
    let needs = unclaimed.then_some(&claimed).into_iter().chain(&case.needs);
    let missing: Vec<(&String, String)> = needs.filter_map(|need| Some((need, has(need).err()?))).collect();
    match missing.as_slice() {
        [] => Ok(()),
        [(_, reason)] => Err(reason.clone()),
        several => {
            // What lacks as a whole lacks in its parts, too.
            let group = |need: &str| need.split_once('.').map(|(group, _)| group.to_owned());
            let whole = |need: &str| group(need).is_some_and(|group| several.iter().any(|(other, _)| **other == group));
            let parts = several.iter().filter(|(need, _)| !whole(need));
            let lines: Vec<String> = parts.map(|(need, _)| format!("`{}`", line_for(need))).collect();
            Err(format!("the target file lacks {}", lines.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests;
