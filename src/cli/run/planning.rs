//! Which tests a run has, and which of them come first.

use std::path::{Path, PathBuf};

use crate::run::Engine;
use crate::suite::{Plan, Suite, Writing, plan};
use crate::target::Target;

use super::RunArgs;
use crate::cli::Failure;
use crate::cli::last_failed::LastFailed;

impl RunArgs {
    /// The files that a run reads: those that people write.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let target = self.target.iter().flat_map(|path| self.layers.all_files(path));
        target.chain(self.choice.cases.paths()).chain(self.known_failures.clone()).collect()
    }
}

/// What matters of earlier runs.
pub(super) struct Earlier {
    /// What did not pass, if only that is wanted.
    only: Option<LastFailed>,
    /// What did not pass, if that comes first.
    first: Option<LastFailed>,
}

impl Earlier {
    /// What matters of the runs in a folder of reports.
    pub(super) fn of(args: &RunArgs, folder: &Path) -> Result<Self, Failure> {
        // Where no run is stored, or everything passed, nothing comes first.
        let first = if args.watch { LastFailed::read(None, folder).ok() } else { None };
        Ok(Self { only: args.choice.last_failed(folder)?, first })
    }

    /// What is run.
    pub(super) fn plan(
        &self,
        args: &RunArgs,
        engine: &Engine,
        suite: &Suite,
        target: &Target,
    ) -> Result<Plan, Failure> {
        // A URL alone permits nobody to write.
        let writing = if args.bare.url.is_some() { Writing::WhereClaimed } else { Writing::Anywhere };
        let ids = |last: &LastFailed| last.ids_at(&target.base_url);
        let filters = args.choice.filters(writing, self.only.as_ref().map(ids));
        let plan = plan(suite, &|need| target.has(need), &engine.scope(), &filters)
            .map_err(|error| Failure::Usage(error.to_string()))?;
        // Before the shards, which together must not be less polite.
        let plan = engine.politely(plan, args.max_rate);
        let plan = match args.choice.shard {
            Some(shard) => plan.of_shard(suite, shard, target.base_url.authority()),
            None => plan,
        };
        Ok(Plan { first: self.first.iter().flat_map(ids).collect(), ..plan })
    }
}
