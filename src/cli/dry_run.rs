//! `run --dry-run`: what would be run and sent, and what is set aside and why.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::suite::{Action, Case, Plan, Step, Wait, Why};
use crate::target::Target;

/// Describes a plan; nothing is sent.
pub(super) fn describe(plan: &Plan, target: &Target) -> String {
    let mut text = format!("To {} ({}) would be sent, for\n", target.name, target.base_url);
    for instance in &plan.to_run {
        let _ = writeln!(text, "  {}", instance.id);
        for line in steps(&instance.case) {
            let _ = writeln!(text, "      {line}");
        }
    }
    if !plan.invariants.is_empty() {
        text.push_str("\nAnd judged on every answer\n");
        for invariant in &plan.invariants {
            let _ = writeln!(text, "  {}", invariant.id);
        }
    }
    text.push_str(&set_aside(plan));
    text
}

fn steps(case: &Case) -> impl Iterator<Item = String> {
    case.preamble.iter().chain(&case.steps).chain(&case.postamble).map(line)
}

fn line(step: &Step) -> String {
    let sent =
        |request: &crate::suite::RequestTemplate| format!("{} {}  as {}", request.method, request.url, request.user);
    match &step.action {
        Action::Request { request, .. } => sent(request),
        Action::Burst { request, count } => format!("{}  {count} times", sent(request)),
        Action::Walk { request, following, .. } => format!("{}  and on by `{following}`", sent(request)),
        Action::Compare { request, .. } => format!("{}  plain, changed, plain", sent(request)),
        Action::Poll { request, .. } => format!("{}  until it is as expected", sent(request)),
        Action::Wait(Wait::NextWindow) => "waits for the next window of the rate limit".to_owned(),
        Action::Wait(Wait::WindowSecond(second)) => format!("waits for second {second} of the window"),
        Action::Wait(Wait::Duration(duration)) => format!("waits {duration}"),
    }
}

fn set_aside(plan: &Plan) -> String {
    let mut reasons: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for it in &plan.set_aside {
        let why = match it.why {
            Why::NotApplicable => "not applicable",
            Why::NotSelected => "not selected",
        };
        reasons.entry((why, &it.reason)).or_default().push(&it.id);
    }
    let mut text = String::new();
    for ((why, reason), ids) in reasons {
        let _ = writeln!(text, "\nSet aside, {why}: {reason}");
        for id in ids {
            let _ = writeln!(text, "  {id}");
        }
    }
    text
}
