//! Follows a run: findings as they happen, and on a watched terminal a line that says how far it is.

use std::path::Path;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::record::{Awaited, Event, Run};
use crate::report::{self, Console, Detail};

use super::Failure;
use super::format::RunFormat;
use super::output::{Output, Talk};

/// Somebody who watches a run.
pub(super) struct Progress<'a> {
    output: &'a Output,
    console: Console<'a>,
    format: RunFormat,
    bar: ProgressBar,
    /// Whether it was said that the target makes the run wait.
    throttled: Throttled,
    /// Standard output went away: the run goes on, and this is said at its end.
    broken: Option<Failure>,
}

/// Whether somebody who sees no progress has heard of a rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Throttled {
    Unsaid,
    Said,
}

/// How much is told of what went well.
pub(super) fn detail(talk: Talk) -> Detail {
    match talk {
        Talk::Quiet => Detail::Summary,
        Talk::Normal => Detail::Failures,
        Talk::Verbose => Detail::Everything,
    }
}

impl<'a> Progress<'a> {
    pub(super) fn new(output: &'a Output, console: Console<'a>, format: RunFormat, planned: usize) -> Self {
        let bar = if output.is_watched() {
            ProgressBar::with_draw_target(Some(planned as u64), ProgressDrawTarget::stderr())
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} {elapsed} {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(250));
        Self { output, console, format, bar, throttled: Throttled::Unsaid, broken: None }
    }

    pub(super) fn observe(&mut self, event: &Event<'_>) {
        match event {
            Event::CaseStarted { id } => self.bar.set_message((*id).to_owned()),
            Event::Waiting { id, milliseconds, awaits } => self.waits(id, milliseconds.div_ceil(1000), *awaits),
            Event::CaseFinished(_) => self.bar.inc(1),
            Event::RunFinished(_) => self.bar.finish_and_clear(),
            Event::RunStarted { .. } => {}
        }
        if let Some(text) = self.console.event(event) {
            self.print(&text);
        }
    }

    /// Shows what a case waits for; where no progress is shown, a target that refuses requests is told of once.
    fn waits(&mut self, id: &str, seconds: u64, awaits: Awaited) {
        let what = report::awaited(awaits);
        self.bar.set_message(format!("{id} waits {seconds} s {what}"));
        if awaits == Awaited::Throttled && self.throttled == Throttled::Unsaid && !self.output.is_watched() {
            self.throttled = Throttled::Said;
            self.output.tell(&format!("note: {id} waits {seconds} s {what}; others may have to wait as well"));
        }
    }

    /// Prints the summary, and says whether all could be printed.
    pub(super) fn finish(mut self, run: &Run, reports: &Path) -> Result<(), Failure> {
        self.bar.finish_and_clear();
        self.print(&self.console.summary(run, Some(&reports.display().to_string())));
        self.broken.map_or(Ok(()), Err)
    }

    /// To standard output if that is for people; beside it otherwise.
    fn print(&mut self, text: &str) {
        self.bar.suspend(|| match self.format {
            RunFormat::Human if self.broken.is_none() => self.broken = self.output.result(text).err(),
            RunFormat::Human => {}
            RunFormat::File(_) => self.output.tell(text.trim_end()),
        });
    }
}
