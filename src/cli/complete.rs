//! What other tools are told about the command line.

use std::collections::BTreeSet;
use std::process::ExitCode;

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::reference::{Fault, Variation};
use crate::suite::Suite;
use crate::yaml;

use super::output::Output;
use super::{Failure, suite};

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
    let suite = suite::load_embedded()?;
    let mut command = with_names(command.clone(), &suite);
    let command = &mut command;
    let mut script = Vec::new();
    clap_complete::generate(args.shell, command, "atlaspec", &mut script);
    output.result(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}

/// The command, of which the arguments that are names know the names of the embedded suite.
fn with_names(command: clap::Command, suite: &Suite) -> clap::Command {
    let mut names = Names::of(suite);
    names.sort();
    let given = |command: clap::Command, argument: &'static str, values: Vec<String>| {
        // clap wants names that live as long as the program, which ends when the script is printed.
        let values = values.into_iter().map(|value| -> &'static str { value.leak() });
        command.mut_arg(argument, |it| it.value_parser(PossibleValuesParser::new(values)))
    };
    command
        .mut_subcommand("run", |it| {
            let it = given(it, "filters", names.cases.clone());
            let it = given(it, "chapter", names.chapters.clone());
            given(it, "requirement", names.requirements.clone())
        })
        .mut_subcommand("explain", |it| given(it, "id", names.all()))
        .mut_subcommand("serve", |it| {
            let it = given(it, "faults", names.faults.clone());
            given(it, "variations", names.variations.clone())
        })
}

/// Names that people type.
struct Names {
    cases: Vec<String>,
    chapters: Vec<String>,
    requirements: Vec<String>,
    faults: Vec<String>,
    variations: Vec<String>,
}

impl Names {
    fn of(suite: &Suite) -> Self {
        let cases = suite.cases.iter().map(|it| &it.id).chain(suite.invariants.iter().map(|it| &it.id));
        let chapters = suite.cases.iter().map(|it| &it.chapter).chain(suite.invariants.iter().map(|it| &it.chapter));
        Self {
            cases: cases.cloned().collect(),
            chapters: chapters.cloned().collect(),
            requirements: suite.requirements.iter().map(|it| it.id.clone()).collect(),
            faults: Fault::table().iter().map(|it| it.name.to_owned()).collect(),
            variations: Variation::table().iter().map(|it| it.name.to_owned()).collect(),
        }
    }

    fn sort(&mut self) {
        for names in
            [&mut self.cases, &mut self.chapters, &mut self.requirements, &mut self.faults, &mut self.variations]
        {
            names.sort_unstable();
            names.dedup();
        }
    }

    /// All of them, each once.
    fn all(&self) -> Vec<String> {
        let all = [&self.chapters, &self.requirements, &self.cases, &self.faults, &self.variations];
        let all: BTreeSet<String> = all.into_iter().flatten().cloned().collect();
        all.into_iter().collect()
    }
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
