//! What other tools are told about the command line and the file formats.

use std::process::ExitCode;

use clap::Args;

use crate::{known, suite, target};

use super::Failure;
use super::output::Output;

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// Which format
    #[arg(value_enum)]
    format: FileFormat,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum FileFormat {
    Case,
    Target,
    KnownFailures,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// For which shell
    shell: clap_complete::Shell,
}

pub(super) fn schema(args: &SchemaArgs, output: &Output) -> Result<ExitCode, Failure> {
    let schema = match args.format {
        FileFormat::Case => suite::case_schema(),
        FileFormat::Target => target::target_schema(),
        FileFormat::KnownFailures => known::known_failures_schema(),
    };
    output.result(&format!("{schema:#}"))?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn completions(
    args: &CompletionsArgs,
    command: &mut clap::Command,
    output: &Output,
) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, command, "atlaspec", &mut script);
    output.result(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn man(command: &clap::Command, output: &Output) -> Result<ExitCode, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page).map_err(Failure::Output)?;
    output.result(&String::from_utf8_lossy(&page))?;
    Ok(ExitCode::SUCCESS)
}
