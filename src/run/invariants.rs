//! Invariants: judged on every exchange of a run, one verdict each.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::exchange::{Connection, Exchange, Role};
use crate::record::StoredExchange;
use crate::suite::{Invariant, Scope};
use crate::verdict::{Finding, Verdict};

use super::engine::Engine;
use super::store;

/// The most exchanges that are shown as examples of one broken invariant.
const EXAMPLES: usize = 5;

/// What an invariant has met so far.
#[derive(Debug, Default)]
pub(super) struct Met {
    /// How many exchanges it judged.
    pub(super) judged: usize,
    /// How many of them broke it.
    pub(super) broken: usize,
    /// What was found in the examples, or one pass.
    pub(super) findings: Vec<Finding>,
    /// The examples.
    pub(super) exchanges: Vec<StoredExchange>,
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
        let scope = engine.scope();
        for exchange in exchanges.iter().filter(|exchange| is_judged(engine, exchange)) {
            for invariant in &self.invariants {
                if engine.judge.selects(&invariant.when, exchange) {
                    self.judge_one(engine, invariant, case, exchange, &scope);
                }
            }
        }
    }

    /// What an invariant met; `None` if it met no exchange.
    pub(super) fn take(&self, id: &str) -> Option<Met> {
        self.lock().remove(id)
    }

    fn judge_one(&self, engine: &Engine, invariant: &Invariant, case: &str, exchange: &Exchange, scope: &Scope) {
        let findings = engine.judge.invariant(invariant, exchange, 0, scope);
        let worst = findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Inconclusive);
        let mut all = self.lock();
        let met = all.entry(invariant.id.clone()).or_default();
        met.judged += 1;
        if worst == Verdict::Pass {
            if met.findings.is_empty() {
                met.findings = findings.into_iter().map(|finding| Finding { exchange: None, ..finding }).collect();
            }
            return;
        }
        met.broken += 1;
        if met.exchanges.len() >= EXAMPLES {
            return;
        }
        let number = met.exchanges.len();
        met.exchanges.push(engine.stored(exchange, store::FAILING.body));
        let told = findings.into_iter().filter(|finding| finding.verdict != Verdict::Pass);
        met.findings.extend(told.map(|finding| Finding {
            message: format!("in {case}: {}", finding.message),
            exchange: Some(number),
            ..finding
        }));
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
