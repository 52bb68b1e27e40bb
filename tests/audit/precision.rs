//! On the traffic of a conforming server nothing is found, whatever the suite itself did wrong on purpose.

use atlaspec::audit::{Account, Audit};
use atlaspec::check::Facts;
use atlaspec::reference::Freedom;
use chrono::DateTime;
use url::Url;

use crate::live::{Server, har, suite, traffic};

pub(crate) fn audited(text: &str, base: &Url) -> Account {
    let suite = suite();
    let mut audit = Audit::new(&suite, Facts::of(base.clone())).expect("an audit");
    audit.recording("a.har", text.as_bytes()).expect("a recording");
    audit.finish(DateTime::UNIX_EPOCH, 0)
}

#[track_caller]
fn nothing_is_found(freedoms: Vec<Freedom>) {
    let named: Vec<&str> = freedoms.iter().map(|freedom| freedom.info().name).collect();
    let (exchanges, base) = traffic(Server { freedoms, ..Server::default() }, &[]);
    let account = audited(&har(&exchanges), &base);
    assert!(account.recordings[0].judged > 1_000, "{:?}", account.recordings);
    assert_eq!(account.recordings[0].broken, None);
    let found: Vec<String> = account.groups.iter().map(|group| format!("{group:#?}")).collect();
    assert!(found.is_empty(), "held against {named:?}:\n{}", found.join("\n"));
}

#[test]
fn nothing_is_found_in_a_whole_run() {
    nothing_is_found(Vec::new());
}

/// Choices that change how bodies, links and headers look; those that take long are tried with the live runs.
const CHOICES: [&str; 15] = [
    "hrefs-of-paths",
    "query-reversed",
    "self-as-requested",
    "hrefs-keep-switches",
    "own-members",
    "more-links",
    "ids-are-encoded",
    "errors-say-more",
    "reason-in-capitals",
    "media-type-of-vendor",
    "indent-by-four",
    "base-is-deep",
    "volatile",
    "come-and-go",
    "list-grows",
];

#[test]
fn nothing_is_found_whatever_choices_the_server_makes() {
    let freedom = |name: &&str| Freedom::from_name(name).unwrap_or_else(|| panic!("no freedom is called {name}"));
    nothing_is_found(CHOICES.iter().map(freedom).collect());
}
