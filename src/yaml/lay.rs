//! Lays one tree over another, as overlays of configuration do.

use std::collections::HashMap;

use super::node::{Content, Entry, Node};

/// How one tree is laid over another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Laying {
    /// Which place an object has that was joined from two.
    pub(crate) places: Places,
    /// Whether the object at this path is replaced whole, because its members exclude each other.
    pub(crate) is_whole: fn(&[&str]) -> bool,
}

/// Which place an object has that was joined from two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Places {
    /// That of the one above.
    Above,
    /// That of the one below.
    Below,
}

impl Laying {
    /// One value laid over another: objects are joined member by member, everything else is replaced. `null` removes
    /// the member that it is laid over; where there is none, it stays.
    pub(crate) fn lay_over(self, below: Node, above: Node) -> Node {
        self.node(below, above, &[])
    }

    fn node(self, below: Node, above: Node, path: &[&str]) -> Node {
        match (below.content, above.content) {
            (Content::Map(lower), Content::Map(upper)) if !(self.is_whole)(path) => {
                let at = if self.places == Places::Above { above.at } else { below.at };
                Node { at, content: Content::Map(self.joined(lower, upper, path)) }
            }
            (_, content) => Node { at: above.at, content },
        }
    }

    fn joined(self, lower: Vec<Entry>, upper: Vec<Entry>, path: &[&str]) -> Vec<Entry> {
        let known: HashMap<String, usize> =
            lower.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect();
        let mut entries: Vec<Option<Entry>> = lower.into_iter().map(Some).collect();
        for above in upper {
            match known.get(&above.key).and_then(|at| entries.get_mut(*at)) {
                Some(place) => *place = place.take().and_then(|below| self.entry(below, above, path)),
                None => entries.push(Some(above)),
            }
        }
        entries.into_iter().flatten().collect()
    }

    /// A member laid over the one of its name; `None` if it removes it.
    fn entry(self, below: Entry, above: Entry, path: &[&str]) -> Option<Entry> {
        if matches!(above.value.content, Content::Null) {
            return None;
        }
        let both = matches!((&below.value.content, &above.value.content), (Content::Map(_), Content::Map(_)));
        let at = if both && self.places == Places::Below { below.at } else { above.at };
        let path: Vec<&str> = path.iter().copied().chain([above.key.as_str()]).collect();
        let value = self.node(below.value, above.value, &path);
        Some(Entry { key: above.key, at, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::parse;

    fn laying(places: Places) -> Laying {
        Laying { places, is_whole: |path| path == ["w", "x"] }
    }

    fn laid(below: &str, above: &str) -> String {
        let (below, above) = (parse("b", below).unwrap(), parse("a", above).unwrap());
        laying(Places::Above).lay_over(below, above).json().to_string()
    }

    #[test]
    fn objects_are_joined_and_everything_else_is_replaced() {
        assert_eq!(laid("{ a: { b: 1, c: 2 }, d: 3 }", "{ a: { c: 4, e: 5 } }"), r#"{"a":{"b":1,"c":4,"e":5},"d":3}"#);
        assert_eq!(laid("{ a: [1, 2], b: { c: 1 } }", "{ a: [3], b: 7 }"), r#"{"a":[3],"b":7}"#);
        assert_eq!(laid("{ a: 1 }", "{ a: { b: 2 } }"), r#"{"a":{"b":2}}"#);
    }

    #[test]
    fn an_object_whose_members_exclude_each_other_is_replaced() {
        assert_eq!(laid("{ w: { x: { a: 1 }, y: 1 } }", "{ w: { x: { b: 2 } } }"), r#"{"w":{"x":{"b":2},"y":1}}"#);
        assert_eq!(laid("{ w: { x: { a: 1 }, y: 1 } }", "{ w: { x: null } }"), r#"{"w":{"y":1}}"#);
    }

    #[test]
    fn null_removes_what_is_there_and_is_a_value_where_nothing_is() {
        assert_eq!(laid("{ a: 1, b: { c: 1, d: 2 } }", "{ a: null, b: { c: ~ } }"), r#"{"b":{"d":2}}"#);
        assert_eq!(
            laid("{ a: 1 }", "{ b: null, c: { d: null }, e: [null] }"),
            r#"{"a":1,"b":null,"c":{"d":null},"e":[null]}"#
        );
    }

    #[test]
    fn each_value_keeps_the_place_where_it_was_written() {
        let below = parse("b", "a: 1\nb:\n  c: 2\n").unwrap();
        let mut above = parse("a", "\n\n\n\n\nb: { d: 3 }\n").unwrap();
        above.set_text(1);
        for (places, text, line) in [(Places::Above, 1, 6), (Places::Below, 0, 3)] {
            let tree = laying(places).lay_over(below.clone(), above.clone());
            let b = tree.get("b").unwrap();
            assert_eq!((b.at.text, b.at.line), (text, line));
            let place = |key| b.get(key).map(|node| (node.at.text, node.at.line));
            assert_eq!((place("c"), place("d")), (Some((0, 3)), Some((1, 6))));
        }
    }
}
