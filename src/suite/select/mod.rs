//! Which cases of a suite are run against a target, and why the others are not.

mod cover;
mod filter;
mod instance;
mod shard;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

pub use self::cover::{Depth, Pairs};
use self::filter::{Chosen, Sieve};
use super::{Case, Conditions, Invariant, Scope, Suite, vary, vocabulary};
use crate::reason::{self, MissingKey, Reason};
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
    /// Globs over ids as above and over ids of requirements: what is left out.
    pub skip: Vec<String>,
    /// Ids of tests and invariants; others are left out.
    pub among: Option<Vec<String>>,
    /// Whether cases that send more than GET and HEAD, and DELETE of the root, are left out.
    pub read_only: bool,
    /// Where other cases may run.
    pub writing: Writing,
    /// How many combinations of a case's dimensions are tried.
    pub depth: Depth,
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
    /// Which of several kinds it is about, a kind of each group.
    pub kinds: Vec<Kind>,
    /// Its loop variables and their values.
    pub variables: Vec<(String, Value)>,
}

/// One of several kinds of a group, or one of several lists of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The name that cases use: `document`, `list.long`.
    pub name: String,
    /// The kind as ids show it: `boats`.
    pub shown: String,
    /// The place in the target file: `documents.boats`.
    pub stands_for: String,
}

impl Instance {
    /// The scope with all that the instance binds.
    #[must_use]
    pub fn bind(&self, scope: Scope) -> Scope {
        let mut scope = instance::with_kinds(scope, &self.kinds);
        for (name, value) in &self.variables {
            scope.set(name.clone(), value.clone());
        }
        vary::bind(&mut scope, &self.variables);
        scope
    }

    /// How its judged requests are sent.
    pub fn conditions(&self) -> Conditions {
        Conditions::of(&self.case, &self.variables)
    }

    /// The locks that it holds while it runs. What a case holds because of its kinds, each kind holds for itself.
    pub fn holds(&self) -> Vec<String> {
        let of_kind = |lock: &String| {
            let kind = self.kinds.iter().find(|kind| vocabulary::plural(&kind.name) == Some(lock));
            kind.map_or_else(|| lock.clone(), |kind| kind.stands_for.clone())
        };
        self.case.holds.iter().map(of_kind).collect()
    }
}

/// What is run.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// In the order of their ids.
    pub to_run: Vec<Instance>,
    /// The ids of tests that begin before all others.
    pub first: BTreeSet<String>,
    /// Judged on every exchange of the run.
    pub invariants: Vec<Arc<Invariant>>,
    /// What is not run.
    pub set_aside: Vec<SetAside>,
    /// The pairs of values of any two dimensions of a case, and how many of them the depth leaves.
    pub pairs: Pairs,
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
    /// Why.
    pub reason: Reason,
}

impl SetAside {
    /// A case that is set aside, or one instance of it.
    pub(crate) fn of(case: &Case, id: &str, reason: Reason) -> Self {
        Self {
            id: id.to_owned(),
            chapter: case.chapter.clone(),
            purpose: case.purpose.clone(),
            requirements: case.requirements.clone(),
            source: case.source.clone(),
            reason,
        }
    }

    /// An invariant that is set aside.
    pub(crate) fn of_invariant(invariant: &Invariant, reason: Reason) -> Self {
        Self {
            id: invariant.id.clone(),
            chapter: invariant.chapter.clone(),
            purpose: invariant.purpose.clone(),
            requirements: invariant.requirements.clone(),
            source: invariant.source.clone(),
            reason,
        }
    }

    /// Whose choice that is.
    pub fn why(&self) -> Why {
        if self.reason.is_choice() { Why::NotSelected } else { Why::NotApplicable }
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
    /// A filter that cannot be read.
    #[error("`{filter}` is not a pattern of ids: {reason}")]
    BadPattern {
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
    has: &dyn Fn(&str) -> Result<(), Reason>,
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
        let wanted = wanted.and_then(|()| sieve.wants_id(&invariant.id));
        match wanted.and_then(|()| sieve.keeps(&invariant.id, &invariant.requirements)) {
            Ok(()) => plan.invariants.push(Arc::new(invariant.clone())),
            Err(reason) => plan.set_aside.push(SetAside::of_invariant(invariant, reason)),
        }
    }
    sieve.finish(suite)?;
    let chosen = !plan.to_run.is_empty() || !plan.invariants.is_empty();
    if !chosen && !plan.set_aside.is_empty() && plan.set_aside.iter().all(|it| it.why() == Why::NotSelected) {
        return Err(SelectError::NothingPasses);
    }
    plan.to_run.sort_by(|a, b| a.id.cmp(&b.id));
    plan.set_aside.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(plan)
}

/// Puts the instances of a case where they belong.
fn place(case: &Case, has: &dyn Fn(&str) -> Result<(), Reason>, scope: &Scope, sieve: &mut Sieve<'_>, plan: &mut Plan) {
    let aside = |id: &str, reason| SetAside::of(case, id, reason);
    // Asked first, so that the filter counts as one that matches something.
    let chosen = sieve.chooses_case(&case.id);
    let wanted = sieve.wants(&case.chapter, &case.requirements, Some(case));
    if let Err(reason) = wanted.and_then(|()| sieve.keeps_some_of(case)) {
        plan.set_aside.push(aside(&case.id, reason));
        return;
    }
    let (mut combinations, mut inapplicable) = (Vec::new(), Vec::new());
    for kinds in instance::kinds(case, scope) {
        let applicable = applicable(case, &kinds, has, sieve.writing());
        match applicable.and_then(|()| instance::combinations(case, &kinds, scope, has)) {
            Ok(found) => combinations.extend(found),
            Err(reason) => inapplicable.push(aside(&instance::id(&case.id, &kinds, &[]), reason)),
        }
    }
    let (instances, pairs) = instance::of(case, combinations, sieve.depth());
    plan.pairs.covered += pairs.covered;
    plan.pairs.total += pairs.total;
    // What all kinds lack alike is no matter of the kind.
    let alike = inapplicable.windows(2).all(|pair: &[SetAside]| pair[0].reason == pair[1].reason);
    if instances.is_empty() && alike {
        inapplicable.truncate(1);
        for it in &mut inapplicable {
            it.id.clone_from(&case.id);
        }
    }
    let (mut wanted, mut others) = (Vec::new(), Vec::new());
    for one in instances {
        let is_chosen = if chosen == Chosen::Whole { Ok(()) } else { sieve.wants_id(&one.id) };
        match is_chosen.and_then(|()| sieve.keeps(&one.id, &[])) {
            Ok(()) => wanted.push(one),
            Err(reason) => others.push(aside(&one.id, reason)),
        }
    }
    let known = chosen != Chosen::No && !inapplicable.is_empty();
    if wanted.is_empty() && !known {
        let reason = others.pop().map_or(Reason::Filter { by: reason::Filter::Id }, |one| one.reason);
        plan.set_aside.push(aside(&case.id, reason));
        return;
    }
    plan.set_aside.extend(others);
    plan.set_aside.extend(inapplicable.into_iter().filter(|_| chosen != Chosen::No));
    plan.to_run.extend(wanted);
}

/// What a case needs of one combination of kinds that a target declares, by the names of the target file.
pub(crate) struct Needs {
    /// What it names as needed.
    pub(crate) needs: Vec<String>,
    /// The first list of the target file that it runs through.
    pub(crate) list: Option<String>,
}

/// What a case needs of each combination of kinds that a target declares.
pub(crate) fn needs_by_kind(case: &Case, scope: &Scope) -> Vec<Needs> {
    let template = |list: &serde_json::Value| Some(list.as_str()?.strip_prefix('{')?.strip_suffix('}')?.to_owned());
    let list = case.for_each.iter().find_map(|(_, list)| template(list));
    let needs = |kinds: Vec<Kind>| Needs {
        needs: case.needs.iter().map(|need| of_kind(need, &kinds)).collect(),
        list: list.as_ref().map(|list| of_kind(list, &kinds)),
    };
    instance::kinds(case, scope).into_iter().map(needs).collect()
}

/// A need by the name of the target file: `document.update` of the kind `boats` is `documents.boats.update`.
fn of_kind(need: &str, kinds: &[Kind]) -> String {
    let place = kinds.iter().find_map(|kind| vocabulary::of_kind(need, &kind.name, &kind.shown));
    place.unwrap_or_else(|| need.to_owned())
}

/// Whether the target has all that a case needs of these kinds, or what is missing: all keys of its file, at once.
fn applicable(case: &Case, kinds: &[Kind], has: instance::Has<'_>, writing: Writing) -> Result<(), Reason> {
    let claimed = CLAIM_OF_WRITES.to_owned();
    let unclaimed = writing == Writing::WhereClaimed && !case.is_harmless() && !case.needs.contains(&claimed);
    let needs = unclaimed.then_some(&claimed).into_iter().chain(&case.needs);
    let mut keys: Vec<MissingKey> = Vec::new();
    for reason in needs.filter_map(|need| has(&of_kind(need, kinds)).err()) {
        match reason {
            Reason::TargetLacks { keys: lacking } => keys.extend(lacking),
            // No line of a target file helps.
            other => return Err(other),
        }
    }
    // What lacks as a whole lacks in its parts, too.
    let groups: Vec<String> = keys.iter().map(|key| key.name.clone()).collect();
    keys.retain(|key| key.name.rsplit_once('.').is_none_or(|(group, _)| !groups.iter().any(|whole| whole == group)));
    if keys.is_empty() { Ok(()) } else { Err(Reason::TargetLacks { keys }) }
}

#[cfg(test)]
mod tests;
