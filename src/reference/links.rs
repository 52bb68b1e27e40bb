//! Links, and the three forms in which an entity is sent: whole, as a member of a list, as a page.

use serde_json::{Map, Value, json};

use super::world::World;

/// What most extension relations begin with.
const EXTENSION: &str = "http://mms.mongodb.com/";

/// The name of a relation of our own: a URI, as RFC 8288 asks for.
pub(crate) fn extension(name: &str) -> String {
    format!("{EXTENSION}{name}")
}

/// A link object.
pub(crate) fn link(rel: &str, href: &str) -> Value {
    json!({ "rel": rel, "href": href })
}

/// An entity by itself: `self` and its relations, each the name of an extension and a path below the root.
pub(crate) fn whole(world: &World, fields: Map<String, Value>, path: &str, related: &[(&str, String)]) -> Value {
    let own = link("self", &own_url(world, path));
    let others = related.iter().map(|(name, path)| link(&extension(name), &world.base.url(path)));
    with_links(fields, std::iter::once(own).chain(others).collect())
}

/// An entity as a member of a list: `self` and no other link.
pub(crate) fn member(world: &World, fields: Map<String, Value>, path: &str) -> Value {
    with_links(fields, vec![link("self", &own_url(world, path))])
}

fn own_url(world: &World, path: &str) -> String {
    world.base.url(path)
}

fn with_links(mut fields: Map<String, Value>, links: Vec<Value>) -> Value {
    fields.insert("links".to_owned(), Value::Array(links));
    Value::Object(fields)
}
