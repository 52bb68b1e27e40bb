//! What a target file still lacks, chapter by chapter.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use crate::report::counted;
use crate::suite::vocabulary::line_for;
use crate::suite::{Filters, Needs, Scope, SelectError, Suite, Uniques, needs_by_kind, plan};
use crate::target::Target;

/// A chapter, and what a target lacks for it.
#[derive(Debug, Default)]
struct Chapter {
    cases: usize,
    enabled: usize,
    /// Lines of the target file, and how many cases each stands in the way of.
    lines: BTreeMap<String, usize>,
}

/// Says how many cases of each chapter a target file enables, and which lines would enable the others.
pub(super) fn describe(name: &str, target: &Target, suite: &Suite) -> Result<String, SelectError> {
    let scope = Scope::new(Arc::new(target.globals()), Uniques::new("check"));
    let plan = plan(suite, &|need| target.has(need), &scope, &Filters::default())?;
    let enabled: BTreeSet<&str> = plan.to_run.iter().map(|instance| instance.case.id.as_str()).collect();
    let mut chapters: BTreeMap<&str, Chapter> = BTreeMap::new();
    for case in &suite.cases {
        let chapter = chapters.entry(&case.chapter).or_default();
        chapter.cases += 1;
        chapter.enabled += usize::from(enabled.contains(case.id.as_str()));
        for Needs { needs, list } in needs_by_kind(case, &scope) {
            let lacking: Vec<&String> = needs.iter().filter(|need| target.has(need).is_err()).collect();
            let inside =
                |need: &str| need.rsplit_once('.').is_some_and(|(group, _)| lacking.iter().any(|it| *it == group));
            for need in lacking.iter().filter(|need| !inside(need)) {
                *chapter.lines.entry(line_for(need)).or_default() += 1;
            }
            if lacking.is_empty() && !enabled.contains(case.id.as_str()) {
                let line = list.map_or_else(|| "a list that is not empty".to_owned(), |list| line_for(&list));
                *chapter.lines.entry(line).or_default() += 1;
            }
        }
    }
    Ok(text(name, &chapters))
}

fn text(name: &str, chapters: &BTreeMap<&str, Chapter>) -> String {
    let (cases, enabled) =
        chapters.values().fold((0, 0), |(cases, enabled), it| (cases + it.cases, enabled + it.enabled));
    let mut text = format!("{name} enables {enabled} of {}\n", counted(cases, "case"));
    for (chapter, Chapter { cases, enabled, lines }) in chapters {
        let _ = writeln!(text, "\n{chapter}: {enabled} of {cases}");
        let mut lines: Vec<(&String, &usize)> = lines.iter().collect();
        lines.sort_by_key(|(line, count)| (std::cmp::Reverse(**count), line.as_str()));
        for (line, count) in lines {
            let _ = writeln!(text, "  {count:>3} more need  {line}");
        }
    }
    text
}
