//! Ctrl-C and SIGTERM, as something to wait for.

use super::Failure;

/// The signals that ask a command to end.
pub(super) struct Interrupts {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 2],
}

impl Interrupts {
    /// Receives them from now on; until then they end the process.
    pub(super) fn receive() -> Result<Self, Failure> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let receive =
                |kind| signal(kind).map_err(|error| Failure::Machine(format!("signals cannot be received: {error}")));
            Ok(Self { signals: [receive(SignalKind::interrupt())?, receive(SignalKind::terminate())?] })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// Returns at the next one.
    pub(super) async fn next(&mut self) {
        #[cfg(unix)]
        {
            let [interrupt, terminate] = &mut self.signals;
            tokio::select! {
                _ = interrupt.recv() => (),
                _ = terminate.recv() => (),
            }
        }
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            // Nothing to wait for: no signal will ever come.
            std::future::pending().await
        }
    }
}

/// What work comes to that leaves nothing behind: an interrupt ends it at once.
pub(super) async fn unless_interrupted<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let mut interrupts = Interrupts::receive()?;
    tokio::select! {
        done = work => done,
        () = interrupts.next() => Err(Failure::Interrupted),
    }
}

/// The signal of a terminal that hangs up, by which servers are told to begin anew.
pub(super) struct Hangups {
    #[cfg(unix)]
    signal: tokio::signal::unix::Signal,
}

impl Hangups {
    /// Receives it from now on; until then it ends the process.
    pub(super) fn receive() -> Result<Self, Failure> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let signal = signal(SignalKind::hangup())
                .map_err(|error| Failure::Machine(format!("signals cannot be received: {error}")))?;
            Ok(Self { signal })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// Returns at the next one; where there is none, never.
    pub(super) async fn next(&mut self) {
        #[cfg(unix)]
        if self.signal.recv().await.is_some() {
            return;
        }
        std::future::pending::<()>().await;
    }
}
