//! `merge`: joins the runs of all shards into one.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::record::merge as join;
use crate::report::{Console, Repeats};
use crate::verdict::Source;

use super::output::Output;
use super::progress::detail;
use super::reports::{line_of, reports_folder, write_reports};
use super::suite::CasesArgs;
use super::{Failure, files, report, strictness};

/// Arguments of `merge`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  atlaspec run --target staging.yaml --shard 1/2 --reports one\n  \
    atlaspec run --target staging.yaml --shard 2/2 --reports two\n  \
    atlaspec merge one/run.json two/run.json --reports all")]
pub(super) struct MergeArgs {
    /// The runs of all shards
    #[arg(value_name = "RUN.json", required = true)]
    runs: Vec<PathBuf>,
    /// Folder for the reports [default: reports/<target name>]
    #[arg(long, value_name = "DIR")]
    reports: Option<PathBuf>,
    #[command(flatten)]
    cases: CasesArgs,
}

pub(super) fn merge(args: &MergeArgs, output: &Output) -> Result<ExitCode, Failure> {
    let mut runs = Vec::new();
    for path in &args.runs {
        runs.push((files::shown(path), report::read_run(path)?));
    }
    let run = join(&runs).map_err(|errors| {
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Failure::Usage(told.join("\n       "))
    })?;
    let suite = args.cases.load()?;
    let same_suite = suite.digest == run.suite.digest;
    let sources = |source: &Source| if same_suite { line_of(&suite, source) } else { None };
    let folder = args.reports.clone().unwrap_or_else(|| reports_folder(&run.target.name));
    files::ensure_writable(&folder)?;
    let written = write_reports(&run, &folder, &sources);
    let console = Console {
        colour: output.stdout,
        detail: detail(output.talk),
        sources: &sources,
        statement: &|id| suite.statement(id),
        target: &run.target,
        width: output.width(),
        repeats: Repeats::default(),
    };
    output.result(&console.replay(&run, Some(&folder.display().to_string())))?;
    written?;
    strictness::complain(&run, output);
    Ok(ExitCode::from(run.exit_code()))
}
