//! Reads `requirements.yaml`.

use crate::suite::Requirement;
use crate::verdict::Level;
use crate::yaml::{Node, Problem};

/// Adds the requirements of a file, and a problem for each id that is there already.
pub(super) fn read(tree: &Node, file: &str, into: &mut Vec<Requirement>, problems: &mut Vec<Problem>) {
    for node in tree.get("requirements").map(Node::items).unwrap_or_default() {
        let text = |key| node.get(key).and_then(Node::text).unwrap_or_default().to_owned();
        let Some(id) = node.get("id") else { continue };
        let requirement = Requirement {
            id: text("id"),
            level: level(&text("level")),
            statement: text("statement"),
            section: text("section"),
            source: id.at.of(file),
        };
        match into.iter().find(|other| other.id == requirement.id) {
            Some(other) => {
                let message =
                    format!("`{}` is a requirement already, at {}:{}", other.id, other.source.file, other.source.line);
                problems.push(id.at.problem(file, message));
            }
            None => into.push(requirement),
        }
    }
}

/// The level of a word; the grammar has seen to it that it is one.
fn level(word: &str) -> Level {
    match word {
        "should" => Level::Should,
        "may" => Level::May,
        _ => Level::Must,
    }
}
