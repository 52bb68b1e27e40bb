//! What two runs are compared by: a stored run without its findings and exchanges, which may be large.

use std::io::{self, BufReader, Read};

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::read::{self, ReadError};
use super::run::{Conclusion, Outcome, RequirementVerdict, Run, Selection, SuiteIdentity, TargetIdentity, Tool};
use crate::verdict::Level;

/// A run without its findings and exchanges.
#[derive(Clone, Debug, Deserialize)]
#[expect(missing_docs, reason = "each is the member of `Run` of its name")]
pub struct Outline {
    pub tool: Tool,
    pub suite: SuiteIdentity,
    pub target: TargetIdentity,
    pub started: DateTime<Utc>,
    pub selection: Selection,
    pub conclusion: Conclusion,
    pub requirements: Vec<RequirementOutline>,
    pub results: Vec<ResultOutline>,
    #[serde(default)]
    pub nothing_judged: Option<String>,
}

/// A requirement and its verdict.
#[derive(Clone, Debug, Deserialize)]
#[expect(missing_docs, reason = "each is the member of `RequirementResult` of its name")]
pub struct RequirementOutline {
    pub id: String,
    pub level: Level,
    pub verdict: RequirementVerdict,
}

/// A case and how it ended.
#[derive(Clone, Debug, Deserialize)]
#[expect(missing_docs, reason = "each is the member of `CaseResult` of its name")]
pub struct ResultOutline {
    pub id: String,
    pub verdict: Outcome,
}

impl Outline {
    /// The outline of the run that a file of `run.json` holds, without holding its text: `open` is called twice.
    pub fn from_file<R: Read>(open: impl Fn() -> io::Result<R>) -> Result<Self, ReadError> {
        let reader = || open().map(BufReader::new).map_err(serde_json::Error::io);
        read::check_format(reader()?)?;
        Ok(serde_json::from_reader(reader()?)?)
    }

    /// The outline of a run.
    pub fn of(run: &Run) -> Self {
        let requirements = run.requirements.iter();
        Self {
            tool: run.tool.clone(),
            suite: run.suite.clone(),
            target: run.target.clone(),
            started: run.started,
            selection: run.selection.clone(),
            conclusion: run.conclusion,
            requirements: requirements
                .map(|it| RequirementOutline { id: it.id.clone(), level: it.level, verdict: it.verdict })
                .collect(),
            results: run.results.iter().map(|it| ResultOutline { id: it.id.clone(), verdict: it.verdict }).collect(),
            nothing_judged: run.nothing_judged.clone(),
        }
    }
}
