//! Which words of the command line are names, and which names there are.

use std::collections::BTreeSet;

use clap::{Arg, Command};

use crate::reference::{Fault, Variation};
use crate::suite::Suite;

/// Changes each argument that is the name of something.
pub(super) fn map_names(command: Command, change: impl Fn(Arg, Of) -> Arg) -> Command {
    let mut command = command;
    for (name, arguments) in ARGUMENTS {
        command = command.mut_subcommand(name, |it| {
            arguments.iter().fold(it, |it, (argument, of)| it.mut_arg(argument, |argument| change(argument, *of)))
        });
    }
    command
}

/// The arguments that are names, by subcommand.
const ARGUMENTS: [(&str, &[(&str, Of)]); 4] = [
    (
        "run",
        &[("filters", Of::Cases), ("skip", Of::Cases), ("chapter", Of::Chapters), ("requirement", Of::Requirements)],
    ),
    ("explain", &[("id", Of::All)]),
    ("serve", &[("faults", Of::Faults), ("variations", Of::Variations)]),
    ("selftest", &[("faults", Of::Faults)]),
];

/// What a name is of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Of {
    /// Cases and invariants.
    Cases,
    /// Chapters.
    Chapters,
    /// Requirements.
    Requirements,
    /// Faults of the reference server.
    Faults,
    /// Variations of the reference server.
    Variations,
    /// Any of these.
    All,
}

/// Names that people type.
pub(super) struct Names {
    cases: Vec<String>,
    chapters: Vec<String>,
    requirements: Vec<String>,
}

impl Names {
    /// Those of a suite.
    pub(super) fn of(suite: &Suite) -> Self {
        let cases = suite.cases.iter().map(|it| &it.id).chain(suite.invariants.iter().map(|it| &it.id));
        let chapters = suite.cases.iter().map(|it| &it.chapter).chain(suite.invariants.iter().map(|it| &it.chapter));
        Self {
            cases: cases.cloned().collect(),
            chapters: chapters.cloned().collect(),
            requirements: suite.requirements.iter().map(|it| it.id.clone()).collect(),
        }
    }

    /// Those of a kind, each once.
    pub(super) fn of_kind(&self, of: Of) -> BTreeSet<String> {
        let faults = || Fault::table().iter().map(|it| it.name.to_owned());
        let variations = || Variation::table().iter().map(|it| it.name.to_owned());
        match of {
            Of::Cases => self.cases.iter().cloned().collect(),
            Of::Chapters => self.chapters.iter().cloned().collect(),
            Of::Requirements => self.requirements.iter().cloned().collect(),
            Of::Faults => faults().collect(),
            Of::Variations => variations().collect(),
            Of::All => {
                let of_suite = self.chapters.iter().chain(&self.requirements).chain(&self.cases).cloned();
                of_suite.chain(faults()).chain(variations()).collect()
            }
        }
    }
}
