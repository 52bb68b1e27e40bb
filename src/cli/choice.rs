//! Which cases a run takes.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::reason::Shard;
use crate::record::Selection;
use crate::suite::{Depth, Filters, Writing};
use crate::verdict::Level;

use super::Failure;
use super::last_failed::LastFailed;
use super::suite::CasesArgs;

/// The cases that are chosen.
#[derive(Debug, Args)]
pub(super) struct ChoiceArgs {
    /// Only cases whose id matches one of these globs (`lists.*`)
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    #[command(flatten)]
    pub(super) cases: CasesArgs,
    /// Only cases of this chapter (repeatable)
    #[arg(long, value_name = "NAME")]
    chapter: Vec<String>,
    /// Only cases that judge this requirement (repeatable)
    #[arg(long, value_name = "ID")]
    requirement: Vec<String>,
    /// Only cases of this level (repeatable)
    #[arg(long, value_enum, value_name = "LEVEL")]
    level: Vec<LevelArg>,
    /// Leave out what matches: a glob of ids of cases, tests, invariants or requirements (repeatable)
    #[arg(long, value_name = "GLOB")]
    skip: Vec<String>,
    /// Only what did not pass in the last run of the folder of reports, or in this one
    #[arg(long, value_name = "RUN.json", num_args = 0..=1, require_equals = true)]
    #[expect(clippy::option_option, reason = "the option may stand alone, or with a file")]
    last_failed: Option<Option<PathBuf>>,
    /// How many combinations of what a case varies are tried: each value once, every pair of values, or all
    #[arg(id = "combinations", long = "depth", value_enum, default_value_t = DepthArg::Pairs, value_name = "DEPTH")]
    depth: DepthArg,
    /// Send nothing but GET and HEAD, and DELETE of the root, which must be refused
    #[arg(long)]
    read_only: bool,
    /// Only the K-th of N parts of the cases; `merge` joins them
    #[arg(long, value_name = "K/N")]
    pub(super) shard: Option<Shard>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DepthArg {
    Quick,
    Pairs,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LevelArg {
    Must,
    Should,
    May,
}

impl ChoiceArgs {
    /// As filters; where a target may be written to is known by who names it.
    pub(super) fn filters(&self, writing: Writing, among: Option<Vec<String>>) -> Filters {
        Filters {
            ids: self.filters.clone(),
            chapters: self.chapter.clone(),
            requirements: self.requirement.clone(),
            levels: self.level.iter().map(|level| level_of(*level)).collect(),
            skip: self.skip.clone(),
            among,
            read_only: self.read_only,
            writing,
            depth: match self.depth {
                DepthArg::Quick => Depth::Quick,
                DepthArg::Pairs => Depth::Pairs,
                DepthArg::All => Depth::All,
            },
        }
    }

    /// What did not pass earlier, if only that is wanted.
    pub(super) fn last_failed(&self, folder: &Path) -> Result<Option<LastFailed>, Failure> {
        self.last_failed.as_ref().map(|file| LastFailed::read(file.as_deref(), folder)).transpose()
    }

    /// What a run tells of the choice.
    pub(super) fn selection(&self) -> Selection {
        let mut words: Vec<String> = self.filters.clone();
        words.extend(self.cases.words());
        words.extend(self.chapter.iter().map(|name| format!("chapter {name}")));
        words.extend(self.requirement.iter().map(|id| format!("requirement {id}")));
        words.extend(self.level.iter().map(|level| format!("level {}", super::list::level_word(level_of(*level)))));
        words.extend(self.skip.iter().map(|pattern| format!("skip {pattern}")));
        words.extend(self.last_failed.as_ref().map(|file| match file {
            Some(path) => format!("last failed of {}", path.display()),
            None => "last failed".to_owned(),
        }));
        if self.depth == DepthArg::Quick {
            words.push("depth quick".to_owned());
        }
        Selection {
            complete: words.is_empty() && !self.read_only && self.shard.is_none(),
            filters: words,
            read_only: self.read_only,
            shard: self.shard,
            interrupted: false,
            ended_by: None,
        }
    }
}

fn level_of(level: LevelArg) -> Level {
    match level {
        LevelArg::Must => Level::Must,
        LevelArg::Should => Level::Should,
        LevelArg::May => Level::May,
    }
}
