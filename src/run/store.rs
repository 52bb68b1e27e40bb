//! From a performed case to the result that a run keeps.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::exchange::Exchange;
use crate::record::{StoredBody, StoredExchange};
use crate::verdict::{Finding, Verdict};

/// How much is kept of a case's exchanges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share {
    /// Bytes of a body.
    pub(super) body: usize,
    /// Exchanges at the beginning and at the end of a case that made many.
    ends: usize,
}

/// Where all is as expected: enough to see what was done. An archive has it whole.
const PASSING: Share = Share { body: 256, ends: 1 };
/// Where something is not: all that may be asked for.
pub(super) const FAILING: Share = Share { body: 64 * 1024, ends: 8 };

impl Share {
    /// What is kept of a case with these findings.
    pub(super) fn of(findings: &[Finding]) -> Self {
        if findings.iter().all(|finding| finding.verdict == Verdict::Pass) { PASSING } else { FAILING }
    }
}

/// The bytes of bodies and headers that a run keeps as they are wanted; after that it keeps little of each. A run of
/// which everything failed fits into it, unless its target sends without measure.
const ROOM: usize = 16 * 1024 * 1024;

/// How much a run has kept so far.
#[derive(Debug, Default)]
pub(super) struct Room {
    taken: AtomicUsize,
}

impl Room {
    /// How many bytes of a body to keep where this many are wanted.
    pub(super) fn limit(&self, wanted: usize) -> usize {
        if self.taken.load(Ordering::Relaxed) < ROOM { wanted } else { wanted.min(PASSING.body) }
    }

    /// Takes a kept exchange into account.
    pub(super) fn take(&self, kept: &StoredExchange) {
        let bodies = [&kept.request_body, &kept.response_body, &kept.response_trailing];
        let bodies: usize = bodies.into_iter().flatten().map(|StoredBody { text, .. }| text.len()).sum();
        let headers = kept.request_headers.iter().chain(&kept.response_headers);
        let headers: usize = headers.map(|(name, value)| name.len() + value.len()).sum();
        self.taken.fetch_add(bodies + headers, Ordering::Relaxed);
    }
}

/// The numbers of the exchanges to keep: all of a few; of many the first, the last and those that findings speak of.
pub(super) fn worth_keeping(exchanges: &[Exchange], findings: &[Finding]) -> Vec<usize> {
    let ends = Share::of(findings).ends;
    let many = exchanges.len() > 2 * ends;
    let spoken_of: BTreeSet<usize> = findings
        .iter()
        .filter(|finding| finding.verdict != Verdict::Pass)
        .filter_map(|finding| finding.exchange)
        .collect();
    (0..exchanges.len())
        .filter(|number| !many || *number < ends || *number >= exchanges.len() - ends || spoken_of.contains(number))
        .collect()
}

/// The kept exchanges, each with its number and how many before it are not kept.
pub(super) fn with_gaps(kept: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    let before = std::iter::once(0).chain(kept.iter().map(|number| number + 1));
    kept.iter().zip(before).map(|(number, from)| (*number, number - from))
}

/// Findings that point at the exchanges that were kept.
pub(super) fn renumbered(findings: Vec<Finding>, kept: &[usize]) -> Vec<Finding> {
    let place = |number: usize| kept.iter().position(|kept| *kept == number);
    findings.into_iter().map(|finding| Finding { exchange: finding.exchange.and_then(place), ..finding }).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use url::Url;

    use super::*;
    use crate::exchange::{Request, Response, Role};

    fn exchange() -> Exchange {
        Exchange {
            request: Request::new("GET", Url::parse("http://127.0.0.1/").unwrap()),
            response: Response::default(),
            started: chrono::DateTime::UNIX_EPOCH,
            duration: Duration::ZERO,
            role: Role::Asked,
        }
    }

    fn finding(verdict: Verdict, exchange: usize) -> Finding {
        Finding { exchange: Some(exchange), ..Finding::new("status", verdict, "") }
    }

    #[test]
    fn a_run_that_has_kept_much_keeps_little_of_the_rest() {
        let room = Room::default();
        let mut large = exchange();
        large.response.body = vec![b'x'; FAILING.body];
        let none = crate::record::Redaction::new([]).unwrap();
        let kept = StoredExchange::from_exchange(&large, large.started, &none, FAILING.body);
        for _ in 0..ROOM / FAILING.body {
            assert_eq!(room.limit(FAILING.body), FAILING.body);
            room.take(&kept);
        }
        assert_eq!(room.limit(FAILING.body), PASSING.body);
    }

    #[test]
    fn of_what_passed_little_is_kept() {
        assert_eq!(worth_keeping(&vec![exchange(); 9], &[finding(Verdict::Pass, 4)]), [0, 8]);
    }

    #[test]
    fn few_exchanges_are_all_kept() {
        assert_eq!(worth_keeping(&[exchange(), exchange()], &[]), [0, 1]);
    }

    #[test]
    fn of_many_the_ends_and_what_failed_are_kept() {
        let exchanges = vec![exchange(); 100];
        let findings = vec![finding(Verdict::Fail, 50), finding(Verdict::Pass, 40)];
        let kept = worth_keeping(&exchanges, &findings);
        assert_eq!(kept.len(), 17);
        let gaps: Vec<(usize, usize)> = with_gaps(&kept).filter(|(_, left_out)| *left_out > 0).collect();
        assert_eq!(gaps, [(50, 42), (92, 41)]);
        let findings = renumbered(findings, &kept);
        assert_eq!((findings[0].exchange, findings[1].exchange), (Some(8), None));
    }
}
