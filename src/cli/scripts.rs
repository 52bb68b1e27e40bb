//! The folder of scripts that repeat failed tests, beside the reports.

use std::io::Read as _;
use std::path::Path;

use crate::record::Run;
use crate::report;

use super::{Failure, files};

/// Writes the scripts of a run, and takes away those of an earlier one. Other files stay.
pub(super) fn replace(run: &Run, folder: &Path) -> Result<(), Failure> {
    let folder = folder.join(report::SCRIPTS);
    let failed = |error| Failure::File(folder.clone(), error);
    match std::fs::symlink_metadata(&folder) {
        Ok(there) if !there.is_dir() => return Err(failed(std::io::ErrorKind::NotADirectory.into())),
        Ok(_) => remove_ours(&folder).map_err(failed)?,
        Err(_) => {}
    }
    let scripts = report::scripts(run);
    if scripts.is_empty() {
        // It stays where it holds something else.
        let _ = std::fs::remove_dir(&folder);
        return Ok(());
    }
    std::fs::create_dir_all(&folder).map_err(failed)?;
    let write = |script: &report::Script| files::write(&folder.join(&script.file_name), &script.text).err();
    Failure::unless_none(scripts.iter().filter_map(write).collect())
}

fn remove_ours(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() && is_ours(&entry.path()) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Whether a file begins as a script does.
fn is_ours(path: &Path) -> bool {
    let mut start = Vec::new();
    let length = u64::try_from(report::FIRST_LINES.len()).unwrap_or(u64::MAX);
    let read = files::open(path).and_then(|file| file.take(length).read_to_end(&mut start));
    read.is_ok() && start == report::FIRST_LINES.as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::sample;

    #[test]
    fn scripts_of_an_earlier_run_go_and_other_files_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        let scripts = folder.path().join(report::SCRIPTS);
        std::fs::create_dir(&scripts).expect("a folder");
        std::fs::write(scripts.join("old.sh"), format!("{}x.\n", report::FIRST_LINES)).expect("it can be written");
        std::fs::write(scripts.join("mine.sh"), "#!/bin/sh\n").expect("it can be written");
        let run = Run::from_results(sample::parts(Vec::new()));
        replace(&run, folder.path()).expect("it can be written");
        assert!(!scripts.join("old.sh").exists() && scripts.join("mine.sh").exists());
    }
}
