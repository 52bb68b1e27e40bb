//! What a YAML file holds, with the place of every value and of every key.

use serde_json::{Map, Number, Value};

use super::Problem;
use crate::verdict::Source;

/// A place in a text: line and column in characters, counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    /// Which of the texts that a tree was joined from; 0 in a tree of one text.
    pub(crate) text: usize,
    /// The line.
    pub(crate) line: usize,
    /// The column.
    pub(crate) column: usize,
}

impl Position {
    /// The start of a text.
    pub(crate) const START: Self = Self::new(1, 1);

    /// A place in the only text of a tree.
    pub(crate) const fn new(line: usize, column: usize) -> Self {
        Self { text: 0, line, column }
    }

    /// The place in this file.
    pub(crate) fn of(self, file: &str) -> Source {
        Source { file: file.to_owned(), line: self.line, column: self.column }
    }

    /// A problem at this place.
    pub(crate) fn problem(self, file: &str, message: impl Into<String>) -> Problem {
        Problem { source: self.of(file), message: message.into(), help: None }
    }

    /// A problem at this place of a tree that was joined from these files.
    pub(crate) fn within(self, files: &[&str], message: impl Into<String>) -> Problem {
        self.problem(files.get(self.text).copied().unwrap_or_default(), message)
    }
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    /// Where it starts.
    pub(crate) at: Position,
    /// What it is.
    pub(crate) content: Content,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, with the digits that were written.
    Number(Number),
    /// A number of YAML that JSON writes otherwise, as it was written: `0x1F`, `+5`.
    OddNumber(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Keys and values, in the order of the file.
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// The key.
    pub(crate) key: String,
    /// Where the key starts.
    pub(crate) at: Position,
    /// Its value.
    pub(crate) value: Node,
}

impl Node {
    /// Says of which text the value is, among those that a tree is joined from.
    pub(crate) fn set_text(&mut self, text: usize) {
        self.at.text = text;
        match &mut self.content {
            Content::List(items) => items.iter_mut().for_each(|item| item.set_text(text)),
            Content::Map(entries) => {
                for entry in entries {
                    entry.at.text = text;
                    entry.value.set_text(text);
                }
            }
            _ => {}
        }
    }

    /// The value of a key, if this is a map that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// A key and its value, if this is a map that has it.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// Keys and values; none if this is no map.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.content {
            Content::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The elements; none if this is no list.
    pub(crate) fn items(&self) -> &[Node] {
        match &self.content {
            Content::List(items) => items,
            _ => &[],
        }
    }

    /// The elements of a list, or the value itself where one stands for a list of one.
    pub(crate) fn one_or_many(&self) -> &[Node] {
        match &self.content {
            Content::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    /// The text, if this is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if this is a whole one that is not negative.
    pub(crate) fn whole(&self) -> Option<u64> {
        match &self.content {
            Content::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    /// The truth value, if this is one.
    pub(crate) fn truth(&self) -> Option<bool> {
        match self.content {
            Content::Bool(truth) => Some(truth),
            _ => None,
        }
    }

    /// The same value as JSON.
    pub(crate) fn json(&self) -> Value {
        match &self.content {
            Content::Null => Value::Null,
            Content::Bool(truth) => Value::Bool(*truth),
            Content::Number(number) => Value::Number(number.clone()),
            Content::Text(text) | Content::OddNumber(text) => Value::String(text.clone()),
            Content::List(items) => Value::Array(items.iter().map(Node::json).collect()),
            Content::Map(entries) => Value::Object(
                entries.iter().map(|entry| (entry.key.clone(), entry.value.json())).collect::<Map<_, _>>(),
            ),
        }
    }

    /// The numbers in the value that JSON writes otherwise: where, and as they were written.
    pub(crate) fn odd_numbers(&self) -> Vec<(Position, &str)> {
        match &self.content {
            Content::OddNumber(written) => vec![(self.at, written)],
            Content::List(items) => items.iter().flat_map(Node::odd_numbers).collect(),
            Content::Map(entries) => entries.iter().flat_map(|entry| entry.value.odd_numbers()).collect(),
            _ => Vec::new(),
        }
    }

    /// Calls `see` with every text in the value, names of members included, in the order of the file.
    pub(crate) fn each_text<'a>(&'a self, see: &mut dyn FnMut(Position, &'a str)) {
        match &self.content {
            Content::Text(text) => see(self.at, text),
            Content::List(items) => items.iter().for_each(|item| item.each_text(see)),
            Content::Map(entries) => {
                for entry in entries {
                    see(entry.at, &entry.key);
                    entry.value.each_text(see);
                }
            }
            Content::Null | Content::Bool(_) | Content::Number(_) | Content::OddNumber(_) => {}
        }
    }
}
