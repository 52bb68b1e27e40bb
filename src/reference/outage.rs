//! Answers that fail on demand, so that a client can be seen to cope.

use std::sync::{Mutex, PoisonError};

use hyper::{StatusCode, header};

use super::problem::Refusal;

/// The next so many requests whose credentials are right are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    status: StatusCode,
    times: u32,
    retry_after: Option<u32>,
}

impl Outage {
    /// `times` refusals with a status of an error; `None` if `status` is none. `retry_after` in seconds.
    pub fn new(status: u16, times: u32, retry_after: Option<u32>) -> Option<Self> {
        let status = StatusCode::from_u16(status).ok()?;
        let error = status.is_client_error() || status.is_server_error();
        error.then_some(Self { status, times, retry_after })
    }

    fn refusal(self) -> Refusal {
        let detail = "The operator of this server asked for this failure.";
        let refusal = Refusal::new(self.status, detail);
        let retry_after = self.retry_after.map(|seconds| seconds.to_string());
        retry_after.iter().fold(refusal, |refusal, seconds| refusal.with_header(header::RETRY_AFTER, seconds))
    }
}

/// The outage that a server is in, if it is in one.
#[derive(Debug, Default)]
pub(crate) struct Outages(Mutex<Option<Outage>>);

impl Outages {
    /// Begins an outage, and ends the one before it.
    pub(crate) fn begin(&self, outage: Outage) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(outage);
    }

    /// Refuses a request while an outage lasts.
    pub(crate) fn interrupt(&self) -> Result<(), Refusal> {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(outage) = current.as_mut().filter(|outage| outage.times > 0) else { return Ok(()) };
        outage.times -= 1;
        Err(outage.refusal())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_lasts_as_long_as_it_was_asked_to() {
        let outages = Outages::default();
        assert!(outages.interrupt().is_ok());
        outages.begin(Outage::new(503, 2, Some(7)).unwrap());
        for _ in 0..2 {
            let refusal = outages.interrupt().unwrap_err();
            assert_eq!(refusal.status.as_u16(), 503);
            assert_eq!(refusal.headers, [(header::RETRY_AFTER, "7".parse().unwrap())]);
        }
        assert!(outages.interrupt().is_ok());
        assert_eq!(Outage::new(200, 1, None), None);
    }
}
