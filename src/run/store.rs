//! From a performed case to the result that a run keeps.

use std::collections::BTreeSet;

use crate::exchange::Exchange;
use crate::verdict::{Finding, Verdict};

/// Bytes of a body that are kept where all is as expected.
pub(super) const PASSING_BODY: usize = 1024;
/// Bytes of a body that are kept where something is not.
pub(super) const FAILING_BODY: usize = 64 * 1024;
/// Exchanges that are kept at the beginning and at the end of a case that made many.
const ENDS: usize = 4;

/// The numbers of the exchanges to keep: all of a few; of many the first, the last and those that findings speak of.
pub(super) fn worth_keeping(exchanges: &[Exchange], findings: &[Finding]) -> Vec<usize> {
    let many = exchanges.len() > 2 * ENDS;
    let spoken_of: BTreeSet<usize> = findings
        .iter()
        .filter(|finding| finding.verdict != Verdict::Pass)
        .filter_map(|finding| finding.exchange)
        .collect();
    (0..exchanges.len())
        .filter(|number| !many || *number < ENDS || *number >= exchanges.len() - ENDS || spoken_of.contains(number))
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
    fn few_exchanges_are_all_kept() {
        assert_eq!(worth_keeping(&[exchange(), exchange()], &[]), [0, 1]);
    }

    #[test]
    fn of_many_the_ends_and_what_failed_are_kept() {
        let exchanges = vec![exchange(); 100];
        let findings = vec![finding(Verdict::Fail, 50), finding(Verdict::Pass, 40)];
        let kept = worth_keeping(&exchanges, &findings);
        assert_eq!(kept.len(), 9);
        let findings = renumbered(findings, &kept);
        assert_eq!((findings[0].exchange, findings[1].exchange), (Some(4), None));
    }
}
