//! A variable of the environment for every option: `ATLASPEC_` and its long name, in capitals. What stands on the
//! command line wins.

use std::ffi::OsString;

use clap::builder::BoolishValueParser;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, Id};

/// What every variable begins with.
const PREFIX: &str = "ATLASPEC_";

/// Options that say something about another one, which must be there: without it their variables mean nothing. The last
/// is the command, where that matters.
const ABOUT_ANOTHER: [(&str, &str, Option<&str>); 14] = [
    ("user", "url", None),
    ("api_key_file", "url", None),
    ("ca", "url", None),
    ("insecure", "url", None),
    ("proxy", "url", None),
    ("also_browse", "target", None),
    ("overlay", "target", Some("run")),
    ("set", "target", Some("run")),
    ("sample", "prove", None),
    ("force", "output", Some("init")),
    ("force", "write_known_failures", Some("run")),
    ("force", "write_known_failures", Some("audit")),
    ("reports", "check_client", Some("serve")),
    ("format", "check_client", Some("serve")),
];

/// The variable of an option.
fn variable(long: &str) -> String {
    format!("{PREFIX}{}", long.replace('-', "_").to_uppercase())
}

/// The command, each option of it with its variable.
pub(super) fn named(command: Command) -> Command {
    bound(command, &|_| true)
}

/// The command, with the variables that go together with these words: a variable never stands against a word.
pub(super) fn bound_beside(command: Command, words: &[OsString]) -> Command {
    let silent = command.clone().ignore_errors(true).try_get_matches_from(words.iter().cloned());
    let Some((name, given)) = silent.ok().and_then(|mut matches| matches.remove_subcommand()) else {
        return named(command);
    };
    let mut built = command.clone();
    // Options of every command are known to each only then.
    built.build();
    let left_out = left_out(&built, &name, &given);
    bound(command, &|arg| !left_out.contains(arg.get_id()))
}

/// The options of a command of which the variables are not read beside those that are given.
fn left_out(command: &Command, name: &str, given: &ArgMatches) -> Vec<Id> {
    let Some(chosen) = command.find_subcommand(name) else { return Vec::new() };
    let args: Vec<&Arg> = chosen.get_arguments().collect();
    let is_given = |id: &Id| given.try_contains_id(id.as_str()).is_ok_and(|it| it) && source(given, id);
    let conflict =
        |one: &Arg, other: &Arg| chosen.get_arg_conflicts_with(one).iter().any(|it| it.get_id() == other.get_id());
    let stands_against = |arg: &&&Arg| {
        args.iter().any(|other| is_given(other.get_id()) && (conflict(arg, other) || conflict(other, arg)))
    };
    let mut left_out: Vec<Id> = args.iter().filter(stands_against).map(|arg| arg.get_id().clone()).collect();
    let is_set = |arg: &Arg| arg.get_long().is_some_and(|long| is_set(&variable(long)));
    for (about, other, _) in ABOUT_ANOTHER.iter().filter(|(.., of)| of.is_none_or(|of| of == name)) {
        let there = args.iter().find(|arg| arg.get_id() == *other);
        let comes =
            there.is_some_and(|arg| is_given(arg.get_id()) || (is_set(arg) && !left_out.contains(arg.get_id())));
        if there.is_some() && !comes {
            left_out.push(Id::from(*about));
        }
    }
    left_out
}

fn source(given: &ArgMatches, id: &Id) -> bool {
    given.value_source(id.as_str()) == Some(ValueSource::CommandLine)
}

fn bound(command: Command, is_read: &dyn Fn(&Arg) -> bool) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|it| it.get_name().to_owned()).collect();
    let command = command.mut_args(|arg| if is_read(&arg) { with_variable(arg) } else { arg });
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, |it| bound(it, is_read)))
}

fn with_variable(arg: Arg) -> Arg {
    let Some(long) = arg.get_long() else { return arg };
    // clap wants names that live as long as the program.
    let name: &'static str = Box::leak(variable(long).into_boxed_str());
    let arg = arg.env(name).hide_env_values(true);
    if matches!(arg.get_action(), ArgAction::SetTrue) { arg.value_parser(BoolishValueParser::new()) } else { arg }
}

#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some()
}

/// What the variable of `--color` says.
#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
pub(super) fn colour() -> Option<String> {
    std::env::var(variable("color")).ok()
}

/// The page of the job in which the program runs, which GitLab gives to every job.
#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
pub(super) fn gitlab_job() -> Option<String> {
    std::env::var("CI_JOB_URL").ok()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Cli;

    /// Options without a variable, each with the reason.
    const WITHOUT: [(&str, &str); 2] = [("help", "it only prints"), ("version", "it only prints")];

    fn all(command: &Command, found: &mut Vec<(String, Arg)>) {
        found.extend(command.get_arguments().map(|arg| (command.get_name().to_owned(), arg.clone())));
        command.get_subcommands().for_each(|it| all(it, found));
    }

    #[test]
    fn every_option_has_its_variable() {
        let mut command = named(Cli::command());
        command.build();
        let mut found = Vec::new();
        all(&command, &mut found);
        let options: Vec<_> = found.iter().filter_map(|(name, arg)| Some((name, arg.get_long()?, arg))).collect();
        assert!(options.len() > 100, "{}", options.len());
        for (command, long, arg) in options {
            if WITHOUT.iter().any(|(name, _)| *name == long) {
                continue;
            }
            let name = arg.get_env().and_then(|name| name.to_str());
            assert_eq!(name, Some(variable(long).as_str()), "{command} --{long}");
            assert!(arg.is_hide_env_values_set(), "{command} --{long} would show what the environment holds");
        }
    }

    #[test]
    fn what_is_said_about_another_option_is_known_to_the_commands() {
        let command = Cli::command();
        let mut found = Vec::new();
        all(&command, &mut found);
        for name in ABOUT_ANOTHER.iter().flat_map(|(about, other, _)| [*about, *other]) {
            assert!(found.iter().any(|(_, arg)| arg.get_id() == name), "{name}");
        }
    }
}
