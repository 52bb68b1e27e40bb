//! YAML with positions: the one door to the parser, and the problems that are found in files.

use std::time::Duration;

use crate::verdict::Source;

/// Something wrong in a file that a person wrote.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where.
    pub source: Source,
    /// What, in lower case and without a full stop.
    pub message: String,
    /// What was meant, if that can be guessed: `did you mean …?`
    pub help: Option<String>,
}

/// A duration text of the formats: `500ms`, `5s`, `2m`, `1h`; or `None` if it is none.
pub fn duration(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let number: u64 = text[..digits].parse().ok()?;
    match &text[digits..] {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs),
        "h" => number.checked_mul(3600).map(Duration::from_secs),
        _ => None,
    }
}
