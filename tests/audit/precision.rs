//! On the traffic of a conforming server nothing is found, whatever the suite itself did wrong on purpose.

use atlaspec::audit::{Account, Audit};
use atlaspec::check::Facts;
use atlaspec::reference::Variation;
use chrono::DateTime;
use url::Url;

use crate::live::{Server, har, suite, traffic};

pub(crate) fn audited(text: &str, base: &Url) -> Account {
    let mut audit = Audit::new(suite(), Facts::of(base.clone())).expect("an audit");
    audit.recording("a.har", text.as_bytes()).expect("a recording");
    audit.finish(DateTime::UNIX_EPOCH, 0)
}

/// What is found in the traffic of a server, without what is just to find there.
#[track_caller]
fn nothing_is_found(variations: Vec<Variation>, just: &[&str]) {
    let named: Vec<&str> = variations.iter().map(|variation| variation.info().name).collect();
    let (exchanges, base) = traffic(Server { variations, ..Server::default() }, &[]);
    let account = audited(&har(&exchanges), &base);
    assert!(account.recordings[0].judged > 1_000, "{:?}", account.recordings);
    assert_eq!(account.recordings[0].broken, None);
    let (known, found): (Vec<_>, Vec<_>) =
        account.groups.iter().partition(|group| just.contains(&group.invariant.as_str()));
    let found: Vec<String> = found.iter().map(|group| format!("{group:#?}")).collect();
    assert!(found.is_empty(), "held against {named:?}:\n{}", found.join("\n"));
    for invariant in just {
        assert!(known.iter().any(|group| group.invariant == *invariant), "{invariant} finds nothing");
    }
}

#[test]
fn nothing_is_found_in_a_whole_run() {
    nothing_is_found(Vec::new(), &[]);
}

/// Choices that change how bodies, links and headers look; those that take long are tried with the live runs.
const CHOICES: [&str; 19] = [
    "hrefs-of-paths",
    "query-reversed",
    "self-as-requested",
    "hrefs-keep-switches",
    "own-members",
    "more-links",
    "ids-are-encoded",
    "errors-say-more",
    "reason-in-capitals",
    "media-type-varies",
    "indent-by-four",
    "base-is-deep",
    "volatile",
    "come-and-go",
    "list-grows",
    "dates-vary",
    "numbers-vary",
    "hrefs-vary",
    "escapes-vary",
];

/// Invariants of recommendations that two of these choices do not follow.
const JUST: [&str; 2] = ["errors.every-error-has-three-fields", "errors.every-reason-is-exact"];

#[test]
fn nothing_is_found_whatever_choices_the_server_makes() {
    let variation = |name: &&str| Variation::from_name(name).unwrap_or_else(|| panic!("no variation is called {name}"));
    nothing_is_found(CHOICES.iter().map(variation).collect(), &JUST);
}
