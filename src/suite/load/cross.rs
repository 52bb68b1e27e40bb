//! What only all files together show: ids used twice, requirements that nobody judges.

use std::collections::BTreeMap;

use super::{Extent, Loader, Unread};
use crate::verdict::Source;
use crate::yaml::Problem;

impl Loader {
    /// Notes ids that are used twice and requirements without a case or invariant.
    pub(super) fn check_across_files(&mut self) {
        let mut seen: BTreeMap<&str, &Source> = BTreeMap::new();
        let mut problems = Vec::new();
        let cases = self.cases.iter().map(|case| (case.id.as_str(), &case.source));
        for (id, source) in cases.chain(self.invariants.iter().map(|one| (one.id.as_str(), &one.source))) {
            if let Some(first) = seen.insert(id, source) {
                problems.push(Problem {
                    source: source.clone(),
                    message: format!("the id `{id}` is used already, at {}:{}", first.file, first.line),
                    help: None,
                });
            }
        }
        problems.extend(self.unjudged());
        self.problems.extend(problems);
    }

    fn unjudged(&self) -> Vec<Problem> {
        // A file that could not be read may hold the missing case.
        if self.unread == Unread::Something || self.extent == Extent::Part {
            return Vec::new();
        }
        let judged = |id: &String| {
            self.cases.iter().any(|case| case.requirements.contains(id))
                || self.invariants.iter().any(|invariant| invariant.requirements.contains(id))
        };
        let unjudged = self.requirements.iter().filter(|requirement| !judged(&requirement.id));
        unjudged
            .map(|requirement| Problem {
                source: requirement.source.clone(),
                message: format!("no case and no invariant judges `{}`", requirement.id),
                help: None,
            })
            .collect()
    }
}
