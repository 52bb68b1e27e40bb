//! What kind a file is that a person wrote, told by its keys.

use crate::target::keys_of_target_files;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    /// A target file, or a part of one.
    Target,
    /// A list of known failures.
    KnownFailures,
    /// Faults of a user's own.
    Faults,
    /// Case files, requirements and payload schemas.
    Suite,
}

/// Keys that only other kinds have.
const OF_SUITE: [&str; 4] = ["chapter", "requirements", "cases", "invariants"];

/// Whether a file has keys that only case files and requirements have.
pub(super) fn is_of_suite(text: &str) -> bool {
    keys(text).iter().any(|key| OF_SUITE.contains(key))
}

/// The kind of a file. A single key decides, because others may be misspelt.
pub(super) fn of(name: &str, text: &str) -> FileKind {
    if name.ends_with(".schema.json") {
        return FileKind::Suite;
    }
    let keys = keys(text);
    let is_of_target = keys_of_target_files().any(|key| keys.contains(&key));
    if keys.contains(&"known-failures") {
        FileKind::KnownFailures
    } else if keys.contains(&"faults") {
        FileKind::Faults
    } else if is_of_target && !OF_SUITE.iter().any(|key| keys.contains(key)) {
        FileKind::Target
    } else {
        FileKind::Suite
    }
}

/// The keys at the beginning of lines, and of an object in braces that the whole file is; in quotes or not.
fn keys(text: &str) -> Vec<&str> {
    let lines = text.lines().filter(|line| !line.starts_with([' ', '\t', '#', '-']));
    lines.flat_map(|line| line.split(['{', ',', '}'])).filter_map(key).collect()
}

fn key(part: &str) -> Option<&str> {
    let part = part.trim();
    for quote in ['"', '\''] {
        if let Some(rest) = part.strip_prefix(quote) {
            let (key, rest) = rest.split_once(quote)?;
            return rest.trim_start().starts_with(':').then_some(key);
        }
    }
    part.split_once(':').map(|(key, _)| key.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_by_one_key_however_it_is_written() {
        for text in [
            "name: t\nbase-url: https://x\n",
            "\"base-url\": https://x\n",
            "'users' : {}\n",
            "{ name: t, \"claims\": [] }\n",
            "extends: base.yaml\n",
            "# cases: no\nlimits: { rate: 5 }\n",
            "base_url: x\nusers: {}\n",
        ] {
            assert_eq!(of("f.yaml", text), FileKind::Target, "{text}");
        }
        for text in ["chapter: lists\ncases: []\n", "cases:\n  - name: x\n", "", "- users: {}\n"] {
            assert_eq!(of("f.yaml", text), FileKind::Suite, "{text}");
        }
        assert_eq!(of("f.schema.json", "{\"name\": 1}"), FileKind::Suite);
        assert_eq!(of("f.yaml", "known-failures: []\n"), FileKind::KnownFailures);
        assert_eq!(of("f.yaml", "\"known-failures\": []\n"), FileKind::KnownFailures);
        assert_eq!(of("f.yaml", "format: 1\nfaults:\n"), FileKind::Faults);
    }
}
