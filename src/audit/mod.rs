//! Recorded traffic, judged with every invariant: the same judges as in a live run, and no network.
//!
//! The door is [`Audit`]: it takes recordings as streams, one exchange at a time, and keeps counts, groups of equal
//! findings and a few examples, so that its memory does not grow with the traffic.

mod base;
mod group;
mod har;
mod outcome;
mod shape;

use std::collections::BTreeMap;
use std::io::BufRead;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Map;
use url::Url;

use crate::check::{Facts, Judge, Selected, View, kind_of_place};
use crate::record::{BODY_LIMIT, Redaction, StoredExchange};
use crate::suite::{Invariant, Scope, Suite, Uniques};
use crate::verdict::Verdict;

use group::{Example, Groups, Key};

pub use base::Guess;
pub use group::Group;
pub use har::{Break, Item, Recorded, Recording};
pub use outcome::Account;

/// Recorded traffic under judgement.
pub struct Audit<'s> {
    suite: &'s Suite,
    judge: Judge,
    scope: Scope,
    redaction: Redaction,
    base: Url,
    met: Vec<Met>,
    groups: Groups,
    heard: Vec<Heard>,
}

/// What an invariant has met.
#[derive(Debug, Default)]
struct Met {
    /// Exchanges that it judged.
    judged: usize,
    /// Exchanges that broke it.
    broken: usize,
    /// Exchanges on which it could not be judged, by the reason.
    unclear: BTreeMap<String, usize>,
}

/// What was read of a recording.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Heard {
    /// Its name.
    pub file: String,
    /// Entries read.
    pub entries: usize,
    /// Exchanges with the API, which were judged.
    pub judged: usize,
    /// Exchanges with other addresses.
    pub elsewhere: usize,
    /// Entries that show no exchange, by the reason.
    pub others: BTreeMap<&'static str, usize>,
    /// Entries that could not be read.
    pub unreadable: usize,
    /// The first of them: its number, and why.
    pub first_unreadable: Option<String>,
    /// Why the recording could not be read to its end.
    pub broken: Option<String>,
}

/// The most reasons that are told apart for one invariant.
const REASONS: usize = 8;

impl<'s> Audit<'s> {
    /// An audit by this suite of the API of which this is known. Fails if a payload schema cannot be used.
    pub fn new(suite: &'s Suite, mut facts: Facts) -> Result<Self, String> {
        facts.base_url.set_query(None);
        facts.base_url.set_fragment(None);
        Ok(Self {
            base: facts.base_url.clone(),
            judge: Judge::new(&suite.schemas, facts)?,
            scope: Scope::new(Arc::new(Map::new()), Uniques::new("audit")),
            redaction: Redaction::new(&[]).map_err(|error| error.to_string())?,
            met: suite.invariants.iter().map(|_| Met::default()).collect(),
            groups: Groups::default(),
            heard: Vec::new(),
            suite,
        })
    }

    /// Judges a recording up to its end or break. Fails, with nothing judged, if it is no recording at all.
    pub fn recording(&mut self, name: &str, reader: impl BufRead) -> Result<&Heard, Break> {
        let mut heard = Heard { file: name.to_owned(), ..Heard::default() };
        let mut recording = Recording::new(reader);
        loop {
            match recording.next_item() {
                Ok(Some((number, item))) => self.item(&mut heard, number, item),
                Ok(None) => break,
                Err(why @ Break::NoHar(_)) => return Err(why),
                Err(why) => {
                    heard.broken = Some(why.to_string());
                    break;
                }
            }
        }
        heard.entries = recording.number();
        let at = self.heard.len();
        self.heard.push(heard);
        Ok(&self.heard[at])
    }

    fn item(&mut self, heard: &mut Heard, number: usize, item: Item) {
        match item {
            Item::Exchange(recorded) if base::is_below(&recorded.exchange.request.url, &self.base) => {
                heard.judged += 1;
                self.exchange(&heard.file, number, &recorded);
            }
            Item::Exchange(_) => heard.elsewhere += 1,
            Item::Other(why) => *heard.others.entry(why).or_default() += 1,
            Item::Unreadable(why) => {
                heard.unreadable += 1;
                heard.first_unreadable.get_or_insert_with(|| format!("entry {number}: {why}"));
            }
        }
    }

    /// Judges one exchange.
    pub fn exchange(&mut self, file: &str, number: usize, recorded: &Recorded) {
        let view = self.judge.view(&recorded.exchange).lacking(recorded.gaps);
        for (at, invariant) in self.suite.invariants.iter().enumerate() {
            match self.judge.selects(&invariant.when, &view) {
                Selected::No => {}
                Selected::Unclear(why) => self.met[at].unclear(why),
                Selected::Yes => self.judged(at, invariant, &view, (file, number), recorded),
            }
        }
    }

    fn judged(&mut self, at: usize, invariant: &Invariant, view: &View<'_>, entry: (&str, usize), recorded: &Recorded) {
        let troubles = self.judge.troubles_placed(invariant, view, &self.scope);
        let met = &mut self.met[at];
        match troubles.iter().map(|(finding, _)| finding.verdict).max() {
            None | Some(Verdict::Pass) => met.judged += 1,
            Some(Verdict::Inconclusive) => met.unclear(&troubles[0].0.message),
            Some(Verdict::Fail) => {
                met.judged += 1;
                met.broken += 1;
            }
        }
        let request = &recorded.exchange.request;
        for (line, (finding, places)) in troubles.into_iter().enumerate() {
            for place in places {
                let key = Key {
                    invariant: at,
                    line: finding.source.as_ref().map_or(line, |source| source.line * 1000 + source.column),
                    method: request.method.clone(),
                    path: shape::shape(&request.url, &self.base),
                    place: kind_of_place(&place.path),
                };
                let example = Example {
                    file: entry.0.to_owned(),
                    entry: entry.1,
                    method: request.method.clone(),
                    url: shown_url(&request.url),
                    place: place.path,
                    message: place.why,
                };
                let redaction = &self.redaction;
                let shown = || {
                    let mut stored = StoredExchange::from_exchange(
                        &recorded.exchange,
                        DateTime::<Utc>::UNIX_EPOCH,
                        redaction,
                        BODY_LIMIT,
                    );
                    stored.url = shown_url(&request.url);
                    stored.started_ms = 0;
                    stored
                };
                self.groups.add(key, &invariant.id, &finding, example, shown);
            }
        }
    }
}

impl Met {
    fn unclear(&mut self, why: &str) {
        if let Some(count) = self.unclear.get_mut(why) {
            *count += 1;
        } else {
            let why = if self.unclear.len() < REASONS { why } else { "for other reasons" };
            *self.unclear.entry(why.to_owned()).or_default() += 1;
        }
    }
}

/// Words in the names of parameters that carry secrets.
const SECRETS: [&str; 6] = ["key", "token", "secret", "password", "signature", "credential"];

/// The URL without secrets in its query.
fn shown_url(url: &Url) -> String {
    let is_secret = |name: &str| SECRETS.iter().any(|word| name.to_ascii_lowercase().contains(word));
    if url.query_pairs().all(|(name, _)| !is_secret(&name)) {
        return url.to_string();
    }
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let shown = pairs.iter().map(|(name, value)| (name, if is_secret(name) { "redacted" } else { value }));
    let mut url = url.clone();
    url.query_pairs_mut().clear().extend_pairs(shown);
    url.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_queries_are_not_shown() {
        let shown = |text: &str| shown_url(&Url::parse(text).unwrap());
        assert_eq!(shown("https://h/a?x=%41&y"), "https://h/a?x=%41&y");
        assert_eq!(shown("https://h/a?apiKey=c0ffee&x=1"), "https://h/a?apiKey=redacted&x=1");
    }
}
