//! From trials to numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crate::record::{
    Evidence, ExpectationEvidence, FalseAlarm, InvariantEvidence, NotReplayed, OperatorEvidence, RequirementEvidence,
    Run, SpellingEvidence, Strength, Survivor, TestEvidence, Totals,
};
use crate::run::Tape;
use crate::suite::Invariant;
use crate::verdict::Source;

use super::Bounds;
use super::invariants::Noticed;
use super::operator::{Operator, Spelling};
use super::trial::{End, Ended, Kill, Trial};

/// What all trials show.
pub(super) fn evidence(
    run: &Run,
    bounds: Bounds,
    (tapes, trials): (&[Tape], Vec<Trial>),
    invariants: &[(Arc<Invariant>, Noticed)],
    took: Duration,
) -> Evidence {
    let mut tally = Tally::default();
    for (tape, trial) in tapes.iter().zip(&trials) {
        tally.add(tape, trial);
    }
    for (invariant, noticed) in invariants {
        tally.add_invariant(invariant, noticed);
    }
    Evidence {
        format: 1,
        tool: run.tool.clone(),
        suite: run.suite.clone(),
        target: run.target.clone(),
        duration_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        sample: bounds.sample,
        totals: tally.totals,
        not_replayed: tally.not_replayed,
        operators: Operator::ALL.iter().filter_map(|it| of_operator(*it, &tally.operators)).collect(),
        spellings: Spelling::ALL.iter().filter_map(|it| tally.spellings.remove(it)).collect(),
        false_alarms: tally.false_alarms,
        requirements: tally.requirements.into_values().collect(),
        expectations: tally.expectations.into_values().collect(),
        invariants: tally.invariants,
        tests: tally.tests,
    }
}

fn of_operator(operator: Operator, all: &BTreeMap<Operator, (usize, usize)>) -> Option<OperatorEvidence> {
    let (made, killed) = *all.get(&operator)?;
    Some(OperatorEvidence { id: operator.id().to_owned(), sentence: operator.sentence().to_owned(), made, killed })
}

#[derive(Default)]
struct Tally {
    totals: Totals,
    not_replayed: Vec<NotReplayed>,
    operators: BTreeMap<Operator, (usize, usize)>,
    spellings: BTreeMap<Spelling, SpellingEvidence>,
    false_alarms: Vec<FalseAlarm>,
    requirements: BTreeMap<String, RequirementEvidence>,
    expectations: BTreeMap<Source, ExpectationEvidence>,
    invariants: Vec<InvariantEvidence>,
    tests: Vec<TestEvidence>,
}

impl Tally {
    fn add(&mut self, tape: &Tape, trial: &Trial) {
        if let Some(reason) = &trial.not_replayed {
            self.not_replayed.push(NotReplayed { id: trial.id.clone(), reason: reason.clone() });
            return;
        }
        self.totals.replayed += 1;
        for source in &trial.judged {
            self.expectation(source);
        }
        for mutant in &trial.mutants {
            let of_operator = self.operators.entry(mutant.operator).or_default();
            of_operator.0 += 1;
            self.totals.made += 1;
            match &mutant.end {
                End::Survived { is_noticed_by_invariant } => {
                    self.totals.noticed_by_invariants += usize::from(*is_noticed_by_invariant);
                }
                End::Killed(kill) => {
                    of_operator.1 += 1;
                    self.add_kill(kill);
                }
            }
        }
        self.add_spellings(trial);
        self.add_requirements(tape, trial);
        self.tests.push(TestEvidence { id: trial.id.clone(), strength: strength(trial) });
    }

    fn add_kill(&mut self, kill: &Kill) {
        self.totals.killed += 1;
        self.totals.astray += usize::from(kill.is_astray);
        for source in &kill.sources {
            let expectation = self.expectation(source);
            expectation.killed += 1;
            expectation.alone += usize::from(kill.sources.len() == 1);
        }
    }

    fn expectation(&mut self, source: &Source) -> &mut ExpectationEvidence {
        let new = || ExpectationEvidence { source: source.clone(), killed: 0, alone: 0 };
        self.expectations.entry(source.clone()).or_insert_with(new)
    }

    fn add_spellings(&mut self, trial: &Trial) {
        for respelled in &trial.spellings {
            let spelling = respelled.spelling;
            let (id, sentence) = (spelling.id().to_owned(), spelling.sentence().to_owned());
            let new = || SpellingEvidence { id, sentence, made: 0, killed: 0, astray: 0 };
            let counted = self.spellings.entry(spelling).or_insert_with(new);
            counted.made += 1;
            self.totals.equivalents += 1;
            match &respelled.finding {
                None => {}
                Some(_) if respelled.is_astray => counted.astray += 1,
                Some(finding) => {
                    counted.killed += 1;
                    self.totals.equivalents_killed += 1;
                    self.false_alarms.push(FalseAlarm {
                        test: trial.id.clone(),
                        spelling: spelling.id().to_owned(),
                        source: finding.source.clone(),
                        message: format!("{}: {}", finding.check, finding.message),
                    });
                }
            }
        }
    }

    fn add_requirements(&mut self, tape: &Tape, trial: &Trial) {
        for id in tape.requirements() {
            let (calls, names) = (tape.calls_about(id), |kill: &Kill| kill.requirements.contains(id));
            let is_killed = |end: &End| matches!(end, End::Killed(kill) if names(kill));
            let killed = trial.mutants.iter().filter(|mutant| is_killed(&mutant.end)).count();
            let is_about = |it: &&Ended| calls.contains(&it.call) || is_killed(&it.end);
            let made = trial.mutants.iter().filter(is_about).count();
            self.add_pass(id, &trial.id, (made, killed));
        }
    }

    /// Adds what a test or an invariant that passed shows about a requirement.
    fn add_pass(&mut self, id: &str, of: &str, (made, killed): (usize, usize)) {
        let new =
            || RequirementEvidence { id: id.to_owned(), made: 0, killed: 0, passes: 0, without_evidence: Vec::new() };
        let requirement = self.requirements.entry(id.to_owned()).or_insert_with(new);
        requirement.made += made;
        requirement.killed += killed;
        requirement.passes += 1;
        if killed == 0 {
            requirement.without_evidence.push(of.to_owned());
        }
    }

    fn add_invariant(&mut self, invariant: &Invariant, noticed: &Noticed) {
        let (made, killed) = (noticed.made, noticed.killed);
        self.invariants.push(InvariantEvidence { id: invariant.id.clone(), made, killed });
        for source in invariant.expectations() {
            let found = noticed.sources.get(source).copied().unwrap_or_default();
            self.expectation(source).killed += found;
        }
        for id in &invariant.requirements {
            self.add_pass(id, &invariant.id, (made, killed));
        }
    }
}

/// The numbers of one test, its survivors by place.
fn strength(trial: &Trial) -> Strength {
    let mut places: BTreeMap<(usize, &str), BTreeSet<Operator>> = BTreeMap::new();
    let (mut killed, mut noticed_by_invariants) = (0, 0);
    for mutant in &trial.mutants {
        match mutant.end {
            End::Killed(_) => killed += 1,
            End::Survived { is_noticed_by_invariant } => {
                noticed_by_invariants += usize::from(is_noticed_by_invariant);
                places.entry((mutant.response, &mutant.place)).or_default().insert(mutant.operator);
            }
        }
    }
    let survivor = |((response, place), operators): ((usize, &str), BTreeSet<Operator>)| Survivor {
        response: trial.responses[response].clone(),
        place: place.to_owned(),
        operators: operators.into_iter().map(|operator| operator.id().to_owned()).collect(),
    };
    Strength {
        made: trial.mutants.len(),
        killed,
        noticed_by_invariants,
        survivors: places.into_iter().map(survivor).collect(),
        more_survivors: 0,
    }
}
