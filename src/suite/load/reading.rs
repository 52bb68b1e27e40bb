//! What is known while one file is read, and what a case and an invariant have in common.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Extent;
use super::names::Names;
use crate::suite::{Requirement, Scope, TemplateError, Uniques};
use crate::yaml::{Node, Position, Problem, did_you_mean};

/// A scope of which the file has told nothing so far.
fn nothing_known() -> Scope {
    Scope::new(Arc::default(), Uniques::new("check"))
}

/// One file on its way to cases.
pub(super) struct Reading<'a> {
    /// The file.
    pub(super) file: &'a str,
    known: &'a [Requirement],
    schemas: &'a [&'a str],
    problems: &'a mut Vec<Problem>,
    /// The names of the case at hand.
    pub(super) names: Names,
    /// What those names stand for, as far as the file tells.
    pub(super) scope: Scope,
    /// The requirements of the case at hand.
    pub(super) listed: Vec<String>,
    /// Those of them that something judged proves.
    pub(super) proven: BTreeSet<String>,
}

impl<'a> Reading<'a> {
    /// A file, before its first case.
    pub(super) fn new(
        file: &'a str,
        known: &'a [Requirement],
        schemas: &'a [&'a str],
        problems: &'a mut Vec<Problem>,
    ) -> Self {
        let (names, listed, proven) = (Names::default(), Vec::new(), BTreeSet::new());
        Self { file, known, schemas, problems, names, scope: nothing_known(), listed, proven }
    }

    /// Forgets the names of the case before.
    pub(super) fn begin(&mut self, names: Names) {
        (self.names, self.scope) = (names, nothing_known());
    }

    /// Notes a template that gives too much, whatever is not known of its names.
    pub(super) fn ensure_bounded(&mut self, node: &Node) {
        if let Some(error) = self.scope.value(&node.json()).err().filter(TemplateError::is_excess) {
            self.problem(node.at, error.to_string());
        }
    }

    /// Notes a problem.
    pub(super) fn problem(&mut self, at: Position, message: impl Into<String>) {
        self.problem_with(at, message, None);
    }

    /// Notes a problem and what may have been meant.
    pub(super) fn problem_with(&mut self, at: Position, message: impl Into<String>, help: Option<String>) {
        self.problems.push(Problem { help, ..at.problem(self.file, message) });
    }

    /// The chapter of the file, which its folder bears too in the embedded suite.
    pub(super) fn chapter(&mut self, tree: &Node, extent: Extent) -> String {
        let Some(node) = tree.get("chapter") else { return String::new() };
        let chapter = node.text().unwrap_or_default().to_owned();
        let folder = self.file.rsplit('/').nth(1).unwrap_or_default();
        if extent == Extent::Whole && !chapter.is_empty() && folder != chapter {
            self.problem(node.at, format!("a file of chapter `{chapter}` belongs into the folder `{chapter}`"));
        }
        chapter
    }

    /// The id of a case or invariant, which starts with its chapter.
    pub(super) fn id(&mut self, node: &Node, chapter: &str) -> String {
        let Some(id) = node.get("id") else { return String::new() };
        let text = id.text().unwrap_or_default();
        if !text.is_empty() && text.split('.').next() != Some(chapter) {
            self.problem(id.at, format!("the id starts with its chapter: `{chapter}.`"));
        }
        text.to_owned()
    }

    /// Takes up the requirements of a case or invariant.
    pub(super) fn list_requirements(&mut self, node: &Node) {
        self.listed.clear();
        self.proven.clear();
        for item in node.get("requirements").map(Node::items).unwrap_or_default() {
            let Some(id) = item.text() else { continue };
            if !self.known.iter().any(|requirement| requirement.id == id) {
                let help = did_you_mean(id, self.known.iter().map(|requirement| requirement.id.as_str()));
                self.problem_with(item.at, format!("there is no requirement `{id}`"), help);
            }
            if self.listed.iter().any(|other| other == id) {
                self.problem(item.at, format!("`{id}` is listed already"));
            } else {
                self.listed.push(id.to_owned());
            }
        }
    }

    /// The requirements that `proves` names, each of them one of the case's.
    pub(super) fn proves(&mut self, node: &Node) -> Option<Vec<String>> {
        let named = node.get("proves")?;
        let mut proves = Vec::new();
        for item in named.one_or_many() {
            let Some(id) = item.text() else { continue };
            if self.listed.iter().any(|listed| listed == id) {
                proves.push(id.to_owned());
            } else {
                let help = did_you_mean(id, self.listed.iter().map(String::as_str));
                self.problem_with(item.at, format!("`{id}` is not among the case's requirements"), help);
            }
        }
        Some(proves)
    }

    /// Notes each listed requirement that nothing proves.
    pub(super) fn check_proven(&mut self, node: &Node) {
        for item in node.get("requirements").map(Node::items).unwrap_or_default() {
            let Some(id) = item.text() else { continue };
            let known = self.known.iter().any(|requirement| requirement.id == id);
            if known && !self.proven.contains(id) {
                self.problem(item.at, format!("nothing proves `{id}`"));
            }
        }
    }

    /// Checks that a payload schema exists.
    pub(super) fn schema(&mut self, node: &Node) {
        let name = node.text().unwrap_or_default();
        if !self.schemas.contains(&name) {
            let help = did_you_mean(name, self.schemas.iter().copied());
            self.problem_with(node.at, format!("there is no payload schema `{name}`"), help);
        }
    }
}
