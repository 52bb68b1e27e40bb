//! From the texts of a suite's files to a [`Suite`]: every problem of every file at once.

mod case;
mod cross;
mod expectation;
mod fixtures;
mod matcher;
mod names;
mod payload;
mod reading;
mod request;
mod requirement;
mod text;

pub(crate) use text::too_costly;

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::grammar::{CASES, REQUIREMENTS};
use super::{Case, Invariant, Requirement, Suite};
use crate::yaml::{self, Node, Object, Position, Problem, Shape};

/// The suite that is written in these files (path and text): `requirements.yaml`, files of cases, and payload schemas
/// (`NAME.schema.json`). Each file of cases lies in the folder of its chapter.
pub fn load(files: &[(String, String)]) -> Result<Suite, Vec<Problem>> {
    load_as(Extent::Whole, files)
}

/// The same for a suite of somebody's own, whose folders may have any name.
pub fn load_own(files: &[(String, String)]) -> Result<Suite, Vec<Problem>> {
    load_as(Extent::Own, files)
}

/// The same for somebody's own cases: they need not judge every requirement, either.
pub fn load_part(files: &[(String, String)]) -> Result<Suite, Vec<Problem>> {
    load_as(Extent::Part, files)
}

/// Whether files are to judge every requirement, and to lie in a folder a chapter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Extent {
    #[default]
    Whole,
    Own,
    Part,
}

fn load_as(extent: Extent, files: &[(String, String)]) -> Result<Suite, Vec<Problem>> {
    let mut files = files.to_vec();
    files.sort();
    let mut loader = Loader { extent, ..Loader::default() };
    let (payloads, texts): (Vec<_>, Vec<_>) = files.iter().partition(|(path, _)| path.ends_with(".schema.json"));
    let (requirements, cases): (Vec<_>, Vec<_>) =
        texts.into_iter().partition(|(path, _)| path.rsplit('/').next() == Some("requirements.yaml"));
    for (path, text) in payloads {
        loader.payload(path, text);
    }
    loader.check_references();
    if requirements.is_empty() {
        loader.problems.push(Position::START.problem("requirements.yaml", "there is no such file in the suite"));
    }
    for ((path, _), parsed) in requirements.iter().zip(parse_all(&requirements, &REQUIREMENTS)) {
        loader.requirements(path, parsed);
    }
    for ((path, _), parsed) in cases.iter().zip(parse_all(&cases, &CASES)) {
        loader.cases(path, parsed);
    }
    loader.check_across_files();
    loader.finish(files)
}

#[derive(Default)]
struct Loader {
    extent: Extent,
    requirements: Vec<Requirement>,
    cases: Vec<Case>,
    invariants: Vec<Invariant>,
    schemas: Vec<payload::Payload>,
    problems: Vec<Problem>,
    unread: Unread,
}

/// Whether all that is written could be read; where not, nothing is said about what seems to be missing.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Unread {
    #[default]
    Nothing,
    Something,
}

/// The tree of a file, if it is YAML, and what is wrong with it by the grammar.
struct Parsed {
    tree: Option<Node>,
    problems: Vec<Problem>,
}

impl Parsed {
    fn of(path: &str, text: &str, shape: &Shape) -> Self {
        match yaml::parse(path, text) {
            Ok(mut tree) => {
                let mut problems = Vec::new();
                yaml::check(shape, &mut tree, path, &mut problems);
                Self { tree: Some(tree), problems }
            }
            Err(problem) => Self { tree: None, problems: vec![problem] },
        }
    }
}

/// All files of one kind, in their order. Most of the time of loading goes here, so that every processor takes a part.
fn parse_all(files: &[&(String, String)], grammar: &'static Object) -> Vec<Parsed> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let share = files.len().div_ceil(processors).max(1);
    thread::scope(|scope| {
        let parse = |part: &[&(String, String)]| -> Vec<Parsed> {
            part.iter().map(|(path, text)| Parsed::of(path, text, &Shape::Object(grammar))).collect()
        };
        let parts: Vec<_> = files.chunks(share).map(|part| scope.spawn(move || parse(part))).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

impl Loader {
    /// The tree of a file; its problems are noted.
    fn tree(&mut self, parsed: Parsed) -> Option<Node> {
        self.problems.extend(parsed.problems);
        if parsed.tree.is_none() {
            self.unread = Unread::Something;
        }
        parsed.tree
    }

    fn requirements(&mut self, path: &str, parsed: Parsed) {
        if let Some(tree) = self.tree(parsed) {
            requirement::read(&tree, path, &mut self.requirements, &mut self.problems);
        }
    }

    fn cases(&mut self, path: &str, parsed: Parsed) {
        let Some(tree) = self.tree(parsed) else { return };
        let schemas: Vec<&str> = self.schemas.iter().map(|schema| schema.name.as_str()).collect();
        let mut reading = reading::Reading::new(path, &self.requirements, &schemas, &mut self.problems);
        let chapter = reading.chapter(&tree, self.extent);
        for node in tree.get("cases").map(Node::items).unwrap_or_default() {
            self.cases.extend(reading.case(node, &chapter));
        }
        for node in tree.get("invariants").map(Node::items).unwrap_or_default() {
            self.invariants.extend(reading.invariant(node, &chapter));
        }
    }

    fn finish(mut self, files: Vec<(String, String)>) -> Result<Suite, Vec<Problem>> {
        if !self.problems.is_empty() {
            self.problems.sort();
            self.problems.dedup();
            return Err(self.problems);
        }
        self.cases.sort_by(|a, b| a.id.cmp(&b.id));
        self.invariants.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Suite {
            name: "custom".to_owned(),
            requirements: self.requirements,
            cases: self.cases,
            invariants: self.invariants,
            digest: digest(&files),
            files,
            schemas: self.schemas.into_iter().map(|schema| (schema.name, schema.value)).collect(),
        })
    }
}

/// The digest of sorted files; lengths keep names and texts apart.
fn digest(files: &[(String, String)]) -> String {
    let mut hash = Sha256::new();
    for part in files.iter().flat_map(|(path, text)| [path, text]) {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part.as_bytes());
    }
    format!("sha256:{}", HEXLOWER.encode(&hash.finalize()))
}
