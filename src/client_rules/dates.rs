//! Dates that clients send.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::rule::Rule;
use super::sight::Sight;
use super::{fail, pass, short};
use crate::verdict::Finding;

/// Deeper values are not looked into.
const DEEPEST: usize = 16;

/// A date with a time as ISO-8601 writes it; the zone, if there is one, is the group.
static ISO: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^\d{4}-\d\d-\d\d[Tt]\d\d(?::?\d\d(?::?\d\d(?:[.,]\d+)?)?)?([Zz]|[+-]\d\d(?::?\d\d)?)?$")
});
/// Dates as others write them: with a space, as in HTTP, by slashes, by points.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d? \w{3} \d{4}.*|\d{1,4}/\d\d?/\d{2,4}(?: .*)?|\d\d?\.\d\d?\.\d{4}(?: .*)?)$",
    )
});
/// Names of members and parameters that hold dates.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i:date|time|^from|^to$|until|since|^min$|^max$|before$|after$|^start|^end|created|updated|expir)|(?:At|From|To)$",
    )
});

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern stands here and is tested")
}

pub(super) fn judge(sight: &Sight<'_>, findings: &mut Vec<Finding>) {
    for (name, value) in sight.exchange.request.url.query_pairs() {
        judge_text(&name, &value, findings);
    }
    let changes = ["POST", "PUT", "PATCH"].contains(&sight.method());
    if let Some(value) = sight.body().filter(|_| changes).and_then(|body| serde_json::from_slice(body).ok()) {
        judge_value("", &value, DEEPEST, findings);
    }
}

fn judge_value(name: &str, value: &Value, deepest: usize, findings: &mut Vec<Finding>) {
    match value {
        _ if deepest == 0 => {}
        Value::String(text) => judge_text(name, text, findings),
        Value::Array(items) => items.iter().for_each(|item| judge_value(name, item, deepest - 1, findings)),
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| judge_value(name, value, deepest - 1, findings));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn judge_text(name: &str, text: &str, findings: &mut Vec<Finding>) {
    if let Some(date) = ISO.captures(text) {
        findings.push(pass(Rule::DatesIso));
        findings.push(if date.get(1).is_some() {
            pass(Rule::DatesWithZone)
        } else {
            fail(Rule::DatesWithZone, format!("the date in `{}` has no time zone", short(name)))
                .expected(format!("{text}Z"), text)
        });
    } else if OTHER.is_match(text) && NAMED.is_match(name) {
        let message = format!("the date in `{}` is not ISO-8601", short(name));
        findings.push(fail(Rule::DatesIso, message).expected("such as 2016-11-01T13:00:00Z", short(text)));
    }
}
