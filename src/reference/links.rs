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
    let mut own = link("self", &own_url(world, path));
    if is_spoiled(world, path, "/hosts/", Fault::LinkWithTitle) {
        own["title"] = "This host".into();
    }
    let bare = is_spoiled(world, path, "/hosts/", Fault::BareRelationOfHost);
    let rel = |name: &str| if bare { name.to_owned() } else { extension(world, name) };
    let others = related.iter().map(|(name, path)| link(&rel(name), &world.base.url(path)));
    let outside = is_spoiled(world, path, "/snapshots/", Fault::LinkOutsideBase);
    let outside = outside.then(|| link(&extension(world, "groups"), &world.base.origin_url("/groups")));
    let selfless = is_spoiled(world, path, "/clusters/", Fault::SelfMissing)
        || is_spoiled(world, path, "/users/", Fault::SelfMissingOnUsers);
    if is_spoiled(world, path, "/clusters/", Fault::LinksMissing) {
        return Value::Object(fields);
    }
    with_links(fields, (!selfless).then_some(own).into_iter().chain(others).chain(outside).collect())
}

/// Whether a fault that spoils some entities alone spoils this one.
fn is_spoiled(world: &World, path: &str, part: &str, fault: Fault) -> bool {
    path.contains(part) && world.behaviour.shows(fault)
}

/// An entity as a member of a list: `self` and no other link.
pub(crate) fn member(world: &World, fields: Map<String, Value>, path: &str) -> Value {
    let more = world.behaviour.shows(Fault::MemberWithMoreLinks)
        || is_spoiled(world, path, "/alertConfigs/", Fault::DocumentsWithMoreLinks);
    let listed = is_spoiled(world, path, "/hosts/", Fault::SelfOfMembersIsList);
    let dead = fields.get("port").is_some_and(|port| port == 27017) && world.behaviour.shows(Fault::DeadSelfOfMembers);
    let own = if dead {
        world.base.url(&format!("{path}0"))
    } else if listed {
        world.base.url(parent(path))
    } else {
        own_url(world, path)
    };
    let plain = is_spoiled(world, path, "/snapshots/", Fault::MembersByHttp);
    let own = if plain { own.replacen("https:", "http:", 1) } else { own };
    let more = more.then(|| related_member(world));
    with_links(fields, std::iter::once(link("self", &own)).chain(more).collect())
}

/// A link that no member of a list has.
pub(crate) fn related_member(world: &World) -> Value {
    link(&extension(world, "groups"), &world.base.url("/groups"))
}

fn own_url(world: &World, path: &str) -> String {
    if is_spoiled(world, path, "/snapshots/", Fault::SelfOfSnapshotIsGroup) {
        return world.base.url(parent(parent(path)));
    }
    if path.is_empty() && world.behaviour.shows(Fault::SelfOfRootIsGroups) {
        return world.base.url("/groups");
    }
    world.base.url(if world.behaviour.shows(Fault::SelfIsList) { parent(path) } else { path })
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(parent, _)| parent)
}

fn with_links(mut fields: Map<String, Value>, links: Vec<Value>) -> Value {
    fields.insert("links".to_owned(), Value::Array(links));
    Value::Object(fields)
}
