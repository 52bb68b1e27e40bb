//! Pages of lists: `pageNum`, `itemsPerPage`, `totalCount` and the links between pages.

use std::ops::Range;

use serde_json::{Map, Value};

use super::behaviour::Behaviour;
use super::fault::Fault;
use super::http::{Answer, Call, Outcome};
use super::links;
use super::paging::{PAGE_PARAMETERS, default_number, is_unpaged, most, positive, size_for};
use super::problem::Refusal;
use super::query::Query;
use super::variation::Variation;
use super::world::World;

/// The parameter that stands for both page parameters where links are opaque.
const CURSOR: &str = "cursor";

/// One member of a list: its fields and its path below the root.
pub(crate) type Member = (Map<String, Value>, String);

/// The part of a list that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Page {
    number: u64,
    size: u64,
}

/// Answers with the page of `members` that the call asks for; `path` is the list's own. Only the members of the page
/// are told.
pub(crate) fn answer<M>(
    world: &World,
    call: &Call,
    path: &str,
    mut members: Vec<M>,
    tell: impl Fn(M) -> Member,
) -> Outcome {
    let behaviour = &world.behaviour;
    let total = members.len() as u64;
    let page = Page::asked(behaviour, &call.query)?.found(behaviour, &call.query, total);
    if total == 0 && behaviour.shows(Fault::EmptyIs204) {
        return Ok(Answer::gone());
    }
    let paged = call.query.get("pageNum").is_some() && behaviour.shows(Fault::EmptyPageIs404);
    let dated = ["minDate", "maxDate"].iter().any(|name| call.query.get(name).is_some());
    let filtered = dated && behaviour.shows(Fault::FilteredEmptyIs404);
    if total == 0 && (paged || filtered || behaviour.shows(Fault::EmptyIs404)) {
        return Err(Refusal::not_found("item of this list", ""));
    }
    if page.number > page.last(total) && behaviour.takes(Variation::PastEndIs404) {
        return Err(Refusal::not_found("page", &page.number.to_string()));
    }
    rearrange(behaviour, page, &mut members);
    let shown = shown(behaviour, page, total);
    let mut results: Vec<Value> = members
        .into_iter()
        .skip(shown.start)
        .take(shown.len())
        .map(tell)
        .map(|(fields, path)| links::member(world, fields, &path))
        .collect();
    link_members(world, page, &mut results);
    if page.number > 1 && behaviour.shows(Fault::LaterSelfIsOfNext) {
        shift_selves(&mut results);
    }
    let count = counted(behaviour, &call.query, page, total, results.len());
    let links = page.links(world, call, path, total);
    let mut list = Map::from_iter([("results".to_owned(), written(behaviour, total, results))]);
    list.insert("links".to_owned(), links.into());
    list.extend(count.map(|count| ("totalCount".to_owned(), count)));
    if behaviour.shows(Fault::ListWithPageCount) {
        list.insert("pageCount".to_owned(), page.last(total).into());
    }
    Ok(Answer::list(Value::Object(list)))
}

/// The order of the members lasts, and each of them comes, but for faults.
fn rearrange<M>(behaviour: &Behaviour, page: Page, members: &mut Vec<M>) {
    if behaviour.shows(Fault::OrderTurns) && page.size == 25 {
        members.reverse();
    }
    if behaviour.takes(Variation::ListsReversed) {
        members.reverse();
    }
    if behaviour.shows(Fault::LastItemLost) {
        members.pop();
    }
}

/// The places of the items that a page shows: its own.
fn shown(behaviour: &Behaviour, page: Page, total: u64) -> Range<usize> {
    let shown = page.of(total);
    match behaviour {
        _ if behaviour.shows(Fault::ThirdPageShifted) && page.number >= 3 => {
            shown.start + 1..shown.end.max(shown.start + 1)
        }
        _ if behaviour.shows(Fault::ThreesCountFromZero) && page.size == 3 => {
            Page { number: page.number + 1, ..page }.of(total)
        }
        _ if behaviour.shows(Fault::PagesOverlap) && page.number > 1 && !shown.is_empty() => {
            shown.start - 1..shown.end - 1
        }
        _ => shown,
    }
}

/// Adds links that no member of a list has, where a fault has it so.
fn link_members(world: &World, page: Page, results: &mut [Value]) {
    let all = world.behaviour.shows(Fault::ThirdPageWithMoreLinks) && page.number >= 3;
    let last = usize::from(world.behaviour.shows(Fault::LastMemberWithMoreLinks));
    let from = if all { 0 } else { results.len().saturating_sub(last) };
    for member in &mut results[from..] {
        if let Some(links) = member["links"].as_array_mut() {
            links.push(links::related_member(world));
        }
    }
}

/// Gives each member the links of the next one.
fn shift_selves(results: &mut [Value]) {
    let mut links: Vec<Value> = results.iter().map(|member| member["links"].clone()).collect();
    if links.len() > 1 {
        links.rotate_left(1);
    }
    for (member, links) in results.iter_mut().zip(links) {
        member["links"] = links;
    }
}

/// The results as they are told: an array, however few they are.
fn written(behaviour: &Behaviour, total: u64, mut results: Vec<Value>) -> Value {
    match (total, results.len()) {
        (1, 1) if behaviour.shows(Fault::SingleIsObject) => results.remove(0),
        (0, _) if behaviour.shows(Fault::EmptyIsNull) => Value::Null,
        _ => Value::Array(results),
    }
}

/// The total that a page tells.
fn counted(behaviour: &Behaviour, query: &Query, page: Page, total: u64, shown: usize) -> Option<Value> {
    let whole = is_unpaged(query) && total > 0 && page.last(total) == 1;
    let last_of_several = page.number > 1 && page.number == page.last(total);
    let count = match behaviour {
        _ if behaviour.shows(Fault::TotalMissing) => return None,
        _ if behaviour.shows(Fault::TotalMissingOnLaterPages) && page.number > 1 => return None,
        _ if behaviour.shows(Fault::TotalIsText) => return Some(total.to_string().into()),
        _ if behaviour.shows(Fault::TotalOffByDefault) && whole => total + 1,
        _ if behaviour.shows(Fault::EmptyTotalIsOne) && total == 0 => 1,
        _ if behaviour.shows(Fault::TotalOfPage) => shown as u64,
        _ if behaviour.shows(Fault::TotalOffOnLastPage) && last_of_several => total - 1,
        _ if behaviour.shows(Fault::TotalPastEnd) && page.number > page.last(total) => 0,
        _ if behaviour.shows(Fault::TotalOfPagesSoFar) => page.number.saturating_mul(page.size).min(total),
        _ => total,
    };
    Some(count.into())
}

impl Page {
    /// The page that a query asks for; more items than a page may hold are as many as it may hold.
    fn asked(behaviour: &Behaviour, query: &Query) -> Result<Self, Refusal> {
        if let Some(page) =
            query.get(CURSOR).filter(|_| behaviour.takes(Variation::OpaquePages)).and_then(Self::at_cursor)
        {
            return Ok(page);
        }
        let size = positive(behaviour, query, "itemsPerPage")?;
        if size.is_some_and(|size| size > most(behaviour)) && behaviour.takes(Variation::LargePageIs400) {
            return Err(Refusal::parameter("itemsPerPage", format!("must be at most {}", most(behaviour))));
        }
        let number = positive(behaviour, query, "pageNum")?;
        Ok(Self {
            number: number.unwrap_or_else(|| default_number(behaviour, size)),
            size: size_for(behaviour, query, size),
        })
    }

    /// The cursor that leads to a page, which nobody else needs to understand.
    fn cursor(self) -> String {
        format!("p{:x}n{:x}", self.number, self.size)
    }

    fn at_cursor(text: &str) -> Option<Self> {
        let (number, size) = text.strip_prefix('p')?.split_once('n')?;
        let number_of = |digits: &str| u64::from_str_radix(digits, 16).ok().filter(|number| *number > 0);
        Some(Self { number: number_of(number)?, size: number_of(size)? })
    }

    /// The page once the total is known: the same.
    fn found(self, behaviour: &Behaviour, query: &Query, total: u64) -> Self {
        let number = match behaviour {
            _ if behaviour.shows(Fault::LastPageByDefault) && is_unpaged(query) => self.last(total),
            _ if behaviour.shows(Fault::EnvelopeIgnoresPage) && query.is_on("envelope") => 1,
            _ => self.number,
        };
        Self { number, ..self }
    }

    /// The places of its items in a list of `total`; empty past the end.
    fn of(self, total: u64) -> Range<usize> {
        let start = (self.number - 1).saturating_mul(self.size).min(total);
        let end = start.saturating_add(self.size).min(total);
        usize::try_from(start).unwrap_or(usize::MAX)..usize::try_from(end).unwrap_or(usize::MAX)
    }

    /// The number of the last page that holds anything, and 1 for an empty list.
    fn last(self, total: u64) -> u64 {
        total.div_ceil(self.size).max(1)
    }

    fn previous(self, behaviour: &Behaviour, total: u64) -> Option<u64> {
        let last = self.number == self.last(total);
        match behaviour {
            _ if behaviour.shows(Fault::PreviousOnFirst) && self.number == 1 => return Some(1),
            _ if behaviour.shows(Fault::PreviousMissingOnSecond) && self.number == 2 => return None,
            _ if behaviour.shows(Fault::PreviousMissingOnLast) && last => return None,
            _ if behaviour.shows(Fault::PreviousIsFirst) => return (self.number > 1).then_some(1),
            _ => {}
        }
        (self.number > 1).then(|| (self.number - 1).min(self.last(total)))
    }

    fn next(self, behaviour: &Behaviour, total: u64) -> Option<u64> {
        let last = self.last(total);
        let exact = total > 0 && total.is_multiple_of(self.size) && self.number == last;
        let beyond = (exact && behaviour.shows(Fault::NextAfterExactEnd))
            || (total > 0 && last == 1 && self.number == 1 && behaviour.shows(Fault::NextOnSinglePage))
            || (total == 0 && behaviour.shows(Fault::NextOnEmpty))
            || (self.number > last && behaviour.shows(Fault::NextPastEnd));
        let missing = behaviour.shows(Fault::NextMissingBeforeLast) && self.number + 1 == last;
        let skips = behaviour.shows(Fault::NextSkipsPage) && self.number == 3;
        ((self.number < last && !missing) || beyond).then(|| self.number.saturating_add(if skips { 2 } else { 1 }))
    }

    /// `next` stands last: there are clients that look for it there.
    fn links(self, world: &World, call: &Call, path: &str, total: u64) -> Vec<Value> {
        let behaviour = &world.behaviour;
        let to = |number: u64, query: &Query| page_url(world, query, path, Self { number, ..self });
        let before = kept(behaviour, &call.query, Fault::PreviousForgetsFilter);
        let after = kept(behaviour, &call.query, Fault::LinksForgetFilter);
        let ended = behaviour.shows(Fault::EnvelopeEndsWalk) && call.query.is_on("envelope");
        let sized = if behaviour.shows(Fault::NextForgetsSize) { Self { size: 10, ..self } } else { self };
        let few = if behaviour.shows(Fault::PreviousForgetsSize) { Self { size: 10, ..self } } else { self };
        let place = if behaviour.shows(Fault::PreviousIsDead) { format!("{path}s") } else { path.to_owned() };
        let previous = self.previous(behaviour, total);
        let previous =
            previous.map(|number| links::link("previous", &page_url(world, &before, &place, Self { number, ..few })));
        let next = self.next(behaviour, total).filter(|_| !ended);
        let next = next.map(|number| links::link("next", &page_url(world, &after, path, Self { number, ..sized })));
        let twice = next.clone().filter(|_| behaviour.shows(Fault::NextTwice));
        let own = self
            .own(behaviour, total)
            .map(|number| links::link("self", &to(number, &kept(behaviour, &call.query, Fault::SelfForgetsFilter))));
        let more = self.more(behaviour, total).map(|(rel, number)| links::link(rel, &to(number, &after)));
        let all = previous.into_iter().chain(more).chain(own).chain(next).chain(twice);
        if total == 0 && behaviour.shows(Fault::GroupLinkOnEmpty) {
            return all.chain([links::related_member(world)]).collect();
        }
        all.collect()
    }

    /// The page that `self` leads to: this one.
    fn own(self, behaviour: &Behaviour, total: u64) -> Option<u64> {
        match behaviour {
            _ if behaviour.shows(Fault::SelfIsFirstPage) => Some(1),
            _ if behaviour.shows(Fault::SelfForgetsPage) => Some(self.number.min(2)),
            _ if behaviour.shows(Fault::SelfMissingOnLast) && self.number > 1 && self.number == self.last(total) => {
                None
            }
            _ => Some(self.number),
        }
    }

    /// A link that no page has.
    fn more(self, behaviour: &Behaviour, total: u64) -> Option<(&'static str, u64)> {
        let last = self.last(total);
        match behaviour {
            _ if behaviour.shows(Fault::FirstLink) => Some(("first", 1)),
            _ if behaviour.shows(Fault::LastLinkBetween) && self.number > 1 && self.number < last => {
                Some(("last", last))
            }
            _ => None,
        }
    }
}

/// What of a request's query a link to a page keeps: all of it.
fn kept(behaviour: &Behaviour, query: &Query, forgetting: Fault) -> Query {
    let all = behaviour.shows(Fault::LinksForgetFilter) && forgetting != Fault::SelfForgetsFilter;
    if all || behaviour.shows(forgetting) { Query::default() } else { query.clone() }
}

/// The URL of a page: what is kept of the query, and both page parameters spelt out.
fn page_url(world: &World, query: &Query, path: &str, page: Page) -> String {
    if world.behaviour.takes(Variation::OpaquePages) {
        let kept = query.clone().only(|name| !PAGE_PARAMETERS.contains(&name));
        return format!("{}?{}", world.base.url(path), kept.with(CURSOR, &page.cursor()).encode());
    }
    let query = query.clone().with("pageNum", &page.number.to_string()).with("itemsPerPage", &page.size.to_string());
    format!("{}?{}", world.base.url(path), query.encode())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(number: u64, size: u64) -> Page {
        Page { number, size }
    }

    #[test]
    fn the_defaults_are_the_first_hundred() {
        assert_eq!(Page::asked(&Behaviour::default(), &Query::default()).unwrap(), page(1, 100));
        assert_eq!(
            Page::asked(&Behaviour::default(), &Query::parse("itemsPerPage=500&pageNum=2")).unwrap(),
            page(2, 100)
        );
    }

    #[test]
    fn what_is_no_positive_number_is_refused_by_name() {
        for text in ["pageNum=0", "pageNum=-1", "pageNum=x", "pageNum=", "pageNum=%2B1", "pageNum=99999999999999999999"]
        {
            let refusal = Page::asked(&Behaviour::default(), &Query::parse(text)).unwrap_err();
            assert_eq!(refusal.status.as_u16(), 400, "{text}");
            assert!(refusal.detail.contains("pageNum"), "{text}");
        }
        assert!(
            Page::asked(&Behaviour::default(), &Query::parse("itemsPerPage=0"))
                .unwrap_err()
                .detail
                .contains("itemsPerPage")
        );
    }

    #[test]
    fn a_cursor_leads_to_its_page() {
        assert_eq!(Page::at_cursor(&page(12, 100).cursor()), Some(page(12, 100)));
        for text in ["", "p0n1", "p1", "pxn1", "2"] {
            assert_eq!(Page::at_cursor(text), None, "{text}");
        }
    }

    #[test]
    fn an_exact_multiple_has_no_page_behind_it() {
        assert_eq!(page(2, 6).of(12), 6..12);
        assert_eq!(page(2, 6).next(&Behaviour::default(), 12), None);
        assert_eq!(page(1, 6).next(&Behaviour::default(), 12), Some(2));
        assert_eq!(page(1, 6).previous(&Behaviour::default(), 12), None);
    }

    #[test]
    fn past_the_end_there_is_nothing_but_the_way_back() {
        assert_eq!(page(9, 6).of(13), 13..13);
        assert_eq!(page(9, 6).next(&Behaviour::default(), 13), None);
        assert_eq!(page(9, 6).previous(&Behaviour::default(), 13), Some(3));
        assert_eq!(page(2, 6).previous(&Behaviour::default(), 0), Some(1));
        assert_eq!(page(u64::MAX, 100).of(13), 13..13);
        assert_eq!(page(u64::MAX, 100).next(&Behaviour::default(), 13), None);
    }
}
