//! Gives recorded responses in place of a target, some of them altered.

use std::sync::Arc;
use std::time::Duration;

use super::recording::{Recording, Sent};
use crate::clock::Clock;
use crate::exchange::{Exchange, Obstacle, Request, Response, Role};

/// How many requests a replay answers beyond twice those that were recorded.
const MORE: usize = 100;

/// A recording that is played again. The same requests in the same order get the same responses. A test that takes
/// another way because of an altered response gets the recorded response to the same request, the next one first. A
/// request that was never recorded gets none.
#[derive(Debug)]
pub struct Replay {
    recording: Arc<Recording>,
    /// Responses that stand in the place of recorded ones, by the number of the call.
    altered: Vec<(usize, Arc<Response>)>,
    clock: Clock,
    next: usize,
    sent: usize,
    is_astray: bool,
}

impl Replay {
    /// A replay from this call on, which turns this clock to the end of each exchange.
    pub fn new(recording: Arc<Recording>, altered: Vec<(usize, Arc<Response>)>, clock: Clock, next: usize) -> Self {
        Self { recording, altered, clock, next, sent: 0, is_astray: false }
    }

    /// The number of the call that comes next.
    pub(super) fn position(&self) -> usize {
        self.next
    }

    /// What came of a request when it was recorded.
    pub(super) fn send(&mut self, request: &Request) -> Sent {
        self.sent += 1;
        let is_endless = self.sent > self.recording.calls.len() * 2 + MORE;
        let Some(number) = self.find(request).filter(|_| !is_endless) else {
            self.is_astray = true;
            let reason = format!("{} {} is not in the recording", request.method, request.url);
            return Sent { exchanges: Vec::new(), obstacle: Some(Obstacle::Unsendable { reason }) };
        };
        self.next = self.next.max(number + 1);
        let mut sent = self.recording.calls[number].sent.clone();
        if let Some(last) = sent.exchanges.last() {
            self.clock.turn_to(last.ended());
        }
        if let Some((_, response)) = self.altered.iter().find(|(altered, _)| *altered == number) {
            let answer = Exchange {
                response: Response::clone(response),
                ..sent.exchanges.pop().unwrap_or_else(|| self.answered(request))
            };
            sent = Sent { exchanges: sent.exchanges.into_iter().chain([answer]).collect(), obstacle: None };
        }
        sent
    }

    /// The exchange of a request that got no response when it was recorded.
    fn answered(&self, request: &Request) -> Exchange {
        Exchange {
            request: request.clone(),
            response: Response::default(),
            started: self.clock.now(),
            duration: Duration::ZERO,
            role: Role::Asked,
        }
    }

    /// The next call with this request, or else the last one before.
    fn find(&self, request: &Request) -> Option<usize> {
        let calls = &self.recording.calls;
        let next = (self.next..calls.len()).find(|number| calls[*number].request == *request);
        next.or_else(|| (0..self.next).rev().find(|number| calls[*number].request == *request))
    }

    pub(super) fn went_astray(&self) -> bool {
        self.is_astray
    }
}
