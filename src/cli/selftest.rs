//! `selftest`: runs the suite against every fault of the reference server, and against the faultless one.

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
use crate::suite::{Filters, Suite, plan};
use crate::target::Target;
use crate::verdict::Verdict;
use crate::yaml;

use super::embedded_target::{Embedded, SEED};
use super::output::Output;
use super::relevance::Relevance;
use super::{Failure, files, suite};

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
    /// Case files that replace the embedded ones (repeatable)
    #[arg(long, value_name = "DIR")]
    cases: Vec<PathBuf>,
    /// Run every case against every fault, also those during which the faultless server never asked for the fault
    #[arg(long)]
    every_case: bool,
    /// Servers at the same time
    #[arg(long, default_value_t = 4, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: u16,
    /// Folder for selftest.json and selftest.md
    #[arg(long, value_name = "DIR", default_value = "reports/reference")]
    reports: PathBuf,
}

pub(super) fn selftest(args: &SelftestArgs, output: &Output) -> Result<ExitCode, Failure> {
    let suite = Arc::new(suite::load(&args.cases)?);
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

fn chosen(globs: &[String]) -> Result<Vec<&'static FaultInfo>, Failure> {
    for glob in globs {
        let one = super::list::globs(std::slice::from_ref(glob))?;
        if !Fault::table().iter().any(|info| one.is_match(info.name)) {
            return Err(Failure::Usage(format!(
                "no fault of the reference server is called `{glob}`{}",
                nearest(glob)
            )));
        }
    }
    let matcher = super::list::globs(globs)?;
    let chosen: Vec<&FaultInfo> =
        Fault::table().iter().filter(|info| globs.is_empty() || matcher.is_match(info.name)).collect();
    Ok(chosen)
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
    let (faultless, relevance) = faultless(Arc::clone(suite)).await?;
    let relevance = (!args.every_case).then_some(relevance);
    let bar = if output.is_watched() {
        ProgressBar::with_draw_target(Some(chosen.len() as u64), ProgressDrawTarget::stderr())
    } else {
        ProgressBar::hidden()
    };
    let mut shown = Shown::default();
    let mut proofs = Vec::new();
    let places = Arc::new(Semaphore::new(usize::from(args.jobs)));
    let mut runs = JoinSet::new();
    for (number, info) in chosen.iter().copied().enumerate() {
        let (suite, relevance, places) = (Arc::clone(suite), relevance.clone(), Arc::clone(&places));
        runs.spawn(async move {
            // Closed never: whoever waits gets a place.
            let _place = places.acquire().await;
            let run = tokio::task::spawn_blocking(move || on_one_thread(with_fault(suite, info.fault, relevance)));
            (number, run.await)
        });
    }
    while let Some(finished) = runs.join_next().await {
        let (number, run) = finished.map_err(|error| Failure::Machine(error.to_string()))?;
        let run = run.map_err(|error| Failure::Machine(error.to_string()))??;
        let info = chosen[number];
        shown.add(&run, Verdict::Fail);
        proofs.push((number, FaultProof::of(info.name, info.description, info.violates, &run)));
        bar.inc(1);
    }
    bar.finish_and_clear();
    proofs.sort_by_key(|(number, _)| *number);
    let shown = (chosen.len() == Fault::table().len()).then_some(&shown);
    Ok(Proof::from_runs(&faultless, proofs.into_iter().map(|(_, proof)| proof).collect(), shown))
}

/// Does something on a runtime of its own: client and server of one run share a thread, and pass nothing between cores.
fn on_one_thread<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Machine(format!("no runtime can be started: {error}")))?;
    runtime.block_on(work)
}

/// Runs the whole suite, a case at a time, against a faultless server; returns with it which fault it may concern.
async fn faultless(suite: Arc<Suite>) -> Result<(Run, Arc<Relevance>), Failure> {
    let asked = Asked::default();
    let settings = Settings { asked: Some(asked.clone()), ..Settings::new(SEED, Clock::adjustable()) };
    let (embedded, target) = Embedded::with(settings).await?;
    let relevance = Arc::new(Relevance::new(asked));
    let target = timed(target);
    let engine = engine(&suite, &target, &embedded)?.journaling(Arc::clone(&relevance) as Arc<dyn Diary>);
    let run = run_all(engine, &suite, &target, |_| true, 1).await?;
    embedded.stop().await;
    Ok((run, relevance))
}

/// Runs the cases that a fault concerns against a server of its own that has it.
async fn with_fault(suite: Arc<Suite>, fault: Fault, relevance: Option<Arc<Relevance>>) -> Result<Run, Failure> {
    let settings = Settings { faults: vec![fault], ..Settings::new(SEED, Clock::adjustable()) };
    let (embedded, target) = Embedded::with(settings).await?;
    let target = timed(target);
    let concerned = |case: &str| relevance.as_ref().is_none_or(|relevance| relevance.concerns(fault, case));
    let run = run_all(engine(&suite, &target, &embedded)?, &suite, &target, concerned, JOBS_PER_SERVER).await?;
    embedded.stop().await;
    Ok(run)
}

fn timed(target: Target) -> Arc<Target> {
    Arc::new(Target { timeout: TIMEOUT, ..target })
}

fn engine(suite: &Arc<Suite>, target: &Arc<Target>, embedded: &Embedded) -> Result<Engine, Failure> {
    let engine = Engine::new(Arc::clone(suite), Arc::clone(target), embedded.clock(), "selftest");
    Ok(engine.map_err(|error| Failure::Usage(error.to_string()))?.keeping(Keep::None))
}

/// Runs the cases that are wanted.
async fn run_all(
    engine: Engine,
    suite: &Suite,
    target: &Target,
    wanted: impl Fn(&str) -> bool,
    jobs: usize,
) -> Result<Run, Failure> {
    let mut plan = plan(suite, &|need| target.has(need), &engine.scope(), &Filters::default())
        .map_err(|error| Failure::Usage(error.to_string()))?;
    plan.to_run.retain(|instance| wanted(&instance.id));
    Ok(Arc::new(engine).run(plan, Selection::everything(), jobs, &mut |_| {}).await)
}
