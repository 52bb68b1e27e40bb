//! What an audit leaves behind: a run whose cases are the invariants, the groups, and what was read.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::group::Group;
use super::subject::{self, Subject};
use super::{Audit, Heard, Met};
use crate::client_rules::Rule;
use crate::record::{
    CaseResult, Outcome, RequirementResult, Run, RunParts, Selection, SuiteIdentity, TargetIdentity, Tool, outcome,
};
use crate::verdict::{Finding, Level, Source, Verdict};

/// The most groups of one invariant that its result tells; all stand in the account.
const TOLD: usize = 40;

/// What an audit established.
#[derive(Debug, Serialize)]
pub struct Account {
    /// Version of this format: 1.
    pub format: u32,
    /// What was read.
    pub recordings: Vec<Heard>,
    /// Equal findings, told once.
    pub groups: Vec<Group>,
    /// The run that reports are made of.
    pub run: Run,
}

impl Audit<'_> {
    /// What was established, by the time that the audit took.
    pub fn finish(self, started: DateTime<Utc>, duration_ms: u64) -> Account {
        let suite = self.suite;
        let of_rule = |id: &str| Rule::named(id).map(|it| it.level);
        let level_of =
            |id: &str| suite.requirements.iter().find(|it| it.id == id).map(|it| it.level).or_else(|| of_rule(id));
        let mut by_invariant: Vec<Vec<Group>> = self.met.iter().map(|_| Vec::new()).collect();
        for (invariant, group) in self.groups.finish() {
            by_invariant[invariant].push(group);
        }
        let mut results: Vec<CaseResult> = self.heard.iter().filter_map(whole).collect();
        let subjects = subject::all(suite);
        let is_known = |subject: &Subject| subject.requirements.iter().all(|id| level_of(id).is_some());
        for ((subject, met), groups) in subjects.into_iter().zip(&self.met).zip(&mut by_invariant) {
            // Other case files may have no such requirement.
            if is_known(&subject) {
                results.push(result(subject, met, groups, &level_of));
            }
        }
        let rules = self.clients.iter().flat_map(|_| Rule::table());
        let requirements = suite
            .requirements
            .iter()
            .map(|it| RequirementResult::unjudged(&it.id, it.level, &it.statement, &it.section))
            .chain(rules.map(|it| RequirementResult::unjudged(it.id, it.level, it.statement, it.section)))
            .collect();
        let run = Run::from_results(RunParts {
            tool: Tool::this(),
            suite: SuiteIdentity {
                name: suite.name.clone(),
                digest: suite.digest.clone(),
                cases: suite.cases.len() + suite.invariants.len(),
                requirements: suite.requirements.len(),
            },
            target: TargetIdentity {
                name: "recorded traffic".to_owned(),
                base_url: self.base.to_string(),
                ..TargetIdentity::default()
            },
            started,
            duration_ms,
            selection: Selection {
                complete: false,
                filters: self.heard.iter().map(|heard| format!("recording {}", heard.file)).collect(),
                read_only: true,
                shard: None,
                interrupted: false,
                ended_by: None,
            },
            requirements,
            results,
        });
        Account { format: 1, recordings: self.heard, groups: by_invariant.into_iter().flatten().collect(), run }
    }
}

/// What is said of a recording that could not be read whole: what the rest would show is not known.
fn whole(heard: &Heard) -> Option<CaseResult> {
    let mut why = Vec::new();
    if let Some(broken) = &heard.broken {
        why.push(format!("{} {broken}; the {} entries before that are judged", heard.file, heard.entries));
    }
    if let Some(first) = &heard.first_unreadable {
        why.push(format!("{} has {} entries that cannot be read; {first}", heard.file, heard.unreadable));
    }
    if why.is_empty() {
        return None;
    }
    let why = why.join("; ");
    Some(CaseResult {
        id: format!("recording.is-whole[{}]", heard.file),
        chapter: "recording".to_owned(),
        purpose: "Ensure that the recording can be read to its end.".to_owned(),
        level: Level::Must,
        requirements: Vec::new(),
        verdict: Outcome::Inconclusive,
        standing: None,
        started_ms: 0,
        duration_ms: 0,
        waits: Vec::new(),
        reason: Some(why.clone()),
        source: Source::default(),
        findings: vec![Finding::inconclusive("recording", why)],
        exchanges: Vec::new(),
    })
}

fn result(subject: Subject, met: &Met, groups: &mut [Group], level_of: &impl Fn(&str) -> Option<Level>) -> CaseResult {
    let mut exchanges = Vec::new();
    let mut findings: Vec<Finding> = Vec::new();
    for group in groups.iter_mut().take(TOLD) {
        let exchange = group.shown.take().map(|shown| {
            exchanges.push(*shown);
            exchanges.len() - 1
        });
        findings.push(told(group, exchange));
    }
    if groups.len() > TOLD {
        findings.push(more(&groups[TOLD..]));
    }
    let unclear: usize = met.unclear.values().sum();
    if findings.is_empty() && met.judged > 0 {
        findings = subject.kept;
    } else if findings.is_empty() && unclear > 0 {
        findings.push(Finding {
            requirements: subject.requirements.clone(),
            ..Finding::inconclusive("obstacle", reasons(met))
        });
    }
    CaseResult {
        id: subject.id,
        chapter: subject.chapter,
        purpose: subject.purpose,
        level: subject.level,
        requirements: subject.requirements,
        verdict: if findings.is_empty() { Outcome::NotApplicable } else { outcome(&findings, level_of) },
        standing: None,
        started_ms: 0,
        duration_ms: 0,
        waits: Vec::new(),
        reason: reason(met, unclear),
        source: subject.source,
        findings,
        exchanges,
    }
}

fn reason(met: &Met, unclear: usize) -> Option<String> {
    let mut said = Vec::new();
    if met.broken > 0 {
        said.push(format!("broken by {} of {} exchanges", met.broken, met.judged));
    }
    if unclear > 0 {
        said.push(reasons(met));
    }
    if met.apart > 0 {
        said.push(format!("{} stood alone: no equal plain reads before and after", met.apart));
    } else if met.judged == 0 && unclear == 0 {
        said.push("no recorded exchange is of its kind".to_owned());
    }
    (!said.is_empty()).then(|| said.join("; "))
}

/// On how many exchanges it could not be judged, and why.
fn reasons(met: &Met) -> String {
    let mut text = "could not be judged on".to_owned();
    for (at, (why, count)) in met.unclear.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        let _ = write!(text, "{comma} {count}: {why}");
    }
    text
}

/// The finding of a group.
fn told(group: &Group, exchange: Option<usize>) -> Finding {
    let example = &group.examples[0];
    let times = if group.exchanges == 1 { "1 exchange".to_owned() } else { format!("{} exchanges", group.exchanges) };
    let message = format!(
        "{} — {times} of {} {}, first entry {} of {}: {} {}",
        example.message, group.method, group.path, example.entry, example.file, example.method, example.url
    );
    Finding {
        requirements: group.requirements.clone(),
        exchange,
        source: group.source.clone(),
        ..Finding::new(group.check.clone(), Verdict::Fail, message)
    }
}

fn more(groups: &[Group]) -> Finding {
    let exchanges: usize = groups.iter().map(|group| group.exchanges).sum();
    let message = format!("and {} more kinds of places, in {exchanges} exchanges", groups.len());
    Finding { requirements: groups[0].requirements.clone(), ..Finding::new("group", Verdict::Fail, message) }
}
