//! Reads a target file, with the keys and authorities that it names.

use std::path::Path;

use secrecy::SecretString;

use crate::target::{self, KeySource, Target};
use crate::yaml;

use super::output::Output;
use super::{Failure, files, keys};

/// The target of a file; paths in it are relative to its folder.
pub fn load(path: &Path) -> Result<Target, Failure> {
    let folder = folder_of(path);
    read(path, &mut |source| keys::fetch(source, folder))
}

/// The target of a file; warns of keys in files that everybody can read.
pub(super) fn load_and_warn(path: &Path, output: &Output) -> Result<Target, Failure> {
    let folder = folder_of(path);
    read(path, &mut |source| keys::fetch_and_warn(source, folder, output))
}

/// The target of a file to which nothing is going to be sent: no key is fetched.
pub(super) fn load_without_keys(path: &Path) -> Result<Target, Failure> {
    read(path, &mut |_| Ok(SecretString::from("unread")))
}

/// The name of the target that a file describes, if that much of it can be read.
pub(super) fn name(path: &Path) -> Option<String> {
    let text = files::read_written(path).ok()?;
    Some(yaml::parse(&files::shown(path), &text).ok()?.get("name")?.text()?.to_owned())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("."))
}

fn read(path: &Path, fetch: &mut dyn FnMut(&KeySource) -> Result<SecretString, String>) -> Result<Target, Failure> {
    let text = files::read_written(path)?;
    let name = files::shown(path);
    let folder = folder_of(path);
    let mut authorities = |file: &str| {
        files::read(&folder.join(file)).map_err(|failure| format!("`{file}` cannot be read: {}", failure.cause()))
    };
    target::load(&name, &text, fetch, &mut authorities)
        .map_err(|problems| Failure::Problems(problems, vec![(name.clone(), text.clone())]))
}
