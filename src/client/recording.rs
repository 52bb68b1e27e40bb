//! What a test sent and what came of it, kept so that the test can be performed again without the target.

use crate::exchange::{Exchange, Obstacle, Request};

/// What came of a request.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The exchanges made, the challenges first. Without an obstacle the last one holds the response.
    pub exchanges: Vec<Exchange>,
    /// Why there is no response.
    pub obstacle: Option<Obstacle>,
}

/// A request of a test and what came of it.
#[derive(Clone, Debug)]
pub struct Call {
    /// The request as the test made it.
    pub request: Request,
    /// What came of it.
    pub sent: Sent,
    /// What the response is for.
    pub purpose: Purpose,
}

/// What the response to a request of a test is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// It is judged.
    Judged,
    /// Something of it is saved before anything is judged.
    Saved,
    /// It prepares, or it cleans up.
    #[default]
    Other,
}

impl Call {
    /// The exchange that holds the answer, if there is one.
    pub fn answer(&self) -> Option<&Exchange> {
        self.sent.exchanges.last().filter(|_| self.sent.obstacle.is_none())
    }
}

/// All requests of one try of a test, in the order in which they were sent.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    /// The requests.
    pub calls: Vec<Call>,
}
