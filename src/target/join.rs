//! Joins a target file from the files that it extends, overlays, and settings of the command line.

use std::path::{Path, PathBuf};

use super::document::{Document, Part};
use super::grammar::EXTENDS;
use super::setting;
use crate::yaml::{self, Content, Laying, Node, Places, Position, Problem};

/// The most files that may extend each other in a row.
const DEEPEST: usize = 8;
/// The most files of one target.
const MOST_FILES: usize = 32;
/// The most bytes of all of them.
const LARGEST: usize = 4 * yaml::SIZE_LIMIT;

/// A file over what it extends: what an object lacks is lacking in the file on top.
const EXTENDING: Laying = Laying { places: Places::Above, is_whole: is_place_of_key };
/// An overlay or a setting over a file: what an object lacks is lacking in the file.
const SIDE_BY_SIDE: Laying = Laying { places: Places::Below, is_whole: is_place_of_key };

/// A key is in one place: `{ env: NAME }` over `{ file: PATH }` replaces it.
fn is_place_of_key(path: &[&str]) -> bool {
    matches!(path, ["users", _, "api-key"] | ["tls", "client-key"] | ["headers", _])
}

/// A file as it was read.
#[derive(Clone, Debug)]
pub struct Written {
    /// Where it is: the same for every way to write its path.
    pub place: PathBuf,
    /// Its text.
    pub text: String,
}

/// Why a file cannot be read.
#[derive(Clone, Debug)]
pub enum Unreadable {
    /// What is in it is wrong.
    Text(Problem),
    /// There is no such file, or it may not be read.
    File(String),
}

/// Why a target file cannot be joined.
#[derive(Clone, Debug)]
pub struct Broken {
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What was read, to show lines of.
    pub parts: Vec<Part>,
    /// The paths of files that could not be read.
    pub unread: Vec<PathBuf>,
}

/// Reads the file at a path.
pub(super) type Read<'r> = &'r mut dyn FnMut(&Path) -> Result<Written, Unreadable>;

/// The document of a target file, and then of overlays, each with what it extends, and of settings. Whatever comes later
/// is laid over what comes before it.
pub fn join(files: Vec<(PathBuf, Written)>, settings: &[String], read: Read<'_>) -> Result<Document, Broken> {
    let mut joining =
        Joining { parts: Vec::new(), size: 0, extended: 0, unread: Vec::new(), problems: Vec::new(), read };
    let mut tree: Option<Node> = None;
    for (path, written) in files {
        let above = joining.file(&path, written, &mut Vec::new());
        tree = match (tree, above) {
            (Some(below), Some(above)) => Some(SIDE_BY_SIDE.lay_over(below, above)),
            (tree, above) => tree.or(above),
        };
    }
    for text in settings {
        let above = joining.setting(text);
        tree = tree.map(|below| above.into_iter().fold(below, |below, above| SIDE_BY_SIDE.lay_over(below, above)));
    }
    let Joining { parts, mut problems, unread, .. } = joining;
    problems.sort();
    match tree {
        Some(tree) if problems.is_empty() => Ok(Document::new(tree, parts)),
        _ => Err(Broken { problems, parts, unread }),
    }
}

struct Joining<'r> {
    parts: Vec<Part>,
    size: usize,
    /// How many files were asked for that others extend.
    extended: usize,
    unread: Vec<PathBuf>,
    problems: Vec<Problem>,
    read: Read<'r>,
}

impl Joining<'_> {
    /// The tree of a file, laid over all that it extends. `above` are the places of the files that extend it.
    fn file(&mut self, path: &Path, written: Written, above: &mut Vec<PathBuf>) -> Option<Node> {
        let name = path.to_string_lossy().replace('\\', "/");
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let tree = yaml::parse(&name, &written.text);
        self.size += written.text.len();
        let number = self.part(name, folder.clone(), Some(written.text));
        let mut tree = tree.map_err(|problem| self.problems.push(problem)).ok()?;
        tree.set_text(number);
        let Some(extends) = take(&mut tree, EXTENDS) else { return Some(tree) };
        above.push(written.place);
        let mut below: Option<Node> = None;
        for node in extends.one_or_many() {
            // What is no text is told by the grammar, which sees the key as it was written.
            let Some(base) = node.text().filter(|text| !text.trim().is_empty()) else {
                self.problem(node.at, "expected the path of a target file", None);
                continue;
            };
            let base = self.base(&folder.join(base), base, node.at, above);
            below = match (below, base) {
                (Some(below), Some(base)) => Some(EXTENDING.lay_over(below, base)),
                (below, base) => below.or(base),
            };
        }
        above.pop();
        Some(match below {
            Some(below) => EXTENDING.lay_over(below, tree),
            None => tree,
        })
    }

    /// The tree of a file that another one extends.
    fn base(&mut self, path: &Path, text: &str, at: Position, above: &mut Vec<PathBuf>) -> Option<Node> {
        self.extended += 1;
        if self.extended >= MOST_FILES {
            // Told once, however many more are named.
            if self.extended == MOST_FILES {
                self.problem(at, format!("a target file of more than {MOST_FILES} files"), None);
            }
            return None;
        }
        let written = match (self.read)(path) {
            Ok(written) => written,
            Err(Unreadable::Text(problem)) => {
                self.unread.push(path.to_owned());
                self.problems.push(problem);
                return None;
            }
            Err(Unreadable::File(reason)) => {
                self.unread.push(path.to_owned());
                let help = "a path is relative to the folder of the file that names it".to_owned();
                self.problem(at, format!("`{text}` cannot be read: {reason}"), Some(help));
                return None;
            }
        };
        if above.contains(&written.place) {
            let message = if above.last() == Some(&written.place) {
                format!("`{text}` is this file: it cannot extend itself")
            } else {
                format!("`{text}` extends this file: they go in a circle")
            };
            self.problem(at, message, None);
            return None;
        }
        if above.len() >= DEEPEST {
            self.problem(at, format!("more than {DEEPEST} files extend each other in a row"), None);
            return None;
        }
        if self.size + written.text.len() > LARGEST {
            self.problem(at, format!("with this file the target file has more than {LARGEST} bytes"), None);
            return None;
        }
        self.file(path, written, above)
    }

    fn setting(&mut self, text: &str) -> Option<Node> {
        match setting::read(text) {
            Ok(setting) => {
                let shown = (!text.contains("-key")).then(|| text.to_owned());
                let number = self.part(self.unused(setting.name), PathBuf::new(), shown);
                let mut tree = setting.tree;
                tree.set_text(number);
                Some(tree)
            }
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }

    fn part(&mut self, name: String, folder: PathBuf, text: Option<String>) -> usize {
        self.parts.push(Part { name, folder, text });
        self.parts.len() - 1
    }

    /// A name that no part has: a key may be set twice.
    fn unused(&self, name: String) -> String {
        let count =
            self.parts.iter().filter(|part| part.name == name || part.name.starts_with(&format!("{name} ("))).count();
        if count == 0 { name } else { format!("{name} ({})", count + 1) }
    }

    fn problem(&mut self, at: Position, message: impl Into<String>, help: Option<String>) {
        let names: Vec<&str> = self.parts.iter().map(|part| part.name.as_str()).collect();
        let problem = at.within(&names, message);
        self.problems.push(Problem { help, ..problem });
    }
}

/// Takes a key out of an object.
fn take(tree: &mut Node, key: &str) -> Option<Node> {
    let Content::Map(entries) = &mut tree.content else { return None };
    let at = entries.iter().position(|entry| entry.key == key)?;
    Some(entries.remove(at).value)
}

#[cfg(test)]
mod tests;
