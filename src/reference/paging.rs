//! Which page of a list a query asks for: numbers, sizes, their defaults and bounds.

use hyper::StatusCode;

use super::behaviour::Behaviour;
use super::fault::Fault;
use super::problem::Refusal;
use super::query::Query;

/// The parameters that choose a page.
pub(super) const PAGE_PARAMETERS: [&str; 2] = ["pageNum", "itemsPerPage"];
/// Most items of a page, and their number where none is asked for.
const MOST_ITEMS: u64 = 100;

/// Whether no page is asked for.
pub(super) fn is_unpaged(query: &Query) -> bool {
    query.get("pageNum").or(query.get("itemsPerPage")).is_none()
}

/// The number of the page that is returned where none is asked for.
pub(super) fn default_number(behaviour: &Behaviour, size: Option<u64>) -> u64 {
    let second = (behaviour.shows(Fault::SecondPageByDefault) && size.is_some())
        || (behaviour.shows(Fault::SecondPageOfOnes) && size == Some(1));
    if second { 2 } else { 1 }
}

/// Most items of a page: the specification's, or those of a later edition.
pub(super) fn most(behaviour: &Behaviour) -> u64 {
    behaviour.page_maximum().unwrap_or(MOST_ITEMS)
}

/// The number of items for the one that is asked for.
pub(super) fn size_for(behaviour: &Behaviour, query: &Query, asked: Option<u64>) -> u64 {
    let ignored = (behaviour.shows(Fault::EnvelopeIgnoresSize) && query.is_on("envelope"))
        || (behaviour.shows(Fault::SizeIgnoredWithFilter) && query.get("typeName").is_some());
    let Some(asked) = asked.filter(|_| !ignored) else { return default_size(behaviour, query) };
    let most = most(behaviour);
    let multiple = asked > most && asked.is_multiple_of(most);
    match behaviour {
        _ if behaviour.shows(Fault::SizeUnlimited) => asked,
        _ if behaviour.shows(Fault::FiftyAtMost) => asked.min(50),
        _ if behaviour.shows(Fault::SeventyFiveIsFifty) && asked == 75 => 50,
        _ if behaviour.shows(Fault::OneShortOfMaximum) => asked.min(most - 1),
        _ if behaviour.shows(Fault::OneOverMaximum) => asked.min(most + 1),
        _ if behaviour.shows(Fault::MaximumByMultiples) && multiple => 2 * most,
        _ => asked.min(most),
    }
}

/// The number of items where none is asked for.
fn default_size(behaviour: &Behaviour, query: &Query) -> u64 {
    match behaviour {
        _ if behaviour.shows(Fault::TwentyByDefault) => 20,
        _ if behaviour.shows(Fault::NinetyNineByDefault) => 99,
        _ if behaviour.shows(Fault::FewWithPageNumber) && query.get("pageNum").is_some() => 25,
        _ => MOST_ITEMS.min(most(behaviour)),
    }
}

/// A parameter that is a whole number from 1 on.
pub(super) fn positive(behaviour: &Behaviour, query: &Query, name: &str) -> Result<Option<u64>, Refusal> {
    let Some(text) = query.get(name) else { return Ok(None) };
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(number) if digits && number > 0 => Ok(Some(number)),
        Err(_) if digits && behaviour.shows(Fault::LargePageFails) => {
            Err(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "The number is too large."))
        }
        Ok(0) if behaviour.shows(Fault::ZeroIsFirst) && name == "pageNum" => Ok(None),
        Ok(0) if behaviour.shows(Fault::SizeZeroIsDefault) && name == "itemsPerPage" => Ok(None),
        _ if behaviour.shows(Fault::BadPagingIgnored) => Ok(None),
        _ => Err(Refusal::parameter(name, "must be a whole number from 1 on")),
    }
}
