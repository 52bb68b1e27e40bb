//! The one printer: results on stdout, everything else on stderr, colour where it is wanted.

use std::ffi::OsString;
use std::io::{IsTerminal as _, Write as _};

use clap::{Args, ValueEnum};

use crate::report::Colour;

use super::{Failure, environment};

/// Options of every command.
#[derive(Debug, Args)]
pub(super) struct OutputArgs {
    /// When to colour
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    color: ColorChoice,
    /// Say more; for `run`, a line for every case
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    verbose: bool,
    /// Say less: failures and the summary only
    #[arg(short, long, global = true)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ColorChoice {
    Auto,
    Always,
    Never,
}

/// How much is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Talk {
    Quiet,
    Normal,
    Verbose,
}

/// The printer.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) talk: Talk,
    pub(super) stdout: Colour,
    pub(super) stderr: Colour,
}

#[expect(clippy::unused_self, reason = "who prints must hold the one printer")]
impl Output {
    pub(super) fn new(args: &OutputArgs) -> Self {
        let talk = match (args.quiet, args.verbose) {
            (true, _) => Talk::Quiet,
            (false, true) => Talk::Verbose,
            (false, false) => Talk::Normal,
        };
        Self {
            talk,
            stdout: colour(args.color, anstream::AutoStream::choice(&std::io::stdout())),
            stderr: colour(args.color, anstream::AutoStream::choice(&std::io::stderr())),
        }
    }

    /// Prints a result. A reader that has gone away (`| head`) ends the command quietly.
    pub(super) fn result(&self, text: &str) -> Result<(), Failure> {
        let mut stdout = std::io::stdout().lock();
        let ending = if text.ends_with('\n') { "" } else { "\n" };
        stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.write_all(ending.as_bytes()))
            .and_then(|()| stdout.flush())
            .map_err(Failure::Output)
    }

    /// Tells something beside the result.
    pub(super) fn tell(&self, text: &str) {
        if self.talk > Talk::Quiet {
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        }
    }

    /// Tells what went wrong.
    pub(super) fn complain(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{}", text.trim_end());
    }

    /// Clears the screen, where somebody sees one.
    pub(super) fn clear(&self) {
        let terminal = console::Term::stdout();
        if terminal.is_term() && self.talk > Talk::Quiet {
            let _ = terminal.clear_screen();
        }
    }

    /// How many characters fit into a line of standard output; 80 where that is no terminal.
    pub(super) fn width(&self) -> usize {
        console::Term::stdout().size_checked().map_or(80, |(_, columns)| usize::from(columns))
    }

    /// Whether somebody watches stderr.
    pub(super) fn is_watched(&self) -> bool {
        std::io::stderr().is_terminal() && self.talk > Talk::Quiet
    }
}

/// What `--color` says, read before the words are parsed: for the help and for what is wrong with them.
pub(super) fn colour_asked_for(words: &[OsString]) -> clap::ColorChoice {
    let words = words.iter().filter_map(|word| word.to_str()).take_while(|word| *word != "--");
    let (mut chosen, mut is_value) = (None, false);
    for word in words {
        let value = if is_value { Some(word) } else { word.strip_prefix("--color=") };
        chosen = value.and_then(|value| ColorChoice::from_str(value, false).ok()).or(chosen);
        is_value = word == "--color" && !is_value;
    }
    let chosen = chosen.or_else(|| environment::colour().and_then(|value| ColorChoice::from_str(&value, false).ok()));
    match chosen {
        Some(ColorChoice::Always) => clap::ColorChoice::Always,
        Some(ColorChoice::Never) => clap::ColorChoice::Never,
        Some(ColorChoice::Auto) | None => clap::ColorChoice::Auto,
    }
}

fn colour(choice: ColorChoice, auto: anstream::ColorChoice) -> Colour {
    match choice {
        ColorChoice::Never => Colour::Never,
        ColorChoice::Auto if auto == anstream::ColorChoice::Never => Colour::Never,
        ColorChoice::Auto | ColorChoice::Always => Colour::Always,
    }
}
