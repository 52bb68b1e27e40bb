//! Places for connections. When all are taken and another client comes, the connection that has been quiet for the longest
//! time gives way: no number of clients that connect and say nothing keeps the others out.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::Notify;
use tokio::time::Instant;

/// The places of all connections, in the order in which they were accepted. A place is free again once nobody holds it.
#[derive(Debug, Default)]
pub(crate) struct Places(Mutex<Vec<Weak<Place>>>);

/// The place of one connection.
#[derive(Debug)]
pub(crate) struct Place {
    standing: Mutex<Standing>,
    gives_way: Notify,
}

/// What a connection is doing.
#[derive(Clone, Copy, Debug)]
enum Standing {
    /// A request is being handled.
    Busy,
    /// Nothing was written since then; before the first response, since it was accepted.
    Quiet(Instant),
    /// It has been told to give way.
    Leaving,
}

impl Places {
    /// Takes a place for a connection that was just accepted.
    pub(crate) fn take(&self) -> Arc<Place> {
        let place = Arc::new(Place::new());
        let mut taken = locked(&self.0);
        taken.retain(|place| place.strong_count() > 0);
        taken.push(Arc::downgrade(&place));
        place
    }

    /// Tells the connection that has been quiet for the longest time to give way, if one is quiet.
    pub(crate) fn evict(&self) {
        let taken = locked(&self.0);
        let quiet = taken.iter().filter_map(Weak::upgrade).filter_map(|place| match *locked(&place.standing) {
            Standing::Quiet(since) => Some((since, Arc::clone(&place))),
            Standing::Busy | Standing::Leaving => None,
        });
        // Of several the first, which was accepted before the others.
        if let Some((_, place)) = quiet.min_by_key(|(since, _)| *since) {
            *locked(&place.standing) = Standing::Leaving;
            place.gives_way.notify_one();
        }
    }
}

impl Place {
    /// The place of a connection that has said nothing yet.
    pub(crate) fn new() -> Self {
        Self { standing: Mutex::new(Standing::Quiet(Instant::now())), gives_way: Notify::new() }
    }

    /// A request is being handled from now on.
    pub(crate) fn busy(&self) {
        *locked(&self.standing) = Standing::Busy;
    }

    /// The response is ready, or a part of it was written.
    pub(crate) fn wrote(&self) {
        *locked(&self.standing) = Standing::Quiet(Instant::now());
    }

    /// Returns when the connection is to give way.
    pub(crate) async fn given_up(&self) {
        self.gives_way.notified().await;
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the connection is told to give way.
    async fn leaves(place: &Place) -> bool {
        tokio::select! {
            biased;
            () = place.given_up() => true,
            () = std::future::ready(()) => false,
        }
    }

    #[tokio::test]
    async fn the_longest_quiet_gives_way_and_no_busy_one() {
        let places = Places::default();
        let mut held: Vec<Arc<Place>> = (0..3).map(|_| places.take()).collect();
        held[0].busy();
        places.evict();
        assert!(!leaves(&held[0]).await && leaves(&held[1]).await && !leaves(&held[2]).await);
        // One that was told already is not told again; what was written counts.
        held[0].wrote();
        places.evict();
        assert!(leaves(&held[2]).await && !leaves(&held[0]).await);
        drop(held.remove(2));
        assert_eq!(locked(&places.0).iter().filter_map(Weak::upgrade).count(), 2);
        held[0].busy();
        places.evict();
        assert!(!leaves(&held[0]).await);
    }
}
