//! Nothing hangs on how a response is written: the suite against a server whose responses a proxy writes again, each one
//! differently, and none of them with another meaning.
//!
//! The proxy shares no code with the variations of the reference server. The quick test takes one seed;
//! `cargo test --test respelled -- --ignored` takes ten, `ATLASPEC_SEEDS=7,8` these.

#[path = "respelled/json.rs"]
mod json;
#[path = "respelled/proxy.rs"]
mod proxy;
#[path = "respelled/reference.rs"]
mod reference;
#[path = "respelled/response.rs"]
mod response;

use std::sync::Arc;
use std::time::Duration;

use atlaspec::cli::{self, Embedded};
use atlaspec::clock::Clock;
use atlaspec::record::{Outcome, Selection};
use atlaspec::reference::{Settings, Tls};
use atlaspec::run::{Engine, Keep};
use atlaspec::suite::{Filters, plan};
use atlaspec::target::Target;
use atlaspec::verdict::Verdict;

use proxy::Proxy;

/// Tests at the same time.
const JOBS: usize = 4;

/// What a run through a proxy of this seed holds against the server, a line a test.
async fn held_against(seed: u64) -> Vec<String> {
    let suite = Arc::new(cli::embedded().unwrap_or_else(|problems| panic!("{problems:#?}")));
    let settings = Settings { tls: Tls::Off, ..Settings::new(seed, Clock::adjustable()) };
    let (embedded, target) = Embedded::with(settings).await.expect("the server starts");
    let proxy = Proxy::start(&target.base_url, seed).await;
    let mut target = Target { base_url: proxy.base_url.clone(), timeout: Duration::from_secs(20), ..target };
    target.tls.ca = Some(proxy.ca.clone());
    let target = Arc::new(target);
    let engine =
        Engine::new(Arc::clone(&suite), Arc::clone(&target), embedded.clock(), "respelled").expect("an engine");
    let engine = Arc::new(engine.keeping(Keep::None));
    let plan = plan(&suite, &|need| target.has(need), &engine.scope(), &Filters::default()).expect("a plan");
    let run = engine.run(plan, Selection::everything(), JOBS, &mut |_| {}).await;
    embedded.stop().await;
    assert!(run.results.len() > 500, "the whole suite ran");
    assert!(proxy.changed() > 1_000, "responses were written again");
    let is_well = |outcome| [Outcome::Pass, Outcome::Observed, Outcome::NotApplicable].contains(&outcome);
    let bad = run.results.iter().filter(|result| !is_well(result.verdict));
    bad.map(|result| {
        let findings = result.findings.iter().filter(|finding| finding.verdict != Verdict::Pass);
        let findings: Vec<String> = findings.take(2).map(|it| atlaspec::report::message(it).into_owned()).collect();
        format!("seed {seed}: {:?} {}: {}", result.verdict, result.id, findings.join(" | "))
    })
    .collect()
}

async fn try_all(seeds: impl IntoIterator<Item = u64>) {
    let mut held = Vec::new();
    for seed in seeds {
        held.extend(held_against(seed).await);
    }
    assert!(held.is_empty(), "held against a conforming server:\n{}", held.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_writes_every_response_differently_is_conformant() {
    try_all([1]).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes"]
async fn ten_servers_that_write_every_response_differently_are_conformant() {
    #[expect(clippy::disallowed_methods, reason = "a test is its own command line")]
    let named = std::env::var("ATLASPEC_SEEDS").ok();
    match named {
        Some(seeds) => try_all(seeds.split(',').map(|seed| seed.parse().expect("a seed"))).await,
        None => try_all(2..12).await,
    }
}
