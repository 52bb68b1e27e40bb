//! `run --dry-run`: what would be run and sent, and what is set aside and why.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::discover::Bounds;
use crate::record::Outcome;
use crate::report;
use crate::run::Outline;
use crate::suite::{Action, Instance, Plan, RequestTemplate, Scope, Step, Wait, Why};
use crate::target::Target;

/// Version of the format for programs.
const FORMAT: u32 = 1;

/// Whether the target would be browsed before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// Nothing is sent before.
    Nothing,
    /// What browsing finds decides what else is run.
    Browsing(Bounds),
}

/// A plan for programs; nothing is sent.
pub(super) fn json(plan: &Plan, target: &Target, scope: &Scope, before: Before) -> String {
    let browsing = match before {
        Before::Nothing => Value::Null,
        Before::Browsing(Bounds { requests, depth, time }) => {
            json!({ "requests": requests, "depth": depth, "seconds": time.as_secs_f64() })
        }
    };
    let cases = plan.to_run.iter().map(|it| {
        let case = &it.case;
        json!({
            "id": it.id, "chapter": case.chapter, "purpose": case.purpose, "requirements": case.requirements,
            "source": case.source, "steps": steps(it, scope, target),
        })
    });
    let invariants = plan.invariants.iter().map(
        |it| json!({ "id": it.id, "chapter": it.chapter, "purpose": it.purpose, "requirements": it.requirements }),
    );
    let set_aside = plan.set_aside.iter().map(|it| {
        let verdict = match it.why() {
            Why::NotApplicable => Outcome::NotApplicable,
            Why::NotSelected => Outcome::NotSelected,
        };
        json!({ "id": it.id, "chapter": it.chapter, "verdict": verdict, "reason": it.reason, "message": report::reason(&it.reason) })
    });
    let plan = json!({
        "format": FORMAT,
        "target": { "name": target.name, "base_url": target.base_url.as_str() },
        "browsing": browsing,
        "cases": cases.collect::<Vec<_>>(),
        "invariants": invariants.collect::<Vec<_>>(),
        "set_aside": set_aside.collect::<Vec<_>>(),
    });
    format!("{plan:#}")
}

/// Describes a plan; nothing is sent.
pub(super) fn describe(plan: &Plan, target: &Target, scope: &Scope, before: Before) -> String {
    let mut text = match before {
        Before::Nothing => String::new(),
        Before::Browsing(bounds) => browsing(target, bounds),
    };
    let _ = writeln!(text, "To {} ({}) would be sent, for", target.name, target.base_url);
    for instance in &plan.to_run {
        let _ = writeln!(text, "  {}", instance.id);
        for line in steps(instance, scope, target) {
            let _ = writeln!(text, "      {line}");
        }
    }
    if !plan.invariants.is_empty() {
        text.push_str("\nAnd judged on every response\n");
        for invariant in &plan.invariants {
            let _ = writeln!(text, "  {}", invariant.id);
        }
    }
    text.push_str(&set_aside(plan));
    text
}

fn browsing(target: &Target, bounds: Bounds) -> String {
    let Bounds { requests, depth, time } = bounds;
    format!(
        "First {} would be browsed as owner: GET of the root and of what its links lead to below it, one request after \
         the other, at most {requests} requests, {depth} links deep, for {time:?}. What is found there decides which of \
         the tests skipped below are run as well.\n\n",
        target.base_url
    )
}

fn steps(instance: &Instance, scope: &Scope, target: &Target) -> Vec<String> {
    let mut outline = Outline::new(instance, scope.clone(), &target.base_url);
    let case = &instance.case;
    let mut lines = Vec::new();
    for step in case.all_steps() {
        lines.push(line(step, &outline));
        outline.pass(step);
    }
    lines
}

fn line(step: &Step, outline: &Outline<'_>) -> String {
    let sent = |request: &RequestTemplate| outline.request(request);
    match &step.action {
        Action::Request { request, .. } => sent(request),
        Action::Burst { request, count } => {
            let count = count.as_str().map_or_else(|| count.to_string(), |count| outline.text(count));
            format!("{}  {count} times", sent(request))
        }
        Action::Walk { request, following, .. } => {
            format!("{}  and on by `{}`", sent(request), outline.text(following))
        }
        Action::Compare { request, .. } => format!("{}  plain, changed, plain", sent(request)),
        Action::Poll { request, .. } => format!("{}  until it is as expected", sent(request)),
        Action::Wait(Wait::NextWindow) => "waits for the next window of the rate limit".to_owned(),
        Action::Wait(Wait::WindowSecond(second)) => format!("waits for second {second} of the window"),
        Action::Wait(Wait::WindowPercent(percent)) => format!("waits until {percent} % of the window are over"),
        Action::Wait(Wait::Duration(duration)) => format!("waits {}", outline.text(duration)),
    }
}

fn set_aside(plan: &Plan) -> String {
    let mut reasons: BTreeMap<(&str, String), Vec<&str>> = BTreeMap::new();
    for it in &plan.set_aside {
        let why = match it.why() {
            Why::NotApplicable => "not applicable",
            Why::NotSelected => "not selected",
        };
        reasons.entry((why, report::reason(&it.reason))).or_default().push(&it.id);
    }
    let mut text = String::new();
    for ((why, reason), ids) in reasons {
        let _ = writeln!(text, "\nSkipped, {why}: {reason}");
        for id in ids {
            let _ = writeln!(text, "  {id}");
        }
    }
    text
}
