//! Where in a response something is wrong.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest member name that is shown whole.
const NAME_LENGTH: usize = 60;

/// A place of a response, or what else a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "in", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Location {
    /// The status code.
    Status,
    /// A header.
    Header {
        /// Its name.
        name: String,
    },
    /// A value of a JSON body.
    Body {
        /// The way to it.
        pointer: Pointer,
    },
    /// A byte of the body.
    Byte {
        /// Its index.
        at: usize,
    },
    /// The body as a text.
    Text,
    /// The length of the body in bytes.
    Size,
    /// The time until the response was complete.
    Time,
    /// How following links from page to page ended.
    WalkEnd,
    /// A value that an earlier step saved.
    Saved {
        /// The template that names it.
        template: String,
    },
    /// The request.
    Request,
}

impl Location {
    /// The whole JSON body.
    pub fn root() -> Self {
        Self::at([])
    }

    /// A member of the JSON body.
    pub fn member(name: &str) -> Self {
        Self::at([PathStep::Name(name.to_owned())])
    }

    /// A value of the JSON body.
    pub fn at(steps: impl IntoIterator<Item = PathStep>) -> Self {
        Self::Body { pointer: Pointer(steps.into_iter().collect()) }
    }

    /// A header.
    pub fn header(name: impl Into<String>) -> Self {
        Self::Header { name: name.into() }
    }

    /// The place to which these steps lead on from here, if it is one of the body.
    #[must_use]
    pub fn below(mut self, steps: impl IntoIterator<Item = PathStep>) -> Self {
        if let Self::Body { pointer } = &mut self {
            pointer.0.extend(steps);
        }
        self
    }

    /// The same with every text of the target in it changed.
    #[must_use]
    pub fn map_texts(self, text: &impl Fn(&str) -> String) -> Self {
        match self {
            Self::Header { name } => Self::Header { name: text(&name) },
            Self::Saved { template } => Self::Saved { template: text(&template) },
            Self::Body { pointer } => Self::at(pointer.0.into_iter().map(|step| match step {
                PathStep::Name(name) => PathStep::Name(text(&name)),
                PathStep::Index(index) => PathStep::Index(index),
            })),
            other @ (Self::Status
            | Self::Byte { .. }
            | Self::Text
            | Self::Size
            | Self::Time
            | Self::WalkEnd
            | Self::Request) => other,
        }
    }
}

impl fmt::Display for Location {
    /// The place as messages name it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status => f.write_str("the status"),
            Self::Header { name } => write!(f, "header {name}"),
            Self::Body { pointer } => pointer.fmt(f),
            Self::Byte { at } => write!(f, "byte {at} of the body"),
            Self::Text => f.write_str("the body"),
            Self::Size => f.write_str("the number of body bytes"),
            Self::Time => f.write_str("the time in seconds"),
            Self::WalkEnd => f.write_str("the walk"),
            Self::Saved { template } => write!(f, "`{template}`"),
            Self::Request => f.write_str("the request"),
        }
    }
}

/// One step from a JSON value into it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PathStep {
    /// Into the member of this name.
    Name(String),
    /// Into the element of this index.
    Index(usize),
}

/// The way from the root of a JSON document to a value: a JSON Pointer (RFC 6901) where it is stored, a JSONPath where
/// people read it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pointer(pub Vec<PathStep>);

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        for step in &self.0 {
            match step {
                PathStep::Index(index) => write!(f, "[{index}]")?,
                PathStep::Name(name) if is_plain(name) => write!(f, ".{name}")?,
                PathStep::Name(name) => write!(f, "['{}']", quoted(name))?,
            }
        }
        Ok(())
    }
}

/// Whether a name can stand after a dot.
fn is_plain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.len() <= NAME_LENGTH && name.bytes().all(plain) && name.starts_with(|first: char| !first.is_ascii_digit())
}

/// A name as it stands between quotes: short, and without characters that a terminal would obey.
fn quoted(name: &str) -> String {
    let mut out = String::new();
    for (at, character) in name.chars().enumerate() {
        if at == NAME_LENGTH {
            out.push('…');
            break;
        }
        match character {
            '\\' | '\'' => out.extend(['\\', character]),
            _ if is_obeyed(character) => out.extend(character.escape_unicode()),
            _ => out.push(character),
        }
    }
    out
}

/// Whether a character controls a terminal or the direction of text.
pub fn is_obeyed(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

impl From<Pointer> for String {
    fn from(pointer: Pointer) -> Self {
        let token = |step: &PathStep| match step {
            PathStep::Name(name) => format!("/{}", name.replace('~', "~0").replace('/', "~1")),
            PathStep::Index(index) => format!("/{index}"),
        };
        pointer.0.iter().map(token).collect()
    }
}

/// A text is not a JSON Pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a JSON Pointer is empty or begins with `/`")]
pub struct PointerError;

impl TryFrom<String> for Pointer {
    type Error = PointerError;

    /// A token of digits is read as an index: a pointer does not say which it is.
    fn try_from(text: String) -> Result<Self, PointerError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let rest = text.strip_prefix('/').ok_or(PointerError)?;
        let step = |token: &str| {
            let is_index = token == "0" || !token.starts_with('0') && token.bytes().all(|byte| byte.is_ascii_digit());
            match token.parse() {
                Ok(index) if is_index => PathStep::Index(index),
                _ => PathStep::Name(token.replace("~1", "/").replace("~0", "~")),
            }
        };
        Ok(Self(rest.split('/').map(step).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> PathStep {
        PathStep::Name(name.to_owned())
    }

    #[test]
    fn a_pointer_is_written_for_programs_and_for_people() {
        let pointer = Pointer(vec![name("a_1"), PathStep::Index(3), name("it's a/b~c"), name("\u{7}"), name("")]);
        assert_eq!(pointer.to_string(), r"$.a_1[3]['it\'s a/b~c']['\u{7}']['']");
        let stored = String::from(pointer.clone());
        assert_eq!(stored, "/a_1/3/it's a~1b~0c/\u{7}/");
        assert_eq!(Pointer::try_from(stored), Ok(pointer));
        assert_eq!(Pointer::try_from(String::new()), Ok(Pointer::default()));
        assert_eq!(Pointer::try_from("a".to_owned()), Err(PointerError));
        assert_eq!(Pointer::try_from("/01/-1".to_owned()), Ok(Pointer(vec![name("01"), name("-1")])));
    }

    #[test]
    fn a_location_is_stored_and_read_back() {
        for (location, text) in [
            (Location::Status, r#"{"in":"status"}"#),
            (Location::header("Allow"), r#"{"in":"header","name":"Allow"}"#),
            (Location::member("results").below([PathStep::Index(0)]), r#"{"in":"body","pointer":"/results/0"}"#),
            (Location::Byte { at: 12 }, r#"{"in":"byte","at":12}"#),
        ] {
            assert_eq!(serde_json::to_string(&location).unwrap(), text);
            assert_eq!(serde_json::from_str::<Location>(text).unwrap(), location);
        }
    }
}
