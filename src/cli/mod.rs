//! The command line: one file a subcommand; the only place that wires, prints, and reads or writes files.

mod archive;
mod audience;
mod audit;
mod bare;
mod browse;
mod certificates;
mod certify;
mod check;
mod check_targets;
mod choice;
mod cleanup;
mod client_report;
mod complete;
mod complete_live;
mod complete_names;
mod diff;
mod dry_run;
mod embedded_target;
mod environment;
mod explain;
mod explain_words;
mod failure;
mod file_kind;
mod files;
mod format;
mod hidden;
mod history;
mod init;
mod interrupt;
mod journal;
mod keys;
mod known;
mod last_failed;
mod list;
mod merge;
mod missing;
mod new;
mod output;
mod problems;
mod progress;
mod prove;
mod quantity;
mod random;
mod reach;
mod relevance;
mod report;
mod reports;
mod run;
mod runtime;
mod schemas;
mod scripts;
mod selftest;
mod serve;
mod strictness;
mod suite;
mod target_file;
mod target_template;
mod ticker;
mod unjudged;
mod verify;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub use embedded_target::Embedded;
pub use failure::Failure;
pub use run::run_name;
pub use suite::embedded;
pub use target_file::load as target_of_file;

/// Judges HTTP APIs that follow the Atlas API v1.0 conventions.
#[derive(Debug, Parser)]
#[command(name = "atlaspec", bin_name = "atlaspec", version)]
#[command(arg_required_else_help = true, max_term_width = 100, after_help = EXIT_CODES)]
struct Cli {
    #[command(flatten)]
    output: output::OutputArgs,
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  conformant
  1  not conformant: a requirement of level must is broken, or a known failure is out of date
  2  wrong usage, wrong files, or a defect of the suite
  3  inconclusive: unreachable, interrupted, or something could not be judged

Examples:
  atlaspec run                          judge the embedded reference server
  atlaspec run --target staging.yaml    judge the server of a target file
  atlaspec run --url https://… --user me
                                        judge a server of which nothing else is known
  atlaspec init --url https://… --user me
                                        write a target file for it
  atlaspec run 'lists.*' 'auth.*'       judge some cases only
  atlaspec explain lists.total          a requirement or case in full";

#[derive(Debug, Subcommand)]
enum Command {
    /// Judges a target; without --target the embedded reference server
    Run(Box<run::RunArgs>),
    /// Judges recorded traffic (HAR) with the invariants alone, no network
    Audit(audit::AuditArgs),
    /// Browses a target and writes a target file to complete
    Init(init::InitArgs),
    /// Writes a case file, a suite or a target file to begin with
    New(new::NewArgs),
    /// Proves the suite: runs it against every fault of the reference server
    Selftest(selftest::SelftestArgs),
    /// Runs the reference server until it is interrupted
    Serve(serve::ServeArgs),
    /// Lints case files and target files: all problems at once, no network
    Check(check::CheckArgs),
    /// Lists cases, requirements or faults, a line each
    List(list::ListArgs),
    /// Explains a requirement, case, fault, chapter, or a word of reports and file formats
    Explain(explain::ExplainArgs),
    /// Renders a stored run again
    Report(report::ReportArgs),
    /// Says what changed between two stored runs; exit 1 on a regression
    Diff(diff::DiffArgs),
    /// Deletes what an earlier, killed run left at its target
    Cleanup(cleanup::CleanupArgs),
    /// Joins the runs of all shards into one
    Merge(merge::MergeArgs),
    /// Makes a signed certificate of a complete, conformant run
    Certify(certify::CertifyArgs),
    /// Checks a certificate with a public key, offline
    Verify(verify::VerifyArgs),
    /// Prints or writes the JSON Schemas of the file formats, for editors
    Schema(schemas::SchemaArgs),
    /// Prints a completion script for a shell
    Completions(complete::CompletionsArgs),
    /// Prints a manual page
    Man(complete::ManArgs),
}

/// Parses the command line, does what it says, and returns the exit code.
pub fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    match complete_live::answered(&words, Cli::command) {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(error) => return misused(&error),
    }
    interrupt::watch();
    let cli = match parse(words) {
        Ok(cli) => cli,
        Err(error) => return misused(&error),
    };
    let output = output::Output::new(&cli.output);
    match dispatch(cli.command, &output) {
        Ok(code) => code,
        Err(failure) => failure.report(&output),
    }
}

/// Says what is wrong with the words, or the help that they ask for.
fn misused(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// Parses the words of the command line, the first of which is the program. Help and complaints about the words have
/// the colour that the words ask for.
fn parse(words: Vec<OsString>) -> Result<Cli, clap::Error> {
    let command = environment::bound_beside(Cli::command(), &words);
    let mut command = command.color(output::colour_asked_for(&words));
    let matches = command.try_get_matches_from_mut(words)?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

fn dispatch(command: Command, output: &output::Output) -> Result<ExitCode, Failure> {
    match command {
        Command::Run(args) => run::run(&args, output),
        Command::Audit(args) => audit::audit(&args, output),
        Command::Init(args) => init::init(&args, output),
        Command::New(args) => new::new(&args, output),
        Command::Selftest(args) => selftest::selftest(&args, output),
        Command::Serve(args) => serve::serve(&args, output),
        Command::Check(args) => check::check(&args, output),
        Command::List(args) => list::list(&args, output),
        Command::Explain(args) => explain::explain(&args, output),
        Command::Report(args) => report::report(&args, output),
        Command::Diff(args) => diff::diff(&args, output),
        Command::Cleanup(args) => cleanup::cleanup(&args, output),
        Command::Merge(args) => merge::merge(&args, output),
        Command::Certify(args) => certify::certify(&args, output),
        Command::Verify(args) => verify::verify(&args, output),
        Command::Schema(args) => schemas::schema(&args, output),
        Command::Completions(args) => complete::completions(&args, &environment::named(Cli::command()), output),
        Command::Man(args) => complete::man(&args, environment::named(Cli::command()), output),
    }
}
