//! How long exchanges took: a few numbers and a histogram.

use crate::record::Run;
use crate::report::labels;

/// Upper ends of the rows in microseconds, each about twice the one before; the last row has no end.
const ENDS: [u64; 14] = [
    500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000,
    10_000_000,
];
/// Length of the longest bar, in its own units.
const BAR: usize = 1000;

/// How long the stored exchanges took.
pub(super) struct Latency {
    pub(super) exchanges: String,
    pub(super) numbers: Vec<(&'static str, String)>,
    pub(super) rows: Vec<LatencyRow>,
}

pub(super) struct LatencyRow {
    pub(super) label: String,
    pub(super) count: usize,
    pub(super) width: usize,
}

/// The distribution, or `None` where no exchange is stored.
pub(super) fn latency(run: &Run) -> Option<Latency> {
    let exchanges = run.results.iter().flat_map(|result| &result.exchanges);
    let mut times: Vec<u64> = exchanges.map(|exchange| exchange.duration_us).collect();
    times.sort_unstable();
    let longest = *times.last()?;
    let at = |percent: usize| duration(times[(times.len() * percent).div_ceil(100).max(1) - 1]);
    let numbers = vec![("median", at(50)), ("90 %", at(90)), ("99 %", at(99)), ("longest", duration(longest))];
    Some(Latency { exchanges: labels::count(times.len(), "stored exchange"), numbers, rows: rows(&times) })
}

fn rows(times: &[u64]) -> Vec<LatencyRow> {
    let below = |end: u64| times.partition_point(|time| *time < end);
    let mut before = 0;
    let mut counts: Vec<(String, usize)> = Vec::new();
    for (at, end) in ENDS.iter().enumerate() {
        let until = below(*end);
        let label = at.checked_sub(1).map_or_else(
            || format!("below {}", duration(*end)),
            |last| format!("{} to {}", duration(ENDS[last]), duration(*end)),
        );
        counts.push((label, until - before));
        before = until;
    }
    counts.push((format!("{} and more", duration(ENDS[ENDS.len() - 1])), times.len() - before));
    let first = counts.iter().position(|(_, count)| *count > 0).unwrap_or(0);
    let last = counts.iter().rposition(|(_, count)| *count > 0).unwrap_or(0);
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1);
    let row = |(label, count): (String, usize)| LatencyRow { label, count, width: count * BAR / most };
    counts.into_iter().skip(first).take(last + 1 - first).map(row).collect()
}

/// A duration in microseconds for people.
pub(super) fn duration(microseconds: u64) -> String {
    match microseconds {
        0..1_000 => format!("{}.{} ms", microseconds / 1_000, microseconds % 1_000 / 100),
        1_000..10_000 if !microseconds.is_multiple_of(1_000) => {
            format!("{}.{} ms", microseconds / 1_000, microseconds % 1_000 / 100)
        }
        _ => labels::duration(microseconds / 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_stands_in_one_row_and_empty_ends_are_left_out() {
        let rows = rows(&[1_500, 1_999, 2_000, 60_000]);
        let told: Vec<(&str, usize, usize)> =
            rows.iter().map(|row| (row.label.as_str(), row.count, row.width)).collect();
        assert_eq!(told[0], ("1 ms to 2 ms", 2, 1000));
        assert_eq!(told[1], ("2 ms to 5 ms", 1, 500));
        assert_eq!(told.last(), Some(&("50 ms to 100 ms", 1, 500)));
        assert_eq!(told.iter().map(|(_, count, _)| count).sum::<usize>(), 4);
    }

    #[test]
    fn durations_are_short() {
        let shown: Vec<String> = [40, 640, 1_000, 4_321, 43_210, 2_500_000].map(duration).into();
        assert_eq!(shown, ["0.0 ms", "0.6 ms", "1 ms", "4.3 ms", "43 ms", "2.5 s"]);
    }
}
