//! Tapes: what it takes to perform a passed test again on its recorded responses, without the target.
//!
//! A tape has the last try of a test: its requests with what came of them, its unique texts and its times. A
//! replay gives them again, some responses altered; it skips waits and sends nothing.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use url::Url;

use super::engine::Engine;
use super::perform::Performer;
use super::window::Ahead;
use crate::client::{Call, Recording};
use crate::suite::{Instance, Uniques};
use crate::verdict::Finding;

/// The tapes of a run.
#[derive(Debug)]
pub(super) enum Tapes {
    /// Nobody asked for any.
    NotKept,
    /// Those of all tests that passed so far.
    Kept(Mutex<Vec<Tape>>),
    /// What a replay of one test gives again.
    Played(Arc<Uniques>),
}

/// What it takes to perform a test again.
#[derive(Clone, Debug)]
pub struct Tape {
    pub(super) instance: Instance,
    pub(super) recording: Arc<Recording>,
    pub(super) uniques: Vec<u64>,
    pub(super) begun: Begun,
    /// What was found when it was recorded.
    pub findings: Vec<Finding>,
}

/// What was known when a test began.
#[derive(Clone, Copy, Debug)]
pub(super) struct Begun {
    pub(super) at: DateTime<Utc>,
    pub(super) ahead: Option<Ahead>,
    /// How many exchanges were made before.
    exchanges: usize,
}

impl Begun {
    pub(super) fn now(engine: &Engine, exchanges: usize) -> Self {
        Self { at: engine.clock.now(), ahead: engine.target_clock.ahead(), exchanges }
    }
}

impl Tape {
    /// The id of the test.
    pub fn id(&self) -> &str {
        &self.instance.id
    }

    /// The id of its case.
    pub fn case(&self) -> &str {
        &self.instance.case.id
    }

    /// The requirements of the test.
    pub fn requirements(&self) -> &[String] {
        &self.instance.case.requirements
    }

    /// The numbers of the calls on whose responses something about a requirement was found.
    pub fn calls_about(&self, requirement: &str) -> BTreeSet<usize> {
        let is_about = |finding: &&Finding| finding.requirements.iter().any(|id| id == requirement);
        let exchanges = self.findings.iter().filter(is_about).filter_map(|finding| finding.exchange);
        exchanges.filter_map(|number| self.call_of(number.checked_sub(self.begun.exchanges)?)).collect()
    }

    /// The number of the call that made an exchange.
    fn call_of(&self, exchange: usize) -> Option<usize> {
        let mut made = 0;
        self.calls().iter().position(|call| {
            made += call.sent.exchanges.len();
            exchange < made
        })
    }

    /// Its requests and what came of them.
    pub fn calls(&self) -> &[Call] {
        &self.recording.calls
    }
}

impl Engine {
    /// The same engine, keeping a tape of each test that passes.
    #[must_use]
    pub fn keeping_tapes(self) -> Self {
        Self { tapes: Tapes::Kept(Mutex::default()), ..self }
    }

    pub(super) fn keeps_tapes(&self) -> bool {
        matches!(self.tapes, Tapes::Kept(_))
    }

    /// Whether nothing is sent.
    pub(super) fn is_replay(&self) -> bool {
        matches!(self.tapes, Tapes::Played(_))
    }

    pub(super) fn keep(&self, tape: Option<Tape>) {
        if let (Tapes::Kept(tapes), Some(tape)) = (&self.tapes, tape) {
            tapes.lock().unwrap_or_else(PoisonError::into_inner).push(tape);
        }
    }

    /// The tapes of all tests that passed so far, in the order of their ids.
    pub fn take_tapes(&self) -> Vec<Tape> {
        let Tapes::Kept(tapes) = &self.tapes else { return Vec::new() };
        let mut tapes = std::mem::take(&mut *tapes.lock().unwrap_or_else(PoisonError::into_inner));
        tapes.sort_by(|one, other| one.id().cmp(other.id()));
        tapes
    }

    /// The source of the unique texts of one test.
    pub(super) fn uniques_of_test(&self) -> Arc<Uniques> {
        match &self.tapes {
            Tapes::NotKept => Arc::clone(&self.uniques),
            Tapes::Kept(_) => Uniques::noting(&self.uniques),
            Tapes::Played(uniques) => Arc::clone(uniques),
        }
    }

    /// The text without the secrets of the target.
    pub fn redacted(&self, text: &str) -> String {
        self.redaction.text(text)
    }

    /// The root of the target.
    pub fn root(&self) -> &Url {
        &self.target.base_url
    }
}

impl Performer<'_> {
    /// What it takes to perform the last try again, if it was recorded.
    pub(super) fn take_tape(&mut self, instance: &Instance) -> Option<Tape> {
        let (recording, begun) = (self.worker.take_recording()?, self.begun?);
        Some(Tape {
            instance: instance.clone(),
            recording: Arc::new(recording),
            uniques: self.uniques.noted(),
            begun,
            findings: self.findings.clone(),
        })
    }
}
