//! The threads that wait for the network.

use super::Failure;

/// Does what uses the network.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // A target that sends faster than it can be read keeps every thread busy: timeouts must be seen to all the
        // same.
        .event_interval(7)
        .build()
        .map_err(|error| Failure::Machine(format!("no threads can be started: {error}")))?;
    let result = runtime.block_on(work);
    // What still runs is not waited for: looking up a name may take long.
    runtime.shutdown_background();
    result
}
