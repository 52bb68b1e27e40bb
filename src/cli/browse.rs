//! Browses a target before it is judged or described, and shows how far that is.

use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use url::Url;

use crate::client::{Client, Patience};
use crate::clock::Clock;
use crate::discover::{Bounds, Discovery, Ended, Found, Sight, discover};
use crate::exchange::Obstacle;
use crate::report::counted;
use crate::run::{Counted, Rate};
use crate::target::Target;

use super::interrupt::unless_interrupted;
use super::output::Output;
use super::{Failure, reach};

/// Bounds of browsing.
#[derive(Clone, Debug, Args)]
pub(super) struct BrowseArgs {
    /// The most requests that browsing sends
    #[arg(help_heading = "Browsing", long = "browse-requests", value_name = "N", default_value_t = Bounds::default().requests, value_parser = positive)]
    requests: usize,
    /// The most links between the root and what browsing reads
    #[arg(help_heading = "Browsing", long = "browse-depth", value_name = "N", default_value_t = Bounds::default().depth, value_parser = positive)]
    depth: usize,
    /// The time that browsing takes at the most
    #[arg(help_heading = "Browsing", long = "browse-time", value_name = "DURATION", default_value = "60s", value_parser = super::quantity::duration)]
    time: Duration,
}

impl BrowseArgs {
    pub(super) fn bounds(&self) -> Bounds {
        Bounds { requests: self.requests, depth: self.depth, time: self.time }
    }
}

/// Browses a target that can be reached, and tells what that came to. A root that sends on to the same place with or
/// without a slash at its end is taken for what it sends on to.
pub(super) async fn browse(
    target: &mut Target,
    bounds: Bounds,
    rate: Option<Rate>,
    patience: &Patience,
    output: &Output,
) -> Result<Discovery, Failure> {
    let clock = Clock::real();
    let client = Client::new(target, clock.clone()).map_err(|error| Failure::Usage(error.to_string()))?;
    let client = rate.map_or(client.clone(), |rate| client.pacing(rate.between()));
    let mut worker = client.worker();
    let reached = unless_interrupted(reach::reach(&mut worker, target, output)).await?;
    if let Some(root) = reach::moved_root(&reached, target) {
        output.tell(&format!("note: {} leads to {root}, which is taken for the root", target.base_url));
        target.base_url = root;
    } else {
        reach::tell_redirect(&reached, target, output);
    }
    let target = &*target;
    let bar = bar(output, bounds);
    let mut tell = |sight: &Sight<'_>| {
        bar.set_position(sight.requests as u64);
        bar.set_message(format!("{} ahead  {}", sight.ahead, sight.url));
    };
    let discovering = Box::pin(discover(&mut worker, target, (&clock, patience), bounds, &mut tell));
    let browsed = unless_interrupted(async { Ok(discovering.await) }).await;
    bar.finish_and_clear();
    let discovery = browsed?.map_err(|obstacle| {
        let advice = reach::advice(&obstacle, target);
        Failure::Target(obstacle, advice)
    })?;
    output.tell(&summary(&discovery, bounds));
    let exchanges = reached.into_iter().chain(discovery.exchanges).collect();
    Ok(Discovery { exchanges, ..discovery })
}

/// Refuses a target without a root to begin at: where nothing else is known, nothing can be found.
pub(super) fn need_root(discovery: &Discovery, target: &Target) -> Result<(), Failure> {
    if discovery.found.root {
        return Ok(());
    }
    let reason = format!("the root {} cannot be read, so nothing can be browsed from there", target.base_url);
    Err(Failure::Target(Obstacle::Unsendable { reason }, "is --url right, and may --user read it?".to_owned()))
}

/// The lists that browsing counted, as far as the target's parameters are what it found.
pub(super) fn lists_counted(found: &Found, target: &Target) -> Vec<Counted> {
    let empty = found.empty.as_ref().map(|path| ("list.empty", path, 0));
    let exact = found.exact.as_ref().map(|(path, items)| ("list.exact", path, *items));
    let root = target.base_url.as_str().trim_end_matches('/');
    let url = |path: &str| Url::parse(&format!("{root}{path}")).ok();
    let stated = |need: &str| target.parameters.get("list")?.get(need.strip_prefix("list.")?)?.as_str();
    let lists = empty.into_iter().chain(exact);
    let lists = lists.filter(|(need, path, _)| stated(need) == Some(path.replace('{', "{{").as_str()));
    lists.filter_map(|(need, path, items)| Some(Counted { need, url: url(path)?, items })).collect()
}

fn bar(output: &Output, bounds: Bounds) -> ProgressBar {
    if !output.is_watched() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(bounds.requests as u64), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("browsing {pos} of at most {len} requests {elapsed} {wide_msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

fn summary(discovery: &Discovery, bounds: Bounds) -> String {
    let found = &discovery.found;
    let read = counted(discovery.resources, "resource");
    let (lists, entities) = (counted(found.lists.len(), "kind"), counted(found.entities.len(), "kind"));
    let text = format!("browsing read {read}: {lists} of lists, {entities} of entities");
    match why(discovery.ended, bounds) {
        Some(why) => format!("{text}; it ended early: {why}"),
        None => text,
    }
}

fn why(ended: Ended, bounds: Bounds) -> Option<String> {
    match ended {
        Ended::Complete => None,
        Ended::Requests => Some(format!("--browse-requests {}", bounds.requests)),
        Ended::Time => Some(format!("--browse-time {}s", bounds.time.as_secs_f64())),
        Ended::Size => Some("the responses are too large to remember more of them".to_owned()),
        Ended::Silence => Some("the target stopped answering".to_owned()),
    }
}

fn positive(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| (1..=100_000).contains(number)).ok_or_else(|| "not in 1..=100000".to_owned())
}
