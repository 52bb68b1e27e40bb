//! Offers every case as a test: against the embedded reference server, or against the target file that
//! `ATLASPEC_TARGET` names.
//!
//! `cargo nextest` runs each test in a process of its own, so that what a case holds is held by locks on files.
//!
//! An invariant is judged on the exchanges of its chapter's cases that do not wait; where none of them is of its kind,
//! on those of all chapters.

use std::fmt::Write as _;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::{Arc, OnceLock};

use atlaspec::cli::{self, Embedded};
use atlaspec::clock::Clock;
use atlaspec::record::{CaseResult, Outcome};
use atlaspec::run::Engine;
use atlaspec::suite::{Action, Filters, Instance, Invariant, Plan, Suite, Why};
use atlaspec::target::Target;
use atlaspec::verdict::Verdict;
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use tokio::runtime::{Handle, Runtime};

/// The test of the tests: they can be listed, and run in processes of their own.
const BY_PROCESSES: &str = "each-in-a-process-of-its-own";
/// One test of so many, and so many processes at a time.
const SAMPLE: usize = 37;
const PROCESSES: usize = 4;

/// What all tests share.
struct Bench {
    engine: Engine,
    plan: Plan,
    /// One at a time where waiting turns a clock that all share, or where a case holds a lock.
    turn: PathBuf,
    /// Taken whole by a case that runs alone.
    floor: PathBuf,
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Cases wait for the network, not for the processor.
    arguments.test_threads.get_or_insert(8);
    let runtime = Runtime::new().expect("threads can be started");
    let suite = Arc::new(cli::embedded().unwrap_or_else(|problems| panic!("{problems:#?}")));
    let (target, embedded) = target(&runtime);
    let clock = embedded.as_ref().map_or_else(Clock::real, Embedded::clock);
    let name = cli::run_name().expect("random numbers");
    let engine = Engine::new(Arc::clone(&suite), Arc::new(target.clone()), clock, &name).expect("an engine");
    let plan = plan(&suite, &target, &engine);
    let bench = Arc::new(Bench { engine, plan, turn: lock_file(&target, "turn"), floor: lock_file(&target, "floor") });
    let mut trials = trials(&bench, runtime.handle());
    trials.push(Trial::test(BY_PROCESSES, each_in_a_process_of_its_own).with_ignored_flag(embedded.is_none()));
    let conclusion = libtest_mimic::run(&arguments, trials);
    if let Some(embedded) = embedded {
        runtime.block_on(embedded.stop());
    }
    conclusion.exit_code()
}

#[expect(clippy::disallowed_methods, reason = "a test is its own command line")]
fn target(runtime: &Runtime) -> (Target, Option<Embedded>) {
    if let Some(path) = std::env::var_os("ATLASPEC_TARGET") {
        return (cli::target_of_file(path.as_ref()).expect("a target file"), None);
    }
    let (embedded, target) = runtime.block_on(Embedded::start()).expect("the reference server");
    (target, Some(embedded))
}

fn plan(suite: &Suite, target: &Target, engine: &Engine) -> Plan {
    atlaspec::suite::plan(suite, &|need| target.has(need), &engine.scope(), &Filters::default()).expect("a plan")
}

fn trials(bench: &Arc<Bench>, handle: &Handle) -> Vec<Trial> {
    let mut trials = Vec::new();
    for (number, instance) in bench.plan.to_run.iter().enumerate() {
        let (bench, handle) = (Arc::clone(bench), handle.clone());
        trials.push(Trial::test(instance.id.clone(), move || {
            let instance = &bench.plan.to_run[number];
            judged(&handle.block_on(perform(&bench, instance)).result)
        }));
    }
    for (number, invariant) in bench.plan.invariants.iter().enumerate() {
        let (bench, handle) = (Arc::clone(bench), handle.clone());
        trials.push(Trial::ignorable_test(invariant.id.clone(), move || {
            let result = handle.block_on(judge_invariant(&bench, &bench.plan.invariants[number]));
            if result.verdict == Outcome::NotApplicable {
                return Ok(Completion::ignored_with(atlaspec::report::note(&result).unwrap_or_default()));
            }
            judged(&result).map(|()| Completion::Completed)
        }));
    }
    for it in bench.plan.set_aside.iter().filter(|it| it.why() == Why::NotApplicable) {
        let reason = atlaspec::report::reason(&it.reason);
        trials.push(Trial::ignorable_test(it.id.clone(), move || Ok(Completion::ignored_with(reason))));
    }
    trials
}

/// Does as `cargo nextest` does: asks for the names of the tests, then runs some of them, each by its exact name.
fn each_in_a_process_of_its_own() -> Result<(), Failed> {
    let program = std::env::current_exe()?;
    let list = String::from_utf8(Command::new(&program).args(["--list", "--format", "terse"]).output()?.stdout)?;
    let names: Vec<&str> = list.lines().filter_map(|line| line.strip_suffix(": test")).collect();
    if !names.contains(&BY_PROCESSES) {
        return Err(format!("is not in the list itself:\n{list}").into());
    }
    // Each process has a server of its own: ids that name an address are not the same in another one.
    let is_fixed = |name: &&str| *name != BY_PROCESSES && !name.contains("address=");
    let sample: Vec<&str> = names.iter().copied().filter(is_fixed).step_by(SAMPLE).collect();
    for names in sample.chunks(PROCESSES) {
        let run = |name: &&str| Command::new(&program).args(["--exact", name]).stdout(Stdio::piped()).spawn();
        let running = names.iter().map(run).collect::<Result<Vec<_>, _>>()?;
        for (name, child) in names.iter().zip(running) {
            let output = child.wait_with_output()?;
            let told = String::from_utf8_lossy(&output.stdout);
            let one = told.contains("1 passed; 0 failed; 0 ignored") || told.contains("0 passed; 0 failed; 1 ignored");
            if !output.status.success() || !one {
                return Err(format!("{name} alone: {}\n{told}", output.status).into());
            }
        }
    }
    Ok(())
}

/// The file that stands for a lock; all processes that judge this target share it.
fn lock_file(target: &Target, what: &str) -> PathBuf {
    let of: String =
        target.base_url.as_str().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{of}.{what}"))
}

/// Takes a lock, alone or with others, until the file that is returned is closed.
async fn take(lock: &Path, how: fn(&File) -> io::Result<()>) -> File {
    let file = File::create(lock).expect("a file for the lock");
    let taken = tokio::task::spawn_blocking(move || how(&file).map(|()| file));
    taken.await.expect("locking does not panic").expect("files can be locked")
}

async fn perform(bench: &Bench, instance: &Instance) -> atlaspec::run::Performed {
    if instance.case.runs_alone() {
        let _floor = take(&bench.floor, File::lock).await;
        return perform_now(bench, instance).await;
    }
    let in_turn = waits(instance) || !instance.case.holds.is_empty();
    let _turn = if in_turn { Some(take(&bench.turn, File::lock).await) } else { None };
    let _floor = take(&bench.floor, File::lock_shared).await;
    perform_now(bench, instance).await
}

async fn perform_now(bench: &Bench, instance: &Instance) -> atlaspec::run::Performed {
    let mut worker = bench.engine.worker();
    bench.engine.perform(instance, &mut worker, &|_| {}).await
}

async fn judge_invariant(bench: &Bench, invariant: &Arc<Invariant>) -> CaseResult {
    let own = bench.engine.judge_invariant(invariant, &exchanges(bench, Some(&invariant.chapter)).await);
    if own.verdict != Outcome::NotApplicable {
        return own;
    }
    bench.engine.judge_invariant(invariant, &exchanges(bench, None).await)
}

type Exchanges = Arc<Vec<atlaspec::exchange::Exchange>>;
/// By chapter; of all chapters under `None`.
type Known = tokio::sync::Mutex<Vec<(Option<String>, Exchanges)>>;

/// The exchanges of a chapter, or of all; made once.
async fn exchanges(bench: &Bench, chapter: Option<&str>) -> Exchanges {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    let mut known = KNOWN.get_or_init(Default::default).lock().await;
    if let Some((_, exchanges)) = known.iter().find(|(name, _)| name.as_deref() == chapter) {
        return Arc::clone(exchanges);
    }
    let mut made = Vec::new();
    let of_chapter = |it: &&Instance| chapter.is_none_or(|chapter| it.case.chapter == chapter) && !waits(it);
    for instance in bench.plan.to_run.iter().filter(of_chapter) {
        made.extend(perform(bench, instance).await.exchanges);
    }
    let made = Arc::new(made);
    known.push((chapter.map(str::to_owned), Arc::clone(&made)));
    made
}

fn waits(instance: &Instance) -> bool {
    let case = &instance.case;
    let mut steps = case.all_steps();
    steps.any(|step| matches!(step.action, Action::Wait(_) | Action::Poll { .. }))
}

/// A test fails unless its case passes, or breaks no more than a *should* or a *may*.
fn judged(result: &CaseResult) -> Result<(), Failed> {
    match result.verdict {
        Outcome::Pass | Outcome::Warn | Outcome::Observed => Ok(()),
        Outcome::Fail | Outcome::Defect | Outcome::Inconclusive | Outcome::Flaky => Err(Failed::from(told(result))),
        Outcome::NotApplicable | Outcome::NotSelected => Err(Failed::from("was set aside after it was planned")),
    }
}

fn told(result: &CaseResult) -> String {
    let mut text = format!("{:?}: {}\n", result.verdict, result.purpose);
    for finding in result.findings.iter().filter(|finding| finding.verdict != Verdict::Pass) {
        let place = finding.source.as_ref().map(|it| format!("{}:{}:{}: ", it.file, it.line, it.column));
        // Writing to a `String` cannot fail.
        let _ =
            writeln!(text, "{}{}: {}", place.unwrap_or_default(), finding.check, atlaspec::report::message(finding));
        if let (Some(expected), Some(actual)) = (&finding.expected, &finding.actual) {
            let _ = writeln!(text, "    expected {expected}\n    actual   {actual}");
        }
        let _ = writeln!(text, "    breaks   {}", finding.requirements.join(", "));
    }
    text
}
