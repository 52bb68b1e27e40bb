//! Follows a run: findings as they happen, and on a watched terminal a line that says how far it is.

use std::path::Path;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::record::{Awaited, Event, Outcome, Run};
use crate::report::{self, Console, Detail};

use super::Failure;
use super::format::RunFormat;
use super::output::{Output, Talk};
use super::ticker::Ticker;

/// Somebody who watches a run.
pub(super) struct Progress<'a> {
    output: &'a Output,
    console: Console<'a>,
    format: RunFormat,
    bar: ProgressBar,
    /// Tells where the run is, where nobody sees the bar.
    ticker: Option<Ticker>,
    time: Time,
    /// Standard output went away: the run goes on, and this is said at its end.
    broken: Option<Failure>,
}

/// What a wait of a run takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    /// As long as it says.
    Real,
    /// Nothing: its clock is turned.
    Turned,
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
    pub(super) fn new(
        output: &'a Output,
        console: Console<'a>,
        format: RunFormat,
        (planned, time): (usize, Time),
    ) -> Self {
        let is_heard = !output.is_watched() && output.talk > Talk::Quiet;
        let ticker = is_heard.then(|| Ticker::start(planned));
        let bar = if output.is_watched() {
            ProgressBar::with_draw_target(Some(planned as u64), ProgressDrawTarget::stderr())
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} {elapsed} {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(250));
        Self { output, console, format, bar, ticker, time, broken: None }
    }

    pub(super) fn observe(&mut self, event: &Event<'_>) {
        match event {
            Event::CaseStarted { id } => self.bar.set_message((*id).to_owned()),
            Event::Waiting { id, milliseconds, awaits } => self.waits(id, *milliseconds, *awaits),
            Event::CaseFinished(result) => {
                self.bar.inc(1);
                if let Some(ticker) = &self.ticker {
                    ticker.judged(result.verdict == Outcome::Fail && !result.is_excused());
                }
            }
            Event::RunFinished(_) => self.bar.finish_and_clear(),
            Event::RunStarted { .. } => {}
        }
        if let Some(text) = self.console.event(event) {
            self.print(&text);
        }
    }

    /// Shows what a test waits for.
    fn waits(&mut self, id: &str, milliseconds: u64, awaits: Awaited) {
        let (seconds, what) = (milliseconds.div_ceil(1000), report::awaited(awaits));
        self.bar.set_message(format!("{id} waits {seconds} s {what}"));
        if let (Some(ticker), Time::Real) = (&mut self.ticker, self.time) {
            ticker.waits(Duration::from_millis(milliseconds), awaits);
        }
    }

    /// Prints the summary, and says whether all could be printed.
    pub(super) fn finish(mut self, run: &Run, reports: &Path) -> Result<(), Failure> {
        self.bar.finish_and_clear();
        self.ticker = None;
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
