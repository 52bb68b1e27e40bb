//! `--last-failed`: what did not pass in an earlier run.

use std::path::{Path, PathBuf};

use url::Url;

use crate::record::{Outcome, Outline};

use super::{Failure, files, unjudged};

/// What did not pass in an earlier run.
pub(super) struct LastFailed {
    /// The ids of its tests and invariants, with the address of that run's target.
    ids: Vec<String>,
    address: Option<String>,
}

impl LastFailed {
    /// Reads it from the file that was named, else from the last run of the folder of reports that judged something.
    pub(super) fn read(file: Option<&Path>, folder: &Path) -> Result<Self, Failure> {
        let (path, run) = match file {
            Some(path) => (path.to_owned(), stored(path)?),
            None => last(folder)?,
        };
        let not_passed = run.results.iter().filter(|result| is_not_passed(result.verdict));
        let ids: Vec<String> = not_passed.map(|result| result.id.clone()).collect();
        if ids.is_empty() {
            let path = path.display();
            return Err(Failure::Usage(format!("everything passed in {path}: --last-failed has nothing to run")));
        }
        Ok(Self { ids, address: address(&run.target.base_url) })
    }

    /// The ids as those of a target at this URL.
    pub(super) fn ids_at(&self, base_url: &Url) -> Vec<String> {
        match &self.address {
            Some(old) => self.ids.iter().map(|id| id.replace(old, base_url.authority())).collect(),
            None => self.ids.clone(),
        }
    }
}

fn is_not_passed(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Fail | Outcome::Defect | Outcome::Inconclusive | Outcome::Flaky | Outcome::Warn => true,
        Outcome::Observed | Outcome::Pass | Outcome::NotApplicable | Outcome::NotSelected => false,
    }
}

fn stored(path: &Path) -> Result<Outline, Failure> {
    Outline::from_file(|| files::reader(path)).map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))
}

fn last(folder: &Path) -> Result<(PathBuf, Outline), Failure> {
    let none = || {
        let folder = folder.display();
        Failure::Usage(format!("no run is stored in {folder}: name one with --last-failed=RUN.json"))
    };
    Ok((folder.to_owned(), unjudged::last_judged(folder).ok_or_else(none)?))
}

fn address(base_url: &str) -> Option<String> {
    Url::parse(base_url).ok().map(|url| url.authority().to_owned()).filter(|address| !address.is_empty())
}
