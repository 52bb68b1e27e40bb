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
/// By how many requests two tries may differ that find the same.
const FEW: usize = 3;

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
    /// How many requests of the same test were let through to the same resource before.
    before: usize,
}

impl Burst {
    /// The burst with these responses, after these exchanges of its test.
    pub(super) fn of(answers: &[Exchange], before: &[Exchange]) -> Self {
        let path = answers.first().map(|exchange| exchange.request.url.path());
        let has_passed = |exchange: &&Exchange| exchange.response.status != TOO_MANY;
        let is_earlier = |exchange: &&Exchange| has_passed(exchange) && Some(exchange.request.url.path()) == path;
        Self {
            sent: answers.len(),
            passed: answers.iter().filter(has_passed).count(),
            before: before.iter().filter(is_earlier).count(),
        }
    }

    /// Whether the requests of the test itself explain how many were let through, if the target counts them wrongly.
    fn is_explained(self) -> bool {
        self.passed + self.before >= self.sent
    }
}

/// Whether what a rate limit let through is its own doing: of all bursts of one size as many requests; or all of the
/// first, before which nobody else can have used the limit up; or less of each later one, after more requests of the test.
fn is_steady(bursts: &[Burst]) -> bool {
    let is_alone = |burst: &Burst| {
        let first = bursts.iter().find(|first| first.sent == burst.sent).unwrap_or(burst);
        let is_own = first.is_explained() && burst.passed <= first.passed;
        first.passed == first.sent || first.passed == burst.passed || is_own
    };
    bursts.iter().all(is_alone)
}

/// Whether about as many requests of each burst were let through as in another try: a login more or less may count.
fn are_alike(some: &[Burst], others: &[Burst]) -> bool {
    let is_near = |(one, other): (&Burst, &Burst)| one.sent == other.sent && one.passed.abs_diff(other.passed) <= FEW;
    some.len() == others.len() && some.iter().zip(others).all(is_near)
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

    /// Whether a request was refused over the rate limit that should not be, and the limit is neither steady in the windows
    /// of this try, nor as in the try before: another client may have used the rest of it.
    fn shares_its_limit(&self) -> bool {
        let refused = self.findings.iter().filter(|finding| finding.verdict == Verdict::Fail).any(|finding| {
            let exchange = finding.exchange.and_then(|at| self.exchanges.get(at));
            exchange.is_some_and(|exchange| exchange.response.status == TOO_MANY)
        });
        let is_as_before = self.bursts_before.as_ref().is_some_and(|before| are_alike(before, &self.bursts));
        refused && !is_steady(&self.bursts) && !is_as_before && !self.engine.stop.is_asked()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_steady_if_equal_bursts_pass_alike_or_the_first_passes_whole() {
        let burst = |sent, passed, before| Burst { sent, passed, before };
        assert!(is_steady(&[burst(100, 99, 0), burst(10, 0, 99), burst(100, 99, 200), burst(3, 0, 300)]));
        assert!(!is_steady(&[burst(100, 60, 2), burst(10, 0, 62), burst(100, 100, 62)]), "somebody else used 38");
        assert!(is_steady(&[burst(100, 100, 2), burst(100, 40, 102)]), "a window that slides");
        assert!(is_steady(&[burst(100, 98, 2), burst(100, 0, 100)]), "the last minute counts as well");
        assert!(!is_steady(&[burst(100, 98, 2), burst(100, 100, 100)]), "the last minute does not count after all");
        assert!(is_steady(&[]));
        assert!(are_alike(&[burst(100, 97, 2), burst(100, 99, 99)], &[burst(100, 98, 2), burst(100, 99, 100)]));
        assert!(!are_alike(&[burst(100, 60, 2), burst(100, 100, 62)], &[burst(100, 71, 2), burst(100, 100, 73)]));
    }
}
