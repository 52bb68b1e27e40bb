//! `check`: lints case files and target files, all problems at once, no network.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use secrecy::SecretString;

use crate::target::{self, KeySource};
use crate::yaml::Problem;

use super::output::Output;
use super::{Failure, files, suite};

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  atlaspec check                lint the embedded suite\n  \
    atlaspec check my-cases/ staging.yaml")]
pub(super) struct CheckArgs {
    /// Case files, folders of them, and target files; without any, the embedded suite
    files: Vec<PathBuf>,
}

pub(super) fn check(args: &CheckArgs, output: &Output) -> Result<ExitCode, Failure> {
    let mut texts = suite::read_all(&args.files)?;
    let targets: Vec<(String, String)> = texts.extract_if(.., |(_, text)| is_target(text)).collect();
    let mut problems = Vec::new();
    for (name, text) in &targets {
        problems.extend(target_problems(name, text));
    }
    let mut said = Vec::new();
    if !texts.is_empty() || args.files.is_empty() {
        let files = if args.files.is_empty() { suite::embedded_files() } else { suite::with_embedded_base(texts) };
        match crate::suite::load(&files) {
            Ok(suite) => said.push(format!(
                "{} cases, {} invariants, {} requirements",
                suite.cases.len(),
                suite.invariants.len(),
                suite.requirements.len()
            )),
            Err(found) => problems.extend(found),
        }
        said.extend(target_words(targets.len()));
        texts = files;
    } else {
        said.extend(target_words(targets.len()));
    }
    if problems.is_empty() {
        output.result(&format!("no problems: {}", said.join(", ")))?;
        return Ok(ExitCode::SUCCESS);
    }
    texts.extend(targets);
    Err(Failure::Problems(problems, texts))
}

fn target_words(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 target file".to_owned()),
        count => Some(format!("{count} target files")),
    }
}

/// A target file is told from case files by the key that only it has.
fn is_target(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("base-url"))
}

fn target_problems(name: &str, text: &str) -> Vec<Problem> {
    let folder = Path::new(name).parent().unwrap_or(Path::new("."));
    // Whether a key can be fetched is a matter of the machine that runs, not of the file.
    let mut keys = |_: &KeySource| Ok(SecretString::from("unread"));
    let mut authorities = |path: &str| files::read(&folder.join(path)).map_err(|_| format!("`{path}` cannot be read"));
    target::load(name, text, &mut keys, &mut authorities).err().unwrap_or_default()
}
