//! The trial of one test: replayed unaltered, then once for each mutant.

use std::sync::Arc;

use serde_json::Value;
use url::Url;

use crate::client::{Call, Purpose};
use crate::exchange::{Exchange, Response};
use crate::record::Outcome;
use crate::run::{Engine, Replayed, Snapshot, Tape};
use crate::verdict::{Finding, Source, Verdict};

use super::choice::{self, thinned};
use super::invariants::{Invariants, sources};
use super::mutant::{Mutant, answered, mutants};
use super::operator::{Operator, Spelling};
use super::spelling::respelled;

/// How many bytes of bodies the replays of one test read, about.
const READ: usize = 24 * 1024 * 1024;
/// The fewest mutants of bodies of a test that has more.
const FEWEST: usize = 120;

/// So many tests of a case try all of its mutants together, and all spellings.
const MUTANTS_AMONG: usize = 4;
const SPELLINGS_AMONG: usize = 3;

/// What came of one test.
#[derive(Debug, Default)]
pub(super) struct Trial {
    /// The id of the test, as reports show it.
    pub(super) id: String,
    /// Why it cannot be proven.
    pub(super) not_replayed: Option<String>,
    /// The responses that were altered.
    pub(super) responses: Vec<String>,
    pub(super) mutants: Vec<Ended>,
    pub(super) spellings: Vec<Respelled>,
    /// The places of the expectations that were judged.
    pub(super) judged: Vec<Source>,
}

/// How a replay with a mutant ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) operator: Operator,
    pub(super) place: String,
    /// The index of its response in [`Trial::responses`].
    pub(super) response: usize,
    /// The number of the call.
    pub(super) call: usize,
    pub(super) end: End,
}

/// Whether a mutant was noticed.
#[derive(Debug)]
pub(super) enum End {
    Survived { is_noticed_by_invariant: bool },
    Killed(Kill),
}

/// What noticed a mutant.
#[derive(Debug)]
pub(super) struct Kill {
    pub(super) sources: Vec<Source>,
    pub(super) requirements: Vec<String>,
    pub(super) is_astray: bool,
}

/// How a replay with an equivalent mutant ended.
#[derive(Debug)]
pub(super) struct Respelled {
    pub(super) spelling: Spelling,
    pub(super) is_astray: bool,
    /// What did not pass.
    pub(super) finding: Option<Finding>,
}

/// What all trials share.
pub(super) struct Court<'a> {
    pub(super) engine: &'a Engine,
    pub(super) root: &'a Url,
    pub(super) invariants: &'a Invariants,
    /// The most mutants of one test.
    pub(super) sample: Option<usize>,
}

/// What of a test is tried. A case with many tests shares its mutants out among them: the first test tries all.
pub(super) struct Chosen<'a> {
    /// The body of another response of the run.
    pub(super) other: &'a [u8],
    /// The number of the test among those of its case.
    pub(super) turn: usize,
}

impl Chosen<'_> {
    /// The mutants that this test tries, and those that it tries if none of these is noticed.
    fn parted<T>(&self, all: Vec<T>) -> (Vec<T>, Vec<T>) {
        let is_first = |(at, _): &(usize, T)| self.turn == 0 || at % MUTANTS_AMONG == self.turn % MUTANTS_AMONG;
        let (first, rest): (Vec<_>, Vec<_>) = all.into_iter().enumerate().partition(is_first);
        let plain = |numbered: Vec<(usize, T)>| numbered.into_iter().map(|(_, item)| item).collect();
        (plain(first), plain(rest))
    }

    fn spellings(&self) -> impl Iterator<Item = Spelling> {
        let turn = self.turn;
        let is_tried = move |at: usize| turn == 0 || at % SPELLINGS_AMONG == turn % SPELLINGS_AMONG;
        Spelling::ALL.iter().copied().enumerate().filter(move |(at, _)| is_tried(*at)).map(|(_, spelling)| spelling)
    }
}

impl Trial {
    fn has_killed(&self) -> bool {
        self.mutants.iter().any(|mutant| matches!(mutant.end, End::Killed(_)))
    }
}

impl Court<'_> {
    /// Tries one test.
    pub(super) async fn try_test(&self, tape: &Tape, chosen: &Chosen<'_>) -> Trial {
        let (plain, snapshots) = self.engine.replay(tape).await;
        if plain.outcome != Outcome::Pass {
            let why = self.engine.redacted(&why_not(&plain));
            return Trial { not_replayed: Some(why), ..Trial::default() };
        }
        let numbers = choice::chosen(tape.calls());
        let (first, rest) = chosen.parted(self.sampled(&numbers, tape, chosen.other));
        let mut trial = Trial { judged: sources(&tape.findings), ..Trial::default() };
        for (at, mutants) in [first, rest].into_iter().enumerate() {
            // What shows that a pass is empty is tried to the end.
            if at > 0 && (self.sample.is_some() || trial.has_killed()) {
                break;
            }
            for (number, mutant) in mutants {
                let call = numbers[number];
                let end = self.ended((tape, &snapshots), call, &mutant, plain.prepared).await;
                // Members have the names that the target gives them.
                let (operator, place) = (mutant.operator, self.engine.redacted(&mutant.place));
                trial.mutants.extend(end.map(|end| Ended { operator, place, response: number, call, end }));
            }
        }
        trial.responses = numbers.iter().map(|number| self.described(&tape.calls()[*number])).collect();
        for spelling in chosen.spellings() {
            trial.spellings.extend(self.respelled(tape, spelling).await);
        }
        trial
    }

    /// The mutants of these calls, each with the index of its call; evenly chosen ones where there are too many.
    fn sampled(&self, numbers: &[usize], tape: &Tape, other: &[u8]) -> Vec<(usize, Mutant)> {
        let of_call = |(index, number): (usize, &usize)| {
            let made = match tape.calls()[*number].answer() {
                Some(answer) => mutants(answer, other, sent_before(tape, *number).as_ref()),
                None => vec![answered()],
            };
            made.into_iter().map(move |mutant| (index, mutant))
        };
        let all: Vec<(usize, Mutant)> = numbers.iter().enumerate().flat_map(of_call).collect();
        if let Some(sample) = self.sample {
            return thinned(all, sample);
        }
        // A burst is judged by its statuses: those are few, and all are tried.
        let (heads, bodies): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, mutant)| mutant.is_of_head());
        heads.into_iter().chain(thinned(bodies, most(tape))).collect()
    }

    /// How a replay with a mutant ended; none if the preparation noticed it, or if nothing of it was saved there.
    async fn ended(
        &self,
        (tape, snapshots): (&Tape, &[Snapshot]),
        call: usize,
        mutant: &Mutant,
        prepared: Option<u64>,
    ) -> Option<End> {
        let answer = tape.calls()[call].answer();
        let response = Arc::new(mutant.of(answer.map_or(&Response::default(), |answer| &answer.response)));
        let is_judged = tape.calls()[call].purpose == Purpose::Judged;
        let known = prepared.filter(|_| !is_judged);
        let replayed = self.engine.replay_altered(tape, vec![(call, Arc::clone(&response))], snapshots, known).await;
        if !is_judged && (replayed.prepared.is_none() || replayed.prepared == prepared) {
            return None;
        }
        let answer = answer.filter(|_| is_judged);
        let notice = |answer| self.invariants.notice(self.engine, answer, (mutant, &response));
        let is_noticed_by_invariant = answer.is_some_and(notice);
        if replayed.outcome == Outcome::Pass {
            return Some(End::Survived { is_noticed_by_invariant });
        }
        let bad: Vec<Finding> = replayed.findings.into_iter().filter(|it| it.verdict != Verdict::Pass).collect();
        let mut requirements: Vec<String> = bad.iter().flat_map(|finding| finding.requirements.clone()).collect();
        requirements.sort_unstable();
        requirements.dedup();
        Some(End::Killed(Kill { sources: sources(&bad), requirements, is_astray: replayed.is_astray }))
    }

    /// Writes all responses of a test differently.
    async fn respelled(&self, tape: &Tape, spelling: Spelling) -> Option<Respelled> {
        let written = |(number, answer): (usize, Option<&Exchange>)| {
            Some((number, Arc::new(respelled(spelling, answer?, self.root)?)))
        };
        let answers = tape.calls().iter().map(|call| call.answer()).enumerate();
        let altered: Vec<(usize, Arc<Response>)> = answers.filter_map(written).collect();
        if altered.is_empty() {
            return None;
        }
        let replayed = self.engine.replay_altered(tape, altered, &[], None).await;
        let finding = replayed.findings.into_iter().find(|it| it.verdict != Verdict::Pass);
        let finding = finding.map(|it| Finding { message: self.engine.redacted(&it.message), ..it });
        Some(Respelled { spelling, is_astray: replayed.is_astray, finding })
    }

    fn described(&self, call: &Call) -> String {
        let url = &call.request.url;
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let status = call.answer().map_or("no response".to_owned(), |answer| answer.response.status.to_string());
        self.engine.redacted(&format!("{} {}{query}: {status}", call.request.method, url.path()))
    }
}

/// The most mutants of bodies of a test: fewer where each replay reads much.
fn most(tape: &Tape) -> usize {
    let bodies = tape.calls().iter().filter_map(|call| call.answer()).map(|answer| answer.response.body.len());
    (READ / bodies.sum::<usize>().max(1)).max(FEWEST)
}

/// The document that the test has sent last before a call.
fn sent_before(tape: &Tape, call: usize) -> Option<Value> {
    let bodies = tape.calls()[..call].iter().rev().filter_map(|call| call.request.body.as_deref());
    bodies.filter_map(|body| serde_json::from_slice(body).ok()).find(Value::is_object)
}

fn why_not(replayed: &Replayed) -> String {
    let bad = replayed.findings.iter().find(|finding| finding.verdict != Verdict::Pass);
    let found = bad.map(|it| format!("`{}` does not pass: {}", it.check, it.message.clone())).unwrap_or_default();
    if replayed.is_astray { format!("the replay sends another request than the run did; {found}") } else { found }
}
