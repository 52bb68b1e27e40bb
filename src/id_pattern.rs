//! Patterns of ids of cases, tests and invariants: `lists.*`, `lists.walk[size=7]`.
//!
//! The door: [`IdPattern::new`]. Brackets are those of a test's loop values, never a set of characters.

use globset::{GlobBuilder, GlobSet};

/// Most bytes of a pattern: ids are short.
const LONGEST: usize = 1_000;
/// How deep alternatives may be nested: `{a,{b,c}}` is two deep.
const DEEPEST: usize = 10;

/// A glob of ids.
#[derive(Clone, Debug)]
pub struct IdPattern {
    text: String,
    whole: GlobSet,
    /// The part before the bracket: what a case without loop values can match.
    stem: GlobSet,
}

/// Why a text is not a pattern of ids.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdPatternError {
    /// It has too many bytes.
    #[error("it has {0} bytes; at most {LONGEST} are allowed")]
    TooLong(usize),
    /// Alternatives are nested too deep.
    #[error("braces are nested more than {DEEPEST} deep")]
    TooDeep,
    /// The glob cannot be read.
    #[error("{0}")]
    Glob(String),
}

impl IdPattern {
    /// The pattern that a text holds. Text and nesting are bounded: the pattern may come from a file.
    pub fn new(text: &str) -> Result<Self, IdPatternError> {
        if text.len() > LONGEST {
            return Err(IdPatternError::TooLong(text.len()));
        }
        if depth(text) > DEEPEST {
            return Err(IdPatternError::TooDeep);
        }
        let stem = glob(text.split('[').next().unwrap_or(text))?;
        // Values in the id of a test may be cut short, with braces that nothing closes: the text then names that test alone.
        let whole = match glob(text) {
            Err(_) if text.contains('[') && text.ends_with(']') => GlobSet::empty(),
            glob => glob?,
        };
        Ok(Self { text: text.to_owned(), whole, stem })
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether an id is one of those.
    pub fn matches(&self, id: &str) -> bool {
        self.text == id || self.whole.is_match(id)
    }

    /// Whether tests of a case may be among those, though the case's own id is not.
    pub fn may_match_tests_of(&self, case: &str) -> bool {
        self.text.contains('[') && self.stem.is_match(case)
    }
}

/// How deep braces are nested, those that are never closed included.
fn depth(text: &str) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'{' => open += 1,
            b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest
}

/// A set of one glob: unlike a single matcher, building it fails instead of panicking.
fn glob(text: &str) -> Result<GlobSet, IdPatternError> {
    let failed = |error: globset::Error| IdPatternError::Glob(error.kind().to_string());
    let escaped = text.replace('[', "\\[").replace(']', "\\]");
    let glob = GlobBuilder::new(&escaped).backslash_escape(true).build().map_err(failed)?;
    GlobSet::builder().add(glob).build().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_those_of_loop_values() {
        let pattern = IdPattern::new("lists.walk[size=*]").unwrap();
        assert!(pattern.matches("lists.walk[size=7]") && !pattern.matches("lists.walk"));
        assert!(pattern.may_match_tests_of("lists.walk") && !pattern.may_match_tests_of("lists.total"));
        let pattern = IdPattern::new("{lists,links}.*").unwrap();
        assert!(pattern.matches("lists.walk[size=7]") && pattern.matches("links.shape"));
        assert!(!pattern.matches("auth.nobody") && !pattern.may_match_tests_of("lists.walk"));
        for literal in ["lists.walk[size=7]", "a.b[x={y]", "a.b[x={\"y\":\"/a,switches=both]", "*.b[x=1.5]"] {
            let pattern = IdPattern::new(literal).expect(literal);
            assert!(pattern.matches(&literal.replace('*', "a")), "{literal}");
            assert!(pattern.may_match_tests_of("a.b") != literal.starts_with("lists"), "{literal}");
        }
        assert!(IdPattern::new("a.{b").is_err() && IdPattern::new("{a.b[x=1]").is_err());
    }

    #[test]
    fn patterns_are_bounded() {
        let nested = |depth: usize| format!("{}a{}", "{".repeat(depth), "}".repeat(depth));
        assert!(IdPattern::new(&nested(DEEPEST)).unwrap().matches("a"));
        for depth in [DEEPEST + 1, 150, 400] {
            assert_eq!(IdPattern::new(&nested(depth)).err(), Some(IdPatternError::TooDeep), "{depth}");
        }
        assert_eq!(IdPattern::new(&"*".repeat(1_001)).err(), Some(IdPatternError::TooLong(1_001)));
        assert!(IdPattern::new(&"*a?".repeat(333)).is_ok());
        let open = IdPattern::new("{a").err();
        assert!(matches!(&open, Some(IdPatternError::Glob(reason)) if reason.contains("unclosed")), "{open:?}");
    }
}
