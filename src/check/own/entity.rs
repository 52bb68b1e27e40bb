//! Where the self links of entities lead.

use std::collections::HashMap;

use serde_json::Value;
use url::Url;

use crate::check::address;
use crate::check::links;
use crate::check::outcome::{Outcome, Trouble};
use crate::check::show;

/// The self link of an entity does not lead to what the entity lies in. That it leads to another name of the same
/// entity is allowed, and cannot be told here from leading to another entity.
pub(super) fn self_is_own(body: &Value, url: &Url) -> Outcome {
    let Some(own) = own_url(body, url) else { return Ok(()) };
    if !address::is_inside(url, &own) {
        return Ok(());
    }
    let (own, url) = (show::cut(own.as_str(), 200), show::cut(url.as_str(), 200));
    Err(Trouble::broken_at("$.links", format!("$.links has a link self to {own}, in which the entity {url} lies")))
}

/// The entities of a list have self links of their own: neither the list's, nor each other's. A list may lie below one
/// of its own entities, as the members of a group do that it is one of itself.
pub(super) fn items_differ(body: &Value, url: &Url) -> Outcome {
    let items = body.get("results").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (at, item) in items.iter().enumerate() {
        let Some(own) = own_url(item, url) else { continue };
        if address::same_path(&own, url) {
            let sentence =
                format!("$.results[{at}].links has a link self to {}, where the list is", show::cut(own.as_str(), 200));
            return Err(Trouble::broken_at(format!("$.results[{at}].links"), sentence));
        }
        if let Some(first) = seen.insert(address::identity(&own), at)
            && items[first].get("id") != item.get("id")
        {
            let sentence =
                format!("$.results[{at}].links has the same link self as $.results[{first}], which has another id");
            return Err(Trouble::broken_at(format!("$.results[{at}].links"), sentence));
        }
    }
    Ok(())
}

fn own_url(entity: &Value, document: &Url) -> Option<Url> {
    document.join(links::href(entity.get("links")?, "self")?).ok()
}
