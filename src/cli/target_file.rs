//! Reads a target file, with the keys and authorities that it names.

use std::path::Path;

use crate::target::{self, Target};

use super::{Failure, files, keys};

/// The target of a file; paths in it are relative to its folder.
pub fn load(path: &Path) -> Result<Target, Failure> {
    let text = files::read_written(path)?;
    let name = files::shown(path);
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut fetch = |source: &target::KeySource| keys::fetch(source, folder);
    let mut authorities = |file: &str| {
        files::read(&folder.join(file)).map_err(|failure| format!("`{file}` cannot be read: {}", failure.cause()))
    };
    target::load(&name, &text, &mut fetch, &mut authorities)
        .map_err(|problems| Failure::Problems(problems, vec![(name.clone(), text.clone())]))
}
