//! The fixtures of a case: documents that are created before its preamble and deleted after its postamble. They are steps as an
//! author would have written them.

use super::case::Part;
use super::reading::Reading;
use crate::suite::{Effects, Step};
use crate::yaml::{Content, Entry, Node, Position};

/// The value of a fixture that is a valid document with a name of its own.
const DOCUMENT: &str = "document";

impl Reading<'_> {
    /// The steps that create the fixtures, in their order.
    pub(super) fn created(&mut self, node: &Node, effects: Effects) -> Vec<Step> {
        let steps: Vec<Node> = fixtures(node).iter().map(creating).collect();
        steps.iter().filter_map(|step| self.step(step, Part::Preamble, effects)).collect()
    }

    /// The steps that delete them, the last one first.
    pub(super) fn deleted(&mut self, node: &Node, effects: Effects) -> Vec<Step> {
        let steps: Vec<Node> = fixtures(node).iter().rev().map(deleting).collect();
        steps.iter().filter_map(|step| self.step(step, Part::Postamble, effects)).collect()
    }
}

fn fixtures(node: &Node) -> &[Entry] {
    node.get("fixtures").map(Node::entries).unwrap_or_default()
}

/// `request: POST {document.list}` with the body of the fixture, which saves where it is.
fn creating(fixture: &Entry) -> Node {
    let at = fixture.at;
    let is_document = fixture.value.text() == Some(DOCUMENT);
    let body = if is_document { text(fixture.value.at, "{document.valid}") } else { fixture.value.clone() };
    let save = map(at, vec![(&fixture.key, text(at, "location"))]);
    let expect = map(at, vec![("status", text(at, "2xx"))]);
    map(at, vec![("request", text(at, "POST {document.list}")), ("body", body), ("save", save), ("expect", expect)])
}

/// `request: DELETE` of the fixture.
fn deleting(fixture: &Entry) -> Node {
    map(fixture.at, vec![("request", text(fixture.at, &format!("DELETE {{{}}}", fixture.key)))])
}

fn text(at: Position, text: &str) -> Node {
    Node { at, content: Content::Text(text.to_owned()) }
}

fn map(at: Position, entries: Vec<(&str, Node)>) -> Node {
    let entry = |(key, value): (&str, Node)| Entry { key: key.to_owned(), at, value };
    Node { at, content: Content::Map(entries.into_iter().map(entry).collect()) }
}
