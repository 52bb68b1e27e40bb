//! What an audit judges by, numbered: the invariants of the suite, then the relations between exchanges, then the rules
//! for clients.

use super::several::Relation;
use crate::check::Judge;
use crate::client_rules::Rule;
use crate::suite::Suite;
use crate::verdict::{Finding, Level, Source, Verdict};

/// What a result is about.
pub(super) struct Subject {
    pub(super) id: String,
    pub(super) chapter: String,
    pub(super) purpose: String,
    pub(super) level: Level,
    pub(super) requirements: Vec<String>,
    pub(super) source: Source,
    /// What is said if nothing broke it.
    pub(super) kept: Vec<Finding>,
}

/// The number of a relation.
pub(super) fn of_relation(suite: &Suite, relation: Relation) -> usize {
    suite.invariants.len() + relation as usize
}

/// The number of a rule.
pub(super) fn of_rule(suite: &Suite, rule: Rule) -> usize {
    suite.invariants.len() + Relation::table().len() + rule as usize
}

/// The id of a subject.
pub(super) fn id(suite: &Suite, at: usize) -> &str {
    let (invariants, relations) = (&suite.invariants, Relation::table());
    match at.checked_sub(invariants.len()) {
        None => &invariants[at].id,
        Some(at) if at < relations.len() => relations[at].id,
        Some(at) => Rule::table()[at - relations.len()].id,
    }
}

/// Every subject in its order; the rules are left out where clients are not judged.
pub(super) fn all(suite: &Suite) -> Vec<Subject> {
    let level_of = |id: &str| suite.requirements.iter().find(|it| it.id == id).map(|it| it.level);
    let invariants = suite.invariants.iter().map(|it| Subject {
        id: it.id.clone(),
        chapter: it.chapter.clone(),
        purpose: it.purpose.clone(),
        level: it.requirements.iter().filter_map(|id| level_of(id)).max().unwrap_or(Level::Must),
        requirements: it.requirements.clone(),
        source: it.source.clone(),
        kept: Judge::kept(it),
    });
    let relations = Relation::table().iter().map(|it| Subject {
        id: it.id.to_owned(),
        chapter: it.requirement.split('.').next().unwrap_or_default().to_owned(),
        purpose: it.purpose.to_owned(),
        level: level_of(it.requirement).unwrap_or(Level::Must),
        requirements: vec![it.requirement.to_owned()],
        source: Source::default(),
        kept: vec![as_expected("several", it.requirement)],
    });
    let rules = Rule::table().iter().map(|it| Subject {
        id: it.id.to_owned(),
        chapter: Rule::CHAPTER.to_owned(),
        purpose: it.statement.to_owned(),
        level: it.level,
        requirements: vec![it.id.to_owned()],
        source: it.source(),
        kept: vec![as_expected(it.id.trim_start_matches("client."), it.id)],
    });
    invariants.chain(relations).chain(rules).collect()
}

fn as_expected(check: &str, requirement: &str) -> Finding {
    Finding { requirements: vec![requirement.to_owned()], ..Finding::new(check, Verdict::Pass, "as expected") }
}
