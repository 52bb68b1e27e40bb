//! Equal excerpts: one recorded exchange may show many findings, and is shown once for all of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::record::{Run, StoredExchange};
use crate::verdict::Source;

/// A case and the number of an exchange of it.
type Place = (usize, usize);

/// Which excerpts are equal, in a run of recorded exchanges; in others none are.
#[derive(Default)]
pub(super) struct Fold {
    /// By exchange, the first that is equal.
    firsts: BTreeMap<Place, Place>,
    sources: Option<BTreeSet<(String, usize)>>,
}

impl Fold {
    pub(super) fn of(run: &Run) -> Self {
        if run.recorded_exchanges.is_none() {
            return Self::default();
        }
        let mut firsts = BTreeMap::new();
        let mut known: HashMap<(&str, &str), Vec<(Place, &StoredExchange)>> = HashMap::new();
        for (case, result) in run.results.iter().enumerate() {
            for (at, exchange) in result.exchanges.iter().enumerate() {
                let alike = known.entry((&exchange.method, &exchange.url)).or_default();
                match alike.iter().find(|(_, other)| is_equal(other, exchange)) {
                    Some((first, _)) => {
                        firsts.insert((case, at), *first);
                    }
                    None => alike.push(((case, at), exchange)),
                }
            }
        }
        Self { firsts, sources: Some(BTreeSet::new()) }
    }

    /// The first exchange that is equal to this one.
    pub(super) fn first(&self, place: Place) -> Place {
        self.firsts.get(&place).copied().unwrap_or(place)
    }

    /// The exchange and those that are equal to it.
    pub(super) fn alike(&self, first: Place) -> impl Iterator<Item = Place> {
        let others = self.firsts.iter().filter(move |(_, of)| **of == first).map(|(place, _)| *place);
        std::iter::once(first).chain(others)
    }

    /// Whether the lines of a source were shown before; they count as shown from now on.
    pub(super) fn was_shown(&mut self, source: &Source) -> bool {
        self.sources.as_mut().is_some_and(|shown| !shown.insert((source.file.clone(), source.line)))
    }
}

fn is_equal(one: &StoredExchange, other: &StoredExchange) -> bool {
    (one.status, &one.request_body, &one.response_body) == (other.status, &other.request_body, &other.response_body)
        && (&one.request_headers, &one.response_headers) == (&other.request_headers, &other.response_headers)
}
