//! What altered responses show about the passes of a run, by requirement and by case.

use super::cases::{Link, anchor};
use crate::record::{CaseResult, Run, Strength, Survivor};
use crate::report::{labels, visible};

/// The section about the proof of the passes.
pub(super) struct EvidenceView {
    pub(super) summary: String,
    pub(super) empty: Vec<Link>,
    pub(super) rows: Vec<StrengthRow>,
}

/// One requirement.
pub(super) struct StrengthRow {
    pub(super) link: Link,
    pub(super) passes: usize,
    pub(super) made: usize,
    pub(super) killed: usize,
}

/// The section, if the run was proven.
pub(super) fn evidence(run: &Run) -> Option<EvidenceView> {
    let evidence = run.evidence.as_ref()?;
    let totals = &evidence.totals;
    let link = |id: &str| Link { text: visible::line(id), anchor: anchor("requirement", id) };
    Some(EvidenceView {
        summary: format!(
            "The passed tests would have noticed {} of {}.",
            totals.killed,
            labels::count(totals.made, "alteration")
        ),
        empty: evidence.without_evidence().map(link).collect(),
        rows: evidence
            .requirements
            .iter()
            .map(|it| StrengthRow { link: link(&it.id), passes: it.passes, made: it.made, killed: it.killed })
            .collect(),
    })
}

/// What is told of one case: what it would have noticed, and where it noticed nothing.
pub(super) fn told(result: &CaseResult) -> Vec<String> {
    let Some(strength) = &result.evidence else { return Vec::new() };
    let mut lines = vec![summary(strength)];
    lines.extend(strength.survivors.iter().map(survivor));
    if strength.more_survivors > 0 {
        lines.push(format!("{} more in proof.json", labels::count(strength.more_survivors, "place")));
    }
    lines
}

fn summary(strength: &Strength) -> String {
    let (killed, made) = (strength.killed, labels::count(strength.made, "alteration"));
    let by_invariants = match strength.noticed_by_invariants {
        0 => String::new(),
        more => format!(", and invariants {more} more"),
    };
    match killed {
        0 => format!("Passed without evidence: it would have noticed none of {made}{by_invariants}."),
        _ => format!("It would have noticed {killed} of {made}{by_invariants}."),
    }
}

fn survivor(Survivor { response, place, operators }: &Survivor) -> String {
    format!("not noticed: {place} of {response} ({})", operators.join(", "))
}
