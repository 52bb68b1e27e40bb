//! Sends one request of a case, with patience: a request refused with 429 was not executed and is sent again in the
//! next window; a service that is unavailable for a moment is asked again; so is one that closed the connection just
//! when a read was sent.

use std::time::Duration;

use crate::exchange::{Connection, Credentials, Exchange, Obstacle, Request, Role, is_safe};
use crate::record::Awaited;

use super::perform::{Performer, Stage};

/// How often a request is sent again.
const AGAIN: usize = 2;
/// The longest a `Retry-After` is obeyed.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// The longest wait within a burst.
const MOMENT: Duration = Duration::from_secs(1);
/// The wait where a 503 names none.
const SHORT_WAIT: Duration = Duration::from_millis(500);

/// Why a response puts the request off.
enum PutOff {
    Throttled,
    Unavailable(Duration),
}

impl Performer<'_> {
    /// Sends a request; returns the index of its answer in `exchanges`.
    pub(super) async fn send(&mut self, request: Request) -> Result<usize, Obstacle> {
        for tries in 0..AGAIN {
            let number = self.send_surely(request.clone()).await?;
            let Some(reason) = self.put_off(&self.exchanges[number]) else {
                return Ok(self.got_through(number, tries));
            };
            let (role, awaits, wait) = match reason {
                PutOff::Throttled => {
                    (Role::Throttled, Awaited::Throttled, self.engine.target_clock.until_next_window())
                }
                PutOff::Unavailable(wait) => (Role::Retried, Awaited::Unavailable, wait),
            };
            if !self.engine.patience.allows(wait, self.engine.clock.now()) {
                return Err(self.refused(&reason, number));
            }
            self.exchanges[number].role = role;
            self.throttled += usize::from(role == Role::Throttled);
            self.wait_for(awaits, wait).await?;
        }
        let number = self.send_surely(request).await?;
        let Some(reason) = self.put_off(&self.exchanges[number]) else { return Ok(self.got_through(number, AGAIN)) };
        self.engine.patience.give_up();
        Err(self.refused(&reason, number))
    }

    /// Notes that waiting helped, if there was any.
    fn got_through(&self, number: usize, waits: usize) -> usize {
        if waits > 0 {
            self.engine.patience.helped();
        }
        number
    }

    fn refused(&self, reason: &PutOff, number: usize) -> Obstacle {
        let url = self.exchanges[number].request.url.to_string();
        match reason {
            PutOff::Throttled => Obstacle::Throttled { url },
            PutOff::Unavailable(_) => Obstacle::Unavailable { url },
        }
    }

    /// Sends a request; once more if the connection was closed before an answer, which servers may do to an idle one at
    /// any moment (RFC 9112, section 9.3.1). There is no exchange of the first try: nothing was answered.
    async fn send_surely(&mut self, request: Request) -> Result<usize, Obstacle> {
        let again = self.may_resend(&request).then(|| request.clone());
        match (self.send_once(request).await, again) {
            (Err(Obstacle::Broken { .. }), Some(request)) => {
                self.resent += 1;
                self.send_once(request).await
            }
            (sent, _) => sent,
        }
    }

    /// Whether it does no harm that the target may see a request twice. Within a window every request counts.
    fn may_resend(&self, request: &Request) -> bool {
        is_safe(&request.method)
            && request.connection == Connection::Pooled
            && request.credentials == Credentials::Right
            && self.window.is_none()
    }

    /// Sends a request and takes the first answer.
    pub(super) async fn send_once(&mut self, request: Request) -> Result<usize, Obstacle> {
        let writes = !is_safe(&request.method);
        self.engine.hearing.check(&request.url)?;
        self.engine.let_log_in(&request)?;
        let at_home = self.engine.target.same_origin(&request.url);
        self.wait_politely(&request).await?;
        let creation = self.engine.begin_creation(self.id, &request)?;
        let url = request.url.clone();
        let sent = self.worker.send(request).await;
        if let (Some(number), Some(obstacle)) = (creation, &sent.obstacle)
            && was_never_sent(obstacle)
        {
            self.engine.forget(number);
        }
        self.note_challenges(&url, sent.exchanges.len().saturating_sub(1));
        if at_home {
            self.engine.hearing.learn(&sent);
        }
        for exchange in &sent.exchanges {
            self.engine.target_clock.observe(exchange);
        }
        self.exchanges.extend(sent.exchanges);
        if let Some(obstacle) = sent.obstacle {
            return Err(obstacle);
        }
        if let Some(reason) = self.worker.excess().filter(|_| self.stage != Stage::CleaningUp) {
            return Err(Obstacle::Unsendable { reason });
        }
        let number = self.exchanges.len().checked_sub(1).ok_or_else(|| Obstacle::Unsendable {
            reason: "the client brought neither a response nor a reason".to_owned(),
        })?;
        self.engine.learn_of(creation, &self.exchanges[number]);
        self.engine.note_refusal(&self.exchanges[number]);
        if writes && self.exchanges[number].response.status < 300 {
            self.last_write = Some(self.engine.clock.now());
        }
        Ok(number)
    }

    /// Sends a request of a burst, in which a 429 is an answer; a service that is unavailable for a moment is asked
    /// once more, and what it says then is the answer. A longer wait would end the window.
    pub(super) async fn send_in_burst(&mut self, request: Request) -> Result<(), Obstacle> {
        let number = self.send_once(request.clone()).await?;
        if let Some(PutOff::Unavailable(wait)) = self.put_off(&self.exchanges[number])
            && wait <= MOMENT
            && self.engine.patience.allows(wait, self.engine.clock.now())
        {
            self.exchanges[number].role = Role::Retried;
            self.wait_for(Awaited::Unavailable, wait).await?;
            self.send_once(request).await?;
        }
        Ok(())
    }

    fn put_off(&self, answer: &Exchange) -> Option<PutOff> {
        match self.engine.judge.told_status(answer) {
            429 if !self.expects_refusals() => Some(PutOff::Throttled),
            503 if is_safe(&answer.request.method) || answer.response.header("retry-after").is_some() => {
                let stated = answer.response.retry_after(answer.started + answer.duration);
                Some(PutOff::Unavailable(stated.unwrap_or(SHORT_WAIT).min(LONGEST_WAIT)))
            }
            _ => None,
        }
    }
}

/// Whether an obstacle stood before the request: the target has not seen it, and it can have no effect.
fn was_never_sent(obstacle: &Obstacle) -> bool {
    matches!(
        obstacle,
        Obstacle::Unreachable { .. }
            | Obstacle::Tls { .. }
            | Obstacle::NoLogin { .. }
            | Obstacle::Unsendable { .. }
            | Obstacle::ForeignOrigin { .. }
    )
}
