//! The rules for clients, held against the requests of a recording.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::har::Recorded;
use crate::client_rules::{Rule, Watch};
use crate::exchange::{Exchange, Request};
use crate::verdict::{Finding, Verdict};

/// Follows the clients of one recording.
#[derive(Debug)]
pub(super) struct Clients {
    watch: Watch,
    /// When the last answer was complete.
    ended: Option<DateTime<Utc>>,
}

/// What one exchange says about a rule.
pub(super) struct Said {
    pub(super) rule: Rule,
    pub(super) finding: Finding,
}

impl Clients {
    /// Nobody seen so far; a page of the server holds so many items at the most.
    pub(super) fn of(most_items: u64) -> Self {
        Self { watch: Watch::new().paging(most_items), ended: None }
    }

    /// What an exchange shows; what it cannot show for want of something in the recording is inconclusive.
    pub(super) fn see(&mut self, recorded: &Recorded) -> Vec<Said> {
        let exchange = legible(&recorded.exchange);
        self.ended = self.ended.max(Some(exchange.ended()));
        let findings = self.watch.see(&exchange).into_iter().filter_map(said);
        findings.map(|said| judgeable(in_one_sentence(said), recorded)).collect()
    }

    /// What the end of the recording shows. Of one that was `cut`, the rest may hold what is missed.
    pub(super) fn finish(mut self, cut: bool) -> Vec<Said> {
        let findings = self.watch.finish(self.ended.unwrap_or_default()).into_iter().filter_map(said);
        let weighed = findings.map(|said| match said.finding.verdict {
            Verdict::Fail if cut => unclear(said, "the recording is not whole"),
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
fn judgeable(said: Said, recorded: &Recorded) -> Said {
    match lacked(said.rule, recorded) {
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
    let untimed = recorded.exchange.started == DateTime::UNIX_EPOCH;
    let time = untimed.then_some("when the request was sent is not recorded");
    match rule {
        // A header that is not recorded may have been sent; one that is recorded was.
        Rule::ContentType => gaps.request_headers,
        Rule::DigestForRequest => gaps.query.or(recorded.uri),
        Rule::JsonBody => unsure_body(&recorded.exchange.request),
        Rule::PageNumbers | Rule::PageSize | Rule::DatesIso | Rule::DatesWithZone => gaps.query,
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

/// The exchange with credentials that somebody took out marked as such, whatever they wrote in their place.
fn legible(exchange: &Exchange) -> Cow<'_, Exchange> {
    let is_taken_out = |(name, value): &(String, String)| name == "authorization" && is_blanked(value);
    if !exchange.request.headers.iter().any(is_taken_out) {
        return Cow::Borrowed(exchange);
    }
    let mut exchange = exchange.clone();
    for header in exchange.request.headers.iter_mut().filter(|header| is_taken_out(header)) {
        "[redacted]".clone_into(&mut header.1);
    }
    Cow::Owned(exchange)
}

/// Whether a value is no credentials at all: one word, or Digest without a parameter.
fn is_blanked(value: &str) -> bool {
    match value.trim().split_once(' ') {
        None => true,
        Some((scheme, rest)) => scheme.eq_ignore_ascii_case("digest") && !rest.contains('='),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_that_were_taken_out_are_known() {
        assert!(["REDACTED", "Digest ***", "[redacted]", "digest <hidden>"].iter().all(|text| is_blanked(text)));
        assert!(!["Basic bWU6a2V5", "Bearer x", r#"Digest username="me""#].iter().any(|text| is_blanked(text)));
    }
}
