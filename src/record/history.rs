//! How a run stands to those before it: what changed since the last one, and how the runs before it ended.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::difference::{Change, ChangeKind, Circumstance, Difference};
use super::outline::Outline;
use super::run::{Conclusion, Outcome, Run};

/// Most points of a trend.
const MOST_POINTS: usize = 60;
/// Most cases named for one kind of change.
const MOST_NAMED: usize = 20;

/// How a run stands to those before it in the same folder of reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// The last run, if it could be read.
    pub previous: Option<Previous>,
    /// The runs before and this one, the oldest first.
    pub trend: Vec<Point>,
}

/// The last run, and what changed since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Previous {
    /// When it began.
    pub started: DateTime<Utc>,
    /// How it ended.
    pub conclusion: Conclusion,
    /// Whether it was of another edition of the suite.
    pub suite_changed: bool,
    /// Whether other cases were selected of it: then only what both judged is compared.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub selection_changed: bool,
    /// Whether something that held does not hold any more.
    pub regression: bool,
    /// Kinds of change that there are; what the user left out does not count.
    pub changes: Vec<ChangeCount>,
}

/// How many cases changed in one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeCount {
    /// In which way.
    pub kind: ChangeKind,
    /// How many.
    pub count: usize,
    /// The first of them.
    pub cases: Vec<String>,
}

/// One run of a trend, as a line of `history.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// When the run began.
    pub started: DateTime<Utc>,
    /// How it ended.
    pub conclusion: Conclusion,
    /// Cases that hold, warnings and observations included.
    pub good: usize,
    /// Cases that were judged, or could not be.
    pub judged: usize,
    /// Digest of the suite.
    pub suite: String,
    /// Whether the whole suite was selected.
    pub complete: bool,
}

impl Point {
    /// The point of a run.
    pub fn of(run: &Run) -> Self {
        let counts = &run.counts;
        let good = counts.pass + counts.warn + counts.observed;
        Self {
            started: run.started,
            conclusion: run.conclusion,
            good,
            judged: good + counts.fail + counts.inconclusive + counts.flaky + counts.defect,
            suite: run.suite.digest.clone(),
            complete: run.selection.complete,
        }
    }
}

impl Run {
    /// The run with what came before it: the last run, and the points of the earlier ones, the oldest first.
    #[must_use]
    pub fn after(self, previous: Option<&Outline>, earlier: &[Point]) -> Self {
        if previous.is_none() && earlier.is_empty() {
            return self;
        }
        let skipped = (earlier.len() + 1).saturating_sub(MOST_POINTS);
        let mut trend: Vec<Point> = earlier[skipped.min(earlier.len())..].to_vec();
        trend.push(Point::of(&self));
        let previous = previous.map(|previous| Previous::of(previous, &self));
        Self { history: Some(History { previous, trend }), ..self }
    }
}

impl Previous {
    fn of(previous: &Outline, run: &Run) -> Self {
        let mut difference = Difference::between(previous, &Outline::of(run));
        let by_choice = Some(Outcome::NotSelected);
        difference.cases.retain(|change| change.from != by_choice && change.to != by_choice);
        let selection_changed = previous.selection != run.selection;
        if selection_changed {
            difference.cases.retain(Change::is_of_both);
            difference.regression = difference.cases.iter().any(Change::is_regression);
        }
        let count = |kind| {
            let changed: Vec<&str> = difference.of(kind).map(|change| change.id.as_str()).collect();
            let cases = changed.iter().take(MOST_NAMED).map(|id| (*id).to_owned()).collect();
            (!changed.is_empty()).then_some(ChangeCount { kind, count: changed.len(), cases })
        };
        Self {
            started: previous.started,
            conclusion: previous.conclusion,
            suite_changed: difference.changed.contains(&Circumstance::Suite),
            selection_changed,
            regression: difference.regression,
            changes: ChangeKind::ALL.into_iter().filter_map(count).collect(),
        }
    }
}
