//! JSON indented for reading, on the level of its text: nothing is parsed, so repeated members stay, and so does
//! what is cut or malformed.

/// Deepest indentation; deeper levels are written flat.
const DEEPEST: usize = 40;

/// The text with a line for each member and element, or as it is where it does not begin like an object or an array.
pub(super) fn indented(text: &str) -> String {
    if !text.trim_start().starts_with(['{', '[']) {
        return text.to_owned();
    }
    let mut out = Indenter::default();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => out.string(&mut rest),
            '{' | '[' => out.open(c, &mut rest),
            '}' | ']' => out.close(c),
            ',' => out.comma(),
            ':' => out.text.push_str(": "),
            c if c.is_ascii_whitespace() => {}
            c => out.text.push(c),
        }
    }
    out.text
}

type Rest<'a> = std::iter::Peekable<std::str::Chars<'a>>;

#[derive(Default)]
struct Indenter {
    text: String,
    depth: usize,
}

impl Indenter {
    fn string(&mut self, rest: &mut Rest<'_>) {
        self.text.push('"');
        while let Some(c) = rest.next() {
            self.text.push(c);
            match c {
                '\\' => self.text.extend(rest.next()),
                '"' => return,
                _ => {}
            }
        }
    }

    fn open(&mut self, c: char, rest: &mut Rest<'_>) {
        self.text.push(c);
        while rest.next_if(char::is_ascii_whitespace).is_some() {}
        if let Some(end) = rest.next_if(|next| matches!(next, '}' | ']')) {
            self.text.push(end);
            return;
        }
        self.depth += 1;
        self.new_line();
    }

    fn close(&mut self, c: char) {
        self.depth = self.depth.saturating_sub(1);
        self.new_line();
        self.text.push(c);
    }

    fn comma(&mut self) {
        self.text.push(',');
        self.new_line();
    }

    fn new_line(&mut self) {
        if self.depth <= DEEPEST {
            self.text.push('\n');
            self.text.extend(std::iter::repeat_n("  ", self.depth));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_get_lines_and_repeated_ones_stay() {
        let text = r#"{"a":1,"a":[ ],"s":"x{,}\"","b":[true]}"#;
        let shown = "{\n  \"a\": 1,\n  \"a\": [],\n  \"s\": \"x{,}\\\"\",\n  \"b\": [\n    true\n  ]\n}";
        assert_eq!(indented(text), shown);
    }

    #[test]
    fn what_is_cut_or_no_json_is_shown() {
        assert_eq!(indented(r#"{"a":"b"#), "{\n  \"a\": \"b");
        assert_eq!(indented("<html> x</html>"), "<html> x</html>");
        assert_eq!(indented("]"), "]");
    }

    #[test]
    fn depth_does_not_multiply_size() {
        assert!(indented(&"[".repeat(10_000)).len() < 20_000);
    }
}
