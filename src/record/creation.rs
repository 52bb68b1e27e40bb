//! What a run creates at its target, and what became of it: known before the request is sent, so that nothing is left
//! behind that nobody knows of.

use serde::{Deserialize, Serialize};

/// A request that may create something, about to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Creating {
    /// Counts the requests of a run that may create something.
    pub number: u64,
    /// The case that sends it.
    pub case: String,
    /// Its method.
    pub method: String,
    /// Where it goes.
    pub url: String,
    /// By which user of the target file, if any.
    pub user: Option<String>,
}

/// What became of such a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Fate {
    /// It was refused: nothing was created.
    Refused,
    /// Something was created, or an operation was accepted.
    Created {
        /// The status of the answer.
        status: u16,
        /// Where it is, if the answer says so.
        url: Option<String>,
    },
    /// What was created is gone.
    Deleted,
    /// An operation that was accepted and that the target does not delete.
    Kept,
}

/// Something that a run may have left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The request.
    pub creating: Creating,
    /// Where the thing is. Without it, it is not known whether there is one.
    pub url: Option<String>,
    /// The status of the answer; none without an answer.
    pub status: Option<u16>,
}

/// Every request of a run that may have created something, in the order they were sent.
#[derive(Clone, Debug, Default)]
pub struct Creations {
    entries: Vec<(Creating, Option<Fate>)>,
}

impl Creations {
    /// Notes a request before it is sent.
    pub fn begin(&mut self, creating: Creating) {
        self.entries.push((creating, None));
    }

    /// Notes what became of a request.
    pub fn settle(&mut self, number: u64, fate: Fate) {
        if let Some((_, known)) = self.entries.iter_mut().find(|(creating, _)| creating.number == number) {
            *known = Some(fate);
        }
    }

    /// What may be left, the newest first: what was created last may hang on what was created before.
    pub fn left(&self) -> Vec<Left> {
        let left = self.entries.iter().rev().filter_map(|(creating, fate)| match fate {
            Some(Fate::Refused | Fate::Deleted | Fate::Kept) => None,
            Some(Fate::Created { status, url }) => {
                Some(Left { creating: creating.clone(), url: url.clone(), status: Some(*status) })
            }
            None => Some(Left { creating: creating.clone(), url: None, status: None }),
        });
        left.collect()
    }
}

impl std::fmt::Display for Left {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Creating { method, url, case, .. } = &self.creating;
        match (&self.url, self.status) {
            (Some(made), _) => write!(f, "{made}"),
            (None, Some(status)) => write!(f, "what {method} {url} created (answered {status} without a URL; {case})"),
            (None, None) => write!(f, "what {method} {url} may have created (no response; {case})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn creating(number: u64) -> Creating {
        let text = |text: &str| text.to_owned();
        Creating { number, case: text("c"), method: text("POST"), url: text("http://h/l"), user: None }
    }

    #[test]
    fn what_is_left_comes_the_newest_first() {
        let mut creations = Creations::default();
        (1..=5).for_each(|number| creations.begin(creating(number)));
        creations.settle(1, Fate::Created { status: 201, url: Some("http://h/l/1".to_owned()) });
        creations.settle(2, Fate::Refused);
        creations.settle(3, Fate::Created { status: 200, url: None });
        creations.settle(4, Fate::Created { status: 201, url: Some("http://h/l/4".to_owned()) });
        creations.settle(4, Fate::Deleted);
        let left: Vec<String> = creations.left().iter().map(ToString::to_string).collect();
        assert_eq!(
            left,
            [
                "what POST http://h/l may have created (no response; c)",
                "what POST http://h/l created (answered 200 without a URL; c)",
                "http://h/l/1"
            ]
        );
    }
}
