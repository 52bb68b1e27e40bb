//! Links, and the three forms in which an entity is sent: whole, as a member of a list, as a page.

use serde_json::{Map, Value, json};

use super::fault::Fault;
use super::world::World;

/// What most extension relations begin with.
const EXTENSION: &str = "http://mms.mongodb.com/";

/// The name of a relation of our own: a URI, as RFC 8288 asks for.
fn extension(world: &World, name: &str) -> String {
    if world.behaviour.shows(Fault::BareRelation) { name.to_owned() } else { format!("{EXTENSION}{name}") }
}

/// A link object.
pub(crate) fn link(rel: &str, href: &str) -> Value {
    json!({ "rel": rel, "href": href })
}

/// An entity by itself: `self` and its relations, each the name of an extension and a path below the root.
pub(crate) fn whole(world: &World, fields: Map<String, Value>, path: &str, related: &[(&str, String)]) -> Value {
    let own = link("self", &own_url(world, path));
    let others = related.iter().map(|(name, path)| link(&extension(world, name), &world.base.url(path)));
    let own = (!is_spoiled(world, path, Fault::SelfMissing)).then_some(own);
    if is_spoiled(world, path, Fault::LinksMissing) {
        return Value::Object(fields);
    }
    with_links(fields, own.into_iter().chain(others).collect())
}

/// Whether a fault that spoils clusters alone spoils this entity.
fn is_spoiled(world: &World, path: &str, fault: Fault) -> bool {
    path.contains("/clusters/") && world.behaviour.shows(fault)
}

/// An entity as a member of a list: `self` and no other link.
pub(crate) fn member(world: &World, fields: Map<String, Value>, path: &str) -> Value {
    let more = world.behaviour.shows(Fault::MemberWithMoreLinks);
    let more = more.then(|| link(&extension(world, "groups"), &world.base.url("/groups")));
    with_links(fields, std::iter::once(link("self", &own_url(world, path))).chain(more).collect())
}

fn own_url(world: &World, path: &str) -> String {
    let list = path.rsplit_once('/').map_or(path, |(list, _)| list);
    world.base.url(if world.behaviour.shows(Fault::SelfIsList) { list } else { path })
}

fn with_links(mut fields: Map<String, Value>, links: Vec<Value>) -> Value {
    fields.insert("links".to_owned(), Value::Array(links));
    Value::Object(fields)
}
