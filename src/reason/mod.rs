//! Why a test was skipped, or is inconclusive: facts with their data, which reports turn into sentences.

mod shard;

use serde::{Deserialize, Serialize};

use crate::exchange::Obstacle;

pub use shard::{Shard, ShardError};

/// Why a test was skipped, is inconclusive, or is an error of the suite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Reason {
    /// The target file lacks keys that the test needs.
    TargetLacks {
        /// The keys; at least one.
        keys: Vec<MissingKey>,
    },
    /// The target does not see our source addresses, because a proxy stands in between.
    SourcesBehindProxy,
    /// A list that the test runs through has no elements.
    EmptyList {
        /// The loop variable.
        variable: String,
        /// The template that names the list of the target file.
        list: Option<String>,
    },
    /// The value that the test runs through is not a list.
    NotAList {
        /// The loop variable.
        variable: String,
    },
    /// The loops of the test make more combinations than a run takes.
    TooManyCombinations {
        /// How many it takes.
        most: usize,
    },
    /// The test would log in wrongly more often than the target file allows.
    TooManyLogins {
        /// The user.
        user: String,
        /// How many wrong logins the target file allows.
        limit: usize,
        /// Within how many seconds.
        seconds: u64,
    },
    /// No exchange was of the kind that is judged.
    NoExchange {
        /// Where the exchanges come from.
        of: Exchanges,
    },
    /// Exchanges were of the kind that is judged, but nothing stood beside them to compare them with.
    NothingToCompare {
        /// How many.
        exchanges: usize,
    },
    /// On no exchange of the kind that is judged could it be judged.
    NoExchangeJudged,
    /// Nothing that clients did was of the kind that is judged.
    NoOccasion {
        /// What was looked for, without an article.
        occasion: String,
    },

    /// A filter of the command line chose other tests.
    Filter {
        /// Which filter.
        by: Filter,
    },
    /// The test writes, and `--read-only` was given.
    ReadOnly,
    /// Another shard runs it.
    OtherShard {
        /// That shard.
        shard: Shard,
    },
    /// `--max-rate` does not let its requests through in time.
    TooFast {
        /// How many requests it sends at once.
        requests: u32,
        /// Within how many seconds.
        seconds: u64,
    },
    /// `--fail-fast` ended the run before it.
    FailFast {
        /// The test or invariant that failed.
        failed: String,
    },
    /// The run was interrupted.
    Interrupted,
    /// The run ended, or was killed, before it.
    RunEnded,

    /// The preparation of the test failed.
    Preparation {
        /// The index of the finding that made it fail, in a result.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        finding: Option<usize>,
    },
    /// A check could not be made.
    Unclear {
        /// The index of the finding that says why, in a result.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        finding: Option<usize>,
    },
    /// There is no response.
    Obstacle {
        /// Why.
        obstacle: Obstacle,
    },
    /// A name of the test has no value.
    NoValue {
        /// The name.
        name: String,
        /// Whether an earlier step of the test failed, which should have brought it.
        after_failure: bool,
    },
    /// Somebody else changed a list meanwhile, at every try.
    ListChanged {
        /// When.
        during: Reading,
    },
    /// A list has other items than when it was browsed.
    ListRecounted {
        /// Its URL.
        url: String,
        /// How many items it had.
        browsed: u64,
        /// How many items it has now, if it is still a list.
        now: Option<u64>,
    },
    /// A nonce grew too old before it could be used, at every try.
    NonceTooOld,
    /// The requests did not fit into one window of the rate limit.
    WindowMissed,
    /// A rate limit let another number of requests through in each window.
    LimitShared,
    /// The clock of the target is not known.
    ClockUnknown {
        /// Whether its responses have a Date header.
        has_date: bool,
    },
    /// A link leads to another origin, and is not followed.
    ForeignLink {
        /// Its relation.
        rel: String,
        /// Where it leads.
        url: String,
    },
    /// A list has more pages than a walk reads.
    TooManyPages {
        /// How many a walk reads.
        pages: usize,
    },
    /// A page cannot be read.
    UnreadablePage {
        /// Why, as the judge says it.
        cause: String,
    },
    /// A recording could not be read to its end.
    Recording {
        /// What is wrong with it.
        cause: String,
    },

    /// The case is wrong in a way that shows only when it runs.
    CaseError {
        /// What is wrong with it.
        cause: String,
    },
    /// The suite failed.
    SuiteError {
        /// What is known about it.
        cause: String,
    },
}

/// A filter of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Filter {
    /// Patterns of ids.
    Id,
    /// `--chapter`.
    Chapter,
    /// `--requirement`.
    Requirement,
    /// `--level`.
    Level,
    /// `--skip`.
    Skip,
    /// `--last-failed`.
    LastFailed,
}

/// Where exchanges come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exchanges {
    /// The requests of a run.
    Run,
    /// A recording.
    Recording,
}

/// When a list changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// Within one walk.
    Walk,
    /// From one walk to the next.
    BetweenWalks,
    /// From one reading to the next.
    BetweenReadings,
}

/// A key that a target file lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MissingKey {
    /// What it is.
    pub kind: KeyKind,
    /// Its name, as cases need it: `writes`, `users.second`, `list.long`.
    pub name: String,
    /// The line to write.
    pub line: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
}

/// What a key of a target file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyKind {
    /// A claim.
    Claim,
    /// A user.
    User,
    /// A source address.
    Source,
    /// How long a nonce lives.
    NonceLifetime,
    /// A parameter, or a group of them.
    Parameter,
}

impl Reason {
    /// The target lacks this one key.
    pub fn lacks(key: MissingKey) -> Self {
        Self::TargetLacks { keys: vec![key] }
    }

    /// The keys that the target file lacks.
    pub fn missing_keys(&self) -> &[MissingKey] {
        match self {
            Self::TargetLacks { keys } => keys,
            _ => &[],
        }
    }

    /// Whether a test that did not run for this reason was left out by the user's choice, and not because the target
    /// does not claim or declare what it needs.
    pub fn is_choice(&self) -> bool {
        matches!(
            self,
            Self::Filter { .. }
                | Self::ReadOnly
                | Self::OtherShard { .. }
                | Self::TooFast { .. }
                | Self::FailFast { .. }
                | Self::Interrupted
                | Self::RunEnded
        )
    }
}
