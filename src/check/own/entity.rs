//! Where the self links of entities lead.

use std::collections::HashMap;

use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::check::Meaning;
use crate::check::address;
use crate::check::links;
use crate::check::outcome::{Outcome, Trouble};
use crate::check::place::{self, Step};
use crate::check::show;
use crate::exchange::Request;
use crate::verdict::Location;

/// No self link of an entity leads to what the entity lies in, nor to another id where the URL that was asked for
/// ends in the entity's own. That it leads to another name of the same entity is allowed, and cannot be told here from
/// leading to another entity. The answer to a request that changes something may be another entity than the one that was
/// asked for, unless that has its id.
pub(super) fn self_is_own(body: &Value, request: &Request) -> Outcome {
    own_urls(body, &request.url).try_for_each(|own| leads_to_own(&own, body, request))
}

fn leads_to_own(own: &Url, body: &Value, request: &Request) -> Outcome {
    let url = &request.url;
    let id = body.get("id").and_then(text_of);
    let is_asked_for = id.is_some() && last_segment(url) == id;
    if is_asked_for && last_segment(own) != id && !address::is_inside(url, own) {
        let (own, id) = (show::cut(own.as_str(), 200), show::cut(&id.unwrap_or_default(), 80));
        let sentence = format!("$.links has a link self to {own}, and the entity has the id {id}");
        return Err(Trouble::broken_at(Location::member("links"), sentence));
    }
    if !address::is_inside(url, own) || !is_asked_for && request.method != "GET" {
        return Ok(());
    }
    let (own, url) = (show::cut(own.as_str(), 200), show::cut(url.as_str(), 200));
    Err(Trouble::broken_at(
        Location::member("links"),
        format!("$.links has a link self to {own}, in which the entity {url} lies"),
    ))
}

/// The entities of a list have self links of their own: neither the list's, nor each other's. A list may lie below one
/// of its own entities, as the members of a group do that it is one of itself.
pub(super) fn items_differ(body: &Value, url: &Url, meaning: Meaning<'_>) -> Outcome {
    let (way, items) = links::items(body);
    let results = place::from_root(way);
    let mut seen: HashMap<String, usize> = HashMap::new();
    let all = items.iter().enumerate().flat_map(|(at, item)| own_urls(item, url).map(move |own| (at, item, own)));
    for (at, item, own) in all {
        let links = || Location::at(place::path_steps(&[way, &[Step::Index(at), Step::Name("links".into())]].concat()));
        if address::same_path(&own, url) {
            let own = show::cut(own.as_str(), 200);
            let sentence = format!("{results}[{at}].links has a link self to {own}, where the list is");
            return Err(Trouble::broken_at(links(), sentence));
        }
        if let Some(first) = seen.insert(address::identity(&own, meaning.page_size), at)
            && !meaning.equal(&items[first]["id"], &item["id"])
        {
            let sentence =
                format!("{results}[{at}].links has the same link self as {results}[{first}], which has another id");
            return Err(Trouble::broken_at(links(), sentence));
        }
    }
    Ok(())
}

/// Where the self links of an entity lead.
fn own_urls<'a>(entity: &'a Value, document: &'a Url) -> impl Iterator<Item = Url> + 'a {
    let links = entity.get("links").into_iter();
    links.flat_map(|links| links::hrefs(links, "self")).filter_map(|href| document.join(href).ok())
}

fn text_of(id: &Value) -> Option<String> {
    match id {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The last segment of a path, decoded.
fn last_segment(url: &Url) -> Option<String> {
    let segment = url.path().rsplit('/').find(|segment| !segment.is_empty())?;
    let pair = format!("x={}", segment.replace('+', "%2B").replace('&', "%26"));
    form_urlencoded::parse(pair.as_bytes()).next().map(|(_, segment)| segment.into_owned())
}
