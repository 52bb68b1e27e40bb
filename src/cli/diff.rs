//! `diff`: what changed between two stored runs.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::record::{Difference, Outline};
use crate::report::difference;

use super::output::Output;
use super::{Failure, files};

/// Arguments of `diff`.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 no regression, 1 a regression, 2 a file is no stored run.\n\n\
    A regression: a case that held, or broke no must, breaks one or cannot be judged any more;\n\
    or a requirement of level must that held is broken.\n\n\
    Example:\n  atlaspec diff main/run.json branch/run.json --format markdown >> \"$GITHUB_STEP_SUMMARY\"")]
pub(super) struct DiffArgs {
    /// The earlier run
    #[arg(value_name = "OLD.json")]
    old: PathBuf,
    /// The later run
    #[arg(value_name = "NEW.json")]
    new: PathBuf,
    /// In which form
    #[arg(long, value_enum, default_value_t = DiffFormat::Human)]
    format: DiffFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DiffFormat {
    Human,
    Markdown,
    Json,
}

pub(super) fn diff(args: &DiffArgs, output: &Output) -> Result<ExitCode, Failure> {
    let difference = Difference::between(&read(&args.old)?, &read(&args.new)?);
    output.result(&match args.format {
        DiffFormat::Human => difference::console(&difference, output.stdout),
        DiffFormat::Markdown => difference::markdown(&difference),
        DiffFormat::Json => difference::json(&difference),
    })?;
    Ok(ExitCode::from(u8::from(difference.regression)))
}

fn read(path: &Path) -> Result<Outline, Failure> {
    Outline::from_file(|| files::reader(path)).map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))
}
