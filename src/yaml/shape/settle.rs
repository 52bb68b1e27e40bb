//! Numbers where a text is due: `username: 680841e1` means the text.

use super::check::{admits, choose};
use super::{Rest, Shape};
use crate::yaml::{Content, Node};

/// Makes a text, as it was written, of each number in `node` that `shape` wants to be a text. Where either may stand, a
/// number stays one if it reads alike as both.
pub(super) fn settle(shape: &Shape, node: &mut Node) {
    if let Some(written) = written(&node.content) {
        let text = Node { at: node.at, content: Content::Text(written) };
        let may_stay = shape.takes(&node.content) && reads_alike(&node.content);
        if admits(shape, &text) && !may_stay && !matches!(shape, Shape::Any | Shape::Plain) {
            *node = text;
        }
        return;
    }
    match shape {
        Shape::OneOf(shapes) => {
            if let Some(chosen) = choose(shapes, node) {
                settle(chosen, node);
            }
        }
        Shape::Hidden(inner) => settle(inner, node),
        Shape::List(inner) | Shape::Filled(inner) => {
            if let Content::List(items) = &mut node.content {
                for item in items {
                    settle(inner, item);
                }
            }
        }
        Shape::Named(inner) => {
            if let Content::Map(entries) = &mut node.content {
                for entry in entries {
                    settle(inner, &mut entry.value);
                }
            }
        }
        Shape::Object(object) => {
            let Content::Map(entries) = &mut node.content else { return };
            for entry in entries {
                match (object.key(&entry.key), &object.rest) {
                    (Some(key), _) => settle(&key.shape, &mut entry.value),
                    (None, Rest::Own(shape, _)) => settle(shape, &mut entry.value),
                    (None, _) => {}
                }
            }
        }
        _ => {}
    }
}

/// A number as it was written.
fn written(content: &Content) -> Option<String> {
    match content {
        Content::Number(number) => Some(number.to_string()),
        Content::OddNumber(written) => Some(written.clone()),
        _ => None,
    }
}

/// Whether a number, told in digits, is what was written: `7` is, `1.10` and `1e3` are not.
fn reads_alike(content: &Content) -> bool {
    let Content::Number(number) = content else { return false };
    let written = number.to_string();
    let ends_in_zero = written.contains('.') && written.ends_with('0');
    !(ends_in_zero || written.contains(['e', 'E']))
}

#[cfg(test)]
mod tests {
    use super::super::{Shape, check};
    use crate::yaml::parse;

    const TEXTS: Shape = Shape::Named(&Shape::Text);
    const EITHER: Shape = Shape::Named(&Shape::OneOf(&[Shape::Text, Shape::Number]));
    const VALUES: Shape = Shape::Named(&Shape::Any);

    /// The value that a text is, and the problems.
    fn settled(shape: &Shape, text: &str) -> (String, Vec<String>) {
        let (mut node, mut problems) = (parse("f", text).unwrap(), Vec::new());
        check(shape, &mut node, "f", &mut problems);
        (node.json().to_string(), problems.into_iter().map(|problem| problem.message).collect())
    }

    #[test]
    fn a_number_is_a_text_where_a_text_is_due() {
        let all = "{ a: 680841e1, b: 0x1F, c: 7, d: 1.10, e: '7' }";
        let as_texts = r#"{"a":"680841e1","b":"0x1F","c":"7","d":"1.10","e":"7"}"#;
        assert_eq!(settled(&TEXTS, all), (as_texts.to_owned(), Vec::new()));
        let either = r#"{"a":"680841e1","b":"0x1F","c":7,"d":"1.10","e":"7"}"#;
        assert_eq!(settled(&EITHER, all), (either.to_owned(), Vec::new()));
    }

    #[test]
    fn a_value_that_json_cannot_write_so_is_refused() {
        let (value, problems) = settled(&VALUES, "{ a: 680841e1, b: [{ c: 0o17 }], d: '0o17' }");
        assert_eq!(value, r#"{"a":680841e1,"b":[{"c":"0o17"}],"d":"0o17"}"#);
        assert_eq!(problems, ["`0o17` is a number that JSON does not know"]);
    }
}
