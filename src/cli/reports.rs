//! Folders of reports, and what is written into them.

use std::path::{Path, PathBuf};

use crate::record::Run;
use crate::report::{self, Format, GitlabJob};
use crate::suite::Suite;
use crate::target::is_name_of_device;
use crate::verdict::Source;

use super::output::Output;
use super::{Failure, environment, files, scripts};

/// The longest name of a folder: a long path cannot be read on some systems.
const LONGEST_NAME: usize = 64;

/// Where the reports about a target go.
pub(super) fn reports_folder(name: &str) -> PathBuf {
    Path::new("reports").join(folder_name(name))
}

/// A target's name as the name of a folder.
pub(super) fn folder_name(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    let name: String = name.chars().map(plain).collect();
    let name: String = name.trim_matches('.').chars().take(LONGEST_NAME).collect();
    match name.trim_end_matches('.') {
        "" => "target".to_owned(),
        name if is_name_of_device(name) => format!("target-{name}"),
        name => name.to_owned(),
    }
}

/// The reports that every folder of reports holds.
const USUAL: [Format; 4] = [Format::Json, Format::Html, Format::Junit, Format::Markdown];

/// Writes the reports that every folder of reports holds and the scripts that repeat failed tests, and replaces reports
/// of other formats that are there: they are of an earlier run. One that cannot be written keeps back no other.
pub(super) fn write_reports(run: &Run, folder: &Path, sources: &report::Sources<'_>) -> Result<(), Failure> {
    let path = |format: Format| folder.join(format.file_name());
    let write = |format: Format| files::write(&path(format), &text(run, format, folder, sources));
    let due = Format::ALL.into_iter().filter(|format| USUAL.contains(format) || path(*format).exists());
    let mut failures: Vec<Failure> = due.filter_map(|format| write(format).err()).collect();
    failures.extend(scripts::replace(run, folder).err());
    Failure::unless_none(failures)
}

/// The text of a report that is written into this folder.
pub(super) fn text(run: &Run, format: Format, folder: &Path, sources: &report::Sources<'_>) -> String {
    if format != Format::JunitGitlab {
        return report::render(run, format, sources);
    }
    let url = environment::gitlab_job();
    let folder = folder.to_string_lossy().replace('\\', "/");
    let job = GitlabJob { folder: folder.trim_start_matches("./").trim_end_matches('/'), url: url.as_deref() };
    report::junit_gitlab(run, sources, job)
}

/// The text of a line of a case file.
pub(super) fn line_of(suite: &Suite, source: &Source) -> Option<String> {
    let (_, text) = suite.files.iter().find(|(name, _)| *name == source.file)?;
    text.lines().nth(source.line.checked_sub(1)?).map(str::to_owned)
}

/// Prints what a command is about. Whoever hung up has seen enough: that says nothing about what was judged.
pub(super) fn print_to_reader(output: &Output, text: &str) -> Result<(), Failure> {
    unless_reader_gone(output.result(text))
}

/// What failed, unless it is that the reader hung up.
pub(super) fn unless_reader_gone(printed: Result<(), Failure>) -> Result<(), Failure> {
    match printed {
        Err(failure) if !failure.is_reader_gone() => Err(failure),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_the_reports_folder() {
        assert_eq!(folder_name("../etc/x y"), "-etc-x-y");
        assert_eq!(folder_name(".."), "target");
        assert_eq!(folder_name("staging-2.eu"), "staging-2.eu");
        assert_eq!(folder_name("con.example"), "target-con.example");
        assert_eq!(folder_name(&format!("{}.x", "a".repeat(63))), "a".repeat(63));
    }
}
