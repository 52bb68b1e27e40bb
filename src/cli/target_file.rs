//! Reads a target file, with all that it is joined from, and with the keys and authorities that it names.

use std::path::{Path, PathBuf};

use clap::Args;
use secrecy::SecretString;

use crate::target::{self, Broken, Document, KeySource, Part, Target, Unreadable, Written};
use crate::yaml::Problem;

use super::file_kind::{self, FileKind};
use super::output::Output;
use super::{Failure, files, keys};

/// What is laid over a target file.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct LayersArgs {
    /// Lay this file over the target file: objects are joined, other values replaced, `null` removes (repeatable)
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    /// Set a value of the target file: a dotted key and a value in YAML (`limits.rate=50`; repeatable)
    #[arg(long, value_name = "KEY=VALUE", value_delimiter = '\n')]
    set: Vec<String>,
}

impl LayersArgs {
    /// The document of a target file under these layers.
    pub(super) fn document(&self, path: &Path) -> Result<Document, Failure> {
        self.joined(path)?.map_err(|broken| Failure::Problems(broken.problems, texts(&broken.parts)))
    }

    /// The same, or why the files cannot be joined.
    fn joined(&self, path: &Path) -> Result<Result<Document, Broken>, Failure> {
        let paths = std::iter::once(path).chain(self.overlay.iter().map(PathBuf::as_path));
        let written = |path: &Path| {
            let text = files::read_written(path).map_err(|failure| of_folder(path).unwrap_or(failure))?;
            ensure_target_file(path, &text)?;
            Ok((path.to_owned(), Written { place: place(path), text }))
        };
        let written = paths.map(written).collect::<Result<Vec<_>, Failure>>()?;
        Ok(target::join(written, &self.set, &mut base))
    }

    /// The file, and those that it is joined from, as far as they are known.
    pub(super) fn all_files(&self, path: &Path) -> Vec<PathBuf> {
        let named = std::iter::once(path.to_owned()).chain(self.overlay.iter().cloned());
        let (parts, unread) = match self.joined(path) {
            Ok(Ok(document)) => (document.parts().to_vec(), Vec::new()),
            Ok(Err(broken)) => (broken.parts, broken.unread),
            Err(_) => (Vec::new(), Vec::new()),
        };
        // A setting is not a file: it has no folder and no file name.
        let parts = parts.into_iter().map(|part| part.name).filter(|name| !name.starts_with("--set "));
        let mut files: Vec<PathBuf> = Vec::new();
        for file in named.chain(parts.map(PathBuf::from)).chain(unread) {
            if !files.contains(&file) {
                files.push(file);
            }
        }
        files
    }

    /// The target of a file under these layers; warns of keys in files that everybody can read.
    pub(super) fn load_and_warn(&self, path: &Path, output: &Output) -> Result<Target, Failure> {
        read(&self.document(path)?, &mut |folder, source| keys::fetch_and_warn(source, folder, output))
    }

    /// The target of a file to which nothing is going to be sent: no key is fetched.
    pub(super) fn load_without_keys(&self, path: &Path) -> Result<Target, Failure> {
        without_keys(&self.document(path)?)
    }

    /// The name of the target that a file describes, if that much of it can be read.
    pub(super) fn name(&self, path: &Path) -> Option<String> {
        Some(self.document(path).ok()?.name()?.to_owned())
    }
}

/// The target of a file; paths in it are relative to its folder.
pub fn load(path: &Path) -> Result<Target, Failure> {
    read(&LayersArgs::default().document(path)?, &mut |folder, source| keys::fetch(source, folder))
}

/// The target of a document to which nothing is going to be sent: whether a key can be fetched is a matter of the
/// machine that runs, not of the file.
pub(super) fn without_keys(document: &Document) -> Result<Target, Failure> {
    read(document, &mut |_, _| Ok(SecretString::from("unread")))
}

fn read(
    document: &Document,
    fetch: &mut dyn FnMut(&Path, &KeySource) -> Result<SecretString, String>,
) -> Result<Target, Failure> {
    let mut authorities = |folder: &Path, file: &str| {
        files::read(&folder.join(file)).map_err(|failure| format!("`{file}` cannot be read: {}", failure.cause()))
    };
    target::load_document(document, fetch, &mut authorities)
        .map_err(|problems| Failure::Problems(problems, texts(document.parts())))
}

/// What is wrong with a folder where a target file is due: the target files in it are named.
fn of_folder(path: &Path) -> Option<Failure> {
    let entries = path.read_dir().ok()?;
    let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let is_target = |path: &PathBuf| {
        let is_yaml = path.extension().is_some_and(|it| it == "yaml" || it == "yml");
        let text = if is_yaml { files::read_written(path).ok() } else { None };
        text.is_some_and(|text| file_kind::of(&files::shown(path), &text) == FileKind::Target)
    };
    let mut names: Vec<String> = files.filter(is_target).map(|path| format!("`{}`", files::shown(&path))).collect();
    names.sort();
    names.truncate(3);
    let help = if names.is_empty() {
        "name a file: `atlaspec new target FILE` writes one".to_owned()
    } else {
        format!("name a file in it, as {}", names.join(" or "))
    };
    Some(Failure::Usage(format!("`{}` is a folder, and a target file is due; {help}", files::shown(path))))
}

/// Refuses a case file by its kind, instead of by each of its keys.
fn ensure_target_file(path: &Path, text: &str) -> Result<(), Failure> {
    if !file_kind::is_of_suite(text) {
        return Ok(());
    }
    let path = files::shown(path);
    Err(Failure::Usage(format!(
        "`{path}` is a case file, and a target file is due; give case files with --only-cases {path}"
    )))
}

/// The text of each part, to show lines of.
pub(super) fn texts(parts: &[Part]) -> Vec<(String, String)> {
    parts.iter().filter_map(|part| Some((part.name.clone(), part.text.clone()?))).collect()
}

/// Reads a file that another one extends.
fn base(path: &Path) -> Result<Written, Unreadable> {
    match files::read_written(path) {
        Ok(text) => Ok(Written { place: place(path), text }),
        Err(Failure::Problems(problems, _)) => Err(unreadable(problems)),
        Err(failure) => Err(Unreadable::File(failure.cause())),
    }
}

fn unreadable(problems: Vec<Problem>) -> Unreadable {
    problems.into_iter().next().map_or(Unreadable::File("it is not a text".to_owned()), Unreadable::Text)
}

/// Where a file is, whatever way its path was written.
fn place(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}
