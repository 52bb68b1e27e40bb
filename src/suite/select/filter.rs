//! The user's filters over a suite.

use std::collections::BTreeSet;

use globset::{GlobBuilder, GlobMatcher};

use super::{Filters, SelectError, Writing};
use crate::suite::{Case, Suite};
use crate::verdict::Level;
use crate::yaml::did_you_mean;

/// Why a case is left out that no pattern of ids names.
pub(super) const OTHER_IDS: &str = "other ids were asked for";

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
    globs: Vec<Pattern<'a>>,
}

struct Pattern<'a> {
    text: &'a str,
    whole: GlobMatcher,
    /// The part before the bracket, for what cannot be expanded.
    stem: GlobMatcher,
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
        let globs = filters.ids.iter().map(|text| pattern(text)).collect::<Result<_, _>>()?;
        Ok(Self { filters, suite, globs })
    }

    /// Whether the filters other than ids let something pass, or why not.
    pub(super) fn wants(&self, chapter: &str, requirements: &[String], case: Option<&Case>) -> Result<(), String> {
        let Filters { chapters, requirements: wanted, levels, read_only, .. } = self.filters;
        let level_of = |id: &String| self.suite.requirements.iter().find(|one| one.id == *id).map(|one| one.level);
        let is_of = |level: &Level| requirements.iter().any(|id| level_of(id) == Some(*level));
        if !chapters.is_empty() && !chapters.iter().any(|one| one == chapter) {
            Err("other chapters were asked for".into())
        } else if !wanted.is_empty() && !requirements.iter().any(|id| wanted.contains(id)) {
            Err("other requirements were asked for".into())
        } else if !levels.is_empty() && !levels.iter().any(is_of) {
            Err("other levels were asked for".into())
        } else if *read_only && case.is_some_and(|case| !case.is_harmless()) {
            Err("it sends more than GET and HEAD, and only reading was allowed".into())
        } else {
            Ok(())
        }
    }

    /// Where cases that write may run.
    pub(super) fn writing(&self) -> Writing {
        self.filters.writing
    }

    /// Whether the patterns choose an id, or why not.
    pub(super) fn wants_id(&self, id: &str) -> Result<(), String> {
        let mut found = self.globs.is_empty();
        // Every pattern is tried: each must match something somewhere.
        for glob in self.globs.iter().filter(|glob| glob.text == id || glob.whole.is_match(id)) {
            glob.matched.set(Matched::Something);
            found = true;
        }
        if found { Ok(()) } else { Err(OTHER_IDS.to_owned()) }
    }

    /// Whether the patterns choose a case.
    pub(super) fn chooses_case(&self, id: &str) -> Chosen {
        if self.wants_id(id).is_ok() {
            return Chosen::Whole;
        }
        let mut chosen = Chosen::No;
        for glob in self.globs.iter().filter(|glob| glob.text.contains('[') && glob.stem.is_match(id)) {
            glob.matched.set(Matched::Something);
            chosen = Chosen::Perhaps;
        }
        chosen
    }

    /// Refuses a pattern that matched nothing.
    pub(super) fn finish(self, suite: &Suite) -> Result<(), SelectError> {
        let ids = suite.cases.iter().map(|case| case.id.as_str());
        let ids: Vec<&str> = ids.chain(suite.invariants.iter().map(|invariant| invariant.id.as_str())).collect();
        match self.globs.iter().find(|glob| glob.matched.get() == Matched::Nothing) {
            None => Ok(()),
            Some(glob) => Err(SelectError::NothingMatches {
                what: "case or invariant",
                filter: glob.text.to_owned(),
                help: did_you_mean(glob.text, ids).or_else(|| chapter_meant(glob.text, suite)),
            }),
        }
    }
}

/// The pattern with the chapter that may have been meant.
fn chapter_meant(text: &str, suite: &Suite) -> Option<String> {
    let (chapter, rest) = text.split_once('.').unwrap_or((text, "*"));
    let near = did_you_mean(chapter, suite.cases.iter().map(|case| case.chapter.as_str()))?;
    let meant = near.replace("`?", &format!(".{rest}`?"));
    (!meant.contains(&format!("`{text}`"))).then_some(meant)
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

fn pattern(text: &str) -> Result<Pattern<'_>, SelectError> {
    let stem = text.split('[').next().unwrap_or(text);
    let (whole, stem) = (glob(text, text)?, glob(text, stem)?);
    Ok(Pattern { text, whole, stem, matched: std::cell::Cell::new(Matched::Nothing) })
}

/// A glob in which brackets are those of instances.
fn glob(filter: &str, text: &str) -> Result<GlobMatcher, SelectError> {
    let escaped = text.replace('[', "\\[").replace(']', "\\]");
    let built = GlobBuilder::new(&escaped).backslash_escape(true).build();
    built
        .map(|glob| glob.compile_matcher())
        .map_err(|error| SelectError::BadGlob { filter: filter.to_owned(), reason: error.kind().to_string() })
}
