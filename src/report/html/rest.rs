//! What is not told under a requirement: the other findings and exchanges of cases that are not as expected. A
//! browser builds it only when somebody opens the case.

use std::cell::RefCell;
use std::fmt;

use askama::Template;

use super::cases::is_fine;
use super::exchanges::ExchangeView;
use super::teller::{FindingView, Shown, Teller};

/// Most findings of one case.
const MOST_FINDINGS: usize = 24;
/// Most exchanges of one case.
const MOST_EXCHANGES: usize = 24;

/// The rest of every case that is not as expected, until the page is full. It is made when it is written, so that it
/// is nowhere whole but on the page; a second time nothing is left to tell.
pub(super) struct Rest<'a>(pub(super) RefCell<Teller<'a>>);

/// The rest of one case.
#[derive(Template)]
#[template(path = "rest.html")]
struct RestOfCase {
    case: usize,
    findings: Vec<FindingView>,
    exchanges: Vec<ExchangeView>,
    full: bool,
}

impl fmt::Display for Rest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut teller = self.0.borrow_mut();
        let run = teller.run;
        for case in (0..run.results.len()).filter(|case| !is_fine(run.results[*case].verdict)) {
            let rest = RestOfCase::of(case, &mut teller);
            if rest.full || !rest.findings.is_empty() || !rest.exchanges.is_empty() {
                rest.render_into(f).map_err(|_| fmt::Error)?;
            }
        }
        Ok(())
    }
}

impl RestOfCase {
    fn of(case: usize, teller: &mut Teller<'_>) -> Self {
        if teller.is_full() {
            return Self { case, findings: Vec::new(), exchanges: Vec::new(), full: true };
        }
        let findings = teller.rest_of_findings(case, MOST_FINDINGS);
        let exchanges = teller.rest_of_exchanges(case, MOST_EXCHANGES);
        Self { case, findings, exchanges, full: teller.is_full() }
    }
}
