//! What other tools are told about the command line.

use std::process::ExitCode;

use clap::Args;

use crate::yaml;

use super::Failure;
use super::output::Output;

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// For which shell
    shell: clap_complete::Shell,
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

/// Arguments of `man`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  atlaspec man run | man -l -")]
pub(super) struct ManArgs {
    /// Of which command; without it of the program, which lists all of them
    command: Option<String>,
}

pub(super) fn man(args: &ManArgs, mut command: clap::Command, output: &Output) -> Result<ExitCode, Failure> {
    // Gives every command its whole name and the options of the program.
    command.build();
    let source = format!("{} {}", command.get_name(), command.get_version().unwrap_or_default());
    let command = match &args.command {
        None => command,
        Some(name) => command.find_subcommand(name).cloned().ok_or_else(|| unknown(name, &command))?,
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).source(source).render(&mut page).map_err(Failure::Output)?;
    output.result(&String::from_utf8_lossy(&page))?;
    Ok(ExitCode::SUCCESS)
}

fn unknown(name: &str, command: &clap::Command) -> Failure {
    let names = command.get_subcommands().map(clap::Command::get_name);
    let help = yaml::did_you_mean(name, names).map(|help| format!(": {help}")).unwrap_or_default();
    Failure::Usage(format!("no command is called `{name}`{help}"))
}
