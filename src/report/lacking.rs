//! What a target file lacks, line by line: cases that need several lines have nearly each a reason of their own.

use std::collections::BTreeMap;

use super::view::Reason;

/// How the reason begins of a case that lacks several lines.
const SEVERAL: &str = "the target file lacks ";
/// What stands before the line that a case lacks alone.
const ONE: &str = ": add `";

/// The lines of a target file that a reason asks for.
pub(super) fn lines(reason: &str) -> Vec<&str> {
    let quoted = |text: &'_ str| -> Vec<(usize, usize)> {
        let marks: Vec<usize> = text.match_indices('`').map(|(at, _)| at).collect();
        marks.chunks_exact(2).map(|pair| (pair[0] + 1, pair[1])).collect()
    };
    if let Some(rest) = reason.strip_prefix(SEVERAL) {
        return quoted(rest).into_iter().map(|(from, to)| &rest[from..to]).collect();
    }
    let Some(at) = reason.find(ONE) else { return Vec::new() };
    let rest = &reason[at + ONE.len() - 1..];
    quoted(rest).into_iter().take(1).map(|(from, to)| &rest[from..to]).collect()
}

/// How many results each line would help, the most helpful first. One that lacks several lines counts for each.
pub(super) fn by_line<'a>(reasons: &[Reason<'a>]) -> Vec<(&'a str, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for reason in reasons {
        for line in lines(reason.text) {
            *counts.entry(line).or_default() += reason.results.len();
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(line, count)| (std::cmp::Reverse(*count), *line));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_says_which_lines_are_lacking() {
        let several = "the target file lacks `claims: [writes]`, `parameters: { document: … }`";
        assert_eq!(lines(several), ["claims: [writes]", "parameters: { document: … }"]);
        let one = "there is no `list.filtered`: add `parameters: { list: { filtered: … } }` to the target file (path)";
        assert_eq!(lines(one), ["parameters: { list: { filtered: … } }"]);
        assert!(lines("no exchange of this run is of its kind").is_empty());
    }
}
