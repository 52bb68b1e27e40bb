//! Pages of lists: `pageNum`, `itemsPerPage`, `totalCount` and the links between pages.

use hyper::StatusCode;
use serde_json::{Map, Value};

use super::behaviour::Behaviour;
use super::fault::Fault;
use super::freedom::Freedom;
use super::http::{Answer, Call, Outcome};
use super::links;
use super::problem::Refusal;
use super::query::Query;
use super::world::World;

/// Most items of a page, and their number where none is asked for.
const MOST_ITEMS: u64 = 100;

/// One member of a list: its fields and its path below the root.
pub(crate) type Member = (Map<String, Value>, String);

/// The part of a list that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Page {
    number: u64,
    size: u64,
}

/// Answers with the page of `members` that the call asks for; `path` is the list's own.
pub(crate) fn answer(world: &World, call: &Call, path: &str, mut members: Vec<Member>) -> Outcome {
    let page = Page::asked(&world.behaviour, &call.query)?;
    let total = members.len() as u64;
    if total == 0 && world.behaviour.shows(Fault::EmptyIs404) {
        return Err(Refusal::not_found("item of this list", ""));
    }
    if page.number > page.last(total) && world.behaviour.takes(Freedom::PastEndIs404) {
        return Err(Refusal::not_found("page", &page.number.to_string()));
    }
    if world.behaviour.takes(Freedom::ListsReversed) {
        members.reverse();
    }
    let shown = page.of(total);
    let shown = left_out(world, page).map_or(shown.clone(), |count| shown.start + count..shown.end.max(count));
    let results: Vec<Value> = members
        .into_iter()
        .skip(shown.start)
        .take(shown.len())
        .map(|(fields, path)| links::member(world, fields, &path))
        .collect();
    let links = page.links(world, call, path, total);
    let mut list = Map::from_iter([("results".to_owned(), results.into()), ("links".to_owned(), links.into())]);
    if let Some(count) = counted(world, page, total, list["results"].as_array().map_or(0, Vec::len)) {
        list.insert("totalCount".to_owned(), count.into());
    }
    Ok(Answer::list(Value::Object(list)))
}

/// How many items at the beginning of a page are left out: none.
fn left_out(world: &World, page: Page) -> Option<usize> {
    (world.behaviour.shows(Fault::ThirdPageShifted) && page.number >= 3).then_some(1)
}

/// The total that a page tells.
fn counted(world: &World, page: Page, total: u64, shown: usize) -> Option<u64> {
    let behaviour = &world.behaviour;
    let last_of_several = page.number > 1 && page.number == page.last(total);
    match behaviour {
        _ if behaviour.shows(Fault::TotalMissing) => None,
        _ if behaviour.shows(Fault::TotalOfPage) => Some(shown as u64),
        _ if behaviour.shows(Fault::TotalOffOnLastPage) && last_of_several => Some(total - 1),
        _ => Some(total),
    }
}

impl Page {
    /// The page that a query asks for; more items than a page may hold are as many as it may hold.
    fn asked(behaviour: &Behaviour, query: &Query) -> Result<Self, Refusal> {
        let size = positive(behaviour, query, "itemsPerPage")?;
        if size.is_some_and(|size| size > MOST_ITEMS) && behaviour.takes(Freedom::LargePageIs400) {
            return Err(Refusal::bad_request("The query parameter itemsPerPage must be at most 100."));
        }
        let number = positive(behaviour, query, "pageNum")?;
        Ok(Self {
            number: number.unwrap_or_else(|| default_number(behaviour, size)),
            size: size_for(behaviour, query, size),
        })
    }

    /// The places of its items in a list of `total`; empty past the end.
    fn of(self, total: u64) -> std::ops::Range<usize> {
        let start = (self.number - 1).saturating_mul(self.size).min(total);
        let end = start.saturating_add(self.size).min(total);
        usize::try_from(start).unwrap_or(usize::MAX)..usize::try_from(end).unwrap_or(usize::MAX)
    }

    /// The number of the last page that holds anything, and 1 for an empty list.
    fn last(self, total: u64) -> u64 {
        total.div_ceil(self.size).max(1)
    }

    fn previous(self, behaviour: &Behaviour, total: u64) -> Option<u64> {
        if behaviour.shows(Fault::PreviousOnFirst) && self.number == 1 {
            return Some(1);
        }
        (self.number > 1).then(|| (self.number - 1).min(self.last(total)))
    }

    fn next(self, behaviour: &Behaviour, total: u64) -> Option<u64> {
        let exact = total > 0 && total.is_multiple_of(self.size) && self.number == self.last(total);
        let beyond = exact && behaviour.shows(Fault::NextAfterExactEnd);
        (self.number < self.last(total) || beyond).then(|| self.number + 1)
    }

    /// `next` stands last: there are clients that look for it there.
    fn links(self, world: &World, call: &Call, path: &str, total: u64) -> Vec<Value> {
        let behaviour = &world.behaviour;
        let to = |number: u64, query: &Query| page_url(world, query, path, Self { number, ..self });
        let kept = kept(behaviour, &call.query);
        let previous = self.previous(behaviour, total).map(|number| links::link("previous", &to(number, &kept)));
        let next = self.next(behaviour, total).map(|number| links::link("next", &to(number, &kept)));
        let own = if behaviour.shows(Fault::SelfIsFirstPage) { 1 } else { self.number };
        let own = links::link("self", &to(own, &call.query));
        let first = behaviour.shows(Fault::FirstLink).then(|| links::link("first", &to(1, &kept)));
        previous.into_iter().chain(first).chain([own]).chain(next).collect()
    }
}

/// The number of the page that is returned where none is asked for.
fn default_number(behaviour: &Behaviour, size: Option<u64>) -> u64 {
    if behaviour.shows(Fault::SecondPageByDefault) && size.is_some() { 2 } else { 1 }
}

/// The number of items for the one that is asked for.
fn size_for(behaviour: &Behaviour, query: &Query, asked: Option<u64>) -> u64 {
    let default = if behaviour.shows(Fault::TwentyByDefault) { 20 } else { MOST_ITEMS };
    let most = match behaviour {
        _ if behaviour.shows(Fault::SizeUnlimited) => u64::MAX,
        _ if behaviour.shows(Fault::FiftyAtMost) && asked.is_some() => 50,
        _ => MOST_ITEMS,
    };
    let ignored = behaviour.shows(Fault::EnvelopeIgnoresSize) && query.is_on("envelope");
    asked.filter(|_| !ignored).unwrap_or(default).min(most)
}

/// What of a request's query its links to other pages keep: all of it.
fn kept(behaviour: &Behaviour, query: &Query) -> Query {
    if behaviour.shows(Fault::LinksForgetFilter) { Query::default() } else { query.clone() }
}

/// The URL of a page: what is kept of the query, and both page parameters spelt out.
fn page_url(world: &World, query: &Query, path: &str, page: Page) -> String {
    let query = query.clone().with("pageNum", &page.number.to_string()).with("itemsPerPage", &page.size.to_string());
    format!("{}?{}", world.base.url(path), query.encode())
}

/// A parameter that is a whole number from 1 on.
fn positive(behaviour: &Behaviour, query: &Query, name: &str) -> Result<Option<u64>, Refusal> {
    let Some(text) = query.get(name) else { return Ok(None) };
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(number) if digits && number > 0 => Ok(Some(number)),
        Err(_) if digits && behaviour.shows(Fault::LargePageFails) => {
            Err(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "The number is too large."))
        }
        _ if behaviour.shows(Fault::BadPagingIgnored) => Ok(None),
        _ => Err(Refusal::bad_request(format!("The query parameter {name} must be a whole number from 1 on."))),
    }
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
