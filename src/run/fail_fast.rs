//! Ends a run at its first failure: no further case begins, and those that run come to their end.

use std::fmt;
use std::sync::OnceLock;

use crate::record::{CaseResult, Outcome};

use super::engine::Engine;
use super::invariants::Tally;

/// Whether nobody knew that a result would fail.
type IsNews = dyn Fn(&CaseResult) -> bool + Send + Sync;

/// What ends a run early, and what ended it.
#[derive(Default)]
pub(super) struct FailFast {
    /// Asked about each failed *must*; without it no failure ends the run.
    is_news: Option<Box<IsNews>>,
    first: OnceLock<String>,
}

impl fmt::Debug for FailFast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FailFast").field("first", &self.first).finish_non_exhaustive()
    }
}

impl FailFast {
    fn ends_at(&self, result: &CaseResult) -> bool {
        let is_news = self.is_news.as_ref();
        result.verdict == Outcome::Fail && is_news.is_some_and(|is_news| is_news(result))
    }

    /// The case or invariant whose failure ended the run.
    pub(super) fn ended_by(&self) -> Option<&str> {
        self.first.get().map(String::as_str)
    }
}

impl Engine {
    /// The same engine, ending its run at the first *must* that fails and `is_news`: a known failure is none.
    #[must_use]
    pub fn failing_fast(mut self, is_news: impl Fn(&CaseResult) -> bool + Send + Sync + 'static) -> Self {
        self.fail_fast.is_news = Some(Box::new(is_news));
        self
    }

    /// Learns of a result, before its worker begins another case.
    pub(super) fn weigh(&self, result: &CaseResult) {
        if self.fail_fast.ends_at(result) {
            self.fail_fast.first.get_or_init(|| result.id.clone());
            self.stop.begin_no_more();
        }
    }

    /// Learns of what the invariants have met so far.
    pub(super) fn weigh_invariants(&self, tally: &Tally) {
        if self.fail_fast.is_news.is_none() {
            return;
        }
        for (invariant, met) in tally.broken() {
            self.weigh(&self.invariant_result(&invariant, Some(met)));
        }
    }
}
