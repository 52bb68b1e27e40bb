//! Where in a JSON value something stands, written as JSONPath.

use std::borrow::Cow;

use super::show;

/// The longest member name that is shown whole.
const NAME_LENGTH: usize = 60;

/// One step on the way from a value to a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// Into a member of an object.
    Name(Cow<'a, str>),
    /// Into an element of an array.
    Index(usize),
    /// Along a path as its author wrote it, without the `$`.
    Path(Cow<'a, str>),
}

/// The steps as JSONPath, without the `$` at its beginning.
pub(super) fn below_root(steps: &[Step<'_>]) -> String {
    steps.iter().map(step).collect()
}

/// The steps as JSONPath.
pub(super) fn from_root(steps: &[Step<'_>]) -> String {
    format!("${}", below_root(steps))
}

fn step(step: &Step<'_>) -> String {
    match step {
        Step::Name(name) if is_plain(name) => format!(".{name}"),
        Step::Name(name) => {
            format!("['{}']", show::cut(&name.replace('\\', "\\\\").replace('\'', "\\'"), NAME_LENGTH))
        }
        Step::Index(index) => format!("[{index}]"),
        Step::Path(path) => path.to_string(),
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
    fn names_that_cannot_follow_a_dot_are_quoted() {
        let steps = [Step::Name("a_1".into()), Step::Index(3), Step::Name("it's \u{7}".into()), Step::Name("".into())];
        assert_eq!(from_root(&steps), r"$.a_1[3]['it\'s \u{7}']['']");
    }
}
