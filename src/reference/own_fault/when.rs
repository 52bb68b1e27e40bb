//! Which responses a fault alters.

use hyper::StatusCode;

use crate::reference::auth;
use crate::reference::http::Call;
use crate::reference::query::Query;
use crate::reference::world::World;

/// A condition; what is left out matches everything.
#[derive(Clone, Debug, Default)]
pub(super) struct When {
    /// The methods, one of which it is.
    pub(super) methods: Vec<String>,
    /// The path below the base URL.
    pub(super) path: Option<PathPattern>,
    /// The classes or codes of the status.
    pub(super) statuses: Vec<Statuses>,
    /// The parameters that the query has, each with its value.
    pub(super) query: Vec<(String, String)>,
    /// The name of the user whose credentials the request has.
    pub(super) user: Option<String>,
    /// How many matching responses pass unaltered first.
    pub(super) skip: u64,
    /// How many are altered then.
    pub(super) times: Option<u64>,
}

/// What a condition looks at in a request.
pub(super) struct Request<'c> {
    method: &'c str,
    /// The segments below the base URL; a path elsewhere has none that match.
    path: Option<&'c [String]>,
    query: &'c Query,
    user: Option<&'c str>,
}

impl<'c> Request<'c> {
    pub(super) fn of(world: &'c World, call: &'c Call) -> Self {
        let user = auth::user_named_by(world, call);
        Self { method: call.method.as_str(), path: call.path.as_deref(), query: &call.query, user }
    }
}

impl When {
    /// Whether a response is of its kind.
    pub(super) fn matches(&self, request: &Request<'_>, status: StatusCode) -> bool {
        (self.methods.is_empty() || self.methods.iter().any(|method| method == request.method))
            && self.path.as_ref().is_none_or(|pattern| request.path.is_some_and(|path| pattern.matches(path)))
            && (self.statuses.is_empty() || self.statuses.iter().any(|it| it.include(status)))
            && self.query.iter().all(|(name, value)| request.query.get(name) == Some(value.as_str()))
            && self.user.as_deref().is_none_or(|user| request.user == Some(user))
    }

    /// Whether the matching response of this number, from 1 on, is altered.
    pub(super) fn includes(&self, number: u64) -> bool {
        number > self.skip && self.times.is_none_or(|times| number - self.skip <= times)
    }
}

/// One status, or all of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Statuses {
    Code(u16),
    Class(u16),
}

impl Statuses {
    fn include(self, status: StatusCode) -> bool {
        match self {
            Self::Code(code) => status.as_u16() == code,
            Self::Class(class) => status.as_u16() / 100 == class,
        }
    }
}

/// A path in which `*` stands for one segment and `**` for any number of them.
#[derive(Clone, Debug)]
pub(super) struct PathPattern(Vec<String>);

impl PathPattern {
    /// The pattern that is written so, with a slash at its beginning; the root is `/`.
    pub(super) fn new(text: &str) -> Self {
        Self(text.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect())
    }

    fn matches(&self, path: &[String]) -> bool {
        // Which numbers of segments the pattern has matched so far: each of its parts is looked at once.
        let mut reached = vec![false; path.len() + 1];
        reached[0] = true;
        for part in &self.0 {
            let mut next = vec![false; path.len() + 1];
            for at in (0..=path.len()).filter(|at| reached[*at]) {
                match part.as_str() {
                    "**" => next[at..].fill(true),
                    part if path.get(at).is_some_and(|segment| part == "*" || part == segment) => next[at + 1] = true,
                    _ => {}
                }
            }
            reached = next;
        }
        reached[path.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_a_segment_and_two_are_any_number() {
        let matches = |pattern: &str, path: &str| {
            let path: Vec<String> = path.split('/').filter(|it| !it.is_empty()).map(str::to_owned).collect();
            PathPattern::new(pattern).matches(&path)
        };
        assert!(matches("/", "/") && !matches("/", "/groups"));
        assert!(matches("/groups/*/hosts", "/groups/7/hosts") && !matches("/groups/*/hosts", "/groups/7/9/hosts"));
        assert!(matches("/groups/**", "/groups") && matches("/**/hosts", "/groups/7/hosts"));
        assert!(matches("/**/7/**", "/groups/7") && !matches("/**/8/**", "/groups/7"));
        assert!(!matches("/groups/*", "/groups") && matches("/**", "/"));
        let long = "/a".repeat(2_000);
        assert!(!matches(&"/**".repeat(50).replace("**/", "**/a/"), &"/b".repeat(2_000)) && matches("/**", &long));
    }

    #[test]
    fn the_first_are_skipped_and_then_some_altered() {
        let when = When { skip: 2, times: Some(2), ..When::default() };
        assert_eq!((1..=6).filter(|number| when.includes(*number)).collect::<Vec<_>>(), [3, 4]);
        assert!(When::default().includes(1) && When::default().includes(u64::MAX));
    }
}
