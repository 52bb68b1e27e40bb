//! Pages of lists: asked for rightly, and none behind the last.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::recent::Recent;
use super::rule::Rule;
use super::sight::Sight;
use super::{fail, pass, short};
use crate::verdict::Finding;

/// Most items of a page, unless the server's differ.
const MOST_ITEMS: u64 = 100;
/// A list may have grown after this time.
const MAY_GROW: TimeDelta = TimeDelta::seconds(30);
/// Parameters that change nothing of what a list holds.
const FORM: [&str; 4] = ["pageNum", "envelope", "pretty", "includeCount"];

/// The last pages that were shown, by list and size of page.
#[derive(Debug)]
pub(super) struct Pages {
    last: Recent<String, (u64, DateTime<Utc>)>,
    /// Most items of a page.
    most: u64,
}

impl Default for Pages {
    fn default() -> Self {
        Self::of(MOST_ITEMS)
    }
}

/// What of a list is looked at.
#[derive(Deserialize)]
struct List {
    links: Vec<Link>,
    #[serde(rename = "results")]
    _results: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
struct Link {
    rel: String,
}

impl Pages {
    /// No page was shown so far; one holds so many items at the most.
    pub(super) fn of(most: u64) -> Self {
        Self { last: Recent::default(), most }
    }

    pub(super) fn judge(&mut self, sight: &Sight<'_>, findings: &mut Vec<Finding>) {
        let number = asked(sight, "pageNum", findings);
        if let Some(size) = asked(sight, "itemsPerPage", findings) {
            findings.push(if size <= self.most {
                pass(Rule::PageSize)
            } else {
                let message = "more items are asked for than a page may hold";
                fail(Rule::PageSize, message).expected(format!("at most {}", self.most), size.to_string())
            });
        }
        // A challenge is no page: what counts is the request that follows it.
        if sight.method() != "GET" || sight.status() == 401 {
            return;
        }
        let (key, number) = (key(sight), number.unwrap_or(1));
        let holds = |shown: DateTime<Utc>| (shown..shown + MAY_GROW).contains(&sight.started());
        if let Some((last, _)) = self.last.get(&key).filter(|(_, shown)| holds(*shown)) {
            findings.push(within(number, *last));
        }
        if is_last_page(sight) {
            self.last.set(&key, (number, sight.ended));
        }
    }
}

fn within(number: u64, last: u64) -> Finding {
    if number <= last {
        return pass(Rule::PagesWithinList);
    }
    let message = "a page is asked for behind the one that was shown to be the last";
    fail(Rule::PagesWithinList, message).expected(format!("at most {last}"), number.to_string())
}

/// A parameter that is a whole number from 1 on.
fn asked(sight: &Sight<'_>, name: &str, findings: &mut Vec<Finding>) -> Option<u64> {
    let text = sight.exchange.request.url.query_pairs().find(|(key, _)| key == name)?.1;
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|number| digits && *number > 0);
    findings.push(if number.is_some() {
        pass(Rule::PageNumbers)
    } else {
        let message = format!("`{name}` is no whole number from 1 on");
        fail(Rule::PageNumbers, message).expected("1, 2, …", short(&text))
    });
    number
}

/// The list and the size of its pages, whoever asks and for whichever page.
fn key(sight: &Sight<'_>) -> String {
    let url = &sight.exchange.request.url;
    let mut pairs: Vec<String> = url
        .query_pairs()
        .filter(|(name, _)| !FORM.contains(&name.as_ref()))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.sort();
    format!("{} {}?{}", sight.user(), url.path(), pairs.join("&"))
}

/// Whether the answer is a list that says that it goes no further.
fn is_last_page(sight: &Sight<'_>) -> bool {
    let response = &sight.exchange.response;
    let uncounted = sight.exchange.request.url.query_pairs().any(|(name, on)| name == "includeCount" && on == "false");
    if sight.status() != 200 || response.cut || uncounted {
        return false;
    }
    let list: Result<List, _> = serde_json::from_slice(&response.body);
    list.is_ok_and(|list| !list.links.is_empty() && list.links.iter().all(|link| link.rel != "next"))
}
