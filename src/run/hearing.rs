//! Whether the target still answers: one that has gone silent is not asked to the end of the run.

use std::sync::atomic::{AtomicUsize, Ordering};

use url::Url;

use crate::client::Sent;
use crate::exchange::Obstacle;

/// So many requests in a row without an answer in time, of all workers together, are enough.
const ENOUGH: usize = 24;

/// How many requests in a row the target has left unanswered.
#[derive(Debug, Default)]
pub(super) struct Hearing {
    unanswered: AtomicUsize,
}

impl Hearing {
    /// Refuses what nobody would answer.
    pub(super) fn check(&self, url: &Url) -> Result<(), Obstacle> {
        if self.unanswered.load(Ordering::Relaxed) < ENOUGH {
            return Ok(());
        }
        let reason = format!("the target left {ENOUGH} requests in a row unanswered and is not asked any more");
        Err(Obstacle::Unreachable { url: url.to_string(), reason })
    }

    /// Learns from what came of a request to the target. Refused and broken connections cost no time and do not count.
    pub(super) fn learn(&self, sent: &Sent) {
        if !sent.exchanges.is_empty() {
            // Once it is enough it stays so: late answers do not make up for cases that went without.
            let _ = self
                .unanswered
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| (count < ENOUGH).then_some(0));
        } else if matches!(sent.obstacle, Some(Obstacle::TimedOut { .. })) {
            self.unanswered.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::exchange::{Exchange, Request, Response, Role};

    fn unanswered() -> Sent {
        let after = Duration::from_secs(1);
        Sent { exchanges: Vec::new(), obstacle: Some(Obstacle::TimedOut { url: String::new(), after }) }
    }

    fn answered(url: &Url) -> Sent {
        let exchange = Exchange {
            request: Request::new("GET", url.clone()),
            response: Response::default(),
            started: chrono::DateTime::UNIX_EPOCH,
            duration: Duration::ZERO,
            role: Role::Asked,
        };
        Sent { exchanges: vec![exchange], obstacle: None }
    }

    #[test]
    fn silence_in_a_row_is_enough_and_an_answer_in_between_starts_anew() {
        let url = Url::parse("http://127.0.0.1/").unwrap();
        let hearing = Hearing::default();
        let silent = |times: usize| (0..times).for_each(|_| hearing.learn(&unanswered()));
        silent(ENOUGH - 1);
        hearing.learn(&answered(&url));
        silent(ENOUGH - 1);
        assert_eq!(hearing.check(&url), Ok(()));
        silent(1);
        hearing.learn(&answered(&url));
        let refused = hearing.check(&url).unwrap_err().to_string();
        assert!(refused.contains("not asked any more"), "{refused}");
    }
}
