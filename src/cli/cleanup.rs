//! `cleanup`: deletes what an earlier, killed run left at its target.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use crate::clock::Clock;
use crate::record::Left;
use crate::report::counted;
use crate::report::visible::line;
use crate::run::{CleanedUp, Engine, Rate};
use crate::target::Target;

use super::failure::UNDECIDED;
use super::journal::JournalFile;
use super::output::Output;
use super::quantity::rate;
use super::reports::reports_folder;
use super::runtime::block_on;
use super::target_file::LayersArgs;
use super::{Failure, interrupt, journal, reach, suite};

/// Arguments of `cleanup`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  nothing is left\n  2  wrong usage or files\n  3  something may be left: it is \
    listed with its URL\n\nExample:\n  atlaspec cleanup --target staging.yaml"
)]
pub(super) struct CleanupArgs {
    /// Target file of the run
    #[arg(long, value_name = "FILE")]
    target: PathBuf,
    #[command(flatten)]
    layers: LayersArgs,
    /// Folder of the run's reports, with its journal [default: reports/<target name>]
    #[arg(long, value_name = "DIR")]
    reports: Option<PathBuf>,
    /// The most requests (`5/s`, `100/m`)
    #[arg(long, value_name = "N/s", value_parser = rate)]
    max_rate: Option<Rate>,
    /// Say what would be looked for and deleted; send nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn cleanup(args: &CleanupArgs, output: &Output) -> Result<ExitCode, Failure> {
    interrupt::set_last_words("interrupted: run it again to delete the rest");
    let target = Arc::new(args.layers.load_and_warn(&args.target, output)?);
    let folder = args.reports.clone().unwrap_or_else(|| reports_folder(&target.name));
    let journals = journal::all(&folder)?;
    if journals.is_empty() {
        return Err(Failure::Usage(format!("no journal of a run in {}", folder.display())));
    }
    block_on(async {
        let (mut all, mut failures) = (CleanedUp::default(), Vec::new());
        for path in &journals {
            match clean_up_journal(args, path, &target, output).await {
                Ok(cleaned_up) => {
                    all.deleted.extend(cleaned_up.deleted);
                    all.gone += cleaned_up.gone;
                    all.kept.extend(cleaned_up.kept);
                }
                Err(failure) => failures.push(failure),
            }
        }
        // What was deleted is told, whatever stood in the way of the rest.
        let told = if failures.len() < journals.len() { tell(&all, output) } else { Ok(ExitCode::SUCCESS) };
        Failure::unless_none(failures)?;
        told
    })
}

async fn clean_up_journal(
    args: &CleanupArgs,
    path: &Path,
    target: &Arc<Target>,
    output: &Output,
) -> Result<CleanedUp, Failure> {
    let read = journal::read(path)?;
    let begun = read.begun();
    if begun.target.base_url != target.base_url.as_str() {
        let (theirs, ours) = (&begun.target.base_url, &target.base_url);
        return Err(Failure::Usage(format!("{}: that run judged {theirs}, not {ours}", path.display())));
    }
    let left = read.left();
    if args.dry_run {
        let kept = left.iter().map(|left| (left.to_string(), "not looked for: --dry-run".to_owned())).collect();
        return Ok(CleanedUp { kept, ..CleanedUp::default() });
    }
    if left.is_empty() {
        return Ok(CleanedUp::default());
    }
    delete(args, path, &begun.name, &left, target, output).await
}

async fn delete(
    args: &CleanupArgs,
    path: &Path,
    name: &str,
    left: &[Left],
    target: &Arc<Target>,
    output: &Output,
) -> Result<CleanedUp, Failure> {
    let journal = Arc::new(JournalFile::go_on(path)?);
    let suite = Arc::new(suite::load_embedded()?);
    let engine = Engine::new(suite, Arc::clone(target), Clock::real(), name)
        .map_err(|error| Failure::Usage(error.to_string()))?
        .journaling(journal);
    let engine = match args.max_rate {
        Some(rate) => engine.pacing(rate),
        None => engine,
    };
    let reached = reach::reach(&mut engine.worker(), target, output).await?;
    reach::tell_redirect(&reached, target, output);
    Ok(engine.clean_up(name, left).await)
}

fn tell(cleaned_up: &CleanedUp, output: &Output) -> Result<ExitCode, Failure> {
    // Writing to a `String` cannot fail.
    let mut text = String::new();
    for url in &cleaned_up.deleted {
        let _ = writeln!(text, "deleted  {}", line(url));
    }
    for (what, why) in &cleaned_up.kept {
        let _ = writeln!(text, "left     {}: {}", line(what), line(why));
    }
    let (deleted, gone, kept) = (cleaned_up.deleted.len(), cleaned_up.gone, cleaned_up.kept.len());
    let _ = writeln!(text, "{} deleted, {gone} gone before, {kept} left", counted(deleted, "thing"));
    output.result(&text)?;
    Ok(if kept == 0 { ExitCode::SUCCESS } else { ExitCode::from(UNDECIDED) })
}
