//! Completion by the program itself: its script asks it at each TAB, so that it knows what the words before name.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::Command;
use clap_complete::env::Shells;
use clap_complete::{ArgValueCompleter, CompleteEnv, CompletionCandidate, Shell};

use crate::suite::Suite;

use super::complete_names::{Names, Of, map_names};
use super::suite::CasesArgs;

/// The variable by which the script asks; its value is the name of the shell.
const ASKS: &str = "ATLASPEC_COMPLETE";
/// The name of the program.
const PROGRAM: &str = "atlaspec";

/// Whether the script of a shell asked, and was answered.
pub(super) fn answered(words: &[OsString], command: impl Fn() -> Command) -> Result<bool, clap::Error> {
    let here = std::env::current_dir().ok();
    let command = || with_names(command(), words);
    CompleteEnv::with_factory(command).var(ASKS).try_complete(words, here.as_deref())
}

/// The script that asks.
pub(super) fn script(shell: Shell) -> std::io::Result<Vec<u8>> {
    let mut script = Vec::new();
    let shells = Shells::builtins();
    let shell = shells.completer(&shell.to_string());
    let shell = shell.ok_or_else(|| std::io::Error::other("this shell cannot ask a program"))?;
    shell.write_registration(ASKS, PROGRAM, PROGRAM, PROGRAM, &mut script)?;
    Ok(script)
}

/// The command, of which the arguments that are names ask the suite that the words name.
fn with_names(command: Command, words: &[OsString]) -> Command {
    let cases = cases(words);
    map_names(command, |argument, of| {
        let cases = cases.clone();
        argument.add(ArgValueCompleter::new(move |begun: &OsStr| candidates(&cases, of, begun)))
    })
}

/// Names that go on from what is typed so far. A suite with problems has none: this is no time to tell them.
fn candidates(cases: &CasesArgs, of: Of, begun: &OsStr) -> Vec<CompletionCandidate> {
    let (Some(begun), Ok(suite)) = (begun.to_str(), cases.load()) else { return Vec::new() };
    let names = Names::of(&suite);
    let names = names.of_kind(of).into_iter().filter(|name| name.starts_with(begun));
    names.map(|name| CompletionCandidate::new(&name).help(purpose(&suite, &name).map(Into::into))).collect()
}

/// What a case, an invariant or a requirement is about.
fn purpose(suite: &Suite, name: &str) -> Option<String> {
    let case = suite.cases.iter().find(|it| it.id == name).map(|it| it.purpose.clone());
    let invariant = || suite.invariants.iter().find(|it| it.id == name).map(|it| it.purpose.clone());
    let requirement = || suite.requirements.iter().find(|it| it.id == name).map(|it| it.statement.clone());
    case.or_else(invariant).or_else(requirement)
}

/// The case files that the words name: what stands behind `--` are the words to complete.
fn cases(words: &[OsString]) -> CasesArgs {
    let typed = words.iter().skip_while(|word| *word != "--").skip(1);
    let typed: Vec<&str> = typed.filter_map(|word| word.to_str()).collect();
    let given = |option: &str| -> Vec<PathBuf> {
        let beside = typed.windows(2).filter(|pair| pair[0] == option).map(|pair| pair[1]);
        let joined = typed.iter().filter_map(|word| word.strip_prefix(option)?.strip_prefix('='));
        beside.chain(joined).filter(|path| !path.is_empty()).map(PathBuf::from).collect()
    };
    CasesArgs::of(given("--cases"), given("--only-cases"))
}
