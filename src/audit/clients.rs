//! The rules for clients, held against the requests of a recording.

use chrono::{DateTime, TimeDelta, Utc};

use super::credentials::{self, NEEDING, legible};
use super::har::{Recorded, Timing};
use super::order::InOrder;
use crate::client_rules::{Rule, Watch};
use crate::exchange::Request;
use crate::verdict::{Finding, Verdict};

/// Follows the clients of one recording.
#[derive(Debug)]
pub(super) struct Clients {
    watch: Watch,
    /// When the last response was complete.
    ended: Option<DateTime<Utc>>,
    order: InOrder<Box<Recorded>>,
    /// When the exchange before began: one without a time keeps its place after it.
    before: DateTime<Utc>,
    /// Whether the times of the recording name no zone.
    is_local: Option<bool>,
    /// Until when an exchange may have gone on of which it is not recorded how long it took.
    open: Option<DateTime<Utc>>,
    /// Whether it is not recorded when some exchange took place.
    is_untimed: bool,
    /// Whether any request has credentials, and how many answered requests there are that should have some.
    has_credentials: bool,
    answered: usize,
    /// Whether credentials were taken out of any request.
    has_lost: bool,
}

/// The most bytes of exchanges that wait for earlier ones.
const WAITING: usize = 16 << 20;

/// The same in a recording that is not in the order of time.
const WAITING_IN_DISORDER: usize = 128 << 20;

/// No exchange goes on for longer.
const LONGEST: TimeDelta = TimeDelta::minutes(10);

/// What one exchange says about a rule.
pub(super) struct Said {
    pub(super) rule: Rule,
    pub(super) finding: Finding,
}

impl Clients {
    /// Nobody seen so far; a page of the server holds so many items at the most.
    pub(super) fn of(most_items: u64) -> Self {
        Self {
            watch: Watch::new().paging(most_items),
            ended: None,
            order: InOrder::of(WAITING, WAITING_IN_DISORDER),
            before: DateTime::UNIX_EPOCH,
            is_local: None,
            open: None,
            is_untimed: false,
            has_credentials: false,
            answered: 0,
            has_lost: false,
        }
    }

    /// Takes an exchange, and returns those whose turn it is, in the order of time.
    pub(super) fn take(&mut self, entry: usize, mut recorded: Box<Recorded>) -> Vec<(usize, Box<Recorded>)> {
        let time = recorded.time;
        if time.started.is_some() && *self.is_local.get_or_insert(time.is_local) != time.is_local {
            recorded.time = Timing::default();
        }
        self.before = recorded.time.started.unwrap_or(self.before);
        let (request, response) = (&recorded.exchange.request, &recorded.exchange.response);
        let weight = 4_000 + response.body.len() + request.body.as_ref().map_or(0, Vec::len);
        self.order.push(self.before, entry, weight, recorded)
    }

    /// The exchanges that still wait for their turn.
    pub(super) fn rest(&mut self) -> Vec<(usize, Box<Recorded>)> {
        self.order.finish()
    }

    /// What an exchange shows; what it cannot show for want of something in the recording is inconclusive.
    pub(super) fn see(&mut self, recorded: &Recorded) -> Vec<Said> {
        let exchange = legible(&recorded.exchange);
        self.has_credentials |= credentials::of(&exchange).is_some();
        self.has_lost |= credentials::is_lost(&exchange);
        self.answered += usize::from(exchange.response.status != 401);
        self.ended = self.ended.max(Some(exchange.ended()));
        let order = self.unknown_order(recorded.time.started);
        let findings = self.watch.see(&exchange).into_iter().filter_map(said);
        let judged = findings.map(|said| {
            let lost = credentials::lacked(said.rule, &exchange).filter(|_| said.finding.verdict == Verdict::Fail);
            judgeable(in_one_sentence(said), recorded, order, lost)
        });
        let judged = judged.collect();
        match recorded.time.started {
            Some(started) if recorded.time.took.is_none() => self.open = self.open.max(Some(started + LONGEST)),
            Some(_) => {}
            None => self.is_untimed = true,
        }
        judged
    }

    /// Why it is not known what came after what, of an exchange that began then.
    fn unknown_order(&self, began: Option<DateTime<Utc>>) -> Option<&'static str> {
        if self.order.is_broken() {
            return Some("the entries are too far out of the order of time");
        }
        if self.is_untimed {
            return Some("when a request before it was sent is not recorded");
        }
        let is_open = began.is_some_and(|began| self.open.is_some_and(|open| began < open));
        is_open.then_some("how long an exchange before it took is not recorded")
    }

    /// The rules that need credentials, and how many requests have none though they were answered, if no request of the
    /// recording has any: somebody took them out.
    pub(super) fn without_credentials(&self) -> Option<([Rule; 7], usize)> {
        (!self.has_credentials && self.answered > 0).then_some((NEEDING, self.answered))
    }

    /// What the end of the recording shows. Of one that was `cut`, the rest may hold what is missed.
    pub(super) fn finish(mut self, cut: bool) -> Vec<Said> {
        let findings = self.watch.finish(self.ended.unwrap_or_default()).into_iter().filter_map(said);
        let weighed = findings.map(|said| match said.finding.verdict {
            Verdict::Fail if cut => unclear(said, "the recording is not whole"),
            Verdict::Fail if self.is_untimed => unclear(said, "when a request before it was sent is not recorded"),
            Verdict::Fail if self.has_lost => unclear(said, "the credentials of other requests were taken out"),
            Verdict::Pass | Verdict::Inconclusive | Verdict::Fail => said,
        });
        weighed.collect()
    }
}

fn said(finding: Finding) -> Option<Said> {
    let info = finding.requirements.iter().find_map(|id| Rule::named(id))?;
    Some(Said { rule: info.rule, finding })
}

/// What was expected, told in the message, for groups tell messages alone.
fn in_one_sentence(said: Said) -> Said {
    let finding = said.finding;
    let message = match (&finding.expected, &finding.actual) {
        (Some(expected), Some(actual)) => {
            format!("{}: expected {expected}, found {actual}", finding.message)
        }
        _ => finding.message,
    };
    Said { finding: Finding { message, expected: None, actual: None, ..finding }, ..said }
}

/// The finding, unless the recording lacks what its rule needs.
fn judgeable(said: Said, recorded: &Recorded, order: Option<&'static str>, lost: Option<&'static str>) -> Said {
    let is_of_order = said.finding.verdict == Verdict::Fail && needs_order(said.rule);
    match lost.or(order.filter(|_| is_of_order)).or_else(|| lacked(said.rule, recorded)) {
        Some(why) => unclear(said, why),
        None => said,
    }
}

fn unclear(said: Said, why: &str) -> Said {
    Said { finding: Finding { verdict: Verdict::Inconclusive, message: why.to_owned(), ..said.finding }, ..said }
}

/// What a rule needs and the recording does not hold.
fn lacked(rule: Rule, recorded: &Recorded) -> Option<&'static str> {
    let gaps = &recorded.gaps;
    let time = recorded.time.started.is_none().then_some("when the request was sent is not recorded");
    match rule {
        // A header that is not recorded may have been sent; one that is recorded was.
        Rule::ContentType => gaps.request_headers,
        Rule::DigestForRequest => gaps.query.or(recorded.uri),
        Rule::JsonBody => recorded.sent_body.or_else(|| unsure_body(&recorded.exchange.request)),
        Rule::PageNumbers | Rule::PageSize => gaps.query,
        Rule::DatesIso | Rule::DatesWithZone => gaps.query.or(recorded.sent_body),
        Rule::PagesWithinList => gaps.query.or(time),
        Rule::StaleNonceDropped
        | Rule::StaleNonceRenewed
        | Rule::RefusalNotRepeated
        | Rule::NoHammering
        | Rule::RetryAfter
        | Rule::ErrorsNotHammered => time,
        Rule::KeyNeverSent | Rule::DigestForm | Rule::DigestQuoting | Rule::NonceCounts => None,
    }
}

/// Whether a rule is about what comes after what.
fn needs_order(rule: Rule) -> bool {
    match rule {
        Rule::NonceCounts
        | Rule::PagesWithinList
        | Rule::StaleNonceDropped
        | Rule::StaleNonceRenewed
        | Rule::RefusalNotRepeated
        | Rule::NoHammering
        | Rule::RetryAfter
        | Rule::ErrorsNotHammered => true,
        Rule::KeyNeverSent
        | Rule::DigestForm
        | Rule::DigestQuoting
        | Rule::DigestForRequest
        | Rule::ContentType
        | Rule::JsonBody
        | Rule::PageNumbers
        | Rule::PageSize
        | Rule::DatesIso
        | Rule::DatesWithZone => false,
    }
}

/// Why the body of a request may be another than the one that was sent.
fn unsure_body(request: &Request) -> Option<&'static str> {
    let sent = |name: &str| request.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim());
    let length = request.body.as_ref().map_or(0, Vec::len);
    if sent("content-encoding").is_some() {
        return Some("the body of the request is coded");
    }
    let stated = sent("content-length").and_then(|stated| stated.parse::<usize>().ok());
    stated
        .is_some_and(|stated| stated != length)
        .then_some("the recorded body of the request is not as long as the one that was sent")
}
