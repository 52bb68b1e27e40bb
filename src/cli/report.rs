//! `report`: renders a stored run again, or what the journal of a killed run holds.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::record::{Journal, Run};
use crate::report::{self, Console, Format, Repeats};
use crate::suite::Suite;
use crate::verdict::Source;

use super::format::RunFormat;
use super::output::Output;
use super::progress::detail;
use super::reports::line_of;
use super::suite::CasesArgs;
use super::{Failure, files, journal, reports, strictness};

/// Arguments of `report`.
#[derive(Debug, Args)]
#[command(after_help = "The exit code is that of the run, whatever the format.\n\nExamples:\n  \
    atlaspec report reports/staging/run.json\n  \
    atlaspec report reports/staging/run.json --format html --output report.html\n  \
    atlaspec report reports/staging/run.json --format earl --format badge-svg --reports public\n  \
    atlaspec report reports/staging/journal.jsonl")]
pub(super) struct ReportArgs {
    /// The stored run, or the journal of one that was killed
    #[arg(value_name = "RUN.json")]
    run: PathBuf,
    /// In which form (repeatable with --reports) [default: human; with --reports html, junit and markdown]
    #[arg(long, value_enum)]
    format: Vec<RunFormat>,
    /// Where to write it [default: standard output]
    #[arg(long, short, value_name = "FILE", conflicts_with = "reports")]
    output: Option<PathBuf>,
    /// Folder to write into, each format under its usual name
    #[arg(long, value_name = "DIR")]
    reports: Option<PathBuf>,
    #[command(flatten)]
    cases: CasesArgs,
}

/// What a folder of reports holds beside the run itself.
const USUAL: [RunFormat; 3] =
    [RunFormat::File(Format::Html), RunFormat::File(Format::Junit), RunFormat::File(Format::Markdown)];

pub(super) fn report(args: &ReportArgs, output: &Output) -> Result<ExitCode, Failure> {
    let run = read_run(&args.run)?;
    let suite = args.cases.load()?;
    // Lines of another edition of the suite would be quoted wrongly.
    let same_suite = suite.digest == run.suite.digest;
    let sources = |source: &Source| if same_suite { line_of(&suite, source) } else { None };
    match (&args.reports, args.format.as_slice()) {
        (Some(folder), formats) => {
            let formats = if formats.is_empty() { &USUAL } else { formats };
            write_all(&run, formats, folder, &sources, output)?;
        }
        (None, [] | [_]) => {
            let format = args.format.first().copied().unwrap_or(RunFormat::Human);
            let rendered = match format {
                RunFormat::Human => human(&run, &suite, &sources, args, output),
                RunFormat::File(format) => report::render(&run, format, &sources),
            };
            match &args.output {
                Some(path) => write(path, &rendered, output)?,
                None => output.result(&rendered)?,
            }
        }
        (None, _) => return Err(Failure::Usage("several formats need a folder: --reports DIR".to_owned())),
    }
    strictness::complain(&run, output);
    Ok(ExitCode::from(run.exit_code()))
}

fn write_all(
    run: &Run,
    formats: &[RunFormat],
    folder: &Path,
    sources: &report::Sources<'_>,
    output: &Output,
) -> Result<(), Failure> {
    files::ensure_writable(folder)?;
    for format in formats {
        let RunFormat::File(format) = *format else {
            return Err(Failure::Usage("`human` is no file: leave it out".to_owned()));
        };
        write(&folder.join(format.file_name()), &reports::text(run, format, folder, sources), output)?;
    }
    Ok(())
}

fn write(path: &Path, text: &str, output: &Output) -> Result<(), Failure> {
    files::write(path, text)?;
    output.tell(&format!("wrote {}", path.display()));
    Ok(())
}

/// The run of a file: one that is stored, or what a journal holds.
pub(super) fn read_run(path: &Path) -> Result<Run, Failure> {
    if begins_as_journal(path)? {
        return Ok(journal::of_text(path, &files::read(path)?)?.run());
    }
    Run::from_file(|| files::reader(path)).map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))
}

fn begins_as_journal(path: &Path) -> Result<bool, Failure> {
    let mut begin = Vec::new();
    let read = files::reader(path).and_then(|file| file.take(64).read_to_end(&mut begin));
    read.map_err(|error| Failure::File(path.to_owned(), error))?;
    Ok(Journal::is_one(&String::from_utf8_lossy(&begin)))
}

fn human(run: &Run, suite: &Suite, sources: &report::Sources<'_>, args: &ReportArgs, output: &Output) -> String {
    let console = Console {
        colour: if args.output.is_some() { report::Colour::Never } else { output.stdout },
        detail: detail(output.talk),
        sources,
        statement: &|id| suite.statement(id),
        target: &run.target,
        width: output.width(),
        repeats: Repeats::default(),
    };
    console.replay(run, None)
}
