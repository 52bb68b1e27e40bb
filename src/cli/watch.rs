//! `--watch`: does a command's work again whenever a file that it reads has changed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use notify::event::{EventKind, ModifyKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::timeout;

use super::Failure;
use super::interrupt::Interrupts;
use super::output::Output;
use super::runtime::block_on;

/// The time without a change after which a change is over: editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(150);
/// The longest time that is waited for that.
const PATIENCE: Duration = Duration::from_secs(2);

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
    changes: Receiver<()>,
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
        let (change, changes) = channel(1);
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| interest.has(&event)) {
                // A change that nobody has looked at yet stands for this one, too.
                let _ = change.try_send(());
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
        if self.changes.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
        let is_quiet = async { while let Ok(Some(())) = timeout(QUIET, self.changes.recv()).await {} };
        let _ = timeout(PATIENCE, is_quiet).await;
    }
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

    fn has(&self, event: &Event) -> bool {
        let is_change = match event.kind {
            EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)) => false,
            EventKind::Any | EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) | EventKind::Other => {
                true
            }
        };
        is_change && (event.need_rescan() || event.paths.iter().any(|path| self.is_of(path)))
    }

    fn is_of(&self, path: &Path) -> bool {
        let is_written = path.extension().is_some_and(|it| it == "yaml" || it == "yml" || it == "json");
        self.files.iter().any(|file| file == path)
            || (is_written && self.folders.iter().any(|folder| path.starts_with(folder)))
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
        let seen = |kind: EventKind, path: &str| interest.has(&Event::new(kind).add_path(root.join(path)));
        let written = EventKind::Modify(ModifyKind::Data(DataChange::Any));
        for (kind, path) in [
            (written, "t.yaml"),
            (EventKind::Create(CreateKind::File), "cases/new/a.yaml"),
            (EventKind::Modify(ModifyKind::Name(RenameMode::To)), "t.yaml"),
            (written, "cases/x.schema.json"),
        ] {
            assert!(seen(kind, path), "{kind:?} {path}");
        }
        for (kind, path) in [
            (EventKind::Access(AccessKind::Any), "t.yaml"),
            (EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any)), "t.yaml"),
            (written, "other.yaml"),
            (written, "cases/a.yaml.swp"),
            (written, "reports/run.json"),
        ] {
            assert!(!seen(kind, path), "{kind:?} {path}");
        }
    }
}
