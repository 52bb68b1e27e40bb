//! Follows links, one request after the other, and remembers what was seen.

use std::time::{Duration, Instant};

use url::Url;

use super::choose::Found;
use super::frontier::{Ahead, Frontier};
use super::look::Look;
use super::{Bounds, Discovery, Sight};
use crate::client::{Patience, Worker};
use crate::clock::Clock;
use crate::exchange::{Exchange, Obstacle, Request, Role};
use crate::suite::vocabulary::OWNER;
use crate::target::Target;

/// So many requests in a row without an answer are enough.
const SILENT: usize = 3;
/// The wait before a service that is unavailable for a moment is asked once more.
const MOMENT: Duration = Duration::from_millis(500);
/// After so long a rate limit lets requests pass again.
const WINDOW: Duration = Duration::from_mins(1);

/// Why browsing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Every link was followed that was to be.
    Complete,
    /// The bound of requests was reached.
    Requests,
    /// The bound of time was reached.
    Time,
    /// The answers were larger than what is remembered.
    Size,
    /// The target stopped answering.
    Silence,
}

/// A resource that was read.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) url: Url,
    /// Path and query below the root.
    pub(super) path: String,
    /// What is alike in the URLs of all such resources.
    pub(super) kind: String,
    pub(super) status: u16,
    pub(super) look: Look,
}

/// Somebody who browses.
pub(super) struct Browser<'a> {
    worker: &'a mut Worker,
    bounds: Bounds,
    clock: &'a Clock,
    patience: &'a Patience,
    tell: &'a mut (dyn FnMut(&Sight<'_>) + Send),
    pub(super) frontier: Frontier,
    pub(super) pages: Vec<Page>,
    pub(super) page_maximum: u64,
    /// Paths of lists that a run writes to.
    pub(super) written: Vec<String>,
    root: Url,
    exchanges: Vec<Exchange>,
    begun: Instant,
    sent: usize,
    unanswered: usize,
    ended: Ended,
}

/// How long to wait before asking again who answered 429 or 503: as long as that says, up to a minute.
fn put_off(answer: &Exchange) -> Duration {
    let received = answer.started + answer.duration;
    let unstated = if answer.response.status == 429 { WINDOW } else { MOMENT };
    answer.response.retry_after(received).unwrap_or(unstated).min(WINDOW)
}

impl<'a> Browser<'a> {
    pub(super) fn new(
        worker: &'a mut Worker,
        target: &Target,
        (clock, patience): (&'a Clock, &'a Patience),
        bounds: Bounds,
        tell: &'a mut (dyn FnMut(&Sight<'_>) + Send),
    ) -> Self {
        Self {
            worker,
            bounds,
            clock,
            patience,
            tell,
            frontier: Frontier::new(&target.base_url, bounds.depth),
            pages: Vec::new(),
            page_maximum: target.limits.page_maximum,
            written: target.written_lists(),
            root: target.base_url.clone(),
            exchanges: Vec::new(),
            begun: Instant::now(),
            sent: 0,
            unanswered: 0,
            ended: Ended::Complete,
        }
    }

    /// Follows every link that is to be followed. Fails where the root gives no answer.
    pub(super) async fn browse(&mut self) -> Result<(), Obstacle> {
        while let Some(ahead) = self.frontier.next() {
            match self.visit(&ahead).await {
                Err(obstacle) if ahead.url == self.root => return Err(obstacle),
                // What gives no answer leads no further.
                Ok(true) | Err(_) if self.ended == Ended::Complete => {}
                Ok(_) | Err(_) => break,
            }
        }
        Ok(())
    }

    /// Reads what a link leads to, unless a bound was reached.
    async fn visit(&mut self, ahead: &Ahead) -> Result<bool, Obstacle> {
        let Some(number) = self.read(&ahead.url).await? else { return Ok(false) };
        let response = &self.exchanges[number].response;
        let look = Look::at(&ahead.url, response);
        let status = response.status;
        for item in &look.items {
            self.frontier.learn_id(item);
        }
        for link in &look.links {
            self.frontier.offer(link.clone(), ahead.depth);
        }
        let path = self.frontier.path(&ahead.url).unwrap_or_default();
        let kind = self.frontier.kind(&ahead.url);
        self.pages.push(Page { url: ahead.url.clone(), path, kind, status, look });
        Ok(true)
    }

    /// What is read at a URL now, whatever was read before; nothing where a bound was reached or nothing came.
    pub(super) async fn look_again(&mut self, url: &Url) -> Option<Look> {
        let number = self.read(url).await.ok()??;
        Some(Look::at(url, &self.exchanges[number].response))
    }

    /// The number of the exchange that answers, or nothing where a bound was reached.
    async fn read(&mut self, url: &Url) -> Result<Option<usize>, Obstacle> {
        let Some(number) = self.send(url).await? else { return Ok(None) };
        let answer = &self.exchanges[number];
        let role = match answer.response.status {
            429 => Role::Throttled,
            503 => Role::Retried,
            _ => return Ok(Some(number)),
        };
        let wait = put_off(answer);
        if !self.patience.allows(wait, self.clock.now()) {
            return Ok(Some(number));
        }
        let Some(wait) = self.time_left().map(|left| wait.min(left)) else { return Ok(None) };
        self.exchanges[number].role = role;
        self.clock.sleep(wait).await;
        let again = self.send(url).await?;
        if again.is_some_and(|number| ![429, 503].contains(&self.exchanges[number].response.status)) {
            self.patience.helped();
        }
        Ok(again)
    }

    async fn send(&mut self, url: &Url) -> Result<Option<usize>, Obstacle> {
        let Some(left) = self.time_left() else { return Ok(None) };
        (self.tell)(&Sight { url, requests: self.sent, ahead: self.frontier.waiting() });
        let request = Request { user: Some(OWNER.to_owned()), ..Request::new("GET", url.clone()) };
        let Ok(sent) = tokio::time::timeout(left, self.worker.send(request)).await else {
            self.ended = Ended::Time;
            return Ok(None);
        };
        self.sent += sent.exchanges.len().max(1);
        self.exchanges.extend(sent.exchanges);
        if let Some(obstacle) = sent.obstacle {
            self.unanswered += 1;
            if self.unanswered >= SILENT {
                self.ended = Ended::Silence;
            }
            return Err(obstacle);
        }
        self.unanswered = 0;
        Ok(self.exchanges.len().checked_sub(1))
    }

    /// The time until the bound, or nothing if a bound was reached.
    fn time_left(&mut self) -> Option<Duration> {
        let left = self.bounds.time.checked_sub(self.begun.elapsed()).filter(|left| !left.is_zero());
        self.ended = match (self.ended, left) {
            (Ended::Complete, None) => Ended::Time,
            (Ended::Complete, _) if self.sent >= self.bounds.requests => Ended::Requests,
            (Ended::Complete, _) if self.worker.excess().is_some() => Ended::Size,
            (ended, _) => ended,
        };
        left.filter(|_| self.ended == Ended::Complete)
    }

    /// What browsing came to.
    pub(super) fn finish(self, found: Found) -> Discovery {
        let Self { exchanges, pages, ended, .. } = self;
        Discovery { found, exchanges, resources: pages.len(), ended }
    }
}
