//! Browses a target from its root by links, and fills in what a target file leaves out.
//!
//! The one door is [`discover`]. It sends GET alone, one request after the other, never leaves the target's origin nor
//! its root, follows no link twice and stops at its [`Bounds`]. The same answers give the same [`Discovery`]. It judges
//! nothing: what it saw is handed on for that.

mod browse;
mod choose;
mod file;
mod fill;
mod frontier;
mod look;
mod settle;

use std::time::Duration;

use url::Url;

use crate::client::{Patience, Worker};
use crate::clock::Clock;
use crate::exchange::{Exchange, Obstacle};
use crate::target::Target;

pub use self::browse::Ended;
pub use self::choose::Found;
pub use self::file::{Origin, target_file, target_file_below};

/// How far browsing goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The most requests.
    pub requests: usize,
    /// The most links between the root and what is read.
    pub depth: usize,
    /// The time after which no further request is sent.
    pub time: Duration,
}

impl Default for Bounds {
    /// Enough for an API of a few dozen kinds of resources.
    fn default() -> Self {
        Self { requests: 300, depth: 8, time: Duration::from_mins(1) }
    }
}

/// How far browsing is.
#[derive(Debug)]
pub struct Sight<'a> {
    /// What is asked for.
    pub url: &'a Url,
    /// How many requests were sent before.
    pub requests: usize,
    /// How many links wait to be followed.
    pub ahead: usize,
}

/// What browsing came to.
#[derive(Debug)]
pub struct Discovery {
    /// What a tester must know.
    pub found: Found,
    /// All that crossed the wire, in order.
    pub exchanges: Vec<Exchange>,
    /// How many different resources were read.
    pub resources: usize,
    /// Why it ended.
    pub ended: Ended,
}

/// Browses a target as its user `owner` and tells `tell` about each request. Fails where the root gives no answer.
pub async fn discover(
    worker: &mut Worker,
    target: &Target,
    (clock, patience): (&Clock, &Patience),
    bounds: Bounds,
    tell: &mut (dyn FnMut(&Sight<'_>) + Send),
) -> Result<Discovery, Obstacle> {
    let mut browser = browse::Browser::new(worker, target, (clock, patience), bounds, tell);
    browser.browse().await?;
    let found = settle::settle(&mut browser).await;
    Ok(browser.finish(found))
}
