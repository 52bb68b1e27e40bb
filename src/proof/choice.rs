//! Which responses of a test are altered: one of each kind at its beginning and one at its end, and not too many.

use crate::client::{Call, Purpose};
use crate::exchange::Obstacle;

/// The most responses of one test that are altered.
const MOST: usize = 16;

/// The numbers of the calls whose responses are altered: those that are judged, or of which something is saved. Of
/// responses of one kind in a row, the first and the last are.
pub(super) fn chosen(calls: &[Call]) -> Vec<usize> {
    let mut rows: Vec<(String, usize, usize)> = Vec::new();
    for (number, call) in calls.iter().enumerate().filter(|(_, call)| call.purpose != Purpose::Other) {
        let Some(kind) = kind(call) else { continue };
        match rows.last_mut() {
            Some((last, _, end)) if *last == kind => *end = number,
            _ => rows.push((kind, number, number)),
        }
    }
    let mut chosen: Vec<usize> = rows.into_iter().flat_map(|(_, first, last)| [first, last]).collect();
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
    let user = exchange.request.user.as_deref().unwrap_or_default();
    Some(format!("{user} {} {} {} {:?}", exchange.request.method, exchange.response.status, url.path(), names))
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
