//! The user's filters over a suite.

use std::collections::BTreeSet;

use super::{Depth, Filters, SelectError, Writing};
use crate::id_pattern::{IdPattern, IdPatternError};
use crate::reason::{Filter, Reason};
use crate::suite::{Case, Suite};
use crate::verdict::Level;
use crate::yaml::{did_you_mean, nearest};

/// Whether the patterns of ids choose a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    /// With all its instances.
    Whole,
    /// One of its instances may be chosen.
    Perhaps,
    /// No.
    No,
}

/// Filters, and which of them have matched something so far.
pub(super) struct Sieve<'a> {
    filters: &'a Filters,
    suite: &'a Suite,
    patterns: Vec<Pattern>,
    skipped: Vec<Pattern>,
}

struct Pattern {
    ids: IdPattern,
    matched: std::cell::Cell<Matched>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Matched {
    Nothing,
    Something,
}

impl<'a> Sieve<'a> {
    /// The filters, if each chapter and requirement that they name exists.
    pub(super) fn new(suite: &'a Suite, filters: &'a Filters) -> Result<Self, SelectError> {
        let chapters: BTreeSet<&str> = suite
            .cases
            .iter()
            .map(|case| case.chapter.as_str())
            .chain(suite.invariants.iter().map(|invariant| invariant.chapter.as_str()))
            .collect();
        all_known("chapter", &filters.chapters, &chapters)?;
        let requirements = suite.requirements.iter().map(|requirement| requirement.id.as_str()).collect();
        all_known("requirement", &filters.requirements, &requirements)?;
        let patterns = filters.ids.iter().map(|text| pattern(text)).collect::<Result<_, _>>()?;
        let skipped = filters.skip.iter().map(|text| pattern(text)).collect::<Result<_, _>>()?;
        Ok(Self { filters, suite, patterns, skipped })
    }

    /// Whether the filters other than ids let something pass, or why not.
    pub(super) fn wants(&self, chapter: &str, requirements: &[String], case: Option<&Case>) -> Result<(), Reason> {
        let Filters { chapters, requirements: wanted, levels, read_only, .. } = self.filters;
        let level_of = |id: &String| self.suite.requirements.iter().find(|one| one.id == *id).map(|one| one.level);
        let is_of = |level: &Level| requirements.iter().any(|id| level_of(id) == Some(*level));
        if !chapters.is_empty() && !chapters.iter().any(|one| one == chapter) {
            Err(Reason::Filter { by: Filter::Chapter })
        } else if !wanted.is_empty() && !requirements.iter().any(|id| wanted.contains(id)) {
            Err(Reason::Filter { by: Filter::Requirement })
        } else if !levels.is_empty() && !levels.iter().any(is_of) {
            Err(Reason::Filter { by: Filter::Level })
        } else if *read_only && case.is_some_and(|case| !case.is_harmless()) {
            Err(Reason::ReadOnly)
        } else {
            Ok(())
        }
    }

    /// Where cases that write may run.
    pub(super) fn writing(&self) -> Writing {
        self.filters.writing
    }

    /// How many combinations of a case's dimensions are tried.
    pub(super) fn depth(&self) -> Depth {
        self.filters.depth
    }

    /// Whether the patterns choose an id, or why not.
    pub(super) fn wants_id(&self, id: &str) -> Result<(), Reason> {
        let mut found = self.patterns.is_empty();
        // Every pattern is tried: each must match something somewhere.
        for pattern in self.patterns.iter().filter(|pattern| pattern.ids.matches(id)) {
            pattern.matched.set(Matched::Something);
            found = true;
        }
        if found { Ok(()) } else { Err(Reason::Filter { by: Filter::Id }) }
    }

    /// Whether the patterns choose a case.
    pub(super) fn chooses_case(&self, id: &str) -> Chosen {
        if self.wants_id(id).is_ok() {
            return Chosen::Whole;
        }
        let mut chosen = Chosen::No;
        for pattern in self.patterns.iter().filter(|pattern| pattern.ids.may_match_tests_of(id)) {
            pattern.matched.set(Matched::Something);
            chosen = Chosen::Perhaps;
        }
        chosen
    }

    /// Whether an id stays that the patterns choose, or why not. Of a test, its case was asked for its requirements.
    pub(super) fn keeps(&self, id: &str, requirements: &[String]) -> Result<(), Reason> {
        let is_it =
            |ids: &IdPattern| ids.matches(id) || requirements.iter().any(|requirement| ids.matches(requirement));
        let mut kept = Ok(());
        for pattern in self.skipped.iter().filter(|pattern| is_it(&pattern.ids)) {
            pattern.matched.set(Matched::Something);
            kept = Err(Reason::Filter { by: Filter::Skip });
        }
        let is_among = self.filters.among.as_ref().is_none_or(|among| among.iter().any(|one| one == id));
        kept.and(if is_among { Ok(()) } else { Err(Reason::Filter { by: Filter::LastFailed }) })
    }

    /// Whether tests of a case may stay, or why not.
    pub(super) fn keeps_some_of(&self, case: &Case) -> Result<(), Reason> {
        for pattern in self.skipped.iter().filter(|pattern| pattern.ids.may_match_tests_of(&case.id)) {
            pattern.matched.set(Matched::Something);
        }
        let last_failed = Reason::Filter { by: Filter::LastFailed };
        match self.keeps(&case.id, &case.requirements) {
            Err(reason) if reason != last_failed => Err(reason),
            _ => {
                let is_of = |id: &String| id.split('[').next() == Some(&case.id);
                let may_be = self.filters.among.as_ref().is_none_or(|among| among.iter().any(is_of));
                if may_be { Ok(()) } else { Err(last_failed) }
            }
        }
    }

    /// Refuses a pattern that matched nothing.
    pub(super) fn finish(self, suite: &Suite) -> Result<(), SelectError> {
        let ids = suite.cases.iter().map(|case| case.id.as_str());
        let ids: Vec<&str> = ids.chain(suite.invariants.iter().map(|invariant| invariant.id.as_str())).collect();
        let is_idle = |pattern: &&Pattern| pattern.matched.get() == Matched::Nothing;
        let skipped = self.skipped.iter().find(is_idle).map(|pattern| ("case, invariant or requirement", pattern));
        match self.patterns.iter().find(is_idle).map(|pattern| ("case or invariant", pattern)).or(skipped) {
            None => Ok(()),
            Some((what, Pattern { ids: unmatched, .. })) => Err(SelectError::NothingMatches {
                what,
                filter: unmatched.text().to_owned(),
                help: did_you_mean(unmatched.text(), ids).or_else(|| chapter_meant(unmatched.text(), suite)),
            }),
        }
    }
}

/// The pattern with the chapter that may have been meant.
fn chapter_meant(text: &str, suite: &Suite) -> Option<String> {
    let (chapter, rest) = text.split_once('.').unwrap_or((text, "*"));
    let near = nearest(chapter, suite.cases.iter().map(|case| case.chapter.as_str()))?;
    let meant = format!("{near}.{rest}");
    (meant != text).then(|| format!("did you mean `{meant}`?"))
}

fn all_known(what: &'static str, filters: &[String], known: &BTreeSet<&str>) -> Result<(), SelectError> {
    match filters.iter().find(|filter| !known.contains(filter.as_str())) {
        None => Ok(()),
        Some(filter) => Err(SelectError::NothingMatches {
            what,
            filter: filter.clone(),
            help: did_you_mean(filter, known.iter().copied()),
        }),
    }
}

fn pattern(text: &str) -> Result<Pattern, SelectError> {
    let bad = |error: IdPatternError| SelectError::BadPattern { filter: show(text), reason: error.to_string() };
    Ok(Pattern { ids: IdPattern::new(text).map_err(bad)?, matched: std::cell::Cell::new(Matched::Nothing) })
}

/// A filter as a message repeats it.
fn show(text: &str) -> String {
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
