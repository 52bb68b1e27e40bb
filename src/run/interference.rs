//! What others, or the time, did between the steps of a case that failed, so that its failure says nothing about the
//! target.

use super::perform::Performer;
use super::walk::is_of_method;
use crate::exchange::Exchange;
use crate::reason::{Reading, Reason};
use crate::suite::Effects;
use crate::verdict::Verdict;

/// The status of a request beyond the rate limit.
const TOO_MANY: u16 = 429;

/// What came between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interference {
    /// A nonce of its own grew too old.
    Nonce,
    /// A list had other items from one walk to the next.
    Walk,
    /// A list had other items from one reading to the next.
    Reading,
    /// A list had other items than when it was read first, and nothing could be judged.
    Preparation,
    /// A rate limit let another number of requests through than before.
    SharedLimit,
}

impl Interference {
    /// The check and the reason that stand for whatever was found at the last try; none if that tells enough.
    pub(super) fn instead(self) -> Option<(&'static str, Reason)> {
        match self {
            Self::Nonce => Some(("nonce", Reason::NonceTooOld)),
            Self::Walk => Some(("walk", Reason::ListChanged { during: Reading::BetweenWalks })),
            Self::Reading => Some(("list", Reason::ListChanged { during: Reading::BetweenReadings })),
            Self::Preparation => None,
            Self::SharedLimit => Some(("burst", Reason::LimitShared)),
        }
    }
}

/// A burst: how many requests were sent, and how many of them the rate limit let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Burst {
    sent: usize,
    passed: usize,
}

impl Burst {
    pub(super) fn of(answers: &[Exchange]) -> Self {
        let passed = answers.iter().filter(|exchange| exchange.response.status != TOO_MANY).count();
        Self { sent: answers.len(), passed }
    }
}

/// Whether a rate limit let as many requests of each burst through as of every other burst of the same size.
fn is_steady(bursts: &[Burst]) -> bool {
    bursts.iter().all(|one| bursts.iter().all(|other| one.sent != other.sent || one.passed == other.passed))
}

impl Performer<'_> {
    /// What came between the steps of a case that failed.
    pub(super) fn interference(&self, first: usize) -> Option<Interference> {
        if self.findings.iter().all(|finding| finding.verdict == Verdict::Pass || is_of_method(finding)) {
            None
        } else if self.used_nonce_too_late(first) {
            Some(Interference::Nonce)
        } else if self.case.effects == Effects::Reads && self.walked_a_moving_list() {
            Some(Interference::Walk)
        } else if self.may_be_disturbed() && self.read_another_total(first) {
            Some(Interference::Reading)
        } else if !self.has_failed() && self.read_a_moving_list(first) {
            Some(Interference::Preparation)
        } else if self.shares_its_limit() {
            Some(Interference::SharedLimit)
        } else {
            None
        }
    }

    /// Whether a list that the case reads is moved by somebody else, if it moves. Within a window every request counts.
    pub(super) fn may_be_disturbed(&self) -> bool {
        self.case.effects == Effects::Reads && !self.expects_refusals() && !self.engine.stop.is_asked()
    }

    /// Whether a request was refused over the rate limit that should not be, and the limit is neither the same in all
    /// windows of this try, nor as in the try before: another client may have used the rest of it.
    fn shares_its_limit(&self) -> bool {
        let refused = self.findings.iter().filter(|finding| finding.verdict == Verdict::Fail).any(|finding| {
            let exchange = finding.exchange.and_then(|at| self.exchanges.get(at));
            exchange.is_some_and(|exchange| exchange.response.status == TOO_MANY)
        });
        let is_as_before = self.bursts_before.as_ref() == Some(&self.bursts);
        refused && !is_steady(&self.bursts) && !is_as_before && !self.engine.stop.is_asked()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_steady_if_equal_bursts_pass_alike() {
        let burst = |sent, passed| Burst { sent, passed };
        assert!(is_steady(&[burst(100, 99), burst(10, 0), burst(3, 0), burst(100, 99), burst(3, 0)]));
        assert!(!is_steady(&[burst(100, 60), burst(10, 0), burst(100, 100)]));
        assert!(is_steady(&[]));
    }
}
