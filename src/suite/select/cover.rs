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
/// for each dimension. Of the dimensions whose places `in_turn` names, every value is tried, but not every pair with
/// another. The same rows give the same choice.
pub(super) fn cover(rows: &[Vec<String>], in_turn: &[usize], depth: Depth) -> (Vec<usize>, Pairs) {
    let pairs: Vec<Vec<usize>> = numbered(rows, &pairs_of_dimensions);
    let chosen = match depth {
        Depth::All => (0..rows.len()).collect(),
        // Values that a list names twice are tried twice.
        Depth::Pairs if in_turn.is_empty() && rows.first().is_none_or(|row| row.len() <= 2) => {
            (0..rows.len()).collect()
        }
        Depth::Pairs => greedy(&numbered(rows, &|dimensions| demanded(dimensions, in_turn)), &pairs),
        Depth::Quick => greedy(&numbered(rows, &|dimensions| (0..dimensions).map(|at| vec![at]).collect()), &pairs),
    };
    let count = |rows: &mut dyn Iterator<Item = &Vec<usize>>| rows.flatten().collect::<BTreeSet<_>>().len();
    let covered = count(&mut chosen.iter().map(|at: &usize| &pairs[*at]));
    (chosen, Pairs { covered, total: count(&mut pairs.iter()) })
}

/// All pairs of so many dimensions.
fn pairs_of_dimensions(dimensions: usize) -> Vec<Vec<usize>> {
    (0..dimensions).flat_map(|first| (first + 1..dimensions).map(move |second| vec![first, second])).collect()
}

/// The dimensions whose values are tried together, and those of which each value is tried once.
fn demanded(dimensions: usize, in_turn: &[usize]) -> Vec<Vec<usize>> {
    let pairs = pairs_of_dimensions(dimensions).into_iter();
    let pairs = pairs.filter(|pair| !pair.iter().any(|dimension| in_turn.contains(dimension)));
    pairs.chain((0..dimensions).map(|dimension| vec![dimension])).collect()
}

/// For each row the numbers of the values together that it tries, for each set of dimensions that `together` names.
fn numbered(rows: &[Vec<String>], together: &dyn Fn(usize) -> Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let mut numbers: HashMap<Vec<(usize, &str)>, usize> = HashMap::new();
    let mut all = Vec::with_capacity(rows.len());
    let sets = together(rows.first().map_or(0, Vec::len));
    for row in rows {
        let values = |set: &Vec<usize>| set.iter().map(|at| (*at, row[*at].as_str())).collect();
        let tuples: Vec<Vec<(usize, &str)>> = sets.iter().map(values).collect();
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

/// Takes the row that tries the most of what is left, of several the one that tries the most pairs that were not tried,
/// of several the first, until nothing is left.
fn greedy(rows: &[Vec<usize>], pairs: &[Vec<usize>]) -> Vec<usize> {
    // A case without dimensions has one combination, which tries nothing.
    if rows.first().is_some_and(Vec::is_empty) {
        return vec![0];
    }
    // By its number, whether something is still to be tried.
    let all = |rows: &[Vec<usize>]| vec![true; rows.iter().flatten().max().map_or(0, |most| most + 1)];
    let (mut left, mut pairs_left) = (all(rows), all(pairs));
    let gain = |row: &[usize], left: &[bool]| row.iter().filter(|number| left[**number]).count();
    let mut chosen = Vec::new();
    while left.contains(&true) {
        let value = |at: &usize| (gain(&rows[*at], &left), gain(&pairs[*at], &pairs_left), usize::MAX - at);
        let Some(best) = (0..rows.len()).max_by_key(value) else { break };
        rows[best].iter().for_each(|number| left[*number] = false);
        pairs[best].iter().for_each(|number| pairs_left[*number] = false);
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
            let (chosen, pairs) = cover(&rows, &[], Depth::Pairs);
            assert_eq!(pairs.covered, pairs.total, "{sizes:?}");
            assert!(chosen.len() < rows.len() / 2 + sizes[0], "{} of {} for {sizes:?}", chosen.len(), rows.len());
            assert_eq!(chosen, cover(&rows, &[], Depth::Pairs).0);
        }
    }

    #[test]
    fn every_value_is_tried_once_where_it_has_to_be_quick() {
        let rows = rows(&[3, 4]);
        let (chosen, pairs) = cover(&rows, &[], Depth::Quick);
        assert_eq!((chosen.len(), pairs), (4, Pairs { covered: 4, total: 12 }));
        assert_eq!(cover(&rows, &[], Depth::All).0.len(), 12);
    }

    #[test]
    fn a_case_without_dimensions_has_one_test() {
        for depth in [Depth::Quick, Depth::Pairs, Depth::All] {
            assert_eq!(cover(&[Vec::new()], &[], depth), (vec![0], Pairs::default()));
            assert_eq!(cover(&[], &[], depth), (vec![], Pairs::default()));
        }
    }

    #[test]
    fn what_depends_on_another_value_is_tried_with_it() {
        let row = |values: [&str; 3]| values.map(str::to_owned).to_vec();
        let rows = [row(["a", "x", "1"]), row(["a", "x", "2"]), row(["b", "y", "1"]), row(["b", "y", "2"])];
        assert_eq!(cover(&rows, &[], Depth::Pairs).1, Pairs { covered: 10, total: 10 });
    }

    #[test]
    fn what_takes_turns_adds_no_test() {
        let rows = rows(&[5, 4, 3, 2]);
        let (chosen, pairs) = cover(&rows, &[2, 3], Depth::Pairs);
        assert_eq!(chosen.len(), 20);
        for dimension in 0..4 {
            let tried: BTreeSet<&str> = chosen.iter().map(|at| rows[*at][dimension].as_str()).collect();
            assert_eq!(tried.len(), [5, 4, 3, 2][dimension], "dimension {dimension}");
        }
        assert!(pairs.covered > pairs.total * 9 / 10, "{pairs:?}");
        // With nothing else, there are as many tests as values.
        let (chosen, _) = cover(&self::rows(&[2, 3]), &[1], Depth::Pairs);
        assert_eq!(chosen.len(), 3);
    }
}
