//! `exchanges.har`, written while a run goes on: no exchange is kept in memory.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use tempfile::NamedTempFile;

use crate::record::{Archive, StoredExchange, TargetIdentity, Tool};
use crate::report::har;

use super::{Failure, files};

/// The size at which no further exchange is taken: a hostile target must not fill a disk.
const LARGEST: u64 = 512 * 1024 * 1024;

/// What the file is called while it is written: what a killed run leaves, the next one writes over.
const UNFINISHED: &str = "exchanges.har.part";

/// A file of exchanges in the making. Until it is finished it has another name, and goes when it is dropped.
pub(super) struct HarFile {
    run_started: DateTime<Utc>,
    state: Mutex<State>,
}

struct State {
    file: Option<Counted>,
    entries: usize,
    left_out: usize,
    /// The first write that failed; the run goes on, and this is said at its end.
    broken: Option<std::io::Error>,
}

/// A file, and how many bytes were written to it.
struct Counted {
    file: BufWriter<NamedTempFile>,
    bytes: u64,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

impl HarFile {
    pub(super) fn begin(
        folder: &Path,
        tool: &Tool,
        target: &TargetIdentity,
        run_started: DateTime<Utc>,
    ) -> Result<Self, Failure> {
        let failed = |error| Failure::File(folder.join(har::FILE_NAME), error);
        let file = BufWriter::new(files::unfinished_as(&folder.join(UNFINISHED)).map_err(failed)?);
        let mut file = Counted { file, bytes: 0 };
        file.write_all(har::opening(tool, target).as_bytes()).map_err(failed)?;
        let state = State { file: Some(file), entries: 0, left_out: 0, broken: None };
        Ok(Self { run_started, state: Mutex::new(state) })
    }

    /// Gives the file its name.
    pub(super) fn finish(&self, folder: &Path) -> Result<(), Failure> {
        let path = folder.join(har::FILE_NAME);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = state.broken.take() {
            return Err(Failure::File(path, error));
        }
        let left_out = state.left_out;
        let Some(mut file) = state.file.take() else { return Ok(()) };
        let written = file.write_all(har::closing(left_out).as_bytes());
        let whole = written.and_then(|()| file.file.into_inner().map_err(std::io::IntoInnerError::into_error));
        let named = whole.and_then(|file| file.persist(&path).map_err(|error| error.error));
        named.map(drop).map_err(|error| Failure::File(path, error))
    }

    /// Takes the file away: the run was ended before its end, and its tasks may outlive this call.
    pub(super) fn discard(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).file = None;
    }
}

impl Archive for HarFile {
    fn take(&self, case: &str, exchange: StoredExchange) {
        let entry = har::entry(case, exchange, self.run_started);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.take(&entry);
    }
}

impl State {
    fn take(&mut self, entry: &serde_json::Value) {
        let Some(file) = &mut self.file else { return };
        if file.bytes >= LARGEST {
            self.left_out += 1;
            return;
        }
        let separator = if self.entries == 0 { "" } else { har::SEPARATOR };
        // Written as it is made: as a text it would take its memory once more.
        let written = file.write_all(separator.as_bytes()).and_then(|()| Ok(serde_json::to_writer(file, entry)?));
        self.entries += 1;
        if let Err(error) = written {
            self.broken.get_or_insert(error);
        }
    }
}
