//! JSON indented for reading, on the level of its text: nothing is parsed, so repeated members stay, and so does
//! what is cut or malformed.

use std::ops::Range;

mod locate;

pub(super) use locate::locate;

/// Deepest indentation; deeper levels are written flat.
const DEEPEST: usize = 40;

/// One line of a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// Its text, indented.
    pub(super) text: String,
    /// The bytes of the body that stand in it.
    pub(super) of: Range<usize>,
}

/// A line for each member and element, or the lines as they are where the text does not begin like an object or array.
pub(super) fn lines(text: &str) -> Vec<Line> {
    if !text.trim_start().starts_with(['{', '[']) {
        return as_they_are(text);
    }
    let mut out = Indenter { lines: vec![Line::default()], depth: 0 };
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        match c {
            '"' => out.string(at, &mut rest),
            '{' | '[' => out.open(at, c, &mut rest),
            '}' | ']' => out.close(at, c),
            ',' => out.comma(at),
            ':' => {
                out.push(at, ':');
                out.push(at, ' ');
            }
            c if c.is_ascii_whitespace() => {}
            c => out.push(at, c),
        }
    }
    out.lines
}

fn as_they_are(text: &str) -> Vec<Line> {
    let mut at = 0;
    let line = |line: &str| {
        let of = at..at + line.len();
        at = of.end;
        Line { text: line.trim_end_matches(['\n', '\r']).to_owned(), of }
    };
    text.split_inclusive('\n').map(line).collect()
}

type Rest<'a> = std::iter::Peekable<std::str::CharIndices<'a>>;

struct Indenter {
    lines: Vec<Line>,
    depth: usize,
}

impl Indenter {
    fn push(&mut self, at: usize, c: char) {
        if let Some(line) = self.lines.last_mut() {
            if line.of.is_empty() {
                line.of.start = at;
            }
            line.of.end = at + c.len_utf8();
            line.text.push(c);
        }
    }

    fn string(&mut self, at: usize, rest: &mut Rest<'_>) {
        self.push(at, '"');
        while let Some((at, c)) = rest.next() {
            self.push(at, c);
            match c {
                '\\' => {
                    if let Some((at, escaped)) = rest.next() {
                        self.push(at, escaped);
                    }
                }
                '"' => return,
                _ => {}
            }
        }
    }

    fn open(&mut self, at: usize, c: char, rest: &mut Rest<'_>) {
        self.push(at, c);
        while rest.next_if(|(_, next)| next.is_ascii_whitespace()).is_some() {}
        if let Some((at, end)) = rest.next_if(|(_, next)| matches!(next, '}' | ']')) {
            self.push(at, end);
            return;
        }
        self.depth += 1;
        self.new_line();
    }

    fn close(&mut self, at: usize, c: char) {
        self.depth = self.depth.saturating_sub(1);
        self.new_line();
        self.push(at, c);
    }

    fn comma(&mut self, at: usize) {
        self.push(at, ',');
        self.new_line();
    }

    fn new_line(&mut self) {
        if self.depth <= DEEPEST {
            self.lines.push(Line { text: "  ".repeat(self.depth), of: 0..0 });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indented(text: &str) -> String {
        let lines: Vec<String> = lines(text).into_iter().map(|line| line.text).collect();
        lines.join("\n")
    }

    #[test]
    fn members_get_lines_and_repeated_ones_stay() {
        let text = r#"{"a":1,"a":[ ],"s":"x{,}\"","b":[true]}"#;
        let shown = "{\n  \"a\": 1,\n  \"a\": [],\n  \"s\": \"x{,}\\\"\",\n  \"b\": [\n    true\n  ]\n}";
        assert_eq!(indented(text), shown);
    }

    #[test]
    fn what_is_cut_or_no_json_is_shown() {
        assert_eq!(indented(r#"{"a":"b"#), "{\n  \"a\": \"b");
        assert_eq!(indented("<html> x</html>\r\ny"), "<html> x</html>\ny");
        assert_eq!(indented("]"), "]");
    }

    #[test]
    fn depth_does_not_multiply_size() {
        assert!(indented(&"[".repeat(10_000)).len() < 20_000);
    }

    #[test]
    fn lines_know_the_bytes_they_show() {
        let text = "{ \"ä\": 1,\n\"b\": [2] }";
        let shown: Vec<&str> = lines(text).iter().map(|line| &text[line.of.clone()]).collect();
        assert_eq!(shown, ["{", "\"ä\": 1,", "\"b\": [", "2", "]", "}"]);
        let text = "one\ntwo";
        assert_eq!(lines(text)[1].of, 4..7);
    }
}
