//! What came of one invariant, relation or rule on the exchanges of an audit.

use std::collections::BTreeMap;

use crate::verdict::{Finding, Verdict};

/// The most reasons that are told apart for one invariant.
const REASONS: usize = 8;

/// What an invariant has met.
#[derive(Debug, Default)]
pub(super) struct Met {
    /// Exchanges that it judged.
    pub(super) judged: usize,
    /// Exchanges that broke it.
    pub(super) broken: usize,
    /// Exchanges on which it could not be judged, by the reason.
    pub(super) unclear: BTreeMap<String, usize>,
    /// Exchanges that could be judged beside others alone, which are not there.
    pub(super) apart: usize,
}

impl Met {
    /// Counts a finding by its verdict, which it returns; its reason is kept as `told` tells it, without secrets.
    pub(super) fn count(&mut self, finding: &Finding, told: impl FnOnce(&str) -> String) -> Verdict {
        match finding.verdict {
            Verdict::Inconclusive => self.unclear(&told(&finding.message)),
            Verdict::Pass => self.judged += 1,
            Verdict::Fail => {
                self.judged += 1;
                self.broken += 1;
            }
        }
        finding.verdict
    }

    /// Counts an exchange on which nothing could be judged.
    pub(super) fn unclear(&mut self, why: &str) {
        self.unclear_times(why, 1);
    }

    /// Counts so many of them.
    pub(super) fn unclear_times(&mut self, why: &str, times: usize) {
        if let Some(count) = self.unclear.get_mut(why) {
            *count += times;
        } else {
            let why = if self.unclear.len() < REASONS { why } else { "for other reasons" };
            *self.unclear.entry(why.to_owned()).or_default() += times;
        }
    }
}
