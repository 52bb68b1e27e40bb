//! Recorded traffic, judged with every invariant: the same judges as in a live run, and no network.
//!
//! The door is [`Audit`]: it takes recordings as streams, one exchange at a time, and keeps counts, groups of equal
//! findings and a few examples, so that its memory does not grow with the traffic.

mod base;
mod choice;
mod clients;
mod compared;
mod credentials;
mod difference;
mod group;
mod har;
mod kind;
mod met;
mod order;
mod outcome;
mod requests;
mod secrets;
mod seen;
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

use crate::check::{Facts, Gaps, Judge, Place, SchemaError, Selected, View, kind_of_place};
use crate::client_rules::Rule;
use crate::record::{BODY_LIMIT, KeysTooLong, Redaction, StoredExchange};
use crate::suite::{Invariant, Scope, Suite, Uniques};
use crate::verdict::{Finding, Location, Verdict};

use clients::Clients;
use group::{Example, Groups, Key};
use met::Met;
use secrets::shown_url;
use seen::Seen;
use several::{Several, Walked, Writes};

pub use base::Guess;
pub use choice::Choice;
pub use difference::{AuditDifference, AuditOutline, GroupChange, GroupChangeKind};
pub use group::Group;
pub use har::{Break, Item, Recorded, Recording, Timing};
pub use outcome::{Account, InPart};

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
    /// The writes of recordings that were looked through beforehand.
    writes: Arc<Writes>,
    walked: Walked,
    heard: Vec<Heard>,
    choice: Choice,
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
    /// Those of them whose response is a file to be kept: only their status was judged.
    pub downloads: usize,
    /// Those of them whose time or duration is not recorded, or is 0, as out of a cache: they were compared with nothing.
    pub untimed: usize,
    /// Exchanges with the API that the user left out.
    pub not_chosen: usize,
    /// Exchanges with other addresses.
    pub elsewhere: usize,
    /// Those of them with the API's own host, by their root.
    pub left_out: BTreeMap<String, usize>,
    /// Entries that show no exchange, by the reason.
    pub others: BTreeMap<&'static str, usize>,
    /// Entries that could not be read.
    pub unreadable: usize,
    /// The first of them: its number, and why.
    pub first_unreadable: Option<String>,
    /// Bytes behind the end of the recording, which were not read.
    pub unread_bytes: u64,
    /// Why the recording could not be read to its end.
    pub broken: Option<String>,
}

/// Why there is no audit.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The payload schemas of the suite cannot be used.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The keys cannot be kept out of the reports.
    #[error(transparent)]
    Keys(#[from] KeysTooLong),
}

/// The most roots that are told apart.
const ROOTS: usize = 20;

impl Heard {
    /// Counts an exchange with the API's host that is not below its root.
    fn left_out(&mut self, url: &Url) {
        let root = base::root(url);
        let is_full = self.left_out.len() >= ROOTS && !self.left_out.contains_key(&root);
        let root = if is_full { "other addresses of this host".to_owned() } else { root };
        *self.left_out.entry(root).or_default() += 1;
    }
}

impl<'s> Audit<'s> {
    /// An audit by this suite of the API of which this is known. Fails if a payload schema cannot be used.
    pub fn new(suite: &'s Suite, mut facts: Facts) -> Result<Self, AuditError> {
        facts.base_url.set_query(None);
        facts.base_url.set_fragment(None);
        Ok(Self {
            base: facts.base_url.clone(),
            page_maximum: facts.page_maximum,
            judge: Judge::new(&suite.schemas, facts)?,
            scope: Scope::new(Arc::new(Map::new()), Uniques::new("audit")),
            redaction: Redaction::new(&[])?,
            met: (0..subject::of_rule(suite, Rule::KeyNeverSent)).map(|_| Met::default()).collect(),
            groups: Groups::default(),
            clients: None,
            several: Several::default(),
            writes: Arc::default(),
            walked: Walked::default(),
            heard: Vec::new(),
            choice: Choice::default(),
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

    /// The same audit of what is chosen alone.
    #[must_use]
    pub fn choosing(self, choice: Choice) -> Self {
        Self { choice, ..self }
    }

    /// Looks through a recording for when something was written, up to its end or break. What is in several recordings is
    /// judged rightly if each of them is looked through before the first is judged.
    pub fn foresee(&mut self, reader: impl BufRead) -> Result<(), Break> {
        let mut recording = Recording::new(reader);
        let writes = Arc::make_mut(&mut self.writes);
        let ended = loop {
            match recording.next_write(&self.base) {
                Ok(Some(time)) => writes.note(time),
                Ok(None) => break Ok(()),
                Err(why) => break Err(why),
            }
        };
        writes.settle();
        ended
    }

    /// Judges a recording up to its end or break. Fails, with nothing judged, if it is no recording at all.
    pub fn recording(&mut self, name: &str, reader: impl BufRead) -> Result<&Heard, Break> {
        let mut heard = Heard { file: name.to_owned(), ..Heard::default() };
        let mut recording = Recording::new(reader);
        self.several = Several::default().beside(Arc::clone(&self.writes));
        self.clients = self.clients.take().map(|_| Clients::of(self.page_maximum));
        loop {
            match recording.next_item(&self.base) {
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
        heard.unread_bytes = recording.unread();
        self.end_of_clients(&heard);
        self.end_of_several(name);
        let at = self.heard.len();
        self.heard.push(heard);
        Ok(&self.heard[at])
    }

    fn item(&mut self, heard: &mut Heard, number: usize, item: Item) {
        match item {
            Item::Exchange(recorded) if self.choice.takes_path(&recorded.exchange.request.url, &self.base) => {
                heard.judged += 1;
                heard.downloads += usize::from(kind::is_download(&recorded));
                heard.untimed += usize::from(recorded.time.ended().is_none());
                self.exchange(&heard.file, number, &recorded);
                self.client(&heard.file, number, recorded);
            }
            Item::Exchange(recorded) => {
                heard.not_chosen += 1;
                if several::is_write(&recorded.exchange.request.method) {
                    self.several.changed(number, recorded.time);
                }
            }
            Item::Elsewhere(url, change) => {
                heard.elsewhere += 1;
                if url.host_str() != self.base.host_str() {
                    return;
                }
                heard.left_out(&url);
                if let Some(time) = change {
                    self.several.changed(number, time);
                }
            }
            Item::Other(why, change) => {
                *heard.others.entry(why).or_default() += 1;
                if let Some(time) = change {
                    self.several.changed(number, time);
                }
            }
            Item::Unreadable(why, change) => {
                heard.unreadable += 1;
                heard.first_unreadable.get_or_insert_with(|| format!("entry {number}: {why}"));
                if let Some(time) = change {
                    self.several.changed(number, time);
                }
            }
        }
    }

    /// Judges one exchange.
    pub fn exchange(&mut self, file: &str, number: usize, recorded: &Recorded) {
        let view = self.judge.view(&recorded.exchange).lacking(recorded.gaps);
        let query = recorded.gaps.query.or_else(|| kind::lost_query(recorded, &view));
        let body = recorded.gaps.body.or_else(|| kind::lost_parts(&view));
        let view = view.lacking(Gaps { body, query, ..recorded.gaps });
        let is_download = kind::is_download(recorded);
        let seen = Seen::of(file, number, recorded);
        for (at, invariant) in self.suite.invariants.iter().enumerate() {
            if is_download && !kind::is_about_status(invariant)
                || !self.choice.takes(&invariant.id, &invariant.requirements)
            {
                continue;
            }
            match self.judge.selects(&invariant.when, &view) {
                Selected::No => {}
                Selected::Unclear(why) => self.met[at].unclear(why),
                Selected::Yes => self.judged(at, invariant, &view, &seen),
            }
        }
        self.several.see(number, recorded, &view);
    }

    fn judged(&mut self, at: usize, invariant: &Invariant, view: &View<'_>, seen: &Seen<'_>) {
        let troubles = self.judge.troubles_placed(invariant, view, &self.scope);
        let met = &mut self.met[at];
        match troubles.iter().map(|(finding, _)| finding.verdict).max() {
            // What was kept without an occasion to break it was not judged.
            None | Some(Verdict::Pass) => {
                met.judged += usize::from(self.judge.has_occasion(invariant, view, &self.scope));
            }
            Some(Verdict::Inconclusive) => {
                met.unclear(&seen.secrets().text(&troubles[0].0.message));
            }
            Some(Verdict::Fail) => {
                met.judged += 1;
                met.broken += 1;
            }
        }
        for (finding, places) in troubles {
            for place in places {
                // An array has no members: what is missing there is wrong with the whole.
                let is_of_whole = view.is_array() && place.path.starts_with("$.");
                let whole = || Place { location: Location::root(), path: "$".to_owned(), ..place.clone() };
                self.found(at, &finding, &if is_of_whole { whole() } else { place }, seen);
            }
        }
    }

    /// Adds a finding about an exchange to the groups.
    fn found(&mut self, at: usize, finding: &Finding, place: &Place, seen: &Seen<'_>) {
        let exchange = &seen.recorded.exchange;
        let (request, secrets) = (&exchange.request, seen.secrets());
        let place = secrets.place(place);
        let finding = Finding { location: Some(place.location.clone()), ..secrets.finding(finding) };
        let key = Key {
            invariant: at,
            method: request.method.clone(),
            path: shape::shape(&request.url, &self.base),
            place: kind(&place.path),
        };
        let example = Example {
            file: seen.file.to_owned(),
            entry: seen.number,
            method: request.method.clone(),
            url: shown_url(&request.url),
            place: place.path,
            message: with_asked(place.why, &request.url),
        };
        let redaction = secrets.redaction(&self.redaction);
        let shown = || {
            let began = DateTime::<Utc>::UNIX_EPOCH;
            let mut stored = StoredExchange::from_exchange(exchange, began, redaction?, BODY_LIMIT);
            stored.url = shown_url(&request.url);
            stored.started_ms = 0;
            stored.user = credentials::user(exchange).map(|user| secrets.text(&user));
            Some(stored)
        };
        let id = subject::id(self.suite, at);
        self.groups.add(key, id, &finding, example, shown);
    }
}

/// The kind of a place; a member without a name is told by what it stands in.
fn kind(path: &str) -> String {
    let kind = kind_of_place(path);
    if kind == "$['']" { "$".to_owned() } else { kind }
}

/// A message with what the request asks for that the conventions do not know, where it may explain it.
fn with_asked(message: String, url: &Url) -> String {
    let is_uncounted = url.query_pairs().any(|(name, value)| name == "includeCount" && value == "false");
    let is_about_it = message.contains("totalCount") || message.contains("next") || message.contains("$.links");
    if is_uncounted && is_about_it { format!("{message} (the request has `includeCount=false`)") } else { message }
}
