//! Pages of lists: `pageNum`, `itemsPerPage`, `totalCount` and the links between pages.

use serde_json::{Map, Value, json};

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
pub(crate) fn answer(world: &World, call: &Call, path: &str, members: Vec<Member>) -> Outcome {
    let page = Page::asked(&call.query)?;
    let total = members.len() as u64;
    let shown = page.of(total);
    let results: Vec<Value> = members
        .into_iter()
        .skip(shown.start)
        .take(shown.len())
        .map(|(fields, path)| links::member(world, fields, &path))
        .collect();
    let links = page.links(world, call, path, total);
    Ok(Answer::list(json!({ "totalCount": total, "results": results, "links": links })))
}

impl Page {
    /// The page that a query asks for; more items than a page may hold are as many as it may hold.
    fn asked(query: &Query) -> Result<Self, Refusal> {
        let number = positive(query, "pageNum")?.unwrap_or(1);
        let size = positive(query, "itemsPerPage")?.unwrap_or(MOST_ITEMS);
        Ok(Self { number, size: size.min(MOST_ITEMS) })
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

    fn previous(self, total: u64) -> Option<u64> {
        (self.number > 1).then(|| (self.number - 1).min(self.last(total)))
    }

    fn next(self, total: u64) -> Option<u64> {
        (self.number < self.last(total)).then(|| self.number + 1)
    }

    /// `next` stands last: there are clients that look for it there.
    fn links(self, world: &World, call: &Call, path: &str, total: u64) -> Vec<Value> {
        let to = |number: u64| page_url(world, call, path, Self { number, ..self });
        let previous = self.previous(total).map(|number| links::link("previous", &to(number)));
        let next = self.next(total).map(|number| links::link("next", &to(number)));
        previous.into_iter().chain([links::link("self", &to(self.number))]).chain(next).collect()
    }
}

/// The URL of a page: all that the request asked for, and both page parameters spelt out.
fn page_url(world: &World, call: &Call, path: &str, page: Page) -> String {
    let query =
        call.query.clone().with("pageNum", &page.number.to_string()).with("itemsPerPage", &page.size.to_string());
    format!("{}?{}", world.base.url(path), query.encode())
}

/// A parameter that is a whole number from 1 on.
fn positive(query: &Query, name: &str) -> Result<Option<u64>, Refusal> {
    let Some(text) = query.get(name) else { return Ok(None) };
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(number) if digits && number > 0 => Ok(Some(number)),
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
        assert_eq!(Page::asked(&Query::default()).unwrap(), page(1, 100));
        assert_eq!(Page::asked(&Query::parse("itemsPerPage=500&pageNum=2")).unwrap(), page(2, 100));
    }

    #[test]
    fn what_is_no_positive_number_is_refused_by_name() {
        for text in ["pageNum=0", "pageNum=-1", "pageNum=x", "pageNum=", "pageNum=%2B1", "pageNum=99999999999999999999"]
        {
            let refusal = Page::asked(&Query::parse(text)).unwrap_err();
            assert_eq!(refusal.status.as_u16(), 400, "{text}");
            assert!(refusal.detail.contains("pageNum"), "{text}");
        }
        assert!(Page::asked(&Query::parse("itemsPerPage=0")).unwrap_err().detail.contains("itemsPerPage"));
    }

    #[test]
    fn an_exact_multiple_has_no_page_behind_it() {
        assert_eq!(page(2, 6).of(12), 6..12);
        assert_eq!(page(2, 6).next(12), None);
        assert_eq!(page(1, 6).next(12), Some(2));
        assert_eq!(page(1, 6).previous(12), None);
    }

    #[test]
    fn past_the_end_there_is_nothing_but_the_way_back() {
        assert_eq!(page(9, 6).of(13), 13..13);
        assert_eq!(page(9, 6).next(13), None);
        assert_eq!(page(9, 6).previous(13), Some(3));
        assert_eq!(page(2, 6).previous(0), Some(1));
        assert_eq!(page(u64::MAX, 100).of(13), 13..13);
        assert_eq!(page(u64::MAX, 100).next(13), None);
    }
}
