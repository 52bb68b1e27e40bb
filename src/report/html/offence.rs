//! Where in an exchange the offence lies that a finding tells of, as far as its words say.

use crate::report::body::Step;
use crate::verdict::{Finding, Verdict};

/// A place of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Offence {
    /// The status code.
    Status,
    /// A header, its name in lower case.
    Header(String),
    /// A place of a JSON body.
    Place(Vec<Step>),
    /// A byte of the body.
    Byte(usize),
}

impl Offence {
    /// The place a finding speaks of, if it is not as expected and names one.
    pub(super) fn of(finding: &Finding) -> Option<Self> {
        if finding.verdict == Verdict::Pass {
            return None;
        }
        let message = finding.message.as_str();
        if finding.check == "status" {
            return Some(Self::Status);
        }
        header(message).map(Self::Header).or_else(|| byte(message).map(Self::Byte)).or_else(|| path(message))
    }
}

fn header(message: &str) -> Option<String> {
    let name = message.split("header ").nth(1)?.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).next()?;
    (!name.is_empty()).then(|| name.to_ascii_lowercase())
}

fn byte(message: &str) -> Option<usize> {
    let rest = message.split("at byte ").nth(1)?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn path(message: &str) -> Option<Offence> {
    let mut rest = &message[message.find('$')? + 1..];
    let mut steps = Vec::new();
    while let Some((step, after)) = step(rest) {
        steps.push(step);
        rest = after;
    }
    (!steps.is_empty()).then_some(Offence::Place(steps))
}

/// The first step of a path as messages write it: `.name`, `[0]` or `['any name']`.
fn step(text: &str) -> Option<(Step, &str)> {
    if let Some(rest) = text.strip_prefix('.') {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len());
        return (end > 0).then(|| (Step::Name(rest[..end].to_owned()), &rest[end..]));
    }
    let rest = text.strip_prefix('[')?;
    if let Some(quoted) = rest.strip_prefix('\'') {
        let end = quoted.find("']")?;
        return Some((Step::Name(quoted[..end].replace("\\'", "'").replace("\\\\", "\\")), &quoted[end + 2..]));
    }
    let end = rest.find(']')?;
    Some((Step::Index(rest[..end].parse().ok()?), &rest[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offence(check: &str, message: &str) -> Option<Offence> {
        Offence::of(&Finding::fail(check, message))
    }

    #[test]
    fn the_words_of_a_finding_name_its_place() {
        assert_eq!(offence("status", "the status is 200"), Some(Offence::Status));
        let named = Offence::Header("content-type".to_owned());
        assert_eq!(offence("headers", "header Content-Type is \"text/html\", expected …"), Some(named));
        assert_eq!(offence("body", "body is no JSON: a value is expected at byte 12"), Some(Offence::Byte(12)));
        let steps = vec![Step::Name("results".to_owned()), Step::Index(3), Step::Name("a b".to_owned())];
        let message = "answer 2 of 4: $.results[3]['a b'] is 7. Then $.x";
        assert_eq!(offence("body", message), Some(Offence::Place(steps)));
    }

    #[test]
    fn where_nothing_is_named_nothing_is_marked() {
        for message in ["the root $ is an array", "$. and $[x] and $['open", "costs 5 $", ""] {
            assert_eq!(offence("body", message), None, "{message}");
        }
        assert_eq!(Offence::of(&Finding::pass("status")), None);
    }
}
