//! The suite of a command: the embedded one, or the user's files.

use std::path::{Path, PathBuf};

use crate::suite::{self, Suite};
use crate::verdict::Source;
use crate::yaml::Problem;

use super::file_kind::{self, FileKind};
use super::{Failure, files};

/// All files of the embedded suite: path and text.
static EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
/// The name of the embedded suite.
const EMBEDDED_NAME: &str = "atlas-v1.0";

/// The embedded suite, or its problems, which are a defect of the build.
pub fn embedded() -> Result<Suite, Vec<Problem>> {
    let suite = suite::load(&embedded_files())?;
    Ok(Suite { name: EMBEDDED_NAME.to_owned(), ..suite })
}

/// The embedded suite.
pub(super) fn load_embedded() -> Result<Suite, Failure> {
    embedded().map_err(|problems| Failure::Problems(problems, embedded_files()))
}

/// Which case files a command uses.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct CasesArgs {
    /// Add these case files to the embedded suite: a file or a folder (repeatable)
    #[arg(long, value_name = "DIR")]
    cases: Vec<PathBuf>,
    /// Use these case files instead of the embedded suite (repeatable)
    #[arg(long, value_name = "DIR", conflicts_with = "cases")]
    only_cases: Vec<PathBuf>,
}

impl CasesArgs {
    /// These case files, added to the embedded suite or used instead of it.
    pub(super) fn of(cases: Vec<PathBuf>, only_cases: Vec<PathBuf>) -> Self {
        Self { cases, only_cases }
    }

    /// The embedded suite, with or without the user's files, or these alone.
    pub(super) fn load(&self) -> Result<Suite, Failure> {
        if !self.only_cases.is_empty() {
            return own(&texts(&self.only_cases)?);
        }
        if self.cases.is_empty() {
            return load_embedded();
        }
        added(&texts(&self.cases)?)
    }

    /// Their paths, as they were given.
    pub(super) fn paths(&self) -> impl Iterator<Item = PathBuf> {
        self.only_cases.iter().chain(&self.cases).cloned()
    }

    /// What a run tells of them.
    pub(super) fn words(&self) -> impl Iterator<Item = String> {
        let only = self.only_cases.iter().map(|path| format!("only the cases of {}", path.display()));
        only.chain(self.cases.iter().map(|path| format!("with the cases of {}", path.display())))
    }
}

/// The texts of the user's files, of which one at least has cases.
fn texts(paths: &[PathBuf]) -> Result<Vec<(String, String)>, Failure> {
    let (texts, unreadable) = read_all(paths);
    if !unreadable.is_empty() {
        return Err(Failure::Problems(unreadable, texts));
    }
    let is_given = |name: &str| paths.iter().any(|path| files::shown(path) == name);
    let target = texts.iter().find(|(name, text)| is_given(name) && file_kind::of(name, text) == FileKind::Target);
    if let Some((name, _)) = target {
        let message = format!("`{name}` is a target file, and case files are due; give it with --target {name}");
        return Err(Failure::Usage(message));
    }
    if !texts.iter().any(|(name, _)| is_cases(name)) {
        return Err(Failure::Usage(format!("no case files (`*.yaml`) in {}", listed(paths))));
    }
    Ok(texts)
}

/// The embedded suite and the user's files: cases, and requirements and payload schemas for them.
fn added(texts: &[(String, String)]) -> Result<Suite, Failure> {
    let mut files = embedded_files();
    files.extend_from_slice(texts);
    suite::load_part(&files).map_err(|problems| Failure::Problems(problems, files))
}

/// The suite of files that are to be checked: one of its own, or an addition to the embedded one.
pub(super) fn own_or_added(files: &[(String, String)]) -> Result<Suite, Failure> {
    own(files).or_else(|failure| {
        let count = |failure: &Failure| match failure {
            Failure::Problems(problems, _) => problems.len(),
            _ => usize::MAX,
        };
        let mut own = match added(files) {
            Ok(own) => own,
            // Whether they are meant to be a suite or an addition is not known: what they nearly are.
            Err(other) => return Err(if count(&failure) < count(&other) { failure } else { other }),
        };
        let of_files = |case: &Source| files.iter().any(|(name, _)| *name == case.file);
        own.cases.retain(|case| of_files(&case.source));
        own.invariants.retain(|invariant| of_files(&invariant.source));
        if own.cases.is_empty() && own.invariants.is_empty() { Err(failure) } else { Ok(own) }
    })
}

/// The suite of the user's files. Where they bring no requirements, or no payload schemas, of their own, these are the
/// embedded ones, of which they need not judge all.
pub(super) fn own(texts: &[(String, String)]) -> Result<Suite, Failure> {
    let has_requirements = texts.iter().any(|(name, _)| is_requirements(name));
    let has_schemas = texts.iter().any(|(name, _)| is_schema(name));
    let mut files = texts.to_vec();
    files.extend(
        embedded_files()
            .into_iter()
            .filter(|(name, _)| (is_requirements(name) && !has_requirements) || (is_schema(name) && !has_schemas)),
    );
    let loaded = if has_requirements { suite::load_own(&files) } else { suite::load_part(&files) };
    loaded.map_err(|problems| Failure::Problems(problems, files))
}

/// The text of all case files and payload schemas below these paths, and what cannot be read.
pub(super) fn read_all(paths: &[PathBuf]) -> (Vec<(String, String)>, Vec<Problem>) {
    let (mut texts, mut problems) = (Vec::new(), Vec::new());
    for path in paths {
        match files::below(path) {
            Ok(files) => {
                for file in files.iter().filter(|file| is_of_a_suite(file) || *file == path) {
                    match files::read_written(file) {
                        Ok(text) => texts.push((files::shown(file), text)),
                        Err(Failure::Problems(found, _)) => problems.extend(found),
                        Err(failure) => problems.push(unreadable(file, &failure)),
                    }
                }
            }
            Err(failure) => problems.push(unreadable(path, &failure)),
        }
    }
    (texts, problems)
}

fn unreadable(path: &Path, failure: &Failure) -> Problem {
    let source = Source { file: files::shown(path), line: 1, column: 1 };
    Problem { source, message: format!("this cannot be read: {}", failure.cause()), help: None }
}

/// Paths as a sentence names them.
pub(super) fn listed(paths: &[PathBuf]) -> String {
    let names: Vec<String> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
    names.join(", ")
}

/// Path and text of all files of the embedded suite.
pub(super) fn embedded_files() -> Vec<(String, String)> {
    EMBEDDED.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

fn is_cases(name: &str) -> bool {
    !is_requirements(name) && !is_schema(name)
}

fn is_requirements(name: &str) -> bool {
    Path::new(name).file_name().is_some_and(|file| file == "requirements.yaml")
}

fn is_schema(name: &str) -> bool {
    name.ends_with(".schema.json")
}

pub(super) fn is_of_a_suite(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
        || is_schema(&path.to_string_lossy())
}
