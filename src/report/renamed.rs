//! Names in the script of a failed test: those that the target gave then are other ones now, and those that the run invented
//! may be taken.

use std::cmp::Reverse;
use std::fmt::Write as _;

use serde_json::Value;
use url::Url;

use super::curl::quoted;
use crate::record::StoredExchange;

/// What every name begins with that a run invents.
const INVENTED: &str = "atlaspec-";
/// What every address begins with that a run invents (RFC 2544).
const INVENTED_ADDRESSES: [&str; 2] = ["198.18.", "198.19."];

/// What had a name at the time of the test and has another one now.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The name, or what it began with.
    text: String,
    /// What counts as one of its places.
    kind: Kind,
    /// The variable of the shell that holds what it is now.
    pub(super) variable: String,
}

/// How a name stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// As a whole: a segment of a path, a value of a parameter, or a string of JSON.
    Whole,
    /// As the beginning of a longer name.
    Beginning,
}

impl Named {
    /// What the names and the addresses that the run invented begin with, as far as requests have some.
    pub(super) fn by_the_run<'e>(sent: impl Iterator<Item = &'e StoredExchange>) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        for text in sent.flat_map(spoken) {
            for (beginning, variable) in [(invented(text), "unique"), (invented_address(text), "addresses")] {
                if let Some(text) = beginning.filter(|text| found.iter().all(|known| known.text != *text)) {
                    found.push(Self { text: text.to_owned(), kind: Kind::Beginning, variable: variable.to_owned() });
                }
            }
        }
        found
    }

    /// What the response to a request that creates gives a name to, if a later request speaks of it.
    pub(super) fn by_the_target(number: usize, exchange: &StoredExchange, later: &[&StoredExchange]) -> Option<Self> {
        let created = exchange.method == "POST" && exchange.status / 100 == 2;
        let text =
            Some(exchange).filter(|_| created).and_then(|exchange| location(exchange).or_else(|| id(exchange)))?;
        let named = Self { text, kind: Kind::Whole, variable: format!("created_{number}") };
        let mentions =
            |exchange: &&StoredExchange| spoken(exchange).iter().any(|spoken| named.places(spoken).next().is_some());
        later.iter().any(mentions).then_some(named)
    }

    /// Where it stands in a text.
    fn places<'t>(&'t self, text: &'t str) -> impl Iterator<Item = usize> + 't {
        text.match_indices(&self.text).map(|(at, _)| at).filter(move |at| {
            let before = text[..*at].chars().next_back();
            let after = text[at + self.text.len()..].chars().next();
            match self.kind {
                Kind::Whole => before.is_some_and(|c| "/=\"".contains(c)) && after.is_none_or(|c| "/?#&\"".contains(c)),
                Kind::Beginning => {
                    !before.is_some_and(|c| c.is_ascii_alphanumeric()) && after.is_some_and(|c| "-.".contains(c))
                }
            }
        })
    }
}

/// What a request says in texts that a script can alter.
fn spoken(exchange: &StoredExchange) -> [&str; 2] {
    [&exchange.url, exchange.request_body.as_ref().map_or("", |body| &body.text)]
}

/// The beginning of the first name in a text that the run invented: `atlaspec-` and the digits that name the run.
fn invented(text: &str) -> Option<&str> {
    text.match_indices(INVENTED).find_map(|(at, _)| {
        let run = &text[at + INVENTED.len()..];
        let digits = run.find(|c: char| !c.is_ascii_hexdigit())?;
        let is_it = digits > 0 && run[digits..].starts_with('-');
        is_it.then(|| &text[at..at + INVENTED.len() + digits])
    })
}

/// The last segment of the path that a response points to.
fn location(exchange: &StoredExchange) -> Option<String> {
    let (_, value) = exchange.response_headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("location"))?;
    let url = Url::parse(&exchange.url).ok()?.join(value).ok()?;
    let last = url.path().trim_end_matches('/').rsplit('/').next()?;
    (!last.is_empty()).then(|| last.to_owned())
}

/// The id in a response's body, with or without an envelope.
fn id(exchange: &StoredExchange) -> Option<String> {
    let body: Value = serde_json::from_str(&exchange.response_body.as_ref()?.text).ok()?;
    let id = body.get("content").unwrap_or(&body).get("id")?;
    id.as_str().map(str::to_owned).or_else(|| id.as_u64().map(|id| id.to_string()))
}

/// The first three numbers of the first address in a text that the run invented: one of 198.18.0.0/15.
fn invented_address(text: &str) -> Option<&str> {
    INVENTED_ADDRESSES.iter().flat_map(|network| text.match_indices(network)).find_map(|(at, network)| {
        let third = text[at + network.len()..].find(|c: char| !c.is_ascii_digit()).filter(|digits| *digits > 0)?;
        let end = at + network.len() + third;
        text[end..].starts_with('.').then(|| &text[at..end])
    })
}

/// One word of the shell, in which names are those of today.
pub(super) fn word(text: &str, named: &[Named]) -> String {
    let mut found: Vec<(usize, &Named)> =
        named.iter().flat_map(|name| name.places(text).map(move |at| (at, name))).collect();
    found.sort_by_key(|(at, name)| (*at, Reverse(name.text.len())));
    let (mut word, mut from) = (String::new(), 0);
    for (at, name) in found {
        if at < from {
            continue;
        }
        let _ = write!(word, "{}\"${}\"", quoted(&text[from..at]), name.variable);
        from = at + name.text.len();
    }
    if from < text.len() || word.is_empty() {
        word.push_str(&quoted(&text[from..]));
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_replaced_where_it_stands_as_a_whole() {
        let named = [Named { text: "7".to_owned(), kind: Kind::Whole, variable: "created_1".to_owned() }];
        assert_eq!(
            word("https://h/a7/7/b?x=7&y=77", &named),
            r#"'https://h/a7/'"$created_1"'/b?x='"$created_1"'&y=77'"#
        );
        assert_eq!(word(r#"{"a":"7","b":7}"#, &named), r#"'{"a":"'"$created_1"'","b":7}'"#);
        assert_eq!((word("", &named), word("/7", &named)), ("''".to_owned(), r#"'/'"$created_1""#.to_owned()));
    }

    #[test]
    fn the_names_of_a_run_begin_with_other_digits_now() {
        let text = r#"{"name":"atlaspec-803bb417-31","by":"atlaspec-team","note":"xatlaspec-803bb417-1"}"#;
        assert_eq!(invented("atlaspec-, atlaspec-team, atlaspec-9"), None);
        assert_eq!(invented_address("/a/198.19.144.69?x=1"), Some("198.19.144"));
        assert_eq!((invented_address("198.20.1.1"), invented_address("198.18.x")), (None, None));
        let run = invented(text).map(|text| Named {
            text: text.to_owned(),
            kind: Kind::Beginning,
            variable: "unique".to_owned(),
        });
        let whole =
            Named { text: "atlaspec-803bb417-31".to_owned(), kind: Kind::Whole, variable: "created_1".to_owned() };
        let named = [run.expect("a name of the run"), whole];
        let rest = r#"","by":"atlaspec-team","note":"xatlaspec-803bb417-1"}'"#;
        assert_eq!(word(text, &named), format!(r#"'{{"name":"'"$created_1"'{rest}"#));
        assert_eq!(word(text, &named[..1]), format!(r#"'{{"name":"'"$unique"'-31{rest}"#));
    }
}
