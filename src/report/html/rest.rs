//! What is not told under a requirement: the other findings and exchanges of cases that are not as expected. A
//! browser builds it only when somebody opens the case.

use super::cases::is_fine;
use super::exchanges::ExchangeView;
use super::teller::{FindingView, Teller};

/// Most findings of one case.
const MOST_FINDINGS: usize = 24;
/// Most exchanges of one case.
const MOST_EXCHANGES: usize = 24;

/// The rest of one case.
pub(super) struct Rest {
    pub(super) case: usize,
    pub(super) findings: Vec<FindingView>,
    pub(super) exchanges: Vec<ExchangeView>,
    pub(super) full: bool,
}

/// The rest of every case that is not as expected, until the page is full.
pub(super) fn rest(teller: &mut Teller<'_>) -> Vec<Rest> {
    let run = teller.run;
    let cases = (0..run.results.len()).filter(|case| !is_fine(run.results[*case].verdict));
    let rest = cases.map(|case| {
        if teller.is_full() {
            return Rest { case, findings: Vec::new(), exchanges: Vec::new(), full: true };
        }
        let findings = teller.rest_of_findings(case, MOST_FINDINGS);
        let exchanges = teller.rest_of_exchanges(case, MOST_EXCHANGES);
        Rest { case, findings, exchanges, full: teller.is_full() }
    });
    rest.filter(|rest| rest.full || !rest.findings.is_empty() || !rest.exchanges.is_empty()).collect()
}
