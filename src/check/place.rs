//! Where in a JSON value something stands, written as JSONPath.

use std::borrow::Cow;

use super::show;
use crate::verdict::PathStep;

/// The longest member name that is shown whole.
const NAME_LENGTH: usize = 60;

/// One step on the way from a value to a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// Into a member of an object.
    Name(Cow<'a, str>),
    /// Into an element of an array.
    Index(usize),
    /// Along a path as its author wrote it, without the `$`, and the steps to the one place that it names, or to what
    /// holds all of them.
    Path(Cow<'a, str>, Vec<PathStep>),
}

/// Steps of data.
pub(super) fn steps_of(steps: &[PathStep]) -> Vec<Step<'_>> {
    let each = steps.iter().map(|step| match step {
        PathStep::Name(name) => Step::Name(name.into()),
        PathStep::Index(index) => Step::Index(*index),
    });
    each.collect()
}

/// The steps as data.
pub(super) fn path_steps(steps: &[Step<'_>]) -> Vec<PathStep> {
    let each = steps.iter().flat_map(|step| match step {
        Step::Name(name) => vec![PathStep::Name(name.clone().into_owned())],
        Step::Index(index) => vec![PathStep::Index(*index)],
        Step::Path(_, steps) => steps.clone(),
    });
    each.collect()
}

/// The steps as JSONPath, without the `$` at its beginning.
pub(super) fn below_root(steps: &[Step<'_>]) -> String {
    steps.iter().map(step).collect()
}

/// The steps as JSONPath.
pub(super) fn from_root(steps: &[Step<'_>]) -> String {
    format!("${}", below_root(steps))
}

/// A JSONPath with a star for each index: the same for every element of an array.
pub fn kind(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find('[') {
        out.push_str(&rest[..=at]);
        rest = &rest[at + 1..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 && rest[digits..].starts_with(']') {
            out.push('*');
            rest = &rest[digits..];
        }
    }
    out + rest
}

fn step(step: &Step<'_>) -> String {
    match step {
        Step::Name(name) if is_plain(name) => format!(".{name}"),
        Step::Name(name) => {
            format!("['{}']", show::cut(&name.replace('\\', "\\\\").replace('\'', "\\'"), NAME_LENGTH))
        }
        Step::Index(index) => format!("[{index}]"),
        Step::Path(path, _) => path.to_string(),
    }
}

/// Whether a name can stand after a dot.
fn is_plain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.len() <= NAME_LENGTH && name.bytes().all(plain) && name.starts_with(|first: char| !first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_that_differ_in_indexes_are_of_one_kind() {
        assert_eq!(kind("$.a[12].b[0]['x[3]y'][*]"), "$.a[*].b[*]['x[*]y'][*]");
        assert_eq!(kind("header Allow"), "header Allow");
        assert_eq!(kind("$['["), "$['[");
    }

    #[test]
    fn names_that_cannot_follow_a_dot_are_quoted() {
        let steps = [Step::Name("a_1".into()), Step::Index(3), Step::Name("it's \u{7}".into()), Step::Name("".into())];
        assert_eq!(from_root(&steps), r"$.a_1[3]['it\'s \u{7}']['']");
    }
}
