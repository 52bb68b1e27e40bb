//! Where the API is in a recording that holds more than its traffic.

use std::collections::BTreeMap;
use std::io::BufRead;

use url::Url;

use super::har::{Break, Hint, Recording};

/// The most places that are counted.
const PLACES: usize = 1_000;

/// Counts where the answers of an API come from.
#[derive(Debug, Default)]
pub struct Guess {
    places: BTreeMap<String, usize>,
}

impl Guess {
    /// Counts the exchanges of a recording, up to its end or break.
    pub fn read(&mut self, reader: impl BufRead) -> Result<(), Break> {
        let mut recording = Recording::at_a_glance(reader);
        while let Some(hint) = recording.next_hint()? {
            if let Hint::At(url, weight) = hint {
                self.count(&url, weight);
            }
        }
        Ok(())
    }

    /// The place with the most answers that look like the API's; of equal ones the first by name.
    pub fn best(&self) -> Option<Url> {
        let best = self.places.iter().rev().max_by_key(|(_, weight)| **weight)?;
        Url::parse(best.0).ok()
    }

    fn count(&mut self, url: &Url, weight: usize) {
        let place = root(url);
        if self.places.len() < PLACES || self.places.contains_key(&place) {
            *self.places.entry(place).or_default() += weight;
        }
    }
}

/// The place of a URL: its origin, and its path up to the version of the API, if it names one.
pub(super) fn root(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), prefix(url.path()))
}

/// The path up to the version of the API, if it names one.
fn prefix(path: &str) -> &str {
    let mut end = 0;
    for segment in path.split('/') {
        end += segment.len() + 1;
        if is_version(segment) {
            return &path[..end - 1];
        }
    }
    ""
}

/// Whether a segment is like `v1.0`.
fn is_version(segment: &str) -> bool {
    let number = segment.strip_prefix('v').unwrap_or_default();
    number.starts_with(|first: char| first.is_ascii_digit())
        && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(url: &str, mime: &str, text: &str) -> String {
        format!(
            r#"{{"request":{{"method":"GET","url":"{url}"}},"response":{{"status":200,"content":{{"mimeType":"{mime}","text":{}}}}}}}"#,
            serde_json::Value::from(text)
        )
    }

    fn guess(entries: &[String]) -> Option<String> {
        let mut guess = Guess::default();
        guess.read(format!(r#"{{"log":{{"entries":[{}]}}}}"#, entries.join(",")).as_bytes()).unwrap();
        guess.best().map(|url| url.to_string())
    }

    #[test]
    fn the_api_is_where_its_answers_come_from() {
        let page = entry("https://www.example/v2/x.html", "text/html", "");
        let count = entry("https://count.example/v1/t", "application/json", "{}");
        let api = entry("https://h:8443/api/atlas/v1.0/groups/1", "application/json", r#"{"links":[{"rel":"self"}]}"#);
        let all = [page.clone(), page.clone(), page.clone(), count.clone(), count.clone(), api];
        assert_eq!(guess(&all).as_deref(), Some("https://h:8443/api/atlas/v1.0"));
        assert_eq!(guess(&all[..5]).as_deref(), Some("https://count.example/v1"));
        assert_eq!(guess(&all[..3]), None);
        let large = entry("https://large.example/v1/t", "application/json", &"\"links\"\"rel\"".repeat(500_000));
        assert_eq!(guess(&[large.clone(), large, all[4].clone()]).as_deref(), Some("https://count.example/v1"));
        assert_eq!(guess(&[entry("http://h/a/b", "application/hal+json", "{}")]).as_deref(), Some("http://h/"));
    }
}
