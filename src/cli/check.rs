//! `check`: lints case files, target files and lists of known failures, all problems at once, no network.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use secrecy::SecretString;

use crate::report::counted;
use crate::suite::Suite;
use crate::target::{self, KeySource, Target};
use crate::yaml::Problem;

use super::output::Output;
use super::{Failure, files, known, missing, suite};

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  atlaspec check                lint the embedded suite\n  \
    atlaspec check my-cases/ staging.yaml known-failures.yaml\n  \
    atlaspec check staging.yaml   and what it lacks for which chapter")]
pub(super) struct CheckArgs {
    /// Case files, folders of them, target files, and lists of known failures; without any, the embedded suite
    files: Vec<PathBuf>,
}

pub(super) fn check(args: &CheckArgs, output: &Output) -> Result<ExitCode, Failure> {
    if args.files.is_empty() {
        return match suite::embedded() {
            Ok(suite) => no_problems(&[suite_words(&suite)], output),
            Err(problems) => Err(Failure::Problems(problems, suite::embedded_files())),
        };
    }
    let (mut texts, mut problems) = suite::read_all(&args.files);
    if texts.is_empty() && problems.is_empty() {
        return Err(Failure::Usage(format!("nothing to check in {}", suite::listed(&args.files))));
    }
    let targets: Vec<(String, String)> = texts.extract_if(.., |(_, text)| is_target(text)).collect();
    for (name, text) in &targets {
        problems.extend(target_problems(name, text));
    }
    let lists: Vec<(String, String)> = texts.extract_if(.., |(_, text)| is_known_failures(text)).collect();
    for (name, text) in &lists {
        if let Err(Failure::Problems(found, _)) = known::of_text(name, text.clone()) {
            problems.extend(found);
        }
    }
    let mut said = Vec::new();
    if !texts.is_empty() {
        match suite::own_or_added(&texts) {
            Ok(suite) => said.push(suite_words(&suite)),
            Err(Failure::Problems(found, files)) => {
                problems.extend(found);
                texts = files;
            }
            Err(other) => return Err(other),
        }
    }
    said.extend(target_words(targets.len()));
    said.extend((!lists.is_empty()).then(|| list_words(lists.len())));
    if problems.is_empty() {
        no_problems(&said, output)?;
        return what_is_missing(&targets, output);
    }
    texts.extend(targets);
    texts.extend(lists);
    Err(Failure::Problems(problems, texts))
}

fn no_problems(said: &[String], output: &Output) -> Result<ExitCode, Failure> {
    output.result(&format!("no problems: {}", said.join(", ")))?;
    Ok(ExitCode::SUCCESS)
}

/// Says of each target file what it lacks for the embedded suite.
fn what_is_missing(targets: &[(String, String)], output: &Output) -> Result<ExitCode, Failure> {
    if targets.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let suite = suite::load_embedded()?;
    for (name, text) in targets {
        if let Ok(target) = load(name, text) {
            let said = missing::describe(name, &target, &suite).map_err(|error| Failure::Usage(error.to_string()))?;
            for note in target.notes() {
                output.result(&format!("\nnote: {note}"))?;
            }
            output.result(&format!("\n{said}"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn suite_words(suite: &Suite) -> String {
    let (cases, invariants) = (suite.cases.len(), suite.invariants.len());
    format!("{}, {}", counted(cases, "case"), counted(invariants, "invariant"))
}

fn target_words(count: usize) -> Option<String> {
    (count > 0).then(|| counted(count, "target file"))
}

/// A target file is told from case files by keys that only it has; one of them may be misspelt.
fn is_target(text: &str) -> bool {
    text.lines().any(|line| ["base-url", "users:", "claims:", "parameters:"].iter().any(|key| line.starts_with(key)))
}

fn list_words(count: usize) -> String {
    format!("{} of known failures", counted(count, "list"))
}

/// A list of known failures is told by the key that only it has.
fn is_known_failures(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("known-failures:"))
}

fn target_problems(name: &str, text: &str) -> Vec<Problem> {
    load(name, text).err().unwrap_or_default()
}

fn load(name: &str, text: &str) -> Result<Target, Vec<Problem>> {
    let folder = Path::new(name).parent().unwrap_or(Path::new("."));
    // Whether a key can be fetched is a matter of the machine that runs, not of the file.
    let mut keys = |_: &KeySource| Ok(SecretString::from("unread"));
    let mut authorities = |path: &str| {
        files::read(&folder.join(path)).map_err(|failure| format!("`{path}` cannot be read: {}", failure.cause()))
    };
    target::load(name, text, &mut keys, &mut authorities)
}
