//! Recorded traffic, judged with every invariant: the same judges as in a live run, and no network.
//!
//! The door is [`Audit`]: it takes recordings as streams, one exchange at a time, and keeps counts, groups of equal
//! findings and a few examples, so that its memory does not grow with the traffic.

mod base;
mod clients;
mod group;
mod har;
mod outcome;
mod secrets;
mod several;
mod shape;
mod subject;

use std::collections::BTreeMap;
use std::io::BufRead;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Map;
use url::Url;

use crate::check::{Facts, Judge, Place, Selected, View, is_below, kind_of_place};
use crate::client_rules::Rule;
use crate::record::{BODY_LIMIT, Redaction, StoredExchange};
use crate::suite::{Invariant, Scope, Suite, Uniques};
use crate::verdict::{Finding, Verdict};

use clients::{Clients, Said};
use group::{Example, Groups, Key};
use secrets::{Secrets, shown_url};
use several::{Held, Relation, Several};

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
    page_maximum: u64,
    /// By subject: see [`subject::all`].
    met: Vec<Met>,
    groups: Groups,
    clients: Option<Clients>,
    several: Several,
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
    /// Exchanges that could be judged beside others alone, which are not there.
    apart: usize,
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
            page_maximum: facts.page_maximum,
            judge: Judge::new(&suite.schemas, facts)?,
            scope: Scope::new(Arc::new(Map::new()), Uniques::new("audit")),
            redaction: Redaction::new(&[]).map_err(|error| error.to_string())?,
            met: (0..subject::of_rule(suite, Rule::KeyNeverSent)).map(|_| Met::default()).collect(),
            groups: Groups::default(),
            clients: None,
            several: Several::default(),
            heard: Vec::new(),
            suite,
        })
    }

    /// The same audit, which also judges the clients that sent the requests.
    #[must_use]
    pub fn judging_clients(mut self) -> Self {
        self.met.extend(Rule::table().iter().map(|_| Met::default()));
        self.clients = Some(Clients::of(self.page_maximum));
        self
    }

    /// Judges a recording up to its end or break. Fails, with nothing judged, if it is no recording at all.
    pub fn recording(&mut self, name: &str, reader: impl BufRead) -> Result<&Heard, Break> {
        let mut heard = Heard { file: name.to_owned(), ..Heard::default() };
        let mut recording = Recording::new(reader);
        self.clients = self.clients.take().map(|_| Clients::of(self.page_maximum));
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
        self.end_of_clients(&heard);
        self.end_of_several();
        let at = self.heard.len();
        self.heard.push(heard);
        Ok(&self.heard[at])
    }

    fn item(&mut self, heard: &mut Heard, number: usize, item: Item) {
        match item {
            Item::Exchange(recorded) if is_below(&recorded.exchange.request.url, &self.base) => {
                heard.judged += 1;
                self.exchange(&heard.file, number, &recorded);
                self.client((&heard.file, number), &recorded);
            }
            Item::Exchange(recorded) => {
                heard.elsewhere += 1;
                if several::is_write(&recorded.exchange.request.method) && self.is_of_the_host(&recorded) {
                    self.several.written(&recorded);
                }
            }
            Item::Other(why) => {
                *heard.others.entry(why).or_default() += 1;
                if why == har::UNANSWERED {
                    self.several.interrupted();
                }
            }
            Item::Unreadable(why) => {
                self.several.interrupted();
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
        let held = self.several.see(number, recorded, &view);
        self.held(file, held);
    }

    /// Whether an exchange is with the host of the API, whatever its path, port or scheme.
    fn is_of_the_host(&self, recorded: &Recorded) -> bool {
        recorded.exchange.request.url.host_str() == self.base.host_str()
    }

    /// Adds what exchanges show that were held against each other.
    fn held(&mut self, file: &str, held: Vec<Held>) {
        for Held { relation, entry, method, url, broken } in held {
            let at = subject::of_relation(self.suite, relation);
            self.met[at].judged += 1;
            let Some((place, message)) = broken else { continue };
            self.met[at].broken += 1;
            let secrets = Secrets::of(&url);
            let (place, message) = (secrets.text(&place), secrets.text(&message));
            let key = Key {
                invariant: at,
                line: (0, 0),
                method: method.to_owned(),
                path: shape::shape(&url, &self.base),
                place: place.clone(),
            };
            let finding = Finding {
                requirements: vec![relation.info().requirement.to_owned()],
                ..Finding::fail("several", message.clone())
            };
            let (file, method) = (file.to_owned(), method.to_owned());
            let example = Example { file, entry, method, url: shown_url(&url), place, message };
            self.groups.add(key, relation.info().id, &finding, example, || None);
        }
    }

    /// Counts what stood alone in a recording, and forgets it.
    fn end_of_several(&mut self) {
        for relation in Relation::all() {
            let at = subject::of_relation(self.suite, *relation);
            self.met[at].apart += self.several.alone(*relation);
        }
        self.several = Several::default();
    }

    fn judged(&mut self, at: usize, invariant: &Invariant, view: &View<'_>, entry: (&str, usize), recorded: &Recorded) {
        let troubles = self.judge.troubles_placed(invariant, view, &self.scope);
        let met = &mut self.met[at];
        match troubles.iter().map(|(finding, _)| finding.verdict).max() {
            None | Some(Verdict::Pass) => met.judged += 1,
            Some(Verdict::Inconclusive) => {
                met.unclear(&Secrets::of(&recorded.exchange.request.url).text(&troubles[0].0.message));
            }
            Some(Verdict::Fail) => {
                met.judged += 1;
                met.broken += 1;
            }
        }
        for (line, (finding, places)) in troubles.into_iter().enumerate() {
            let line = finding.source.as_ref().map_or((0, line), |source| (source.line, source.column));
            for place in places {
                self.found((at, line), &finding, &place, entry, recorded);
            }
        }
    }

    /// Adds a finding about an exchange to the groups; the subject is told by its number and a line of it.
    fn found(
        &mut self,
        (at, line): (usize, (usize, usize)),
        finding: &Finding,
        place: &Place,
        entry: (&str, usize),
        recorded: &Recorded,
    ) {
        let request = &recorded.exchange.request;
        let secrets = Secrets::of(&request.url);
        let (finding, place) = (secrets.finding(finding), secrets.place(place));
        let key = Key {
            invariant: at,
            line,
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
        let redaction = secrets.redaction(&self.redaction);
        let shown = || {
            let began = DateTime::<Utc>::UNIX_EPOCH;
            let mut stored = StoredExchange::from_exchange(&recorded.exchange, began, redaction?, BODY_LIMIT);
            stored.url = shown_url(&request.url);
            stored.started_ms = 0;
            Some(stored)
        };
        let id = subject::id(self.suite, at);
        self.groups.add(key, id, &finding, example, shown);
    }

    /// Judges what an exchange shows of the client that asked.
    fn client(&mut self, entry: (&str, usize), recorded: &Recorded) {
        let said = self.clients.as_mut().map(|clients| clients.see(recorded)).unwrap_or_default();
        let secrets = Secrets::of(&recorded.exchange.request.url);
        for Said { rule, finding } in said {
            let at = subject::of_rule(self.suite, rule);
            if self.met[at].count(&finding, &secrets) == Verdict::Fail {
                let place = Place { path: "the request".to_owned(), why: finding.message.clone() };
                let finding = Finding { source: Some(rule.info().source()), ..finding };
                self.found((at, (0, 0)), &finding, &place, entry, recorded);
            }
        }
    }

    /// Judges what the end of a recording shows of its clients. No exchange stands for what never came.
    fn end_of_clients(&mut self, heard: &Heard) {
        let cut = heard.broken.is_some() || heard.unreadable > 0 || heard.others.contains_key(har::UNANSWERED);
        let said = self.clients.take().map(|clients| clients.finish(cut));
        for Said { rule, finding } in said.iter().flatten() {
            let at = subject::of_rule(self.suite, *rule);
            if self.met[at].count(finding, &Secrets::None) == Verdict::Fail {
                let place = "the end of the recording";
                let key = Key {
                    invariant: at,
                    line: (0, 0),
                    method: "*".to_owned(),
                    path: "/".to_owned(),
                    place: place.to_owned(),
                };
                let example = Example {
                    file: heard.file.clone(),
                    entry: heard.entries,
                    method: "*".to_owned(),
                    url: self.base.to_string(),
                    place: place.to_owned(),
                    message: finding.message.clone(),
                };
                let finding = Finding { source: Some(rule.info().source()), ..finding.clone() };
                self.groups.add(key, subject::id(self.suite, at), &finding, example, || None);
            }
        }
        self.clients = said.map(|_| Clients::of(self.page_maximum));
    }
}

impl Met {
    /// Counts a finding by its verdict, which it returns; its reason is kept without secrets.
    fn count(&mut self, finding: &Finding, secrets: &Secrets) -> Verdict {
        match finding.verdict {
            Verdict::Inconclusive => self.unclear(&secrets.text(&finding.message)),
            Verdict::Pass => self.judged += 1,
            Verdict::Fail => {
                self.judged += 1;
                self.broken += 1;
            }
        }
        finding.verdict
    }

    fn unclear(&mut self, why: &str) {
        if let Some(count) = self.unclear.get_mut(why) {
            *count += 1;
        } else {
            let why = if self.unclear.len() < REASONS { why } else { "for other reasons" };
            *self.unclear.entry(why.to_owned()).or_default() += 1;
        }
    }
}
