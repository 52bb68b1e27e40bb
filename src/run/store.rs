//! From a performed case to the result that a run keeps.

use std::collections::BTreeSet;

use crate::exchange::Exchange;
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
        let findings = renumbered(findings, &kept);
        assert_eq!((findings[0].exchange, findings[1].exchange), (Some(8), None));
    }
}
