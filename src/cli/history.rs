//! `history.jsonl`: a line a run, and what it tells the next one.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use crate::record::{Outline, Point, Run};
use crate::report::Format;

use super::{Failure, files};

/// Name of the file in a folder of reports.
const FILE_NAME: &str = "history.jsonl";
/// The size at which the older half of the lines goes.
const LARGEST: u64 = 256 * 1024;

/// The run with what came before it in this folder. What cannot be read is as if it were not there: it is a comfort.
pub(super) fn after(run: Run, folder: &Path) -> Run {
    let path = folder.join(Format::Json.file_name());
    let previous = Outline::from_file(|| files::reader(&path)).ok();
    run.after(previous.as_ref(), &earlier(folder))
}

/// The runs of a folder, the oldest first; damaged lines are passed over.
fn earlier(folder: &Path) -> Vec<Point> {
    let bytes = files::read_bytes(&folder.join(FILE_NAME), 2 * LARGEST).unwrap_or_default();
    bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect()
}

/// Adds the line of a run. Two runs that end at the same time both get theirs.
pub(super) fn add(run: &Run, folder: &Path) -> Result<(), Failure> {
    let path = folder.join(FILE_NAME);
    let line = serde_json::to_string(&Point::of(run)).expect("a point is strings and numbers") + "\n";
    append(&path, &line).map_err(|error| Failure::File(path, error))
}

fn append(path: &Path, line: &str) -> io::Result<()> {
    let mut file = locked(path)?;
    let length = file.metadata()?.len();
    if length + line.len() as u64 > LARGEST {
        return rewrite(path, &mut file, line);
    }
    // Whoever was cut off in the middle of a line spoils no other.
    let separator = if length > 0 && last_byte(&mut file)? != b'\n' { "\n" } else { "" };
    file.write_all(format!("{separator}{line}").as_bytes())
}

/// The file, nobody else writing to it. One that was replaced while we waited is not the file any more.
fn locked(path: &Path) -> io::Result<File> {
    loop {
        let file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        file.lock()?;
        if is_still(path, &file)? {
            return Ok(file);
        }
    }
}

#[cfg(unix)]
fn is_still(path: &Path, file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    match std::fs::metadata(path) {
        Ok(named) => Ok(named.ino() == file.metadata()?.ino()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
fn is_still(_: &Path, _: &File) -> io::Result<bool> {
    // An open file cannot be replaced here.
    Ok(true)
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
        append(&path, &line(1)).unwrap();
        std::fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"started\":\"20").unwrap();
        append(&path, &line(2)).unwrap();
        append(&path, &line(3)).unwrap();
        assert_eq!(good(folder.path()), [1, 2, 3]);
        assert!(std::fs::read_to_string(&path).unwrap().contains("{\"started\":\"20\n"));
    }

    #[test]
    fn it_stays_bounded_and_keeps_the_newest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        let many: String = (0..3_000).map(line).collect();
        std::fs::write(&path, many).unwrap();
        append(&path, &line(3_000)).unwrap();
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
        std::fs::write(&path, "x\n".repeat(usize::try_from(LARGEST).unwrap() / 2 - 400)).unwrap();
        std::thread::scope(|scope| {
            for number in 0..40 {
                let path = &path;
                scope.spawn(move || append(path, &line(number)).unwrap());
            }
        });
        let mut kept = good(folder.path());
        kept.sort_unstable();
        assert_eq!(kept, (0..40).collect::<Vec<_>>());
    }
}
