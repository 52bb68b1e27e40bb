//! Pages of lists: what they hold and where they lead, by the parameters of their request.

use std::borrow::Cow;

use serde_json::Value;
use url::Url;

use super::params::{self, Asked};
use crate::check::Facts;
use crate::check::address;
use crate::check::links;
use crate::check::list::is_bare_list;
use crate::check::number;
use crate::check::outcome::{Outcome, Trouble};
use crate::check::show;
use crate::suite::OwnRule;
use crate::verdict::Location;

/// The page number of a link.
type Number = fn(u64) -> Option<u64>;

/// A page of a list and the request for it.
struct Page<'a> {
    url: &'a Url,
    links: &'a Value,
    items: u64,
    total: Option<u64>,
    number: Asked,
    size: Asked,
    maximum: u64,
}

/// Judges a page by one rule. A list without its fields is the business of the requirements lists.shape and
/// links.shape.
pub(super) fn judge(rule: OwnRule, body: &Value, url: &Url, facts: &Facts) -> Outcome {
    let results = if is_bare_list(body) { Some(body) } else { body.get("results") };
    let Some(items) = results.and_then(Value::as_array) else { return Ok(()) };
    let links = body.get("links").filter(|links| links.is_array()).unwrap_or(&Value::Null);
    let page = Page {
        url,
        links,
        items: items.len() as u64,
        total: body.get("totalCount").and_then(number::whole),
        number: number_asked(url, links),
        size: asked(url, links, params::size),
        maximum: facts.page_maximum,
    };
    match rule {
        OwnRule::SizeHonoured if page.size != Asked::Nothing => page.size(),
        OwnRule::SizeDefault if page.size == Asked::Nothing => page.size().and_then(|()| page.size_named()),
        OwnRule::SizeMaximum => page.maximum(),
        OwnRule::TotalFits => page.total(),
        OwnRule::PreviousFits => page.previous(),
        OwnRule::NextFits => page.next(),
        OwnRule::SelfIsPage => page.self_is_page(),
        OwnRule::LinksStep => page.links_step(),
        OwnRule::LinksKeepQuery => page.links_keep_query(),
        OwnRule::PagingRefused => page.paging_refused(),
        _ => Ok(()),
    }
}

/// The number of the page that a request asks for. A large one is known if the page names it too.
fn number_asked(url: &Url, links: &Value) -> Asked {
    match asked(url, links, params::page) {
        Asked::Unclear => {
            let own = || url.join(links::href(links, "self")?).ok();
            let number = params::page_of_link(url);
            let is_known = number != Asked::Nothing && own().is_some_and(|own| params::page_of_link(&own) == number);
            if is_known { number } else { Asked::Unclear }
        }
        asked => asked,
    }
}

/// What the request for a page asks for. Where it says nothing, but has parameters that only its server knows, they may
/// say it (a cursor), unless the page's own link speaks of pages.
fn asked(url: &Url, links: &Value, of: fn(&Url) -> Asked) -> Asked {
    let own = || url.join(links::href(links, "self")?).ok();
    match of(url) {
        Asked::Nothing if !params::filters(url).is_empty() && own().is_some_and(|own| of(&own) == Asked::Nothing) => {
            Asked::Unclear
        }
        asked => asked,
    }
}

impl Page<'_> {
    /// The number of this page, and how many items a page holds; `None` where the request does not tell.
    fn place(&self) -> Option<(u64, u64)> {
        Some((self.number.or(1)?, self.size.or(self.maximum)?.min(self.maximum)))
    }

    /// How many items there are up to the end of this page.
    fn reached(&self) -> Option<u64> {
        let (number, size) = self.place()?;
        Some((number - 1).saturating_mul(size).saturating_add(self.items))
    }

    /// Whether nothing is on the page, though it is not the first.
    fn is_past_end(&self) -> bool {
        self.items == 0 && self.number.or(1) != Some(1)
    }

    fn has(&self, rel: &str) -> Option<bool> {
        let all = self.links.as_array()?;
        // Links without names are misshapen, and may be any.
        all.iter().all(|link| link["rel"].is_string()).then_some(())?;
        Some(all.iter().any(|link| link["rel"].as_str().is_some_and(|name| name.eq_ignore_ascii_case(rel))))
    }

    /// Too many items; or too few, though the page itself says that it is not the last.
    fn size(&self) -> Outcome {
        let Some((number, size)) = self.place() else { return Ok(()) };
        let asked = match self.size {
            Asked::Nothing => Cow::from("no itemsPerPage"),
            _ => Cow::from(format!("itemsPerPage={size}")),
        };
        let items = self.items;
        if items > size && items <= self.maximum {
            return Err(Trouble::broken_at(
                Location::member("results"),
                format!("$.results holds {items} items, asked for with {asked}"),
            ));
        }
        let more = self.total.zip(self.reached()).is_some_and(|(total, reached)| reached < total);
        if items < size && more && self.has("next") == Some(true) {
            let sentence =
                format!("$.results of page {number} holds {items} items, asked for with {asked}, and there are more");
            return Err(Trouble::broken_at(Location::member("results"), sentence));
        }
        Ok(())
    }

    fn maximum(&self) -> Outcome {
        if self.items <= self.maximum {
            return Ok(());
        }
        let sentence = format!("$.results holds {} items, expected at most {}", self.items, self.maximum);
        Err(Trouble::broken_at(Location::member("results"), sentence))
    }

    /// `totalCount` is less than what was already seen, or more on a page that is the last by all else.
    fn total(&self) -> Outcome {
        let (Some(total), Some(reached), Some((number, size))) = (self.total, self.reached(), self.place()) else {
            return Ok(());
        };
        let says_last = self.has("next") == Some(false) && self.items < size;
        if self.is_past_end() || self.items > size || total == reached || total > reached && !says_last {
            return Ok(());
        }
        let sentence = if total < reached {
            format!("$.totalCount is {total}, and there are at least {reached} items up to the end of page {number}")
        } else {
            format!("$.totalCount is {total}, and page {number}, which is the last, ends with item {reached}")
        };
        Err(Trouble::broken_at(Location::member("totalCount"), sentence))
    }

    fn previous(&self) -> Outcome {
        let (Some(number), Some(has)) = (self.number.or(1), self.has("previous")) else { return Ok(()) };
        match (number, has) {
            (1, true) => Err(Trouble::broken_at(Location::member("links"), "$.links of page 1 has a link previous")),
            (2.., false) if self.items > 0 => Err(Trouble::broken_at(
                Location::member("links"),
                format!("$.links of page {number} has no link previous"),
            )),
            _ => Ok(()),
        }
    }

    /// Against `totalCount`, and against a page that is not full.
    fn next(&self) -> Outcome {
        let (Some((number, size)), Some(has)) = (self.place(), self.has("next")) else { return Ok(()) };
        let (Some(total), Some(reached)) = (self.total, self.reached()) else { return Ok(()) };
        if self.is_past_end() && has && total <= reached {
            let sentence = format!("$.links of page {number}, behind the last of {total} items, has a link next");
            return Err(Trouble::broken_at(Location::member("links"), sentence));
        }
        if self.is_past_end() || self.items > size || total < reached {
            return Ok(());
        }
        let of = format!("$.links of page {number}, which ends with item {reached} of {total},");
        match has {
            true if reached == total => {
                Err(Trouble::broken_at(Location::member("links"), format!("{of} has a link next")))
            }
            false if reached < total && self.items == size => {
                Err(Trouble::broken_at(Location::member("links"), format!("{of} has no link next")))
            }
            _ => Ok(()),
        }
    }

    /// The URL of a link.
    fn link(&self, rel: &str) -> Option<Url> {
        self.url.join(links::href(self.links, rel)?).ok()
    }

    /// Whether only its server can tell where a link leads: by another path, or by parameters that the request has not
    /// (a cursor). Links have to lead there, not to be written in any way: what they lead to is judged by following.
    fn is_opaque(&self, link: &Url) -> bool {
        let asked = params::filters(self.url);
        let is_known = |(name, _): &(String, String)| asked.iter().any(|(known, _)| known == name);
        !address::same_path(self.url, link) || !params::filters(link).iter().all(is_known)
    }

    /// What a link says of a parameter; nobody can tell where it may say it in its own way.
    fn said(&self, link: &Url, of: fn(&Url) -> Asked) -> Asked {
        match of(link) {
            Asked::Nothing if self.is_opaque(link) => Asked::Unclear,
            said => said,
        }
    }

    /// Whether a link names a size that the page may have, where none was asked for. If it is not the default, that is
    /// the one mistake: the links are right about the page.
    fn is_size_shown(&self, named: Asked) -> bool {
        self.size == Asked::Nothing && matches!(named, Asked::Number(size) if size >= self.items)
    }

    /// The page's own link names the size it was given by default.
    fn size_named(&self) -> Outcome {
        let Some(named) = self.link("self").map(|own| params::size(&own)) else { return Ok(()) };
        match named {
            Asked::Number(size) if self.is_size_shown(named) && size.min(self.maximum) != self.maximum => {
                let sentence =
                    format!("$.links has a link self to a page of {size} items, expected {} by default", self.maximum);
                Err(Trouble::broken_at(Location::member("links"), sentence))
            }
            _ => Ok(()),
        }
    }

    fn self_is_page(&self) -> Outcome {
        let Some(own) = self.link("self") else { return Ok(()) };
        let is_same = |asked: Option<u64>, named: Option<u64>| asked.is_none() || named.is_none() || asked == named;
        let is_same_page = is_same(self.number.or(1), self.said(&own, params::page_of_link).or(1));
        // More than a page may hold may be named as it was asked for, or as it was given.
        let clamped = |asked: Asked| asked.or(self.maximum).map(|size| size.min(self.maximum));
        let is_same_size = is_same(clamped(self.size), clamped(self.said(&own, params::size)))
            || self.is_size_shown(params::size(&own));
        // A list may have another name, but is none of those in which it lies.
        if !address::is_inside(self.url, &own) && is_same_page && is_same_size {
            return Ok(());
        }
        let (own, url) = (show::cut(own.as_str(), 200), show::cut(self.url.as_str(), 200));
        Err(Trouble::broken_at(
            Location::member("links"),
            format!("$.links has a link self to {own}, expected to {url}"),
        ))
    }

    /// The link leads one page on, or one page back. From past the end it may lead back to the last page.
    fn links_step(&self) -> Outcome {
        if self.is_past_end() {
            return Ok(());
        }
        let Some(number) = self.number.or(1) else { return Ok(()) };
        let steps: [(&str, Number); 2] =
            [("next", |number| number.checked_add(1)), ("previous", |number| number.checked_sub(1))];
        for (rel, step) in steps {
            let Some(expected) = step(number).filter(|number| *number > 0) else { continue };
            let named = self.link(rel).map(|url| self.said(&url, params::page_of_link));
            let is_known = expected == 1 || named != Some(Asked::Nothing);
            if let Some(found) = named.filter(|_| is_known).and_then(|named| named.or(1))
                && found != expected
            {
                let sentence = format!("$.links of page {number} has a link {rel} to page {found}");
                return Err(Trouble::broken_at(Location::member("links"), sentence));
            }
        }
        Ok(())
    }

    /// The size of the page is kept; so is a filter that the page itself names in its link self.
    fn links_keep_query(&self) -> Outcome {
        let asked = params::filters(self.url);
        // Without a filter nothing can be lost, and no link need be read for it.
        let own = if asked.is_empty() { None } else { self.link("self") };
        let filters = own.map(|own| params::filters(&own)).unwrap_or_default();
        for rel in ["next", "previous"] {
            let Some(link) = self.link(rel) else { continue };
            let named = self.said(&link, params::size);
            let (Some(size), Some(kept)) = (self.size.or(self.maximum), named.or(self.maximum)) else { continue };
            if size.min(self.maximum) != kept.min(self.maximum) && !self.is_size_shown(Asked::Number(kept)) {
                let sentence = format!("$.links has a link {rel} to pages of {kept} items, expected {size}");
                return Err(Trouble::broken_at(Location::member("links"), sentence));
            }
            if self.is_opaque(&link) {
                continue;
            }
            let has = if asked.is_empty() { Vec::new() } else { params::filters(&link) };
            if let Some((name, _)) = asked.iter().find(|filter| filters.contains(filter) && !has.contains(filter)) {
                let sentence = format!("$.links has a link {rel} without the parameter {}", show::text(name));
                return Err(Trouble::broken_at(Location::member("links"), sentence));
            }
        }
        Ok(())
    }

    /// A parameter that is no positive integer was taken.
    fn paging_refused(&self) -> Outcome {
        let malformed = [("pageNum", self.number), ("itemsPerPage", self.size)];
        match malformed.iter().find(|(_, asked)| *asked == Asked::Malformed) {
            Some((name, _)) => Err(Trouble::broken_at(
                Location::Status,
                format!("a list was returned for a {name} that is no positive integer"),
            )),
            None => Ok(()),
        }
    }
}
