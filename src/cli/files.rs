//! Files: read with a limit, written whole or not at all.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::yaml;

use super::Failure;

/// The largest file that is read.
const LARGEST: u64 = 512 * 1024 * 1024;
/// The largest one that a person wrote; the formats allow less, and say so.
const LARGEST_WRITTEN: u64 = 8 * 1024 * 1024;

/// The text of a file.
pub(super) fn read(path: &Path) -> Result<String, Failure> {
    String::from_utf8(read_bytes(path, LARGEST)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let message = format!("byte {at} is not UTF-8");
        Failure::File(path.to_owned(), std::io::Error::new(std::io::ErrorKind::InvalidData, message))
    })
}

/// The bytes of a file, as many as are read of any.
pub(super) fn reader(path: &Path) -> std::io::Result<std::io::Take<std::fs::File>> {
    Ok(std::fs::File::open(path)?.take(LARGEST))
}

/// The text of a file that a person wrote, or what is wrong with it, with the place.
pub(super) fn read_written(path: &Path) -> Result<String, Failure> {
    yaml::text(&shown(path), &read_bytes(path, LARGEST_WRITTEN)?)
        .map_err(|problem| Failure::Problems(vec![problem], Vec::new()))
}

/// A path as problems show it.
pub(super) fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The bytes of a file of at most `limit` bytes.
pub(super) fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let failed = |error| Failure::File(path.to_owned(), error);
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(limit + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > limit {
        let message = format!("larger than the {limit} bytes that such a file may have");
        return Err(failed(std::io::Error::new(std::io::ErrorKind::FileTooLarge, message)));
    }
    Ok(bytes)
}

/// Makes sure that files can be written into a folder, before any work is done.
pub(super) fn ensure_writable(folder: &Path) -> Result<(), Failure> {
    let failed = |error| Failure::File(folder.to_owned(), error);
    std::fs::create_dir_all(folder).map_err(failed)?;
    tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    Ok(())
}

/// Makes sure that files could be written into a folder, or that it could be made; leaves nothing behind.
pub(super) fn ensure_could_write(folder: &Path) -> Result<(), Failure> {
    let failed = |error| Failure::File(folder.to_owned(), error);
    let there = folder.ancestors().find(|it| it.exists()).unwrap_or(Path::new("."));
    if !there.is_dir() {
        return Err(failed(std::io::ErrorKind::NotADirectory.into()));
    }
    tempfile::NamedTempFile::new_in(there).map(drop).map_err(failed)
}

/// Makes sure that a file could be written that is not there so far.
pub(super) fn ensure_could_write_new(path: &Path) -> Result<(), Failure> {
    ensure_new(path)?;
    ensure_could_write_file(path)
}

/// Makes sure that a file could be written into its folder.
pub(super) fn ensure_could_write_file(path: &Path) -> Result<(), Failure> {
    let folder = folder_of(path);
    let failed = |error| Failure::File(path.to_owned(), error);
    if !folder.is_dir() {
        let message = format!("there is no folder {}", folder.display());
        return Err(failed(std::io::Error::new(std::io::ErrorKind::NotFound, message)));
    }
    tempfile::NamedTempFile::new_in(folder).map(drop).map_err(failed)
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes a file so that it is there whole or not at all.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    write_as(path, text, readable())
}

/// A file in the making, in the folder that it is for; it goes when it is dropped.
pub(super) fn unfinished(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new().permissions(readable()).tempfile_in(folder)
}

/// A file in the making under a name of its own: one that a killed program left there is written over.
pub(super) fn unfinished_as(path: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let name = path.file_name().unwrap_or_default();
    tempfile::Builder::new().prefix(name).rand_bytes(0).make_in(folder, |path| std::fs::File::create(path))
}

/// Writes a file that is not there so far.
pub(super) fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    ensure_new(path)?;
    write(path, text)
}

/// Refuses a file that is there already.
fn ensure_new(path: &Path) -> Result<(), Failure> {
    if !path.exists() {
        return Ok(());
    }
    let error = std::io::Error::new(std::io::ErrorKind::AlreadyExists, "the file is there already and is not replaced");
    Err(Failure::File(path.to_owned(), error))
}

/// Writes a file that only its owner can read.
pub(super) fn write_secret(path: &Path, text: &str) -> Result<(), Failure> {
    write_as(path, text, private())
}

fn write_as(path: &Path, text: &str, permissions: std::fs::Permissions) -> Result<(), Failure> {
    let failed = |error| Failure::File(path.to_owned(), error);
    let folder = folder_of(path);
    let mut file = tempfile::Builder::new().permissions(permissions).tempfile_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Reports are for everybody, unlike other temporary files; the umask still applies.
#[cfg(unix)]
fn readable() -> std::fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o644)
}

#[cfg(unix)]
fn private() -> std::fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o600)
}

/// All files below a folder, or the file itself, sorted. Links to folders are not followed: they may lead in circles.
pub(super) fn below(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let failed = |error| Failure::File(path.to_owned(), error);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_type().map_err(failed)?.is_dir() {
            files.extend(below(&entry.path())?);
        } else if entry.path().is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}
