//! Asks once more for what cases will rely on: a list or entity that moves under the reader serves for little.

use url::Url;

use crate::check::Meaning;

use super::browse::{Browser, Page};
use super::choose::{self, Found, Use, list_of};
use super::look::Kind;

/// So many candidates are asked for once more.
const CANDIDATES: usize = 4;

/// What was found, the moving parts of it asked for once more.
pub(super) async fn settle(browser: &mut Browser<'_>) -> Found {
    let found = choose::choose(&browser.pages, &browser.frontier);
    let long = list(browser, Use::Long).await.map(|(path, _)| path);
    let short = list(browser, Use::Short).await.map(|(path, _)| path);
    let empty = list(browser, Use::Empty).await.map(|(path, _)| path);
    let exact = list(browser, Use::Exact).await;
    let entity = entity(browser).await;
    Found { long, short, empty, exact, entity, ..found }
}

/// A list that serves for this and stood still, and how many items its first page has.
async fn list(browser: &mut Browser<'_>, purpose: Use) -> Option<(String, u64)> {
    let maximum = browser.page_maximum;
    // What the run writes to moves while it is read.
    let is_written = |page: &Page| browser.written.iter().any(|path| path == page.path.trim_end_matches('/'));
    let fits = |page: &&Page| !is_written(page) && list_of(page).is_some_and(|list| purpose.fits(list, maximum));
    let candidates = browser.pages.iter().filter(fits).take(CANDIDATES);
    let candidates: Vec<_> =
        candidates.filter_map(|page| Some((page.url.clone(), page.path.clone(), list_of(page)?.clone()))).collect();
    for (url, path, list) in candidates {
        let again = browser.look_again(&url).await.map(|look| look.kind);
        if matches!(again, Some(Kind::List(again)) if again.is_as_long_as(&list)) {
            return Some((path, list.items));
        }
    }
    None
}

/// An entity that stood still; one out of a list first.
async fn entity(browser: &mut Browser<'_>) -> Option<String> {
    let mut candidates: Vec<(Url, String, Kind)> = Vec::new();
    let is_item = |page: &Page| browser.pages.iter().any(|list| list.look.items.contains(&page.url));
    for first in [true, false] {
        let remembered = |page: &&Page| page.status == 200 && matches!(page.look.kind, Kind::Entity(Some(_)));
        let pages = browser.pages.iter().filter(remembered).filter(|page| page.path != "/" && is_item(page) == first);
        candidates.extend(pages.map(|page| (page.url.clone(), page.path.clone(), page.look.kind.clone())));
    }
    for (url, path, kind) in candidates.into_iter().take(CANDIDATES) {
        let meaning = Meaning { base: &url, page_size: browser.page_maximum };
        if browser.look_again(&url).await.is_some_and(|look| is_same(&look.kind, &kind, meaning)) {
            return Some(path);
        }
    }
    None
}

/// Whether two readings of an entity mean the same.
fn is_same(one: &Kind, other: &Kind, meaning: Meaning<'_>) -> bool {
    match (one, other) {
        (Kind::Entity(Some(one)), Kind::Entity(Some(other))) => meaning.equal(one, other),
        _ => false,
    }
}
