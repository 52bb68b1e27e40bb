//! `check`: lints case files, target files and lists of known failures, all problems at once, no network.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::reference::OwnFault;
use crate::report::counted;
use crate::suite::Suite;

use super::check_targets::Targets;
use super::file_kind::{self, FileKind};
use super::output::Output;
use super::target_file::LayersArgs;
use super::{Failure, known, missing, suite, watch};

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  atlaspec check                lint the embedded suite\n  \
    atlaspec check my-cases/ staging.yaml known-failures.yaml\n  \
    atlaspec check staging.yaml   and what it lacks for which chapter\n  \
    atlaspec check --resolved staging.yaml --set limits.rate=50\n  \
    atlaspec check --watch my-cases/")]
pub(super) struct CheckArgs {
    /// Case files, folders of them, target files, and lists of known failures; without any, the embedded suite
    files: Vec<PathBuf>,
    #[command(flatten)]
    layers: LayersArgs,
    /// Print the target file with all that it extends and all that is laid over it, as one file
    #[arg(long)]
    resolved: bool,
    /// Check again whenever one of the files changes
    #[arg(long, conflicts_with = "resolved")]
    watch: bool,
}

pub(super) fn check(args: &CheckArgs, output: &Output) -> Result<ExitCode, Failure> {
    if args.watch {
        let files = || args.files.iter().flat_map(|path| args.layers.all_files(path)).collect();
        return watch::again_and_again(output, &files, &mut || once(args, output));
    }
    once(args, output)
}

fn once(args: &CheckArgs, output: &Output) -> Result<ExitCode, Failure> {
    if args.files.is_empty() && !args.resolved {
        return match suite::embedded() {
            Ok(suite) => no_problems(&[suite_words(&suite)], output),
            Err(problems) => Err(Failure::Problems(problems, suite::embedded_files())),
        };
    }
    let (mut texts, mut problems) = suite::read_all(&args.files);
    if texts.is_empty() && problems.is_empty() && !args.resolved {
        return Err(Failure::Usage(format!("nothing to check in {}", suite::listed(&args.files))));
    }
    let of_kind = |kind: FileKind| move |(name, text): &mut (String, String)| file_kind::of(name, text) == kind;
    let targets: Vec<(String, String)> = texts.extract_if(.., of_kind(FileKind::Target)).collect();
    let mut targets = Targets::load(&targets, &args.layers)?;
    problems.append(&mut targets.problems);
    let lists: Vec<(String, String)> = texts.extract_if(.., of_kind(FileKind::KnownFailures)).collect();
    let faults: Vec<(String, String)> = texts.extract_if(.., of_kind(FileKind::Faults)).collect();
    for (name, text) in &lists {
        if let Err(Failure::Problems(found, _)) = known::of_text(name, text.clone()) {
            problems.extend(found);
        }
    }
    for (name, text) in &faults {
        problems.extend(OwnFault::load(name, text).err().into_iter().flatten());
    }
    let mut said = Vec::new();
    if !texts.is_empty() {
        match suite::own_or_added(&texts) {
            Ok(suite) => said.push(suite_words(&suite)),
            Err(Failure::Problems(found, files)) => {
                problems.extend(found);
                texts = files;
            }
            Err(other) => return Err(other),
        }
    }
    said.extend(targets.words());
    said.extend((!lists.is_empty()).then(|| list_words(lists.len())));
    said.extend((!faults.is_empty()).then(|| format!("{} of faults", counted(faults.len(), "file"))));
    if !problems.is_empty() {
        texts.extend(targets.texts);
        texts.extend(lists);
        texts.extend(faults);
        return Err(Failure::Problems(problems, texts));
    }
    if args.resolved {
        return resolved(&targets, output);
    }
    no_problems(&said, output)?;
    what_is_missing(&targets, output)
}

/// Prints the only target file as it is joined.
fn resolved(targets: &Targets, output: &Output) -> Result<ExitCode, Failure> {
    let [target] = targets.loaded.as_slice() else {
        return Err(Failure::Usage("--resolved needs one target file: `atlaspec check --resolved FILE`".to_owned()));
    };
    output.result(target.resolved()?.trim_end())?;
    Ok(ExitCode::SUCCESS)
}

fn no_problems(said: &[String], output: &Output) -> Result<ExitCode, Failure> {
    output.result(&format!("no problems: {}", said.join(", ")))?;
    Ok(ExitCode::SUCCESS)
}

/// Says of each target file what it lacks for the embedded suite.
fn what_is_missing(targets: &Targets, output: &Output) -> Result<ExitCode, Failure> {
    if targets.loaded.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let suite = suite::load_embedded()?;
    for loaded in &targets.loaded {
        let said = missing::describe(&loaded.name, &loaded.target, &suite)
            .map_err(|error| Failure::Usage(error.to_string()))?;
        for note in loaded.target.notes() {
            output.result(&format!("\nnote: {note}"))?;
        }
        output.result(&format!("\n{said}"))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn suite_words(suite: &Suite) -> String {
    let (cases, invariants) = (suite.cases.len(), suite.invariants.len());
    format!("{}, {}", counted(cases, "case"), counted(invariants, "invariant"))
}

fn list_words(count: usize) -> String {
    format!("{} of known failures", counted(count, "list"))
}
