//! Reports where nothing was judged: what an earlier run left in the folder must not pass for the result of this one.

use std::path::{Path, PathBuf};

use crate::clock::Clock;
use crate::record::{Outline, RequirementResult, Run, RunParts, Selection, SuiteIdentity, TargetIdentity, Tool};
use crate::report::{self, Format, har};
use crate::run;
use crate::suite::Suite;

use super::format::RunFormat;
use super::output::Output;
use super::{Failure, audit, files, journal, prove, reports};

/// Where the last run that judged something is kept, as long as `run.json` holds one that did not.
const LAST_JUDGED: &str = "last-judged.json";
/// What is said as long as a run goes on, and of one that was killed.
const UNFINISHED: &str = "the run goes on, or was killed";
/// Where a target is of which nothing is known.
const NOWHERE: &str = "about:blank";

/// The reports of a command that has judged nothing so far.
pub(super) struct Unjudged {
    /// Where they go, if that is known.
    folder: Option<PathBuf>,
    target: TargetIdentity,
    suite: SuiteIdentity,
    requirements: Vec<RequirementResult>,
    selection: Selection,
    /// Whether something was judged meanwhile, of which there are reports.
    over: bool,
}

impl Unjudged {
    /// Those of a command that writes into this folder, by a suite of which nothing is known yet.
    pub(super) fn new(folder: Option<PathBuf>, target: &str, selection: Selection) -> Self {
        let target = TargetIdentity { name: target.to_owned(), base_url: NOWHERE.to_owned(), ..Default::default() };
        let digest = format!("sha256:{}", "0".repeat(64));
        let suite = SuiteIdentity { name: "unknown".to_owned(), digest, cases: 0, requirements: 0 };
        Self { folder, target, suite, requirements: Vec::new(), selection, over: false }
    }

    /// The same, by this suite.
    pub(super) fn by(&mut self, suite: &Suite) {
        self.requirements = run::unjudged(suite);
        self.suite = run::suite_identity(suite);
    }

    /// The same, about the target at this URL.
    pub(super) fn at(&mut self, name: &str, base_url: &str) {
        self.target = TargetIdentity { name: name.to_owned(), base_url: base_url.to_owned(), ..Default::default() };
    }

    /// The folder that they go into, or the usual one where that is not known.
    pub(super) fn folder(&self) -> &Path {
        self.folder.as_deref().unwrap_or(Path::new("reports"))
    }

    /// From now on something is judged.
    pub(super) fn is_over_now(&mut self) {
        self.over = true;
    }

    /// Replaces what an earlier run left, if it left something: this one may be killed.
    pub(super) fn begin(&self) {
        if let Some(folder) = self.folder.as_deref().filter(|folder| has_reports(folder) && !journal::is_busy(folder)) {
            // What cannot be written is told when the reports of this run cannot be written either.
            let _ = replace(folder, &self.run(UNFINISHED.to_owned()));
        }
    }

    /// If a command failed before it judged anything: replaces the reports by those that say so, and prints what was asked
    /// for.
    pub(super) fn settle<T>(&self, ended: &Result<T, Failure>, format: RunFormat, output: &Output) {
        if let Err(failure) = ended
            && !self.over
        {
            self.end(failure, format, output);
        }
    }

    fn end(&self, failure: &Failure, format: RunFormat, output: &Output) {
        let run = self.run(failure.sentence());
        let is_due = |folder: &&Path| (failure.is_of_target() || has_reports(folder)) && !journal::is_busy(folder);
        if let Some(folder) = self.folder.as_deref().filter(is_due) {
            complain(files::ensure_writable(folder).and_then(|()| replace(folder, &run)), output);
        }
        if let RunFormat::File(format) = format {
            complain(reports::print_to_reader(output, &report::render(&run, format, &|_| None)), output);
        }
    }

    /// Replaces the reports by those of a run that was ended at once; what it judged stands in its journal.
    pub(super) fn cut_short(&self, folder: &Path, output: &Output) {
        let journal = folder.join(journal::FILE_NAME);
        let why = format!("the run was ended at once; what it judged stands in {}", journal.display());
        complain(replace(folder, &self.run(why)), output);
    }

    fn run(&self, why: String) -> Run {
        let run = Run::from_results(RunParts {
            tool: Tool::this(),
            suite: self.suite.clone(),
            target: self.target.clone(),
            started: Clock::real().now(),
            duration_ms: 0,
            selection: self.selection.clone(),
            requirements: self.requirements.clone(),
            results: Vec::new(),
        });
        Run { nothing_judged: Some(why), ..run }
    }
}

fn complain(done: Result<(), Failure>, output: &Output) {
    if let Err(failure) = done {
        let _ = failure.report(output);
    }
}

/// Whether a folder holds a report.
fn has_reports(folder: &Path) -> bool {
    Format::ALL.iter().any(|format| folder.join(format.file_name()).exists())
}

/// Replaces every report of a folder. The last run that judged something is kept for the next one to compare with.
fn replace(folder: &Path, run: &Run) -> Result<(), Failure> {
    let stored = folder.join(Format::Json.file_name());
    if judged(&stored).is_some() {
        let _ = std::fs::rename(&stored, folder.join(LAST_JUDGED));
    }
    for name in [har::FILE_NAME, audit::FILE_NAME, prove::FILE_NAME] {
        let _ = std::fs::remove_file(folder.join(name));
    }
    reports::write_reports(run, folder, &|_| None)
}

/// The run of a file, if it judged something.
fn judged(path: &Path) -> Option<Outline> {
    Outline::from_file(|| files::reader(path)).ok().filter(|run| run.nothing_judged.is_none())
}

/// The last run of a folder that judged something.
pub(super) fn last_judged(folder: &Path) -> Option<Outline> {
    judged(&folder.join(LAST_JUDGED)).or_else(|| judged(&folder.join(Format::Json.file_name())))
}

/// Forgets it: the reports are those of a run that judged something.
pub(super) fn forget_last(folder: &Path) {
    let _ = std::fs::remove_file(folder.join(LAST_JUDGED));
}
