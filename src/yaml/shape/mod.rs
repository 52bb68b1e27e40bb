//! What a file may hold, as data: from one table come the problems of a file, the JSON Schema for editors and the
//! words of both.

mod check;
mod find;
mod schema;
mod settle;
mod synonyms;

use std::sync::LazyLock;

use regex::Regex;

pub(crate) use check::{check, check_joined};
pub use find::KeyFound;
pub(crate) use find::{keys_named, names_of_keys};
pub(crate) use schema::{schema, schema_of_layers};

use super::Content;

/// What a value may be.
#[derive(Debug)]
pub(crate) enum Shape {
    /// Anything.
    Any,
    /// Anything but a map.
    Plain,
    /// Nothing.
    Null,
    /// `true` or `false`.
    Truth,
    /// `true` alone.
    True,
    /// A number.
    Number,
    /// A whole number between two.
    Whole(u64, u64),
    /// A text.
    Text,
    /// A text so written.
    Format(&'static Format),
    /// One of these words.
    Words(&'static [&'static str]),
    /// A list.
    List(&'static Shape),
    /// A list of one element or more.
    Filled(&'static Shape),
    /// A map whose keys are the author's own.
    Named(&'static Shape),
    /// A map with keys of the format.
    Object(&'static Object),
    /// Such a value, which may be a secret: what is there instead is never repeated.
    Hidden(&'static Shape),
    /// One of these, told apart by what kind of value is there, and objects by their required keys.
    OneOf(&'static [Shape]),
}

/// How a text is written.
#[derive(Debug)]
pub(crate) struct Format {
    /// What it is, as `expected …` goes on.
    pub(crate) what: &'static str,
    /// Its pattern, in what regular expressions of all dialects share.
    pub(crate) pattern: &'static str,
    /// The same pattern, compiled.
    pub(crate) regex: LazyLock<Regex>,
}

/// A [`Format`] of what it is and its pattern.
macro_rules! format_of {
    ($what:literal, $pattern:literal) => {
        $crate::yaml::Format {
            what: $what,
            pattern: $pattern,
            regex: std::sync::LazyLock::new(|| {
                regex::Regex::new($pattern).expect("a pattern of the grammar compiles: the schema test visits all")
            }),
        }
    };
}
pub(crate) use format_of;

/// A map with keys of the format.
#[derive(Debug)]
pub(crate) struct Object {
    /// Its name in the schema.
    pub(crate) name: &'static str,
    /// The same with its article, for messages: `a step`.
    pub(crate) title: &'static str,
    /// What it is, in a line.
    pub(crate) doc: &'static str,
    /// Its keys.
    pub(crate) keys: &'static [Key],
    /// Which of them go together.
    pub(crate) choice: Choice,
    /// Keys beside those.
    pub(crate) rest: Rest,
}

/// Which keys of a map go together.
#[derive(Debug)]
pub(crate) enum Choice {
    /// Any.
    Free,
    /// One at least.
    Some,
    /// One at least of these.
    AnyOf(&'static [&'static str]),
    /// Exactly one of these; other keys may depend on which.
    One(&'static [&'static str]),
}

/// Whether a map may have keys that the format does not know.
#[derive(Debug)]
pub(crate) enum Rest {
    /// It may not.
    Refused,
    /// It may, with such values; and what to do with other values.
    Own(&'static Shape, &'static str),
}

/// A key of the format.
#[derive(Debug)]
pub(crate) struct Key {
    /// The key.
    pub(crate) name: &'static str,
    /// What it is for, in a line.
    pub(crate) doc: &'static str,
    /// What its value may be.
    pub(crate) shape: Shape,
    /// Whether it must be there.
    pub(crate) presence: Presence,
    /// The keys of [`Choice::One`] that it goes with; empty for all.
    pub(crate) with: &'static [&'static str],
}

/// Whether a key must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// It must.
    Required,
    /// It may be left out.
    Optional,
    /// It may be left out, and then something else stands for it.
    Default,
}

impl Key {
    /// A key that may be left out.
    pub(crate) const fn new(name: &'static str, shape: Shape, doc: &'static str) -> Self {
        Self { name, doc, shape, presence: Presence::Optional, with: &[] }
    }

    /// The same key, and it must be there.
    pub(crate) const fn required(mut self) -> Self {
        self.presence = Presence::Required;
        self
    }

    /// The same key, and something stands for it where it is left out.
    pub(crate) const fn has_default(mut self) -> Self {
        self.presence = Presence::Default;
        self
    }

    /// The same key, only beside these.
    pub(crate) const fn with(mut self, actions: &'static [&'static str]) -> Self {
        self.with = actions;
        self
    }
}

impl Object {
    /// A key by its name.
    pub(crate) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// The names of all its keys.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.keys.iter().map(|key| key.name)
    }
}

impl Shape {
    /// Whether a value is of the right kind, whatever is inside.
    fn takes(&self, content: &Content) -> bool {
        match self {
            Self::Any => true,
            Self::Plain => !matches!(content, Content::Map(_)),
            Self::Null => matches!(content, Content::Null),
            Self::Truth | Self::True => matches!(content, Content::Bool(_)),
            Self::Number | Self::Whole(..) => matches!(content, Content::Number(_)),
            Self::Text | Self::Format(_) | Self::Words(_) => matches!(content, Content::Text(_)),
            Self::List(_) | Self::Filled(_) => matches!(content, Content::List(_)),
            Self::Named(_) | Self::Object(_) => matches!(content, Content::Map(_)),
            Self::Hidden(inner) => inner.takes(content),
            Self::OneOf(shapes) => shapes.iter().any(|shape| shape.takes(content)),
        }
    }

    /// What is wanted, as `expected …` goes on.
    fn wanted(&self) -> String {
        match self {
            Self::Any | Self::Plain => "a value".into(),
            Self::Null => "`null`".into(),
            Self::Truth => "`true` or `false`".into(),
            Self::True => "`true`".into(),
            Self::Number => "a number".into(),
            Self::Whole(0, u64::MAX) => "a whole number".into(),
            Self::Whole(least, u64::MAX) => format!("a whole number of at least {least}"),
            Self::Whole(least, most) if least == most => format!("`{least}`"),
            Self::Whole(least, most) => format!("a whole number from {least} to {most}"),
            Self::Text => "a text".into(),
            Self::Format(format) => format.what.into(),
            Self::Words(words) => either(words.iter().map(|word| format!("`{word}`")).collect()),
            Self::List(_) => "a list".into(),
            Self::Filled(_) => "a list that is not empty".into(),
            Self::Named(_) => "a map of names and values".into(),
            Self::Object(object) => object.title.into(),
            Self::Hidden(inner) => inner.wanted(),
            Self::OneOf(shapes) => either(shapes.iter().map(Self::wanted).collect()),
        }
    }

    /// All words that the value may be.
    fn words(&self) -> Vec<&'static str> {
        match self {
            Self::Words(words) => words.to_vec(),
            Self::OneOf(shapes) => shapes.iter().flat_map(Self::words).collect(),
            _ => Vec::new(),
        }
    }
}

/// `a`, `a or b`, `a, b or c`.
fn either(mut words: Vec<String>) -> String {
    match words.pop() {
        None => String::new(),
        Some(last) if words.is_empty() => last,
        Some(last) => format!("{} or {last}", words.join(", ")),
    }
}
