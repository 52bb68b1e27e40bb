//! Which cases of a suite are run against a target, and why the others are not.

mod filter;
mod instance;
mod shard;

use std::sync::Arc;

use serde_json::Value;

use self::filter::{Chosen, Sieve};
pub use self::shard::Shard;
use super::{Case, Effects, Invariant, Scope, Suite};
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
    /// Whether cases that write are left out.
    pub read_only: bool,
}

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
        let wanted = sieve.wants(&invariant.chapter, &invariant.requirements, Effects::Reads);
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
    let aside = |id: &str, why, reason| set_aside(case, id, why, reason);
    // Asked first, so that the filter counts as one that matches something.
    let chosen = sieve.chooses_case(&case.id);
    if let Err(reason) = sieve.wants(&case.chapter, &case.requirements, case.effects) {
        plan.set_aside.push(aside(&case.id, Why::NotSelected, reason));
        return;
    }
    let applicable = case.needs.iter().try_for_each(|need| has(need));
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

fn set_aside(case: &Case, id: &str, why: Why, reason: String) -> SetAside {
    SetAside {
        id: id.to_owned(),
        chapter: case.chapter.clone(),
        purpose: case.purpose.clone(),
        requirements: case.requirements.clone(),
        source: case.source.clone(),
        why,
        reason,
    }
}

#[cfg(test)]
mod tests;
