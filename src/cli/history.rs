//! `history.jsonl`: a line a run, and what it tells the next one.

use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::record::{Point, Run};

use super::output::Output;
use super::{files, unjudged};

/// Name of the file in a folder of reports.
const FILE_NAME: &str = "history.jsonl";
/// The size at which the older half of the lines goes.
const LARGEST: u64 = 256 * 1024;
/// So much of the file shows whether it is ours.
const SAMPLE: u64 = 8 * 1024;
/// How long another program may keep the file locked.
const PATIENCE: Duration = Duration::from_secs(5);
/// How soon a lock is tried again.
const AGAIN: Duration = Duration::from_millis(20);

/// The run with what came before it in this folder. What cannot be read is as if it were not there: it is a comfort.
pub(super) fn after(run: Run, folder: &Path) -> Run {
    run.after(unjudged::last_judged(folder).as_ref(), &earlier(folder))
}

/// The runs of a folder, the oldest first; damaged lines are passed over.
fn earlier(folder: &Path) -> Vec<Point> {
    let bytes = files::read_bytes(&folder.join(FILE_NAME), 2 * LARGEST).unwrap_or_default();
    bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect()
}

/// Adds the line of a run, and tells if it could not be added: the trend is a comfort and no reason to fail. Two runs
/// that end at the same time both get theirs.
pub(super) fn add(run: &Run, folder: &Path, output: &Output) {
    let path = folder.join(FILE_NAME);
    let line = serde_json::to_string(&Point::of(run)).expect("a point is strings and numbers") + "\n";
    if let Err(error) = append(&path, &line, PATIENCE) {
        output.tell(&format!("note: this run is missing in {}: {error}", path.display()));
    }
}

fn append(path: &Path, line: &str, patience: Duration) -> io::Result<()> {
    let mut file = locked(path, patience)?;
    let length = file.metadata()?.len();
    if length > 0 && !is_history(&mut file)? {
        return Err(io::Error::other("what is there is not a history of runs and is left alone"));
    }
    if length + line.len() as u64 > LARGEST {
        return rewrite(path, &mut file, line);
    }
    // Whoever was cut off in the middle of a line spoils no other.
    let separator = if length > 0 && last_byte(&mut file)? != b'\n' { "\n" } else { "" };
    file.write_all(format!("{separator}{line}").as_bytes())
}

/// Whether some line among the first or the last ones is that of a run.
fn is_history(file: &mut File) -> io::Result<bool> {
    let length = file.metadata()?.len();
    for start in [0, length.saturating_sub(SAMPLE)] {
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(start))?;
        file.take(SAMPLE).read_to_end(&mut bytes)?;
        if bytes.split(|byte| *byte == b'\n').any(|line| serde_json::from_slice::<Point>(line).is_ok()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The file, nobody else writing to it. One that was replaced while we waited is not the file any more.
fn locked(path: &Path, patience: Duration) -> io::Result<File> {
    let begun = Instant::now();
    loop {
        let file = match files::open_own(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => match File::create_new(path) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                // Opened by its name, as one that was there.
                Ok(_) | Err(_) => continue,
            },
            opened => opened?,
        };
        match file.try_lock() {
            Ok(()) if files::is_still(path, &file)? => return Ok(file),
            Ok(()) => {}
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if begun.elapsed() >= patience => {
                return Err(io::Error::other(format!("another program has locked it for {patience:?}")));
            }
            // The system tells nobody when a lock is free.
            Err(TryLockError::WouldBlock) => std::thread::sleep(AGAIN),
        }
    }
}

fn last_byte(file: &mut File) -> io::Result<u8> {
    let mut byte = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut byte)?;
    Ok(byte[0])
}

/// The newer half of the lines and this one, in place of the file.
fn rewrite(path: &Path, file: &mut File, line: &str) -> io::Result<()> {
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LARGEST / 2)))?;
    let mut newer = Vec::new();
    file.take(LARGEST / 2).read_to_end(&mut newer)?;
    let first = newer.iter().position(|byte| *byte == b'\n').map_or(newer.len(), |at| at + 1);
    let mut kept = newer.split_off(first);
    if kept.last().is_some_and(|byte| *byte != b'\n') {
        kept.push(b'\n');
    }
    kept.extend(line.as_bytes());
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut fresh = files::unfinished(folder)?;
    fresh.write_all(&kept)?;
    fresh.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: usize) -> String {
        format!(
            "{{\"started\":\"2026-11-23T12:00:00Z\",\"conclusion\":\"conformant\",\"good\":{number},\"judged\":9,\
             \"suite\":\"sha256:0\",\"complete\":true}}\n"
        )
    }

    fn good(folder: &Path) -> Vec<usize> {
        earlier(folder).iter().map(|point| point.good).collect()
    }

    #[test]
    fn a_damaged_line_spoils_no_other_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        append(&path, &line(1), PATIENCE).unwrap();
        std::fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"started\":\"20").unwrap();
        append(&path, &line(2), PATIENCE).unwrap();
        append(&path, &line(3), PATIENCE).unwrap();
        assert_eq!(good(folder.path()), [1, 2, 3]);
        assert!(std::fs::read_to_string(&path).unwrap().contains("{\"started\":\"20\n"));
    }

    #[test]
    fn it_stays_bounded_and_keeps_the_newest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        let many: String = (0..3_000).map(line).collect();
        std::fs::write(&path, many).unwrap();
        append(&path, &line(3_000), PATIENCE).unwrap();
        assert!(std::fs::metadata(&path).unwrap().len() <= LARGEST);
        let kept = good(folder.path());
        assert!(kept.len() > 500, "{}", kept.len());
        let first = kept[0];
        assert_eq!(kept, (first..=3_000).collect::<Vec<_>>());
    }

    #[test]
    fn runs_that_end_together_all_get_their_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        // Near the limit, so that some of them replace the file.
        let filling = "x\n".repeat(usize::try_from(LARGEST).unwrap() / 2 - 500);
        std::fs::write(&path, filling + &line(40)).unwrap();
        std::thread::scope(|scope| {
            for number in 0..40 {
                let path = &path;
                scope.spawn(move || append(path, &line(number), Duration::from_mins(1)).unwrap());
            }
        });
        let mut kept = good(folder.path());
        kept.sort_unstable();
        assert_eq!(kept, (0..=40).collect::<Vec<_>>());
    }

    #[test]
    fn a_lock_that_stays_is_waited_for_within_bounds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        append(&path, &line(1), PATIENCE).unwrap();
        let other = files::open_own(&path).unwrap();
        other.lock().unwrap();
        let refused = append(&path, &line(2), Duration::from_millis(50)).unwrap_err().to_string();
        assert_eq!(refused, "another program has locked it for 50ms");
        other.unlock().unwrap();
        append(&path, &line(2), PATIENCE).unwrap();
        assert_eq!(good(folder.path()), [1, 2]);
    }

    #[test]
    fn what_is_not_a_history_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        let text = "my own notes\n".repeat(40_000);
        std::fs::write(&path, &text).unwrap();
        let refused = append(&path, &line(1), PATIENCE).unwrap_err().to_string();
        assert_eq!(refused, "what is there is not a history of runs and is left alone");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}
