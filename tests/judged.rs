//! Case files that load and must fail, and their twins that must pass, against the embedded reference server.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use atlaspec::cli::{self, Embedded};
use atlaspec::clock::Clock;
use atlaspec::reason::Reason;
use atlaspec::record::{Outcome, Run};
use atlaspec::reference::{Settings, Variation, Witness};
use atlaspec::report::message;
use atlaspec::run::{Counted, Engine};
use atlaspec::suite::{Filters, Instance, Plan, plan};
use atlaspec::verdict::Verdict;
use url::Url;

/// So often a clock is turned.
const EXCHANGES_A_TURN: usize = 9;

fn fixtures() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/cases"))
}

/// The run of a case file, and its exit code.
fn run_of(file: &str) -> (Run, Option<i32>) {
    let reports = tempfile::tempdir().expect("a folder");
    let output = Command::new(env!("CARGO_BIN_EXE_atlaspec"))
        .args(["--quiet", "run", "--format", "json", "--only-cases"])
        .arg(fixtures().join(file))
        .arg("--reports")
        .arg(reports.path())
        .output()
        .expect("the binary runs");
    let json = String::from_utf8(output.stdout).expect("UTF-8");
    (Run::from_json(&json).expect("a run"), output.status.code())
}

/// Each finding that is no pass: case, place, check, message. What differs from run to run is left out.
fn told(run: &Run) -> String {
    let mut text = String::new();
    for result in &run.results {
        for finding in result.findings.iter().filter(|finding| finding.verdict != Verdict::Pass) {
            let source = finding.source.clone().unwrap_or_default();
            let message = match (finding.check.as_str(), &finding.actual) {
                ("text" | "time", Some(actual)) => finding.message.replace(&actual.to_string(), "…"),
                _ => message(finding).into_owned(),
            };
            // Writing to a `String` cannot fail.
            let _ = writeln!(text, "{} {}:{} {}: {message}", result.id, source.line, source.column, finding.check);
        }
    }
    text
}

#[test]
fn what_must_fail_fails_where_and_as_stated() {
    let (run, code) = run_of("failing/checks.yaml");
    let expected = std::fs::read_to_string(fixtures().join("failing/checks.findings")).expect("the findings");
    assert_eq!(told(&run), expected);
    assert!(run.results.iter().all(|result| result.verdict == Outcome::Fail));
    assert_eq!(code, Some(1));
}

#[test]
fn what_must_pass_passes() {
    let (run, code) = run_of("passing/checks.yaml");
    assert_eq!(told(&run), "");
    assert!(run.results.iter().all(|result| result.verdict == Outcome::Pass));
    assert_eq!(code, Some(0));
}

/// Whether an instance is one of this case.
fn is_of(instance: &Instance, case: &str) -> bool {
    instance.id.split('[').next() == Some(case)
}

/// A reference server, an engine that judges it by the embedded suite, and its plan.
async fn against(settings: Settings) -> (Embedded, Engine, Plan) {
    let suite = Arc::new(cli::embedded().expect("the suite"));
    let (embedded, target) = Embedded::with(settings).await.expect("the reference server");
    let engine =
        Engine::new(Arc::clone(&suite), Arc::new(target.clone()), embedded.clock(), "test").expect("an engine");
    let plan = plan(&suite, &|need| target.has(need), &engine.scope(), &Filters::default()).expect("a plan");
    (embedded, engine, plan)
}

/// A list that grew since it was browsed breaks nothing; one that stands still and is miscounted does.
#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_browsing_counted_is_held_against_a_target_only_while_it_holds() {
    let suite = Arc::new(cli::embedded().expect("the suite"));
    let (embedded, mut target) = Embedded::start().await.expect("the reference server");
    target.parameters["list"]["exact-count"] = serde_json::json!(11);
    let path = "/groups/b13d86b0c97af52a31c88b47/clusters";
    let url = Url::parse(&format!("{}{path}", target.base_url)).expect("a URL");
    for (counted, verdict) in [(11, Outcome::Inconclusive), (12, Outcome::Fail)] {
        let counted = Counted { need: "list.exact", url: url.clone(), items: counted };
        let engine = Engine::new(Arc::clone(&suite), Arc::new(target.clone()), embedded.clock(), "test")
            .expect("an engine")
            .having_counted(vec![counted]);
        let plan = plan(&suite, &|need| target.has(need), &engine.scope(), &Filters::default()).expect("a plan");
        let relies = |it: &&Instance| is_of(it, "lists.total-as-declared") || is_of(it, "lists.total-by-default");
        let mut worker = engine.worker();
        let cases: Vec<_> = plan.to_run.iter().filter(relies).collect();
        assert!(!cases.is_empty());
        for case in cases {
            let result = engine.perform(case, &mut worker, &|_| {}).await.result;
            assert_eq!(result.verdict, verdict, "{}: {:#?}", case.id, result.findings);
            let said = result.findings.iter().any(|it| {
                matches!(it.reason.as_deref(), Some(Reason::ListRecounted { browsed: 11, now: Some(12), .. }))
            });
            assert_eq!(said, verdict == Outcome::Inconclusive, "{:#?}", result.findings);
        }
    }
    embedded.stop().await;
}

/// Another case may turn the clock forward while an exchange is on its way: the nonce in hand is too old then, and the
/// case begins anew.
#[tokio::test(flavor = "multi_thread")]
async fn a_nonce_in_hand_outlives_a_clock_that_is_turned() {
    let (embedded, engine, plan) = against(Settings::new(1, Clock::adjustable())).await;
    let mut worker = engine.worker();
    // The second waits itself, after it has used the nonce first.
    for id in ["auth.replay-of-a-count-refused", "auth.nonce-lifetime"] {
        let case = plan.to_run.iter().find(|it| is_of(it, id)).expect("the case");
        for round in 0..60 {
            let clock = embedded.clock();
            let turn = tokio::spawn(async move {
                for _ in 0..round * 40 {
                    tokio::task::yield_now().await;
                }
                clock.sleep(Duration::from_secs(90)).await;
            });
            let performed = engine.perform(case, &mut worker, &|_| {}).await;
            turn.await.expect("the clock is turned");
            assert_eq!(
                performed.result.verdict,
                Outcome::Pass,
                "{id}, round {round}: {:#?}",
                performed.result.findings
            );
        }
    }
    embedded.stop().await;
}

/// A full rate limit may refuse what has a nonce of its own once that was counted: sent again, it would be a replay.
#[tokio::test(flavor = "multi_thread")]
async fn a_count_that_was_put_off_is_not_held_against_a_target() {
    let variations = vec![Variation::AllLimited, Variation::NonceLivesLong];
    let settings = Settings { variations, ..Settings::new(1, Clock::adjustable()) };
    let (embedded, engine, plan) = against(settings).await;
    let case = plan.to_run.iter().find(|it| is_of(it, "auth.right-digest")).expect("the case");
    let (mut worker, mut most) = (engine.worker(), 0);
    for round in 0..120 {
        let performed = engine.perform(case, &mut worker, &|_| {}).await;
        assert_eq!(performed.result.verdict, Outcome::Pass, "round {round}: {:#?}", performed.result.findings);
        most = most.max(performed.exchanges.len());
    }
    assert!(most > 2, "it was never put off");
    embedded.stop().await;
}

/// Who asks for an envelope may be told inside it, with status 200, that the limit is reached.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_in_an_envelope_puts_a_request_off() {
    let variations = vec![Variation::AllLimited, Variation::EnvelopedErrorsAre200];
    let settings = Settings { variations, ..Settings::new(1, Clock::adjustable()) };
    let (embedded, engine, plan) = against(settings).await;
    let enveloped = |it: &&Instance| is_of(it, "invalid-fields.nested-on-create") && it.id.contains("envelope");
    let case = plan.to_run.iter().find(enveloped).expect("the case with an envelope");
    let (mut worker, mut throttled) = (engine.worker(), 0);
    // Each round creates twice, at last in an envelope: with one request before, that is what the limit refuses.
    let document = case.id.split(['=', ',']).nth(1).expect("a kind of document");
    let of_kind = format!("methods.post-then-read[document={document},");
    let creates_once = |it: &&Instance| it.id.starts_with(&of_kind) && it.id.ends_with("groups=own]");
    let first = plan.to_run.iter().find(creates_once).expect("a case that creates once");
    assert_eq!(engine.perform(first, &mut worker, &|_| {}).await.result.verdict, Outcome::Pass);
    for round in 0..60 {
        let performed = engine.perform(case, &mut worker, &|_| {}).await;
        assert_eq!(performed.result.verdict, Outcome::Pass, "round {round}: {:#?}", performed.result.findings);
        throttled += performed.result.resent.throttled;
    }
    assert!(throttled > 0, "it was never put off");
    embedded.stop().await;
}

/// A list may change between the steps of a case: it begins anew and judges what stands still. The lists move
/// while they are read the first times.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_moves_between_the_steps_of_a_case_breaks_nothing() {
    for (variation, id) in [
        (Variation::ListGrows, "lists.walk-in-ones"),
        (Variation::ListShrinks, "lists.walk-in-ones"),
        (Variation::ListShrinks, "lists.last-of-ones-links"),
    ] {
        let settings = Settings { variations: vec![variation], ..Settings::new(1, Clock::adjustable()) };
        let (embedded, engine, plan) = against(settings).await;
        let case = plan.to_run.iter().find(|it| is_of(it, id)).expect("the case");
        let (mut worker, mut exchanges) = (engine.worker(), Vec::new());
        for round in 0..12 {
            let performed = engine.perform(case, &mut worker, &|_| {}).await;
            assert_eq!(performed.result.verdict, Outcome::Pass, "{id}, {round}: {:#?}", performed.result.findings);
            exchanges.push(performed.exchanges.len());
        }
        let (most, last) = (exchanges.iter().max(), exchanges.last());
        assert!(most > last, "{id} never began anew: {exchanges:?}");
        embedded.stop().await;
    }
}

/// What a case that waits does to the shared clock says nothing about the target to any other case. The clock turns by
/// exchanges, so that a busy machine does not turn it more often.
#[tokio::test(flavor = "multi_thread")]
async fn no_case_minds_a_clock_that_is_turned() {
    let (turn, mut turns) = tokio::sync::mpsc::unbounded_channel();
    let exchanges = AtomicUsize::new(0);
    let witness = Witness::new(move |_| {
        if exchanges.fetch_add(1, Ordering::Relaxed).is_multiple_of(EXCHANGES_A_TURN) {
            // Once the test is over, nobody turns.
            let _ = turn.send(());
        }
    });
    let settings = Settings { witness: Some(witness), ..Settings::new(1, Clock::adjustable()) };
    let (embedded, engine, plan) = against(settings).await;
    let clock = embedded.clock();
    let turning = tokio::spawn(async move {
        let mut turned = 0;
        while turns.recv().await.is_some() {
            clock.sleep(Duration::from_secs(61)).await;
            turned += 1;
        }
        turned
    });
    let mut worker = engine.worker();
    let mut wrong = Vec::new();
    for case in plan.to_run.iter().filter(|it| it.case.holds.is_empty() && !it.case.runs_alone()) {
        let performed = engine.perform(case, &mut worker, &|_| {}).await;
        if performed.result.verdict != Outcome::Pass {
            wrong.push((case.id.clone(), performed.result.findings));
        }
    }
    // With the server goes the witness, and with it what the turning waits for.
    embedded.stop().await;
    drop(engine);
    let turned = turning.await.expect("the clock is turned");
    assert!(turned > 50, "{turned} turns");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
