//! Pages of one list: one total.

use super::glance::{Glance, Span, resource};
use super::relation::Relation;
use super::table::Table;
use super::value::digest;
use super::{Held, follow};
use crate::check::SAME_RESOURCE;

/// The most lists that are remembered.
const LISTS: usize = 1_024;
/// The most pages of a list that are remembered.
const PAGES: usize = 8;

/// The pages of lists, by the list and who asks.
#[derive(Debug)]
pub(super) struct Lists(Table<Vec<Page>>);

/// A page that was read.
#[derive(Clone, Debug)]
struct Page {
    stretch: u64,
    asked: u64,
    total: u64,
    span: Span,
    /// Where it was read, until it is judged.
    read: Option<(usize, url::Url)>,
}

impl Default for Lists {
    fn default() -> Self {
        Self(Table::of(LISTS))
    }
}

impl Lists {
    /// Judges the pages between this one and the last time that it was read, if it has the same total as then.
    pub(super) fn see(&mut self, glance: &Glance, stretch: u64, held: &mut Vec<Held>) {
        let Some(total) = glance.total else { return };
        let list = resource(&glance.url, glance.who, &SAME_RESOURCE);
        let pages = self.0.entry(list);
        pages.retain(|page| page.stretch == stretch);
        let asked = |name: &str| glance.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| digest(value));
        let page = digest((asked("pageNum"), asked("itemsPerPage")));
        let read = Some((glance.entry, glance.url.clone()));
        let now = Page { stretch, asked: page, total, span: glance.span, read };
        if let Some(at) = pages.iter().rposition(|earlier| earlier.asked == page) {
            if pages[at].total == total {
                let first = pages[at].span;
                for other in &mut pages[at + 1..] {
                    if follow(first, other.span, now.span) {
                        held.extend(judged(other, total));
                    }
                }
            }
            pages.drain(..=at);
        } else if pages.len() >= PAGES {
            pages.remove(0);
        }
        pages.push(now);
    }
}

fn judged(page: &mut Page, total: u64) -> Option<Held> {
    let (entry, url) = page.read.take()?;
    let why = format!("$.totalCount is {}, and {total} on a page read before and after it", page.total);
    let broken = (page.total != total).then(|| ("$.totalCount".to_owned(), why));
    Some(Held { relation: Relation::TotalIsOne, entry, method: "GET", url, broken })
}
