//! Why a run cannot be certified: every reason at once, each with what to do about it.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::coherence;
use super::refusal::{Refusal, passed};
use super::statement::Class;
use crate::record::{Conclusion, Outcome, RequirementVerdict, Run, Tool};
use crate::verdict::Level;

/// The claim without which there is no reading to certify.
const LEAST_CLAIM: &str = "lists";
/// How far a run may lie ahead of this machine's clock.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(5);
/// Most ids that a sentence names.
const MOST_NAMES: usize = 5;

/// What a run is held against.
#[derive(Clone, Debug)]
pub struct Yardstick {
    /// The digest of the suite at hand, and the ids of its cases and invariants.
    pub suite: (String, BTreeSet<String>),
    /// Digests of other suites that are accepted.
    pub other_suites: Vec<String>,
    /// Everything that a target can claim.
    pub claims: Vec<String>,
    /// Versions of the program whose judgement is accepted.
    pub versions: Vec<String>,
    /// The current time.
    pub now: DateTime<Utc>,
    /// How old a run may be.
    pub max_age: TimeDelta,
    /// Whether every requirement that passed must have shown that it could have failed.
    pub evidence: EvidenceDemand,
}

/// What is demanded of the passes of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EvidenceDemand {
    /// Nothing.
    #[default]
    None,
    /// The run was proven, and no requirement passed without evidence.
    Every,
}

/// Everything that stands against certifying a run as of this class.
pub(super) fn refusals(run: &Run, class: Class, yardstick: &Yardstick) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    refusals.extend(coherence::refusals(run));
    refusals.extend(not_conformant(run));
    refusals.extend(not_whole(run, class));
    refusals.extend(not_the_suite(run, yardstick));
    refusals.extend(not_secure(run));
    refusals.extend(not_of_this_program(run, yardstick));
    refusals.extend(not_in_time(run, yardstick));
    refusals.extend(not_proven(run, yardstick));
    refusals.extend(match class {
        Class::Core => too_little_for_core(run),
        Class::Full => too_little_for_full(run, yardstick),
    });
    refusals
}

fn not_conformant(run: &Run) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let broken = run.requirements.iter().filter(|it| it.level == Level::Must && it.verdict == RequirementVerdict::Fail);
    let broken: Vec<&str> = broken.map(|it| it.id.as_str()).collect();
    let failed = ids(run, |verdict| verdict == Outcome::Fail);
    if !failed.is_empty() || run.conclusion == Conclusion::NonConformant {
        let what = if broken.is_empty() { failed } else { broken };
        refusals.push(Refusal::new(
            format!("the target does not conform: {} broken", listed(&what)),
            "mend it (`atlaspec report RUN.json` shows each failure) and run again",
        ));
    }
    let defects = ids(run, |verdict| verdict == Outcome::Defect);
    if !defects.is_empty() {
        refusals.push(Refusal::new(
            format!("the suite itself is at fault in {}", listed(&defects)),
            "report the defect, and run again with a suite that has it mended",
        ));
    }
    let open =
        ids(run, |verdict| !passed(verdict) && !aside(verdict) && !matches!(verdict, Outcome::Fail | Outcome::Defect));
    if !open.is_empty() {
        refusals.push(Refusal::new(
            format!("{} could not be judged", listed(&open)),
            "remove what stood in the way (`atlaspec report RUN.json` says what) and run again",
        ));
    }
    if !run.results.iter().any(|result| passed(result.verdict)) {
        refusals.push(Refusal::new("no case passed", "run the suite against a target that can be reached"));
    }
    refusals
}

fn not_proven(run: &Run, yardstick: &Yardstick) -> Option<Refusal> {
    if yardstick.evidence == EvidenceDemand::None {
        return None;
    }
    let Some(evidence) = &run.evidence else {
        let reason = "nobody knows whether its passes could have failed";
        return Some(Refusal::new(reason, "run again with `--prove`"));
    };
    let empty: Vec<&str> = evidence.without_evidence().collect();
    (!empty.is_empty()).then(|| {
        let reason = format!("{} passed without evidence on this target", listed(&empty));
        Refusal::new(reason, "declare more in the target file, or certify without `--require-evidence`")
    })
}

fn not_whole(run: &Run, class: Class) -> Vec<Refusal> {
    let selection = &run.selection;
    let mut refusals = Vec::new();
    let read_only_alone = selection.read_only && selection.filters.is_empty();
    let whole = selection.complete || read_only_alone || selection.ended_by.is_some();
    if !selection.filters.is_empty() || !whole {
        let filters: Vec<&str> = selection.filters.iter().map(String::as_str).collect();
        let reason = format!("only a part of the suite was chosen: {}", listed(&filters));
        refusals.push(Refusal::new(reason, "run again without filters and without cases of your own"));
    }
    if let Some(shard) = &selection.shard {
        let reason = format!("this is shard {shard} of a run");
        refusals.push(Refusal::new(reason, "certify the run that all shards make together, or one without `--shard`"));
    }
    if selection.interrupted {
        refusals.push(Refusal::new("the run was interrupted", "let a run come to its end"));
    }
    if let Some(id) = &selection.ended_by {
        let reason = format!("the run ended early, when {id} failed");
        refusals.push(Refusal::new(reason, "run again without `--fail-fast`"));
    }
    if selection.read_only && class == Class::Full {
        refusals.push(Refusal::new(
            "the run was read-only, and the class `full` is about writing too",
            "run without `--read-only`, or certify reading alone with `--class core`",
        ));
    }
    let unchosen = ids(run, |verdict| verdict == Outcome::NotSelected);
    if !unchosen.is_empty() && refusals.is_empty() && !selection.read_only {
        refusals.push(Refusal::new(format!("{} did not run", listed(&unchosen)), "run the whole suite"));
    }
    refusals
}

fn not_the_suite(run: &Run, yardstick: &Yardstick) -> Option<Refusal> {
    let (digest, cases) = &yardstick.suite;
    let ran: BTreeSet<&str> = run.results.iter().map(|result| case_of(&result.id)).collect();
    if run.suite.digest == *digest {
        let missing: Vec<&str> = cases.iter().map(String::as_str).filter(|id| !ran.contains(id)).collect();
        if !missing.is_empty() {
            let reason = format!("the run has no result of {} of its suite", listed(&missing));
            return Some(Refusal::new(reason, "run the whole suite"));
        }
        let unknown: Vec<&str> = ran.into_iter().filter(|id| !cases.contains(*id)).collect();
        let reason = || format!("its suite does not have {}", listed(&unknown));
        return (!unknown.is_empty()).then(|| coherence::contradiction(&reason()));
    }
    if !yardstick.other_suites.contains(&run.suite.digest) {
        return Some(Refusal::new(
            format!("the suite `{}`, {}, is not the one of this program", run.suite.name, run.suite.digest),
            format!(
                "run again with this program's suite, or vouch for that one: `--suite-digest {}`",
                run.suite.digest
            ),
        ));
    }
    (ran.len() != run.suite.cases).then(|| {
        let reason = format!("the run has results of {} of the {} cases of its suite", ran.len(), run.suite.cases);
        Refusal::new(reason, "run the whole suite")
    })
}

fn not_secure(run: &Run) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if run.target.insecure {
        refusals.push(Refusal::new(
            "the target's TLS certificate was left unchecked, so nobody knows who answered",
            "replace `tls.insecure` in the target file by `tls.ca`, the authority that signed the certificate",
        ));
    }
    match plain_url(&run.target.base_url) {
        Some(url) if url.scheme() == "https" => {}
        Some(_) => refusals.push(Refusal::new(
            format!("the base URL {} is not https", run.target.base_url),
            "the conventions demand https: run against the address that clients use",
        )),
        // Not repeated: it may hold a secret.
        None => refusals.push(Refusal::new(
            "the base URL is no plain URL, or holds credentials or a query",
            "write the address of the API's root alone into the target file and run again",
        )),
    }
    refusals
}

/// An address of the web alone, written as a run writes it: what a person reads is where the requests went.
fn plain_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain =
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    let written = url.as_str().trim_end_matches('/') == text.trim_end_matches('/');
    (plain && written && ["http", "https"].contains(&url.scheme())).then_some(url)
}

fn not_of_this_program(run: &Run, yardstick: &Yardstick) -> Option<Refusal> {
    let tool = &run.tool;
    let known = tool.name == Tool::NAME && yardstick.versions.contains(&tool.version);
    (!known).then(|| {
        Refusal::new(
            format!("the run was judged by {} {}, not by this program", tool.name, tool.version),
            format!("run again with this program, or vouch for that one: `--tool-version {}`", tool.version),
        )
    })
}

fn not_in_time(run: &Run, yardstick: &Yardstick) -> Option<Refusal> {
    let age = yardstick.now - finished(run);
    let started = run.started.format("%Y-%m-%d %H:%M UTC");
    if run.started > yardstick.now + CLOCKS_DIFFER {
        return Some(Refusal::new(
            format!("the run began in the future, at {started}"),
            "set the clocks of the machine that ran and of this one, and run again",
        ));
    }
    (age > yardstick.max_age).then(|| {
        let limit = days(yardstick.max_age);
        let reason = format!("the run of {started} is {} old; at most {limit} are allowed", days(age));
        Refusal::new(reason, "run again, or allow older runs with `--max-age`")
    })
}

fn too_little_for_core(run: &Run) -> Vec<Refusal> {
    let claims = run.target.claims.iter().any(|claim| claim == LEAST_CLAIM);
    if claims {
        return Vec::new();
    }
    let reason = format!("the target does not claim `{LEAST_CLAIM}`, without which there is no reading to certify");
    vec![Refusal::new(reason, "claim it in the target file and run again")]
}

fn too_little_for_full(run: &Run, yardstick: &Yardstick) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let left_out = claims_left_out(run, &yardstick.claims);
    if !left_out.is_empty() {
        let left_out: Vec<&str> = left_out.iter().map(String::as_str).collect();
        refusals.push(Refusal::new(
            format!("the class `full` is for targets that claim everything; this one leaves out {}", listed(&left_out)),
            "claim the rest in the target file and run again, or certify with `--class core`",
        ));
    }
    let musts = run.requirements.iter().filter(|it| it.level == Level::Must);
    let unjudged = musts.filter(|it| !judged(it.verdict));
    let unjudged: Vec<&str> = unjudged.map(|it| it.id.as_str()).collect();
    // What a missing claim or a read-only run leaves out is said by these.
    if !unjudged.is_empty() && left_out.is_empty() && !run.selection.read_only {
        refusals.push(Refusal::new(
            format!("nothing was judged about {}, each of which is a must", listed(&unjudged)),
            "declare in the target file what their cases need (`atlaspec run --dry-run` says what), or certify with \
             `--class core`",
        ));
    }
    refusals
}

/// What a target could claim and does not.
pub(super) fn claims_left_out(run: &Run, all: &[String]) -> Vec<String> {
    all.iter().filter(|claim| !run.target.claims.contains(claim)).cloned().collect()
}

/// When a run was over.
pub(super) fn finished(run: &Run) -> DateTime<Utc> {
    let took = i64::try_from(run.duration_ms).ok().and_then(TimeDelta::try_milliseconds);
    took.and_then(|took| run.started.checked_add_signed(took)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Whether something was established about a requirement.
pub(super) fn judged(verdict: RequirementVerdict) -> bool {
    matches!(verdict, RequirementVerdict::Pass | RequirementVerdict::Fail)
}

fn aside(verdict: Outcome) -> bool {
    matches!(verdict, Outcome::NotApplicable | Outcome::NotSelected)
}

fn ids(run: &Run, wanted: impl Fn(Outcome) -> bool) -> Vec<&str> {
    run.results.iter().filter(|result| wanted(result.verdict)).map(|result| result.id.as_str()).collect()
}

/// The case of a result, without its loop variables.
fn case_of(id: &str) -> &str {
    id.split_once('[').map_or(id, |(case, _)| case)
}

fn days(age: TimeDelta) -> String {
    match (age.num_days(), age.num_hours()) {
        (1, _) => "1 day".to_owned(),
        (0, 1) => "1 hour".to_owned(),
        (0, hours) => format!("{hours} hours"),
        (days, _) => format!("{days} days"),
    }
}

fn listed(names: &[&str]) -> String {
    let shown = names[..names.len().min(MOST_NAMES)].join(", ");
    match names.len().saturating_sub(MOST_NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
