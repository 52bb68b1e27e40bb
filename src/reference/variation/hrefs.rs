//! Hrefs as another server would write them: to the same places.

use url::{Position, Url};

use super::Variation;
use crate::reference::behaviour::Behaviour;
use crate::reference::http::{Call, Content};
use crate::reference::paging::PAGE_PARAMETERS;
use crate::reference::query::Query;
use crate::reference::world::World;

/// What an answer is, as far as its hrefs are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bearer {
    Entity,
    List,
}

impl Bearer {
    /// The bearer of the links of some content.
    pub(super) fn of(content: &Content) -> Self {
        if matches!(content, Content::List(_)) { Self::List } else { Self::Entity }
    }
}

/// The href of a link: `url` is absolute.
pub(super) fn href(world: &World, call: &Call, bearer: Bearer, rel: &str, url: &str) -> String {
    let behaviour = &world.behaviour;
    let (place, query) = url.split_once('?').unwrap_or((url, ""));
    let mut query = Query::parse(query);
    if bearer == Bearer::List && rel == "self" && behaviour.takes(Variation::SelfAsRequested) {
        // What stands for both parameters of a page, where they are opaque, is no default.
        query = query.only(|name| !PAGE_PARAMETERS.contains(&name) || call.query.get(name).is_some());
    }
    if behaviour.takes(Variation::HrefsKeepSwitches) {
        for name in ["envelope", "pretty"] {
            query = match call.query.get(name) {
                Some(value) => query.with(name, value),
                None => query,
            };
        }
    }
    if behaviour.takes(Variation::QueryReversed) {
        query = query.reversed();
    }
    let query = query.encode();
    let url = if query.is_empty() { place.to_owned() } else { format!("{place}?{query}") };
    relative(behaviour, &world.base.origin_url(&call.target), &url)
}

/// The reference to `url` in an answer to a request of `requested`.
fn relative(behaviour: &Behaviour, requested: &str, url: &str) -> String {
    match behaviour {
        _ if behaviour.takes(Variation::HrefsOfPaths) => path_of(url),
        _ if behaviour.takes(Variation::HrefsWithoutScheme) => {
            url.split_once(':').map_or(url, |(_, rest)| rest).to_owned()
        }
        _ if behaviour.takes(Variation::HrefsFromRequest) => from(requested, url).unwrap_or_else(|| path_of(url)),
        _ => url.to_owned(),
    }
}

/// A URL without scheme and host.
pub(super) fn path_of(url: &str) -> String {
    Url::parse(url).map_or_else(|_| url.to_owned(), |url| url[Position::BeforePath..].to_owned())
}

/// The shortest reference from one URL to another, if there is one that is not empty and leads there.
fn from(requested: &str, url: &str) -> Option<String> {
    let (requested, url) = (Url::parse(requested).ok()?, Url::parse(url).ok()?);
    let reference = requested.make_relative(&url)?;
    (!reference.is_empty() && requested.join(&reference).ok()? == url).then_some(reference)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_lead_where_the_url_leads() {
        let requested = "https://h:1/api/groups/1/hosts?pageNum=2&itemsPerPage=3";
        let base = Url::parse(requested).unwrap();
        let urls = ["https://h:1/api/groups/1/hosts?pageNum=1", "https://h:1/api/groups", requested, "https://h:1/api"];
        for variation in [Variation::HrefsOfPaths, Variation::HrefsWithoutScheme, Variation::HrefsFromRequest] {
            for url in urls {
                let reference = relative(&Behaviour::new([], [variation]), requested, url);
                assert!(!reference.starts_with("https:") && !reference.is_empty(), "{reference}");
                assert_eq!(base.join(&reference).unwrap().as_str(), url, "{reference}");
            }
        }
        assert_eq!(relative(&Behaviour::new([], [Variation::HrefsFromRequest]), requested, urls[0]), "?pageNum=1");
    }
}
