//! A wish to end a run early: no further case begins, those that run are cut short and still clean up.

use std::sync::Arc;

use tokio::sync::watch;

/// Asks a run to stop; clones ask the same run.
#[derive(Clone, Debug)]
pub struct Stop {
    asked: Arc<watch::Sender<Asked>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    No,
    Yes,
}

impl Stop {
    /// Nobody has asked so far.
    pub(super) fn new() -> Self {
        Self { asked: Arc::new(watch::Sender::new(Asked::No)) }
    }

    /// Asks the run to stop. It cannot be taken back.
    pub fn ask(&self) {
        self.asked.send_replace(Asked::Yes);
    }

    /// Whether somebody has asked.
    pub(super) fn is_asked(&self) -> bool {
        *self.asked.borrow() == Asked::Yes
    }

    /// Returns once somebody has asked.
    pub(super) async fn asked(&self) {
        // The sender lives in `self`, so that the wait cannot fail.
        let _ = self.asked.subscribe().wait_for(|asked| *asked == Asked::Yes).await;
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
}
