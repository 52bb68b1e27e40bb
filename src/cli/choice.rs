//! Which cases a run takes.

use clap::{Args, ValueEnum};

use super::suite::CasesArgs;
use crate::reason::Shard;
use crate::record::Selection;
use crate::suite::{Depth, Filters, Writing};
use crate::verdict::Level;

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
    pub(super) fn filters(&self, writing: Writing) -> Filters {
        Filters {
            ids: self.filters.clone(),
            chapters: self.chapter.clone(),
            requirements: self.requirement.clone(),
            levels: self.level.iter().map(|level| level_of(*level)).collect(),
            read_only: self.read_only,
            writing,
            depth: match self.depth {
                DepthArg::Quick => Depth::Quick,
                DepthArg::Pairs => Depth::Pairs,
                DepthArg::All => Depth::All,
            },
        }
    }

    /// What a run tells of the choice.
    pub(super) fn selection(&self) -> Selection {
        let mut words: Vec<String> = self.filters.clone();
        words.extend(self.cases.words());
        words.extend(self.chapter.iter().map(|name| format!("chapter {name}")));
        words.extend(self.requirement.iter().map(|id| format!("requirement {id}")));
        words.extend(self.level.iter().map(|level| format!("level {}", super::list::level_word(level_of(*level)))));
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
