//! Invariants: judged on every exchange of a run, one verdict each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use crate::check::{Judge, Selected, kind_of_place};
use crate::exchange::{Connection, Exchange, Role};
use crate::record::{StoredExchange, alike};
use crate::suite::Invariant;
use crate::verdict::{Finding, Location};

use super::engine::Engine;
use super::store;

/// The most exchanges that are shown as examples of one broken invariant, whatever is wrong with them.
const EXAMPLES: usize = 5;
/// The most exchanges that are kept of one broken invariant: after the first, those in which something new is wrong.
const KINDS: usize = 24;

/// What an invariant has met so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Met {
    /// How many exchanges it judged.
    pub(super) judged: usize,
    /// How many of them broke it.
    pub(super) broken: usize,
    /// What was found in the examples, or one pass.
    pub(super) findings: Vec<Finding>,
    /// The examples.
    pub(super) exchanges: Vec<StoredExchange>,
    /// What is wrong in them.
    kinds: BTreeSet<String>,
}

/// What is wrong with an exchange, without what differs from one to the next.
fn kinds(troubles: &[Finding]) -> String {
    let place = |location: &Location| kind_of_place(&location.to_string());
    let each = troubles.iter().map(|finding| {
        let places = finding.location.iter().chain(&finding.also).map(place);
        let places = places.collect::<Vec<_>>().join(" ");
        let actual = finding.actual.as_ref().filter(|_| finding.location == Some(Location::Status));
        if places.is_empty() { alike(&finding.message) } else { format!("{places} {actual:?}") }
    });
    each.collect()
}

impl Met {
    /// Adds what was found in one more exchange.
    fn add(&mut self, engine: &Engine, invariant: &Invariant, troubles: Vec<Finding>, case: &str, exchange: &Exchange) {
        self.judged += 1;
        if troubles.is_empty() {
            if self.findings.is_empty() {
                self.findings = Judge::kept(invariant);
            }
            return;
        }
        self.broken += 1;
        if self.exchanges.len() >= KINDS {
            return;
        }
        let is_new = self.kinds.insert(kinds(&troubles));
        if self.exchanges.len() >= EXAMPLES && !is_new {
            return;
        }
        let number = self.exchanges.len();
        self.exchanges.push(engine.stored(exchange, store::FAILING.body));
        self.findings.extend(troubles.into_iter().map(|finding| Finding {
            seen_in: Some(case.to_owned()),
            exchange: Some(number),
            ..finding
        }));
    }
}

impl Engine {
    /// What the invariants that speak about an exchange find in it, by their number.
    pub fn troubles(&self, invariants: &[Arc<Invariant>], exchange: &Exchange) -> Vec<(usize, Vec<Finding>)> {
        if !is_judged(self, exchange) {
            return Vec::new();
        }
        let (scope, view) = (self.scope(), self.judge.view(exchange));
        let selected = |it: &Arc<Invariant>| self.judge.selects(&it.when, &view) == Selected::Yes;
        let of_each = invariants.iter().enumerate().filter(|(_, invariant)| selected(invariant));
        of_each.map(|(number, invariant)| (number, self.judge.troubles(invariant, &view, 0, &scope))).collect()
    }
}

/// All invariants of a run, and what they have met.
#[derive(Debug)]
pub(super) struct Tally {
    invariants: Vec<Arc<Invariant>>,
    met: Mutex<BTreeMap<String, Met>>,
}

impl Tally {
    pub(super) fn new(invariants: Vec<Arc<Invariant>>) -> Self {
        Self { invariants, met: Mutex::new(BTreeMap::new()) }
    }

    pub(super) fn invariants(&self) -> &[Arc<Invariant>] {
        &self.invariants
    }

    /// Judges the exchanges of one case.
    pub(super) fn judge(&self, engine: &Engine, case: &str, exchanges: &[Exchange]) {
        for exchange in exchanges {
            let found = engine.troubles(&self.invariants, exchange);
            let mut met = self.lock();
            for (number, troubles) in found {
                let invariant = &self.invariants[number];
                met.entry(invariant.id.clone()).or_default().add(engine, invariant, troubles, case, exchange);
            }
        }
    }

    /// The invariants that were broken so far, and what they met.
    pub(super) fn broken(&self) -> Vec<(Arc<Invariant>, Met)> {
        let met = self.lock();
        let broken = |it: &Arc<Invariant>| met.get(&it.id).filter(|met| met.broken > 0).cloned();
        self.invariants.iter().filter_map(|it| Some((Arc::clone(it), broken(it)?))).collect()
    }

    /// What an invariant met; `None` if it met no exchange.
    pub(super) fn take(&self, id: &str) -> Option<Met> {
        self.lock().remove(id)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Met>> {
        self.met.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Whether an exchange shows how the target behaves: whole, on an ordinary connection, with the target, and not one of
/// its moments of maintenance, after which it answered.
fn is_judged(engine: &Engine, exchange: &Exchange) -> bool {
    let maintenance = exchange.response.status == 503 && exchange.role == Role::Retried;
    !maintenance
        && exchange.request.connection == Connection::Pooled
        && !exchange.response.cut
        && engine.target.same_origin(&exchange.request.url)
}
