//! YAML with positions: the one door to the parser, and the problems that are found in files.

mod lay;
mod node;
mod parse;
mod shape;
mod written;

use std::time::Duration;

use crate::verdict::Source;

pub(crate) use lay::{Laying, Places};
pub(crate) use node::{Content, Entry, Node, Position};
pub(crate) use parse::parse;
pub use parse::text;
pub use shape::KeyFound;
pub(crate) use shape::{
    Choice, Format, Key, Object, Presence, Rest, Shape, check, check_joined, format_of, keys_named, names_of_keys,
    schema, schema_of_layers,
};

/// The most bytes of a file that are read.
pub const SIZE_LIMIT: usize = 256 * 1024;

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

/// The longest duration that is read, a century: a clock can count from now to its end.
const LONGEST: Duration = Duration::from_hours(876_000);

/// A duration text of the formats: `500ms`, `5s`, `2m`, `1h`; or `None` if it is none or too long.
pub fn duration(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let number: u64 = text[..digits].parse().ok()?;
    let duration = match &text[digits..] {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs),
        "h" => number.checked_mul(3600).map(Duration::from_secs),
        _ => None,
    };
    duration.filter(|duration| *duration <= LONGEST)
}

/// `did you mean …?` with the candidate nearest to a word, if one is near.
pub(crate) fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

/// The candidate nearest to a word, if one is near: a third of its letters may differ, or one is part of the other.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Long words are never near; measuring them would take time.
    if word.len() > 100 {
        return None;
    }
    let allowed = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit() {
        assert_eq!(duration("1500ms"), Some(Duration::from_millis(1500)));
        assert_eq!(duration("2m"), Some(Duration::from_mins(2)));
        assert_eq!(duration("5"), None);
        assert_eq!(duration("s"), None);
        assert_eq!(duration("99999999999999999999s"), None);
        assert_eq!(duration("18446744073709551615h"), None);
        assert_eq!(duration("18446744073709551615s"), None);
        assert_eq!(duration("876000h"), Some(LONGEST));
    }

    #[test]
    fn the_nearest_word_is_offered_and_no_far_one() {
        assert_eq!(did_you_mean("expcet", ["expect", "except"]), Some("did you mean `expect`?".into()));
        assert_eq!(did_you_mean("stauts", ["status", "text"]), Some("did you mean `status`?".into()));
        assert_eq!(did_you_mean("completely", ["status", "text"]), None);
    }
}
