//! The journal of a run as a file: every line is written whole when it is told, and what may be left behind at a target
//! is on the disk before the request goes out.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write as _;
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
    pub(super) fn begin(folder: &Path, output: &Output) -> Result<Self, Failure> {
        let path = folder.join(FILE_NAME);
        let failed = |error| Failure::File(path.clone(), error);
        let file = open(&path).map_err(failed)?;
        lock(&file, &path)?;
        if let Some(kept) = keep(&path)? {
            output.tell(&format!(
                "note: an earlier run was killed and may have left something at its target: its journal is kept as {}; \
                 `atlaspec sweep` deletes what it left",
                kept.display()
            ));
            let file = open(&path).map_err(failed)?;
            lock(&file, &path)?;
            return Ok(Self::new(file));
        }
        file.set_len(0).map_err(failed)?;
        Ok(Self::new(file))
    }

    /// Goes on with a journal that is there.
    pub(super) fn go_on(path: &Path) -> Result<Self, Failure> {
        let failed = |error| Failure::File(path.to_owned(), error);
        let file = open(path).map_err(failed)?;
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

/// What is told of a run that ended without reports.
pub(super) fn cut_short(folder: &Path) -> String {
    let path = folder.join(FILE_NAME);
    format!("what was judged stands in {}; `atlaspec sweep` deletes what may be left at the target", path.display())
}

fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().create(true).append(true).read(true).open(path)
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

/// Puts a journal aside that tells of something that may still be there; returns its new name.
fn keep(path: &Path) -> Result<Option<PathBuf>, Failure> {
    let text = files::read(path)?;
    let kept = match Journal::from_text(&text) {
        Ok(journal) if journal.left().is_empty() => return Ok(None),
        Ok(journal) => format!("journal-{}.jsonl", plain(&journal.begun().name)),
        // Nothing was sent before the first line was written.
        Err(_) if !text.contains('\n') => return Ok(None),
        Err(_) => format!("journal-unreadable-{}.jsonl", std::process::id()),
    };
    let kept = path.with_file_name(kept);
    std::fs::rename(path, &kept).map_err(|error| Failure::File(path.to_owned(), error))?;
    Ok(Some(kept))
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
