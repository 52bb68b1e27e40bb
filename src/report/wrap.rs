//! Paragraphs for a terminal.

/// The text in lines of at most `width` characters, each after `indent` spaces; a longer word stands alone.
pub(super) fn wrapped(text: &str, indent: usize, width: usize) -> String {
    let room = width.saturating_sub(indent).max(20);
    let mut lines: Vec<String> = vec![String::new()];
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > room {
            lines.push(String::new());
            used = 0;
        }
        let line = lines.last_mut().expect("there is a first line");
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += length;
    }
    let indent = " ".repeat(indent);
    let lines: Vec<String> = lines.iter().map(|line| format!("{indent}{line}\n")).collect();
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_within_the_width() {
        let text = "aaaa bbbb cccc dddd eeee ffff";
        assert_eq!(wrapped(text, 2, 24), "  aaaa bbbb cccc dddd\n  eeee ffff\n");
        assert_eq!(wrapped(&"x".repeat(30), 0, 20), format!("{}\n", "x".repeat(30)));
    }
}
