//! A run as a campaign: what it creates it deletes, whatever comes between.

#[path = "client/server.rs"]
#[expect(dead_code, reason = "the client's tests use more of it")]
mod server;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use atlaspec::cli::{self, Embedded};
use atlaspec::clock::Clock;
use atlaspec::reason::Reason;
use atlaspec::record::{Conclusion, Event, Fate, Line, Outcome, RequirementVerdict, Run, Selection};
use atlaspec::report::{Format, note, render};
use atlaspec::run::{Diary, Engine, Keep, Rate};
use atlaspec::suite::{self, Filters, Plan, Suite, plan};
use atlaspec::target::{FailedLogins, Limits, Scope as LimitScope, Target};
use atlaspec::verdict::Verdict;
use serde_json::Value;
use server::{Reply, Seen, Server, answer, ok};

/// The head of a case file about documents.
const HEAD: &str = "format: 1\nchapter: methods\ncases:\n";

/// A case that creates documents and has these further lines.
fn case(name: &str, creating: &[&str], further: &str) -> String {
    let step = |name: &&str| {
        format!(
            "      - request: POST {{document.list}}\n        body: \"{{document.valid}}\"\n        save: {{ {name}: \
             location }}\n        expect: {{ status: 201 }}\n"
        )
    };
    format!(
        "  - id: methods.{name}\n    purpose: Ensure that a test is made.\n    requirements: [lists.page-number-default]\n    \
         needs: [writes, document]\n    effects: writes\n    steps:\n{}{further}",
        creating.iter().map(step).collect::<String>()
    )
}

fn suite_of(cases: &[String]) -> Arc<Suite> {
    let requirements = include_str!("../cases/requirements.yaml").to_owned();
    let text = format!("{HEAD}{}", cases.concat());
    let files = [("cases/requirements.yaml".to_owned(), requirements), ("cases/methods/a.yaml".to_owned(), text)];
    Arc::new(suite::load_part(&files).expect("a suite"))
}

/// What was written, and what happens when it is.
#[derive(Default)]
struct Notes {
    lines: Mutex<Vec<String>>,
    settled: AtomicUsize,
    behaviour: Behaviour,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Behaviour {
    #[default]
    Writes,
    /// Panics when a document was created for the first time: inside the case.
    Panics,
    /// Writes nothing of what is about to be created.
    RefusesCreations,
}

impl Diary for Notes {
    fn write(&self, line: &Line<'_>) -> Result<(), String> {
        let written = match line {
            Line::Creating(_) if self.behaviour == Behaviour::RefusesCreations => return Err("disk full".to_owned()),
            Line::Creating(creating) => format!("creating {}", creating.number),
            Line::Settled { number, fate: Fate::Created { .. } } => format!("created {number}"),
            Line::Settled { number, fate: Fate::Deleted } => format!("deleted {number}"),
            Line::Settled { number, fate } => format!("{fate:?} {number}"),
            Line::Begun(_) | Line::Result(_) | Line::Ended { .. } => return Ok(()),
        };
        let first = written.starts_with("created") && self.settled.fetch_add(1, Ordering::Relaxed) == 0;
        self.lines.lock().expect("a lock").push(written);
        assert!(!(first && self.behaviour == Behaviour::Panics), "the case panics");
        Ok(())
    }
}

async fn run(suite: &Arc<Suite>, target: &Target, embedded: &Embedded, notes: &Arc<Notes>) -> Run {
    let engine = Engine::new(Arc::clone(suite), Arc::new(target.clone()), embedded.clock(), "test").expect("an engine");
    let engine = Arc::new(engine.journaling(Arc::clone(notes) as Arc<dyn Diary>));
    // What is told here is told of one kind of document.
    let filters = Filters { ids: vec!["*[document=alertConfigs]".into()], ..Filters::default() };
    let plan = plan(suite, &|need| target.has(need), &engine.scope(), &filters).expect("a plan");
    engine.run(plan, Selection::everything(), 1, &mut |_: Event<'_>| {}).await
}

/// Runs cases against the reference server; returns the run and what was written, in order.
async fn run_of(cases: &[String], behaviour: Behaviour) -> (Run, Vec<String>) {
    let (embedded, target) = Embedded::start().await.expect("the reference server");
    let notes = Arc::new(Notes { behaviour, ..Notes::default() });
    let run = run(&suite_of(cases), &target, &embedded, &notes).await;
    embedded.stop().await;
    let lines = notes.lines.lock().expect("a lock").clone();
    (run, lines)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_case_leaves_is_deleted_after_it_the_newest_first() {
    let failing = "      - request: GET {first}\n        expect: { status: 418 }\n";
    let (run, lines) = run_of(&[case("leaves", &["first", "second"], failing)], Behaviour::Writes).await;
    assert_eq!(run.results[0].verdict, Outcome::Fail);
    assert_eq!(lines, ["creating 1", "created 1", "creating 2", "created 2", "deleted 2", "deleted 1"]);
    assert!(run.left_behind.is_empty(), "{:?}", run.left_behind);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_case_deletes_is_not_deleted_again() {
    let postamble = "    postamble:\n      - request: DELETE {made}\n";
    let (run, lines) = run_of(&[case("tidy", &["made"], postamble)], Behaviour::Writes).await;
    assert_eq!(lines, ["creating 1", "created 1", "deleted 1"]);
    let deletions = run.results[0].exchanges.iter().filter(|exchange| exchange.method == "DELETE").count();
    assert_eq!((run.results[0].verdict, deletions), (Outcome::Pass, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_a_defect_of_its_case_and_leaves_nothing() {
    let cases = [case("a-panics", &["made"], ""), case("b-goes-on", &["made"], "")];
    let (run, lines) = run_of(&cases, Behaviour::Panics).await;
    let chosen = run.results.iter().filter(|result| result.verdict != Outcome::NotSelected);
    let ended: Vec<_> = chosen.map(|result| (result.id.as_str(), result.verdict)).collect();
    let of_its_kind = |name| format!("methods.{name}[document=alertConfigs]");
    let (panicked, went_on) = (of_its_kind("a-panics"), of_its_kind("b-goes-on"));
    assert_eq!(ended, [(panicked.as_str(), Outcome::Defect), (went_on.as_str(), Outcome::Pass)]);
    assert!(
        matches!(&run.results[0].reason, Some(Reason::SuiteError { cause }) if cause.contains("the case panics")),
        "{run:?}"
    );
    assert_eq!(run.exit_code(), 2);
    // What the panic kept from being written is known all the same.
    assert_eq!(lines, ["creating 1", "created 1", "deleted 1", "creating 2", "created 2", "deleted 2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_written_down_is_not_created() {
    let (run, lines) = run_of(&[case("unwritten", &["made"], "")], Behaviour::RefusesCreations).await;
    assert_eq!((run.results[0].verdict, lines), (Outcome::Inconclusive, Vec::new()));
    let reason = note(&run.results[0]).unwrap_or_default();
    assert!(reason.contains("cannot be written into the journal: disk full"), "{reason}");
    assert!(run.results[0].exchanges.iter().all(|exchange| exchange.method != "POST"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_suite_leaves_nothing_at_the_reference_server() {
    let suite = Arc::new(cli::embedded().expect("the suite"));
    let (embedded, target) = Embedded::start().await.expect("the reference server");
    let engine =
        Engine::new(Arc::clone(&suite), Arc::new(target.clone()), embedded.clock(), "test").expect("an engine");
    let engine = Arc::new(engine);
    let filters = Filters { ids: vec!["codes.*".into(), "methods.*".into()], ..Filters::default() };
    let plan = plan(&suite, &|need| target.has(need), &engine.scope(), &filters).expect("a plan");
    let all = Selection { complete: false, filters: filters.ids, ..Selection::everything() };
    let run = engine.run(plan, all, 4, &mut |_: Event<'_>| {}).await;
    embedded.stop().await;
    assert_eq!((run.counts.fail, run.counts.inconclusive), (0, 0));
    assert!(run.left_behind.is_empty(), "{:?}", run.left_behind);
}

/// The target that a file of the reference server describes, at another address.
async fn target_at(server: &Server) -> Target {
    let (embedded, target) = Embedded::start().await.expect("the reference server");
    embedded.stop().await;
    Target { base_url: server.url.clone(), ..target }
}

fn planned(engine: &Engine, suite: &Suite, target: &Target) -> Plan {
    plan(suite, &|need| target.has(need), &engine.scope(), &Filters::default()).expect("a plan")
}

/// A case that reads a list so often.
fn reading(name: &str, times: usize) -> String {
    let step = "      - request: GET {list.long}\n        as: nobody\n        expect: { status: 200 }\n";
    format!(
        "  - id: methods.{name}\n    purpose: Ensure that a test is made.\n    requirements: \
         [lists.page-number-default]\n    needs: [lists, list.long]\n    steps:\n{}",
        step.repeat(times)
    )
}

/// A case with a wrong login.
fn wrong_login(name: &str, user: &str) -> String {
    format!(
        "  - id: methods.{name}\n    purpose: Ensure that a test is made.\n    requirements: \
         [lists.page-number-default]\n    needs: [lists, list.long, users.{user}]\n    hazard: lockout\n    steps:\n      \
         - request: GET {{list.long}}\n        as: {user}\n        credentials: wrong-key\n        \
         expect: {{ status: 401 }}\n"
    )
}

/// Runs cases against a server that answers so; with so many retries.
async fn run_at(
    cases: &[String],
    retries: usize,
    behaviour: impl FnMut(&Seen) -> Reply + Send + 'static,
) -> (Run, Server) {
    let server = Server::start(behaviour).await;
    let (target, suite) = (target_at(&server).await, suite_of(cases));
    let engine = Engine::new(Arc::clone(&suite), Arc::new(target.clone()), Clock::real(), "test").expect("an engine");
    let engine = Arc::new(engine.retrying(retries));
    let plan = planned(&engine, &suite, &target);
    let run = engine.run(plan, Selection::everything(), 1, &mut |_: Event<'_>| {}).await;
    (run, server)
}

/// Answers 500 so often, then 200.
fn failing(times: usize) -> impl FnMut(&Seen) -> Reply + Send + 'static {
    let mut left = times;
    move |_| {
        let fails = left > 0;
        left = left.saturating_sub(1);
        if fails { answer("500 Internal Server Error", &[], "{}") } else { ok("{}") }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_passes_only_on_retry_is_flaky_and_leaves_the_run_undecided() {
    let (run, server) = run_at(&[reading("shaky", 1)], 2, failing(1)).await;
    assert_eq!((run.counts.flaky, run.counts.pass, server.seen().len()), (1, 0, 2));
    assert_eq!((run.conclusion, run.exit_code()), (Conclusion::Undecided, 3));
    assert_eq!(run.results[0].tries, [Outcome::Fail, Outcome::Pass]);
    assert_eq!(run.results[0].findings[0].verdict, Verdict::Fail, "what was found is kept");
    let requirement = run.requirements.iter().find(|it| it.id == "lists.page-number-default").expect("it is there");
    assert_eq!(requirement.verdict, RequirementVerdict::Inconclusive);
    let junit = render(&run, Format::Junit, &|_| None);
    assert!(junit.contains("errors=\"1\"") && junit.contains("type=\"flaky\""), "{junit}");
    let markdown = render(&run, Format::Markdown, &|_| None);
    assert!(markdown.contains("1 flaky") && markdown.contains("1 flaky: try 1 failed, try 2 passed"), "{markdown}");
    let html = render(&run, Format::Html, &|_| None);
    assert!(html.contains("try 1 failed, try 2 passed") && html.contains("passed only when it was tried again"));
    let cases = html.split_once(r#"id="data">"#).and_then(|(_, data)| data.split_once("</script>")).expect("data").0;
    let cases: Value = serde_json::from_str(cases).expect("JSON");
    assert_eq!((&cases["cases"][0]["id"], &cases["cases"][0]["verdict"]), (&"methods.shaky".into(), &"flaky".into()));
    assert_eq!(Run::from_json(&render(&run, Format::Json, &|_| None)).expect("a run").counts, run.counts);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_never_passes_fails_after_so_many_tries() {
    let (run, server) = run_at(&[reading("broken", 1)], 2, failing(9)).await;
    assert_eq!((run.counts.fail, run.exit_code(), server.seen().len()), (1, 1, 3));
    let (run, server) = run_at(&[reading("fine", 1)], 2, failing(0)).await;
    assert_eq!((run.counts.pass, run.exit_code(), server.seen().len()), (1, 0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn all_workers_together_stay_under_the_rate() {
    let counted = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&counted);
    let server = Server::start(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        ok("{}")
    })
    .await;
    let cases: Vec<String> = (0..10).map(|number| reading(&format!("case-{number}"), 3)).collect();
    let (target, suite) = (target_at(&server).await, suite_of(&cases));
    let rate = Rate::new(30.0, Duration::from_secs(1)).expect("a rate");
    let engine = Engine::new(Arc::clone(&suite), Arc::new(target.clone()), Clock::real(), "test").expect("an engine");
    let engine = Arc::new(engine.pacing(rate));
    let plan = engine.politely(planned(&engine, &suite, &target), Some(rate));
    let begun = Instant::now();
    let run = engine.run(plan, Selection::everything(), 8, &mut |_: Event<'_>| {}).await;
    let took = begun.elapsed();
    assert_eq!((run.counts.pass, counted.load(Ordering::Relaxed)), (10, 30));
    assert!(took >= rate.between() * 29, "30 requests took {took:?}");
    assert!(took < Duration::from_secs(20), "30 requests took {took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_into_the_rate_is_set_aside_with_the_reason() {
    let suite = Arc::new(cli::embedded().expect("the suite"));
    let (embedded, target) = Embedded::start().await.expect("the reference server");
    let engine =
        Engine::new(Arc::clone(&suite), Arc::new(target.clone()), embedded.clock(), "test").expect("an engine");
    let all = planned(&engine, &suite, &target).to_run.len();
    let second = Duration::from_secs(1);
    let plan = engine.politely(planned(&engine, &suite, &target), Rate::new(100.0, second));
    assert_eq!(plan.to_run.len(), all);
    let plan = engine.politely(planned(&engine, &suite, &target), Rate::new(1.0, second));
    embedded.stop().await;
    let slow = plan.set_aside.iter().filter(|it| matches!(it.reason, Reason::TooFast { .. }));
    assert!(slow.clone().count() > 0 && slow.clone().all(|it| it.chapter == "rate"), "{:?}", slow.collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_logs_in_wrongly_more_often_than_the_target_allows() {
    let server = Server::start(|_| answer("401 Unauthorized", &[CHALLENGE.to_owned()], "{}")).await;
    let cases = ["a", "b", "c", "d"].map(|name| wrong_login(name, "owner"));
    let cases = [&cases[..], &[wrong_login("other", "reader")]].concat();
    let allowed = FailedLogins { limit: 2, per: Duration::from_hours(1) };
    let target = Target { failed_logins: Some(allowed), ..target_at(&server).await };
    let suite = suite_of(&cases);
    let engine = Engine::new(Arc::clone(&suite), Arc::new(target.clone()), Clock::real(), "test").expect("an engine");
    // The plan knows: what would be too many is set aside, for each user by itself.
    let plan = engine.politely(planned(&engine, &suite, &target), None);
    let ids: Vec<&str> = plan.to_run.iter().map(|instance| instance.id.as_str()).collect();
    assert_eq!(ids, ["methods.a", "methods.b", "methods.other"]);
    let too_many = |reason: &Reason| matches!(reason, Reason::TooManyLogins { user, limit: 2, .. } if user == "owner");
    assert!(plan.set_aside.iter().all(|it| too_many(&it.reason)));
    // And the engine refuses what no plan foresaw.
    let everyone = planned(&engine, &suite, &target);
    let run = Arc::new(engine).run(everyone, Selection::everything(), 1, &mut |_: Event<'_>| {}).await;
    let proofs = server.seen().iter().filter(|seen| seen.header("authorization").is_some()).count();
    assert_eq!((proofs, run.counts.pass, run.counts.inconclusive), (3, 3, 2), "{:#?}", run.results);
    let refused = run.results.iter().find(|it| it.verdict == Outcome::Inconclusive).and_then(note);
    assert!(refused.is_some_and(|it| it.contains("as often as `failed-logins` allows")));
}

const CHALLENGE: &str = "www-authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth\"";

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_not_asked_more_often_than_its_limit() {
    let (embedded, target) = Embedded::start().await.expect("the reference server");
    let limits = Limits { rate: 20, scope: LimitScope::Groups, ..target.limits };
    let target = Target { limits, ..target };
    let cases: Vec<String> = (0..5).map(|number| reading(&format!("case-{number}"), 11)).collect();
    let cases: Vec<String> = cases.iter().map(|case| case.replace("as: nobody", "as: owner")).collect();
    let suite = suite_of(&cases);
    let engine =
        Engine::new(Arc::clone(&suite), Arc::new(target.clone()), embedded.clock(), "test").expect("an engine");
    let plan = planned(&engine, &suite, &target);
    let run = Arc::new(engine.keeping(Keep::Shown)).run(plan, Selection::everything(), 3, &mut |_: Event<'_>| {}).await;
    embedded.stop().await;
    assert_eq!(run.counts.pass, 5, "{:#?}", run.results);
    // 55 requests of at most 18 a minute: the clock, which waiting turns, has turned so far at least.
    let last = run.results.iter().flat_map(|it| &it.exchanges).map(|it| it.started_ms).max().expect("exchanges");
    assert!(last >= 3 * 60_000, "{last} ms");
}
