//! Whoever conforms passes: the suite against servers that use the choices of the specification otherwise.
//!
//! The quick test takes a sample, many together; `cargo test --test variations -- --ignored` takes every variation,
//! each alone, random combinations, and faults under random combinations, on a machine that is not busy.
//! `ATLASPEC_VARIATIONS=a,b` takes these together.

#[path = "variations/methods.rs"]
mod methods;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use atlaspec::cli::{self, Embedded};
use atlaspec::client::Patience;
use atlaspec::clock::Clock;
use atlaspec::discover::{Bounds, Found, discover};
use atlaspec::record::{Outcome, Run, Selection};
use atlaspec::reference::{Fault, FaultInfo, Settings, Tls, Variation, VariationInfo};
use atlaspec::run::{Engine, Keep};
use atlaspec::suite::{Depth, Filters, Suite, plan};
use atlaspec::verdict::Verdict;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use methods::{OF_HEAD, OF_PATCH, OF_PUT};

/// Servers at the same time.
const SERVERS: usize = 8;
/// Cases at the same time against one server.
const JOBS: usize = 4;
/// How many random combinations there are, and how many faults are looked for under one.
const COMBINATIONS: u64 = 300;
/// Of so many hundred faults under variations, this many must be caught.
const CAUGHT_PERCENT: usize = 98;

/// A variation, the cases that may end otherwise than well for it, how, and why that is just.
const JUST: &[(Variation, &str, Outcome, &str)] = &[
    (Variation::NoQop, "auth.every-challenge-has-qop", Outcome::Warn, "RFC 7616, section 3.3, wants qop"),
    (Variation::NoQop, "auth.replay-is-refused", Outcome::Warn, "without counts nobody can tell a replay"),
    (Variation::NoQop, "auth.replay-of-a-count-refused", Outcome::Warn, "without counts nobody can tell a replay"),
    (Variation::NoHead, "methods.head-supported-by-root", Outcome::Warn, "RFC 9110, section 9.1, wants HEAD"),
    (Variation::NoHead, "methods.head-supported-by-entity", Outcome::Warn, "RFC 9110, section 9.1, wants HEAD"),
    (Variation::NoHead, "methods.head-supported-by-list", Outcome::Warn, "RFC 9110, section 9.1, wants HEAD"),
    (Variation::ReasonInCapitals, "errors.every-reason-is-exact", Outcome::Warn, "\"simply the HTTP status phrase\""),
    (Variation::ErrorsSayMore, "errors.every-error-has-three-fields", Outcome::Warn, "\"contains three fields\""),
    (Variation::FieldInParameters, "errors.every-error-has-three-fields", Outcome::Warn, "\"contains three fields\""),
    (Variation::LinksSayMore, "links.every-link-has-two-fields", Outcome::Warn, "\"has two fields\""),
];

/// How a server is to be that has a clock of its own.
fn settings(seed: u64, tls: Tls, variations: Vec<Variation>) -> Settings {
    Settings { tls, variations, ..Settings::new(seed, Clock::adjustable()) }
}

/// Runs the whole suite against a server.
async fn run(suite: Arc<Suite>, settings: Settings) -> Run {
    let (embedded, mut target) = Embedded::with(settings).await.expect("the server starts");
    target.timeout = Duration::from_secs(20);
    let target = Arc::new(target);
    let engine =
        Engine::new(Arc::clone(&suite), Arc::clone(&target), embedded.clock(), "variation").expect("an engine");
    let engine = Arc::new(engine.keeping(Keep::None));
    // Every case for every kind, but only some of the conditions that cases run under: servers are many here.
    let filters = Filters { depth: Depth::Quick, ..Filters::default() };
    let plan = plan(&suite, &|need| target.has(need), &engine.scope(), &filters).expect("a plan");
    let run = engine.run(plan, Selection::everything(), JOBS, &mut |_| {}).await;
    embedded.stop().await;
    run
}

/// The same run on a runtime of its own: client and server share a thread, and pass nothing between cores.
async fn run_on_one_thread(suite: Arc<Suite>, settings: Settings) -> Run {
    let alone = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(run(suite, settings))
    };
    tokio::task::spawn_blocking(alone).await.expect("no run panics")
}

/// What nobody can tell of a server without TLS.
const WITHOUT_TLS: &str = "auth.no-plain-http";

/// What a run holds against a server, a line a case, but for what is just.
fn held_against(run: &Run, tls: Tls, variations: &[Variation]) -> Vec<String> {
    let just = |id: &str, outcome: Outcome| {
        if tls == Tls::Off && id.starts_with(WITHOUT_TLS) {
            return outcome == Outcome::Inconclusive;
        }
        JUST.iter().any(|(variation, case, just, _)| {
            variations.contains(variation) && id.split('[').next() == Some(*case) && outcome == *just
        })
    };
    let mut lines = Vec::new();
    for result in &run.results {
        let well = [Outcome::Pass, Outcome::Observed, Outcome::NotApplicable].contains(&result.verdict);
        if well || just(&result.id, result.verdict) {
            continue;
        }
        let bad = result.findings.iter().filter(|finding| finding.verdict != Verdict::Pass);
        let findings: Vec<String> = bad
            .take(2)
            .map(|finding| {
                let place = finding.source.as_ref().map(|it| format!("{}:{}", it.file, it.line)).unwrap_or_default();
                format!("{place} {}: {}", finding.check, atlaspec::report::message(finding))
            })
            .collect();
        lines.push(format!("  {:?} {}: {}", result.verdict, result.id, findings.join(" | ")));
    }
    lines
}

/// Runs the suite against a server for each choice of variations; fails with all that was held against any of them.
async fn try_all(tls: Tls, choices: Vec<Vec<Variation>>) {
    let suite = Arc::new(cli::embedded().unwrap_or_else(|problems| panic!("{problems:#?}")));
    let places = Arc::new(Semaphore::new(SERVERS));
    let mut runs = JoinSet::new();
    for (seed, variations) in (1..).zip(choices) {
        let (suite, places) = (Arc::clone(&suite), Arc::clone(&places));
        runs.spawn(async move {
            let _place = places.acquire().await.expect("the semaphore is never closed");
            let run = run_on_one_thread(suite, settings(seed, tls, variations.clone())).await;
            (
                variations.iter().map(|variation| variation.info().name).collect::<Vec<_>>(),
                held_against(&run, tls, &variations),
            )
        });
    }
    let mut held = Vec::new();
    while let Some(finished) = runs.join_next().await {
        let (names, lines) = finished.expect("no run panics");
        if !lines.is_empty() {
            held.push(format!("{}\n{}", names.join(","), lines.join("\n")));
        }
    }
    held.sort();
    assert!(held.is_empty(), "held against conforming servers:\n{}", held.join("\n"));
}

/// The variations of each aspect, in the order of the table.
fn aspects() -> Vec<Vec<Variation>> {
    let mut aspects: BTreeMap<&str, Vec<Variation>> = BTreeMap::new();
    for VariationInfo { variation, aspect, .. } in Variation::table() {
        aspects.entry(aspect).or_default().push(*variation);
    }
    aspects.into_values().collect()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes"]
async fn each_variation_alone_is_accepted() {
    try_all(Tls::On, Variation::table().iter().map(|info| vec![info.variation]).collect()).await;
}

/// A third of the aspects, each in one of its forms.
fn combination(seed: u64) -> Vec<Variation> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut chosen = Vec::new();
    for aspect in aspects() {
        if rng.u8(..3) == 0 {
            chosen.extend(rng.choice(aspect));
        }
    }
    chosen
}

/// Whatever a server may write differently in each response.
const SPELLINGS: &[Variation] = &[
    Variation::MediaTypeVaries,
    Variation::DatesVary,
    Variation::NumbersVary,
    Variation::HrefsVary,
    Variation::EscapesVary,
    Variation::ChunkingVaries,
    Variation::HeaderCaseVaries,
    Variation::LinksShuffled,
];

/// Members and links stand in another order in each response of every server; the rest varies here, all at once.
#[tokio::test(flavor = "multi_thread")]
async fn every_spelling_that_varies_from_response_to_response_is_accepted() {
    try_all(Tls::On, vec![SPELLINGS.to_vec()]).await;
}

/// What browsing finds at a server.
async fn found(variations: Vec<Variation>) -> Found {
    let (embedded, target) = Embedded::with(settings(7, Tls::Off, variations)).await.expect("the server starts");
    let suite = Arc::new(cli::embedded().unwrap_or_else(|problems| panic!("{problems:#?}")));
    let target = Arc::new(target);
    let engine = Engine::new(suite, Arc::clone(&target), embedded.clock(), "browse").expect("an engine");
    let bounds = Bounds { requests: 200, depth: 6, time: Duration::from_mins(1) };
    let (mut worker, clock, patience) = (engine.worker(), Clock::real(), Patience::default());
    let discovery = discover(&mut worker, &target, (&clock, &patience), bounds, &mut |_| ()).await.expect("a root");
    embedded.stop().await;
    discovery.found
}

#[tokio::test(flavor = "multi_thread")]
async fn browsing_finds_the_same_however_responses_are_written() {
    let plain = found(Vec::new()).await;
    assert!(plain.entity.is_some() && plain.long.is_some() && !plain.entities.is_empty(), "{plain:?}");
    assert_eq!(found(SPELLINGS.to_vec()).await, plain);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes"]
async fn random_combinations_are_accepted() {
    try_all(Tls::Off, (0..COMBINATIONS).map(combination).collect()).await;
}

/// Whether a run found a violation of a requirement that a fault breaks.
fn is_caught(run: &Run, fault: &FaultInfo) -> bool {
    let failed = run.results.iter().flat_map(|result| &result.findings).filter(|it| it.verdict == Verdict::Fail);
    failed.flat_map(|finding| &finding.requirements).any(|id| fault.violates.contains(&id.as_str()))
}

/// Faults of what is told of a PUT or PATCH.
const TOLD_OF_UPDATES: &[&str] = &[
    "patch-answers-old",
    "patch-answers-defaults",
    "put-answers-old",
    "links-missing-on-update",
    "links-missing-on-replace",
    "self-missing-after-update",
    "self-missing-after-replace",
    "self-of-changed-is-list",
    "self-of-replaced-is-list",
    "envelope-not-on-replaced",
    "envelope-of-replaced-says-201",
    "pretty-not-on-put",
];

/// Faults that do not show, or that no case can look for, where a server takes a variation, and why.
const HIDDEN: &[(Variation, &[&str], &str)] = &[
    (Variation::NoPatch, OF_PATCH, "there is no PATCH"),
    (Variation::NoPut, OF_PUT, "there is no PUT"),
    (Variation::NoHead, OF_HEAD, "there is no HEAD"),
    (
        Variation::CreatedSaysLittle,
        &["links-missing-on-create", "self-of-created-is-other", "post-answers-defaults"],
        "what is not told has no links, and nothing wrong",
    ),
    (Variation::Chunked, &["head-length-rounded"], "GET tells no length either"),
    (Variation::NonceOnce, &["counts-are-decimal", "counts-of-one-byte", "nonce-renewed"], "no nonce is used twice"),
    (Variation::CountsHaveNoGaps, &["counts-are-decimal", "counts-of-one-byte"], "no count is left out"),
    (
        Variation::NoQop,
        &["counts-are-decimal", "counts-of-one-byte", "cut-off-let-in"],
        "there are no counts, and nothing follows the response",
    ),
    (Variation::NonceLivesShortly, &["nonce-renewed"], "it dies between two uses"),
    (Variation::NonceLifeUntold, &["nonce-renewed"], "nobody knows how long it should live"),
    (Variation::UpdatedIs204, TOLD_OF_UPDATES, "an update is answered without a body"),
    (Variation::UpdatedIsEmpty, TOLD_OF_UPDATES, "an update is answered by nothing that could be wrong"),
    (
        Variation::AcceptedSaysLittle,
        &["links-missing-on-accepted", "envelope-not-on-accepted"],
        "a job that was started is not told of",
    ),
    (
        Variation::WriteOnly,
        &["post-answers-defaults", "patch-answers-defaults", "order-resets-nested"],
        "the nested field is never told",
    ),
    (Variation::LargePageIs400, &["maximum-by-multiples"], "no page is larger than it may be"),
    (Variation::PastEndIs404, &["total-past-end", "next-past-end"], "there is no page past the end"),
    (Variation::MoreLinks, &["root-leads-nowhere"], "its other links lead on"),
    (
        Variation::AllLimited,
        &[
            "closing-uncounted",
            "counter-of-query",
            "free-requests-counted",
            "half-after-full",
            "half-minutes",
            "head-uncounted",
            "limit-refills",
            "ninety-nine-allowed",
            "one-more-allowed",
            "pages-uncounted",
        ],
        "whoever counts requests asks a list that is not limited, too",
    ),
    (
        Variation::NoPatch,
        &[
            "put-touches-neighbour",
            "put-unchecked",
            "nested-put-then-refused",
            "other-type-replaces",
            "put-answers-old",
            "put-conflict-stored",
            "put-keeps-required",
            "put-of-same-is-409",
            "required-put-then-refused",
        ],
        "these cases change what `document.update` names, which is what may be patched",
    ),
    (
        Variation::NoPatch,
        &["false-is-no-value", "numbers-wrap", "tags-sorted"],
        "numbers, flags and arrays are set by PATCH",
    ),
    (
        Variation::NoPatch,
        &["whitelist-ignores-writes", "unlisted-write-done", "whitelist-closed-to-writes"],
        "what whitelists protect is only read",
    ),
];

/// Why a fault does not show under these variations, if it does not.
fn hidden(fault: &FaultInfo, variations: &[Variation]) -> Option<&'static str> {
    let row =
        HIDDEN.iter().find(|(variation, faults, _)| variations.contains(variation) && faults.contains(&fault.name));
    row.map(|(_, _, why)| *why)
}

/// A fault and a combination of variations.
fn pair(seed: u64) -> (&'static FaultInfo, Vec<Variation>) {
    let fault = &Fault::table()[fastrand::Rng::with_seed(seed).usize(..Fault::table().len())];
    (fault, combination(seed))
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes"]
#[expect(clippy::disallowed_macros, reason = "what is not caught is named, though it is few enough")]
async fn faults_are_caught_under_random_variations() {
    let suite = Arc::new(cli::embedded().unwrap_or_else(|problems| panic!("{problems:#?}")));
    let places = Arc::new(Semaphore::new(SERVERS));
    let mut runs = JoinSet::new();
    let mut unseen = BTreeMap::new();
    for seed in COMBINATIONS.. {
        let (fault, variations) = pair(seed);
        if let Some(why) = hidden(fault, &variations) {
            *unseen.entry(why).or_insert(0) += 1;
            continue;
        }
        if runs.len() as u64 == COMBINATIONS {
            break;
        }
        let (suite, places) = (Arc::clone(&suite), Arc::clone(&places));
        // Without TLS, a connection an answer costs little; what is wrong with TLS shows with it alone.
        let tls = if fault.violates.contains(&"auth.https-only") { Tls::On } else { Tls::Off };
        runs.spawn(async move {
            let _place = places.acquire().await.expect("the semaphore is never closed");
            let names: Vec<&str> = variations.iter().map(|variation| variation.info().name).collect();
            let settings = Settings { faults: vec![fault.fault], ..settings(seed, tls, variations) };
            let run = run_on_one_thread(suite, settings).await;
            (is_caught(&run, fault), format!("{} under {}", fault.name, names.join(",")))
        });
    }
    let mut missed = Vec::new();
    while let Some(finished) = runs.join_next().await {
        let (caught, names) = finished.expect("no run panics");
        missed.extend((!caught).then_some(names));
    }
    missed.sort();
    eprintln!("{} of {COMBINATIONS} not caught:\n{}", missed.len(), missed.join("\n"));
    eprintln!("drawn anew, as nothing would show: {unseen:#?}");
    let most = usize::try_from(COMBINATIONS).expect("a small number") * (100 - CAUGHT_PERCENT) / 100;
    assert!(missed.len() <= most, "{} not caught", missed.len());
}

/// Variations whose servers answer slowly, move or forget by the clock: a busy machine decides with them, so they have no
/// place in the quick test.
const OF_TIME: &[&str] = &[
    "slow",
    "dribbling",
    "closes",
    "unavailable",
    "all-limited",
    "seen-late",
    "seen-unevenly",
    "list-grows",
    "list-shrinks",
    "come-and-go",
    "jobs-take-long",
    "nonce-lives-shortly",
    "nonce-once",
];

/// The variations at this turn of every aspect.
fn turn(aspects: &[Vec<Variation>], number: usize) -> Vec<Variation> {
    aspects.iter().filter_map(|aspect| aspect.get(number).copied()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sample_of_variations_is_accepted_together() {
    let steady = |variations: Vec<Variation>| {
        variations.into_iter().filter(|variation| !OF_TIME.contains(&variation.info().name)).collect::<Vec<_>>()
    };
    let aspects: Vec<Vec<Variation>> = aspects().into_iter().map(steady).collect();
    try_all(Tls::On, vec![turn(&aspects, 0), turn(&aspects, 1)]).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes"]
async fn all_variations_are_accepted_together() {
    #[expect(clippy::disallowed_methods, reason = "a test is its own command line")]
    let named = std::env::var("ATLASPEC_VARIATIONS").ok();
    if let Some(names) = named {
        let variation =
            |name: &str| Variation::from_name(name).unwrap_or_else(|| panic!("no variation is called {name}"));
        return try_all(Tls::On, names.split(';').map(|names| names.split(',').map(variation).collect()).collect())
            .await;
    }
    let aspects = aspects();
    let most = aspects.iter().map(Vec::len).max().unwrap_or(0);
    let mut together: Vec<Vec<Variation>> = (0..most).map(|number| turn(&aspects, number)).collect();
    for variations in &mut together {
        // On the clock that all tests share each wait of one makes such nonces of all the others too old; alone it is tried.
        variations.retain(|variation| *variation != Variation::NonceLivesShortly);
    }
    try_all(Tls::On, together).await;
}
