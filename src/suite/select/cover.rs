//! Which combinations of a case's dimensions become tests: all, or so many that every value or every pair is tried.

use std::collections::{BTreeSet, HashMap};

/// How many combinations of a case's dimensions are tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// Every value of every dimension once.
    Quick,
    /// Every pair of values of any two dimensions.
    #[default]
    Pairs,
    /// Every combination.
    All,
}

/// How many pairs of values the tests of a plan cover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// So many are covered
    pub covered: usize,
    /// out of so many.
    pub total: usize,
}

/// The combinations to try, by their places in `rows`, and the pairs of values that they cover. A row holds one value
/// for each dimension. The same rows give the same choice.
pub(super) fn cover(rows: &[Vec<String>], depth: Depth) -> (Vec<usize>, Pairs) {
    let pairs: Vec<Vec<usize>> = numbered(rows, 2);
    let chosen = match depth {
        Depth::All => (0..rows.len()).collect(),
        Depth::Pairs if rows.first().is_none_or(|row| row.len() <= 2) => (0..rows.len()).collect(),
        Depth::Pairs => greedy(&pairs),
        Depth::Quick => greedy(&numbered(rows, 1)),
    };
    let count = |rows: &mut dyn Iterator<Item = &Vec<usize>>| rows.flatten().collect::<BTreeSet<_>>().len();
    let covered = count(&mut chosen.iter().map(|at: &usize| &pairs[*at]));
    (chosen, Pairs { covered, total: count(&mut pairs.iter()) })
}

/// For each row the numbers of the values, or pairs of values, that it tries.
fn numbered(rows: &[Vec<String>], strength: usize) -> Vec<Vec<usize>> {
    let mut numbers: HashMap<Vec<(usize, &str)>, usize> = HashMap::new();
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let values: Vec<(usize, &str)> = row.iter().map(String::as_str).enumerate().collect();
        let tuples: Vec<Vec<(usize, &str)>> = match strength {
            1 => values.iter().map(|value| vec![*value]).collect(),
            _ => (0..values.len())
                .flat_map(|first| (first + 1..values.len()).map(move |second| (first, second)))
                .map(|(first, second)| vec![values[first], values[second]])
                .collect(),
        };
        let next = numbers.len();
        let mut fresh = next;
        let numbers = tuples.into_iter().map(|tuple| {
            *numbers.entry(tuple).or_insert_with(|| {
                fresh += 1;
                fresh - 1
            })
        });
        all.push(numbers.collect());
    }
    all
}

/// Takes the row that tries the most of what is left, the first of several, until nothing is left.
fn greedy(rows: &[Vec<usize>]) -> Vec<usize> {
    let mut left: BTreeSet<usize> = rows.iter().flatten().copied().collect();
    let mut chosen = Vec::new();
    // A case without dimensions has one combination, which tries nothing.
    if left.is_empty() && !rows.is_empty() {
        return vec![0];
    }
    while !left.is_empty() {
        let gain = |row: &[usize]| row.iter().filter(|number| left.contains(number)).count();
        let best = (0..rows.len()).max_by_key(|at| (gain(&rows[*at]), usize::MAX - at));
        let Some(best) = best else { break };
        left.retain(|number| !rows[best].contains(number));
        chosen.push(best);
    }
    chosen.sort_unstable();
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(sizes: &[usize]) -> Vec<Vec<String>> {
        let mut rows: Vec<Vec<String>> = vec![Vec::new()];
        for size in sizes {
            let longer = |row: &Vec<String>, value: usize| row.iter().cloned().chain([value.to_string()]).collect();
            rows = rows.iter().flat_map(|row| (0..*size).map(|value| longer(row, value))).collect();
        }
        rows
    }

    #[test]
    fn every_pair_is_tried_by_few_combinations() {
        for sizes in [&[3, 4, 2][..], &[2, 2, 2, 2, 2], &[5, 5, 3, 2]] {
            let rows = rows(sizes);
            let (chosen, pairs) = cover(&rows, Depth::Pairs);
            assert_eq!(pairs.covered, pairs.total, "{sizes:?}");
            assert!(chosen.len() < rows.len() / 2 + sizes[0], "{} of {} for {sizes:?}", chosen.len(), rows.len());
            assert_eq!(chosen, cover(&rows, Depth::Pairs).0);
        }
    }

    #[test]
    fn every_value_is_tried_once_where_it_has_to_be_quick() {
        let rows = rows(&[3, 4]);
        let (chosen, pairs) = cover(&rows, Depth::Quick);
        assert_eq!((chosen.len(), pairs), (4, Pairs { covered: 4, total: 12 }));
        assert_eq!(cover(&rows, Depth::All).0.len(), 12);
    }

    #[test]
    fn a_case_without_dimensions_has_one_test() {
        for depth in [Depth::Quick, Depth::Pairs, Depth::All] {
            assert_eq!(cover(&[Vec::new()], depth), (vec![0], Pairs::default()));
            assert_eq!(cover(&[], depth), (vec![], Pairs::default()));
        }
    }

    #[test]
    fn what_depends_on_another_value_is_tried_with_it() {
        let row = |values: [&str; 3]| values.map(str::to_owned).to_vec();
        let rows = [row(["a", "x", "1"]), row(["a", "x", "2"]), row(["b", "y", "1"]), row(["b", "y", "2"])];
        assert_eq!(cover(&rows, Depth::Pairs).1, Pairs { covered: 10, total: 10 });
    }
}
