//! The journal of a run as a file: every line is written whole when it is told, and what may be left behind at a target
//! is on the disk before the request goes out.

use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::record::{Journal, Line};
use crate::run::Diary;

use super::output::Output;
use super::{Failure, files};

/// The file of a run that goes on, or that ended last.
pub(super) const FILE_NAME: &str = "journal.jsonl";
/// How much time of results a machine that loses its power may lose.
const SYNC: Duration = Duration::from_secs(1);

/// A journal that is written.
pub(super) struct JournalFile {
    writing: Mutex<Writing>,
}

struct Writing {
    file: File,
    synced: Instant,
    failed: Option<String>,
}

impl JournalFile {
    /// Begins the journal of a run. One that is there is replaced, unless the target may still hold what it tells of.
    /// What is there and is not a journal is put aside as it is.
    pub(super) fn begin(folder: &Path, output: &Output) -> Result<Self, Failure> {
        let path = folder.join(FILE_NAME);
        let failed = |error| Failure::File(path.clone(), error);
        loop {
            let fresh = files::unfinished_for_adding(folder).map_err(failed)?;
            lock(fresh.as_file(), &path)?;
            match files::open_own(&path) {
                // Whoever began at the same moment may have been faster.
                Err(error) if error.kind() == ErrorKind::NotFound => match fresh.persist_noclobber(&path) {
                    Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {}
                    begun => return begun.map(Self::new).map_err(|error| failed(error.error)),
                },
                Err(error) => return Err(failed(error)),
                Ok(old) => {
                    lock(&old, &path)?;
                    if !files::is_still(&path, &old).map_err(failed)? {
                        continue;
                    }
                    match aside(&path)? {
                        None => return fresh.persist(&path).map(Self::new).map_err(|error| failed(error.error)),
                        Some(aside) => output.tell(&aside),
                    }
                }
            }
        }
    }

    /// Goes on with a journal that is there.
    pub(super) fn go_on(path: &Path) -> Result<Self, Failure> {
        let failed = |error| Failure::File(path.to_owned(), error);
        let file = files::open_own(path).map_err(failed)?;
        lock(&file, path)?;
        // A line that was cut short would swallow the next one.
        let text = files::read(path)?;
        let whole = text.rfind('\n').map_or(0, |at| at + 1);
        file.set_len(whole as u64).map_err(failed)?;
        Ok(Self::new(file))
    }

    fn new(file: File) -> Self {
        Self { writing: Mutex::new(Writing { file, synced: Instant::now(), failed: None }) }
    }

    /// Tells that a line could not be written, if there is such a line.
    pub(super) fn complain_of_loss(&self, output: &Output) {
        if let Some(error) = &self.lock().failed {
            output.tell(&format!("note: the journal is not complete: {error}"));
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Writing> {
        self.writing.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Diary for JournalFile {
    fn write(&self, line: &Line<'_>) -> Result<(), String> {
        let text = line.written().map_err(|error| error.to_string())?;
        let mut writing = self.lock();
        let at_once = match line {
            Line::Creating(_) | Line::Ended { .. } => true,
            Line::Begun(_) | Line::Result(_) | Line::Settled { .. } => writing.synced.elapsed() >= SYNC,
        };
        let mut written = writing.file.write_all(text.as_bytes());
        if at_once && written.is_ok() {
            written = writing.file.sync_data();
            writing.synced = Instant::now();
        }
        written.map_err(|error| {
            let error = error.to_string();
            writing.failed.get_or_insert_with(|| error.clone());
            error
        })
    }
}

/// Whether another run writes the journal of a folder.
pub(super) fn is_busy(folder: &Path) -> bool {
    let journal = files::open_own(&folder.join(FILE_NAME));
    journal.is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

/// What is told of a run that ended without reports.
pub(super) fn cut_short(folder: &Path) -> String {
    let path = folder.join(FILE_NAME);
    format!("what was judged stands in {}; `atlaspec cleanup` deletes what may be left at the target", path.display())
}

/// What is told where reports could not be written.
pub(super) fn reports_can_be_made(folder: &Path) -> String {
    let path = folder.join(FILE_NAME);
    let path = path.display();
    format!("note: what was judged stands in {path}; `atlaspec report {path} --reports DIR` writes the reports")
}

/// Refuses a journal that another process writes. Where files cannot be locked, nobody is kept out.
fn lock(file: &File, path: &Path) -> Result<(), Failure> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            Err(Failure::Usage(format!("{}: another run is writing this journal", path.display())))
        }
        Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
    }
}

/// Puts aside what must not be replaced: a journal that tells of something that may still be there, and whatever is not
/// a journal. Returns what to tell of it.
fn aside(path: &Path) -> Result<Option<String>, Failure> {
    let bytes = files::read_bytes(path, files::LARGEST)?;
    let text = String::from_utf8_lossy(&bytes);
    let (name, note) = match Journal::from_text(&text) {
        Ok(journal) if journal.left().is_empty() => return Ok(None),
        Ok(journal) => {
            let note = "an earlier run was killed and may have left something at its target: its journal is kept as FILE; \
                        `atlaspec cleanup` deletes what it left";
            (format!("journal-{}", plain(&journal.begun().name)), note)
        }
        // Nothing was sent before the first line was written.
        Err(_) if text.is_empty() || (Journal::is_one(&text) && !text.contains('\n')) => return Ok(None),
        Err(_) if Journal::is_one(&text) => {
            ("journal-unreadable".to_owned(), "an earlier journal cannot be read; it is kept as FILE")
        }
        Err(_) => ("not-a-journal".to_owned(), "what was there is not a journal; it is kept as FILE"),
    };
    let kept = files::put_aside(path, &name, "jsonl").map_err(|error| Failure::File(path.to_owned(), error))?;
    Ok(Some(format!("note: {}", note.replace("FILE", &kept.display().to_string()))))
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).take(32).collect()
}

/// All journals of a folder, sorted.
pub(super) fn all(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error| Failure::File(folder.to_owned(), error);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name == FILE_NAME || (name.starts_with("journal-") && name.ends_with(".jsonl")) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The journal of a file.
pub(super) fn read(path: &Path) -> Result<Journal, Failure> {
    of_text(path, &files::read(path)?)
}

/// The journal of the text of a file.
pub(super) fn of_text(path: &Path, text: &str) -> Result<Journal, Failure> {
    Journal::from_text(text).map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))
}
