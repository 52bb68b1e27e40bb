//! What changed between two runs: case by case, requirement by requirement.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::outline::Outline;
use super::run::{Conclusion, Outcome, RequirementVerdict};
use crate::reason::Shard;
use crate::verdict::Level;

/// What changed from one run to another.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// Version of this format: 1.
    pub format: u32,
    /// The earlier run.
    pub old: Side,
    /// The later run.
    pub new: Side,
    /// Whether something that held does not hold any more, or cannot be judged any more.
    pub regression: bool,
    /// What the runs do not share.
    pub changed: Vec<Circumstance>,
    /// Cases by kind of change, then by id.
    pub cases: Vec<Change>,
    /// Requirements in the order of the later run.
    pub requirements: Vec<RequirementChange>,
}

/// What two runs may have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Circumstance {
    /// Name and root of the target.
    Target,
    /// The suite, by its digest.
    Suite,
    /// What the user selected of it.
    Selection,
    /// The program's version.
    Program,
}

/// One of the two runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Side {
    /// Name of the target.
    pub target: String,
    /// Root of the target.
    pub base_url: String,
    /// When the run began.
    pub started: DateTime<Utc>,
    /// How it ended.
    pub conclusion: Conclusion,
    /// Digest of its suite.
    pub suite_digest: String,
    /// Version of the program.
    pub tool_version: String,
}

/// A case that ended otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// In which way.
    pub kind: ChangeKind,
    /// The case; `{target}` stands for the address of the target in it.
    pub id: String,
    /// How it ended before; none where it is new.
    pub from: Option<Outcome>,
    /// How it ends now; none where it is gone.
    pub to: Option<Outcome>,
}

/// In which way a case changed. The order is that of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// It breaks a *must* and did not before.
    Broken,
    /// It was judged and can be no more.
    Unclear,
    /// A *should* or a *may* that held does not any more.
    Weaker,
    /// What did not hold, or could not be judged, holds, or breaks less.
    Fixed,
    /// It was judged and is set aside now.
    SetAside,
    /// It was set aside and is judged now.
    Judged,
    /// It is in the later run alone.
    New,
    /// It is in the earlier run alone.
    Gone,
}

/// A requirement with another verdict, or in one of the runs alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequirementChange {
    /// Its id.
    pub id: String,
    /// Its weight, in the later run where it is there.
    pub level: Level,
    /// The verdict before; none where it is new.
    pub from: Option<RequirementVerdict>,
    /// The verdict now; none where it is gone.
    pub to: Option<RequirementVerdict>,
}

impl Difference {
    /// What changed from `old` to `new`.
    pub fn between(old: &Outline, new: &Outline) -> Self {
        let (cases, requirements) = (cases(old, new), requirements(old, new));
        let regression = cases.iter().any(Change::is_regression) || requirements.iter().any(is_lost);
        Self {
            format: super::FORMAT,
            regression,
            changed: changed(old, new),
            old: Side::of(old),
            new: Side::of(new),
            cases,
            requirements,
        }
    }

    /// The cases that changed in one way.
    pub fn of(&self, kind: ChangeKind) -> impl Iterator<Item = &Change> {
        self.cases.iter().filter(move |change| change.kind == kind)
    }

    /// Whether both runs found the same of the same.
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty() && self.requirements.is_empty()
    }
}

impl Side {
    fn of(run: &Outline) -> Self {
        Self {
            target: run.target.name.clone(),
            base_url: run.target.base_url.clone(),
            started: run.started,
            conclusion: run.conclusion,
            suite_digest: run.suite.digest.clone(),
            tool_version: run.tool.version.clone(),
        }
    }
}

impl ChangeKind {
    /// All kinds, in the order of reports.
    pub const ALL: [Self; 8] =
        [Self::Broken, Self::Unclear, Self::Weaker, Self::Fixed, Self::SetAside, Self::Judged, Self::New, Self::Gone];
}

impl Change {
    /// Whether both runs judged the case.
    pub(super) fn is_of_both(&self) -> bool {
        match self.kind {
            ChangeKind::Broken | ChangeKind::Unclear | ChangeKind::Weaker | ChangeKind::Fixed => true,
            ChangeKind::SetAside | ChangeKind::Judged | ChangeKind::New | ChangeKind::Gone => false,
        }
    }

    /// Whether a case that held, or broke no *must*, breaks one or cannot be judged.
    pub fn is_regression(&self) -> bool {
        match self.kind {
            ChangeKind::Broken => true,
            ChangeKind::Unclear => self.from.and_then(severity).is_some_and(|from| from < Severity::Unclear),
            ChangeKind::Weaker
            | ChangeKind::Fixed
            | ChangeKind::SetAside
            | ChangeKind::Judged
            | ChangeKind::New
            | ChangeKind::Gone => false,
        }
    }
}

/// How bad a judged outcome is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Severity {
    Pass,
    Observed,
    Warn,
    Unclear,
    Fail,
}

fn severity(outcome: Outcome) -> Option<Severity> {
    match outcome {
        Outcome::Pass => Some(Severity::Pass),
        Outcome::Observed => Some(Severity::Observed),
        Outcome::Warn => Some(Severity::Warn),
        Outcome::Inconclusive | Outcome::Flaky | Outcome::Defect => Some(Severity::Unclear),
        Outcome::Fail => Some(Severity::Fail),
        Outcome::NotApplicable | Outcome::NotSelected => None,
    }
}

/// In which way an outcome changed, if it did in a way that says something.
fn kind(from: Outcome, to: Outcome) -> Option<ChangeKind> {
    match (severity(from), severity(to)) {
        (None, None) => None,
        (Some(_), None) => Some(ChangeKind::SetAside),
        (None, Some(_)) => Some(ChangeKind::Judged),
        (Some(from), Some(to)) if from == to => None,
        (Some(_), Some(Severity::Fail)) => Some(ChangeKind::Broken),
        (Some(_), Some(Severity::Unclear)) => Some(ChangeKind::Unclear),
        (Some(from), Some(to)) if from < to => Some(ChangeKind::Weaker),
        (Some(_), Some(_)) => Some(ChangeKind::Fixed),
    }
}

/// The two sides of every key that is on either.
fn joined<K: Ord, T: Copy>(
    old: impl Iterator<Item = (K, T)>,
    new: impl Iterator<Item = (K, T)>,
) -> BTreeMap<K, (Option<T>, Option<T>)> {
    let mut sides: BTreeMap<K, (Option<T>, Option<T>)> = BTreeMap::new();
    for (id, value) in old {
        sides.entry(id).or_insert((None, None)).0 = Some(value);
    }
    for (id, value) in new {
        sides.entry(id).or_insert((None, None)).1 = Some(value);
    }
    sides
}

fn cases(old: &Outline, new: &Outline) -> Vec<Change> {
    let mut changes: Vec<Change> = joined(outcomes(old), outcomes(new)).into_iter().filter_map(change).collect();
    changes.sort_by_key(|change| change.kind);
    changes
}

/// Outcomes by id, the target's own address in an id left open: another port makes no other case.
fn outcomes(run: &Outline) -> impl Iterator<Item = (String, Outcome)> {
    let address = url::Url::parse(&run.target.base_url).ok().map(|url| url.authority().to_owned());
    let address = address.filter(|address| !address.is_empty());
    run.results.iter().map(move |result| {
        let id = address.as_ref().map(|address| result.id.replace(address, "{target}"));
        (id.unwrap_or_else(|| result.id.clone()), result.verdict)
    })
}

fn change((id, (from, to)): (String, (Option<Outcome>, Option<Outcome>))) -> Option<Change> {
    let kind = match (from, to) {
        (Some(from), Some(to)) => kind(from, to)?,
        (None, _) => ChangeKind::New,
        (Some(_), None) => ChangeKind::Gone,
    };
    Some(Change { kind, id, from, to })
}

fn requirements(old: &Outline, new: &Outline) -> Vec<RequirementChange> {
    let sides = joined(verdicts(old), verdicts(new));
    let order = new.requirements.iter().chain(&old.requirements).map(|it| it.id.as_str());
    let mut told = BTreeSet::new();
    let changed = order.filter(|id| told.insert(*id)).filter_map(|id| {
        let (from, to) = sides.get(id).copied()?;
        let (level, _) = to.or(from)?;
        let (from, to) = (from.map(|(_, verdict)| verdict), to.map(|(_, verdict)| verdict));
        (from != to).then(|| RequirementChange { id: id.to_owned(), level, from, to })
    });
    changed.collect()
}

fn verdicts(run: &Outline) -> impl Iterator<Item = (&str, (Level, RequirementVerdict))> {
    run.requirements.iter().map(|it| (it.id.as_str(), (it.level, it.verdict)))
}

/// Whether a *must* that held is broken, also where a new case shows it.
fn is_lost(change: &RequirementChange) -> bool {
    change.level == Level::Must
        && change.from == Some(RequirementVerdict::Pass)
        && change.to == Some(RequirementVerdict::Fail)
}

fn changed(old: &Outline, new: &Outline) -> Vec<Circumstance> {
    let target = |run: &Outline| (run.target.name.clone(), run.target.base_url.clone());
    let all = [
        (Circumstance::Target, target(old) != target(new)),
        (Circumstance::Suite, old.suite.digest != new.suite.digest),
        (Circumstance::Selection, selected(old) != selected(new)),
        (Circumstance::Program, old.tool.version != new.tool.version),
    ];
    all.into_iter().filter(|(_, differs)| *differs).map(|(what, _)| what).collect()
}

fn selected(run: &Outline) -> (bool, bool, &[String], Option<Shard>) {
    let selection = &run.selection;
    (selection.complete, selection.read_only, &selection.filters, selection.shard)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worse_and_better_are_told_apart() {
        use ChangeKind as K;
        use Outcome as O;
        for (from, to, expected) in [
            (O::Pass, O::Pass, None),
            (O::Pass, O::Fail, Some(K::Broken)),
            (O::Inconclusive, O::Fail, Some(K::Broken)),
            (O::Pass, O::Inconclusive, Some(K::Unclear)),
            (O::Fail, O::Inconclusive, Some(K::Unclear)),
            (O::Defect, O::Inconclusive, None),
            (O::Pass, O::Warn, Some(K::Weaker)),
            (O::Observed, O::Warn, Some(K::Weaker)),
            (O::Fail, O::Warn, Some(K::Fixed)),
            (O::Inconclusive, O::Pass, Some(K::Fixed)),
            (O::Fail, O::NotApplicable, Some(K::SetAside)),
            (O::NotSelected, O::Fail, Some(K::Judged)),
            (O::NotSelected, O::NotApplicable, None),
        ] {
            assert_eq!(kind(from, to), expected, "{from:?} to {to:?}");
        }
    }

    #[test]
    fn what_was_no_better_before_is_no_regression() {
        let unclear = |from| Change {
            kind: ChangeKind::Unclear,
            id: String::new(),
            from: Some(from),
            to: Some(Outcome::Inconclusive),
        };
        assert!(unclear(Outcome::Warn).is_regression());
        assert!(!unclear(Outcome::Fail).is_regression());
    }
}
