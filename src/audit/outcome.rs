//! What an audit leaves behind: a run whose cases are the invariants, the groups, and what was read.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::group::Group;
use super::several::Walked;
use super::subject::{self, Subject};
use super::{Audit, Heard, Met};
use crate::client_rules::Rule;
use crate::reason::{Exchanges, Filter, Reason};
use crate::record::{
    self, CaseResult, Judged, Outcome, RequirementResult, RequirementVerdict, Run, RunParts, Selection, SuiteIdentity,
    TargetIdentity, Tool, outcome,
};
use crate::verdict::{Finding, Level, Source, Verdict};

/// What an audit established.
#[derive(Debug, Serialize)]
pub struct Account {
    /// Version of this format: 2.
    pub format: u32,
    /// What was read.
    pub recordings: Vec<Heard>,
    /// Equal findings, told once.
    pub groups: Vec<Group>,
    /// Requirements that passed, of which recorded traffic shows only a part.
    pub in_part: Vec<InPart>,
    /// The run that reports are made of.
    pub run: Run,
}

/// A requirement of which recorded traffic shows only a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InPart {
    /// Its id.
    pub requirement: String,
    /// The exchanges that it was judged on.
    pub exchanges: usize,
    /// What was seen, and what was not.
    pub seen: String,
}

/// What recorded traffic shows of requirements that it cannot show whole.
const PARTS: [(&str, &str); 8] = [
    ("auth.basic-refused", "no challenge offers Basic; whether Basic is refused is not seen"),
    ("auth.digest-challenge", "the challenges seen are well-formed; requests without credentials are not tried"),
    ("codes.never-5xx", "no recorded request failed; no odd request was sent"),
    ("entities.json-request-accepted", "no JSON was refused; no other spelling was sent"),
    ("lists.size-default", "pages seen without a size fit the default; whether all items came is not seen"),
    ("links.self-is-own-url", "no self link leads to a parent or to another entity; they were not followed"),
    ("methods.405-lists-allowed", "the 405 responses seen carry Allow; other methods were not tried"),
    ("methods.get-represents", "successful reads answer 200; what they represent is not known"),
];

/// What it shows of those that a walk along a list would show whole.
fn of_walks(requirement: &str, walked: Walked) -> Option<String> {
    let seen = match requirement {
        "lists.total" => "totals fit the pages seen; the items were not counted",
        "lists.walk-is-complete" => "next and previous lead one page on; the items were not counted",
        _ => return None,
    };
    let lists = match walked {
        Walked { lists: 0, .. } => "no list of several pages was read in order of time".to_owned(),
        Walked { lists, to_the_end } => format!("{to_the_end} of {lists} lists of several pages were read to the end"),
    };
    Some(format!("{seen}; {lists}"))
}

fn in_part(run: &Run, walked: Walked) -> Vec<InPart> {
    let passed = run.requirements.iter().filter(|requirement| requirement.verdict == RequirementVerdict::Pass);
    let part = |requirement: &RequirementResult| {
        let of_others = || PARTS.iter().find(|(id, _)| *id == requirement.id).map(|(_, seen)| (*seen).to_owned());
        let seen = of_walks(&requirement.id, walked).or_else(of_others)?;
        let speaks = |result: &&CaseResult| result.requirements.contains(&requirement.id);
        let judged = run.results.iter().filter(speaks).filter_map(|result| result.judged.as_ref());
        let exchanges = judged.map(|judged| judged.exchanges).max().unwrap_or_default();
        Some(InPart { requirement: requirement.id.clone(), exchanges, seen })
    };
    passed.filter_map(part).collect()
}

impl Audit<'_> {
    /// What was established, by the time that the audit took.
    pub fn finish(self, started: DateTime<Utc>, duration_ms: u64) -> Account {
        let (suite, requirements) = (self.suite, self.requirements());
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
            if !is_known(&subject) {
                continue;
            }
            if self.choice.takes(&subject.id, &subject.requirements) {
                results.extend(results_of(&subject, met, groups, &level_of));
            } else {
                groups.clear();
                results.push(not_chosen(&subject));
            }
        }
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
                filters: self.choice.filters(),
                read_only: true,
                shard: None,
                interrupted: false,
                ended_by: None,
            },
            requirements,
            results,
        });
        let run = run.of_recorded(self.heard.iter().map(|heard| heard.judged).sum());
        let in_part = in_part(&run, self.walked);
        Account {
            format: 2,
            in_part,
            recordings: self.heard,
            groups: by_invariant.into_iter().flatten().collect(),
            run,
        }
    }

    /// All requirements that an audit can judge, those of clients where clients are judged.
    fn requirements(&self) -> Vec<RequirementResult> {
        let rules = self.clients.iter().flat_map(|_| Rule::table());
        let of_suite = self.suite.requirements.iter();
        of_suite
            .map(|it| RequirementResult::unjudged(&it.id, it.level, &it.statement, &it.section))
            .chain(rules.map(|it| RequirementResult::unjudged(it.id, it.level, it.statement, it.section)))
            .collect()
    }
}

/// What is said of a recording that could not be read whole: what the rest would show is not known.
fn whole(heard: &Heard) -> Option<CaseResult> {
    let mut why = Vec::new();
    if let Some(broken) = &heard.broken {
        let judged = match heard.entries {
            1 => "the entry before that is judged".to_owned(),
            entries => format!("the {entries} entries before that are judged"),
        };
        why.push(format!("{} {broken}; {judged}", heard.file));
    }
    if let Some(first) = &heard.first_unreadable {
        let unreadable = match heard.unreadable {
            1 => "an entry".to_owned(),
            entries => format!("{entries} entries"),
        };
        why.push(format!("{} has {unreadable} that cannot be read; {first}", heard.file));
    }
    if why.is_empty() {
        return None;
    }
    let why = why.join("; ");
    let subject = record::Subject {
        id: format!("recording.is-whole[{}]", heard.file),
        chapter: "recording".to_owned(),
        purpose: "Ensure that the recording can be read to its end.".to_owned(),
        level: Level::Must,
        requirements: Vec::new(),
        source: Source::default(),
    };
    let reason = Reason::Recording { cause: why };
    Some(CaseResult {
        reason: Some(reason.clone()),
        findings: vec![Finding::unjudged("recording", reason)],
        ..CaseResult::new(subject, Outcome::Inconclusive)
    })
}

/// The results of a subject: one, or one for each group of equal findings, which then are told apart by it.
fn results_of(
    subject: &Subject,
    met: &Met,
    groups: &mut [Group],
    level_of: &impl Fn(&str) -> Option<Level>,
) -> Vec<CaseResult> {
    if groups.is_empty() {
        return vec![result(subject, met, level_of)];
    }
    groups.iter_mut().map(|group| result_of(group, subject, met, level_of)).collect()
}

fn result_of(group: &mut Group, subject: &Subject, met: &Met, level_of: &impl Fn(&str) -> Option<Level>) -> CaseResult {
    let exchanges: Vec<_> = group.shown.take().map(|shown| *shown).into_iter().collect();
    let findings = vec![told(group, (!exchanges.is_empty()).then_some(0))];
    let judged = Judged { broken: group.exchanges, ..judged(met) };
    let verdict = outcome(&findings, level_of);
    let identity = record::Subject { id: group.id(), ..identity(subject) };
    CaseResult { judged: Some(judged), findings, exchanges, ..CaseResult::new(identity, verdict) }
}

/// The result of a subject that nothing broke.
fn result(subject: &Subject, met: &Met, level_of: &impl Fn(&str) -> Option<Level>) -> CaseResult {
    let judged = judged(met);
    let (mut findings, mut reason) = (Vec::new(), None);
    if met.judged > 0 {
        findings.clone_from(&subject.kept);
    } else if !met.unclear.is_empty() {
        let unjudged = Finding::unjudged("obstacle", Reason::NoExchangeJudged);
        findings.push(Finding { requirements: subject.requirements.clone(), ..unjudged });
        reason = Some(Reason::NoExchangeJudged);
    } else {
        reason = Some(match met.apart {
            0 => Reason::NoExchange { of: Exchanges::Recording },
            exchanges => Reason::NothingToCompare { exchanges },
        });
    }
    let verdict = if findings.is_empty() { Outcome::NotApplicable } else { outcome(&findings, level_of) };
    let judged = (judged != Judged::default()).then_some(judged);
    CaseResult { judged, reason, findings, ..CaseResult::new(identity(subject), verdict) }
}

/// The result of a subject that the user did not choose.
fn not_chosen(subject: &Subject) -> CaseResult {
    let reason = Some(Reason::Filter { by: Filter::Requirement });
    CaseResult { reason, ..CaseResult::new(identity(subject), Outcome::NotSelected) }
}

fn judged(met: &Met) -> Judged {
    Judged { exchanges: met.judged, broken: met.broken, unclear: met.unclear.clone(), alone: met.apart }
}

fn identity(subject: &Subject) -> record::Subject {
    record::Subject {
        id: subject.id.clone(),
        chapter: subject.chapter.clone(),
        purpose: subject.purpose.clone(),
        level: subject.level,
        requirements: subject.requirements.clone(),
        source: subject.source.clone(),
    }
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
        location: Some(group.location.clone()),
        source: group.source.clone(),
        ..Finding::new(group.check.clone(), Verdict::Fail, message)
    }
}
