//! A list that browsing counted: whoever holds its number against the target counts again first.

use url::Url;

use crate::check::value_of;
use crate::client::Worker;
use crate::exchange::{Exchange, Request};
use crate::reason::Reason;
use crate::suite::Case;
use crate::suite::vocabulary::OWNER;
use crate::verdict::{Finding, Verdict};

use super::engine::Engine;

/// A list of one page, as browsing found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// What a case needs that relies on the number: `list.exact`.
    pub need: &'static str,
    /// Where the list is.
    pub url: Url,
    /// How many items it had.
    pub items: u64,
}

impl Engine {
    /// Takes back what a case says against a list that has other items now than when it was counted: nobody promised
    /// that it would stand still.
    pub(super) async fn recount(
        &self,
        case: &Case,
        worker: &mut Worker,
        findings: &mut [Finding],
        exchanges: &mut Vec<Exchange>,
    ) {
        let relied_on = |counted: &&Counted| case.needs.iter().any(|need| need == counted.need);
        let Some(counted) = self.counted.iter().find(relied_on) else { return };
        if findings.iter().all(|finding| finding.verdict != Verdict::Fail) {
            return;
        }
        let request = Request { user: Some(OWNER.to_owned()), ..Request::new("GET", counted.url.clone()) };
        exchanges.extend(worker.send(request).await.exchanges);
        let now = exchanges.last().and_then(items);
        if now == Some(counted.items) {
            return;
        }
        for finding in findings.iter_mut().filter(|finding| finding.verdict == Verdict::Fail) {
            finding.verdict = Verdict::Inconclusive;
            let (url, browsed) = (counted.url.to_string(), counted.items);
            finding.reason = Some(Box::new(Reason::ListRecounted { url, browsed, now }));
        }
    }
}

fn items(exchange: &Exchange) -> Option<u64> {
    value_of(&exchange.response)?.get("results")?.as_array().and_then(|items| u64::try_from(items.len()).ok())
}
