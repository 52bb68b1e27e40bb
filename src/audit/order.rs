//! The order of time: entries of a recording may stand in any order (HAR 1.2 leaves it to the reader).

use chrono::{DateTime, Utc};

/// Items that wait for those that come later in the file and happened earlier.
#[derive(Debug)]
pub(super) struct InOrder<T> {
    waiting: Vec<Waiting<T>>,
    weight: usize,
    /// How much may wait in a file that is in order except for some entries.
    most: usize,
    /// How much may wait in any other file.
    most_in_disorder: usize,
    /// How much may wait now.
    allowed: usize,
    /// The time up to which all were handed out.
    passed: Option<DateTime<Utc>>,
    is_broken: bool,
}

#[derive(Debug)]
struct Waiting<T> {
    at: DateTime<Utc>,
    entry: usize,
    weight: usize,
    item: T,
}

impl<T> InOrder<T> {
    /// Nothing yet. No more than the first weight waits at once, and no more than the second if the file is in reverse
    /// order, or in none.
    pub(super) fn of(most: usize, most_in_disorder: usize) -> Self {
        Self { waiting: Vec::new(), weight: 0, most, most_in_disorder, allowed: most, passed: None, is_broken: false }
    }

    /// Adds an item, and returns those whose turn it is, if there are too many.
    pub(super) fn push(&mut self, at: DateTime<Utc>, entry: usize, weight: usize, item: T) -> Vec<(usize, T)> {
        self.is_broken |= self.passed.is_some_and(|passed| at < passed);
        self.weight += weight;
        self.waiting.push(Waiting { at, entry, weight, item });
        if self.weight <= self.allowed {
            return Vec::new();
        }
        if self.weight <= self.most_in_disorder && self.is_in_disorder() {
            self.allowed = (self.allowed * 2).min(self.most_in_disorder);
            return Vec::new();
        }
        self.allowed = self.most;
        self.sort();
        // The later half may still be preceded by what comes.
        let half = self.waiting.len().div_ceil(2);
        let rest = self.waiting.split_off(half);
        let first = std::mem::replace(&mut self.waiting, rest);
        self.passed = first.last().map(|last| last.at);
        self.weight = self.waiting.iter().map(|one| one.weight).sum();
        first.into_iter().map(|one| (one.entry, one.item)).collect()
    }

    /// All that still waits.
    pub(super) fn finish(&mut self) -> Vec<(usize, T)> {
        self.sort();
        std::mem::take(&mut self.waiting).into_iter().map(|one| (one.entry, one.item)).collect()
    }

    /// Whether something came so late that it could not be put into its place.
    pub(super) fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// Whether many of those that came last belong to the earlier half: then more of them may come.
    fn is_in_disorder(&self) -> bool {
        let mut times: Vec<DateTime<Utc>> = self.waiting.iter().map(|one| one.at).collect();
        let middle = times.len() / 2;
        let middle = *times.select_nth_unstable(middle).1;
        let last = &self.waiting[self.waiting.len() / 4 * 3..];
        let early = last.iter().filter(|one| one.at < middle).count();
        early * 8 > last.len()
    }

    fn sort(&mut self) {
        self.waiting.sort_by_key(|one| (one.at, one.entry));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn items_come_in_the_order_of_time() {
        let mut order = InOrder::of(100, 100);
        for (entry, second) in [5, 3, 4, 3].into_iter().enumerate() {
            assert!(order.push(at(second), entry, 1, second).is_empty());
        }
        assert_eq!(order.finish(), [(1, 3), (3, 3), (2, 4), (0, 5)]);
        assert!(!order.is_broken());
    }

    #[test]
    fn what_waits_is_bounded_and_what_comes_too_late_is_known() {
        let mut order = InOrder::of(4, 4);
        let mut out = Vec::new();
        for (entry, second) in [2, 1, 4, 3, 6, 5].into_iter().enumerate() {
            out.extend(order.push(at(second), entry, 1, second));
        }
        assert!(out.len() >= 3 && out.is_sorted_by_key(|(_, second)| *second), "{out:?}");
        assert!(!order.is_broken());
        order.push(at(0), 9, 1, 0);
        assert!(order.is_broken());
    }

    /// The seconds that are handed out before the end, and all of them.
    fn in_order(seconds: &[i64]) -> (usize, Vec<i64>, bool) {
        let mut order = InOrder::of(10, 1_000);
        let mut out = Vec::new();
        for (entry, second) in seconds.iter().enumerate() {
            out.extend(order.push(at(*second), entry, 1, *second).into_iter().map(|(_, second)| second));
        }
        let before = out.len();
        out.extend(order.finish().into_iter().map(|(_, second)| second));
        (before, out, order.is_broken())
    }

    #[test]
    fn a_file_in_no_order_waits_as_a_whole() {
        let all: Vec<i64> = (0..500).collect();
        let reversed: Vec<i64> = (0..500).rev().collect();
        let mixed: Vec<i64> = (0..500).map(|number| number * 211 % 500).collect();
        assert_eq!(in_order(&reversed), (0, all.clone(), false));
        assert_eq!(in_order(&mixed), (0, all, false));
    }

    #[test]
    fn a_file_in_order_except_for_some_entries_does_not_wait() {
        let swapped: Vec<i64> = (0..500).map(|number| number ^ 1).collect();
        let (before, out, is_broken) = in_order(&swapped);
        assert!(before > 480 && out.is_sorted() && !is_broken, "{before}");
    }
}
