//! Which responses of a test are altered: one of each kind at its beginning and one at its end, and not too many.

use std::collections::BTreeMap;

use crate::client::Call;
use crate::exchange::Obstacle;

/// The most responses of one test that are altered.
const MOST: usize = 12;

/// The numbers of the calls whose responses are altered: those that a judged step received.
pub(super) fn chosen(calls: &[Call]) -> Vec<usize> {
    let mut kinds: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (number, call) in calls.iter().enumerate().filter(|(_, call)| call.is_judged) {
        let Some(kind) = kind(call) else { continue };
        kinds.entry(kind).and_modify(|(_, last)| *last = number).or_insert((number, number));
    }
    let mut chosen: Vec<usize> = kinds.into_values().flat_map(|(first, last)| [first, last]).collect();
    chosen.sort_unstable();
    chosen.dedup();
    thinned(chosen, MOST)
}

/// Pages of one list are of one kind, and so are the responses of a burst.
fn kind(call: &Call) -> Option<String> {
    let Some(exchange) = call.answer() else {
        let is_silent = call.sent.obstacle.as_ref().is_some_and(Obstacle::is_silence);
        return is_silent.then(|| format!("{} no response", call.request.url));
    };
    let url = &exchange.request.url;
    let mut names: Vec<String> = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
    names.retain(|name| name != "pageNum");
    Some(format!("{} {} {} {:?}", exchange.request.method, exchange.response.status, url.path(), names))
}

/// So many of all, evenly spread, the first and the last among them.
pub(super) fn thinned<T>(all: Vec<T>, most: usize) -> Vec<T> {
    let count = all.len();
    if count <= most {
        return all;
    }
    let mut wanted = (0..most).map(|at| at * (count - 1) / (most - 1).max(1)).peekable();
    all.into_iter().enumerate().filter(|(at, _)| wanted.next_if_eq(at).is_some()).map(|(_, item)| item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_thinned_keeps_both_ends() {
        assert_eq!(thinned((0..10).collect(), 4), [0, 3, 6, 9]);
        assert_eq!(thinned((0..10).collect(), 1), [0]);
        assert_eq!(thinned(vec![1, 2], 4), [1, 2]);
    }
}
