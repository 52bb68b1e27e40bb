//! Requirements as the page shows them: those broken in full, and all of them in a table a chapter.

use super::cases::{FindingView, Link, anchor};
use crate::record::{RequirementResult, RequirementVerdict, Run};
use crate::report::view::{self, Violation};
use crate::report::{Sources, visible, words};
use crate::verdict::Level;

/// Most cases told in full under a requirement; all of them stand in the list of cases.
const MOST_CASES: usize = 4;
/// Most findings told in full for a case under a requirement.
const MOST_FINDINGS: usize = 2;
/// Most cases linked in a row of the table.
const MOST_LINKS: usize = 3;

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
    pub(super) cases: Vec<ViolatingCase>,
    pub(super) more: Vec<Link>,
}

pub(super) struct ViolatingCase {
    pub(super) link: Link,
    pub(super) purpose: String,
    pub(super) findings: Vec<FindingView>,
    pub(super) more: usize,
}

pub(super) struct Group {
    pub(super) name: String,
    pub(super) open: bool,
    pub(super) passed: usize,
    pub(super) judged: usize,
    pub(super) rows: Vec<Row>,
}

pub(super) struct Row {
    pub(super) id: String,
    pub(super) anchor: String,
    pub(super) level: &'static str,
    pub(super) statement: String,
    pub(super) class: &'static str,
    pub(super) word: &'static str,
    pub(super) cases: Vec<Link>,
    pub(super) more: usize,
    /// The id as a search of the list of cases, percent-encoded.
    pub(super) query: String,
}

/// What was not as the specification says, by its weight; parts without anything are left out.
pub(super) fn parts(run: &Run, sources: &Sources<'_>) -> Vec<Part> {
    let violations = view::violations(run);
    let part = |(level, anchor, title)| Part {
        anchor,
        title,
        violations: violations
            .iter()
            .filter(|violation| violation.level == level)
            .map(|violation| violation_view(run, violation, sources))
            .collect(),
    };
    let parts = [
        (Level::Must, "broken", "Broken requirements"),
        (Level::Should, "warnings", "Warnings"),
        (Level::May, "observations", "Observations"),
    ];
    parts.map(part).into_iter().filter(|part| !part.violations.is_empty()).collect()
}

fn violation_view(run: &Run, violation: &Violation<'_>, sources: &Sources<'_>) -> ViolationView {
    let section = violation.requirement.map_or("", |requirement| &requirement.section);
    let told = violation.cases.iter().take(MOST_CASES);
    ViolationView {
        id: visible::line(violation.id),
        anchor: anchor("violation", violation.id),
        class: failed_class(violation.level),
        level: words::level(violation.level),
        statement: visible::line(violation.statement()),
        section: visible::line(section),
        cases: told
            .map(|(result, findings)| ViolatingCase {
                link: Link::to("case", &result.id),
                purpose: visible::line(&result.purpose),
                findings: findings
                    .iter()
                    .take(MOST_FINDINGS)
                    .map(|finding| FindingView::whole(result, finding, &run.target, sources))
                    .collect(),
                more: findings.len().saturating_sub(MOST_FINDINGS),
            })
            .collect(),
        more: violation.cases.iter().skip(MOST_CASES).map(|(result, _)| Link::to("case", &result.id)).collect(),
    }
}

/// The requirements by the first part of their ids, in their order.
pub(super) fn groups(run: &Run) -> Vec<Group> {
    let mut groups: Vec<(&str, Vec<&RequirementResult>)> = Vec::new();
    for requirement in &run.requirements {
        let name = requirement.id.split('.').next().unwrap_or_default();
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, members)) => members.push(requirement),
            None => groups.push((name, vec![requirement])),
        }
    }
    groups.into_iter().map(|(name, members)| group(name, &members)).collect()
}

fn group(name: &str, members: &[&RequirementResult]) -> Group {
    let count = |wanted: RequirementVerdict| members.iter().filter(|member| member.verdict == wanted).count();
    let (failed, unclear) = (count(RequirementVerdict::Fail), count(RequirementVerdict::Inconclusive));
    let passed = count(RequirementVerdict::Pass);
    Group {
        name: visible::line(name),
        open: failed + unclear > 0,
        passed,
        judged: passed + failed + unclear,
        rows: members.iter().map(|member| row(member)).collect(),
    }
}

fn row(requirement: &RequirementResult) -> Row {
    Row {
        id: visible::line(&requirement.id),
        anchor: anchor("requirement", &requirement.id),
        level: words::level(requirement.level),
        statement: visible::line(&requirement.statement),
        class: class(requirement),
        word: words::requirement(requirement.verdict),
        cases: requirement.cases.iter().take(MOST_LINKS).map(|id| Link::to("case", id)).collect(),
        more: requirement.cases.len().saturating_sub(MOST_LINKS),
        query: url::form_urlencoded::byte_serialize(requirement.id.as_bytes()).collect(),
    }
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
