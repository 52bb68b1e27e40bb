//! The traffic of a server that errs on purpose: what one exchange shows is found in the recording too.

use std::collections::BTreeSet;

use atlaspec::reference::Fault;

use crate::live::{Server, har, traffic};
use crate::precision::audited;

/// Faults that one exchange shows, and the requirement that each breaks.
const SHOWN: [(&str, &str); 12] = [
    ("previous-on-first", "lists.previous-except-first"),
    ("next-after-exact-end", "lists.next-except-last"),
    ("next-skips-page", "lists.walk-is-complete"),
    ("next-forgets-size", "lists.links-keep-query"),
    ("size-unlimited", "lists.size-maximum"),
    ("self-is-first-page", "lists.self-always"),
    ("self-is-list", "links.self-is-own-url"),
    ("envelope-with-headers", "envelope.entity"),
    ("envelope-around-list", "envelope.list-adds-status"),
    ("envelope-status-is-text", "envelope.status"),
    ("pretty-ignored", "pretty.spaced-on-request"),
    ("allow-names-all", "methods.405-lists-allowed"),
];

#[test]
fn what_one_exchange_shows_is_found() {
    let fault = |name: &str| Fault::from_name(name).unwrap_or_else(|| panic!("no fault is called {name}"));
    let faults = SHOWN.iter().map(|(name, _)| fault(name)).collect();
    let chapters = ["lists", "links", "envelope", "pretty", "methods"];
    let (exchanges, base) = traffic(Server { faults, ..Server::default() }, &chapters);
    let account = audited(&har(&exchanges), &base);
    let found: BTreeSet<&str> =
        account.groups.iter().flat_map(|group| &group.requirements).map(String::as_str).collect();
    for (fault, requirement) in SHOWN {
        assert!(found.contains(requirement), "{fault} is not found: {found:?}");
    }
    // One group for each kind of resource and method that shows a fault: thousands of findings, and no id among them.
    let ids: Vec<String> = account.groups.iter().map(|group| format!("{} x{}", group.id(), group.exchanges)).collect();
    assert!(ids.len() < 200, "{} groups:\n{}", ids.len(), ids.join("\n"));
    assert!(account.groups.iter().map(|group| group.exchanges).sum::<usize>() > 3_000, "{ids:#?}");
    assert!(!ids.iter().any(|id| id.split_once('[').is_some_and(|(_, group)| group.contains("audit-"))), "{ids:#?}");
}
