//! `selftest`: runs the suite against every fault of the reference server, and against the faultless one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::clock::Clock;
use crate::record::{FaultProof, Proof, Run, Selection, Shown};
use crate::reference::{Asked, Fault, FaultInfo, Settings};
use crate::report::proof;
use crate::run::{Diary, Engine, Keep};
use crate::suite::{Depth, Filters, Instance, Plan, Suite, plan};
use crate::target::Target;
use crate::verdict::Verdict;
use crate::yaml;

use super::embedded_target::{Embedded, SEED};
use super::output::Output;
use super::relevance::Relevance;
use super::suite::CasesArgs;
use super::{Failure, files};

/// The time one exchange may take: the server is here, and a fault may make it wait for ever.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Cases at the same time against one server.
const JOBS_PER_SERVER: usize = 4;

/// Arguments of `selftest`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  atlaspec selftest\n  atlaspec selftest 'page-*' --verbose")]
pub(super) struct SelftestArgs {
    /// Only faults whose name matches one of these globs; cases are then not asked to be proven
    #[arg(value_name = "FAULT")]
    faults: Vec<String>,
    #[command(flatten)]
    cases: CasesArgs,
    /// Run every case against every fault, also those during which the faultless server never asked for the fault
    #[arg(long)]
    all_cases: bool,
    /// Servers at the same time
    #[arg(long, default_value_t = 4, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: u16,
    /// Folder for selftest.json and selftest.md
    #[arg(long, value_name = "DIR", default_value = "reports/selftest")]
    reports: PathBuf,
}

pub(super) fn selftest(args: &SelftestArgs, output: &Output) -> Result<ExitCode, Failure> {
    let suite = Arc::new(args.cases.load()?);
    let chosen = chosen(&args.faults)?;
    files::ensure_writable(&args.reports)?;
    let proof = super::runtime::block_on(prove(&suite, &chosen, args, output))?;
    let json = serde_json::to_string_pretty(&proof)
        .map_err(|error| Failure::Machine(format!("the proof cannot be written: {error}")))?;
    let written = [("selftest.json", format!("{json}\n")), ("selftest.md", proof::markdown(&proof))]
        .map(|(name, text)| files::write(&args.reports.join(name), &text));
    output.result(&proof::console(&proof, output.stdout, super::progress::detail(output.talk)))?;
    Failure::unless_none(written.into_iter().filter_map(Result::err).collect())?;
    Ok(if proof.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn chosen(names: &[String]) -> Result<Vec<&'static FaultInfo>, Failure> {
    let patterns = super::list::patterns(names)?;
    let table = Fault::table();
    if let Some(unmatched) = patterns.iter().find(|pattern| !table.iter().any(|info| pattern.matches(info.name))) {
        let name = unmatched.text();
        return Err(Failure::Usage(format!("no fault of the reference server is called `{name}`{}", nearest(name))));
    }
    let wanted = |info: &&FaultInfo| patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(info.name));
    Ok(table.iter().filter(wanted).collect())
}

fn nearest(name: &str) -> String {
    let names = Fault::table().iter().map(|info| info.name);
    yaml::did_you_mean(name, names)
        .map_or_else(|| "; `atlaspec list faults` names them".to_owned(), |it| format!(": {it}"))
}

async fn prove(
    suite: &Arc<Suite>,
    chosen: &[&'static FaultInfo],
    args: &SelftestArgs,
    output: &Output,
) -> Result<Proof, Failure> {
    let (faultless, relevance, few) = faultless(Arc::clone(suite)).await?;
    let relevance = (!args.all_cases).then_some(relevance);
    let tests = Arc::new(Tests { suite: Arc::clone(suite), few, relevance });
    let trial = Trial { tests, jobs: args.jobs, bar: bar(chosen.len(), output) };
    let mut tried = Tried::default();
    trial.all(chosen, &Part::First, &mut tried).await?;
    let all = chosen.len() == Fault::table().len();
    let shown = all.then_some(&tried.shown);
    let proof = Proof::from_runs(&faultless, tried.proofs(chosen), shown);
    if proof.unproven_cases.is_empty() {
        trial.bar.finish_and_clear();
        return Ok(proof);
    }
    trial.bar.reset();
    trial.all(chosen, &Part::RestOf(Arc::new(cases(suite, proof.unproven_cases))), &mut tried).await?;
    trial.bar.finish_and_clear();
    Ok(Proof::from_runs(&faultless, tried.proofs(chosen), Some(&tried.shown)))
}

/// The cases that may prove these cases and invariants: themselves, and for an invariant every case.
fn cases(suite: &Suite, unproven: Vec<String>) -> BTreeSet<String> {
    if suite.invariants.iter().any(|invariant| unproven.contains(&invariant.id)) {
        return suite.cases.iter().map(|case| case.id.clone()).collect();
    }
    unproven.into_iter().collect()
}

fn bar(faults: usize, output: &Output) -> ProgressBar {
    if output.is_watched() {
        ProgressBar::with_draw_target(Some(faults as u64), ProgressDrawTarget::stderr())
    } else {
        ProgressBar::hidden()
    }
}

/// Which instances of the cases are tried.
#[derive(Clone, Debug)]
enum Part {
    /// Those in which each value comes up once; the rest only if they do not show the fault.
    First,
    Rest,
    /// The rest of these cases, which have not been proven yet.
    RestOf(Arc<BTreeSet<String>>),
}

/// What faults are tried with.
struct Tests {
    suite: Arc<Suite>,
    /// The ids of the instances in which each value comes up once.
    few: BTreeSet<String>,
    relevance: Option<Arc<Relevance>>,
}

impl Tests {
    /// Whether an instance belongs to a part, and may end otherwise if the server has this fault.
    fn hold(&self, part: &Part, fault: Fault, instance: &Instance) -> bool {
        let is_of_part = match part {
            Part::First => self.few.contains(&instance.id),
            Part::Rest => !self.few.contains(&instance.id),
            Part::RestOf(cases) => !self.few.contains(&instance.id) && cases.contains(&instance.case.id),
        };
        is_of_part && self.relevance.as_ref().is_none_or(|relevance| relevance.concerns(fault, &instance.id))
    }
}

/// Tries of all faults.
struct Trial {
    tests: Arc<Tests>,
    jobs: u16,
    bar: ProgressBar,
}

/// What became of the faults so far.
#[derive(Default)]
struct Tried {
    shown: Shown,
    proofs: BTreeMap<Fault, FaultProof>,
}

impl Tried {
    fn add(&mut self, info: &FaultInfo, run: &Run) {
        self.shown.add(run, Verdict::Fail);
        let proof = match self.proofs.remove(&info.fault) {
            Some(proof) => proof.and(run),
            None => FaultProof::of(info.name, info.description, info.violates, run),
        };
        self.proofs.insert(info.fault, proof);
    }

    /// In the order of the requirements.
    fn proofs(&self, chosen: &[&'static FaultInfo]) -> Vec<FaultProof> {
        chosen.iter().filter_map(|info| self.proofs.get(&info.fault)).cloned().collect()
    }
}

impl Trial {
    /// Tries some faults, several at the same time.
    async fn all(&self, chosen: &[&'static FaultInfo], part: &Part, tried: &mut Tried) -> Result<(), Failure> {
        let places = Arc::new(Semaphore::new(usize::from(self.jobs)));
        let mut trials = JoinSet::new();
        for info in chosen.iter().copied() {
            let (tests, part, places) = (Arc::clone(&self.tests), part.clone(), Arc::clone(&places));
            trials.spawn(async move {
                // Closed never: whoever waits gets a place.
                let _place = places.acquire().await;
                let runs = move || on_one_thread(async move { with_fault(&tests, info, &part).await });
                (info, tokio::task::spawn_blocking(runs).await)
            });
        }
        while let Some(finished) = trials.join_next().await {
            let (info, runs) = finished.map_err(|error| Failure::Machine(error.to_string()))?;
            for run in runs.map_err(|error| Failure::Machine(error.to_string()))?? {
                tried.add(info, &run);
            }
            self.bar.inc(1);
        }
        Ok(())
    }
}

/// Does something on a runtime of its own: client and server of one run share a thread, and pass nothing between cores.
fn on_one_thread<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Machine(format!("no runtime can be started: {error}")))?;
    runtime.block_on(work)
}

/// Runs the whole suite, a case at a time, against a faultless server; returns with it which fault it may concern,
/// and the ids of the few instances that stand for all.
async fn faultless(suite: Arc<Suite>) -> Result<(Run, Arc<Relevance>, BTreeSet<String>), Failure> {
    let asked = Asked::default();
    let settings = Settings { asked: Some(asked.clone()), ..Settings::new(SEED, Clock::adjustable()) };
    let (embedded, target) = Embedded::with(settings).await?;
    let relevance = Arc::new(Relevance::new(asked));
    let target = timed(target);
    let engine = engine(&suite, &target, &embedded)?.journaling(Arc::clone(&relevance) as Arc<dyn Diary>);
    let few = planned(&engine, &suite, &target, Depth::Quick)?;
    let few = few.to_run.into_iter().map(|instance| instance.id).collect();
    let plan = planned(&engine, &suite, &target, Depth::default())?;
    let run = run(engine, plan, 1).await;
    embedded.stop().await;
    Ok((run, relevance, few))
}

/// Tries a fault with a part of the instances.
async fn with_fault(tests: &Tests, info: &FaultInfo, part: &Part) -> Result<Vec<Run>, Failure> {
    let first = against_fault(tests, info.fault, part).await?;
    let is_caught = FaultProof::of(info.name, info.description, info.violates, &first).caught_for_the_right_reason;
    if is_caught || !matches!(part, Part::First) {
        return Ok(vec![first]);
    }
    let rest = against_fault(tests, info.fault, &Part::Rest).await?;
    Ok(vec![first, rest])
}

/// Runs the instances that a fault concerns against a server of its own that has it.
async fn against_fault(tests: &Tests, fault: Fault, part: &Part) -> Result<Run, Failure> {
    let settings = Settings { faults: vec![fault], ..Settings::new(SEED, Clock::adjustable()) };
    let (embedded, target) = Embedded::with(settings).await?;
    let target = timed(target);
    let engine = engine(&tests.suite, &target, &embedded)?;
    let mut plan = planned(&engine, &tests.suite, &target, Depth::default())?;
    plan.to_run.retain(|instance| tests.hold(part, fault, instance));
    let run = run(engine, plan, JOBS_PER_SERVER).await;
    embedded.stop().await;
    Ok(run)
}

fn timed(target: Target) -> Arc<Target> {
    Arc::new(Target { timeout: TIMEOUT, ..target })
}

fn engine(suite: &Arc<Suite>, target: &Arc<Target>, embedded: &Embedded) -> Result<Engine, Failure> {
    let engine = Engine::new(Arc::clone(suite), Arc::clone(target), embedded.clock(), "selftest");
    Ok(engine.map_err(|error| Failure::Usage(error.to_string()))?.keeping(Keep::NotPassed))
}

async fn run(engine: Engine, plan: Plan, jobs: usize) -> Run {
    Arc::new(engine).run(plan, Selection::everything(), jobs, &mut |_| {}).await
}

fn planned(engine: &Engine, suite: &Suite, target: &Target, depth: Depth) -> Result<Plan, Failure> {
    plan(suite, &|need| target.has(need), &engine.scope(), &Filters { depth, ..Filters::default() })
        .map_err(|error| Failure::Usage(error.to_string()))
}
