//! Refused credentials: a stale nonce is dropped, renewed, and nothing is tried for ever.

use chrono::{DateTime, TimeDelta, Utc};

use super::recent::Recent;
use super::rule::Rule;
use super::sight::Sight;
use super::{fail, finding, pass, short};
use crate::verdict::{Finding, Verdict};

/// Requests that were on their way when a nonce was called stale started within this time.
const ON_ITS_WAY: TimeDelta = TimeDelta::seconds(1);
/// A client that has not asked again after this time has given up.
const GIVEN_UP: TimeDelta = TimeDelta::seconds(5);
/// More refusals of one request in a row are too many.
const ATTEMPTS: u32 = 5;
/// Refusals further apart are not one row.
const ROW: TimeDelta = TimeDelta::seconds(60);

/// What became of credentials that were refused.
#[derive(Debug, Default)]
pub(super) struct Stale {
    /// When each nonce was called stale, and for which request.
    called: Recent<String, (DateTime<Utc>, String)>,
    /// By user and request: the nonce that was stale, until the request comes again.
    waiting: Recent<(String, String), Option<Waiting>>,
    /// By user and request: refusals in a row, and the last one.
    rows: Recent<(String, String), (u32, DateTime<Utc>)>,
}

/// A request that was refused for its nonce alone.
#[derive(Debug)]
struct Waiting {
    nonce: String,
    since: DateTime<Utc>,
    /// Its method and path.
    request: String,
}

impl Stale {
    pub(super) fn judge(&mut self, sight: &Sight<'_>, findings: &mut Vec<Finding>) {
        let Some(nonce) = sight.digest.as_ref().and_then(|digest| digest.get("nonce")).map(str::to_owned) else {
            return;
        };
        let request = (sight.user().to_owned(), sight.request_line());
        findings.extend(self.dropped(sight, &nonce, &request.1));
        findings.extend(self.renewed(sight, &nonce, &request));
        findings.extend(self.repeated(sight, &request));
        if sight.is_called_stale() {
            self.called.entry(&nonce, || (sight.ended, request.1.clone()));
            let named = format!("{} {}", sight.method(), sight.exchange.request.url.path());
            self.waiting.set(&request, Some(Waiting { nonce, since: sight.ended, request: named }));
        }
    }

    fn dropped(&self, sight: &Sight<'_>, nonce: &String, request: &str) -> Option<Finding> {
        let Some((since, first)) = self.called.get(nonce) else {
            return sight.is_called_stale().then(|| pass(Rule::StaleNonceDropped));
        };
        let again = first == request && sight.started() >= *since;
        let late = sight.started() - *since > ON_ITS_WAY;
        let message = "the nonce is used though the server has called it stale";
        (again || late).then(|| fail(Rule::StaleNonceDropped, message))
    }

    fn renewed(&mut self, sight: &Sight<'_>, nonce: &str, request: &(String, String)) -> Option<Finding> {
        let waiting = self.waiting.get(request)?.as_ref()?;
        if waiting.nonce == nonce {
            return None;
        }
        self.waiting.set(request, None);
        Some(pass(Rule::StaleNonceRenewed)).filter(|_| sight.digest.is_some())
    }

    fn repeated(&mut self, sight: &Sight<'_>, request: &(String, String)) -> Option<Finding> {
        let (row, last) = self.rows.get(request).copied().unwrap_or((0, sight.started()));
        if sight.status() != 401 {
            if row > 0 {
                self.rows.set(request, (0, sight.ended));
            }
            return None;
        }
        let row = if sight.started() - last > ROW { 1 } else { row + 1 };
        self.rows.set(request, (row, sight.ended));
        if row > ATTEMPTS {
            let message = format!("the request was refused with 401 and sent again {} times in a row", row - 1);
            return Some(fail(Rule::RefusalNotRepeated, message));
        }
        Some(pass(Rule::RefusalNotRepeated))
    }

    pub(super) fn finish(&self, now: DateTime<Utc>, findings: &mut Vec<Finding>) {
        for waiting in self.waiting.values().flatten() {
            findings.push(if now - waiting.since > GIVEN_UP {
                let request = short(&waiting.request);
                let message = format!("the nonce was stale, and {request} never came with a fresh one");
                fail(Rule::StaleNonceRenewed, message)
            } else {
                let message = "the end came before the request could be sent again with a fresh nonce";
                finding(Rule::StaleNonceRenewed, Verdict::Inconclusive, message)
            });
        }
    }
}
