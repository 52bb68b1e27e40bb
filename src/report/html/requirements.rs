//! Requirements as the page shows them: those broken in full, and all of them in a table a chapter.

use super::cases::{Link, Places, anchor};
use super::teller::{FindingView, ScriptView, Teller};
use crate::record::{CaseResult, RequirementResult, RequirementVerdict, Run};
use crate::report::view::{self, Violation};
use crate::report::{labels, visible};
use crate::verdict::{Finding, Level};

/// Most cases told in full under a requirement; all of them stand in the list of cases.
const MOST_CASES: usize = 4;
/// Most findings told in full for a case under a requirement.
const MOST_FINDINGS: usize = 2;
/// Most characters of what a test saw.
const LONGEST_HEADLINE: usize = 200;
/// Most characters of a purpose.
const MOST_CHARACTERS: usize = 400;
/// Most cases linked in a row of the table.
const MOST_LINKS: usize = 3;
/// Most cases named that saw a violation too.
const MOST_NAMES: usize = 12;

/// Violations of one weight.
pub(super) struct Part {
    pub(super) anchor: &'static str,
    pub(super) title: &'static str,
    pub(super) violations: Vec<ViolationView>,
}

pub(super) struct ViolationView {
    pub(super) id: String,
    pub(super) anchor: String,
    pub(super) class: &'static str,
    pub(super) level: &'static str,
    pub(super) statement: String,
    pub(super) section: String,
    pub(super) seen: String,
    /// What the first test saw.
    pub(super) headline: Option<String>,
    pub(super) cases: Vec<ViolatingCase>,
    pub(super) also: Vec<Link>,
    pub(super) more: usize,
    /// What is violated only because this is.
    pub(super) consequences: Vec<Consequence>,
    /// The id as a filter of the list of cases, percent-encoded.
    pub(super) query: String,
}

/// A violation that is a consequence of another one.
pub(super) struct Consequence {
    pub(super) id: String,
    pub(super) anchor: String,
    pub(super) statement: String,
    pub(super) tests: Vec<Link>,
    pub(super) more: usize,
}

pub(super) struct ViolatingCase {
    pub(super) link: Link,
    pub(super) headline: String,
    pub(super) purpose: String,
    pub(super) standing: Option<&'static str>,
    pub(super) findings: Vec<FindingView>,
    pub(super) script: Option<ScriptView>,
    pub(super) more: usize,
}

pub(super) struct Group {
    pub(super) name: String,
    pub(super) open: bool,
    pub(super) passed: usize,
    pub(super) judged: usize,
    pub(super) failed: usize,
    pub(super) rows: Vec<Row>,
}

pub(super) struct Row {
    pub(super) id: String,
    pub(super) anchor: String,
    pub(super) level: &'static str,
    pub(super) statement: String,
    pub(super) class: &'static str,
    pub(super) word: &'static str,
    /// The account of how it is broken.
    pub(super) broken: Option<String>,
    pub(super) cases: Vec<Link>,
    pub(super) more: usize,
    /// The id as a filter of the list of cases, percent-encoded.
    pub(super) query: String,
}

/// What was not as the specification says, by its weight; parts without anything are left out.
pub(super) fn parts(teller: &mut Teller<'_>) -> Vec<Part> {
    let violations = view::violations(teller.run);
    let mut part = |(level, anchor, title)| Part {
        anchor,
        title,
        violations: violations
            .iter()
            .filter(|violation| violation.level == level)
            .map(|violation| violation_view(violation, teller))
            .collect(),
    };
    let parts = [
        (Level::Must, "broken", "Violated requirements"),
        (Level::Should, "warnings", "Warnings"),
        (Level::May, "observations", "Observations"),
    ];
    let mut all = Vec::new();
    for each in parts {
        all.push(part(each));
    }
    all.retain(|part| !part.violations.is_empty());
    all
}

fn violation_view(violation: &Violation<'_>, teller: &mut Teller<'_>) -> ViolationView {
    let section = violation.requirement.map_or("", |requirement| &requirement.section);
    let told = violation.cases.iter().take(MOST_CASES);
    let cases: Vec<ViolatingCase> =
        told.filter_map(|(result, findings)| violating_case(result, findings, teller)).collect();
    let also = violation.cases.iter().skip(MOST_CASES);
    ViolationView {
        id: visible::line(violation.id),
        anchor: anchor("violation", violation.id),
        class: failed_class(violation.level),
        level: labels::level(violation.level),
        statement: visible::line(violation.statement()),
        section: visible::line(section),
        seen: labels::count(violation.cases.len(), "test"),
        headline: cases.first().map(|case: &ViolatingCase| case.headline.clone()),
        cases,
        also: also.clone().take(MOST_NAMES).map(|(result, _)| teller.places.link(&result.id)).collect(),
        more: also.count().saturating_sub(MOST_NAMES),
        consequences: violation.consequences.iter().map(|it| consequence(it, teller)).collect(),
        query: query(violation.id),
    }
}

fn consequence(violation: &Violation<'_>, teller: &Teller<'_>) -> Consequence {
    let tests = violation.cases.iter().take(MOST_NAMES).map(|(result, _)| teller.places.link(&result.id));
    Consequence {
        id: visible::line(violation.id),
        anchor: anchor("violation", violation.id),
        statement: visible::line(violation.statement()),
        tests: tests.collect(),
        more: violation.cases.len().saturating_sub(MOST_NAMES),
    }
}

/// What a test saw of a violation, in one sentence.
fn headline(result: &CaseResult, findings: &[&Finding], teller: &Teller<'_>) -> String {
    let told = findings.first().map(|finding| labels::headline(result, finding, &teller.run.target.base_url));
    visible::line(&visible::clip(&told.unwrap_or_default(), LONGEST_HEADLINE))
}

fn violating_case(result: &CaseResult, findings: &[&Finding], teller: &mut Teller<'_>) -> Option<ViolatingCase> {
    let case = teller.places.number(&result.id)?;
    let position = |finding: &&Finding| result.findings.iter().position(|other| std::ptr::eq(other, *finding));
    let told: Vec<usize> = findings.iter().take(MOST_FINDINGS).filter_map(position).collect();
    Some(ViolatingCase {
        link: teller.places.link(&result.id),
        headline: headline(result, findings, teller),
        purpose: visible::line(&visible::clip(&result.purpose, MOST_CHARACTERS)),
        standing: result.standing.map(labels::standing),
        findings: told.into_iter().map(|at| teller.finding(case, at)).collect(),
        script: teller.script(case),
        more: findings.len().saturating_sub(MOST_FINDINGS),
    })
}

/// The requirements by the first part of their ids, in their order.
pub(super) fn groups(run: &Run, places: &Places<'_>) -> Vec<Group> {
    let mut groups: Vec<(&str, Vec<&RequirementResult>)> = Vec::new();
    for requirement in &run.requirements {
        let name = requirement.id.split('.').next().unwrap_or_default();
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, members)) => members.push(requirement),
            None => groups.push((name, vec![requirement])),
        }
    }
    groups.into_iter().map(|(name, members)| group(name, &members, run, places)).collect()
}

fn group(name: &str, members: &[&RequirementResult], run: &Run, places: &Places<'_>) -> Group {
    let count = |wanted: RequirementVerdict| members.iter().filter(|member| member.verdict == wanted).count();
    let (failed, unclear) = (count(RequirementVerdict::Fail), count(RequirementVerdict::Inconclusive));
    let passed = count(RequirementVerdict::Pass);
    Group {
        name: visible::line(name),
        open: failed + unclear > 0,
        passed,
        judged: passed + failed + unclear,
        failed,
        rows: members.iter().map(|member| row(member, run, places)).collect(),
    }
}

fn row(requirement: &RequirementResult, run: &Run, places: &Places<'_>) -> Row {
    Row {
        id: visible::line(&requirement.id),
        anchor: anchor("requirement", &requirement.id),
        level: labels::level(requirement.level),
        statement: visible::line(&requirement.statement),
        class: class(requirement),
        word: labels::requirement(requirement.verdict),
        broken: (requirement.verdict == RequirementVerdict::Fail).then(|| anchor("violation", &requirement.id)),
        cases: worst_first(requirement, run, places),
        more: requirement.cases.len().saturating_sub(MOST_LINKS),
        query: query(&requirement.id),
    }
}

/// A few of the cases that speak about a requirement, those that are not as expected before the others.
fn worst_first(requirement: &RequirementResult, run: &Run, places: &Places<'_>) -> Vec<Link> {
    let mut cases: Vec<&String> = requirement.cases.iter().collect();
    cases.sort_by_key(|id| places.number(id).map(|number| run.results[number].verdict));
    cases.into_iter().take(MOST_LINKS).map(|id| places.link(id)).collect()
}

/// A text as a value in the address of a view.
pub(super) fn query(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn class(requirement: &RequirementResult) -> &'static str {
    match requirement.verdict {
        RequirementVerdict::Pass => "pass",
        RequirementVerdict::Fail => failed_class(requirement.level),
        RequirementVerdict::Inconclusive => "inconclusive",
        RequirementVerdict::NotApplicable => "not-applicable",
        RequirementVerdict::NotSelected => "not-selected",
    }
}

/// A failed *should* is a warning and a failed *may* an observation, also in colour.
fn failed_class(level: Level) -> &'static str {
    match level {
        Level::Must => "fail",
        Level::Should => "warn",
        Level::May => "observed",
    }
}
