//! What a run has created at its target: written down before the request is sent, and deleted in any event.

use std::borrow::Cow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use url::Url;

use crate::client::Worker;
use crate::exchange::{Exchange, Obstacle, Request};
use crate::record::{Creating, Creations, Fate, Left, Line};
use crate::suite::Selector;
use crate::suite::vocabulary::OWNER;

use super::engine::Engine;

/// What a run has created.
#[derive(Debug, Default)]
pub(super) struct Belongings {
    creations: Mutex<Creations>,
    next: AtomicU64,
}

impl Belongings {
    fn lock(&self) -> std::sync::MutexGuard<'_, Creations> {
        self.creations.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Engine {
    /// Writes down a request that may create something; returns its number. What cannot be written down is not sent.
    pub(super) fn begin_creation(&self, case: &str, request: &Request) -> Result<Option<u64>, Obstacle> {
        if self.is_replay() || request.method != "POST" || !self.target.same_origin(&request.url) {
            return Ok(None);
        }
        let number = self.belongings.next.fetch_add(1, Ordering::Relaxed) + 1;
        let creating = Creating {
            number,
            case: self.redaction.text(case),
            method: request.method.clone(),
            url: self.redaction.text(request.url.as_str()),
            user: request.user.clone(),
        };
        self.diary.write(&Line::Creating(Cow::Borrowed(&creating))).map_err(|error| Obstacle::Unsendable {
            reason: format!("what it may create cannot be written into the journal: {error}"),
        })?;
        self.belongings.lock().begin(creating);
        Ok(Some(number))
    }

    /// Learns from the answer to a request: what it created, or what it deleted.
    pub(super) fn learn_of(&self, creation: Option<u64>, answer: &Exchange) {
        if self.is_replay() {
            return;
        }
        if let Some(number) = creation {
            self.settle(number, self.fate(answer));
        } else if answer.request.method == "DELETE" {
            self.learn_of_deletion(answer);
        }
    }

    /// Notes that a request that might have created something was never sent.
    pub(super) fn forget(&self, creation: u64) {
        self.settle(creation, Fate::Refused);
    }

    fn fate(&self, answer: &Exchange) -> Fate {
        let status = self.judge.told_status(answer);
        if !(200..300).contains(&status) {
            return Fate::Refused;
        }
        let url = self.judge.save(&Selector::Location, answer, &self.scope());
        Fate::Created { status, url: url.and_then(|url| Some(self.redaction.text(url.as_str()?))) }
    }

    fn learn_of_deletion(&self, answer: &Exchange) {
        let status = self.judge.told_status(answer);
        let gone = matches!(status, 200..300 | 404 | 410);
        let unsupported = matches!(status, 405 | 501);
        let deleted = self.judge.identity(&answer.request.url);
        let is_it = |left: &Left| left_url(left).is_some_and(|url| self.judge.identity(&url) == deleted);
        for left in self.left().iter().filter(|left| is_it(left)) {
            if gone {
                self.settle(left.creating.number, Fate::Deleted);
            } else if unsupported && left.status == Some(202) {
                self.settle(left.creating.number, Fate::Kept);
            }
        }
    }

    fn settle(&self, number: u64, fate: Fate) {
        self.belongings.lock().settle(number, fate.clone());
        // What cannot be written is asked for again by a cleanup, which does no harm.
        let _ = self.diary.write(&Line::Settled { number, fate });
    }

    /// What the run has created and not deleted so far, the newest first.
    pub(super) fn left(&self) -> Vec<Left> {
        self.belongings.lock().left()
    }

    /// The same of one case.
    pub(super) fn left_of(&self, case: &str) -> Vec<Left> {
        let case = self.redaction.text(case);
        self.left().into_iter().filter(|left| left.creating.case == case).collect()
    }

    /// Deletes what is left where that is known to be the run's own; returns the exchanges.
    pub(super) async fn delete(&self, left: &[Left], worker: &mut Worker) -> Vec<Exchange> {
        let mut exchanges = Vec::new();
        for left in left {
            let Some(url) = left_url(left).filter(|url| self.is_own(left, url)) else { continue };
            if self.hearing.check(&url).is_err() {
                break;
            }
            let request = Request { user: self.deleting_user(left), ..Request::new("DELETE", url) };
            let sent = worker.send(request).await;
            self.hearing.learn(&sent);
            if let Some(answer) = sent.exchanges.last().filter(|_| sent.obstacle.is_none()) {
                self.learn_of(None, answer);
            }
            exchanges.extend(sent.exchanges);
        }
        exchanges
    }

    /// Whether a URL that the target gave lies below the one that the request went to: a wrong one may be anybody's.
    fn is_own(&self, left: &Left, url: &Url) -> bool {
        let Ok(list) = Url::parse(&left.creating.url) else { return false };
        self.target.same_origin(url) && self.judge.lies_in(url, &list)
    }

    pub(super) fn deleting_user(&self, left: &Left) -> Option<String> {
        let owner = self.target.users.contains_key(OWNER).then(|| OWNER.to_owned());
        owner.or_else(|| left.creating.user.clone())
    }
}

/// Where something is that was left.
pub(super) fn left_url(left: &Left) -> Option<Url> {
    left.url.as_deref().and_then(|url| Url::parse(url).ok())
}
