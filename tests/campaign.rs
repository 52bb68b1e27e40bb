//! A run as a campaign: what it creates it deletes, whatever comes between.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use atlaspec::cli::{self, Embedded};
use atlaspec::record::{Event, Fate, Line, Outcome, Run, Selection};
use atlaspec::run::{Diary, Engine};
use atlaspec::suite::{self, Filters, Suite, plan};
use atlaspec::target::Target;

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
    let plan = plan(suite, &|need| target.has(need), &engine.scope(), &Filters::default()).expect("a plan");
    let all = Selection { complete: true, filters: Vec::new(), read_only: false, shard: None, interrupted: false };
    engine.run(plan, all, 1, &mut |_: Event<'_>| {}).await
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
    let ended: Vec<_> = run.results.iter().map(|result| (result.id.as_str(), result.verdict)).collect();
    assert_eq!(ended, [("methods.a-panics", Outcome::Defect), ("methods.b-goes-on", Outcome::Pass)]);
    assert!(run.results[0].reason.as_ref().is_some_and(|reason| reason.contains("the case panics")), "{run:?}");
    assert_eq!(run.exit_code(), 2);
    // What the panic kept from being written is known all the same.
    assert_eq!(lines, ["creating 1", "created 1", "deleted 1", "creating 2", "created 2", "deleted 2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_written_down_is_not_created() {
    let (run, lines) = run_of(&[case("unwritten", &["made"], "")], Behaviour::RefusesCreations).await;
    assert_eq!((run.results[0].verdict, lines), (Outcome::Inconclusive, Vec::new()));
    let reason = run.results[0].reason.as_deref().unwrap_or_default();
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
    let all = Selection { complete: false, filters: filters.ids, read_only: false, shard: None, interrupted: false };
    let run = engine.run(plan, all, 4, &mut |_: Event<'_>| {}).await;
    embedded.stop().await;
    assert_eq!((run.counts.fail, run.counts.inconclusive), (0, 0));
    assert!(run.left_behind.is_empty(), "{:?}", run.left_behind);
}
