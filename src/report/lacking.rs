//! The lines that a target file lacks, one by one: tests that need several lines have nearly each a reason of their own.

use std::collections::BTreeMap;

use super::view::Reason;

/// How many results each line would help, the most helpful first. One that lacks several lines counts for each.
pub(super) fn by_line<'a>(reasons: &[Reason<'a>]) -> Vec<(&'a str, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for reason in reasons {
        for key in reason.missing_keys() {
            *counts.entry(&key.line).or_default() += reason.results.len();
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(line, count)| (std::cmp::Reverse(*count), *line));
    counts
}
