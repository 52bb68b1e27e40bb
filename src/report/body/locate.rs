//! Finds a place in the text of a JSON document, whatever else is wrong with it.

use std::ops::Range;

use crate::verdict::PathStep;

/// The bytes of the value that the steps lead to, with its name before it; where the way ends early, the last one
/// found; `None` where not even the first step leads anywhere.
pub(in crate::report) fn locate(text: &str, steps: &[PathStep]) -> Option<Range<usize>> {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0 };
    scan.white_space();
    let mut found = None;
    for step in steps {
        let Some(begin) = scan.enter(step) else { break };
        let end = Scan { ..scan }.after_value();
        found = Some(begin..end);
    }
    found
}

#[derive(Clone, Copy)]
struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn white_space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Goes to the value of a step; gives where it begins, its name included.
    fn enter(&mut self, step: &PathStep) -> Option<usize> {
        match step {
            PathStep::Name(name) => self.member(name),
            // Of a stored pointer nobody can tell whether digits are an index or a name.
            PathStep::Index(index) if self.peek() == Some(b'{') => self.member(&index.to_string()),
            PathStep::Index(index) => self.element(*index),
        }
    }

    fn member(&mut self, name: &str) -> Option<usize> {
        let mut open = b'{';
        let wanted = serde_json::to_string(name).ok()?;
        while self.take(open) {
            self.white_space();
            let begin = self.at;
            self.at = self.after_value();
            let found = &self.bytes[begin..self.at] == wanted.as_bytes();
            self.white_space();
            if !self.take(b':') {
                return None;
            }
            self.white_space();
            if found {
                return Some(begin);
            }
            self.at = self.after_value();
            self.white_space();
            open = b',';
        }
        None
    }

    fn element(&mut self, index: usize) -> Option<usize> {
        let mut open = b'[';
        let mut number = 0;
        while self.take(open) {
            self.white_space();
            if matches!(self.peek(), None | Some(b']')) {
                return None;
            }
            if number == index {
                return Some(self.at);
            }
            self.at = self.after_value();
            self.white_space();
            (open, number) = (b',', number + 1);
        }
        None
    }

    /// Where the value that begins here ends.
    fn after_value(mut self) -> usize {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => self.string(),
                b'{' | b'[' => (depth, self.at) = (depth + 1, self.at + 1),
                b'}' | b']' | b',' | b':' if depth == 0 => return self.at,
                b'}' | b']' => (depth, self.at) = (depth - 1, self.at + 1),
                byte if depth == 0 && byte.is_ascii_whitespace() => return self.at,
                _ => {
                    self.at += 1;
                    continue;
                }
            }
            if depth == 0 {
                return self.at;
            }
        }
        self.at
    }

    fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                break;
            }
        }
        self.at = self.at.min(self.bytes.len());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(name: &str) -> PathStep {
        PathStep::Name(name.to_owned())
    }

    fn found<'t>(text: &'t str, steps: &[PathStep]) -> Option<&'t str> {
        locate(text, steps).map(|range| &text[range])
    }

    #[test]
    fn a_place_is_found_with_its_name() {
        let text = r#" { "a,}": "\"]", "results" : [ {"n": 1}, {"n": [true, "x"]} ], "z": 1.5e3 } "#;
        let results = name("results");
        assert_eq!(found(text, &[name("z")]), Some(r#""z": 1.5e3"#));
        assert_eq!(found(text, &[results.clone(), PathStep::Index(1), name("n"), PathStep::Index(1)]), Some(r#""x""#));
        assert_eq!(found(text, &[results.clone(), PathStep::Index(0)]), Some(r#"{"n": 1}"#));
        assert_eq!(found(text, &[name("a,}")]), Some(r#""a,}": "\"]""#));
        // The way ends early: the last place on it.
        assert_eq!(found(text, &[results, PathStep::Index(0), name("missing")]), Some(r#"{"n": 1}"#));
        assert_eq!(found(text, &[name("missing")]), None);
        assert_eq!(found(r#"{"7": 1}"#, &[PathStep::Index(7)]), Some(r#""7": 1"#));
        assert_eq!(found(text, &[PathStep::Index(0)]), None);
    }

    #[test]
    fn what_is_cut_or_malformed_ends_the_way() {
        assert_eq!(found(r#"{"a": "b"#, &[name("a")]), Some(r#""a": "b"#));
        assert_eq!(found(r#"{"a" 1}"#, &[name("a")]), None);
        assert_eq!(found(r#"{"a\"#, &[name("a")]), None);
        assert_eq!(found("[]", &[PathStep::Index(0)]), None);
        assert_eq!(found("[1,", &[PathStep::Index(1)]), None);
        assert_eq!(found("", &[PathStep::Index(0)]), None);
    }

    proptest! {
        #[test]
        fn any_text_gives_a_range_within_it(text in r#"[\[\]{}",:\\ aä1]{0,40}"#, index in 0_usize..3) {
            for steps in [vec![PathStep::Index(index), name("a")], vec![name("a"), PathStep::Index(index)], vec![name("")]] {
                if let Some(range) = locate(&text, &steps) {
                    prop_assert!(text.get(range).is_some());
                }
            }
        }
    }
}
