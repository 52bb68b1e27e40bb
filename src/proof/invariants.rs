//! Invariants as judges of mutants. Tests receive many responses of one kind, so a mutant is judged once for each kind.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, PoisonError};

use crate::exchange::{Exchange, Response};
use crate::run::Engine;
use crate::suite::Invariant;
use crate::verdict::{Finding, Source, Verdict};

use super::mutant::Mutant;

/// What stands for a kind of mutants.
type Key = u64;

/// The invariants that passed in the run, and what they notice.
pub(super) struct Invariants {
    all: Vec<Arc<Invariant>>,
    seen: Mutex<HashMap<Key, bool>>,
    tally: Mutex<Vec<Noticed>>,
}

/// What one invariant noticed so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Noticed {
    /// Mutants of responses that it speaks about.
    pub(super) made: usize,
    pub(super) killed: usize,
    /// The expectations that noticed something, with their numbers.
    pub(super) sources: HashMap<Source, usize>,
}

impl Invariants {
    pub(super) fn new(all: Vec<Arc<Invariant>>) -> Self {
        let tally = Mutex::new(vec![Noticed::default(); all.len()]);
        Self { all, seen: Mutex::default(), tally }
    }

    /// Whether an invariant notices a mutant of a response.
    pub(super) fn notice(&self, engine: &Engine, answer: &Exchange, (mutant, response): (&Mutant, &Response)) -> bool {
        let key = key(answer, mutant);
        if let Some(known) = self.seen.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return *known;
        }
        let altered = Exchange { response: response.clone(), ..answer.clone() };
        let found = engine.troubles(&self.all, &altered);
        let is_noticed = found.iter().any(|(_, findings)| !findings.is_empty());
        // Two threads may come with the same kind at the same time: the first one counts.
        if self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(key, is_noticed).is_some() {
            return is_noticed;
        }
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        for (number, findings) in found {
            let noticed = &mut tally[number];
            noticed.made += 1;
            noticed.killed += usize::from(!findings.is_empty());
            let bad: Vec<Finding> = findings.into_iter().filter(|it| it.verdict != Verdict::Pass).collect();
            for source in sources(&bad) {
                *noticed.sources.entry(source).or_default() += 1;
            }
        }
        is_noticed
    }

    /// The invariants with what each noticed.
    pub(super) fn noticed(self) -> Vec<(Arc<Invariant>, Noticed)> {
        self.all.into_iter().zip(self.tally.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
    }
}

/// The places of the expectations that findings are about, each once.
pub(super) fn sources(findings: &[Finding]) -> Vec<Source> {
    let mut sources: Vec<Source> = findings.iter().filter_map(|finding| finding.source.clone()).collect();
    sources.sort_unstable();
    sources.dedup();
    sources
}

/// What tells mutants apart for an invariant.
fn key(answer: &Exchange, mutant: &Mutant) -> Key {
    let mut hasher = DefaultHasher::new();
    let request = &answer.request;
    (&request.method, request.url.path(), request.url.query(), answer.response.status).hash(&mut hasher);
    (mutant.operator, &mutant.place).hash(&mut hasher);
    hasher.finish()
}
