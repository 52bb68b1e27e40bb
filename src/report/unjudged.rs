//! A run that judged nothing, told so that no reader of any format takes it for a success.

use super::{view, visible};
use crate::record::Run;

/// What the entry is listed under, where tests are listed by chapter.
pub(super) const SUITE: &str = "run";
/// The name of the entry.
pub(super) const NAME: &str = "nothing was judged";

/// Why a run judged nothing, if it did not.
pub(super) fn why(run: &Run) -> Option<String> {
    if let Some(why) = &run.nothing_judged {
        return Some(visible::line(why));
    }
    if view::judged(&run.counts) > 0 {
        return None;
    }
    Some(match (run.results.len(), run.recorded_exchanges) {
        (_, Some(0)) => "no recorded exchange is one of the API".to_owned(),
        (0, _) => "there is no test".to_owned(),
        (1, _) => "the only test was skipped".to_owned(),
        (tests, _) => format!("all {tests} tests were skipped"),
    })
}

/// The entry in a sentence, if there is one.
pub(super) fn sentence(run: &Run) -> Option<String> {
    why(run).map(|why| format!("{NAME}: {why}"))
}
