//! Walking from page to page: which page is next, and what the walk leaves behind to be judged.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use url::Url;

use super::answer::Answer;
use super::place::{Step, below_root, path_steps, steps_of};
use super::reading::Unreadable;
use super::{Judge, address, links, number, own};
use crate::exchange::Exchange;
use crate::verdict::{Location, PathStep};

/// How a walk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkEnd {
    /// The last page has no link to follow.
    Complete,
    /// The next page was read before.
    Loop,
    /// There are more pages than the step allows.
    TooMany,
    /// A page is no 2xx list, or was not answered.
    Failed,
    /// The next page is of another origin.
    Foreign,
    /// The last page has a link to what was looked for.
    Reached,
}

impl WalkEnd {
    /// The word of the case format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Loop => "loop",
            Self::TooMany => "too-many",
            Self::Failed => "failed",
            Self::Foreign => "foreign",
            Self::Reached => "reached",
        }
    }
}

impl Judge {
    /// The document on which a walk is judged, as docs/case-format.md describes it.
    pub fn walk_summary(&self, exchanges: &[Exchange], end: WalkEnd) -> Value {
        let mut pages = Vec::new();
        let mut items = Vec::new();
        let mut ids = Vec::new();
        for exchange in exchanges {
            let reading = self.readings.of(&exchange.response);
            let url = &exchange.request.url;
            let body = reading.value.as_ref().ok().map(|body| links::resolved(body, url));
            let results = body.as_ref().and_then(results).map(Vec::as_slice).unwrap_or_default();
            items.extend_from_slice(results);
            ids.extend(results.iter().map(|item| item_identity(item, url)));
            pages.push(json!({ "url": url.as_str(), "status": exchange.response.status, "body": body }));
        }
        let visited: Vec<String> = exchanges.iter().map(|exchange| self.identity(&exchange.request.url)).collect();
        json!({
            "count": pages.len(),
            "pages": pages,
            "items": items,
            "ids": ids,
            "visited": visited,
            "end": end.name(),
        })
    }

    /// The absolute URL of a page's link, read inside an envelope too; `None` if it has none that can be resolved.
    pub fn next_page(&self, exchange: &Exchange, rel: &str) -> Option<Url> {
        let reading = self.readings.of(&exchange.response);
        let href = links::href(links::of_body(reading.value.as_ref().ok()?)?, rel)?;
        exchange.request.url.join(href).ok()
    }

    /// The absolute URLs of all links of an answer, those of the entities in a list after its own, each once. Links
    /// from page to page are left out: they lead to more of the same.
    pub fn all_links(&self, exchange: &Exchange) -> Vec<Url> {
        let reading = self.readings.of(&exchange.response);
        let Ok(body) = reading.value.as_ref() else { return Vec::new() };
        let items = results(body).into_iter().flatten().filter_map(|item| item.get("links"));
        let mut urls: Vec<Url> = Vec::new();
        for link in links::of_body(body).into_iter().chain(items).filter_map(Value::as_array).flatten() {
            let paging = matches!(link["rel"].as_str(), Some("next" | "previous"));
            let url = link["href"].as_str().and_then(|href| exchange.request.url.join(href).ok());
            urls.extend(url.filter(|url| !paging && !urls.contains(url)));
        }
        urls
    }

    /// Why it cannot be told what an answer says, if so: it is too long, too deep, or coded.
    pub fn unclear(&self, exchange: &Exchange) -> Option<String> {
        match &self.readings.of(&exchange.response).value {
            Err(Unreadable::Unclear(why)) => Some(why.clone()),
            Err(Unreadable::NoJson { .. }) | Ok(_) => None,
        }
    }

    /// Whether an answer is a page: a 2xx list.
    pub fn is_page(&self, exchange: &Exchange) -> bool {
        let is_list = || self.readings.of(&exchange.response).value.as_ref().is_ok_and(|body| results(body).is_some());
        exchange.response.status / 100 == 2 && is_list()
    }

    /// A text that is the same for all URLs that lead to the same page.
    pub fn identity(&self, url: &Url) -> String {
        address::identity(url, self.facts.page_maximum)
    }

    /// A URL after the normalization of RFC 3986, section 6.2.2, its parameters sorted: defaults that it names stay.
    pub fn normal(&self, url: &Url) -> String {
        address::normal(url)
    }

    /// Whether two URLs lead to the same resource, whatever of it their parameters ask for.
    pub fn same_resource(&self, one: &Url, other: &Url) -> bool {
        address::same_path(one, other)
    }

    /// Whether a URL lies below another one: in a list, or in another entity.
    pub fn lies_in(&self, inner: &Url, outer: &Url) -> bool {
        address::is_inside(inner, outer)
    }

    /// Whether two URLs lead to pages of the same list.
    pub fn same_list(&self, one: &Url, other: &Url) -> bool {
        address::same_path(one, other) && own::filters(one) == own::filters(other)
    }

    /// Whether these pages may lack items of their list: the first of them counts more, or does not count.
    pub fn are_short<'e>(&self, pages: impl IntoIterator<Item = &'e Exchange>) -> bool {
        let readings: Vec<_> = pages.into_iter().map(|page| self.readings.of(&page.response)).collect();
        let bodies: Vec<&Value> = readings.iter().filter_map(|reading| reading.value.as_ref().ok()).collect();
        let items: usize = bodies.iter().filter_map(|body| results(body)).map(Vec::len).sum();
        let counted = bodies.first().and_then(|body| number::whole(&total(body)?));
        counted.is_none_or(|counted| counted > items as u64)
    }

    /// Whether the items of some pages are others than those of others, whatever their order.
    pub fn other_items<'e>(
        &self,
        some: impl IntoIterator<Item = &'e Exchange>,
        others: impl IntoIterator<Item = &'e Exchange>,
    ) -> bool {
        self.items_of(some) != self.items_of(others)
    }

    fn items_of<'e>(&self, pages: impl IntoIterator<Item = &'e Exchange>) -> BTreeSet<String> {
        let mut items = BTreeSet::new();
        for page in pages {
            let reading = self.readings.of(&page.response);
            let results = reading.value.as_ref().ok().and_then(results).map(Vec::as_slice).unwrap_or_default();
            items.extend(results.iter().filter_map(|item| {
                let own = links::href(item.get("links")?, "self")?;
                Some(self.identity(&page.request.url.join(own).ok()?))
            }));
        }
        items
    }

    /// Whether `totalCount` is not the same on all pages: something was added or removed, or the target miscounts.
    pub fn total_moved<'e>(&self, exchanges: impl IntoIterator<Item = &'e Exchange>) -> bool {
        let readings: Vec<_> = exchanges.into_iter().map(|exchange| self.readings.of(&exchange.response)).collect();
        let totals: Vec<_> = readings.iter().filter_map(|reading| total(reading.value.as_ref().ok()?)).collect();
        totals.windows(2).any(|pair| !self.meaning(None).equal(&pair[0], &pair[1]))
    }
}

/// What a part of the summary of a walk is called, for people.
pub(super) fn name_of_part(way: &[Step<'_>], path: &str) -> String {
    let steps = path_steps(way);
    let inside = |steps: &[PathStep]| match below_root(&steps_of(steps)).as_str() {
        "" => String::new(),
        path => format!("${path} of "),
    };
    match steps.as_slice() {
        _ if path.contains(['?', '*', ',']) => format!("{path} of the walk"),
        [PathStep::Name(part)] => match part.as_str() {
            "ids" | "items" => "the list of items that the walk found".to_owned(),
            "count" => "the number of pages of the walk".to_owned(),
            "visited" => "the list of pages that the walk visited".to_owned(),
            "end" => "the end of the walk".to_owned(),
            _ => format!("{path} of the walk"),
        },
        [PathStep::Name(part), PathStep::Index(item), rest @ ..] if matches!(part.as_str(), "ids" | "items") => {
            format!("{}item {} of the walk", inside(rest), item + 1)
        }
        [PathStep::Name(pages), PathStep::Index(page), PathStep::Name(body), rest @ ..]
            if pages == "pages" && body == "body" =>
        {
            format!("{}page {} of the walk", inside(rest), page + 1)
        }
        _ => format!("{path} of the walk"),
    }
}

/// Whether a part of the summary of a walk is the identity of an item: which items there are, and in which order.
pub(super) fn is_identity(steps: &[PathStep]) -> bool {
    matches!(steps.first(), Some(PathStep::Name(part)) if part == "ids")
}

/// The page, by its index, and the place on it, of a part of the summary of a walk; nothing for what stands on no page
/// alone.
pub(super) fn place(steps: &[PathStep], pages: &[Answer<'_>]) -> Option<(usize, Location)> {
    let (PathStep::Name(part), rest) = steps.split_first()? else { return None };
    match (part.as_str(), rest) {
        ("end", []) => Some((pages.len().checked_sub(1)?, Location::WalkEnd)),
        ("pages", [PathStep::Index(page), PathStep::Name(member), inside @ ..]) if *page < pages.len() => {
            let location = match member.as_str() {
                "body" => Location::at(inside.to_vec()),
                "status" => Location::Status,
                _ => return None,
            };
            Some((*page, location))
        }
        // Of an identity, the item itself.
        ("ids", [PathStep::Index(item), ..]) => on_page(*item, &[], pages),
        ("items", [PathStep::Index(item), inside @ ..]) => on_page(*item, inside, pages),
        _ => None,
    }
}

/// The place of an item, counted over all pages.
fn on_page(item: usize, inside: &[PathStep], pages: &[Answer<'_>]) -> Option<(usize, Location)> {
    let mut before = 0;
    for (page, answer) in pages.iter().enumerate() {
        let Ok(body) = answer.value() else { continue };
        let here = results(body).map_or(0, Vec::len);
        if item < before + here {
            let content = body.get("results").is_none().then(|| PathStep::Name("content".to_owned()));
            let list = [PathStep::Name("results".to_owned()), PathStep::Index(item - before)];
            return Some((page, Location::at(content.into_iter().chain(list).chain(inside.iter().cloned()))));
        }
        before += here;
    }
    None
}

/// The item's self link as an absolute URL that can be read, without parameters of the presentation; else its value.
fn item_identity(item: &Value, page: &Url) -> Value {
    let own = item.get("links").and_then(|links| links::href(links, "self"));
    match own.and_then(|href| page.join(href).ok()) {
        Some(url) => Value::from(address::without_presentation(url).as_str()),
        None => item.clone(),
    }
}

fn results(body: &Value) -> Option<&Vec<Value>> {
    body.get("results").or_else(|| body.get("content")?.get("results"))?.as_array()
}

fn total(body: &Value) -> Option<Value> {
    body.get("totalCount").or_else(|| body.get("content")?.get("totalCount")).cloned()
}
