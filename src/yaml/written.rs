//! Numbers as they were written: `680841e1` may be an id, `1.10` a version, and a long one has every digit.

use serde_json::Number;

use super::node::{Content, Node, Position};

/// Gives each number of a tree back the digits that its text has. One that JSON writes otherwise (`0x1F`, `+5`) is told
/// apart.
pub(super) fn restore(node: &mut Node, text: &str) {
    let lines: Vec<&str> = text.split('\n').collect();
    visit(node, &lines);
}

fn visit(node: &mut Node, lines: &[&str]) {
    match &mut node.content {
        Content::Number(_) => {
            if let Some(written) = token(node.at, lines) {
                let is_json = serde_json::from_str::<Number>(written).is_ok();
                let of = if is_json { as_written } else { Content::OddNumber };
                node.content = of(written.to_owned());
            }
        }
        Content::List(items) => items.iter_mut().for_each(|item| visit(item, lines)),
        Content::Map(entries) => {
            for entry in entries {
                let is_number = serde_json::from_str::<Number>(&entry.key).is_ok();
                if let Some(written) = token(entry.at, lines).filter(|_| is_number) {
                    written.clone_into(&mut entry.key);
                }
                visit(&mut entry.value, lines);
            }
        }
        Content::Null | Content::Bool(_) | Content::OddNumber(_) | Content::Text(_) => {}
    }
}

/// A number that keeps its exponent as it was written, which parsing does not.
fn as_written(digits: String) -> Content {
    Content::Number(Number::from_string_unchecked(digits))
}

/// What is written at a place, if it looks like a number; nothing of an alias, or within quotes.
fn token<'t>(at: Position, lines: &[&'t str]) -> Option<&'t str> {
    let line = lines.get(at.line.checked_sub(1)?)?;
    let (start, _) = line.char_indices().nth(at.column.checked_sub(1)?)?;
    let rest = &line[start..];
    let part_of_number = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
    let token = &rest[..rest.find(|letter| !part_of_number(letter)).unwrap_or(rest.len())];
    let first = token.trim_start_matches(['+', '-', '.']);
    first.starts_with(|letter: char| letter.is_ascii_digit()).then_some(token)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::yaml::parse;

    #[test]
    fn numbers_have_the_digits_that_were_written() {
        let text = "é: 1.10\nb: [680841e1, 1e3, 123456789012345678901234567890, -7, 012]\n0.50: { c: 2.0 }\n";
        assert_eq!(
            parse("f", text).unwrap().json().to_string(),
            r#"{"é":1.10,"b":[680841e1,1e3,123456789012345678901234567890,-7,"012"],"0.50":{"c":2.0}}"#
        );
    }

    #[test]
    fn numbers_that_json_writes_otherwise_are_kept_as_text() {
        let tree = parse("f", "[0x1F, 0o17, +5, .5, 5., &a 0x2, *a]").unwrap();
        assert_eq!(tree.json(), json!(["0x1F", "0o17", "+5", ".5", "5.", "0x2", 2]));
    }
}
