//! Cases that were set aside or could not be judged, by their reason, with what would change that.

use super::cases::{Link, Places, class};
use super::requirements::query;
use crate::record::{Outcome, Run};
use crate::report::{view, visible, words};

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
            let whole = visible::line(&visible::clip(reason.text, MOST_CHARACTERS));
            let (text, remedy) = told(reason.outcome, &whole);
            ReasonView {
                class: class(reason.outcome),
                word: words::outcome(reason.outcome),
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

/// The reason, and what would change it: reasons of the target file say both, with a colon between.
fn told(outcome: Outcome, reason: &str) -> (String, String) {
    match outcome {
        Outcome::NotApplicable => match reason.split_once(": ") {
            Some((text, remedy)) => (text.to_owned(), sentence(remedy)),
            None if reason.starts_with("no exchange of this run") => {
                (reason.to_owned(), "It is judged on what other cases exchange: run more of them.".to_owned())
            }
            None => (reason.to_owned(), "It depends on what the target holds and answers.".to_owned()),
        },
        Outcome::NotSelected => (reason.to_owned(), selected_by(reason).to_owned()),
        Outcome::Inconclusive => {
            (reason.to_owned(), "The exchanges of the cases tell what stood in the way.".to_owned())
        }
        Outcome::Flaky => (reason.to_owned(), "It passed only when it was performed again: find out why.".to_owned()),
        Outcome::Defect => (reason.to_owned(), "The suite is at fault: please report it.".to_owned()),
        Outcome::Fail | Outcome::Warn | Outcome::Observed | Outcome::Pass => (reason.to_owned(), String::new()),
    }
}

/// What of the command line brings a case back that it left out.
fn selected_by(reason: &str) -> &'static str {
    if reason.contains("only reading was allowed") {
        "Run without --read-only."
    } else if reason.starts_with("--fail-fast") {
        "Run without --fail-fast."
    } else if reason.contains("interrupted") {
        "Run again, and let the run come to its end."
    } else if reason.contains("chapters") {
        "Run without --chapter."
    } else if reason.contains("requirements") {
        "Run without --requirement."
    } else if reason.contains("levels") {
        "Run without --level."
    } else {
        "Run without filters."
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

    #[test]
    fn a_reason_of_the_target_file_says_what_to_write() {
        let reason = "the target does not claim `dates`: add it to `claims` if it implements that";
        let (text, remedy) = told(Outcome::NotApplicable, reason);
        assert_eq!(text, "the target does not claim `dates`");
        assert_eq!(remedy, "Add it to `claims` if it implements that.");
    }

    #[test]
    fn what_a_filter_left_out_says_which() {
        let of = |reason| told(Outcome::NotSelected, reason).1;
        assert_eq!(of("it writes, and only reading was allowed"), "Run without --read-only.");
        assert_eq!(of("other chapters were asked for"), "Run without --chapter.");
        assert_eq!(of("other requirements were asked for"), "Run without --requirement.");
        assert_eq!(of("other levels were asked for"), "Run without --level.");
        assert_eq!(of("other ids were asked for"), "Run without filters.");
        assert_eq!(of("--fail-fast: a.b failed before"), "Run without --fail-fast.");
        assert_eq!(of("interrupted"), "Run again, and let the run come to its end.");
    }
}
