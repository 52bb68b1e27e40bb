//! A wish to end a run early. No further case begins; those that run are cut short, or come to their own end, and clean
//! up in any event.

use std::sync::Arc;

use tokio::sync::watch;

/// Asks a run to stop; clones ask the same run.
#[derive(Clone, Debug)]
pub struct Stop {
    asked: Arc<watch::Sender<Asked>>,
}

/// What was asked for. The order is that of urgency: the more urgent wish stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Asked {
    /// Nothing.
    Nothing,
    /// No further case begins.
    BeginNoMore,
    /// And those that run are cut short.
    CutShort,
}

impl Stop {
    /// Nobody has asked so far.
    pub(super) fn new() -> Self {
        Self { asked: Arc::new(watch::Sender::new(Asked::Nothing)) }
    }

    /// Asks the run to stop. It cannot be taken back.
    pub fn ask(&self) {
        self.wish(Asked::CutShort);
    }

    /// Asks the run to begin no further case.
    pub(super) fn begin_no_more(&self) {
        self.wish(Asked::BeginNoMore);
    }

    fn wish(&self, wish: Asked) {
        self.asked.send_modify(|asked| *asked = wish.max(*asked));
    }

    /// Whether what runs is to be cut short.
    pub fn is_asked(&self) -> bool {
        *self.asked.borrow() == Asked::CutShort
    }

    /// Returns once what runs is to be cut short.
    pub(super) async fn asked(&self) {
        self.reached(Asked::CutShort).await;
    }

    /// Returns once no further case may begin.
    pub(super) async fn no_more(&self) {
        self.reached(Asked::BeginNoMore).await;
    }

    async fn reached(&self, wish: Asked) {
        // The sender lives in `self`, so that the wait cannot fail.
        let _ = self.asked.subscribe().wait_for(|asked| *asked >= wish).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_hears_of_it_before_and_after() {
        let stop = Stop::new();
        assert!(!stop.is_asked());
        let ((), ()) = tokio::join!(stop.asked(), async { stop.clone().ask() });
        stop.asked().await;
        assert!(stop.is_asked());
    }

    #[tokio::test]
    async fn who_begins_no_more_still_finishes_what_runs() {
        let stop = Stop::new();
        stop.begin_no_more();
        stop.no_more().await;
        assert!(!stop.is_asked());
        stop.ask();
        stop.begin_no_more();
        assert!(stop.is_asked(), "the more urgent wish stays");
    }
}
