//! Finds a key of the formats by its name.

use super::{Key, Object, Presence, Rest, Shape};

/// A key of a format, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFound {
    /// The keys that lead to it, with its own at the end.
    pub path: String,
    /// What it is a key of: `a matcher`.
    pub of: &'static str,
    /// What it is for.
    pub doc: &'static str,
    /// What its value may be.
    pub value: String,
    /// Whether it must be there.
    pub is_required: bool,
}

/// The keys whose path ends in this one (`length`, `list.long`), each once for each kind of object.
pub(crate) fn keys_named(roots: &[&'static Object], path: &str) -> Vec<KeyFound> {
    let wanted: Vec<&str> = path.split('.').collect();
    let mut search = Search { wanted, visited: Vec::new(), found: Vec::new() };
    for root in roots {
        search.object(root, &mut Vec::new());
    }
    search.found
}

/// The names of all keys.
pub(crate) fn names_of_keys(roots: &[&'static Object]) -> Vec<&'static str> {
    let mut search = Search { wanted: Vec::new(), visited: Vec::new(), found: Vec::new() };
    for root in roots {
        search.object(root, &mut Vec::new());
    }
    let mut names: Vec<&str> = search.visited.iter().flat_map(|object| object.names()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

struct Search<'w> {
    wanted: Vec<&'w str>,
    visited: Vec<&'static Object>,
    found: Vec<KeyFound>,
}

impl Search<'_> {
    fn object(&mut self, object: &'static Object, path: &mut Vec<&'static str>) {
        if self.visited.iter().any(|visited| std::ptr::eq(*visited, object)) {
            return;
        }
        self.visited.push(object);
        for key in object.keys {
            path.push(key.name);
            if !self.wanted.is_empty() && path.ends_with(&self.wanted) {
                self.take(object, key, path);
            }
            self.shape(&key.shape, path);
            path.pop();
        }
        if let Rest::Own(shape, _) = object.rest {
            self.shape(shape, path);
        }
    }

    fn shape(&mut self, shape: &'static Shape, path: &mut Vec<&'static str>) {
        match shape {
            Shape::Object(object) => self.object(object, path),
            Shape::List(inner) | Shape::Filled(inner) | Shape::Named(inner) | Shape::Hidden(inner) => {
                self.shape(inner, path);
            }
            Shape::OneOf(shapes) => shapes.iter().for_each(|shape| self.shape(shape, path)),
            _ => {}
        }
    }

    fn take(&mut self, object: &'static Object, key: &'static Key, path: &[&'static str]) {
        let found = KeyFound {
            path: path.join("."),
            of: object.title,
            doc: key.doc,
            value: key.shape.wanted(),
            is_required: key.presence == Presence::Required,
        };
        // The same key may be a part of several objects: expectations of a step and of a page.
        if !self.found.iter().any(|other| (other.doc, &other.value) == (found.doc, &found.value)) {
            self.found.push(found);
        }
    }
}
