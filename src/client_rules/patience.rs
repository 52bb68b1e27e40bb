//! What a client does when it is told to wait: after 429, and after errors of the server.

use chrono::{DateTime, TimeDelta, Utc};

use super::recent::Recent;
use super::rule::Rule;
use super::sight::Sight;
use super::{fail, pass};
use crate::verdict::Finding;

/// More refusals in one minute are hammering; waiting twice as long each time makes fewer.
const REFUSALS: u32 = 10;
/// The time in which they are counted: the counters of the rate limit begin anew each minute.
const WINDOW: TimeDelta = TimeDelta::seconds(60);
/// More errors in this time are hammering.
const ERRORS: u32 = 10;
const ERRORS_WITHIN: TimeDelta = TimeDelta::seconds(10);
/// Requests that were on their way when another was told to wait started within this time.
const ON_ITS_WAY: TimeDelta = TimeDelta::milliseconds(250);
/// Clocks and rounding: so much too early is in time.
const ROUNDING: TimeDelta = TimeDelta::seconds(1);

/// Who was told to wait.
#[derive(Debug, Default)]
pub(super) struct Patience {
    refusals: Recent<String, Row>,
    errors: Recent<String, Row>,
    waits: Recent<String, Wait>,
}

/// Answers of one kind in a row.
#[derive(Clone, Copy, Debug)]
struct Row {
    first: DateTime<Utc>,
    count: u32,
}

/// From when until when nothing is to be asked.
#[derive(Clone, Copy, Debug)]
struct Wait {
    told: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl Patience {
    pub(super) fn judge(&mut self, sight: &Sight<'_>, findings: &mut Vec<Finding>) {
        let resource = resource(sight);
        findings.extend(self.waited(sight, &resource));
        match sight.status() {
            429 => {
                let count = counted(&mut self.refusals, &resource, sight, WINDOW);
                let message = format!("refused with 429 {count} times within a minute");
                findings.push(verdict(Rule::NoHammering, count, REFUSALS, message));
            }
            500..=599 => {
                let count = counted(&mut self.errors, &sight.request_line(), sight, ERRORS_WITHIN);
                let message = format!("an error of the server (5xx) {count} times within ten seconds");
                findings.push(verdict(Rule::ErrorsNotHammered, count, ERRORS, message));
            }
            _ => {}
        }
        if let (429 | 503, Some(until)) = (sight.status(), retry_after(sight)) {
            self.waits.set(&resource, Wait { told: sight.ended, until });
        }
    }

    fn waited(&self, sight: &Sight<'_>, resource: &String) -> Option<Finding> {
        let wait = self.waits.get(resource)?;
        let started = sight.started();
        if started < wait.told + ON_ITS_WAY {
            return None;
        }
        if started >= wait.until - ROUNDING {
            // Long after, it shows nothing.
            return (started - wait.until < WINDOW).then(|| pass(Rule::RetryAfter));
        }
        let (left, all) = ((wait.until - started).num_seconds(), (wait.until - wait.told).num_seconds());
        let message = format!("asked again {left} s before Retry-After allows it");
        Some(fail(Rule::RetryAfter, message).expected(format!("after {all} s"), format!("after {} s", all - left)))
    }
}

fn verdict(rule: Rule, count: u32, most: u32, message: String) -> Finding {
    if count <= most { pass(rule) } else { fail(rule, message).expected(format!("at most {most}"), count.to_string()) }
}

/// How many such answers there were since the first of the row, those aside that were on their way with it.
fn counted(rows: &mut Recent<String, Row>, key: &String, sight: &Sight<'_>, within: TimeDelta) -> u32 {
    let row = rows.entry(key, || Row { first: sight.ended, count: 0 });
    if sight.started() - row.first > within {
        *row = Row { first: sight.ended, count: 0 };
    }
    if row.count == 0 || sight.started() >= row.first {
        row.count = row.count.saturating_add(1);
    }
    row.count
}

/// What is told to wait: a user at a resource, whatever the query.
fn resource(sight: &Sight<'_>) -> String {
    format!("{} {}", sight.user(), sight.exchange.request.url.path())
}

/// When an answer says that it may be asked again.
fn retry_after(sight: &Sight<'_>) -> Option<DateTime<Utc>> {
    let wait = sight.exchange.response.retry_after(sight.ended)?;
    sight.ended.checked_add_signed(TimeDelta::from_std(wait).ok()?)
}
