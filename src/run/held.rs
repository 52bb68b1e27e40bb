//! How much a case may keep of what the target sends: answers are held until the case is judged, and a target may send
//! without end.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::exchange::{Exchange, Obstacle};

/// What one case holds of answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Held {
    bytes: usize,
    /// About how many JSON values: each takes many times its own bytes while it is judged.
    values: usize,
}

/// Cases that hold no more are no concern of each other's.
const SMALL: Held = Held { bytes: 1024 * 1024, values: 50_000 };
/// No case holds more.
const MOST: Held = Held { bytes: 16 * 1024 * 1024, values: 400_000 };

impl Held {
    fn is_above(self, limit: Self) -> bool {
        self.bytes > limit.bytes || self.values > limit.values
    }

    fn add(&mut self, exchange: &Exchange) {
        let body = &exchange.response.body;
        self.bytes += body.len();
        self.values += body.iter().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count();
    }
}

/// Lets one case of a run at a time hold much.
#[derive(Clone, Debug)]
pub(super) struct Large(Arc<Semaphore>);

impl Default for Large {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

/// What one case holds, and its turn to hold much.
#[derive(Debug)]
pub(super) struct Holding {
    large: Large,
    held: Held,
    turn: Option<OwnedSemaphorePermit>,
}

impl Holding {
    /// Of a case that holds nothing so far.
    pub(super) fn new(large: &Large) -> Self {
        Self { large: large.clone(), held: Held::default(), turn: None }
    }

    /// Takes new exchanges into account, and waits for this case's turn if it holds much. Refuses what is too much.
    pub(super) async fn take(&mut self, exchanges: &[Exchange]) -> Result<(), Obstacle> {
        for exchange in exchanges {
            self.held.add(exchange);
        }
        if self.held.is_above(SMALL) && self.turn.is_none() {
            // The semaphore is never closed; without a turn the case would go on all the same.
            self.turn = Arc::clone(&self.large.0).acquire_owned().await.ok();
        }
        if self.held.is_above(MOST) {
            let (bytes, values) = (MOST.bytes / (1024 * 1024), MOST.values);
            let reason =
                format!("the answers of this case are too much to be kept: more than {bytes} MiB or {values} values");
            return Err(Obstacle::Unsendable { reason });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use url::Url;

    use super::*;
    use crate::exchange::{Request, Response, Role};

    fn answer(body: Vec<u8>) -> Exchange {
        Exchange {
            request: Request::new("GET", Url::parse("http://127.0.0.1/").unwrap()),
            response: Response { body, ..Response::default() },
            started: chrono::DateTime::UNIX_EPOCH,
            duration: Duration::ZERO,
            role: Role::Asked,
        }
    }

    #[tokio::test]
    async fn only_one_case_at_a_time_holds_much() {
        let large = Large::default();
        let much = [answer(vec![b'x'; SMALL.bytes + 1])];
        let (mut first, mut second) = (Holding::new(&large), Holding::new(&large));
        assert_eq!(first.take(&much).await, Ok(()));
        assert_eq!(second.take(&[answer(vec![b'x'; SMALL.bytes])]).await, Ok(()), "little is nobody's concern");
        let waiting = tokio::time::timeout(Duration::from_millis(20), second.take(&much)).await;
        assert!(waiting.is_err(), "the first one still holds much");
        drop(first);
        assert_eq!(second.take(&[]).await, Ok(()));
        assert!(second.turn.is_some());
    }

    #[tokio::test]
    async fn too_much_is_refused_in_bytes_and_in_values() {
        for body in [vec![b'x'; MOST.bytes + 1], vec![b','; MOST.values + 1]] {
            let refused = Holding::new(&Large::default()).take(&[answer(body)]).await.unwrap_err().to_string();
            assert!(refused.contains("more than 16 MiB or 400000 values"), "{refused}");
        }
    }
}
