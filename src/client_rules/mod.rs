//! Judges clients: what the specification, and the standards that it rests on, ask of whoever sends the requests.
//!
//! [`Watch`] is the one door: show it exchanges with [`Watch::see`] in the order in which their answers were complete,
//! and it returns findings, each about one [`Rule`]; [`Watch::finish`] adds what only the end can tell. It touches no
//! network, clock or file, so it serves a running server and a recording alike, and it needs little memory however many
//! exchanges there are: what lies far back is forgotten and then makes no finding.
//!
//! What a recording lacks is never guessed: a proof that was taken out (`[redacted]`) is not judged, and a request that
//! was let in without showing its credentials is inconclusive.

mod content;
mod counts;
mod credentials;
mod dates;
mod pages;
mod patience;
mod proof;
mod recent;
mod rule;
mod sight;
mod stale;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use crate::exchange::Exchange;
use crate::verdict::{Finding, Verdict};

pub use rule::{Rule, RuleInfo};

use recent::Issued;
use sight::Sight;

/// Follows the exchanges of clients with one server and judges them.
#[derive(Debug, Default)]
pub struct Watch {
    issued: Issued,
    proofs: proof::Proofs,
    counts: counts::Counts,
    stale: stale::Stale,
    pages: pages::Pages,
    patience: patience::Patience,
}

impl Watch {
    /// Nothing seen yet, and no key known: that a Digest was made with the right key is left to the server.
    pub fn new() -> Self {
        Self::default()
    }

    /// Nothing seen yet; with the keys of users, by user name, their Digests are computed anew and compared.
    pub fn knowing(keys: impl IntoIterator<Item = (String, SecretString)>) -> Self {
        Self { proofs: proof::Proofs::knowing(keys), ..Self::default() }
    }

    /// The same, of a server whose pages hold so many items at the most.
    #[must_use]
    pub fn paging(self, most_items: u64) -> Self {
        Self { pages: pages::Pages::of(most_items), ..self }
    }

    /// What this exchange shows: a finding for every rule that it gave an occasion for, a pass included.
    ///
    /// Each finding names its rule in `requirements`; `exchange` is empty, for the caller alone knows its number.
    pub fn see(&mut self, exchange: &Exchange) -> Vec<Finding> {
        let sight = Sight::of(exchange);
        let mut findings = Vec::new();
        credentials::judge(&sight, &self.issued, &mut findings);
        self.proofs.judge(&sight, &mut findings);
        self.counts.judge(&sight, &self.issued, &mut findings);
        self.stale.judge(&sight, &mut findings);
        content::judge(&sight, &mut findings);
        dates::judge(&sight, &mut findings);
        self.pages.judge(&sight, &mut findings);
        self.patience.judge(&sight, &mut findings);
        self.issued.note(&sight);
        findings
    }

    /// What the end shows, at `now` by the clock of the exchanges.
    pub fn finish(&mut self, now: DateTime<Utc>) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.proofs.finish(&mut findings);
        self.stale.finish(now, &mut findings);
        findings
    }
}

/// So many characters are shown before a difference.
const BEFORE: usize = 40;

/// A finding of a rule.
fn finding(rule: Rule, verdict: Verdict, message: impl Into<String>) -> Finding {
    let info = rule.info();
    let mut finding = Finding::new(info.id.trim_start_matches("client."), verdict, message);
    finding.requirements = vec![info.id.to_owned()];
    finding
}

fn pass(rule: Rule) -> Finding {
    finding(rule, Verdict::Pass, "as expected")
}

fn fail(rule: Rule, message: impl Into<String>) -> Finding {
    finding(rule, Verdict::Fail, message)
}

/// Two texts that differ as they may stand in a message: long ones around the first difference.
fn around_difference(one: &str, other: &str) -> (String, String) {
    let alike = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let before = alike.saturating_sub(BEFORE);
    let shown = |text: &str| {
        let rest: String = text.chars().skip(before).collect();
        if before == 0 { short(&rest) } else { format!("…{}", short(&rest)) }
    };
    (shown(one), shown(other))
}

/// A text of a client as it may stand in a message.
fn short(text: &str) -> String {
    let cut: String = text.chars().take(80).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}
