//! What the requests of a recording show of their clients, among the results of an audit.

use super::clients::{Clients, Said};
use super::group::{Example, Key};
use super::har::{self, Recorded};
use super::seen::Seen;
use super::{Audit, Heard, subject};
use crate::check::Place;
use crate::verdict::{Finding, Location, Verdict};

impl Audit<'_> {
    /// Judges what an exchange shows of the client that sent the request, when its turn has come.
    pub(super) fn client(&mut self, file: &str, number: usize, recorded: Box<Recorded>) {
        let ready = self.clients.as_mut().map(|clients| clients.take(number, recorded)).unwrap_or_default();
        self.clients_of(file, ready);
    }

    fn clients_of(&mut self, file: &str, ready: Vec<(usize, Box<Recorded>)>) {
        for (number, recorded) in ready {
            let said = self.clients.as_mut().map(|clients| clients.see(&recorded)).unwrap_or_default();
            let seen = Seen::of(file, number, &recorded);
            for Said { rule, finding } in said {
                let at = subject::of_rule(self.suite, rule);
                if self.met[at].count(&finding, |text| seen.secrets().text(text)) == Verdict::Fail {
                    let location = Location::Request;
                    let place = Place { path: location.to_string(), location, why: finding.message.clone() };
                    let finding = Finding { source: Some(rule.info().source()), ..finding };
                    self.found(at, &finding, &place, &seen);
                }
            }
        }
    }

    /// Judges what the end of a recording shows of its clients. No exchange stands for what never came.
    pub(super) fn end_of_clients(&mut self, heard: &Heard) {
        let ready = self.clients.as_mut().map(Clients::rest).unwrap_or_default();
        self.clients_of(&heard.file, ready);
        let cut = heard.broken.is_some() || heard.unreadable > 0 || heard.others.contains_key(har::UNANSWERED);
        if let Some((rules, requests)) = self.clients.as_ref().and_then(Clients::without_credentials) {
            for rule in rules {
                self.met[subject::of_rule(self.suite, rule)].unclear_times("no request has credentials", requests);
            }
        }
        let said = self.clients.take().map(|clients| clients.finish(cut));
        for Said { rule, finding } in said.iter().flatten() {
            let at = subject::of_rule(self.suite, *rule);
            if self.met[at].count(finding, str::to_owned) == Verdict::Fail {
                self.missed(at, heard, &Finding { source: Some(rule.info().source()), ..finding.clone() });
            }
        }
        self.clients = said.map(|_| Clients::of(self.page_maximum));
    }

    /// Adds a finding about what a client never sent.
    fn missed(&mut self, at: usize, heard: &Heard, finding: &Finding) {
        let place = "the end of the recording";
        let key = Key { invariant: at, method: "*".to_owned(), path: "/".to_owned(), place: place.to_owned() };
        let example = Example {
            file: heard.file.clone(),
            entry: heard.entries,
            method: "*".to_owned(),
            url: self.base.to_string(),
            place: place.to_owned(),
            message: finding.message.clone(),
        };
        self.groups.add(key, subject::id(self.suite, at), finding, example, || None);
    }
}
