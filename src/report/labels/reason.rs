//! Reasons in words: why a test was skipped, or is inconclusive, and what to do about it.

use std::borrow::Cow;

use crate::reason::{Exchanges, Filter, KeyKind, MissingKey, Reading, Reason};
use crate::record::{CaseResult, Judged, Outcome, Resent};
use crate::verdict::{Finding, Verdict};

/// A reason in words.
pub(in crate::report) struct Told {
    /// What stands in the way.
    pub(in crate::report) what: String,
    /// What to do about it, as an instruction without a full stop, if there is something.
    pub(in crate::report) remedy: Option<String>,
}

/// A reason in one sentence, in lower case and without a full stop.
pub fn reason(reason: &Reason) -> String {
    let Told { what, remedy } = told(reason);
    match (reason, remedy) {
        // The line to write says most.
        (Reason::TargetLacks { keys }, Some(remedy)) if keys.len() == 1 => format!("{what}: {remedy}"),
        _ => what,
    }
}

/// A reason, and what to do about it.
pub(in crate::report) fn told(reason: &Reason) -> Told {
    Told { what: what(reason), remedy: remedy(reason) }
}

fn what(reason: &Reason) -> String {
    match reason {
        Reason::TargetLacks { keys } => lacks(keys),
        Reason::SourcesBehindProxy => "behind a `proxy` the target does not see the addresses of `sources`".to_owned(),
        Reason::EmptyList { list: Some(template), .. } => format!("`{template}` of the target is empty"),
        Reason::EmptyList { variable, list: None } => format!("there is nothing for `{variable}` to run through"),
        Reason::NotAList { variable } => format!("the value that `{variable}` runs through is not a list"),
        Reason::TooManyCombinations { most } => format!("it would run in more than {most} combinations"),
        Reason::TooManyLogins { user, limit, seconds } => {
            format!("`{user}` would log in wrongly more than {limit} times within {seconds} s")
        }
        Reason::NoExchange { of: Exchanges::Run } => "no exchange of this run is of its kind".to_owned(),
        Reason::NoExchange { of: Exchanges::Recording } => "no recorded exchange is of its kind".to_owned(),
        Reason::NothingToCompare { exchanges } => alone(*exchanges),
        Reason::NoExchangeJudged => "it could not be judged on any exchange".to_owned(),
        Reason::NoOccasion { occasion } => format!("there was no {occasion}"),
        Reason::Filter { by: Filter::Skip } => "it was left out: --skip".to_owned(),
        Reason::Filter { by: Filter::LastFailed } => "it did not fail in the last run: --last-failed".to_owned(),
        Reason::Filter { by } => format!("other {} were asked for", filtered(*by)),
        Reason::ReadOnly => "it sends more than GET and HEAD, and only reading was allowed".to_owned(),
        Reason::OtherShard { shard } => format!("shard {shard} runs it"),
        Reason::TooFast { requests, seconds } => {
            format!("it sends {requests} requests within {seconds} s, more than --max-rate allows")
        }
        Reason::FailFast { failed } => format!("--fail-fast: {failed} failed before"),
        Reason::RunEnded => "the run ended before it".to_owned(),
        _ => why_inconclusive(reason),
    }
}

fn why_inconclusive(reason: &Reason) -> String {
    match reason {
        Reason::Interrupted => "the run was interrupted".to_owned(),
        Reason::Preparation { .. } => "could not set up this test".to_owned(),
        Reason::Obstacle { obstacle } => obstacle.to_string(),
        Reason::NoValue { name, after_failure: false } => format!("`{{{name}}}` has no value here"),
        Reason::NoValue { name, after_failure: true } => {
            format!("an earlier step failed, and `{{{name}}}` has no value here")
        }
        Reason::ListChanged { during } => format!("{}, at every try", changed(*during)),
        Reason::ListRecounted { url, browsed, now } => {
            let now = now.map_or_else(|| "is not a list".to_owned(), |now| format!("has {now}"));
            format!("{url} had {browsed} items when it was browsed and {now} now")
        }
        Reason::NonceTooOld => "a nonce could not be used within its lifetime".to_owned(),
        Reason::WindowMissed => "the requests did not fit into one window of the rate limit".to_owned(),
        Reason::LimitShared => {
            "the rate limit let another number of requests through from window to window: is somebody else using this group?"
                .to_owned()
        }
        Reason::ClockUnknown { has_date: true } => "the clock of the target is not known well enough".to_owned(),
        Reason::ClockUnknown { has_date: false } => {
            "the responses of the target have no Date header that shows its clock".to_owned()
        }
        Reason::ForeignLink { rel, url } => {
            format!("the link {rel} leads to {url}, another origin than the target's, and is not followed")
        }
        Reason::TooManyPages { pages } => format!("the list has more than the {pages} pages that are walked"),
        Reason::UnreadablePage { cause } | Reason::Recording { cause } | Reason::CaseError { cause } => cause.clone(),
        Reason::SuiteError { cause } => format!("the suite itself failed: {cause}"),
        _ => "a check could not be made".to_owned(),
    }
}

fn lacks(keys: &[MissingKey]) -> String {
    let [MissingKey { kind, name, .. }] = keys else {
        let lines: Vec<String> = keys.iter().map(|key| format!("`{}`", key.line)).collect();
        return format!("the target file lacks {}", lines.join(", "));
    };
    let last = name.rsplit('.').next().unwrap_or(name);
    match kind {
        KeyKind::Claim => format!("the target does not claim `{name}`"),
        KeyKind::User => format!("there is no user `{last}`"),
        KeyKind::Source => format!("there is no source address `{last}`"),
        KeyKind::NonceLifetime => "it is not known how long a nonce lives".to_owned(),
        KeyKind::Parameter => format!("there is no `{name}`"),
    }
}

fn filtered(by: Filter) -> &'static str {
    match by {
        Filter::Id | Filter::Skip | Filter::LastFailed => "ids",
        Filter::Chapter => "chapters",
        Filter::Requirement => "requirements",
        Filter::Level => "levels",
    }
}

fn changed(during: Reading) -> &'static str {
    match during {
        Reading::Walk => "the list changed while it was walked",
        Reading::BetweenWalks => "the list changed between two walks",
        Reading::BetweenReadings => "a list changed while it was read",
    }
}

fn alone(exchanges: usize) -> String {
    format!("{exchanges} stood alone: no equal plain reads before and after")
}

fn remedy(reason: &Reason) -> Option<String> {
    let text = match reason {
        Reason::TargetLacks { keys } => return Some(add(keys)),
        Reason::TooManyLogins { .. } => "see `failed-logins` of the target file",
        Reason::NoExchange { of: Exchanges::Run } => "run more tests: it is judged on what other tests exchange",
        Reason::Filter { by: Filter::Id } => "run without filters",
        Reason::Filter { by: Filter::Chapter } => "run without --chapter",
        Reason::Filter { by: Filter::Requirement } => "run without --requirement",
        Reason::Filter { by: Filter::Level } => "run without --level",
        Reason::Filter { by: Filter::Skip } => "run without --skip",
        Reason::Filter { by: Filter::LastFailed } => "run without --last-failed",
        Reason::ReadOnly => "run without --read-only",
        Reason::OtherShard { .. } => "merge the runs of all shards",
        Reason::TooFast { .. } => "run with a higher --max-rate",
        Reason::FailFast { .. } => "run without --fail-fast",
        Reason::Interrupted | Reason::RunEnded => "run again, and let the run come to its end",
        Reason::SuiteError { .. } => "report this error of the suite",
        _ => return None,
    };
    Some(text.to_owned())
}

fn add(keys: &[MissingKey]) -> String {
    let [MissingKey { kind, line, purpose, .. }] = keys else {
        return "add these lines to the target file".to_owned();
    };
    let more = match (kind, purpose) {
        (KeyKind::Claim, _) => " if it implements that".to_owned(),
        (_, Some(purpose)) => format!(" ({purpose})"),
        (_, None) => String::new(),
    };
    format!("add `{line}` to the target file{more}")
}

/// What a finding says, in one sentence.
pub fn message(finding: &Finding) -> Cow<'_, str> {
    match &finding.seen_in {
        None => with_reason(finding, &finding.message),
        Some(test) => Cow::Owned(format!("in {test}: {}", with_reason(finding, &finding.message))),
    }
}

/// The same without the test in which it was seen, and in the words of the author of the case, if there are any.
pub(super) fn said(finding: &Finding) -> Cow<'_, str> {
    with_reason(finding, finding.says.as_deref().unwrap_or(&finding.message))
}

fn with_reason<'a>(finding: &Finding, said: &'a str) -> Cow<'a, str> {
    match finding.reason.as_deref() {
        None => match &finding.cause {
            None => Cow::Borrowed(said),
            Some(cause) => Cow::Owned(format!("{said}; {cause}")),
        },
        Some(why) if said.is_empty() => Cow::Owned(reason(why)),
        Some(why @ Reason::Preparation { .. }) => Cow::Owned(format!("{}: {said}", reason(why))),
        Some(why) => Cow::Owned(format!("{}, so this proves nothing: {said}", reason(why))),
    }
}

/// What is to be said of a result besides its verdict: how its tries ended, what was sent again, on how much an
/// invariant was judged, and why it was skipped or is inconclusive.
pub fn note(result: &CaseResult) -> Option<String> {
    together([beside(result), result.reason.as_ref().and_then(|why| because(result, why))])
}

/// The same without what a finding of the result says.
pub(in crate::report) fn note_beside_findings(result: &CaseResult) -> Option<String> {
    let is_told = result.findings.iter().any(|finding| finding.verdict == Verdict::Inconclusive);
    if is_told { beside(result) } else { note(result) }
}

fn beside(result: &CaseResult) -> Option<String> {
    together([tries(&result.tries), resent(result.resent), result.judged.as_ref().and_then(judged)])
}

fn together(parts: impl IntoIterator<Item = Option<String>>) -> Option<String> {
    parts.into_iter().flatten().reduce(|all, one| format!("{all}; {one}"))
}

/// The reason of a result, with the finding that it names.
fn because(result: &CaseResult, why: &Reason) -> Option<String> {
    match why {
        // What was judged says it already, cause by cause.
        Reason::NoExchangeJudged | Reason::NothingToCompare { .. } if result.judged.is_some() => None,
        Reason::Preparation { finding } | Reason::Unclear { finding } => {
            let found = finding.and_then(|at| result.findings.get(at));
            Some(found.map_or_else(|| reason(why), |found| said(found).into_owned()))
        }
        _ => Some(reason(why)),
    }
}

fn tries(tries: &[Outcome]) -> Option<String> {
    let each = tries.iter().enumerate().map(|(at, outcome)| format!("try {} {}", at + 1, ended(*outcome)));
    each.reduce(|all, one| format!("{all}, {one}"))
}

fn ended(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fail => "failed",
        Outcome::Defect => "was an error of the suite",
        Outcome::Inconclusive => "was inconclusive",
        Outcome::Flaky => "was flaky",
        Outcome::Warn | Outcome::Observed | Outcome::Pass => "passed",
        Outcome::NotApplicable | Outcome::NotSelected => "was skipped",
    }
}

fn resent(resent: Resent) -> Option<String> {
    let each = [
        ("refused with 429 and sent again in the next window", resent.throttled),
        ("sent again because the connection was closed before the response", resent.dropped),
    ];
    let each = each.iter().filter(|(_, times)| *times > 0).map(|(what, times)| format!("{what}: {times} requests"));
    each.reduce(|all, one| format!("{all}; {one}"))
}

fn judged(judged: &Judged) -> Option<String> {
    let broken = (judged.broken > 0).then(|| format!("broken by {} of {} exchanges", judged.broken, judged.exchanges));
    let each = judged.unclear.iter().map(|(cause, exchanges)| format!("{exchanges}: {cause}"));
    let unclear = each.reduce(|all, one| format!("{all}, {one}")).map(|all| format!("could not be judged on {all}"));
    together([broken, unclear, (judged.alone > 0).then(|| alone(judged.alone))])
}

/// Of which violations something is a consequence, if of any.
pub(in crate::report) fn cause(because: &[String]) -> Option<String> {
    let (last, others) = because.split_last()?;
    Some(match others {
        [] => format!("because {last} is violated"),
        others => format!("because {} and {last} are violated", others.join(", ")),
    })
}

/// Why a result was skipped or could not be judged.
pub(in crate::report) fn why(result: &CaseResult) -> String {
    if let Some(cause) = cause(&result.because) {
        return cause;
    }
    let obstacle = || result.findings.iter().find(|finding| finding.verdict == Verdict::Inconclusive);
    let said = note(result).or_else(|| obstacle().map(|finding| said(finding).into_owned()));
    said.unwrap_or_else(|| {
        if result.verdict == Outcome::Defect { "nothing was judged" } else { "no reason was given" }.to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Obstacle;
    use crate::record::sample;

    fn key(kind: KeyKind, name: &str, line: &str) -> MissingKey {
        MissingKey { kind, name: name.to_owned(), line: line.to_owned(), purpose: None }
    }

    #[test]
    fn a_missing_key_says_what_to_write() {
        let claim = key(KeyKind::Claim, "dates", "claims: [dates]");
        let said = told(&Reason::lacks(claim.clone()));
        assert_eq!(said.what, "the target does not claim `dates`");
        assert_eq!(said.remedy.as_deref(), Some("add `claims: [dates]` to the target file if it implements that"));
        let user = key(KeyKind::User, "users.second", "users: …");
        assert_eq!(
            reason(&Reason::lacks(user.clone())),
            "there is no user `second`: add `users: …` to the target file"
        );
        let both = Reason::TargetLacks { keys: vec![claim, user] };
        assert_eq!(reason(&both), "the target file lacks `claims: [dates]`, `users: …`");
    }

    #[test]
    fn a_result_names_the_finding_that_made_its_preparation_fail() {
        let failed = Finding {
            reason: Some(Box::new(Reason::Preparation { finding: None })),
            ..Finding::inconclusive("preamble", "the status is 200, expected 400")
        };
        let findings = vec![Finding::pass("status"), failed];
        let reason = crate::record::reason_of(&findings);
        assert_eq!(reason, Some(Reason::Preparation { finding: Some(1) }));
        let result = CaseResult { reason, findings, ..sample::case("a.b", Outcome::Inconclusive) };
        assert_eq!(why(&result), "could not set up this test: the status is 200, expected 400");
        assert_eq!(note_beside_findings(&result), None, "its finding says it");
    }

    #[test]
    fn all_that_is_to_be_said_of_a_result_stands_in_its_note() {
        let obstacle = Obstacle::Unavailable { url: "http://h/".to_owned() };
        let result = CaseResult {
            tries: vec![Outcome::Inconclusive, Outcome::Pass],
            resent: Resent { throttled: 2, dropped: 0 },
            judged: Some(Judged { exchanges: 9, broken: 1, ..Judged::default() }),
            reason: Some(Reason::Obstacle { obstacle }),
            ..sample::case("a.b", Outcome::Flaky)
        };
        assert_eq!(
            note(&result).as_deref(),
            Some(
                "try 1 was inconclusive, try 2 passed; refused with 429 and sent again in the next window: 2 requests; \
                 broken by 1 of 9 exchanges; http://h/ is unavailable (503), also when asked again, and the run waits \
                 no longer"
            )
        );
        assert_eq!(note(&sample::case("a.b", Outcome::Pass)), None);
    }
}
