//! What depends on how many requests there were: maintenance, pace, and lists that move.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use hyper::{StatusCode, header};

use super::Variation;
use crate::reference::problem::Refusal;
use crate::reference::route::Kind;
use crate::reference::store::AlertConfigs;
use crate::reference::world::World;

/// Of so many requests, one is not served.
const UNAVAILABLE_EVERY: u64 = 37;
/// The time that a slow answer takes.
const SLOW: Duration = Duration::from_millis(12);
/// After so many reads, a moving list moves.
const READS_A_MOVE: u64 = 6;
/// So often a moving list moves; then it stands still.
const MOVES: u64 = 8;

/// How long a change may take to be seen.
pub(crate) const DELAY: TimeDelta = TimeDelta::seconds(2);

/// Counters of one server.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    requests: AtomicU64,
    entities: AtomicU64,
    reads: AtomicU64,
}

impl Traffic {
    /// Counts an entity that is told.
    pub(super) fn next_entity(&self) -> u64 {
        self.entities.fetch_add(1, Ordering::Relaxed)
    }

    /// How many records a moving list lacks at one of its ends; counts a read of it.
    fn moved(&self) -> usize {
        let moves = (self.reads.fetch_add(1, Ordering::Relaxed) / READS_A_MOVE).min(MOVES);
        usize::try_from(moves).unwrap_or(0)
    }
}

/// Makes a request wait, or turns it away, before anything is known of it.
pub(crate) async fn interrupt(world: &World) -> Result<(), Refusal> {
    if world.behaviour.takes(Variation::Slow) {
        tokio::time::sleep(SLOW).await;
    }
    let serial = world.traffic.requests.fetch_add(1, Ordering::Relaxed);
    if world.behaviour.takes(Variation::Unavailable) && serial % UNAVAILABLE_EVERY == UNAVAILABLE_EVERY - 1 {
        let refusal = Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "Under maintenance for a moment.");
        return Err(refusal.with_header(header::RETRY_AFTER, "1"));
    }
    Ok(())
}

/// The records of a list, as many as there are by now: events alone come and go.
pub(crate) fn present<'r, R>(world: &World, kind: Kind, records: &'r [R]) -> &'r [R] {
    let most = usize::try_from(MOVES).unwrap_or(0);
    if kind != Kind::Event || records.len() <= most {
        return records;
    }
    if world.behaviour.takes(Variation::ListGrows) {
        return &records[most - world.traffic.moved()..];
    }
    if world.behaviour.takes(Variation::ListShrinks) {
        return &records[..records.len() - world.traffic.moved()];
    }
    records
}

/// The documents as a read sees them.
pub(crate) fn seen(world: &World, configs: &AlertConfigs) -> AlertConfigs {
    let late = world.behaviour.takes(Variation::SeenLate)
        || (world.behaviour.takes(Variation::SeenUnevenly) && world.order().bool());
    configs.seen(world.now(), if late { DELAY } else { TimeDelta::zero() })
}

/// The documents as a change finds them; what there was may be seen for a while.
pub(crate) fn changing(world: &World, configs: &mut AlertConfigs) -> AlertConfigs {
    remember(world, configs);
    configs.seen(world.now(), TimeDelta::zero())
}

/// Keeps what reads may still see, before a change.
pub(crate) fn remember(world: &World, configs: &mut AlertConfigs) {
    if world.behaviour.takes(Variation::SeenLate) || world.behaviour.takes(Variation::SeenUnevenly) {
        configs.remember(world.now(), DELAY);
    }
}
