//! Files: read with a limit, written whole or not at all.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::yaml;

use super::Failure;

/// The largest file that is read.
pub(super) const LARGEST: u64 = 512 * 1024 * 1024;
/// The largest one that a person wrote; the formats allow less, and say so.
const LARGEST_WRITTEN: u64 = 8 * 1024 * 1024;

/// The text of a file.
pub(super) fn read(path: &Path) -> Result<String, Failure> {
    read_at_most(path, LARGEST)
}

/// The text of a file of at most `limit` bytes.
pub(super) fn read_at_most(path: &Path, limit: u64) -> Result<String, Failure> {
    String::from_utf8(read_bytes(path, limit)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let message = format!("byte {at} is not UTF-8");
        Failure::File(path.to_owned(), io::Error::new(io::ErrorKind::InvalidData, message))
    })
}

/// Opens a file to read it. A FIFO, device or socket is refused by name: it could hold the program for ever.
pub(super) fn open(path: &Path) -> io::Result<File> {
    // Asked before, because opening a device may do something; asked again, because the file may be another one by then.
    ensure_file(&std::fs::metadata(path)?)?;
    let mut options = File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    let file = options.read(true).open(path)?;
    ensure_file(&file.metadata()?)?;
    Ok(file)
}

/// Opens a file of our own, to read it and to add to it. A symbolic link is not followed.
pub(super) fn open_own(path: &Path) -> io::Result<File> {
    ensure_own(path)?;
    let mut options = File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK | libc::O_NOFOLLOW);
    let file = options.read(true).append(true).open(path)?;
    ensure_file(&file.metadata()?)?;
    Ok(file)
}

/// Refuses a place for a file of our own where something else is: a symbolic link, a FIFO, a device, a socket.
fn ensure_own(path: &Path) -> io::Result<()> {
    let there = std::fs::symlink_metadata(path)?;
    if there.is_symlink() {
        return Err(refused("a symbolic link"));
    }
    ensure_file(&there)
}

/// Refuses what is neither a file nor a folder, by its name.
fn ensure_file(metadata: &std::fs::Metadata) -> io::Result<()> {
    special(metadata.file_type()).map_or(Ok(()), |name| Err(refused(name)))
}

fn refused(name: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, format!("this is {name}, and not a regular file"))
}

#[cfg(unix)]
fn special(kind: std::fs::FileType) -> Option<&'static str> {
    use std::os::unix::fs::FileTypeExt as _;
    let kinds = [
        (kind.is_fifo(), "a FIFO"),
        (kind.is_socket(), "a socket"),
        (kind.is_char_device(), "a character device"),
        (kind.is_block_device(), "a block device"),
    ];
    kinds.into_iter().find(|(is_one, _)| *is_one).map(|(_, name)| name)
}

#[cfg(not(unix))]
fn special(_: std::fs::FileType) -> Option<&'static str> {
    None
}

/// The bytes of a file, as many as are read of any.
pub(super) fn reader(path: &Path) -> io::Result<io::Take<File>> {
    Ok(open(path)?.take(LARGEST))
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
    let mut bytes = Vec::new();
    read_into(path, limit, &mut bytes)?;
    Ok(bytes)
}

fn read_into(path: &Path, limit: u64, bytes: &mut Vec<u8>) -> Result<(), Failure> {
    let failed = |error| Failure::File(path.to_owned(), error);
    let file = open(path).map_err(failed)?;
    file.take(limit + 1).read_to_end(bytes).map_err(failed)?;
    if bytes.len() as u64 > limit {
        let message = format!("larger than the {limit} bytes that such a file may have");
        return Err(failed(io::Error::new(io::ErrorKind::FileTooLarge, message)));
    }
    Ok(())
}

/// The bytes of a file with a secret, which are wiped when they are dropped, and stand nowhere else.
pub(super) fn read_secret(path: &Path, limit: u64) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(room_for(limit)));
    read_into(path, limit, &mut bytes)?;
    Ok(bytes)
}

/// Room for `limit` bytes and whatever is read to see that there are no more: a buffer that grows leaves copies.
pub(super) fn room_for(limit: u64) -> usize {
    const PROBE: usize = 64;
    usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(PROBE)
}

/// Whether every user of the machine may read a file.
#[cfg(unix)]
pub(super) fn is_world_readable(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.mode() & 0o004 != 0)
}

/// Whether every user of the machine may read a file: not known here.
#[cfg(not(unix))]
pub(super) fn is_world_readable(_: &Path) -> bool {
    false
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
        return Err(failed(io::ErrorKind::NotADirectory.into()));
    }
    tempfile::NamedTempFile::new_in(there).map(drop).map_err(failed)
}

/// Makes sure that a file could be written into its folder.
pub(super) fn ensure_could_write_file(path: &Path) -> Result<(), Failure> {
    let folder = folder_of(path);
    let failed = |error| Failure::File(path.to_owned(), error);
    ensure_replaceable(path).map_err(failed)?;
    if !folder.is_dir() {
        let message = format!("there is no folder {}", folder.display());
        return Err(failed(io::Error::new(io::ErrorKind::NotFound, message)));
    }
    tempfile::NamedTempFile::new_in(folder).map(drop).map_err(failed)
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Files kept open, so that as many can be opened later where the system allows few.
pub(super) struct Spare {
    _files: [io::Result<File>; 3],
}

impl Spare {
    /// Opens the folder so often.
    pub(super) fn take(folder: &Path) -> Self {
        Self { _files: std::array::from_fn(|_| File::open(folder)) }
    }
}

/// Writes a file so that it is there whole or not at all.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    write_as(path, text, readable())
}

/// A file in the making, in the folder that it is for; it goes when it is dropped.
pub(super) fn unfinished(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new().permissions(readable()).tempfile_in(folder)
}

/// A file in the making, in the folder that it is for, to which lines are added.
pub(super) fn unfinished_for_adding(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new().permissions(readable()).append(true).tempfile_in(folder)
}

/// Gives a file of our own another name, which no file has so far: `STEM.EXTENSION` or `STEM-N.EXTENSION`.
pub(super) fn put_aside(path: &Path, stem: &str, extension: &str) -> io::Result<PathBuf> {
    let mut aside = path.with_file_name(format!("{stem}.{extension}"));
    for number in 2_usize.. {
        match std::fs::symlink_metadata(&aside) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => break,
            Err(error) => return Err(error),
            Ok(_) => aside = path.with_file_name(format!("{stem}-{number}.{extension}")),
        }
    }
    std::fs::rename(path, &aside)?;
    Ok(aside)
}

/// Whether an open file is the one of this name, and was not replaced.
#[cfg(unix)]
pub(super) fn is_still(path: &Path, file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let of = |metadata: std::fs::Metadata| (metadata.dev(), metadata.ino());
    match std::fs::symlink_metadata(path) {
        Ok(named) => Ok(of(named) == of(file.metadata()?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
pub(super) fn is_still(_: &Path, _: &File) -> io::Result<bool> {
    // An open file cannot be replaced here.
    Ok(true)
}

/// A file in the making under a name of its own: one that a killed program left there is replaced.
pub(super) fn unfinished_as(path: &Path) -> io::Result<tempfile::NamedTempFile> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let name = path.file_name().unwrap_or_default();
    match ensure_own(path).and_then(|()| std::fs::remove_file(path)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    tempfile::Builder::new().prefix(name).rand_bytes(0).make_in(folder, |path| File::create_new(path))
}

/// Writes a file that must not be there yet, whole or not at all.
pub(super) fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error| Failure::File(path.to_owned(), error);
    let mut file = unfinished(folder_of(path)).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.persist_noclobber(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Makes the folder that a file is to be in.
pub(super) fn make_folder_of(path: &Path) -> Result<(), Failure> {
    let folder = folder_of(path);
    std::fs::create_dir_all(folder).map_err(|error| Failure::File(folder.to_owned(), error))
}

/// Writes a file that only its owner can read.
pub(super) fn write_secret(path: &Path, text: &str) -> Result<(), Failure> {
    write_as(path, text, private())
}

fn write_as(path: &Path, text: &str, permissions: std::fs::Permissions) -> Result<(), Failure> {
    let failed = |error| Failure::File(path.to_owned(), error);
    let folder = folder_of(path);
    ensure_replaceable(path).map_err(failed)?;
    let mut file = tempfile::Builder::new().permissions(permissions).tempfile_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Refuses to put a file in the place of a FIFO, device or socket, or of a link to one (`/dev/stdout`).
fn ensure_replaceable(path: &Path) -> io::Result<()> {
    match std::fs::metadata(path) {
        Ok(there) => ensure_file(&there),
        // Nothing is there, or a link that leads nowhere.
        Err(_) => Ok(()),
    }
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
