//! Cases that were set aside or could not be judged, by their reason, with what would change that.

use super::cases::{Link, Places, class};
use super::requirements::query;
use crate::record::{Outcome, Run};
use crate::report::{labels, view, visible};

/// Most cases named with a reason; the list of cases holds all of them.
const MOST_NAMES: usize = 24;
/// Most characters of a reason.
pub(super) const MOST_CHARACTERS: usize = 1_000;

/// A reason and the cases that share it.
pub(super) struct ReasonView {
    pub(super) class: &'static str,
    pub(super) word: &'static str,
    pub(super) text: String,
    /// What to do about it.
    pub(super) remedy: String,
    pub(super) count: usize,
    pub(super) cases: Vec<Link>,
    pub(super) more: usize,
    /// The reason as a filter of the list of cases, percent-encoded.
    pub(super) query: String,
}

/// The reasons of results that ended in one of these ways, the commonest first.
pub(super) fn reasons(run: &Run, places: &Places<'_>, outcomes: &[Outcome]) -> Vec<ReasonView> {
    let reasons = view::by_reason(run, outcomes).into_iter();
    reasons
        .map(|reason| {
            let whole = visible::line(&visible::clip(&reason.text, MOST_CHARACTERS));
            let (text, remedy) = told(&reason, &whole);
            ReasonView {
                class: class(reason.outcome),
                word: labels::outcome(reason.outcome),
                text,
                remedy,
                count: reason.results.len(),
                cases: reason.results.iter().take(MOST_NAMES).map(|result| places.link(&result.id)).collect(),
                more: reason.results.len().saturating_sub(MOST_NAMES),
                query: query(&whole),
            }
        })
        .collect()
}

/// The reason, and what would change it.
fn told(reason: &view::Reason<'_>, whole: &str) -> (String, String) {
    let said = reason.fact().map(labels::told);
    let (what, remedy) = match said {
        Some(labels::Told { what, remedy: Some(remedy) }) if !reason.missing_keys().is_empty() => {
            (visible::line(&visible::clip(&what, MOST_CHARACTERS)), Some(remedy))
        }
        Some(labels::Told { remedy, .. }) => (whole.to_owned(), remedy),
        None => (whole.to_owned(), None),
    };
    let remedy = remedy.map(|remedy| sentence(&visible::line(&visible::clip(&remedy, MOST_CHARACTERS))));
    (what, remedy.unwrap_or_else(|| advice(reason.outcome).to_owned()))
}

/// What would change how a test ended whose reason names no remedy.
fn advice(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotApplicable => "It depends on what the target holds and answers.",
        Outcome::NotSelected => "Run without filters.",
        Outcome::Inconclusive => "The exchanges of the tests show what stood in the way.",
        Outcome::Flaky => "It passed only when it was tried again: find out why.",
        Outcome::Defect => "The suite is at fault: please report it.",
        Outcome::Fail | Outcome::Warn | Outcome::Observed | Outcome::Pass => "",
    }
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", chars.as_str().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reason::{Filter, KeyKind, MissingKey, Reason};
    use crate::record::{CaseResult, sample};

    fn shown(outcome: Outcome, reason: Reason) -> (String, String) {
        let result = CaseResult { reason: Some(reason), ..sample::case("a.b", outcome) };
        let text = labels::why(&result);
        told(&view::Reason { outcome, text: text.clone(), results: vec![&result] }, &text)
    }

    #[test]
    fn a_reason_of_the_target_file_says_what_to_write() {
        let key = |kind, name: &str, line: &str| MissingKey {
            kind,
            name: name.to_owned(),
            line: line.to_owned(),
            purpose: None,
        };
        let dates = || key(KeyKind::Claim, "dates", "claims: [dates]");
        let (text, remedy) = shown(Outcome::NotApplicable, Reason::lacks(dates()));
        assert_eq!(text, "the target does not claim `dates`");
        assert_eq!(remedy, "Add `claims: [dates]` to the target file if it implements that.");
        let group = key(KeyKind::Parameter, "group", "parameters: { group: … }");
        let (text, remedy) = shown(Outcome::NotApplicable, Reason::TargetLacks { keys: vec![dates(), group] });
        assert_eq!(text, "the target file lacks `claims: [dates]`, `parameters: { group: … }`");
        assert_eq!(remedy, "Add these lines to the target file.");
    }

    #[test]
    fn what_a_filter_left_out_says_which() {
        let of = |reason| shown(Outcome::NotSelected, reason).1;
        let filter = |by| of(Reason::Filter { by });
        assert_eq!(of(Reason::ReadOnly), "Run without --read-only.");
        assert_eq!(filter(Filter::Chapter), "Run without --chapter.");
        assert_eq!(filter(Filter::Requirement), "Run without --requirement.");
        assert_eq!(filter(Filter::Level), "Run without --level.");
        assert_eq!(filter(Filter::Id), "Run without filters.");
        assert_eq!(of(Reason::FailFast { failed: "a.b".to_owned() }), "Run without --fail-fast.");
        assert_eq!(of(Reason::Interrupted), "Run again, and let the run come to its end.");
    }
}
