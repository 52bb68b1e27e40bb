//! Sends the requests of a test over the network, or takes their responses from a recording.

use super::Agent;
use super::recording::{Call, Purpose, Recording, Sent};
use super::replay::Replay;
use crate::exchange::Request;

/// Sends requests one after the other.
pub struct Worker {
    transport: Transport,
    recording: Option<Recording>,
    purpose: Purpose,
}

/// Where the responses come from.
enum Transport {
    /// From the target.
    Network(Box<Agent>),
    /// From a recording.
    Replay(Replay),
}

impl Worker {
    pub(super) fn of(agent: Agent) -> Self {
        Self { transport: Transport::Network(Box::new(agent)), recording: None, purpose: Purpose::Other }
    }

    /// A worker that sends nothing and gives recorded responses.
    pub fn replaying(replay: Replay) -> Self {
        Self { transport: Transport::Replay(replay), recording: None, purpose: Purpose::Other }
    }

    /// Sends a request by its user, however many exchanges that takes.
    pub async fn send(&mut self, request: Request) -> Sent {
        let recorded = self.recording.is_some().then(|| request.clone());
        let sent = match &mut self.transport {
            Transport::Network(agent) => agent.send(request).await,
            Transport::Replay(replay) => replay.send(&request),
        };
        if let (Some(recording), Some(request)) = (&mut self.recording, recorded) {
            recording.calls.push(Call { request, sent: sent.clone(), purpose: self.purpose });
        }
        sent
    }

    /// Why the responses that this worker brought since the last release must not become more, if so.
    pub fn excess(&self) -> Option<String> {
        match &self.transport {
            Transport::Network(agent) => agent.memory.excess(),
            Transport::Replay(_) => None,
        }
    }

    /// Gives back the memory of all responses so far: they are dropped, or somebody else counts them.
    pub fn release(&mut self) {
        if let Transport::Network(agent) = &mut self.transport {
            agent.memory.release();
        }
    }

    /// Begins a new recording; what was recorded before is dropped.
    pub fn record(&mut self) {
        self.recording = Some(Recording::default());
        self.purpose = Purpose::Other;
    }

    /// Whether it records what it sends.
    pub fn is_recording(&self) -> bool {
        self.recording.is_some()
    }

    /// Says what the responses to the requests from now on are for.
    pub fn sends_for(&mut self, purpose: Purpose) {
        self.purpose = purpose;
    }

    /// Ends the recording, if there is one, and gives it.
    pub fn take_recording(&mut self) -> Option<Recording> {
        self.recording.take()
    }

    /// The number of the recorded call that comes next.
    pub fn position(&self) -> usize {
        match &self.transport {
            Transport::Network(_) => 0,
            Transport::Replay(replay) => replay.position(),
        }
    }

    /// Whether a request was sent to which the recording has no response.
    pub fn went_astray(&self) -> bool {
        match &self.transport {
            Transport::Network(_) => false,
            Transport::Replay(replay) => replay.went_astray(),
        }
    }
}
