//! Writes a joined target file as one file.

use std::path::Path;

use serde_json::json;

use super::document::Document;
use crate::yaml::{Content, Node, Position};

impl Document {
    /// The document as one target file for the folder of its first part. Paths that are relative to other folders are
    /// rewritten; `here` is what relative folders start from. The file holds no keys, only their places.
    pub fn resolved(&self, here: &Path) -> String {
        let mut text = String::new();
        let home = self.folder(Position::START);
        Writing { document: self, home, here }.members(self.tree(), Around::default(), 0, &mut text);
        text
    }
}

/// What a value stands in.
#[derive(Clone, Copy, Default)]
struct Around<'d> {
    /// The key of the first level that it is below.
    top: &'d str,
    /// Whether it is a path, or PEM text.
    is_path: bool,
}

impl<'d> Around<'d> {
    /// The same for a member, `depth` levels below the file's own keys.
    fn of_member(self, key: &'d str, depth: usize) -> Self {
        let top = if depth == 0 { key } else { self.top };
        let is_path = match key {
            "ca" | "client-certificate" => top == "tls" && depth == 1,
            "file" => ["users", "headers", "tls"].contains(&top) && depth >= 2,
            _ => false,
        };
        Self { top, is_path }
    }
}

struct Writing<'d> {
    document: &'d Document,
    home: &'d Path,
    here: &'d Path,
}

impl Writing<'_> {
    fn members(&self, node: &Node, around: Around<'_>, depth: usize, text: &mut String) {
        for entry in node.entries() {
            let around = around.of_member(&entry.key, depth);
            text.push_str(&"  ".repeat(depth));
            text.push_str(&key(&entry.key));
            text.push(':');
            // The upper levels get a line for each member, the others stand in one.
            if depth < 2 && !entry.value.entries().is_empty() {
                text.push('\n');
                self.members(&entry.value, around, depth + 1, text);
            } else {
                text.push(' ');
                self.flow(&entry.value, around, depth + 1, text);
                text.push('\n');
            }
        }
    }

    fn flow(&self, node: &Node, around: Around<'_>, depth: usize, text: &mut String) {
        match &node.content {
            Content::Null => text.push_str("null"),
            Content::Bool(truth) => text.push_str(&truth.to_string()),
            Content::Number(number) => text.push_str(&number.to_string()),
            Content::OddNumber(written) => text.push_str(written),
            Content::Text(value) if around.is_path => text.push_str(&json!(self.path(value, node.at)).to_string()),
            Content::Text(value) => text.push_str(&json!(value).to_string()),
            Content::List(items) => {
                between(('[', ']'), items, text, |item, text| self.flow(item, around, depth + 1, text));
            }
            Content::Map(entries) => between(('{', '}'), entries, text, |entry, text| {
                text.push_str(&key(&entry.key));
                text.push_str(": ");
                self.flow(&entry.value, around.of_member(&entry.key, depth), depth + 1, text);
            }),
        }
    }

    /// A path, as it is written beside the first part.
    fn path(&self, value: &str, at: Position) -> String {
        let folder = self.document.folder(at);
        if folder == self.home || value.contains("-----BEGIN") || Path::new(value).is_absolute() {
            return value.to_owned();
        }
        let there = folder.join(value);
        let path = match there.strip_prefix(self.home) {
            Ok(below) => below.to_owned(),
            Err(_) => self.here.join(there),
        };
        path.to_string_lossy().replace('\\', "/")
    }
}

/// Writes a list or an object in one line.
fn between<T>((open, close): (char, char), items: &[T], text: &mut String, mut write: impl FnMut(&T, &mut String)) {
    let blank = if open == '{' && !items.is_empty() { " " } else { "" };
    text.push(open);
    text.push_str(blank);
    for (at, item) in items.iter().enumerate() {
        text.push_str(if at == 0 { "" } else { ", " });
        write(item, text);
    }
    text.push_str(blank);
    text.push(close);
}

/// A key, in quotes unless it is a plain word.
fn key(key: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    let is_word = key.starts_with(|letter: char| letter.is_ascii_alphabetic()) && key.chars().all(plain);
    let is_value = matches!(
        key.to_ascii_lowercase().as_str(),
        "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n"
    );
    if is_word && !is_value { key.to_owned() } else { json!(key).to_string() }
}
