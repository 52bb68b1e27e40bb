//! `--set KEY=VALUE`: one value laid over a target file.

use crate::yaml::{self, Content, Entry, Node, Position, Problem};

/// The option that settings are given with.
const OPTION: &str = "--set";
/// The most parts of a key.
const DEEPEST: usize = 32;

/// A setting: its name in problems, and the tree that it is.
pub(super) struct Setting {
    pub(super) name: String,
    pub(super) tree: Node,
}

/// Reads `users.owner.username=ci`: a dotted path and a value in YAML. A part with a dot in it stands in quotes.
pub(super) fn read(text: &str) -> Result<Setting, Problem> {
    let (keys, value_at) = keys(text)?;
    let name = format!("{OPTION} {}", text.chars().take(value_at - 1).collect::<String>());
    // Blanks keep the columns of the value those of the whole text.
    let padded: String = (0..value_at).map(|_| ' ').chain(text.chars().skip(value_at)).collect();
    let value = match padded.trim() {
        "" => Node { at: Position::new(1, value_at), content: Content::Null },
        _ => yaml::parse(&name, &padded)?,
    };
    let tree = keys.into_iter().rev().fold(value, |value, (key, column)| {
        let at = Position::new(1, column);
        Node { at, content: Content::Map(vec![Entry { key, at, value }]) }
    });
    Ok(Setting { name, tree })
}

/// The parts of the key, each with its column, and how many letters the key has with its `=`.
fn keys(text: &str) -> Result<(Vec<(String, usize)>, usize), Problem> {
    // The text is not repeated: it may hold a key.
    let wrong = |column: usize, what: &str| Problem {
        help: Some("write it as `--set limits.rate=50` or `--set 'claims=[lists, writes]'`".to_owned()),
        ..Position::new(1, column).problem(OPTION, what)
    };
    let (mut keys, mut start, mut quoted) = (vec![(String::new(), 1)], true, false);
    for (at, letter) in text.chars().enumerate() {
        let column = at + 1;
        let depth = keys.len();
        let Some((key, _)) = keys.last_mut() else { break };
        match letter {
            '"' if quoted || (start && key.is_empty()) => (quoted, start) = (!quoted, false),
            '.' | '=' if !quoted && key.is_empty() => {
                return Err(wrong(column, "a name is missing in the key of a setting"));
            }
            '=' if !quoted => return Ok((keys, column)),
            '.' if !quoted && depth == DEEPEST => {
                return Err(wrong(column, &format!("the key of a setting has more than {DEEPEST} parts")));
            }
            '.' if !quoted => {
                keys.push((String::new(), column + 1));
                start = true;
            }
            letter => {
                key.push(letter);
                start = false;
            }
        }
    }
    Err(wrong(1, "a setting is `KEY=VALUE`, and this has no `=`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dotted_path_is_a_tree_and_the_value_is_yaml() {
        for (text, json) in [
            ("limits.rate=50", r#"{"limits":{"rate":50}}"#),
            ("claims=[lists, writes]", r#"{"claims":["lists","writes"]}"#),
            ("tls=", r#"{"tls":null}"#),
            ("parameters.group=a=b", r#"{"parameters":{"group":"a=b"}}"#),
            (r#"headers."X.Y"="1""#, r#"{"headers":{"X.Y":"1"}}"#),
            ("users.é.username=680841e1", r#"{"users":{"é":{"username":680841e1}}}"#),
        ] {
            assert_eq!(read(text).map(|it| it.tree.json().to_string()), Ok(json.to_owned()), "{text}");
        }
    }

    #[test]
    fn keys_and_values_have_their_columns() {
        let setting = read("limits.é=[1, x]").unwrap();
        let limits = setting.tree.entry("limits").unwrap();
        let inner = limits.value.entry("é").unwrap();
        assert_eq!((limits.at.column, inner.at.column, inner.value.at.column), (1, 8, 10));
        assert_eq!(inner.value.items()[1].at.column, 14);
        assert_eq!(setting.name, "--set limits.é");
    }

    #[test]
    fn what_is_no_setting_is_refused_and_not_repeated() {
        let deep = format!("{}=1", ["a"; 33].join("."));
        for (text, said) in [
            ("s3cret", "no `=`"),
            ("=1", "a name is missing"),
            ("a..b=1", "a name is missing"),
            (r#""a=1"#, "no `=`"),
            (&deep, "more than 32 parts"),
            ("a=[1", "unclosed"),
        ] {
            let problem = read(text).map(|it| it.name).unwrap_err();
            assert!(problem.message.contains(said) && !problem.message.contains("s3cret"), "{text}: {problem:?}");
        }
    }
}
