//! `--watch`: does a command's work again whenever a file that it reads has changed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use notify::event::{CreateKind, EventKind, ModifyKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::timeout;

use super::interrupt::Interrupts;
use super::output::Output;
use super::runtime::block_on;
use super::suite::is_of_a_suite;
use super::{Failure, files};

/// The time without a change after which a change is over: editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(150);
/// The longest time that is waited for that.
const PATIENCE: Duration = Duration::from_secs(2);

/// How many changes wait to be looked at.
const MOST_CHANGES: usize = 64;

/// Does the work, and again after each change of its files, until the user ends it. `files` is asked before each turn,
/// because a file may name others.
pub(super) fn again_and_again(
    output: &Output,
    files: &dyn Fn() -> Vec<PathBuf>,
    work: &mut dyn FnMut() -> Result<ExitCode, Failure>,
) -> Result<ExitCode, Failure> {
    let mut interrupts = Interrupts::receive()?;
    loop {
        let files = files();
        // Begun before the work, so that a change during it counts.
        let mut watching = Watching::begin(&files)?;
        output.clear();
        match work() {
            Err(failure) if failure.is_reader_gone() => return Err(failure),
            Err(failure) => {
                let _ = failure.report(output);
            }
            Ok(_) => {}
        }
        if interrupts.has_come() {
            return Ok(ExitCode::SUCCESS);
        }
        output.complain(&format!("watching {}: a change starts it again, Ctrl-C ends it", listed(&files)));
        let is_over = block_on(async {
            tokio::select! {
                () = watching.change() => Ok(false),
                () = interrupts.next() => Ok(true),
            }
        })?;
        if is_over {
            return Ok(ExitCode::SUCCESS);
        }
    }
}

fn listed(files: &[PathBuf]) -> String {
    let names: Vec<String> = files.iter().take(3).map(|path| path.display().to_string()).collect();
    let more = files.len().saturating_sub(names.len());
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{}{more}", names.join(", "))
}

/// Files and folders of which changes are seen.
struct Watching {
    changes: Receiver<Change>,
    _watcher: RecommendedWatcher,
}

impl Watching {
    fn begin(paths: &[PathBuf]) -> Result<Self, Failure> {
        let failed = |error: notify::Error| Failure::Machine(format!("files cannot be watched: {error}"));
        let interest = Interest::of(paths);
        let folders = interest.watched.clone();
        if folders.is_empty() {
            return Err(Failure::Usage("--watch has no file to watch: name a target file or case files".to_owned()));
        }
        let (change, changes) = channel(MOST_CHANGES);
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            for found in event.ok().into_iter().flat_map(|event| interest.changes(&event)) {
                // Where nobody has looked at so many changes yet, they stand for this one, too.
                let _ = change.try_send(found);
            }
        })
        .map_err(failed)?;
        for (folder, mode) in folders {
            watcher.watch(&folder, mode).map_err(failed)?;
        }
        Ok(Self { changes, _watcher: watcher })
    }

    /// Returns when something has changed and nothing changes any more.
    async fn change(&mut self) {
        loop {
            match self.changes.recv().await {
                Some(Change::File) => break,
                Some(Change::Folder(folder)) => {
                    // A file that is written at once after its folder is made is not seen to change.
                    tokio::time::sleep(QUIET).await;
                    if files::below(&folder).is_ok_and(|files| files.iter().any(|file| is_of_a_suite(file))) {
                        break;
                    }
                }
                None => std::future::pending::<()>().await,
            }
        }
        let is_quiet = async { while let Ok(Some(_)) = timeout(QUIET, self.changes.recv()).await {} };
        let _ = timeout(PATIENCE, is_quiet).await;
    }
}

/// What has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Change {
    /// A file that is read.
    File,
    /// This folder is new, and files that are read may be in it.
    Folder(PathBuf),
}

/// What changes are of interest.
struct Interest {
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    /// Editors replace files, so that the folders are watched in which they are.
    watched: BTreeMap<PathBuf, RecursiveMode>,
}

impl Interest {
    fn of(paths: &[PathBuf]) -> Self {
        let mut interest = Self { files: Vec::new(), folders: Vec::new(), watched: BTreeMap::new() };
        for path in paths {
            if let Some(folder) = path.canonicalize().ok().filter(|path| path.is_dir()) {
                interest.watched.insert(folder.clone(), RecursiveMode::Recursive);
                interest.folders.push(folder);
            } else if let Some((folder, file)) = place(path) {
                interest.watched.entry(folder).or_insert(RecursiveMode::NonRecursive);
                interest.files.push(file);
            }
        }
        interest
    }

    fn changes(&self, event: &Event) -> Vec<Change> {
        match event.kind {
            EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)) => return Vec::new(),
            _ if event.need_rescan() => return vec![Change::File],
            _ => {}
        }
        let is_new_folder = event.kind == EventKind::Create(CreateKind::Folder);
        let may_be_folder = matches!(event.kind, EventKind::Create(_) | EventKind::Modify(ModifyKind::Name(_)));
        let change = |path: &PathBuf| {
            if self.is_of(path) {
                Some(Change::File)
            } else if self.is_below(path) && (is_new_folder || (may_be_folder && path.is_dir())) {
                Some(Change::Folder(path.clone()))
            } else {
                None
            }
        };
        event.paths.iter().filter_map(change).collect()
    }

    fn is_of(&self, path: &Path) -> bool {
        self.files.iter().any(|file| file == path) || (is_of_a_suite(path) && self.is_below(path))
    }

    fn is_below(&self, path: &Path) -> bool {
        self.folders.iter().any(|folder| path.starts_with(folder))
    }
}

/// The folder of a file, and the file in it, as changes name them; the file itself need not be there.
fn place(file: &Path) -> Option<(PathBuf, PathBuf)> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().ok()?;
    let file = folder.join(file.file_name()?);
    Some((folder, file))
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, CreateKind, DataChange, MetadataKind, RenameMode};

    use super::*;

    #[test]
    fn changes_of_the_files_count_and_reading_them_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("cases")).unwrap();
        let interest = Interest::of(&[root.join("t.yaml"), root.join("cases"), root.join("no/such/folder.yaml")]);
        assert_eq!(interest.watched.len(), 2);
        let seen =
            |kind: EventKind, path: &str| !interest.changes(&Event::new(kind).add_path(root.join(path))).is_empty();
        let written = EventKind::Modify(ModifyKind::Data(DataChange::Any));
        for (kind, path) in [
            (written, "t.yaml"),
            (EventKind::Create(CreateKind::File), "cases/new/a.yaml"),
            (EventKind::Modify(ModifyKind::Name(RenameMode::To)), "t.yaml"),
            (written, "cases/x.schema.json"),
            (EventKind::Create(CreateKind::Folder), "cases/v1.0"),
        ] {
            assert!(seen(kind, path), "{kind:?} {path}");
        }
        for (kind, path) in [
            (EventKind::Access(AccessKind::Any), "t.yaml"),
            (EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any)), "t.yaml"),
            (written, "other.yaml"),
            (written, "cases/a.yaml.swp"),
            (written, "cases/reports/run.json"),
            (EventKind::Create(CreateKind::Folder), "elsewhere"),
        ] {
            assert!(!seen(kind, path), "{kind:?} {path}");
        }
    }
}
