//! The target files of `check`: each as it is joined.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::report::counted;
use crate::target::{Document, Target};
use crate::yaml::Problem;

use super::Failure;
use super::target_file::{LayersArgs, without_keys};

/// A target file without problems.
pub(super) struct Loaded {
    /// Its path, as it was given.
    pub(super) name: String,
    /// The target that it describes.
    pub(super) target: Target,
    document: Document,
}

/// All target files, and what is wrong with them.
#[derive(Default)]
pub(super) struct Targets {
    /// Those that describe a target.
    pub(super) loaded: Vec<Loaded>,
    /// What is wrong.
    pub(super) problems: Vec<Problem>,
    /// The texts that problems are in.
    pub(super) texts: Vec<(String, String)>,
    count: usize,
}

/// A target file with problems.
struct Wrong {
    place: PathBuf,
    problems: Vec<Problem>,
    texts: Vec<(String, String)>,
}

impl Targets {
    /// Loads these files. One that another one of them extends need not be complete: it is judged as a part of that one.
    pub(super) fn load(files: &[(String, String)], layers: &LayersArgs) -> Result<Self, Failure> {
        let mut targets = Self { count: files.len(), ..Self::default() };
        let mut extended: BTreeSet<PathBuf> = BTreeSet::new();
        let mut wrong: Vec<Wrong> = Vec::new();
        for (name, _) in files {
            let outcome = layers.document(Path::new(name)).and_then(|document| {
                let parts = document.parts().iter().skip(1).map(|part| part.name.as_str());
                extended.extend(parts.map(place));
                Ok(Loaded { name: name.clone(), target: without_keys(&document)?, document })
            });
            match outcome {
                Ok(loaded) => targets.loaded.push(loaded),
                Err(Failure::Problems(problems, texts)) => {
                    wrong.push(Wrong { place: place(name), problems, texts });
                }
                Err(other) => return Err(other),
            }
        }
        for it in wrong.into_iter().filter(|it| !extended.contains(&it.place)) {
            targets.problems.extend(it.problems);
            targets.texts.extend(it.texts);
        }
        Ok(targets)
    }

    /// How many there are, in words.
    pub(super) fn words(&self) -> Option<String> {
        (self.count > 0).then(|| counted(self.count, "target file"))
    }
}

impl Loaded {
    /// The file with all that it is joined from, as one file.
    pub(super) fn resolved(&self) -> Result<String, Failure> {
        let here = std::env::current_dir();
        let here = here.map_err(|error| Failure::File(PathBuf::from("."), error))?;
        let parts: Vec<&str> = self.document.parts().iter().map(|part| part.name.as_str()).collect();
        Ok(format!("# Joined from {}.\n{}", parts.join(", "), self.document.resolved(&here)))
    }
}

/// Where a file is, whatever way its path was written.
fn place(name: &str) -> PathBuf {
    Path::new(name).canonicalize().unwrap_or_else(|_| PathBuf::from(name))
}
