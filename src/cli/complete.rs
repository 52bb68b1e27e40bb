//! What other tools are told about the command line.

use std::process::ExitCode;

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::yaml;

use super::complete_names::{Names, map_names};
use super::output::Output;
use super::{Failure, complete_live, suite};

/// Arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    source <(atlaspec completions --live bash)\n  \
    atlaspec completions fish > ~/.config/fish/completions/atlaspec.fish")]
pub(super) struct CompletionsArgs {
    /// For which shell
    shell: clap_complete::Shell,
    /// Print a script that asks this program at each TAB: it then knows the names in `--cases DIR`, too
    #[arg(long)]
    live: bool,
}

pub(super) fn completions(
    args: &CompletionsArgs,
    command: &clap::Command,
    output: &Output,
) -> Result<ExitCode, Failure> {
    let script = if args.live {
        complete_live::script(args.shell).map_err(Failure::Output)?
    } else {
        let mut script = Vec::new();
        let mut command = with_names(command.clone(), &Names::of(&suite::load_embedded()?));
        clap_complete::generate(args.shell, &mut command, "atlaspec", &mut script);
        script
    };
    output.result(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}

/// The command, of which the arguments that are names know these.
fn with_names(command: clap::Command, names: &Names) -> clap::Command {
    map_names(command, |argument, of| {
        // clap wants names that live as long as the program, which ends when the script is printed.
        let names = names.of_kind(of).into_iter().map(|name| -> &'static str { name.leak() });
        argument.value_parser(PossibleValuesParser::new(names))
    })
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
