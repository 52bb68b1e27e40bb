//! `report`: renders a stored run again, or what the journal of a killed run holds.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::record::{Journal, Run};
use crate::report::{self, Console, Format};
use crate::suite::Suite;
use crate::verdict::Source;

use super::output::Output;
use super::progress::detail;
use super::run::line_of;
use super::{Failure, files, journal, suite};

/// Arguments of `report`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  atlaspec report reports/staging/run.json --format html --output report.html\n  \
    atlaspec report reports/staging/journal.jsonl")]
pub(super) struct ReportArgs {
    /// The stored run, or the journal of one that was killed
    #[arg(value_name = "RUN.json")]
    run: PathBuf,
    /// In which form
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    format: ReportFormat,
    /// Where to write it [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Case files that replaced the embedded ones in that run
    #[arg(long, value_name = "DIR")]
    cases: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    Human,
    Html,
    Json,
    Junit,
    Markdown,
}

pub(super) fn report(args: &ReportArgs, output: &Output) -> Result<ExitCode, Failure> {
    let run = read_run(&args.run)?;
    let suite = suite::load(&args.cases)?;
    // Lines of another edition of the suite would be quoted wrongly.
    let same_suite = suite.digest == run.suite.digest;
    let sources = |source: &Source| if same_suite { line_of(&suite, source) } else { None };
    let rendered = match args.format {
        ReportFormat::Human => human(&run, &suite, &sources, args, output),
        ReportFormat::Html => report::render(&run, Format::Html, &sources),
        ReportFormat::Json => report::render(&run, Format::Json, &sources),
        ReportFormat::Junit => report::render(&run, Format::Junit, &sources),
        ReportFormat::Markdown => report::render(&run, Format::Markdown, &sources),
    };
    match &args.output {
        Some(path) => files::write(path, &rendered)?,
        None => output.result(&rendered)?,
    }
    Ok(ExitCode::from(run.exit_code()))
}

/// The run of a file: one that is stored, or what a journal holds.
pub(super) fn read_run(path: &Path) -> Result<Run, Failure> {
    let text = files::read(path)?;
    if Journal::is_one(&text) {
        return Ok(journal::of_text(path, &text)?.run());
    }
    Run::from_json(&text).map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))
}

fn human(run: &Run, suite: &Suite, sources: &report::Sources<'_>, args: &ReportArgs, output: &Output) -> String {
    let console = Console {
        colour: if args.output.is_some() { report::Colour::Never } else { output.stdout },
        detail: detail(output.talk),
        sources,
        statement: &|id| suite.statement(id),
        target: &run.target,
    };
    console.replay(run, None)
}
