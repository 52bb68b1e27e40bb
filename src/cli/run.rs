//! `run`: judges a target and writes the reports.

mod planning;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use crate::client::Patience;
use crate::clock::Clock;
use crate::exchange::Exchange;
use crate::known::KnownFailures;
use crate::record::{Event, Run};
use crate::report::{self, Console, Format, Repeats};
use crate::run::{Counted, Diary, Engine, Rate};
use crate::suite::{Plan, Suite};
use crate::target::Target;
use crate::verdict::Source;

use super::archive::HarFile;
use super::bare::{BareArgs, Key};
use super::browse::{self, BrowseArgs};
use super::choice::ChoiceArgs;
use super::dry_run::{self, Before};
use super::embedded_target::Embedded;
use super::failure::UNDECIDED;
use super::format::RunFormat;
use super::interrupt::{unless_interrupted, until_interrupted_twice};
use super::journal::JournalFile;
use super::output::Output;
use super::progress::{Progress, Time, detail};
use super::quantity::{duration, rate};
use super::reports::{line_of, reports_folder, unless_reader_gone, write_reports};
use super::runtime::block_on;
use super::strictness::{self, StrictArgs};
use super::target_file::LayersArgs;
use super::unjudged::{self, Unjudged};
use super::{Failure, embedded_target, files, history, interrupt, journal, known, prove, random, reach, watch};
use planning::Earlier;

/// Arguments of `run`.
#[derive(Debug, Args)]
#[command(mut_arg("overlay", |it| it.requires("target")), mut_arg("set", |it| it.requires("target")))]
#[command(after_help = "Examples:\n  atlaspec run\n  \
    atlaspec run --url https://staging.example.com/api/atlas/v1.0 --user ci@example.com\n  \
    atlaspec run --target staging.yaml --chapter lists\n  \
    atlaspec run --target staging.yaml 'auth.*' --read-only --format junit > junit.xml")]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
pub(super) struct RunArgs {
    #[command(flatten)]
    choice: ChoiceArgs,
    /// Target file; without it the embedded reference server is judged
    #[arg(long, value_name = "FILE", conflicts_with = "url")]
    target: Option<PathBuf>,
    #[command(flatten)]
    layers: LayersArgs,
    #[command(flatten)]
    bare: BareArgs,
    /// Browse the target of --target, too, for what its file leaves out
    #[arg(long = "browse", requires = "target")]
    also_browse: bool,
    #[command(flatten)]
    browse: BrowseArgs,
    #[command(flatten)]
    strict: StrictArgs,
    /// Cases that run at the same time
    #[arg(long, default_value_t = 8, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: u16,
    /// The most requests of all cases together (`5/s`, `100/m`)
    #[arg(long, value_name = "N/s", value_parser = rate)]
    max_rate: Option<Rate>,
    /// Perform a case again, so often, while it does not pass; if it passes then, it is flaky
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=10))]
    retries: u8,
    /// The time one exchange may take (`10s`), instead of the target file's
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    timeout: Option<Duration>,
    /// Folder for the reports [default: reports/<target name>]
    #[arg(long, value_name = "DIR")]
    reports: Option<PathBuf>,
    /// Failures that are known: listed cases run and must fail
    #[arg(long, value_name = "FILE")]
    known_failures: Option<PathBuf>,
    #[command(flatten)]
    first_list: known::FirstListArgs,
    /// What is printed
    #[arg(long, value_enum, default_value_t = RunFormat::Human)]
    format: RunFormat,
    /// Begin no further case once a must has failed that is no known failure
    #[arg(long, conflicts_with = "write_known_failures")]
    fail_fast: bool,
    #[command(flatten)]
    prove: prove::ProveArgs,
    /// Print what would be run, and what is skipped and why; send nothing (`--format json` for programs)
    #[arg(long)]
    dry_run: bool,
    /// Run again whenever the target file, a case file or another file of the run changes; what did not pass comes first
    #[arg(long, conflicts_with = "write_known_failures")]
    watch: bool,
}

impl RunArgs {
    /// Whether the embedded server is judged, because no target was given.
    fn is_of_embedded(&self) -> bool {
        self.target.is_none() && self.bare.url.is_none()
    }

    /// What waits take: the clock of the embedded server is turned.
    fn time(&self) -> Time {
        if self.is_of_embedded() { Time::Turned } else { Time::Real }
    }

    /// Whether the target is browsed before it is judged.
    fn is_browsed(&self) -> bool {
        self.bare.url.is_some() || self.also_browse
    }
}

/// What is judged: a target, and the embedded server if it is that.
struct Judged {
    target: Target,
    clock: Clock,
    embedded: Option<Embedded>,
    /// What browsing saw, where it was browsed.
    browsed: Option<Vec<Exchange>>,
    /// The lists that it counted.
    counted: Vec<Counted>,
    /// How long the run still waits for a target that puts it off.
    patience: Patience,
}

/// What a run finds on this machine, before anything is sent.
struct Local {
    described: Option<Target>,
    known: Option<Arc<KnownFailures>>,
}

pub(super) fn run(args: &RunArgs, output: &Output) -> Result<ExitCode, Failure> {
    if args.watch {
        return watch::again_and_again(output, &|| args.files(), &mut || once(args, output));
    }
    once(args, output)
}

fn once(args: &RunArgs, output: &Output) -> Result<ExitCode, Failure> {
    let unjudged = &mut unjudged(args);
    let ended = run_beside(args, unjudged, output);
    if !args.dry_run {
        unjudged.settle(&ended, args.format, output);
    }
    ended
}

/// What stands in the reports as long as nothing is judged.
fn unjudged(args: &RunArgs) -> Unjudged {
    let name = match &args.target {
        Some(path) => args.layers.name(path),
        None => Some(args.bare.name().unwrap_or_else(|| embedded_target::TARGET.to_owned())),
    };
    let folder = args.reports.clone().or_else(|| name.as_deref().map(reports_folder));
    Unjudged::new(folder, name.as_deref().unwrap_or("target"), args.choice.selection())
}

/// Runs, beside reports that say that nothing is judged.
fn run_beside(args: &RunArgs, unjudged: &mut Unjudged, output: &Output) -> Result<ExitCode, Failure> {
    let earlier = Earlier::of(args, unjudged.folder())?;
    if !args.dry_run {
        unjudged.begin();
    }
    let suite = Arc::new(args.choice.cases.load()?);
    unjudged.by(&suite);
    let Local { described, known } = local(args, output)?;
    block_on(async {
        let mut judged = Box::pin(judged(args, described, output)).await?;
        let embedded = judged.embedded.take();
        unjudged.at(&judged.target.name, judged.target.base_url.as_str());
        let code = Box::pin(judge(args, output, (suite, known, earlier), judged, unjudged)).await;
        if let Some(embedded) = embedded {
            embedded.stop().await;
        }
        code
    })
}

/// Reads what is to be read and looks whether what is to be written could be; tells all that is wrong at once.
fn local(args: &RunArgs, output: &Output) -> Result<Local, Failure> {
    if args.dry_run && !matches!(args.format, RunFormat::Human | RunFormat::File(Format::Json)) {
        return Err(Failure::Usage("--dry-run prints for people, or with --format json for programs".to_owned()));
    }
    let mut wrong = Vec::new();
    let described = match described(args, output) {
        Err(ended @ Failure::Interrupted) => return Err(ended),
        described => described.map_err(|failure| wrong.push(failure)).ok().flatten(),
    };
    let known = args.known_failures.as_deref().and_then(|path| known::load(path).map_err(|it| wrong.push(it)).ok());
    if !args.dry_run {
        let usual = || described.as_ref().map(|target| reports_folder(&target.name));
        let folder = args.reports.clone().or_else(usual);
        wrong.extend(folder.and_then(|folder| files::ensure_could_write(&folder).err()));
        wrong.extend(args.first_list.ensure_could_write().err());
    }
    Failure::unless_none(wrong)?;
    Ok(Local { described, known: known.map(Arc::new) })
}

/// The target as it is described; `None` where the embedded server is meant.
fn described(args: &RunArgs, output: &Output) -> Result<Option<Target>, Failure> {
    match (&args.target, args.dry_run) {
        (Some(path), true) => args.layers.load_without_keys(path).map(Some),
        (Some(path), false) => args.layers.load_and_warn(path, output).map(Some),
        (None, true) => args.bare.target(Key::Unneeded, output),
        (None, false) => args.bare.target(Key::Needed, output),
    }
}

async fn judged(args: &RunArgs, described: Option<Target>, output: &Output) -> Result<Judged, Failure> {
    let timed = |target: Target| Target { timeout: args.timeout.unwrap_or(target.timeout), ..target };
    let Some(target) = described.map(timed) else {
        let (embedded, target) = Embedded::start().await?;
        return Ok(Judged {
            target: timed(target),
            clock: embedded.clock(),
            embedded: Some(embedded),
            browsed: None,
            counted: Vec::new(),
            patience: Patience::default(),
        });
    };
    let (clock, patience) = (Clock::real(), Patience::default());
    let judged = Judged { target, clock, embedded: None, browsed: None, counted: Vec::new(), patience };
    if args.is_browsed() && !args.dry_run { Box::pin(browsed(args, judged, output)).await } else { Ok(judged) }
}

/// The same target, with what browsing found.
async fn browsed(args: &RunArgs, mut judged: Judged, output: &Output) -> Result<Judged, Failure> {
    let (bounds, patience) = (args.browse.bounds(), &judged.patience);
    let discovery = Box::pin(browse::browse(&mut judged.target, bounds, args.max_rate, patience, output)).await?;
    if args.bare.url.is_some() {
        browse::need_root(&discovery, &judged.target)?;
    }
    discovery.found.fill(&mut judged.target);
    let counted = browse::lists_counted(&discovery.found, &judged.target);
    Ok(Judged { browsed: Some(discovery.exchanges), counted, ..judged })
}

async fn judge(
    args: &RunArgs,
    output: &Output,
    (suite, known, earlier): (Arc<Suite>, Option<Arc<KnownFailures>>, Earlier),
    judged: Judged,
    unjudged: &mut Unjudged,
) -> Result<ExitCode, Failure> {
    let target = Arc::new(judged.target);
    let engine = engine(args, &suite, &target, judged.clock)?;
    let engine = engine.having_counted(judged.counted).with_patience(judged.patience);
    let engine = if args.fail_fast { failing_fast(engine, known.clone()) } else { engine };
    let plan = earlier.plan(args, &engine, &suite, &target)?;
    if args.dry_run {
        let before = if args.is_browsed() { Before::Browsing(args.browse.bounds()) } else { Before::Nothing };
        let told = match args.format {
            RunFormat::Human => dry_run::describe(&plan, &target, &engine.scope(), before),
            RunFormat::File(_) => dry_run::json(&plan, &target, &engine.scope(), before),
        };
        output.result(&told)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(why) = target.cannot_conform() {
        output.tell(&format!("note: {why}"));
    }
    let seen = if let Some(seen) = judged.browsed {
        seen
    } else {
        let reached = unless_interrupted(reach::reach(&mut engine.worker(), &target, output)).await?;
        reach::tell_redirect(&reached, &target, output);
        reached
    };
    let engine = engine.doubting(reach::doubted(&seen)).having_seen(seen);
    let folder = args.reports.clone().unwrap_or_else(|| reports_folder(&target.name));
    Box::pin(judge_into(args, output, &suite, (engine, plan), known.as_deref(), (&folder, unjudged))).await
}

/// Judges what can be reached, and writes down what comes of it.
async fn judge_into(
    args: &RunArgs,
    output: &Output,
    suite: &Suite,
    (engine, plan): (Engine, Plan),
    known: Option<&KnownFailures>,
    (folder, unjudged): (&Path, &mut Unjudged),
) -> Result<ExitCode, Failure> {
    // Only now, so that no empty folder is left where nothing could be judged.
    files::ensure_writable(folder)?;
    let journal = Arc::new(JournalFile::begin(folder, output)?);
    interrupt::set_last_words(&journal::cut_short(folder));
    let engine = args.prove.keeping_tapes(engine.journaling(Arc::clone(&journal) as Arc<dyn Diary>));
    let (engine, invariants) = (Arc::new(engine), plan.invariants.clone());
    let identity = engine.target_identity();
    let har = Arc::new(HarFile::begin(folder, &engine.tool(), &identity, engine.started())?);
    engine.archive_to(Arc::<HarFile>::clone(&har));
    let sources = |source: &Source| line_of(suite, source);
    let console = Console {
        colour: if args.format == RunFormat::Human { output.stdout } else { output.stderr },
        detail: detail(output.talk),
        sources: &sources,
        statement: &|id| suite.statement(id),
        target: &identity,
        width: output.width(),
        repeats: Repeats::default(),
    };
    let mut progress =
        Progress::new(output, console, args.format, (plan.to_run.len() + plan.invariants.len(), args.time()));
    let spare = files::Spare::take(folder);
    let run = performed(args, &engine, plan, known, &mut progress, output).await?;
    let evidence = args.prove.evidence(&engine, run.as_ref(), invariants, output).await;
    unjudged.is_over_now();
    // Its connections are files too: where the system allows few, the reports need them.
    drop((engine, spare));
    let Some(run) = run else {
        har.discard();
        unjudged.cut_short(folder, output);
        output.tell(&journal::cut_short(folder));
        return Ok(ExitCode::from(UNDECIDED));
    };
    journal.complain_of_loss(output);
    let run = prove::with(weighed(args, run, known, folder), evidence.as_ref());
    let first_list = args.first_list.write(&run, output);
    let written = [write_reports(&run, folder, &sources), har.finish(folder), prove::write(evidence.as_ref(), folder)];
    if written.iter().any(Result::is_err) {
        output.complain(&journal::reports_can_be_made(folder));
    }
    history::add(&run, folder, output);
    // What was judged is told in any event, and what could not be written after it.
    let told = unless_reader_gone(progress.finish(&run, folder).and_then(|()| match args.format {
        RunFormat::Human => prove::tell(evidence.as_ref(), output),
        RunFormat::File(format) => output.result(&report::render(&run, format, &sources)),
    }));
    if written.iter().all(Result::is_ok) {
        unjudged::forget_last(folder);
    }
    let failures = written.into_iter().chain([first_list, told]).filter_map(Result::err);
    Failure::unless_none(failures.collect())?;
    strictness::complain(&run, output);
    Ok(ExitCode::from(run.exit_code()))
}

/// The run with what is known beside its results: the list of known failures, the strictness, and the runs before it.
fn weighed(args: &RunArgs, run: Run, known: Option<&KnownFailures>, folder: &Path) -> Run {
    let run = Run { embedded: args.is_of_embedded(), ..run };
    let run = match known {
        Some(known) => known.judge(run),
        None => run,
    };
    history::after(run.with_strictness(args.strict.strictness()), folder)
}

/// The run of a plan, of which progress is told; `None` if it was ended at once.
async fn performed(
    args: &RunArgs,
    engine: &Arc<Engine>,
    plan: Plan,
    known: Option<&KnownFailures>,
    progress: &mut Progress<'_>,
    output: &Output,
) -> Result<Option<Run>, Failure> {
    let mut observe = |event: Event<'_>| match (known, event) {
        (Some(known), Event::CaseFinished(result)) => {
            progress.observe(&Event::CaseFinished(&known.stand(result.clone())));
        }
        (_, event) => progress.observe(&event),
    };
    let running = Box::pin(engine.run(plan, args.choice.selection(), usize::from(args.jobs), &mut observe));
    until_interrupted_twice(running, &engine.stop(), output).await
}

fn engine(args: &RunArgs, suite: &Arc<Suite>, target: &Arc<Target>, clock: Clock) -> Result<Engine, Failure> {
    let engine = Engine::new(Arc::clone(suite), Arc::clone(target), clock, &run_name()?)
        .map_err(|error| Failure::Usage(error.to_string()))?
        .retrying(usize::from(args.retries));
    Ok(match args.max_rate {
        Some(rate) => engine.pacing(rate),
        None => engine,
    })
}

/// The engine, ending its run at the first *must* that fails and that no list of known failures excuses.
fn failing_fast(engine: Engine, known: Option<Arc<KnownFailures>>) -> Engine {
    engine.failing_fast(move |result| known.as_ref().is_none_or(|known| !known.stand(result.clone()).is_excused()))
}

/// A short text that tells this run's documents apart from those of others.
pub fn run_name() -> Result<String, Failure> {
    random::text::<4>()
}
