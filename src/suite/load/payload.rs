//! Reads payload schemas: JSON, and no reference that leaves their folder.

use serde_json::Value;

use super::Loader;
use crate::yaml::{Position, SIZE_LIMIT};

/// A payload schema and the text it was read from.
pub(super) struct Payload {
    /// Its name: `list` of `list.schema.json`.
    pub(super) name: String,
    /// The schema.
    pub(super) value: Value,
    path: String,
    text: String,
}

impl Loader {
    /// Adds the schema of a file.
    pub(super) fn payload(&mut self, path: &str, text: &str) {
        let file_name = path.rsplit('/').next().unwrap_or(path);
        let name = file_name.trim_end_matches(".schema.json").to_owned();
        if text.len() > SIZE_LIMIT {
            let message = format!("the file has {} bytes, more than the {SIZE_LIMIT} that are read", text.len());
            self.problems.push(Position::START.problem(path, message));
            return;
        }
        match serde_json::from_str(text) {
            Ok(value) => self.schemas.push(Payload { name, value, path: path.to_owned(), text: text.to_owned() }),
            Err(error) => {
                let words = error.to_string();
                let message = words.split(" at line ").next().unwrap_or_default();
                let at = Position::new(error.line().max(1), error.column().max(1));
                self.problems.push(at.problem(path, message));
            }
        }
    }

    /// Refuses references that lead out of the folder, or to nothing in it.
    pub(super) fn check_references(&mut self) {
        let mut problems = Vec::new();
        for schema in &self.schemas {
            each_reference(&schema.value, &mut |reference| {
                let file = reference.split('#').next().unwrap_or_default();
                let known = |other: &Payload| other.path.rsplit('/').next() == Some(file);
                if !file.is_empty() && !self.schemas.iter().any(known) {
                    let message = format!("`$ref` to `{reference}`, which is no payload schema of this folder");
                    problems.push(schema.place_of(reference).problem(&schema.path, message));
                }
            });
        }
        self.problems.extend(problems);
    }
}

impl Payload {
    /// Where a text stands in the file, or its start where it is written with escapes.
    fn place_of(&self, text: &str) -> Position {
        let Some(at) = self.text.find(&format!("\"{text}\"")) else { return Position::START };
        let before = &self.text[..at];
        let line = before.rsplit('\n').next().unwrap_or_default();
        Position::new(before.matches('\n').count() + 1, line.chars().count() + 1)
    }
}

fn each_reference<'a>(value: &'a Value, see: &mut dyn FnMut(&'a str)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| each_reference(item, see)),
        Value::Object(members) => {
            for (name, value) in members {
                if let ("$ref" | "$dynamicRef", Value::String(reference)) = (name.as_str(), value) {
                    see(reference);
                }
                each_reference(value, see);
            }
        }
        _ => {}
    }
}
