//! Bodies of requests and what they are called.

use super::rule::Rule;
use super::sight::Sight;
use super::{fail, pass, short};
use crate::verdict::Finding;

pub(super) fn judge(sight: &Sight<'_>, findings: &mut Vec<Finding>) {
    let Some(body) = sight.body().filter(|_| ["POST", "PUT", "PATCH"].contains(&sight.method())) else { return };
    findings.push(content_type(sight.sent("content-type")));
    findings.push(match serde_json::from_slice::<serde::de::IgnoredAny>(body) {
        Ok(_) => pass(Rule::JsonBody),
        Err(error) => fail(Rule::JsonBody, format!("the body is not JSON: {error}")),
    });
}

fn content_type(sent: Option<&str>) -> Finding {
    let wanted = "application/json";
    match sent {
        None => fail(Rule::ContentType, "the body has no Content-Type").expected(wanted, "none"),
        Some(sent) if sent.split(';').next().is_some_and(|it| it.trim().eq_ignore_ascii_case(wanted)) => {
            pass(Rule::ContentType)
        }
        Some(sent) => fail(Rule::ContentType, "the body has another Content-Type").expected(wanted, short(sent)),
    }
}
