//! Regular expressions of cases, compiled once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use regex::{Regex, RegexBuilder};

use super::show;

/// The most memory that a compiled pattern may take.
const SIZE: usize = 1 << 20;
/// How many compiled patterns are kept.
const KEPT: usize = 256;

/// Compiled patterns, by their text.
#[derive(Debug, Default)]
pub(super) struct Patterns(Mutex<HashMap<String, Arc<Regex>>>);

impl Patterns {
    /// The pattern of this text, or why it cannot be used.
    pub(super) fn get(&self, text: &str) -> Result<Arc<Regex>, String> {
        if let Some(pattern) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(text) {
            return Ok(Arc::clone(pattern));
        }
        let compiled = RegexBuilder::new(text).size_limit(SIZE).build();
        let pattern = Arc::new(compiled.map_err(|_| format!("pattern `{}` cannot be used", show::cut(text, 80)))?);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(text.to_owned(), Arc::clone(&pattern));
        Ok(pattern)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_compiled_once_and_a_huge_one_not_at_all() {
        let patterns = Patterns::default();
        assert!(Arc::ptr_eq(&patterns.get("^a$").unwrap(), &patterns.get("^a$").unwrap()));
        assert_eq!(patterns.get("(").unwrap_err(), "pattern `(` cannot be used");
        assert_eq!(patterns.get(r"(\w{1000}){1000}").unwrap_err(), r"pattern `(\w{1000}){1000}` cannot be used");
    }
}
