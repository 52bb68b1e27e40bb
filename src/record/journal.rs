//! The journal of a run: a line for everything that must not be lost if the run is killed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::creation::{Creating, Creations, Fate, Left};
use super::fold::RunParts;
use super::run::{CaseResult, RequirementResult, Run, Selection, SuiteIdentity, TargetIdentity, Tool};

/// Version of the format of journals that is written and read.
pub const JOURNAL_FORMAT: u32 = 2;

/// A line of a journal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Line<'a> {
    /// The first: what is about to be judged.
    Begun(Cow<'a, Begun>),
    /// A case, or an invariant, is judged.
    Result(Cow<'a, CaseResult>),
    /// A request that may create something is about to be sent.
    Creating(Cow<'a, Creating>),
    /// What became of it.
    Settled {
        /// The number of the request.
        number: u64,
        /// What became of it.
        fate: Fate,
    },
    /// The run came to its end.
    Ended {
        /// How long it took, in milliseconds.
        duration_ms: u64,
        /// Whether the user ended it early.
        interrupted: bool,
        /// The case whose failure ended it early.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ended_by: Option<String>,
    },
}

/// What is known of a run before anything is judged.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "most become the member of `Run` of their name")]
pub struct Begun {
    /// Version of this format: 2.
    pub journal: u32,
    /// Stands in the names of all that the run creates: `atlaspec-<name>-1`.
    pub name: String,
    pub tool: Tool,
    pub suite: SuiteIdentity,
    pub target: TargetIdentity,
    pub started: DateTime<Utc>,
    pub selection: Selection,
    pub requirements: Vec<RequirementResult>,
    /// What is set aside, and all that is planned, as not run.
    pub results: Vec<CaseResult>,
}

/// A journal, read back.
#[derive(Clone, Debug)]
pub struct Journal {
    begun: Begun,
    results: BTreeMap<String, CaseResult>,
    creations: Creations,
    ended: Option<Ending>,
}

/// How a run came to its end.
#[derive(Clone, Debug)]
struct Ending {
    duration_ms: u64,
    interrupted: bool,
    ended_by: Option<String>,
}

/// Why a text is no journal.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The first line does not begin a journal.
    #[error("this is no journal of a run: it does not begin as one")]
    NoBeginning,
    /// Another version of the format.
    #[error("the journal has format {0}; this program reads format {JOURNAL_FORMAT}")]
    OtherFormat(u32),
    /// A line that is none, and not the last.
    #[error("line {number} is no line of a journal: {error}")]
    Line {
        /// Counted from 1.
        number: usize,
        /// The cause.
        error: serde_json::Error,
    },
}

impl Line<'_> {
    /// The line as it is written, its end included.
    pub fn written(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self).map(|text| text + "\n")
    }
}

impl Journal {
    /// Whether a text begins as a journal does.
    pub fn is_one(text: &str) -> bool {
        text.starts_with("{\"begun\":")
    }

    /// The journal of a text. A last line that was cut short is left out: it was in flight.
    pub fn from_text(text: &str) -> Result<Self, JournalError> {
        let mut lines = text.split_inclusive('\n').enumerate();
        let first = lines.next().and_then(|(_, line)| serde_json::from_str(line).ok());
        let Some(Line::Begun(begun)) = first else { return Err(JournalError::NoBeginning) };
        let begun = begun.into_owned();
        if begun.journal != JOURNAL_FORMAT {
            return Err(JournalError::OtherFormat(begun.journal));
        }
        let results = begun.results.iter().map(|result| (result.id.clone(), result.clone())).collect();
        let mut journal = Self { begun, results, creations: Creations::default(), ended: None };
        for (index, line) in lines.filter(|(_, line)| line.ends_with('\n')) {
            let line = serde_json::from_str(line).map_err(|error| JournalError::Line { number: index + 1, error })?;
            journal.take(line);
        }
        Ok(journal)
    }

    fn take(&mut self, line: Line<'_>) {
        match line {
            Line::Begun(_) => {}
            Line::Result(result) => {
                self.results.insert(result.id.clone(), result.into_owned());
            }
            Line::Creating(creating) => self.creations.begin(creating.into_owned()),
            Line::Settled { number, fate } => self.creations.settle(number, fate),
            Line::Ended { duration_ms, interrupted, ended_by } => {
                self.ended = Some(Ending { duration_ms, interrupted, ended_by });
            }
        }
    }

    /// What is known of the run from its beginning.
    pub fn begun(&self) -> &Begun {
        &self.begun
    }

    /// What the run may have left at its target, the newest first.
    pub fn left(&self) -> Vec<Left> {
        self.creations.left()
    }

    /// The run: what was judged, and the rest as not run. One that was killed counts as interrupted.
    pub fn run(self) -> Run {
        let left_behind = self.left().iter().map(ToString::to_string).collect();
        let seen = self.results.values().map(|result| result.started_ms.saturating_add(result.duration_ms)).max();
        let killed = || Ending { duration_ms: seen.unwrap_or_default(), interrupted: true, ended_by: None };
        let Ending { duration_ms, interrupted, ended_by } = self.ended.unwrap_or_else(killed);
        let Begun { tool, suite, target, started, selection, requirements, .. } = self.begun;
        let run = Run::from_results(RunParts {
            tool,
            suite,
            target,
            started,
            duration_ms,
            selection: Selection {
                complete: selection.complete && ended_by.is_none(),
                interrupted,
                ended_by,
                ..selection
            },
            requirements,
            results: self.results.into_values().collect(),
        });
        Run { left_behind, ..run }
    }
}

#[cfg(test)]
mod tests;
