//! Lists of known failures: read for a run, and begun from one.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::clock::Clock;
use crate::known::{KnownFailures, first_list};
use crate::record::Run;

use super::output::Output;
use super::schemas::{self, FileFormat};
use super::{Failure, files};
use crate::report::{self, counted};

/// The list of a file, as it is to be read today.
pub(super) fn load(path: &Path) -> Result<KnownFailures, Failure> {
    let text = files::read_written(path)?;
    of_text(&files::shown(path), text)
}

/// The list of a text, as it is to be read today.
pub(super) fn of_text(name: &str, text: String) -> Result<KnownFailures, Failure> {
    let today = Clock::real().now().date_naive();
    KnownFailures::load(name, &text, today)
        .map_err(|problems| Failure::Problems(problems, vec![(name.to_owned(), text)]))
}

/// A first list of known failures.
#[derive(Debug, Args)]
pub(super) struct FirstListArgs {
    /// Write a first list of known failures: what is violated, by requirement and case
    #[arg(long, value_name = "FILE", conflicts_with = "known_failures")]
    write_known_failures: Option<PathBuf>,
    /// Replace the file of --write-known-failures
    #[arg(long, requires = "write_known_failures")]
    force: bool,
}

impl FirstListArgs {
    /// Makes sure that the list can be written. One that is there may hold reasons: only `--force` replaces it.
    pub(super) fn ensure_could_write(&self) -> Result<(), Failure> {
        let Some(path) = &self.write_known_failures else { return Ok(()) };
        if path.exists() && !self.force {
            let path = path.display();
            return Err(Failure::Usage(format!("{path}: the file is there already; --force replaces it")));
        }
        files::ensure_could_write_file(path)
    }

    /// Writes the list, if it is wanted, and tells what it lists.
    pub(super) fn write(&self, run: &Run, output: &Output) -> Result<(), Failure> {
        let Some(path) = &self.write_known_failures else { return Ok(()) };
        let list = first_list(run, &|result, finding| report::headline(result, finding, &run.target.base_url));
        let modeline = schemas::modeline(path, FileFormat::KnownFailures, output);
        files::write(path, &format!("{modeline}{}", list.text))?;
        let (entries, tests) = (counted(list.entries, "entry"), counted(list.tests, "failed test"));
        output.tell(&format!("wrote {}: {entries} for {tests}", path.display()));
        Ok(())
    }
}
