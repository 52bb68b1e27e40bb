//! From what was seen to what a tester must know: which list is long, which entity stands for its kind.

use std::collections::{BTreeMap, BTreeSet};

use super::browse::Page;
use super::frontier::{Frontier, looks_like_id};
use super::look::{Kind, List};
use crate::check::holds_any_text;

/// The most lists and the most entities that are worth reading.
const MOST: usize = 24;
/// So often a name must be that of a date before it is taken for one everywhere.
const OFTEN: usize = 3;
/// The most pages of the list to page through.
const LONGEST: u64 = 20;

/// What a tester must know, as far as it was found. Paths lie below the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Whether the root can be read.
    pub root: bool,
    /// The id of a group, where paths name one.
    pub group: Option<String>,
    /// Lists, one of a kind.
    pub lists: Vec<String>,
    /// Entities, one of a kind.
    pub entities: Vec<String>,
    /// A list of several pages.
    pub long: Option<String>,
    /// A list of one page, with two items at least.
    pub short: Option<String>,
    /// An empty list.
    pub empty: Option<String>,
    /// A list whose items were counted, and their number.
    pub exact: Option<(String, u64)>,
    /// An entity that stood still.
    pub entity: Option<String>,
    /// An entity that can hardly exist, in a list that does.
    pub missing_entity: Option<String>,
    /// A list in a context that can hardly exist.
    pub missing_list: Option<String>,
    /// Where BSON timestamps are, and the JSONPath to them.
    pub timestamps: Option<(String, String)>,
    /// A list, and a member of its items that is a date.
    pub dated: Option<(String, String)>,
    /// Names of members that hold dates.
    pub date_members: Vec<String>,
}

/// What the list of a page may serve as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Long,
    Short,
    Empty,
    Exact,
}

impl Use {
    /// Whether a list fits, where a page holds at most `maximum` items.
    pub(super) fn fits(self, list: &List, maximum: u64) -> bool {
        let total = list.total.unwrap_or(list.items).max(list.items);
        let long = (list.goes_on || total > list.items) && (total > maximum || list.items >= maximum);
        match self {
            Self::Long => long && total <= LONGEST * maximum,
            Self::Short => !long && (2..=maximum).contains(&total),
            Self::Empty => list.items == 0 && !list.goes_on && list.total.unwrap_or_default() == 0,
            Self::Exact => !list.goes_on && list.items < maximum && (4..=200).contains(&list.items),
        }
    }
}

/// The list of a page that was read well.
pub(super) fn list_of(page: &Page) -> Option<&List> {
    match &page.look.kind {
        Kind::List(list) if page.status == 200 => Some(list),
        _ => None,
    }
}

fn is_entity(page: &Page) -> bool {
    page.status == 200 && matches!(page.look.kind, Kind::Entity(_))
}

/// All that can be said without asking again.
pub(super) fn choose(pages: &[Page], frontier: &Frontier) -> Found {
    let root = pages.first().is_some_and(|page| page.path == "/" && page.status == 200);
    let single = |page: &&Page| list_of(page).is_some_and(|list| !list.goes_on && list.items > 0);
    let dated = pages.iter().filter(single).find_map(|page| {
        let member = list_of(page)?.dated.first()?;
        Some((page.path.clone(), member.clone()))
    });
    let stamped = pages.iter().filter(|page| page.status == 200);
    let mut timestamps = stamped.filter_map(|page| Some((page.path.clone(), page.look.timestamps.clone()?)));
    Found {
        root,
        group: group(pages, frontier),
        lists: one_of_a_kind(pages.iter().filter(|page| list_of(page).is_some())),
        entities: one_of_a_kind(pages.iter().filter(|page| is_entity(page))),
        missing_entity: in_groups_first(pages).find_map(|page| missing_entity(page, pages)),
        missing_list: in_groups_first(pages).find_map(|page| missing_list(page, frontier)),
        timestamps: timestamps.next(),
        dated,
        date_members: date_members(pages),
        ..Found::default()
    }
}

/// The paths of the first pages of each kind.
fn one_of_a_kind<'p>(pages: impl Iterator<Item = &'p Page>) -> Vec<String> {
    let mut kinds = BTreeSet::new();
    pages.filter(|page| kinds.insert(page.kind.as_str())).map(|page| page.path.clone()).take(MOST).collect()
}

/// The group with the most lists that hold something; the first of equals.
fn group(pages: &[Page], frontier: &Frontier) -> Option<String> {
    let mut groups: Vec<(String, usize)> = Vec::new();
    for page in pages {
        let Some(id) = group_of(&page.path).filter(|id| frontier.is_id(id)) else { continue };
        let full = usize::from(list_of(page).is_some_and(|list| list.items > 0));
        match groups.iter_mut().find(|(known, _)| *known == id) {
            Some((_, count)) => *count += full,
            None => groups.push((id, full)),
        }
    }
    let most = groups.iter().map(|(_, count)| *count).max()?;
    groups.into_iter().find(|(_, count)| *count == most).map(|(id, _)| id)
}

/// The id after `/groups/`.
fn group_of(path: &str) -> Option<String> {
    let rest = path.strip_prefix("/groups/")?;
    let id = rest.split(['/', '?']).next()?;
    (!id.is_empty()).then(|| id.to_owned())
}

/// Lists inside groups, then others. What a group or user is that does not exist may be nobody's business (401); what
/// is inside a group of one's own is.
fn in_groups_first(pages: &[Page]) -> impl Iterator<Item = &Page> {
    let lists = |inside: bool| {
        let is_it = move |page: &&Page| page.path.starts_with("/groups/") == inside && list_of(page).is_some();
        pages.iter().filter(is_it)
    };
    lists(true).chain(lists(false).filter(|page| !["/groups", "/users"].contains(&page.path.trim_end_matches('/'))))
}

/// An item of a list that was read, with an id that nothing has.
fn missing_entity(page: &Page, pages: &[Page]) -> Option<String> {
    let list = list_of(page).filter(|_| !page.path.contains('?'))?;
    let item = page.look.items.first().filter(|_| list.items > 0)?;
    let item = pages.iter().find(|other| other.url == *item && is_entity(other))?;
    let list = page.path.trim_end_matches('/');
    let id = item.path.strip_prefix(list)?.strip_prefix('/')?;
    let (id, slash) = id.strip_suffix('/').map_or((id, ""), |id| (id, "/"));
    (!id.is_empty() && !id.contains(['/', '?'])).then(|| format!("{list}/{}{slash}", unused(id)))
}

/// A list below something that has an id, with an id that nothing has.
fn missing_list(page: &Page, frontier: &Frontier) -> Option<String> {
    let mut segments: Vec<String> = page.path.split('/').map(str::to_owned).collect();
    let last = segments.len().checked_sub(1)?;
    let at = segments[..last].iter().position(|segment| frontier.is_id(segment))?;
    segments[at] = unused(&segments[at]);
    Some(segments.join("/"))
}

/// An id of the same form that can hardly be in use; the same one every time.
fn unused(id: &str) -> String {
    if id.bytes().all(|byte| byte.is_ascii_digit()) && id.len() < 16 {
        return if id.len() < 9 { "999999999".to_owned() } else { "9".repeat(id.len()) };
    }
    if !looks_like_id(id) {
        return "atlaspec-missing".to_owned();
    }
    let other = |digit: char| digit.to_digit(16).and_then(|value| char::from_digit(15 - value, 16)).unwrap_or(digit);
    let others: String = id.chars().map(other).collect();
    if id.contains(|c: char| c.is_ascii_uppercase()) { others.to_ascii_uppercase() } else { others }
}

/// Names that were those of dates wherever they were seen.
fn date_members(pages: &[Page]) -> Vec<String> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (name, (dates, others)) in pages.iter().filter(|page| page.status == 200).flat_map(|page| &page.look.dates) {
        let count = counts.entry(name).or_default();
        *count = (count.0 + dates, count.1 + others);
    }
    let is_sure =
        |(name, (dates, others)): &(&str, (usize, usize))| *dates >= OFTEN && *others == 0 && !holds_any_text(name);
    counts.into_iter().filter(is_sure).map(|(name, _)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(items: u64, total: u64, goes_on: bool) -> List {
        List { items, total: Some(total), goes_on, dated: Vec::new() }
    }

    #[test]
    fn a_list_is_used_for_what_it_is() {
        let uses = |list: List| {
            [Use::Long, Use::Short, Use::Empty, Use::Exact]
                .into_iter()
                .filter(|it| it.fits(&list, 100))
                .collect::<Vec<_>>()
        };
        assert_eq!(uses(list(100, 250, true)), [Use::Long]);
        assert_eq!(uses(list(100, 2_001, true)), []);
        assert_eq!(uses(list(12, 12, false)), [Use::Short, Use::Exact]);
        assert_eq!(uses(list(2, 2, false)), [Use::Short]);
        assert_eq!(uses(list(1, 1, false)), []);
        assert_eq!(uses(list(0, 0, false)), [Use::Empty]);
    }

    #[test]
    fn a_list_that_miscounts_is_still_used() {
        assert!(Use::Long.fits(&list(100, 100, true), 100), "the total is that of the page");
        assert!(Use::Long.fits(&list(20, 250, true), 100), "the page is smaller than it should be");
        assert!(Use::Exact.fits(&list(12, 13, false), 100), "the total is off by one");
        assert!(Use::Long.fits(&List { total: None, ..list(100, 0, true) }, 100));
    }

    #[test]
    fn ids_that_nothing_has_are_of_the_same_form() {
        assert_eq!(unused("57b6e9e4e4b0aaaabbbb0000"), "a849161b1b4f55554444ffff");
        assert_eq!(unused("57B6E9E4-E4B0-AAAA"), "A849161B-1B4F-5555");
        assert_eq!(unused("17"), "999999999");
        assert_eq!(unused("north"), "atlaspec-missing");
        assert_eq!(group_of("/groups/57b6e9e4e4b0aaaabbbb0000/hosts"), Some("57b6e9e4e4b0aaaabbbb0000".to_owned()));
        assert_eq!(group_of("/groups/north?x=1"), Some("north".to_owned()));
        assert_eq!((group_of("/groups/"), group_of("/groups"), group_of("/x/groups/a")), (None, None, None));
    }
}
