//! What a target file says, joined from all files and settings that say it.

use std::path::{Path, PathBuf};

use crate::yaml::{self, Node, Position, Problem};

/// A target file as it is joined from what it extends, overlays and settings.
#[derive(Clone, Debug)]
pub struct Document {
    tree: Node,
    parts: Vec<Part>,
}

/// A file, or a setting of the command line, that says a part of a target file.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its name in problems.
    pub name: String,
    /// The folder that paths in it are relative to.
    pub folder: PathBuf,
    /// Its text, to show lines of; `None` if it may hold a key.
    pub text: Option<String>,
}

impl Document {
    /// The document that this text alone is.
    pub(super) fn of_text(file: &str, text: &str) -> Result<Self, Problem> {
        let tree = yaml::parse(file, text)?;
        let folder = Path::new(file).parent().unwrap_or(Path::new("")).to_owned();
        Ok(Self::new(tree, vec![Part { name: file.to_owned(), folder, text: Some(text.to_owned()) }]))
    }

    /// A tree whose places name its parts by their numbers.
    pub(super) fn new(tree: Node, parts: Vec<Part>) -> Self {
        Self { tree, parts }
    }

    /// What it says.
    pub(super) fn tree(&self) -> &Node {
        &self.tree
    }

    /// What it is joined from: first the target file itself.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The name of the target, if there is one.
    pub fn name(&self) -> Option<&str> {
        self.tree.get("name")?.text()
    }

    /// The names of its parts.
    pub(super) fn names(&self) -> Vec<&str> {
        self.parts.iter().map(|part| part.name.as_str()).collect()
    }

    /// The folder that a path at this place is relative to.
    pub(super) fn folder(&self, at: Position) -> &Path {
        self.parts.get(at.text).map_or(Path::new(""), |part| &part.folder)
    }
}
