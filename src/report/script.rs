//! A shell script that sends again what a failed test sent: in its order, with its waits, and with what the target names
//! now where the test had what it named then.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::curl::{self, quoted};
use super::renamed::{self, Named};
use super::{labels, view, visible};
use crate::exchange::Role;
use crate::record::{CaseResult, Outcome, Run, StoredExchange, TargetIdentity};
use crate::verdict::{Finding, Verdict};

/// Longer pauses between two requests are made by the script, too.
const PAUSE_MS: u64 = 900;
/// The longest pause that a script makes, in seconds.
const LONGEST_PAUSE: u64 = 120;
/// From so many exchanges on, those in the middle may be missing.
const MANY: usize = 16;
/// Of no more tests are there scripts.
const MOST: usize = 1_000;
/// The longest name of a file, without its ending.
const LONGEST_NAME: usize = 120;
/// The longest name of a step, in characters.
const LONGEST_STEP: usize = 200;
/// The longest line of a comment, in characters.
const LONGEST_COMMENT: usize = 1_000;

/// The folder of the scripts, beside the reports.
pub const FOLDER: &str = "repro";

/// What every script begins with.
pub const FIRST_LINES: &str = "#!/bin/sh\n# The requests of the test ";

/// What stands between a test and the invariant that was violated in it.
const VIOLATED: &str = ", in which the target violated ";

/// What every script holds, after what it is about.
const OPENING: &str = r#"set -u
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT

# Sends a request, and says how it was answered.
request() {
  for attempt in 1 2 3 4 5; do
    rm -f "$work/heads" "$work/head" "$work/body"
    curl --silent --show-error --dump-header "$work/heads" --output "$work/body" "$@" || [ -s "$work/heads" ] || return 0
    # curl does not log in where it cannot read the challenge; the next one may be written otherwise.
    case "$* $(grep -c '^HTTP/' "$work/heads") $(head -n 1 "$work/heads")" in
      *--digest*' 1 HTTP/'*' 401 '*) ;;
      *) break ;;
    esac
  done
  # The challenge that came before is left out.
  awk '/^HTTP\// { head = "" } { head = head $0 "\n" } END { printf "%s", head }' "$work/heads" >"$work/head"
  printf '%s: %s (the test saw %s)\n' "$step" "$(head -n 1 "$work/head" | tr -d '\r')" "$saw"
}

# Says what the test found in the response that is shown next.
found() {
  printf 'The test found: %s\n' "$1"
}

# Shows the last response.
show() {
  cat "$work/head" 2>/dev/null
  case $method in HEAD) ;; *) cat "$work/body" 2>/dev/null; echo ;; esac
}

# What the last response calls the resource that was created: the end of its Location, or else the id in its body.
created() {
  location=$(grep -i '^location:' "$work/head" | tail -n 1 | tr -d '\r' | sed 's/^[^:]*: *//; s/[?#].*//; s,/*$,,')
  case $location in
    '') jq -r '(.content? // .) | .id' "$work/body" ;;
    *) printf '%s\n' "${location##*/}" ;;
  esac
}
"#;

/// What makes the names that the run invented new ones: what has a name of the run may still be there.
const UNIQUE: &str = r#"
# Names and addresses that begin so take the place of those that the test invented.
now=$(date +%s)
unique=$(printf 'atlaspec-%08x' "$now")
addresses=198.$((18 + now / 256 % 2)).$((now % 256))
"#;

/// A script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The name of its file: letters, digits and `.`, `_`, `=`, `-`.
    pub file_name: String,
    /// The script, for a POSIX shell with curl, and with jq where a body is read.
    pub text: String,
}

/// The scripts of the failed tests and violated invariants of a run that sent something, of at most a thousand.
pub fn scripts(run: &Run) -> Vec<Script> {
    let failed = run.results.iter().filter(|result| is_repeatable(result)).take(MOST);
    failed.map(|result| Script { file_name: file_name(&result.id), text: script(result, run) }).collect()
}

/// Whether there is something to be seen again.
pub(super) fn is_repeatable(result: &CaseResult) -> bool {
    matches!(result.verdict, Outcome::Fail | Outcome::Warn)
        && match result.judged {
            None => result.exchanges.iter().any(|exchange| exchange.role == Role::Asked),
            Some(_) => violation(result).is_some(),
        }
}

/// What a script sends, and where something was found.
struct Plan<'r> {
    /// The test that sent it.
    test: &'r CaseResult,
    /// Its requests, and what was found in the response to each.
    sent: Vec<(&'r StoredExchange, Vec<&'r Finding>)>,
}

impl<'r> Plan<'r> {
    fn of(result: &'r CaseResult, run: &'r Run) -> Self {
        let asked = |test: &'r CaseResult, found: &dyn Fn(usize) -> Vec<&'r Finding>| {
            let asked = test.exchanges.iter().enumerate().filter(|(_, exchange)| exchange.role == Role::Asked);
            asked.map(|(at, exchange)| (exchange, found(at))).collect()
        };
        let Some((finding, exchange)) = result.judged.as_ref().and_then(|_| violation(result)) else {
            let found = |at: usize| result.findings.iter().filter(|it| is_about(it, at)).collect();
            return Self { test: result, sent: asked(result, &found) };
        };
        // An invariant is judged on the requests of a test. Where these were not kept, there is the one that it names.
        let test = finding.seen_in.as_ref().and_then(|id| run.results.iter().find(|it| it.id == *id));
        // The challenge before it may have begun in the same millisecond.
        let same = |other: &StoredExchange| {
            other.role == Role::Asked
                && (other.started_ms, &other.method, &other.url)
                    == (exchange.started_ms, &exchange.method, &exchange.url)
        };
        match test.and_then(|test| Some((test, test.exchanges.iter().position(same)?))) {
            Some((test, place)) => {
                let found = |at: usize| if at == place { vec![finding] } else { Vec::new() };
                Self { test, sent: asked(test, &found) }
            }
            None => Self { test: result, sent: vec![(exchange, vec![finding])] },
        }
    }
}

/// The first violation of an invariant that one response shows, and its exchange.
fn violation(result: &CaseResult) -> Option<(&Finding, &StoredExchange)> {
    let failed = result.findings.iter().filter(|finding| finding.verdict == Verdict::Fail);
    let mut shown = failed.filter_map(|finding| Some((finding, result.exchanges.get(finding.exchange?)?)));
    shown.find(|(_, exchange)| exchange.role == Role::Asked)
}

/// The script of one result.
pub(super) fn script(result: &CaseResult, run: &Run) -> String {
    let (plan, target) = (Plan::of(result, run), &run.target);
    let mut text = about(result, &plan, target) + OPENING;
    let mut named: Vec<Named> = Named::by_the_run(plan.sent.iter().map(|(exchange, _)| *exchange));
    if !named.is_empty() {
        text.push_str(UNIQUE);
    }
    let mut before: Option<&StoredExchange> = None;
    for (number, (exchange, found)) in plan.sent.iter().enumerate() {
        text.push_str(&pause(before, exchange));
        text.push_str(&step(number + 1, exchange, target, &named, found));
        let rest: Vec<&StoredExchange> = plan.sent[number + 1..].iter().map(|(exchange, _)| *exchange).collect();
        if let Some(name) = Named::by_the_target(number + 1, exchange, &rest) {
            let _ = writeln!(text, "{}=$(created)", name.variable);
            named.push(name);
        }
        before = Some(exchange);
    }
    text
}

/// Whether a finding is about the exchange of this number.
fn is_about(finding: &Finding, at: usize) -> bool {
    finding.verdict == Verdict::Fail && finding.exchange == Some(at)
}

/// The comment that a script begins with, and the variables that it needs.
fn about(result: &CaseResult, plan: &Plan<'_>, target: &TargetIdentity) -> String {
    let id = |result: &CaseResult| visible::clip(&visible::line(&result.id), LONGEST_COMMENT);
    let violated = if plan.test.id == result.id { String::new() } else { format!("{VIOLATED}{}", id(result)) };
    let mut text = format!("{FIRST_LINES}{}{violated}.\n", id(plan.test));
    text.push_str(&comment(&result.purpose));
    if plan.test.exchanges.len() >= MANY {
        text.push_str(&comment("The test sent more requests than these: those in the middle were not kept."));
    }
    text.push_str(&comment("It needs curl, and jq where a created resource has no Location."));
    let logins = plan.sent.iter().filter_map(|(exchange, _)| curl::login(exchange));
    let sources = plan.sent.iter().filter_map(|(exchange, _)| curl::source(exchange));
    let files = curl::files(target).map(str::to_owned);
    let variables: BTreeSet<String> =
        logins.flat_map(|login| [login.user, login.key]).chain(sources).chain(files).collect();
    for variable in variables {
        let _ = writeln!(text, ": \"${{{variable}:?must be set}}\"");
    }
    text
}

/// The pause that the test made before a request.
fn pause(before: Option<&StoredExchange>, next: &StoredExchange) -> String {
    let ended = before.map_or(next.started_ms, |before| before.started_ms + before.duration_us / 1_000);
    let pause = next.started_ms.saturating_sub(ended);
    if pause < PAUSE_MS {
        return String::new();
    }
    format!("\nsleep {}\n", pause.div_ceil(1_000).min(LONGEST_PAUSE))
}

/// One request, what it was answered with, and what was wrong about that.
fn step(
    number: usize,
    exchange: &StoredExchange,
    target: &TargetIdentity,
    named: &[Named],
    found: &[&Finding],
) -> String {
    let mut text = String::from("\n");
    let user = exchange.user.as_deref().map(|user| format!(" ({user})")).unwrap_or_default();
    let url = view::path(exchange, &target.base_url);
    let shown = visible::clip(&format!("{number}. {}{user} {url}", exchange.method), LONGEST_STEP);
    text.push_str(&curl::remarks(exchange));
    let request = curl::request(exchange, target, "request", &|text| renamed::word(text, named));
    let (method, saw) = (quoted(&exchange.method), exchange.status);
    let _ = writeln!(text, "step={} method={method} saw={saw}", renamed::word(&shown, named));
    let _ = writeln!(text, "{}{}", request.pipe.unwrap_or_default(), request.line);
    for finding in found {
        let message = visible::clip(&visible::line(&labels::message(finding)), LONGEST_COMMENT);
        let _ = writeln!(text, "found {}", quoted(&message));
    }
    if !found.is_empty() {
        text.push_str("show\n");
    }
    text
}

/// Lines that the shell does not obey.
fn comment(text: &str) -> String {
    format!("# {}\n", visible::clip(&visible::line(text), LONGEST_COMMENT))
}

/// The name of the file of a test's script: of the id what a name of a file can hold, and where that is not all, digits
/// that tell it from others.
pub(super) fn file_name(id: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._=-".contains(c) { c } else { '_' };
    let name: String = id.chars().map(plain).take(LONGEST_NAME).collect();
    let name = name.trim_matches(['.', '_', '-']);
    if name == id && !id.contains(|c: char| c.is_ascii_uppercase()) {
        return format!("{name}.sh");
    }
    let digest = Sha256::digest(id);
    format!("{name}-{:02x}{:02x}{:02x}.sh", digest[0], digest[1], digest[2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::sample;

    #[test]
    fn names_of_files_are_plain_and_differ() {
        assert_eq!(file_name("lists.links"), "lists.links.sh");
        let name = file_name("lists.links[list=hosts,size=2]");
        assert!(name.starts_with("lists.links_list=hosts_size=2-"), "{name}");
        assert_ne!(name, file_name("lists.links/list=hosts/size=2/"));
        assert_ne!(file_name("a[x=B]").to_lowercase(), file_name("a[x=b]"));
        assert!(file_name(&"x".repeat(9_000)).len() < 140);
    }

    fn exchange(method: &str, url: &str, status: u16, started_ms: u64) -> StoredExchange {
        let exchange = serde_json::json!({
            "method": method, "url": url, "user": "reader", "role": "asked", "request_headers": [],
            "request_body": null, "status": status, "response_headers": [["Location", "/boats/57b6"]],
            "response_body": null, "started_ms": started_ms, "duration_us": 1_000,
        });
        serde_json::from_value(exchange).expect("an exchange")
    }

    #[test]
    fn what_was_created_is_called_by_its_name_of_today() {
        let finding = Finding { exchange: Some(1), ..Finding::fail("status", "the status is 404, not 200") };
        let result = CaseResult {
            findings: vec![finding],
            exchanges: vec![
                exchange("POST", "https://h/boats", 201, 0),
                exchange("GET", "https://h/boats/57b6?pretty=true", 404, 1_800),
            ],
            ..sample::case("boats.kept", Outcome::Fail)
        };
        let run = Run { target: sample::target(), ..Run::from_results(sample::parts(vec![result])) };
        let text = script(&run.results[0], &run);
        assert!(text.starts_with(FIRST_LINES) && text.contains(": \"${API_KEY_READER:?must be set}\"\n"), "{text}");
        let (_, requests) = text.split_once("\nstep='1. POST (reader) https://h/boats' ").expect("its requests");
        assert!(requests.contains("'https://h/boats'\ncreated_1=$(created)\n\nsleep 2\n"), "{requests}");
        let end = "'https://h/boats/'\"$created_1\"'?pretty=true'\nfound 'the status is 404, not 200'\nshow\n";
        assert!(requests.ends_with(end), "{requests}");
    }
}
