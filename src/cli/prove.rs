//! `run --prove`: replays the passed tests with altered responses, and says what they notice.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use clap::Args;

use crate::proof::{self, Bounds};
use crate::record::{CaseResult, Evidence, Run, Strength};
use crate::report;
use crate::run::Engine;
use crate::suite::Invariant;

use super::output::Output;
use super::{Failure, files};

/// The name of the file in a folder of reports.
pub(super) const FILE_NAME: &str = "proof.json";

/// How the passes of a run are proven.
#[derive(Debug, Args)]
pub(super) struct ProveArgs {
    /// Replay each passed test with altered responses, and report which alterations it notices (proof.json)
    #[arg(long)]
    prove: bool,
    /// With --prove, alter the responses of a test at most N times
    #[arg(long, value_name = "N", requires = "prove")]
    sample: Option<usize>,
}

impl ProveArgs {
    /// The engine, keeping what a proof needs, if one is asked for.
    pub(super) fn keeping_tapes(&self, engine: Engine) -> Engine {
        if self.prove { engine.keeping_tapes() } else { engine }
    }

    /// The proof of a run, if one is asked for.
    pub(super) async fn evidence(
        &self,
        engine: &Arc<Engine>,
        run: Option<&Run>,
        invariants: Vec<Arc<Invariant>>,
        output: &Output,
    ) -> Option<Evidence> {
        let run = run.filter(|_| self.prove)?.clone();
        output.tell("replaying the passed tests with altered responses");
        let (engine, bounds) = (Arc::clone(engine), Bounds { sample: self.sample });
        // It computes and never waits: on a thread of its own, signals are still heard.
        let proving = tokio::task::spawn_blocking(move || proof::prove(&engine, &run, &invariants, bounds));
        proving.await.inspect_err(|error| output.complain(&format!("the proof failed: {error}"))).ok()
    }
}

/// The run, whose passes say how much they notice.
pub(super) fn with(run: Run, evidence: Option<&Evidence>) -> Run {
    let Some(evidence) = evidence else { return run };
    let tests = evidence.tests.iter().map(|test| (test.id.as_str(), test.strength.shortened()));
    let invariants = evidence.invariants.iter().map(|invariant| {
        let (made, killed) = (invariant.made, invariant.killed);
        (invariant.id.as_str(), Strength { made, killed, ..Strength::default() })
    });
    let mut strengths: BTreeMap<&str, Strength> = tests.chain(invariants).collect();
    let mut proven = |result: CaseResult| CaseResult { evidence: strengths.remove(result.id.as_str()), ..result };
    let results = run.results.into_iter().map(&mut proven).collect();
    Run { results, evidence: Some(evidence.summary()), ..run }
}

/// Writes the proof into a folder of reports; without one, it removes that of an earlier run.
pub(super) fn write(evidence: Option<&Evidence>, folder: &Path) -> Result<(), Failure> {
    let path = folder.join(FILE_NAME);
    match evidence {
        Some(evidence) => files::write(&path, &report::proof_json(evidence)),
        None => match std::fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(Failure::File(path, error)),
            _ => Ok(()),
        },
    }
}

/// Prints the proof for people.
pub(super) fn tell(evidence: Option<&Evidence>, output: &Output) -> Result<(), Failure> {
    evidence.map_or(Ok(()), |evidence| output.result(&report::evidence(evidence, output.stdout)))
}
