//! What of an audit the user chose.

use globset::{Glob, GlobSet, GlobSetBuilder};
use url::Url;

use super::shape;

/// What is judged: by requirement, invariant, and path of the API. By default everything.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    only: Patterns,
    skip: Patterns,
}

/// Patterns of ids, and of paths, which begin with a slash.
#[derive(Clone, Debug, Default)]
struct Patterns {
    written: Vec<String>,
    ids: GlobSet,
    paths: GlobSet,
}

impl Choice {
    /// What these patterns choose and leave out. Fails on one that is malformed.
    pub fn of(only: &[String], skip: &[String]) -> Result<Self, String> {
        Ok(Self { only: Patterns::of(only)?, skip: Patterns::of(skip)? })
    }

    /// Whether an invariant is judged.
    pub(super) fn takes(&self, id: &str, requirements: &[String]) -> bool {
        let is_of = |patterns: &Patterns| {
            patterns.ids.is_match(id) || requirements.iter().any(|requirement| patterns.ids.is_match(requirement))
        };
        (self.only.ids.is_empty() || is_of(&self.only)) && !is_of(&self.skip)
    }

    /// Whether the exchanges with a URL are judged.
    pub(super) fn takes_path(&self, url: &Url, base: &Url) -> bool {
        if self.only.paths.is_empty() && self.skip.paths.is_empty() {
            return true;
        }
        let (path, shape) = (shape::below(url, base), shape::shape(url, base));
        let is_of = |paths: &GlobSet| paths.is_match(path.as_ref()) || paths.is_match(&shape);
        (self.only.paths.is_empty() || is_of(&self.only.paths)) && !is_of(&self.skip.paths)
    }

    /// The patterns as a run names its filters.
    pub(super) fn filters(&self) -> Vec<String> {
        let only = self.only.written.iter().map(|pattern| format!("only {pattern}"));
        only.chain(self.skip.written.iter().map(|pattern| format!("skip {pattern}"))).collect()
    }
}

impl Patterns {
    fn of(written: &[String]) -> Result<Self, String> {
        let (mut ids, mut paths) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        for pattern in written {
            let glob = Glob::new(pattern).map_err(|error| format!("`{pattern}` is not a pattern: {}", error.kind()))?;
            if pattern.starts_with('/') {
                paths.add(glob)
            } else {
                ids.add(glob)
            };
        }
        let built = |set: &GlobSetBuilder| set.build().map_err(|error| error.to_string());
        Ok(Self { written: written.to_vec(), ids: built(&ids)?, paths: built(&paths)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(only: &[&str], skip: &[&str]) -> Choice {
        let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        Choice::of(&texts(only), &texts(skip)).unwrap()
    }

    #[test]
    fn invariants_are_chosen_by_their_id_or_requirement() {
        let total = ["lists.total".to_owned()];
        let takes = |choice: &Choice| choice.takes("lists.every-total-fits-its-page", &total);
        assert!(
            takes(&choice(&[], &[]))
                && takes(&choice(&["lists.*"], &[]))
                && takes(&choice(&["lists.total"], &["dates.*"]))
        );
        assert!(!takes(&choice(&["dates.*"], &[])) && !takes(&choice(&[], &["lists.total"])));
        assert!(takes(&choice(&["/hosts"], &["/x"])), "paths choose exchanges");
        assert!(Choice::of(&["[".to_owned()], &[]).is_err());
    }

    #[test]
    fn exchanges_are_chosen_by_their_path() {
        let base = Url::parse("https://h/api").unwrap();
        let url = Url::parse("https://h/api/groups/5a1/hosts?x").unwrap();
        assert!(choice(&["/groups/*/hosts"], &[]).takes_path(&url, &base));
        assert!(choice(&["/groups/**"], &["/users/**"]).takes_path(&url, &base));
        assert!(!choice(&["/users/**"], &[]).takes_path(&url, &base));
        assert!(!choice(&[], &["/groups/5a1/**"]).takes_path(&url, &base));
    }
}
