//! The suite of a command: the embedded one, or the user's files.

use std::path::{Path, PathBuf};

use crate::suite::{self, Suite};
use crate::yaml::Problem;

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

/// The embedded suite, or that of these folders and files.
pub(super) fn load(cases: &[PathBuf]) -> Result<Suite, Failure> {
    if cases.is_empty() {
        return embedded().map_err(|problems| Failure::Problems(problems, embedded_files()));
    }
    let files = with_embedded_base(read_all(cases)?);
    suite::load(&files).map_err(|problems| Failure::Problems(problems, files.clone()))
}

/// The user's files, with the embedded requirements and payload schemas where they bring none of their own.
pub(super) fn with_embedded_base(mut files: Vec<(String, String)>) -> Vec<(String, String)> {
    let own_requirements = files.iter().any(|(name, _)| is_requirements(name));
    let own_schemas = files.iter().any(|(name, _)| is_schema(name));
    for (name, text) in embedded_files() {
        if (is_requirements(&name) && !own_requirements) || (is_schema(&name) && !own_schemas) {
            files.push((name, text));
        }
    }
    files
}

/// The text of all case files and payload schemas below these paths.
pub(super) fn read_all(paths: &[PathBuf]) -> Result<Vec<(String, String)>, Failure> {
    let mut texts = Vec::new();
    for path in paths {
        for file in files::below(path)? {
            if is_of_a_suite(&file) || file == *path {
                texts.push((shown(&file), files::read(&file)?));
            }
        }
    }
    Ok(texts)
}

/// Path and text of all files of the embedded suite.
pub(super) fn embedded_files() -> Vec<(String, String)> {
    EMBEDDED.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

fn is_requirements(name: &str) -> bool {
    Path::new(name).file_name().is_some_and(|file| file == "requirements.yaml")
}

fn is_schema(name: &str) -> bool {
    name.ends_with(".schema.json")
}

fn is_of_a_suite(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
        || is_schema(&path.to_string_lossy())
}

/// A path as problems show it.
fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
